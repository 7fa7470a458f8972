//! The corpus: expressions, and what Google's own implementation makes of each. See
//! `corpus/README.md`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use cel::{Declarations, Fault, FaultKind, Key, Object, ObjectType, Scope, Type, Value};

/// The corpus may only grow: a smaller number means that lines were lost.
const LEAST_LINES: usize = 580;

#[derive(Debug)]
struct Host;

impl Object for Host {
    fn type_name(&self) -> &'static str {
        "Host"
    }

    fn field(&self, name: &str) -> Option<Result<Value, Fault>> {
        Some(Ok(match name {
            "name" => Value::string("db"),
            "port" => Value::int(5432),
            "tags" => Value::list(vec![Value::string("x")]),
            _ => return None,
        }))
    }
}

struct Variables;

impl Scope for Variables {
    fn variable(&self, name: &str) -> Option<Result<Value, Fault>> {
        let texts =
            |all: &[&str]| Value::list(all.iter().copied().map(Value::string).collect::<Vec<_>>());
        Some(Ok(match name {
            "name" => Value::string("web"),
            "count" => Value::int(3),
            "ratio" => Value::double(0.5),
            "flag" => Value::bool(true),
            "names" => texts(&["b", "a", "c"]),
            "labels" => map([("app", Value::string("web")), ("tier", Value::string("front"))]),
            "anything" => {
                let list =
                    vec![Value::int(1), Value::double(2.5), Value::string("x"), Value::null()];
                map([
                    ("list", Value::list(list)),
                    ("text", Value::string("t")),
                    ("map", map([("a", Value::int(1))])),
                ])
            }
            "host" => Value::object(Arc::new(Host)),
            _ => return None,
        }))
    }
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::map(BTreeMap::from(entries.map(|(key, value)| (Key::from(key), value))))
}

fn declarations() -> Declarations {
    let host = ObjectType::new(
        "Host",
        [("name", Type::String), ("port", Type::Int), ("tags", Type::list(Type::String))],
    );
    Declarations::default()
        .with("name", Type::String)
        .with("count", Type::Int)
        .with("ratio", Type::Double)
        .with("flag", Type::Bool)
        .with("names", Type::list(Type::String))
        .with("labels", Type::map_of(Type::String))
        .with("anything", Type::Dyn)
        .with("host", Type::Object(Arc::new(host)))
}

/// What we make of an expression, as a line of the corpus.
fn answer(expression: &str) -> String {
    let refused = |faults: Vec<Fault>| {
        let stage = match faults[0].kind {
            FaultKind::Syntax => "syntax",
            FaultKind::Type => "type",
            FaultKind::Value => "value",
        };
        let words = faults.iter().map(words).collect::<Vec<_>>().join("; ");
        format!("{expression}\t{stage} fault\t{words}")
    };
    let parsed = match cel::parse(expression) {
        Ok(parsed) => parsed,
        Err(fault) => return refused(vec![fault]),
    };
    let of_type = match cel::check(&parsed, &declarations()) {
        Ok(of_type) => of_type,
        Err(faults) => return refused(faults),
    };
    match cel::evaluate(&parsed, &Variables) {
        Ok(value) => format!("{expression}\t{of_type}\t{value}"),
        Err(fault) => refused(vec![fault]),
    }
}

fn words(fault: &Fault) -> String {
    let mut words = format!("{}–{} {fault}", fault.span.start, fault.span.end);
    if let Some(hint) = &fault.hint {
        let _ = write!(words, " | {}", hint.en);
    }
    words
}

fn files() -> io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> =
        fs::read_dir("corpus")?.map(|file| Ok(file?.path())).collect::<io::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "tsv"));
    files.sort();
    Ok(files)
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test's own switch")]
fn every_expression_gives_what_is_recorded() {
    let records = std::env::var("SOCLE_RECORD").is_ok();
    let (mut count, mut wrong) = (0, String::new());
    for file in files().unwrap() {
        let text = fs::read_to_string(&file).unwrap();
        let mut made = String::new();
        for line in text.lines() {
            count += 1;
            let is_fault = |line: &str| line.split('\t').nth(1).unwrap_or("").ends_with(" fault");
            let ours = answer(line.split('\t').next().unwrap());
            let same_stage = line.split('\t').nth(1) == ours.split('\t').nth(1);
            let is_own = file.ends_with("own.tsv");
            let may_write = records && (is_own || is_fault(line) && same_stage);
            if ours != line && !may_write {
                let _ =
                    writeln!(wrong, "{}:\n  recorded {line}\n  ours     {ours}", file.display());
            }
            made.push_str(if may_write { &ours } else { line });
            made.push('\n');
        }
        if records && made != text {
            fs::write(&file, made).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count >= LEAST_LINES, "only {count} lines");
}
