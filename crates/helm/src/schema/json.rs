//! JSON text to a tree that keeps numbers as they are written, with the error texts of Go's
//! decoder.
//!
//! Not here: values (those come from YAML). Schemas only.

use functions::json::show_escape;

use crate::values::{Plain, Table};

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, in its own spelling.
    Number(Box<str>),
    /// A text.
    Text(Box<str>),
    /// A list.
    List(Vec<Json>),
    /// An object in key order; the last of equal keys counts.
    Object(Vec<(Box<str>, Json)>),
}

/// Why a text is not JSON, in Go's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// A character that cannot stand where it does.
    #[error("invalid character {found} {place}")]
    Character {
        /// The character, quoted.
        found: String,
        /// Where it stands.
        place: String,
    },
    /// A backslash that says nothing.
    #[error("invalid escape sequence {0} in string")]
    Escape(String),
    /// There is nothing.
    #[error("EOF")]
    Empty,
    /// The text ends too early.
    #[error("unexpected EOF")]
    Truncated,
    /// Something follows the value.
    #[error("invalid character after top-level value")]
    Trailing,
    /// Too many lists and objects in each other.
    #[error("exceeded max depth")]
    TooDeep,
}

/// Go's decoder allows ten thousand; no schema nests like that, and the stack is finite.
const MAX_DEPTH: usize = 500;

impl Json {
    /// Reads a whole text.
    pub fn parse(text: &[u8]) -> Result<Self, JsonError> {
        let mut parser = Parser { text, at: 0 };
        parser.skip_space();
        if parser.at == text.len() {
            return Err(JsonError::Empty);
        }
        let value = parser.value(0)?;
        parser.skip_space();
        if parser.at < text.len() { Err(JsonError::Trailing) } else { Ok(value) }
    }

    /// Reads the value at the beginning of a text, and says where that ends or goes wrong.
    pub fn first(text: &[u8]) -> (usize, Result<Self, JsonError>) {
        let mut parser = Parser { text, at: 0 };
        parser.skip_space();
        let value = if parser.at == text.len() { Err(JsonError::Empty) } else { parser.value(0) };
        (parser.at, value)
    }

    /// The entry of an object.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Object(entries) = self else { return None };
        let at = entries.binary_search_by(|(k, _)| (**k).cmp(key)).ok()?;
        entries.get(at).map(|(_, value)| value)
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The items, if it is a list.
    pub fn items(&self) -> Option<&[Self]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }

    /// The entries, if it is an object.
    pub fn entries(&self) -> Option<&[(Box<str>, Self)]> {
        if let Self::Object(entries) = self { Some(entries) } else { None }
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        if let Self::Number(text) = self { text.parse().ok() } else { None }
    }

    /// The same as a value, to hold a schema against its own schema.
    pub fn to_plain(&self) -> Plain {
        match self {
            Self::Null => Plain::Null,
            Self::Bool(flag) => Plain::Bool(*flag),
            Self::Number(text) => Plain::Float(text.parse().unwrap_or(f64::NAN)),
            Self::Text(text) => Plain::Str((&**text).into()),
            Self::List(items) => Plain::List(items.iter().map(Self::to_plain).collect()),
            Self::Object(entries) => Plain::Map(Table::new(
                entries.iter().map(|(key, value)| ((&**key).into(), value.to_plain())).collect(),
            )),
        }
    }
}

struct Parser<'t> {
    text: &'t [u8],
    at: usize,
}

