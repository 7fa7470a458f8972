//! Writing TOML: scalars and arrays of a table first, its sub-tables after them, each in key order.

use gotmpl::function::Failure;
use gotmpl::stack;
use gotmpl::value::{Kind, List, Map, Object, Str, Value};

use super::{LOCAL_DATE, LOCAL_DATETIME, LOCAL_TIME};
use crate::bounds::MAX_TEXT_BYTES;
use crate::time::Time;

/// What TOML cannot express.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TomlError {
    /// A null among the elements of an array.
    #[error("toml: cannot encode array with nil element")]
    NilElement,
    /// An array of tables without a key above it.
    #[error("toml: top-level values must be Go maps or structs")]
    NoKey,
    /// A Go type that TOML does not have.
    #[error("unsupported type: {0}")]
    UnsupportedType(&'static str),
    /// A Go type that TOML does not have, under a key.
    #[error("unsupported type for key '{key}': {kind}")]
    UnsupportedKey {
        /// The dotted key.
        key: String,
        /// Go's kind.
        kind: &'static str,
    },
    /// Tables that contain themselves, or nearly so.
    #[error("the value is nested too deeply for TOML")]
    TooDeep,
    /// More text than a function may make.
    #[error("the resulting text would be longer than {MAX_TEXT_BYTES} bytes")]
    TooLong,
    /// Where Go's library panics, which no function of Helm's catches.
    #[error("{0}")]
    Panic(&'static str),
}

impl From<TomlError> for Failure {
    fn from(error: TomlError) -> Self {
        Self::new(error.to_string())
    }
}

/// Tables within tables: each is named by all that it is in, so their text grows with the square.
const MAX_TABLES: usize = 1000;

/// The TOML of a value.
pub fn encode(value: &Value) -> Result<Vec<u8>, TomlError> {
    if matches!(value, Value::Nil) {
        return Err(TomlError::Panic("reflect: call of reflect.Value.Type on zero Value"));
    }
    let mut encoder = Encoder { out: Vec::new(), floor: stack::floor() };
    encoder.entry(&mut Vec::new(), value)?;
    Ok(encoder.out)
}

/// What a Go value is to TOML.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Type {
    Nil,
    Scalar,
    Array,
    Table,
    TableArray,
}

struct Encoder {
    out: Vec<u8>,
    floor: usize,
}

impl Encoder {
    fn deeper(&self) -> Result<(), TomlError> {
        if stack::below(self.floor) {
            return Err(TomlError::TooDeep);
        }
        if self.out.len() > MAX_TEXT_BYTES {
            return Err(TomlError::TooLong);
        }
        Ok(())
    }

    fn type_of(&self, value: &Value) -> Result<Type, TomlError> {
        Ok(match value {
            value if is_nil(value) => Type::Nil,
            Value::List(list) => self.type_of_list(list)?,
            Value::Map(_) => Type::Table,
            Value::Complex(..) => {
                return Err(TomlError::UnsupportedType(value.kind().name()));
            }
            Value::Object(object) => match object.to_plain() {
                Some(plain) => self.type_of(&plain)?,
                None => Type::Table,
            },
            _ => Type::Scalar,
        })
    }

    /// An array of tables when all elements are tables; Go looks at every element of every depth.
    fn type_of_list(&self, list: &List) -> Result<Type, TomlError> {
        self.deeper()?;
        let mut all_tables = !list.is_empty();
        for item in list.iter() {
            match self.type_of(item)? {
                Type::Nil => return Err(TomlError::NilElement),
                kind => all_tables &= kind == Type::Table,
            }
        }
        Ok(if all_tables { Type::TableArray } else { Type::Array })
    }

    /// A value under a key: a line, a table or an array of tables.
    fn entry(&mut self, key: &mut Vec<Str>, value: &Value) -> Result<(), TomlError> {
        self.deeper()?;
        if key.len() > MAX_TABLES {
            return Err(TomlError::TooDeep);
        }
        match value {
            // Alone, a nil list is an empty one.
            Value::List(list) if list.is_nil() && key.is_empty() => self.line(key, value)?,
            value if is_nil(value) => {}
            Value::Map(map) => self.table(key, entries(map))?,
            Value::List(list) => match self.type_of(value)? {
                Type::TableArray => self.table_array(key, list)?,
                _ => self.line(key, value)?,
            },
            Value::Complex(..) => {
                return Err(TomlError::UnsupportedKey {
                    key: String::from_utf8_lossy(&dotted(key)).into_owned(),
                    kind: value.kind().name(),
                });
            }
            Value::Object(object) if object.to_plain().is_none() || object.as_map().is_some() => {
                self.table(key, within(object.as_ref()))?;
            }
            _ => self.line(key, value)?,
        }
        Ok(())
    }

