//! Reading JSON into maps, lists and floats.

use gotmpl::rune;
use gotmpl::stack;
use gotmpl::value::{Entries, List, Map, MapType, Str, Value};
use strconv::Quoting;

use super::JsonError;

/// The deepest nesting that Go reads.
const MAX_DEPTH: usize = 10_000;

/// What was read. A number that no float can hold leaves a zero and an error, and Go keeps the rest.
pub struct Decoded {
    /// The value; nil when the text is no JSON.
    pub value: Value,
    /// The first fault.
    pub error: Option<JsonError>,
}

/// Reads one JSON text as Go reads it into an `interface {}`.
pub fn decode(text: &[u8]) -> Decoded {
    let mut decoder =
        Decoder { text, at: 0, path: Vec::new(), overflow: None, floor: stack::floor() };
    match decoder.document() {
        Ok(value) => Decoded { value, error: decoder.overflow },
        Err(error) => Decoded { value: Value::Nil, error: Some(error) },
    }
}

/// A step on the way to a value, for the error of a number out of range.
enum Step {
    Key(Str),
    Index(usize),
}

struct Decoder<'text> {
    text: &'text [u8],
    at: usize,
    path: Vec<Step>,
    overflow: Option<JsonError>,
    floor: usize,
}

impl Decoder<'_> {
    fn document(&mut self) -> Result<Value, JsonError> {
        let value = self.value()?;
        self.skip_space();
        if self.at < self.text.len() {
            return Err(self.unexpected("after top-level value"));
        }
        Ok(value)
    }

    fn skip_space(&mut self) {
        while matches!(self.text.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// The next byte that is no space, not taken.
    fn peek(&mut self) -> Result<u8, JsonError> {
        self.skip_space();
        self.text.get(self.at).copied().ok_or_else(end)
    }

    fn unexpected(&self, place: &str) -> JsonError {
        let rest = self.text.get(self.at..).unwrap_or(&[]);
        let shown = match rune::decode(rest) {
            (rune::ERROR, 1) => format!("'\\x{:x}'", rest[0]),
            (found, _) => strconv::quote_rune(u32::from(found), Quoting::Printable),
        };
        JsonError::Syntax(format!("invalid character {shown} {place}"))
    }

    fn value(&mut self) -> Result<Value, JsonError> {
        match self.peek()? {
            b'n' => self.literal("null").map(|()| Value::Nil),
            b't' => self.literal("true").map(|()| Value::Bool(true)),
            b'f' => self.literal("false").map(|()| Value::Bool(false)),
            b'"' => self.string().map(Value::Str),
            b'-' | b'0'..=b'9' => self.number(),
            b'{' => self.object(),
            b'[' => self.array(),
            _ => Err(self.unexpected("looking for beginning of value")),
        }
    }

    fn literal(&mut self, literal: &str) -> Result<(), JsonError> {
        for expected in literal.chars() {
            match self.text.get(self.at) {
                None => return Err(end()),
                Some(&byte) if char::from(byte) == expected => self.at += 1,
                Some(_) => {
                    let place = format!("in literal {literal} (expecting '{expected}')");
                    return Err(self.unexpected(&place));
                }
            }
        }
        Ok(())
    }

    fn enter(&mut self) -> Result<(), JsonError> {
        if self.path.len() >= MAX_DEPTH || stack::below(self.floor) {
            return Err(JsonError::Syntax("exceeded max depth".to_owned()));
        }
        self.at += 1;
        Ok(())
    }

    fn array(&mut self) -> Result<Value, JsonError> {
        self.enter()?;
        let mut items = Vec::new();
        if self.peek()? == b']' {
            self.at += 1;
            return Ok(List::any(items).into());
        }
        loop {
            self.path.push(Step::Index(items.len()));
            items.push(self.value()?);
            self.path.pop();
            match self.peek()? {
                b',' => self.at += 1,
                b']' => {
                    self.at += 1;
                    return Ok(List::any(items).into());
                }
                _ => return Err(self.unexpected("after array element")),
            }
        }
    }

    fn object(&mut self) -> Result<Value, JsonError> {
        self.enter()?;
        let mut entries = Entries::new();
        if self.peek()? == b'}' {
            self.at += 1;
            return Ok(Map::new().into());
        }
        loop {
            if self.peek()? != b'"' {
                return Err(self.unexpected("looking for beginning of object key string"));
            }
            let key = self.string()?;
            if self.peek()? != b':' {
                return Err(self.unexpected("after object key"));
            }
            self.at += 1;
            self.path.push(Step::Key(key.clone()));
            let value = self.value()?;
            self.path.pop();
            entries.insert(key, value);
            match self.peek()? {
                b',' => self.at += 1,
                b'}' => {
                    self.at += 1;
                    return Ok(Map::typed(&MapType::ANY, entries).into());
                }
                _ => return Err(self.unexpected("after object key:value pair")),
            }
        }
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let start = self.at;
        if self.text[self.at] == b'-' {
            self.at += 1;
        }
        if self.text.get(self.at) == Some(&b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.text.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.text.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.text.get(self.at), Some(b'-' | b'+')) {
                self.at += 1;
            }
            self.digits()?;
        }
        let literal = &self.text[start..self.at];
        Ok(Value::Float64(strconv::parse_float(literal, 64).unwrap_or_else(|_| {
            let error = self.out_of_range(literal);
            self.overflow.get_or_insert(error);
            0.0
        })))
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        match self.text.get(self.at) {
            None => Err(end()),
            Some(byte) if !byte.is_ascii_digit() => Err(self.unexpected("in numeric literal")),
            Some(_) => {
                while matches!(self.text.get(self.at), Some(b'0'..=b'9')) {
                    self.at += 1;
                }
                Ok(())
            }
        }
    }

    fn out_of_range(&self, literal: &[u8]) -> JsonError {
        let value = format!("number {}", String::from_utf8_lossy(literal));
        let mut path = String::new();
        for step in &self.path {
            path.push('.');
            match step {
                Step::Index(index) => path.push_str(&index.to_string()),
                // Go's path is a JSON pointer whose slashes became dots.
                Step::Key(key) => {
                    path.push_str(&key.to_text().replace('~', "~0").replace('/', "~1"));
                }
            }
        }
        let last = path.rsplit('.').next().unwrap_or_default();
        let target = if path.is_empty() || path == "." {
            "Go value of type float64".to_owned()
        } else if !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()) {
            format!("{path} of type float64")
        } else {
            format!("Go struct field {path} of type float64")
        };
        JsonError::Mismatch { value, target }
    }

    /// A string, from its opening quote on. What is not UTF-8 becomes U+FFFD, byte by byte.
    fn string(&mut self) -> Result<Str, JsonError> {
        self.at += 1;
        let start = self.at;
        let plain = |byte: &u8| *byte >= b' ' && byte.is_ascii() && *byte != b'"' && *byte != b'\\';
        self.at += self.text[start..].iter().take_while(|byte| plain(byte)).count();
        if self.text.get(self.at) == Some(&b'"') {
            self.at += 1;
            return Ok(self.text[start..self.at - 1].into());
        }
        let mut out = self.text[start..self.at].to_vec();
        loop {
            let byte = *self.text.get(self.at).ok_or_else(end)?;
            match byte {
                b'"' => {
                    self.at += 1;
                    return Ok(out.into());
                }
                b'\\' => self.escape(&mut out)?,
                0..b' ' => return Err(self.unexpected("in string")),
                _ => {
                    let (decoded, width) = rune::decode(&self.text[self.at..]);
                    append_rune(&mut out, decoded);
                    self.at += width;
                }
            }
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), JsonError> {
        let rest = &self.text[self.at..];
        let plain = match rest.get(1) {
            None => return Err(end()),
            Some(byte @ (b'"' | b'\\' | b'/')) => *byte,
            Some(b'b') => 0x08,
            Some(b'f') => 0x0C,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => return self.unicode_escape(out),
            Some(_) => return Err(invalid_escape(&rest[..2])),
        };
        out.push(plain);
        self.at += 2;
        Ok(())
    }

    fn unicode_escape(&mut self, out: &mut Vec<u8>) -> Result<(), JsonError> {
        let rest = &self.text[self.at..];
        let Some(unit) = rest.get(2..6) else {
            let digits = rest.get(2..).unwrap_or(&[]);
            let cut_short = digits.iter().all(u8::is_ascii_hexdigit);
            return Err(if cut_short { end() } else { invalid_escape(rest) });
        };
        let first = hex(unit).ok_or_else(|| invalid_escape(&rest[..6]))?;
        self.at += 6;
        let second = rest.get(6..12).filter(|pair| pair.starts_with(b"\\u"));
        let second = second.and_then(|pair| hex(&pair[2..]));
        if let (0xD800..0xDC00, Some(low @ 0xDC00..0xE000)) = (first, second) {
            self.at += 6;
            let code = 0x1_0000 + ((first - 0xD800) << 10) + (low - 0xDC00);
            append_rune(out, char::from_u32(code).unwrap_or(rune::ERROR));
        } else {
            append_rune(out, char::from_u32(first).unwrap_or(rune::ERROR));
        }
        Ok(())
    }
}

fn end() -> JsonError {
    JsonError::Syntax("unexpected end of JSON input".to_owned())
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |code, &digit| Some(code << 4 | char::from(digit).to_digit(16)?))
}

fn append_rune(out: &mut Vec<u8>, rune: char) {
    out.extend_from_slice(rune.encode_utf8(&mut [0; 4]).as_bytes());
}

/// An escape sequence as Go shows it: between backticks where the escape is printable, quotes where it is not.
pub fn show_escape(sequence: &[u8]) -> String {
    let awkward = |rune: char| {
        rune == '`'
            || rune == rune::ERROR
            || rune.is_whitespace()
            || !strconv::is_print(u32::from(rune))
    };
    let shown = String::from_utf8_lossy(sequence);
    if shown.chars().any(awkward) { strconv::quote(sequence) } else { format!("`{shown}`") }
}

fn invalid_escape(sequence: &[u8]) -> JsonError {
    JsonError::Syntax(format!("invalid escape sequence {} in string", show_escape(sequence)))
}
