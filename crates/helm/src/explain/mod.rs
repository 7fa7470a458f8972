//! Where a field of an object comes from: template, line, chain of includes, values.
//!
//! A second render with a [`Recorder`] as observer answers; a render without one pays nothing. How
//! origins survive functions is decided in `docs/decisions/0003-provenance.md`. Not here: the words
//! for people (see the command line).

mod align;
mod calls;
mod elsewhere;
mod field;
mod given;
mod lineage;
mod lists;
mod mentions;
mod moment;
mod named;
mod objects;
mod print;
mod record;
mod reread;
mod unread;
mod uses;

use std::rc::Rc;

use gotmpl::program::Span;
use gotmpl::trace::Decision;
use gotmpl::value::{SharedStr, Str};

pub use field::{Explained, NotFound, explain, explain_field, named, scalars, steps};
pub use given::{Layers, Setting};
pub(crate) use moment::Moment;
pub use objects::{Object, objects};
pub use record::{Recorder, Trace};
pub use unread::{Read, Unread, reads, unread};

/// A node of a template.
#[derive(Clone)]
pub struct Place {
    /// The file.
    pub file: Str,
    /// The named template that runs there; the file's own name outside of any.
    pub template: Str,
    /// The file's text.
    text: SharedStr,
    span: Span,
}

impl Place {
    /// The same node from `bytes` after its beginning on.
    pub(crate) fn moved(&self, bytes: usize) -> Self {
        let start = self.span.start.saturating_add(u32::try_from(bytes).unwrap_or(u32::MAX));
        let span = Span { start: start.min(self.span.end), end: self.span.end };
        Self { span, ..self.clone() }
    }

    /// The beginning of a file that is no template.
    pub(crate) fn of_file(name: &str, text: &[u8]) -> Self {
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let name = Str::from(name);
        Self { file: name.clone(), template: name, text: text.into(), span: Span { start: 0, end } }
    }

    /// The node's bytes in the file's text.
    pub(crate) fn in_text(&self) -> (&SharedStr, Span) {
        (&self.text, self.span)
    }

    /// Whether it is the same node.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.text.as_ptr() == other.text.as_ptr() && self.span == other.span
    }

    /// Line and column, both from 1.
    pub fn line_and_column(&self) -> (usize, usize) {
        let before = self.text.get(..self.span.start as usize).unwrap_or(&self.text);
        let line = 1 + memchr::memchr_iter(b'\n', before).count();
        let start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        (line, before.len() - start + 1)
    }

    /// The line of the template as written.
    pub fn line_text(&self) -> String {
        let (line, _) = self.line_and_column();
        let found = self.text.split(|byte| *byte == b'\n').nth(line - 1).unwrap_or_default();
        String::from_utf8_lossy(found).trim().to_owned()
    }
}

/// How surely a piece of output stands for a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// It is the value's own text, perhaps indented or quoted.
    Exact,
    /// It lies within the text of a whole table or list of values.
    Within,
    /// A function made it of the value: the value took part.
    TookPart,
    /// The value was empty, and the template took something else for it (`default`).
    PassedOver,
    /// A template has set the value anew before it was read (`set`).
    Changed,
    /// It is the value's own key, or its place in a list.
    Key,
    /// A function made it of the value's key, or of its place in a list.
    KeyTookPart,
}

impl Certainty {
    /// The same of what a function has made of it, when how is not known.
    pub(crate) fn once_used(self) -> Self {
        match self {
            Self::PassedOver => Self::PassedOver,
            Self::Key | Self::KeyTookPart => Self::KeyTookPart,
            Self::Exact | Self::Within | Self::TookPart | Self::Changed => Self::TookPart,
        }
    }
}

/// An `if`, `with` or `range` that decided that something is printed.
pub struct Condition {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub decision: Decision,
    /// Whether its body runs; otherwise what stands after `else`.
    pub is_taken: bool,
    /// The paths of the values that decide, as in [`Origin::values`]; for a range, the element's.
    pub values: Vec<String>,
}

/// Where a piece of output comes from.
#[derive(Clone)]
pub struct Origin {
    /// The node that printed it.
    pub place: Place,
    /// The nodes that asked for the template it stands in, outermost first.
    pub chain: Vec<Place>,
    /// Whether it is literal text of the template.
    pub is_literal: bool,
    /// The values in it, as paths below `.Values` of the whole chart; what comes from elsewhere
    /// begins with a dot (`.Chart.AppVersion`, `.Subcharts.db.Chart.Name`, `.Release.Name`,
    /// `.Files.Get "a.txt"`) or a parenthesis (`(lookup "v1" "Secret" "web" "login").data`).
    pub values: Vec<(String, Certainty)>,
    /// The node that put the value into a variable, when another one prints it.
    pub taken: Option<Place>,
    /// The conditions that it stands under, outermost first.
    pub because: Vec<Rc<Condition>>,
    /// Whether it is what a function has put between values.
    pub(crate) is_between: bool,
    /// Whether a node has printed it; until then the place is where it was read.
    pub(crate) is_printed: bool,
}

impl Origin {
    /// What was read at that place and is not yet printed.
    pub(crate) fn at(place: Place, values: Vec<(String, Certainty)>) -> Self {
        Self {
            place,
            chain: Vec::new(),
            is_literal: false,
            values,
            taken: None,
            because: Vec::new(),
            is_between: false,
            is_printed: false,
        }
    }
}

/// A piece of output.
#[derive(Clone)]
pub(crate) struct Segment {
    pub start: usize,
    pub end: usize,
    pub origin: Rc<Origin>,
}
