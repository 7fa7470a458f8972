//! What a rule has found.

use compose::{Answers, Part, Purpose};
use diagnostic::{Diagnostic, Severity, Words, words};
use object::{Id, Object};

use crate::Input;

/// What a rule has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The part of the desired state that it is about.
    pub part: Option<String>,
    /// The object that it is about.
    pub object: Option<Id>,
    /// The field of that object.
    pub field: Option<String>,
    /// What is found, as it is told: its code is the rule.
    pub diagnostic: Diagnostic<Words>,
}

impl Finding {
    /// A finding about a field of an object, with the lines that the field comes from.
    pub(crate) fn about(
        input: &Input<'_>,
        (part, object): (&Part, &Object),
        field: &str,
        (severity, code): (Severity, &'static str),
        title: Words,
        remedy: Words,
    ) -> Self {
        let diagnostic = Diagnostic {
            severity,
            code,
            title,
            notes: origins(input, part, object, field),
            remedies: vec![remedy],
            ..Diagnostic::default()
        };
        Self {
            part: Some(part.name.clone()),
            object: Some(object.id()),
            field: Some(field.to_owned()),
            diagnostic,
        }
    }
}

/// Which lines a field comes from.
fn origins(input: &Input<'_>, part: &Part, object: &Object, field: &str) -> Vec<Words> {
    let mut notes = vec![Words::from(format!("{}: {field}", object.id()))];
    match &part.purpose {
        Purpose::Namespace => {}
        Purpose::Extra => notes.push(words!("one of `extra`", "un des `extra`")),
        Purpose::Binding { service, requirement, provisioner } => {
            notes.push(words!(
                "made by `{provisioner}` for `{requirement}` of `{service}`",
                "fait par `{provisioner}` pour `{requirement}` de `{service}`"
            ));
        }
        Purpose::Service(_) => {
            let answers = Answers::new(input.platform, input.releases, input.ledger);
            let Ok(reason) = answers.why(part, object, field) else {
                let source = &object.source;
                notes.push(words!("printed by {source}", "écrit par {source}"));
                return notes;
            };
            for origin in &reason.printed {
                let (line, _) = origin.place.line_and_column();
                notes.push(Words::from(format!("{}:{line}", origin.place.file.to_text())));
            }
            for place in reason.sources.iter().flat_map(|source| &source.places) {
                notes.push(Words::from(input.sources.tell(place)));
            }
            notes.dedup();
        }
    }
    notes
}

/// What there is, or that there is nothing.
pub(crate) fn listed<T: AsRef<str>>(known: &[T]) -> Words {
    let known: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
    if known.is_empty() { words!("none", "rien") } else { Words::from(known.join(", ")) }
}
