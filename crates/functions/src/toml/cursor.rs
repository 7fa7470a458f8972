//! A place in a TOML text, with its line.

use gotmpl::rune;
use strconv::Quoting;

/// Bytes from here to the end.
pub struct Cursor<'text> {
    bytes: &'text [u8],
    at: usize,
    line: usize,
}

impl<'text> Cursor<'text> {
    /// The beginning of a text, after its byte order mark.
    pub fn new(text: &'text [u8]) -> Self {
        let bytes = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        Self { bytes, at: 0, line: 1 }
    }

    /// The line of this place, from one.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The line that an error names: at the end of a text that ends with a line break, the last one
    /// with something on it.
    pub fn reported_line(&self) -> usize {
        if self.at >= self.bytes.len() && self.bytes.ends_with(b"\n") {
            self.line.saturating_sub(1)
        } else {
            self.line
        }
    }

    /// What is left.
    pub fn rest(&self) -> &'text [u8] {
        self.bytes.get(self.at..).unwrap_or(&[])
    }

    /// The next byte, not taken.
    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Takes the next byte.
    pub fn bump(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        self.line += usize::from(byte == b'\n');
        Some(byte)
    }

    /// Takes the next byte when it is that one.
    pub fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.bump();
        }
        found
    }

    /// Takes these bytes when they come next.
    pub fn eat_all(&mut self, bytes: &[u8]) -> bool {
        let found = self.rest().starts_with(bytes);
        if found {
            for _ in bytes {
                self.bump();
            }
        }
        found
    }

    /// Takes bytes as long as they belong.
    pub fn take_while(&mut self, belongs: impl Fn(u8) -> bool) -> &'text [u8] {
        let start = self.at;
        while self.peek().is_some_and(&belongs) {
            self.bump();
        }
        &self.bytes[start..self.at]
    }

    /// Spaces and tabs.
    pub fn skip_spaces(&mut self) {
        self.take_while(|byte| byte == b' ' || byte == b'\t');
    }

    /// A comment, up to the end of its line.
    pub fn skip_comment(&mut self) {
        if self.peek() == Some(b'#') {
            self.take_while(|byte| byte != b'\n');
        }
    }

    /// Blank lines and comments.
    pub fn skip_blank_lines(&mut self) {
        loop {
            self.take_while(|byte| b" \t\r\n".contains(&byte));
            if self.peek() != Some(b'#') {
                return;
            }
            self.skip_comment();
        }
    }

    /// The next rune in quotes, as errors show it; the end shows as a zero.
    pub fn quoted(&self) -> String {
        let (found, width) = rune::decode(self.rest());
        let code = if width == 0 { 0 } else { u32::from(found) };
        strconv::quote_rune(code, Quoting::Printable)
    }

    /// The next rune between plain quotes, or words for the end.
    pub fn shown(&self) -> String {
        match rune::decode(self.rest()) {
            (_, 0) => "end of file".to_owned(),
            (found, _) => format!("'{found}'"),
        }
    }
}
