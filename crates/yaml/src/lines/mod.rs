//! The plain common shape of YAML, read line by line: blocks of mappings and lists, texts with and
//! without quotes, block scalars, small flow collections on one line.
//!
//! What Kubernetes objects and values look like needs no tokens and no looking back: the kind of
//! each line is seen at its beginning. Whatever is not known with certainty (anchors, tags, tabs,
//! quoted texts over several lines, odd indentation, every fault) makes [`recognise`] give up, and the
//! scanner and parser, which know all of YAML and the words for its faults, read the text anew.
//! Keys that are no texts and numbers that JSON cannot have are given up on, too, since only
//! `decode` knows their rules. So nothing here needs to be complete, but what is recognised must be exactly what the parser
//! would have said; the tests compare the two on the corpus and on mutations of it.

mod block;
mod flow;
mod scalar;

use std::borrow::Cow;

use memchr::{memchr, memmem};

use scalar::Found;

/// A step of a document without anchors and tags.
#[derive(Debug, PartialEq)]
pub(crate) enum Step<'a> {
    /// `plain` says that the text decides what it means.
    Scalar {
        value: Cow<'a, str>,
        plain: bool,
    },
    SequenceStart,
    SequenceEnd,
    MappingStart,
    MappingEnd,
}

/// What stands where nothing is written.
const NOTHING: Step<'_> = Step::Scalar { value: Cow::Borrowed(""), plain: true };

/// The deepest nesting that is followed, since collections are read by recursion.
const MAX_DEPTH: usize = 100;

/// The longest key in bytes: far below what the grammar allows in characters, 1024.
const MOST_KEY_BYTES: usize = 500;

/// The column that stands for the end of the text.
const END: i32 = -1;

/// The steps of the one document of a text; none where the text is not certainly of the plain
/// shape.
pub(crate) fn recognise(text: &str) -> Option<Vec<Step<'_>>> {
    // Line breaks other than LF, and byte order marks, have rules of their own.
    let bytes = text.as_bytes();
    if memchr(b'\r', bytes).is_some() || !text.is_ascii() && has_odd_characters(bytes) {
        return None;
    }
    let steps = Vec::with_capacity(bytes.len() / 16 + 4);
    let at = if bytes.starts_with(b"---\n") { 4 } else { 0 };
    let mut lines = Lines { text, bytes, at, column: END, depth: 0, steps };
    lines.next_line()?;
    if lines.column == END {
        return None;
    }
    lines.node(END, Some(lines.column))?;
    (lines.column == END).then_some(lines.steps)
}

/// NEL, LS, PS and byte order marks.
fn has_odd_characters(bytes: &[u8]) -> bool {
    [&b"\xc2\x85"[..], b"\xe2\x80\xa8", b"\xe2\x80\xa9", b"\xef\xbb\xbf"]
        .iter()
        .any(|odd| memmem::find(bytes, odd).is_some())
}

/// A place in the text. Methods that give nothing are not certain; nothing is asked after that.
struct Lines<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// The column of the line's content, once [`Lines::next_line`] found it.
    column: i32,
    depth: usize,
    steps: Vec<Step<'a>>,
}

