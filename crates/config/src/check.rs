//! A document against a shape: all faults at once, and scalars as the shape wants them.

use cel::{Declarations, Interpolation, Type};
use diagnostic::{Words, near, words};

use crate::fault::Faults;
use crate::hidden;
use crate::shape::{Record, Shape};
use crate::source::{Place, Sources};
use crate::text_kind::TextKind;
use crate::tree::{Entry, Node, NodeKind};

/// What is needed to check a document.
pub struct Checking<'s> {
    /// The texts.
    pub sources: &'s Sources,
    /// What expressions in the document may read.
    pub declarations: &'s Declarations,
    /// What was found wrong so far.
    pub faults: Faults,
}

/// Texts that stand for one that somebody has yet to think of.
const PLACEHOLDERS: &[&str] = &["changeme", "change-me", "change_me", "changemeplease", "todo"];

impl<'s> Checking<'s> {
    /// A check with nothing found yet.
    pub fn new(sources: &'s Sources, declarations: &'s Declarations) -> Self {
        Self { sources, declarations, faults: Faults::default() }
    }

    /// The node with every scalar as the shape wants it. `name` is what the node is called.
    pub fn check(&mut self, node: Node, shape: &Shape, name: &str) -> Node {
        if matches!(shape, Shape::Raw) {
            return node;
        }
        if let Some(found) = self.expression(&node, shape, name) {
            return found;
        }
        let place = node.place.clone();
        let kind = match (shape, node.kind) {
            // As if it were not there.
            (_, NodeKind::Null) => NodeKind::Null,
            (Shape::Any, kind) => self.anything(kind, name),
            (Shape::Record(record), NodeKind::Map(entries)) => self.record(entries, record, &place),
            (Shape::Map(of), NodeKind::Map(entries)) => self.map(entries, of),
            (Shape::List(of), NodeKind::List(items)) => {
                let check = |item| self.check(item, of, name);
                NodeKind::List(items.into_iter().map(check).collect())
            }
            // INI has no lists: commas stand between the items.
            (Shape::List(of), NodeKind::Untyped(text)) => self.list_of(&text, of, &place, name),
            (Shape::Secret, kind) => self.secret(kind, &place, name),
            (_, kind @ (NodeKind::Map(_) | NodeKind::List(_))) => {
                self.unfit(shape, &kind, &place, name)
            }
            (Shape::List(of), kind) => {
                let written = self.sources.excerpt(&place);
                let remedy = words!(
                    "write `{name}: [{written}]`: {what}",
                    "écrire `{name}: [{written}]` : {what}",
                    what = of.what(),
                );
                self.wrong(shape, &kind, &place, name, [remedy])
            }
            (_, kind) => self.scalar(kind, shape, &place, name),
        };
        Node::new(kind, place)
    }

    /// A text with expressions, its type checked.
    fn expression(&mut self, node: &Node, shape: &Shape, name: &str) -> Option<Node> {
        let (NodeKind::Text(text) | NodeKind::Untyped(text)) = &node.kind else { return None };
        if !text.contains("${") {
            return None;
        }
        let place = &node.place;
        let nothing = Some(Node::new(NodeKind::Null, place.clone()));
        let parsed = match Interpolation::parse(text) {
            Ok(parsed) => parsed,
            Err(fault) => {
                self.faults.expression(self.sources, place, vec![fault]);
                return nothing;
            }
        };
        let found = match parsed.check(self.declarations) {
            Ok(found) => found,
            Err(faults) => {
                self.faults.expression(self.sources, place, faults);
                return nothing;
            }
        };
        if let (Shape::Any, Type::Object(_) | Type::Optional(_)) = (shape, &found) {
            self.no_setting(&found, place, name);
            return nothing;
        }
        let wanted = shape.cel_type();
        let widens = matches!((&wanted, &found), (Type::Double, Type::Int));
        if !wanted.accepts(&found) && !widens {
            let title = words!(
                "`{name}` is {what}, and this expression gives {found}",
                "`{name}` est {what}, et cette expression donne {found}",
                what = shape.what(),
            );
            self.faults.error(self.sources, "config.type", title, place, "", None);
            return nothing;
        }
        Some(Node::new(NodeKind::Expression(parsed), place.clone()))
    }

