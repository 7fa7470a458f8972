//! The corpus: documents, laid over one another in the order of their sections, and what they say
//! or what is wrong with them. See `corpus/README.md`.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::sync::Arc;

use cases::Case;
use cel::{Declarations, Fault, Key, Kind, ObjectType, Scope, Type, Value};
use config::{
    Checking, Choice, Faults, Field, Format, Ledger, Node, NodeKind, Place, Shape, Sources,
    TextKind, Words, migrate, read,
};
use diagnostic::{Colour, Diagnostic, Language, print};

#[test]
fn every_case_says_what_is_recorded() {
    cases::check_folder("corpus", 24, answer).unwrap();
}

fn answer(case: &Case) -> Vec<(&'static str, String)> {
    let mut sources = Sources::default();
    let (result, (faults, french)) = match configured(case, &mut sources) {
        Ok(result) => (result, Default::default()),
        Err(faults) => (String::new(), told(faults)),
    };
    vec![("result", result), ("faults", faults), ("french", french)]
}

/// The faults in English and in French.
fn told(faults: Faults) -> (String, String) {
    let all = faults.into_diagnostics();
    (in_language(&all, Language::English), in_language(&all, Language::French))
}

fn in_language(all: &[Diagnostic<Words>], language: Language) -> String {
    all.iter().map(|one| print(one, Colour::Off, language)).collect::<Vec<_>>().join("\n\n")
}

/// The shape of the corpus: one setting of each kind.
fn shape() -> Shape {
    let field = |name: &str, shape| Field::new(name, shape, Words::default());
    let choice = |word: &str| Choice { word: word.to_owned(), words: Words::default() };
    let database = vec![
        field("type", Shape::OneOf(vec![choice("external"), choice("in-cluster")])),
        field("port", Shape::Int { least: Some(1), most: Some(65535) }),
        field("password", Shape::Secret),
    ];
    let service = Shape::record(
        "web",
        vec![
            field("enabled", Shape::Bool),
            field("hostname", Shape::Text(TextKind::Hostname)),
            field("replicas", Shape::Int { least: Some(0), most: None }),
            field("ratio", Shape::Float),
            field("memory", Shape::Text(TextKind::Quantity)),
            field("email", Shape::Text(TextKind::Email)),
            field("timeout", Shape::Text(TextKind::Duration)),
            field("level", Shape::Int { least: None, most: Some(5) }),
            field("networks", Shape::list(Shape::Text(TextKind::Network))),
            field("database", Shape::record("database", database)),
            field("values", Shape::Any),
        ],
    );
    Shape::record(
        "the configuration",
        vec![
            field("domain", Shape::Text(TextKind::Hostname)).required(),
            field("title", Shape::Text(TextKind::Plain)),
            field("labels", Shape::map(Shape::Text(TextKind::Plain))),
            field("web", service),
        ],
    )
}

fn declarations() -> Declarations {
    Declarations::default()
        .with("domain", Type::String)
        .with("count", Type::Int)
        .with("names", Type::list(Type::String))
        .with("all", Type::Object(Arc::new(ObjectType::new("everything", [("x", Type::Int)]))))
}

struct Settings {
    domain: Value,
}

impl Scope for Settings {
    fn variable(&self, name: &str) -> Option<Result<Value, Fault>> {
        Some(Ok(match name {
            "domain" => self.domain.clone(),
            "count" => Value::int(3),
            "names" => Value::list(vec![Value::string("a")]),
            _ => return None,
        }))
    }
}

fn configured(case: &Case, sources: &mut Sources) -> Result<String, Faults> {
    let mut root: Option<Node> = None;
    for (name, text) in
        case.sections().filter(|(name, _)| !["result", "faults", "french"].contains(name))
    {
        let id = sources.add(name, text);
        let document = migrate(read(sources, id, Format::of_path(name))?, sources)?;
        root = Some(match root {
            Some(below) => below.overlay(document),
            None => document,
        });
    }
    let declarations = declarations();
    let nothing = Node::new(NodeKind::Null, Place::new(sources.add("none", ""), 0..0));
    let mut checking = Checking::new(sources, &declarations);
    let root = checking.check(root.unwrap_or(nothing), &shape(), "the configuration");
    if !checking.faults.is_empty() {
        return Err(checking.faults);
    }
    let ledger = RefCell::new(Ledger::default());
    let domain = root.get("domain").and_then(Node::as_str).unwrap_or("");
    let settings = Settings { domain: Value::string(Arc::from(domain)) };
    let value =
        root.evaluate(&settings, &|place| ledger.borrow_mut().origin(place)).map_err(|fault| {
            let mut faults = Faults::default();
            faults.expression(sources, &fault.place, vec![fault.fault]);
            faults
        })?;
    let mut result = String::new();
    show(&value, "", sources, &ledger.borrow(), &mut result);
    Ok(result)
}

/// One line a leaf: its path, its value, the lines that it comes from.
fn show(value: &Value, path: &str, sources: &Sources, ledger: &Ledger, out: &mut String) {
    match &value.kind {
        Kind::Map(entries) => {
            for (key, value) in entries.iter() {
                let Key::String(key) = key else { continue };
                let path = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
                show(value, &path, sources, ledger, out);
            }
        }
        Kind::List(items) if !items.is_empty() => {
            for (at, item) in items.iter().enumerate() {
                show(item, &format!("{path}[{at}]"), sources, ledger, out);
            }
        }
        _ => {
            let places = value.origins.as_slice().iter().filter_map(|one| ledger.place(*one));
            let lines: Vec<String> = places.map(|place| sources.tell(place)).collect();
            let _ = writeln!(out, "{path} = {value}  # {}", lines.join(", "));
        }
    }
}

#[test]
fn a_shape_is_a_json_schema() {
    let made = serde_json::to_string_pretty(&shape().json_schema()).unwrap() + "\n";
    let recorded = std::fs::read_to_string("corpus/schema.json").unwrap_or_default();
    if std::env::var_os("SOCLE_RECORD").is_some() {
        std::fs::write("corpus/schema.json", &made).unwrap();
    } else {
        assert_eq!(made, recorded);
    }
}
