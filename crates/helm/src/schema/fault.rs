//! What a value does wrong, as a tree, and how that is printed.
//!
//! Not here: finding it. The texts are those of the library that Helm uses
//! (`santhosh-tekuri/jsonschema`, version 6, in English).

use std::fmt;

/// One thing wrong, or several together.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    /// Where in the value, as a JSON pointer.
    pub(super) at: String,
    pub(super) kind: Kind,
    pub(super) causes: Vec<Fault>,
}

/// What kind of fault.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Said in words.
    Text(String),
    /// Several faults of one schema, without words of its own.
    Group,
    /// A fault behind a reference; passed over in print when it has one cause.
    Reference,
}

impl Fault {
    /// Prints the faults below `self` (or itself) as indented lines.
    fn write(&self, f: &mut fmt::Formatter<'_>, indent: usize) -> fmt::Result {
        let is_passed_over = matches!(self.kind, Kind::Reference) && self.causes.len() == 1;
        let mut below = indent;
        if !is_passed_over {
            let text = match &self.kind {
                Kind::Text(text) => text,
                Kind::Group | Kind::Reference => "validation failed",
            };
            write!(f, "\n{:1$}- at {2}: {text}", "", 2 * (indent - 1), quote(&self.at))?;
            below += 1;
        }
        self.causes.iter().try_for_each(|cause| cause.write(f, below))
    }
}

/// All that is wrong with a value: a line each, every line but the first after a line end.
pub(super) struct Faults(pub(super) Fault);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.kind {
            Kind::Group => self.0.causes.iter().try_for_each(|cause| cause.write(f, 1)),
            _ => self.0.write(f, 1),
        }
    }
}

/// A text in single quotes.
pub(super) fn quote(text: &str) -> String {
    let quoted = strconv::quote(text.as_bytes());
    let inner = &quoted[1..quoted.len() - 1];
    format!("'{}'", inner.replace("\\\"", "\"").replace('\'', "\\'"))
}

/// Several texts in single quotes.
pub(super) fn quote_all<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    texts.into_iter().map(quote).collect::<Vec<_>>().join(", ")
}

/// One step of a JSON pointer.
pub(super) fn pointer_step(token: &str) -> String {
    format!("/{}", token.replace('~', "~0").replace('/', "~1"))
}