    fn newline(&mut self) {
        if !self.out.is_empty() {
            self.out.push(b'\n');
        }
    }

    /// Two spaces for each level of tables.
    fn indent(&mut self, key: &[Str]) {
        let spaces = key.len().saturating_sub(1) * 2;
        self.out.resize(self.out.len() + spaces, b' ');
    }

    fn line(&mut self, key: &[Str], value: &Value) -> Result<(), TomlError> {
        let Some(last) = key.last() else { return self.element(value) };
        self.indent(key);
        append_key(&mut self.out, last);
        self.out.extend_from_slice(b" = ");
        self.element(value)?;
        self.newline();
        Ok(())
    }

    fn header(&mut self, key: &[Str], open: &[u8], close: &[u8]) {
        self.indent(key);
        self.out.extend_from_slice(open);
        self.out.extend(dotted(key));
        self.out.extend_from_slice(close);
        self.newline();
    }

    fn table(&mut self, key: &mut Vec<Str>, entries: Entries) -> Result<(), TomlError> {
        if key.len() == 1 {
            self.newline();
        }
        if !key.is_empty() {
            self.header(key, b"[", b"]");
        }
        self.body(key, entries)
    }

    fn table_array(&mut self, key: &mut Vec<Str>, list: &List) -> Result<(), TomlError> {
        if key.is_empty() {
            return Err(TomlError::NoKey);
        }
        for item in list.iter() {
            self.newline();
            self.header(key, b"[[", b"]]");
            match item {
                Value::Map(map) => self.body(key, entries(map))?,
                Value::Object(object) => self.body(key, within(object.as_ref()))?,
                _ => {}
            }
        }
        Ok(())
    }

    fn body(&mut self, key: &mut Vec<Str>, entries: Entries) -> Result<(), TomlError> {
        let (direct, tables) = self.parted(entries)?;
        for (name, value) in direct.into_iter().chain(tables) {
            key.push(name);
            self.entry(key, &value)?;
            key.pop();
        }
        Ok(())
    }

    /// First what fits on a line, nulls among it; then tables.
    fn parted(&self, entries: Entries) -> Result<(Entries, Entries), TomlError> {
        let (mut direct, mut tables) = (Vec::new(), Vec::new());
        for (name, value) in entries {
            let kind = self.type_of(&value)?;
            let table = matches!(kind, Type::Table | Type::TableArray);
            if table { &mut tables } else { &mut direct }.push((name, value));
        }
        Ok((direct, tables))
    }

    fn element(&mut self, value: &Value) -> Result<(), TomlError> {
        self.deeper()?;
        match value {
            Value::Bool(flag) => self.out.extend_from_slice(flag.to_string().as_bytes()),
            Value::Int(n) | Value::Int64(n) => strconv::append_int(&mut self.out, *n),
            Value::Int32(n) => strconv::append_int(&mut self.out, i64::from(*n)),
            Value::Uint8(n) => strconv::append_int(&mut self.out, i64::from(*n)),
            Value::Uint64(n) => strconv::append_uint(&mut self.out, *n),
            Value::Float64(n) => append_float(&mut self.out, *n),
            Value::Str(text) => append_quoted(&mut self.out, text),
            Value::List(list) => self.inline_array(list)?,
            Value::Map(map) => self.inline_table(entries(map))?,
            Value::Object(object) => match object.as_map() {
                Some(map) => self.inline_table(entries(&map))?,
                None => self.object(object.as_ref())?,
            },
            Value::Nil | Value::Complex(..) => {
                return Err(TomlError::UnsupportedType(value.kind().name()));
            }
        }
        Ok(())
    }

    fn object(&mut self, object: &dyn Object) -> Result<(), TomlError> {
        if let Some(time) = object.as_any().downcast_ref::<Time>() {
            let layout: &[u8] = match time.zone_name() {
                LOCAL_DATETIME => b"2006-01-02T15:04:05.999999999",
                LOCAL_DATE => b"2006-01-02",
                LOCAL_TIME => b"15:04:05.999999999",
                _ => b"2006-01-02T15:04:05.999999999Z07:00",
            };
            self.out.extend(time.format(layout));
            return Ok(());
        }
        // A duration is text to TOML, though it is a number to JSON.
        match (object.to_plain(), object.display()) {
            (Some(_), Some(text)) if object.kind() == Kind::Int64 => {
                append_quoted(&mut self.out, text.as_bytes());
                Ok(())
            }
            (Some(plain), _) => self.element(&plain),
            (None, _) => self.inline_struct(object),
        }
    }

