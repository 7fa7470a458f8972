//! JSON on the command line, accepted and refused as Go's `encoding/json` does.
//!
//! Not here: `fromJson` of templates, whose messages must be Go's; nobody sees the messages of
//! `--set-json`, because Helm replaces them by its own.

use gotmpl::value::SharedStr;

use crate::values::plain::{Plain, Table};

/// How deep arrays and objects may nest. Go allows 10 000, which would take more stack than a
/// thread has; a command line of that depth is an attack.
pub const MAX_JSON_DEPTH: usize = 1_000;

/// Why a text is not JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// The text ends within a value.
    #[error("unexpected end of JSON input")]
    End,
    /// Something else than JSON stands here.
    #[error("invalid JSON at byte {0}")]
    Unexpected(usize),
    /// A number that no `float64` holds.
    #[error("cannot unmarshal number {0} into a value of type float64")]
    Number(String),
    /// Deeper than [`MAX_JSON_DEPTH`].
    #[error("JSON nested deeper than {MAX_JSON_DEPTH}")]
    Depth,
}

/// Reads a text that is one JSON value, spaces aside.
pub fn parse_json(text: &str) -> Result<Plain, JsonError> {
    let (value, length) = parse_json_prefix(text)?;
    let mut reader = Reader { text, at: length };
    match reader.peek_token() {
        None => Ok(value),
        Some(_) => Err(reader.unexpected()),
    }
}

/// Reads the JSON value at the beginning of `text` and says how many bytes it takes.
pub(super) fn parse_json_prefix(text: &str) -> Result<(Plain, usize), JsonError> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    Ok((value, reader.at))
}

struct Reader<'text> {
    text: &'text str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no space.
    fn peek_token(&mut self) -> Option<u8> {
        while self.peek().is_some_and(|b| b" \t\r\n".contains(&b)) {
            self.at += 1;
        }
        self.peek()
    }

    /// What is wrong here: the end, or this byte.
    fn unexpected(&self) -> JsonError {
        if self.at >= self.text.len() { JsonError::End } else { JsonError::Unexpected(self.at) }
    }

    fn value(&mut self, depth: usize) -> Result<Plain, JsonError> {
        if depth > MAX_JSON_DEPTH {
            return Err(JsonError::Depth);
        }
        match self.peek_token() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => Ok(Plain::Str(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Plain::Bool(true)),
            Some(b'f') => self.word("false", Plain::Bool(false)),
            Some(b'n') => self.word("null", Plain::Null),
            _ => Err(self.unexpected()),
        }
    }

    fn word(&mut self, word: &str, value: Plain) -> Result<Plain, JsonError> {
        for expected in word.bytes() {
            if self.peek() != Some(expected) {
                return Err(self.unexpected());
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn array(&mut self, depth: usize) -> Result<Plain, JsonError> {
        self.at += 1;
        let mut items = Vec::new();
        if self.peek_token() == Some(b']') {
            self.at += 1;
            return Ok(Plain::List(items.into()));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if !self.goes_on(b']')? {
                return Ok(Plain::List(items.into()));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Plain, JsonError> {
        self.at += 1;
        let mut entries = Vec::new();
        if self.peek_token() == Some(b'}') {
            self.at += 1;
            return Ok(Plain::Map(Table::new(entries)));
        }
        loop {
            if self.peek_token() != Some(b'"') {
                return Err(self.unexpected());
            }
            let key = self.string()?;
            if self.peek_token() != Some(b':') {
                return Err(self.unexpected());
            }
            self.at += 1;
            entries.push((key, self.value(depth + 1)?));
            if !self.goes_on(b'}')? {
                return Ok(Plain::Map(Table::new(entries)));
            }
        }
    }

    /// Takes a comma (`true`) or the closing bracket (`false`).
    fn goes_on(&mut self, closing: u8) -> Result<bool, JsonError> {
        let goes_on = match self.peek_token() {
            Some(b',') => true,
            Some(b) if b == closing => false,
            _ => return Err(self.unexpected()),
        };
        self.at += 1;
        Ok(goes_on)
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { Err(self.unexpected()) } else { Ok(()) }
    }

    fn number(&mut self) -> Result<Plain, JsonError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if self.peek().is_some_and(|b| b == b'e' || b == b'E') {
            self.at += 1;
            if self.peek().is_some_and(|b| b == b'+' || b == b'-') {
                self.at += 1;
            }
            self.digits()?;
        }
        let written = self.text.get(start..self.at).unwrap_or_default();
        strconv::parse_float(written.as_bytes(), 64)
            .map(Plain::Float)
            .map_err(|_| JsonError::Number(written.to_owned()))
    }

    /// A string, its opening quote next. Half a surrogate pair reads as U+FFFD.
    fn string(&mut self) -> Result<SharedStr, JsonError> {
        self.at += 1;
        let mut read = String::new();
        loop {
            let Some(c) = self.text.get(self.at..).and_then(|rest| rest.chars().next()) else {
                return Err(JsonError::End);
            };
            match c {
                '"' => {
                    self.at += 1;
                    return Ok(read.into());
                }
                '\\' => {
                    self.at += 1;
                    read.push(self.escape()?);
                }
                c if c < ' ' => return Err(self.unexpected()),
                c => {
                    self.at += c.len_utf8();
                    read.push(c);
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let c = match self.peek() {
            Some(b @ (b'"' | b'\\' | b'/')) => char::from(b),
            Some(b'b') => '\x08',
            Some(b'f') => '\x0c',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                let first = self.four_hex_digits()?;
                return Ok(self.code_point(first));
            }
            _ => return Err(self.unexpected()),
        };
        self.at += 1;
        Ok(c)
    }

    fn four_hex_digits(&mut self) -> Result<u32, JsonError> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|b| char::from(b).to_digit(16));
            code = code * 16 + digit.ok_or_else(|| self.unexpected())?;
            self.at += 1;
        }
        Ok(code)
    }

    /// The character of an escape whose first half has been read; a second half is taken when it
    /// completes a pair.
    fn code_point(&mut self, first: u32) -> char {
        if (0xD800..0xDC00).contains(&first) && self.text[self.at..].starts_with("\\u") {
            let start = self.at;
            self.at += 2;
            if let Ok(second @ 0xDC00..0xE000) = self.four_hex_digits() {
                let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
            }
            self.at = start;
        }
        char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_is_told_by_its_place() {
        for (text, words) in [
            ("", "unexpected end of JSON input"),
            ("[1, ", "unexpected end of JSON input"),
            ("[1, x]", "invalid JSON at byte 4"),
            ("{\"a\": *b}", "invalid JSON at byte 6"),
            ("1 2", "invalid JSON at byte 2"),
            ("1e999", "cannot unmarshal number 1e999 into a value of type float64"),
            (&"[".repeat(MAX_JSON_DEPTH + 2), "JSON nested deeper than 1000"),
        ] {
            assert_eq!(parse_json(text).unwrap_err().to_string(), words, "{text}");
        }
    }
}
