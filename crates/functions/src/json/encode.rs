//! Writing JSON.

use gotmpl::rune;
use gotmpl::stack;
use gotmpl::value::{Elem, Kind, List, Map, Object, Value};

use super::JsonError;
use crate::bounds::MAX_TEXT_BYTES;
use crate::time::Time;
use crate::{encodings, printing};

/// How JSON is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether `<`, `>` and `&` are escaped.
    escape_html: bool,
    /// Whether each element has a line of its own, indented by two spaces a level.
    pretty: bool,
}

impl Style {
    /// `json.Marshal`.
    pub const COMPACT: Self = Self { escape_html: true, pretty: false };
    /// `json.MarshalIndent` by two spaces.
    pub const PRETTY: Self = Self { escape_html: true, pretty: true };
    /// An encoder with `SetEscapeHTML(false)`.
    pub const RAW: Self = Self { escape_html: false, pretty: false };
}

/// From which depth on Go looks for maps that contain themselves.
const CYCLES_FROM_DEPTH: usize = 1000;

/// The JSON of a value, in Go's form.
pub fn encode(value: &Value, style: Style) -> Result<Vec<u8>, JsonError> {
    let mut encoder =
        Encoder { out: Vec::new(), style, depth: 0, maps: Vec::new(), floor: stack::floor() };
    encoder.value(value)?;
    Ok(encoder.out)
}

struct Encoder {
    out: Vec<u8>,
    style: Style,
    depth: usize,
    /// The maps being written, once the depth is suspicious.
    maps: Vec<usize>,
    floor: usize,
}

impl Encoder {
    fn value(&mut self, value: &Value) -> Result<(), JsonError> {
        if self.out.len() > MAX_TEXT_BYTES {
            return Err(JsonError::TooLong);
        }
        match value {
            Value::Nil => self.out.extend_from_slice(b"null"),
            Value::Bool(true) => self.out.extend_from_slice(b"true"),
            Value::Bool(false) => self.out.extend_from_slice(b"false"),
            Value::Int(n) | Value::Int64(n) => strconv::append_int(&mut self.out, *n),
            Value::Int32(n) => strconv::append_int(&mut self.out, i64::from(*n)),
            Value::Uint8(n) => strconv::append_int(&mut self.out, i64::from(*n)),
            Value::Uint64(n) => strconv::append_uint(&mut self.out, *n),
            Value::Float64(n) => self.float(*n)?,
            Value::Complex(..) => {
                return Err(JsonError::UnsupportedType(value.type_name()));
            }
            Value::Str(text) => self.string(text),
            Value::List(list) => self.list(list)?,
            Value::Map(map) => self.map(map)?,
            Value::Object(object) => self.object(object.as_ref())?,
        }
        Ok(())
    }

    fn float(&mut self, float: f64) -> Result<(), JsonError> {
        if !float.is_finite() {
            let mut name = Vec::new();
            strconv::append_float(&mut name, float, b'g', None, 64);
            return Err(JsonError::UnsupportedValue(String::from_utf8_lossy(&name).into_owned()));
        }
        append_float(&mut self.out, float);
        Ok(())
    }

    fn string(&mut self, bytes: &[u8]) {
        append_string(&mut self.out, bytes, self.style.escape_html);
    }

    fn list(&mut self, list: &List) -> Result<(), JsonError> {
        if list.is_nil() {
            self.out.extend_from_slice(b"null");
            return Ok(());
        }
        if list.elem() == Elem::Uint8 {
            self.out.push(b'"');
            self.out.extend(encodings::base64(&printing::bytes_of(list)));
            self.out.push(b'"');
            return Ok(());
        }
        self.open(b'[', "[]interface {}")?;
        for (index, item) in list.iter().enumerate() {
            self.next_line(index > 0);
            self.value(item)?;
        }
        self.close(b']', list.is_empty());
        Ok(())
    }

    fn map(&mut self, map: &Map) -> Result<(), JsonError> {
        if map.is_nil() {
            self.out.extend_from_slice(b"null");
            return Ok(());
        }
        let watched = self.depth > CYCLES_FROM_DEPTH;
        if watched {
            if self.maps.contains(&map.address()) {
                return Err(cycle(map.ty().name));
            }
            self.maps.push(map.address());
        }
        self.open(b'{', map.ty().name)?;
        for (index, (key, value)) in map.entries().iter().enumerate() {
            self.key(index, key);
            self.value(value)?;
        }
        self.close(b'}', map.is_empty());
        if watched {
            self.maps.pop();
        }
        Ok(())
    }