    /// Tells that an expression gives what no document can hold.
    fn no_setting(&mut self, found: &Type, place: &Place, name: &str) {
        let title = words!("`{name}` cannot be {found}", "`{name}` ne peut pas être {found}");
        let remedy = match found {
            Type::Object(of) => {
                let fields = || words!("name one of its fields", "nommer un de ses champs");
                of.hint.clone().unwrap_or_else(fields)
            }
            _ => words!(
                "`.orValue(…)` says what stands for none",
                "`.orValue(…)` dit ce qui vaut s'il n'y en a pas"
            ),
        };
        self.faults.error(self.sources, "config.type", title, place, "", [remedy]);
    }

    fn anything(&mut self, kind: NodeKind, name: &str) -> NodeKind {
        match kind {
            NodeKind::List(items) => {
                let check = |item| self.check(item, &Shape::Any, name);
                NodeKind::List(items.into_iter().map(check).collect())
            }
            NodeKind::Map(entries) => self.map(entries, &Shape::Any),
            NodeKind::Untyped(text) => NodeKind::Text(text),
            kind => kind,
        }
    }

    fn map(&mut self, entries: Vec<Entry>, of: &Shape) -> NodeKind {
        let check = |entry: Entry| {
            let node = self.check(entry.node, of, &entry.key);
            Entry { node, ..entry }
        };
        let is_there = |entry: &Entry| matches!(of, Shape::Any) || !entry.node.is_null();
        NodeKind::Map(entries.into_iter().filter(is_there).map(check).collect())
    }

    fn record(&mut self, entries: Vec<Entry>, record: &Record, place: &Place) -> NodeKind {
        let mut checked = Vec::with_capacity(entries.len());
        // What is there in another form than it should be has been told of; it is not missing, too.
        let mut told: Vec<String> = Vec::new();
        for entry in entries {
            if !entry.node.is_null() {
                told.push(entry.key.clone());
            }
            match record.field(&entry.key) {
                Some(_) if entry.node.is_null() => {}
                Some(field) => {
                    let node = self.check(entry.node, &field.shape, &entry.key);
                    checked.push(Entry { node, ..entry });
                }
                None => told.extend(self.unknown(&entry, record)),
            }
        }
        for field in record.fields.iter().filter(|field| field.required) {
            if !told.contains(&field.name) {
                let missing = &field.name;
                let title = words!(
                    "{of} lacks `{missing}`",
                    "il manque `{missing}` à {of}",
                    of = record.name
                );
                let remedy = words!(
                    "add `{missing}`: {what}",
                    "ajouter `{missing}` : {what}",
                    what = field.shape.what(),
                );
                let start = Place::new(place.source, place.span.start..place.span.start);
                self.faults.error(self.sources, "config.missing", title, &start, "", [remedy]);
            }
        }
        NodeKind::Map(checked)
    }

    /// Tells of a name that is not known; gives the one that was meant.
    fn unknown(&mut self, entry: &Entry, record: &Record) -> Option<String> {
        let names = record.fields.iter().map(|field| field.name.as_str());
        let meant = near::nearest(&entry.key, names.clone());
        let remedy = match meant {
            Some(meant) => meant_name(meant),
            None => {
                let mut known: Vec<String> = names.map(|name| format!("`{name}`")).collect();
                known.sort();
                let known = known.join(", ");
                if known.is_empty() {
                    words!("it has none", "il n'y en a aucun")
                } else {
                    words!("known are {known}", "on connaît {known}")
                }
            }
        };
        let unknown = &entry.key;
        let title = words!(
            "{of} has no setting `{unknown}`",
            "il n'y a pas de réglage `{unknown}` dans {of}",
            of = record.name,
        );
        let place = &entry.key_place;
        self.faults.error(self.sources, "config.unknown-key", title, place, "", [remedy]);
        meant.map(str::to_owned)
    }

