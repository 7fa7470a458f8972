//! A place in the text that moves forward, and what stands there. No tokens.

use crate::mark::Mark;

/// The place. Bytes past the end read as NUL, which no checked text holds.
#[derive(Clone)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    bytes: &'a [u8],
    position: usize,
    /// Bytes passed that began no character: `position - passed` counts characters.
    passed: usize,
    line: u32,
    /// The count of characters where the line began.
    line_start: usize,
    /// The whole text is ASCII, so no characters need to be counted.
    ascii: bool,
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            position: 0,
            passed: 0,
            line: 0,
            line_start: 0,
            ascii: text.is_ascii(),
        }
    }

    pub fn position(&self) -> usize {
        self.position
    }

    /// Characters before this place.
    pub fn index(&self) -> usize {
        self.position - self.passed
    }

    pub fn line(&self) -> u32 {
        self.line
    }

    pub fn column(&self) -> u32 {
        (self.index() - self.line_start) as u32
    }

    pub fn mark(&self) -> Mark {
        Mark { offset: self.position as u32, line: self.line, column: self.column() }
    }

    #[inline]
    pub fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.position + ahead).copied().unwrap_or(0)
    }

    pub fn at_end(&self) -> bool {
        self.position >= self.bytes.len()
    }

    /// The text from `start` up to here.
    pub fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.position).unwrap_or_default()
    }

    /// The text between two places.
    pub fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Passes `count` bytes of ASCII.
    #[inline]
    pub fn advance(&mut self, count: usize) {
        self.position = (self.position + count).min(self.bytes.len());
    }

    /// Passes everything up to `end`, on one line.
    #[inline]
    pub fn advance_to(&mut self, end: usize) {
        if !self.ascii {
            let passed = self.bytes.get(self.position..end).unwrap_or_default();
            self.passed += passed.iter().filter(|byte| **byte & 0xc0 == 0x80).count();
        }
        self.position = end;
    }

    #[inline]
    pub fn is_blank(&self) -> bool {
        matches!(self.byte(0), b' ' | b'\t')
    }

    #[inline]
    pub fn is_break(&self, ahead: usize) -> bool {
        self.break_width(ahead) > 0
    }

    #[inline]
    pub fn is_breakz(&self, ahead: usize) -> bool {
        self.byte(ahead) == 0 || self.is_break(ahead)
    }

    #[inline]
    pub fn is_blankz(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), b' ' | b'\t') || self.is_breakz(ahead)
    }

    /// The bytes of the line break that stands there: LF, CR, CRLF, NEL, LS or PS.
    #[inline]
    fn break_width(&self, ahead: usize) -> usize {
        match self.byte(ahead) {
            b'\n' => 1,
            b'\r' => 1 + usize::from(self.byte(ahead + 1) == b'\n'),
            0xc2 if self.byte(ahead + 1) == 0x85 => 2,
            0xe2 if self.byte(ahead + 1) == 0x80 && self.byte(ahead + 2) | 1 == 0xa9 => 3,
            _ => 0,
        }
    }

    /// Passes the line break that stands here and gives what it reads as: LF, but for LS and PS.
    pub fn skip_line(&mut self) -> &'a str {
        let width = self.break_width(0);
        let separator = self.byte(0) == 0xe2;
        let start = self.position;
        if self.byte(0) >= 0x80 {
            self.passed += width - 1;
        }
        self.position += width;
        if width > 0 {
            self.line += 1;
            self.line_start = self.index();
        }
        if separator { self.since(start) } else { "\n" }
    }

    /// At the end of the text, a line that was begun counts as ended.
    pub fn close_line(&mut self) {
        if self.column() != 0 {
            self.line += 1;
            self.line_start = self.index();
        }
    }

    /// Where the next blank, break or end of text is.
    pub fn find_blankz(&self) -> usize {
        let mut at = self.position;
        loop {
            match self.bytes.get(at) {
                None | Some(b' ' | b'\t' | b'\n' | b'\r') => return at,
                Some(0xc2 | 0xe2) if self.is_break(at - self.position) => return at,
                Some(_) => at += 1,
            }
        }
    }

    /// Where the line ends, before its break.
    pub fn find_line_end(&self) -> usize {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        if self.ascii {
            return memchr::memchr2(b'\n', b'\r', rest)
                .map_or(self.bytes.len(), |at| self.position + at);
        }
        let mut ahead = 0;
        while !self.is_breakz(ahead) {
            ahead += 1;
        }
        self.position + ahead
    }

    pub fn skip_comment(&mut self) {
        self.advance_to(self.find_line_end());
    }

    pub fn skip_blanks(&mut self, tabs: bool) {
        while self.byte(0) == b' ' || tabs && self.byte(0) == b'\t' {
            self.position += 1;
        }
    }

    /// `---` or `...` with a blank after it; asked only at the beginning of a line.
    pub fn at_document_indicator(&self) -> bool {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        (rest.starts_with(b"---") || rest.starts_with(b"...")) && self.is_blankz(3)
    }

    /// A second byte order mark at the very beginning is passed over, as Go does.
    pub fn skip_byte_order_mark(&mut self) {
        if self.position == 0 && self.bytes.starts_with(b"\xef\xbb\xbf") {
            self.position = 3;
            self.passed = 2;
        }
    }

    /// Letters, digits, `_` and `-`.
    pub fn take_word(&mut self) -> &'a str {
        let start = self.position;
        while matches!(self.byte(0), b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'-') {
            self.position += 1;
        }
        self.since(start)
    }
}