    fn object(&mut self, object: &dyn Object) -> Result<(), JsonError> {
        if let Some(time) = object.as_any().downcast_ref::<Time>() {
            time.marshal_text().map_err(JsonError::Time)?;
        }
        if let Some(plain) = object.to_plain() {
            return self.value(&plain);
        }
        if object.kind() == Kind::Func {
            return Err(JsonError::UnsupportedType(object.type_name().to_owned()));
        }
        let mut fields = object.fields();
        fields.retain(|(_, name, _)| *name != "-");
        self.open(b'{', object.type_name())?;
        for (index, (_, name, value)) in fields.iter().enumerate() {
            self.key(index, name.as_bytes());
            self.value(value)?;
        }
        self.close(b'}', fields.is_empty());
        Ok(())
    }

    fn open(&mut self, bracket: u8, type_name: &str) -> Result<(), JsonError> {
        if stack::below(self.floor) {
            return Err(cycle(type_name));
        }
        self.out.push(bracket);
        self.depth += 1;
        Ok(())
    }

    fn key(&mut self, index: usize, key: &[u8]) {
        self.next_line(index > 0);
        self.string(key);
        self.out.extend_from_slice(if self.style.pretty { b": " } else { b":" });
    }

    fn next_line(&mut self, comma: bool) {
        if comma {
            self.out.push(b',');
        }
        if self.style.pretty {
            self.out.push(b'\n');
            self.out.resize(self.out.len() + self.depth * 2, b' ');
        }
    }

    fn close(&mut self, bracket: u8, empty: bool) {
        self.depth -= 1;
        if !empty {
            self.next_line(false);
        }
        self.out.push(bracket);
    }
}

fn cycle(type_name: &str) -> JsonError {
    JsonError::UnsupportedValue(format!("encountered a cycle via {type_name}"))
}

/// A finite float in JSON's form: plain between 10^-6 and 10^21, else with a short exponent.
fn append_float(out: &mut Vec<u8>, float: f64) {
    let magnitude = float.abs();
    if magnitude == 0.0 || (1e-6..1e21).contains(&magnitude) {
        strconv::append_float(out, float, b'f', None, 64);
        return;
    }
    strconv::append_float(out, float, b'e', None, 64);
    // Go writes e-09 as e-9.
    if let [.., b'e', b'-', b'0', _] = out.as_slice() {
        let zero = out.len() - 2;
        out.remove(zero);
    }
}

/// A string in quotes. Line separators are always escaped, since JavaScript stumbles over them.
fn append_string(out: &mut Vec<u8>, bytes: &[u8], escape_html: bool) {
    out.reserve(bytes.len() + 2);
    out.push(b'"');
    let mut start = 0;
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        if byte.is_ascii() {
            let html = escape_html && matches!(byte, b'<' | b'>' | b'&');
            if byte >= b' ' && byte != b'"' && byte != b'\\' && !html {
                at += 1;
                continue;
            }
            out.extend_from_slice(&bytes[start..at]);
            append_escape(out, byte);
            at += 1;
            start = at;
            continue;
        }
        let (decoded, width) = rune::decode(&bytes[at..]);
        let replacement: &[u8] = match decoded {
            rune::ERROR if width == 1 => "\u{FFFD}".as_bytes(),
            '\u{2028}' => b"\\u2028",
            '\u{2029}' => b"\\u2029",
            _ => {
                at += width;
                continue;
            }
        };
        out.extend_from_slice(&bytes[start..at]);
        out.extend_from_slice(replacement);
        at += width;
        start = at;
    }
    out.extend_from_slice(&bytes[start..]);
    out.push(b'"');
}

fn append_escape(out: &mut Vec<u8>, byte: u8) {
    let short = match byte {
        b'"' | b'\\' => byte,
        0x08 => b'b',
        0x0C => b'f',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        _ => {
            out.extend_from_slice(format!("\\u{byte:04x}").as_bytes());
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}
