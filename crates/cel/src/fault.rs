//! What can be wrong with an expression, told with its place.

use std::fmt;
use std::ops::Range;

use diagnostic::Words;

/// When a fault shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The text is no expression.
    Syntax,
    /// The expression cannot have a meaning, whatever the values are.
    Type,
    /// This evaluation has no result.
    Value,
}

/// A fault in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// When it shows.
    pub kind: FaultKind,
    /// Where: bytes of the expression's text.
    pub span: Range<usize>,
    /// What is wrong, in a clause without a full stop.
    pub message: Words,
    /// What to do about it, where something better than the message can be said.
    pub hint: Option<Words>,
}

impl Fault {
    /// A fault without a hint.
    pub fn new(kind: FaultKind, span: Range<usize>, message: impl Into<Words>) -> Self {
        Self { kind, span, message: message.into(), hint: None }
    }

    pub(crate) fn syntax(span: Range<usize>, message: impl Into<Words>) -> Self {
        Self::new(FaultKind::Syntax, span, message)
    }

    pub(crate) fn of_type(span: Range<usize>, message: impl Into<Words>) -> Self {
        Self::new(FaultKind::Type, span, message)
    }

    pub(crate) fn of_value(span: Range<usize>, message: impl Into<Words>) -> Self {
        Self::new(FaultKind::Value, span, message)
    }

    /// The fault with a hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<Words>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The fault as it stands in a text that begins `by` bytes earlier.
    #[must_use]
    pub fn shifted(mut self, by: usize) -> Self {
        self.span = self.span.start + by..self.span.end + by;
        self
    }
}

/// In English, for programmers; people are told by the message.
impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message.en)
    }
}

impl std::error::Error for Fault {}