    /// The items between commas.
    fn list_of(&mut self, text: &str, of: &Shape, place: &Place, name: &str) -> NodeKind {
        let mut items = Vec::new();
        let mut at = place.span.start;
        for part in text.split(',') {
            let start = at + (part.len() - part.trim_start().len());
            at += part.len() + 1;
            let part = part.trim();
            if part.is_empty() {
                continue;
            }
            let place = Place::new(place.source, start..start + part.len());
            let node = Node::new(NodeKind::Untyped(part.to_owned()), place);
            items.push(self.check(node, of, name));
        }
        NodeKind::List(items)
    }

    /// A reference to a secret value; the value itself is refused, and not repeated.
    fn secret(&mut self, kind: NodeKind, place: &Place, name: &str) -> NodeKind {
        let field = |name: &str, words| {
            crate::shape::Field::new(name, Shape::Text(TextKind::Plain), words).required()
        };
        if let NodeKind::Map(entries) = kind {
            let fields = vec![
                field("secret", crate::Words::default()),
                field("key", crate::Words::default()),
            ];
            return self.record(entries, &Record::new(format!("`{name}`"), fields), place);
        }
        let title = words!(
            "`{name}` is a secret, and its value does not belong into a file",
            "`{name}` est un secret, et sa valeur n'a rien à faire dans un fichier"
        );
        let place = self.sources.tell(place);
        let remedies = vec![
            words!(
                "write `{name}: {{secret: NAME, key: KEY}}`, the place of the value in the cluster",
                "écrire `{name}: {{secret: NAME, key: KEY}}`, l'endroit de la valeur dans la grappe"
            ),
            words!(
                "create it there: `kubectl create secret generic NAME --from-file=KEY=FILE`",
                "l'y créer : `kubectl create secret generic NAME --from-file=KEY=FILE`"
            ),
        ];
        self.faults.push(diagnostic::Diagnostic {
            severity: diagnostic::Severity::Error,
            code: "config.literal-secret",
            title,
            // The excerpt would show the value.
            views: Vec::new(),
            notes: vec![words!("at {place}", "à {place}")],
            remedies,
        });
        NodeKind::Null
    }

    fn scalar(&mut self, kind: NodeKind, shape: &Shape, place: &Place, name: &str) -> NodeKind {
        match (shape, kind) {
            (Shape::Bool, kind @ NodeKind::Bool(_)) | (Shape::Float, kind @ NodeKind::Float(_)) => {
                kind
            }
            (Shape::Bool, NodeKind::Untyped(text)) => match yaml::resolve(&text) {
                yaml::Meaning::Bool(value) => NodeKind::Bool(value),
                _ => self.wrong(shape, &NodeKind::Text(text), place, name, None),
            },
            (Shape::Bool, NodeKind::Text(text)) => {
                let meant = match yaml::resolve(&text) {
                    yaml::Meaning::Bool(meant) => Some(meant),
                    _ => None,
                };
                let remedy = meant.map(|meant| without_quotes(name, &meant.to_string()));
                self.wrong(shape, &NodeKind::Text(text), place, name, remedy)
            }
            (Shape::Int { .. }, NodeKind::Int(value)) => self.bounded(value, shape, place, name),
            (Shape::Int { .. }, NodeKind::Untyped(text)) => match text.parse() {
                Ok(value) => self.bounded(value, shape, place, name),
                Err(_) => self.wrong(shape, &NodeKind::Text(text), place, name, None),
            },
            (Shape::Int { .. }, NodeKind::Text(text)) => {
                let is_number = text.parse::<i64>().is_ok();
                let remedy = is_number.then(|| without_quotes(name, &text));
                self.wrong(shape, &NodeKind::Text(text), place, name, remedy)
            }
            (Shape::Float, NodeKind::Int(value)) => NodeKind::Float(value as f64),
            (Shape::Float, NodeKind::Untyped(text)) => match text.parse() {
                Ok(value) => NodeKind::Float(value),
                Err(_) => self.wrong(shape, &NodeKind::Text(text), place, name, None),
            },
            (Shape::Text(_) | Shape::OneOf(_), NodeKind::Text(text) | NodeKind::Untyped(text)) => {
                self.text(text, shape, place, name)
            }
            // `cpu: 2` is an amount, whatever YAML calls it.
            (Shape::Text(TextKind::Quantity), NodeKind::Int(value)) => {
                NodeKind::Text(value.to_string())
            }
            (Shape::Text(TextKind::Quantity), NodeKind::Float(_)) => {
                let text = self.sources.excerpt(place);
                self.text(text, shape, place, name)
            }
            (
                Shape::Text(_) | Shape::OneOf(_),
                kind @ (NodeKind::Bool(_) | NodeKind::Int(_) | NodeKind::Float(_)),
            ) => {
                let is_secret = hidden::is_secret_name(name);
                let written =
                    if is_secret { "…".to_owned() } else { self.sources.excerpt(place) };
                let remedy = words!(
                    "write it between quotes: `{name}: \"{written}\"`",
                    "l'écrire entre guillemets : `{name}: \"{written}\"`"
                );
                self.wrong(shape, &kind, place, name, [remedy])
            }
            (_, kind) => self.unfit(shape, &kind, place, name),
        }
    }

