//! Positions in a text. Not the text itself, nor how errors show it.

/// A place in the text. Lines and columns count from zero, columns in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Bytes before this place.
    pub offset: u32,
    /// Line breaks before this place.
    pub line: u32,
    /// Characters before this place on its line.
    pub column: u32,
}

/// A stretch of the text: from `start` up to, and without, `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first place.
    pub start: Mark,
    /// The place after the last.
    pub end: Mark,
}

impl Span {
    /// From `start` up to `end`.
    pub(crate) fn new(start: Mark, end: Mark) -> Self {
        Self { start, end }
    }

    /// Nothing, at that place.
    pub(crate) fn empty(at: Mark) -> Self {
        Self { start: at, end: at }
    }
}
