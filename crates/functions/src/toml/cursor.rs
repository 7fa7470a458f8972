//! A place in a TOML text, with its line.

use gotmpl::rune;
use strconv::Quoting;

/// Bytes from here to the end.
pub struct Cursor<'text> {
    bytes: &'text [u8],
    at: usize,
    line: usize,
    /// The first byte that no TOML text may have.
    fault: Option<CursorFault>,
}

/// A byte that no TOML text may have.
#[derive(Clone)]
pub struct CursorFault {
    at: usize,
    /// Its line, from one.
    pub line: usize,
    /// What is wrong with it, in the library's words.
    pub message: String,
}

impl<'text> Cursor<'text> {
    /// The beginning of a text, after its byte order mark.
    pub fn new(text: &'text [u8]) -> Self {
        let bytes = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        Self { bytes, at: 0, line: 1, fault: find_fault(bytes) }
    }

    /// The forbidden byte, once this place has come to it.
    pub fn fault(&self) -> Option<&CursorFault> {
        self.fault.as_ref().filter(|fault| fault.at <= self.at)
    }

    /// The forbidden byte, once it was taken.
    pub fn passed_fault(&self) -> bool {
        self.fault.as_ref().is_some_and(|fault| fault.at < self.at)
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

    /// This place, for [`Self::since`].
    pub fn place(&self) -> usize {
        self.at
    }

    /// What was taken since a place.
    pub fn since(&self, place: usize) -> &'text [u8] {
        self.bytes.get(place..self.at).unwrap_or(&[])
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

    /// The next rune when it is a letter, and its width.
    pub fn letter(&self) -> Option<usize> {
        let (found, width) = rune::decode(self.rest());
        (width > 0 && found.is_alphabetic()).then_some(width)
    }

    /// Letters of any script.
    pub fn take_letters(&mut self) -> &'text [u8] {
        let start = self.at;
        while let Some(width) = self.letter() {
            self.at += width;
        }
        &self.bytes[start..self.at]
    }

    /// What begins as `inf` or `nan` and goes on otherwise: the lexer has taken what fits when it
    /// turns to words, and steps back by one rune only.
    pub fn skip_part_of_float(&mut self) {
        self.at += match self.rest() {
            [b'i' | b'n', b'n', b'a', ..] => 2,
            [b'i' | b'n', b'n' | b'a', ..] => 1,
            _ => 0,
        };
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

    /// The next rune; the end is a zero.
    pub fn found(&self) -> char {
        match rune::decode(self.rest()) {
            (_, 0) => '\0',
            (found, _) => found,
        }
    }

    /// The next rune between plain quotes, or words for the end.
    pub fn shown(&self) -> String {
        match rune::decode(self.rest()) {
            (_, 0) => "end of file".to_owned(),
            (found, _) => format!("'{found}'"),
        }
    }
}

/// Go's lexer looks at each rune as it comes to it: control characters and broken UTF-8 end it.
fn find_fault(bytes: &[u8]) -> Option<CursorFault> {
    let valid = match std::str::from_utf8(bytes) {
        Ok(_) => bytes.len(),
        Err(error) => error.valid_up_to(),
    };
    let forbidden = |(at, byte): (usize, &u8)| match byte {
        b'\t' | b'\n' => false,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        byte => byte.is_ascii_control(),
    };
    let at = bytes[..valid].iter().enumerate().position(forbidden).unwrap_or(valid);
    let byte = *bytes.get(at)?;
    let message = if at < valid {
        format!("TOML files cannot contain control characters: '0x{byte:02x}'")
    } else {
        format!("invalid UTF-8 byte: 0x{byte:02x}")
    };
    let line = 1 + memchr::memchr_iter(b'\n', &bytes[..at]).count();
    Some(CursorFault { at, line, message })
}