    fn bounded(&mut self, value: i64, shape: &Shape, place: &Place, name: &str) -> NodeKind {
        let Shape::Int { least, most } = shape else { return NodeKind::Int(value) };
        let is_inside =
            least.is_none_or(|least| value >= least) && most.is_none_or(|most| value <= most);
        if !is_inside {
            let title = words!(
                "`{name}` is {what}, and this is {value}",
                "`{name}` est {what}, et voici {value}",
                what = shape.what(),
            );
            self.faults.error(self.sources, "config.range", title, place, "", None);
        }
        NodeKind::Int(value)
    }

    fn text(&mut self, text: String, shape: &Shape, place: &Place, name: &str) -> NodeKind {
        if PLACEHOLDERS.contains(&text.trim().to_ascii_lowercase().as_str()) {
            let title = words!("`{name}` still says `{text}`", "`{name}` dit encore `{text}`");
            let remedy = words!(
                "write what it shall be, or leave `{name}` out for its default",
                "écrire ce que ce sera, ou omettre `{name}` pour la valeur par défaut"
            );
            self.faults.error(self.sources, "config.placeholder", title, place, "", [remedy]);
            return NodeKind::Text(text);
        }
        match shape {
            Shape::Text(kind) if !kind.accepts(&text) => {
                let title = words!(
                    "`{name}` is {what}, and this is none",
                    "`{name}` est {what}, et ceci n'en est pas",
                    what = kind.what(),
                );
                let lower = text.to_lowercase();
                let small = || words!("in small letters: `{lower}`", "en minuscules : `{lower}`");
                let remedy = kind.accepts(&lower).then(small);
                self.faults.error(self.sources, "config.text", title, place, "", remedy);
            }
            Shape::OneOf(choices) if choices.iter().all(|choice| choice.word != text) => {
                let title = words!(
                    "`{name}` is {what}, and this is `{text}`",
                    "`{name}` est {what}, et voici `{text}`",
                    what = shape.what(),
                );
                let known = choices.iter().map(|choice| choice.word.as_str());
                let remedy = near::nearest(&text, known).map(meant_name);
                self.faults.error(self.sources, "config.choice", title, place, "", remedy);
            }
            _ => {}
        }
        // `$${` stands for `${` in every text.
        NodeKind::Text(text)
    }

    fn unfit(&mut self, shape: &Shape, kind: &NodeKind, place: &Place, name: &str) -> NodeKind {
        self.wrong(shape, kind, place, name, None)
    }

    fn wrong(
        &mut self,
        shape: &Shape,
        kind: &NodeKind,
        place: &Place,
        name: &str,
        remedies: impl IntoIterator<Item = Words>,
    ) -> NodeKind {
        let found = Node::new(kind.clone(), place.clone()).type_name();
        let title = words!(
            "`{name}` is {what}, and this is {found}",
            "`{name}` est {what}, et ceci est {found}",
            what = shape.what(),
            found = found,
        );
        self.faults.error(self.sources, "config.type", title, place, "", remedies);
        NodeKind::Null
    }
}

/// The name that was meant, most likely.
fn meant_name(meant: &str) -> Words {
    words!("did you mean `{meant}`?", "vouliez-vous dire `{meant}` ?")
}

fn without_quotes(name: &str, value: &str) -> Words {
    words!(
        "write it without quotes: `{name}: {value}`",
        "l'écrire sans guillemets : `{name}: {value}`"
    )
}