    fn inline_array(&mut self, list: &List) -> Result<(), TomlError> {
        self.out.push(b'[');
        for (index, item) in list.iter().enumerate() {
            if index > 0 {
                self.out.extend_from_slice(b", ");
            }
            self.element(item)?;
        }
        self.out.push(b']');
        Ok(())
    }

    /// Go puts the comma by the place among all entries, so one may stay behind before a null.
    fn inline_table(&mut self, entries: Entries) -> Result<(), TomlError> {
        self.out.push(b'{');
        let (direct, tables) = self.parted(entries)?;
        let lasts = [(direct.len(), !tables.is_empty()), (tables.len(), false)];
        for (part, (length, trailing)) in [direct, tables].into_iter().zip(lasts) {
            for (index, (name, value)) in part.iter().enumerate() {
                self.inline_entry(name, value, trailing || index + 1 < length)?;
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    /// Go puts the comma by the place in the struct, those counted in that are not exported, but not
    /// by how many they are: one is missing then, and one too much.
    fn inline_struct(&mut self, object: &dyn Object) -> Result<(), TomlError> {
        self.out.push(b'{');
        let all = object.fields();
        let (direct, tables) = self.parted(fields(object))?;
        let exported = direct.len() + tables.len();
        for (name, value) in direct.iter().chain(&tables) {
            let place = all.iter().position(|(own, ..)| own.as_bytes() == name.as_bytes());
            self.inline_entry(name, value, place.is_none_or(|place| place + 1 != exported))?;
        }
        self.out.push(b'}');
        Ok(())
    }

    /// Nothing for a null.
    fn inline_entry(&mut self, name: &Str, value: &Value, comma: bool) -> Result<(), TomlError> {
        if is_nil(value) {
            return Ok(());
        }
        append_key(&mut self.out, name);
        self.out.extend_from_slice(b" = ");
        self.element(value)?;
        if comma {
            self.out.extend_from_slice(b", ");
        }
        Ok(())
    }
}

/// What a table holds, in the order in which Go looks at it.
type Entries = Vec<(Str, Value)>;

fn entries(map: &Map) -> Entries {
    map.entries().iter().map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// What an object holds, be it a map or a struct.
fn within(object: &dyn Object) -> Entries {
    object.as_map().map_or_else(|| fields(object), |map| entries(&map))
}

/// A struct's fields under their Go names, which is how TOML names them.
fn fields(object: &dyn Object) -> Entries {
    let fields = object.fields().into_iter().filter(|(_, name, _)| *name != "-");
    fields.map(|(name, _, value)| (Str::from(name), value)).collect()
}

/// Whether Go sees a nil there: such entries are left out.
fn is_nil(value: &Value) -> bool {
    match value {
        Value::Nil => true,
        Value::List(list) => list.is_nil(),
        Value::Map(map) => map.is_nil(),
        _ => false,
    }
}

/// A dotted key.
pub(super) fn dotted(key: &[Str]) -> Vec<u8> {
    let mut out = Vec::new();
    for (index, part) in key.iter().enumerate() {
        if index > 0 {
            out.push(b'.');
        }
        append_key(&mut out, part);
    }
    out
}

/// A key, in quotes unless it is bare.
fn append_key(out: &mut Vec<u8>, key: &[u8]) {
    let bare = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte == b'-';
    if !key.is_empty() && key.iter().all(bare) {
        out.extend_from_slice(key);
    } else {
        append_quoted(out, key);
    }
}

fn append_quoted(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    for &byte in text {
        match byte {
            b'"' | b'\\' => out.extend([b'\\', byte]),
            0x08 => out.extend(b"\\b"),
            b'\t' => out.extend(b"\\t"),
            b'\n' => out.extend(b"\\n"),
            0x0C => out.extend(b"\\f"),
            b'\r' => out.extend(b"\\r"),
            0..=0x1F | 0x7F => out.extend(format!("\\u{byte:04x}").bytes()),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

/// A float with a point or an exponent, as TOML wants it.
fn append_float(out: &mut Vec<u8>, float: f64) {
    if !float.is_finite() {
        if float.is_sign_negative() {
            out.push(b'-');
        }
        out.extend_from_slice(if float.is_nan() { b"nan" } else { b"inf" });
        return;
    }
    let start = out.len();
    strconv::append_float(out, float, b'g', None, 64);
    if !out[start..].iter().any(|byte| matches!(byte, b'e' | b'.')) {
        out.extend_from_slice(b".0");
    }
}