impl Lines<'_> {
    /// The byte so far ahead; a line break at the end of the text.
    #[inline]
    fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(b'\n')
    }

    /// Whether a blank or a line's end is so far ahead.
    #[inline]
    fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), b' ' | b'\t' | b'\n')
    }

    #[inline]
    fn at_dash(&self) -> bool {
        self.byte(0) == b'-' && self.is_blank(1)
    }

    fn skip_spaces(&mut self) -> usize {
        let rest = &self.bytes[self.at..];
        let spaces = rest.iter().position(|byte| *byte != b' ').unwrap_or(rest.len());
        self.at += spaces;
        spaces
    }

    /// Goes from the end of a line's content to the next line that has any: past the rest of this
    /// one, which must be a comment, and past empty lines and comments.
    fn next_line(&mut self) -> Option<()> {
        loop {
            let start = self.at;
            let spaces = self.skip_spaces();
            match self.bytes.get(self.at) {
                None => {
                    self.column = END;
                    return Some(());
                }
                Some(b'\n') => self.at += 1,
                Some(b'#') => self.skip_comment(),
                Some(b'\t') => return None,
                Some(_) => {
                    let rest = &self.bytes[self.at..];
                    let begun = start > 0 && self.bytes[start - 1] != b'\n';
                    let mark =
                        spaces == 0 && (rest.starts_with(b"---") || rest.starts_with(b"..."));
                    self.column = i32::try_from(spaces).ok()?;
                    return (!begun && !mark).then_some(());
                }
            }
        }
    }

    fn skip_comment(&mut self) {
        self.at = memchr(b'\n', &self.bytes[self.at..])
            .map_or(self.bytes.len(), |length| self.at + length + 1);
    }

    /// Passes what may follow a value on its line: spaces, and a comment after a space.
    fn end_of_line(&mut self) -> Option<()> {
        let spaces = self.skip_spaces();
        match self.byte(0) {
            b'\n' => self.next_line(),
            b'#' if spaces > 0 => self.next_line(),
            _ => None,
        }
    }

    fn enter(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth <= MAX_DEPTH).then_some(())
    }

    /// The items at a column.
    fn sequence(&mut self, column: i32) -> Option<()> {
        self.enter()?;
        self.steps.push(Step::SequenceStart);
        loop {
            self.at += 1;
            let spaces = i32::try_from(self.skip_spaces()).ok()?;
            match self.byte(0) {
                b'\n' | b'#' => self.node_below(column)?,
                _ => self.node(column, Some(column + 1 + spaces))?,
            }
            if self.column != column || !self.at_dash() {
                break;
            }
        }
        self.steps.push(Step::SequenceEnd);
        self.depth -= 1;
        // A deeper line belongs to nothing that is open.
        (self.column <= column).then_some(())
    }

    /// The entries at a column. The first key is the last step.
    fn mapping(&mut self, column: i32) -> Option<()> {
        self.enter()?;
        let first = self.steps.len() - 1;
        self.steps.push(Step::MappingStart);
        self.steps.swap(first, first + 1);
        self.value(column)?;
        while self.column == column {
            self.key()?;
            self.value(column)?;
        }
        self.steps.push(Step::MappingEnd);
        self.depth -= 1;
        (self.column < column).then_some(())
    }

    fn key(&mut self) -> Option<()> {
        (self.scalar()? == Found::Key).then_some(())
    }

    /// What follows the `:` of a key at that column.
    fn value(&mut self, column: i32) -> Option<()> {
        self.skip_spaces();
        match self.byte(0) {
            b'\n' | b'#' => {
                self.next_line_after_indicator()?;
                if self.column == column && self.at_dash() {
                    // Lists need not stand deeper than the key they belong to.
                    return self.sequence(column);
                }
                self.node_if_deeper(column)
            }
            _ => self.node(column, None),
        }
    }

    /// After `:` or `-`, which blanks or a line's end follow, a comment needs no more of them.
    fn next_line_after_indicator(&mut self) -> Option<()> {
        if self.byte(0) == b'#' {
            self.skip_comment();
        }
        self.next_line()
    }

    /// The node on the lines below, if they are deeper than `outer`; nothing otherwise.
    fn node_below(&mut self, outer: i32) -> Option<()> {
        self.next_line_after_indicator()?;
        self.node_if_deeper(outer)
    }

    fn node_if_deeper(&mut self, outer: i32) -> Option<()> {
        if self.column > outer {
            return self.node(outer, Some(self.column));
        }
        self.steps.push(NOTHING);
        Some(())
    }

    /// A node that begins here, in a collection at the column `outer`. At `column`, a collection of
    /// its own may begin; on the line of a key, which has none, only a value.
    fn node(&mut self, outer: i32, column: Option<i32>) -> Option<()> {
        match self.byte(0) {
            b'-' if self.is_blank(1) => return self.sequence(column?),
            style @ (b'|' | b'>') => self.block_scalar(style == b'|', outer)?,
            b'[' | b'{' => {
                self.flow_collection()?;
                self.end_of_line()?;
            }
            first => {
                if self.scalar()? == Found::Key {
                    return self.mapping(column?);
                }
                let end = self.at;
                self.end_of_line()?;
                if self.column > outer && !matches!(first, b'"' | b'\'') {
                    self.further_lines(end, outer)?;
                }
            }
        }
        // A deeper line would be a fault, or something odd.
        (self.column <= outer).then_some(())
    }
}

#[cfg(test)]
mod tests;