impl Parser<'_> {
    fn skip_space(&mut self) {
        while matches!(self.text.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Result<u8, JsonError> {
        self.text.get(self.at).copied().ok_or(JsonError::Truncated)
    }

    fn unexpected(&self, place: &str) -> JsonError {
        let Some(&byte) = self.text.get(self.at) else { return JsonError::Truncated };
        let found = match byte {
            b'\'' => r"'\''".to_owned(),
            b'"' => "'\"'".to_owned(),
            _ => {
                let quoted = strconv::quote(&[byte]);
                format!("'{}'", &quoted[1..quoted.len() - 1])
            }
        };
        JsonError::Character { found, place: place.to_owned() }
    }

    fn value(&mut self, depth: usize) -> Result<Json, JsonError> {
        if depth > MAX_DEPTH {
            return Err(JsonError::TooDeep);
        }
        self.skip_space();
        match self.peek()? {
            b'{' => self.object(depth),
            b'[' => self.list(depth),
            b'"' => Ok(Json::Text(self.string()?)),
            b't' => self.literal("true", Json::Bool(true)),
            b'f' => self.literal("false", Json::Bool(false)),
            b'n' => self.literal("null", Json::Null),
            b'-' | b'0'..=b'9' => self.number(),
            _ => Err(self.unexpected("looking for beginning of value")),
        }
    }

    fn literal(&mut self, word: &str, value: Json) -> Result<Json, JsonError> {
        for letter in word.chars() {
            if char::from(self.peek()?) != letter {
                let place = format!("in literal {word} (expecting '{letter}')");
                return Err(self.unexpected(&place));
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn number(&mut self) -> Result<Json, JsonError> {
        let start = self.at;
        if self.peek()? == b'-' {
            self.at += 1;
        }
        if self.peek()? == b'0' {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.text.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.text.get(self.at) {
            self.at += 1;
            if let Some(b'+' | b'-') = self.text.get(self.at) {
                self.at += 1;
            }
            self.digits()?;
        }
        let text = String::from_utf8_lossy(&self.text[start..self.at]);
        Ok(Json::Number(text.into()))
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        if !self.peek()?.is_ascii_digit() {
            return Err(self.unexpected("in numeric literal"));
        }
        while self.text.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        Ok(())
    }

    fn string(&mut self) -> Result<Box<str>, JsonError> {
        self.at += 1;
        let mut bytes = Vec::new();
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => self.escape(&mut bytes)?,
                0..0x20 => return Err(self.unexpected("in string")),
                byte => {
                    bytes.push(byte);
                    self.at += 1;
                }
            }
        }
        self.at += 1;
        Ok(String::from_utf8_lossy(&bytes).into())
    }

    fn escape(&mut self, bytes: &mut Vec<u8>) -> Result<(), JsonError> {
        self.at += 1;
        let byte = match self.peek()? {
            b'u' => {
                let mut code = self.hex_code()?;
                if (0xD800..0xDC00).contains(&code) && self.text[self.at..].starts_with(b"\\u") {
                    let back = self.at;
                    self.at += 1;
                    let low = self.hex_code()?;
                    if (0xDC00..0xE000).contains(&low) {
                        code = 0x1_0000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                    } else {
                        self.at = back;
                    }
                }
                let letter = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            byte @ (b'"' | b'\\' | b'/') => byte,
            _ => return Err(self.bad_escape(self.at - 1, 2)),
        };
        bytes.push(byte);
        self.at += 1;
        Ok(())
    }

    fn bad_escape(&self, start: usize, length: usize) -> JsonError {
        let rest = self.text.get(start..).unwrap_or_default();
        JsonError::Escape(show_escape(&rest[..length.min(rest.len())]))
    }

    /// Reads the four digits after the `u` at which the parser stands.
    fn hex_code(&mut self) -> Result<u32, JsonError> {
        self.at += 1;
        let start = self.at - 2;
        let mut code = 0;
        for _ in 0..4 {
            let digit = char::from(self.peek()?).to_digit(16);
            let Some(digit) = digit else {
                return Err(self.bad_escape(start, 6));
            };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    fn list(&mut self, depth: usize) -> Result<Json, JsonError> {
        self.at += 1;
        let mut items = Vec::new();
        self.skip_space();
        if self.peek()? == b']' {
            self.at += 1;
            return Ok(Json::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.skip_space();
            match self.peek()? {
                b',' => self.at += 1,
                b']' => break,
                _ => return Err(self.unexpected("after array element")),
            }
        }
        self.at += 1;
        Ok(Json::List(items))
    }

    fn object(&mut self, depth: usize) -> Result<Json, JsonError> {
        self.at += 1;
        let mut entries: Vec<(Box<str>, Json)> = Vec::new();
        self.skip_space();
        if self.peek()? == b'}' {
            self.at += 1;
            return Ok(Json::Object(entries));
        }
        loop {
            self.skip_space();
            if self.peek()? != b'"' {
                return Err(self.unexpected("looking for beginning of object key string"));
            }
            let key = self.string()?;
            self.skip_space();
            if self.peek()? != b':' {
                return Err(self.unexpected("after object key"));
            }
            self.at += 1;
            entries.push((key, self.value(depth + 1)?));
            self.skip_space();
            match self.peek()? {
                b',' => self.at += 1,
                b'}' => break,
                _ => return Err(self.unexpected("after object key:value pair")),
            }
        }
        self.at += 1;
        // Stable, and reversed first: the last of equal keys comes first and is kept.
        entries.reverse();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries.dedup_by(|a, b| a.0 == b.0);
        Ok(Json::Object(entries))
    }
}
