//! Values to YAML, driven straight into the writer: no tree and no JSON text between.

use std::borrow::Cow;

use ::yaml::{Form, Writer, sort_keys};
use gotmpl::stack;
use gotmpl::value::{Elem, Kind, List, Map, Object, Str, Value};

use crate::bounds::MAX_TEXT_BYTES;
use crate::json::JsonError;
use crate::time::Time;
use crate::{encodings, printing};

/// Why a value has no YAML.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum YamlError {
    /// JSON, which Helm goes through, cannot express it.
    #[error("error marshaling into JSON: {0}")]
    Json(JsonError),
    /// Its JSON is no YAML.
    #[error("{0}")]
    Reread(String),
    /// A Go type that `toYamlPretty` does not know.
    #[error("cannot marshal type: {0}")]
    UnknownType(String),
    /// Maps that contain themselves, or nearly so.
    #[error("the value is nested too deeply for YAML")]
    TooDeep,
    /// More text than a function may make.
    #[error("the resulting text would be longer than {MAX_TEXT_BYTES} bytes")]
    TooLong,
}

impl From<::yaml::Error> for YamlError {
    fn from(error: ::yaml::Error) -> Self {
        match error {
            ::yaml::Error::UnsupportedValue(name) => {
                Self::Json(JsonError::UnsupportedValue(name.to_owned()))
            }
            other => Self::Reread(other.to_string()),
        }
    }
}

/// From which depth on Go looks for maps that contain themselves.
const CYCLES_FROM_DEPTH: usize = 1000;

/// Helm's `toYaml`: without the last line break.
pub fn to_yaml(value: &Value) -> Result<String, YamlError> {
    write(value, Form::Kubernetes)
}

/// Helm's `toYamlPretty`: lists indented, Go's types seen, without the last line break.
pub fn to_yaml_pretty(value: &Value) -> Result<String, YamlError> {
    write(value, Form::Pretty)
}

fn write(value: &Value, form: Form) -> Result<String, YamlError> {
    let mut emitter = Emitter {
        writer: Writer::new(form),
        form,
        floor: stack::floor(),
        maps: Vec::new(),
        depth: 0,
    };
    emitter.value(value)?;
    let mut out = emitter.writer.finish();
    if out.ends_with('\n') {
        out.pop();
    }
    Ok(out)
}

/// How long go-yaml lets a line of base64 be.
const BASE64_COLUMNS: usize = 70;

/// Base64 as go-yaml writes it: several lines all end with a line break.
fn base64_lines(bytes: &[u8]) -> String {
    let encoded = encodings::base64(bytes);
    let encoded = String::from_utf8_lossy(&encoded);
    if encoded.len() < BASE64_COLUMNS {
        return encoded.into_owned();
    }
    let mut lines = String::new();
    for (index, character) in encoded.chars().enumerate() {
        lines.push(character);
        if (index + 1).is_multiple_of(BASE64_COLUMNS) {
            lines.push('\n');
        }
    }
    if !lines.ends_with('\n') {
        lines.push('\n');
    }
    lines
}

struct Emitter {
    writer: Writer,
    form: Form,
    floor: usize,
    depth: usize,
    /// The maps being written, once the depth is suspicious.
    maps: Vec<usize>,
}

impl Emitter {
    fn pretty(&self) -> bool {
        self.form == Form::Pretty
    }

    fn value(&mut self, value: &Value) -> Result<(), YamlError> {
        if self.writer.written() > MAX_TEXT_BYTES {
            return Err(YamlError::TooLong);
        }
        match value {
            Value::Nil => self.writer.null(),
            Value::Bool(flag) => self.writer.bool(*flag),
            Value::Int(n) | Value::Int64(n) => self.writer.int(*n),
            Value::Int32(n) => self.writer.int(i64::from(*n)),
            Value::Uint8(n) => self.writer.int(i64::from(*n)),
            Value::Uint64(n) => self.writer.uint(*n),
            Value::Float64(n) if self.pretty() => self.writer.float(*n),
            Value::Float64(n) => self.writer.float_through_json(*n)?,
            Value::Complex(..) => return Err(self.unknown(value.type_name())),
            Value::Str(text) if self.pretty() => match std::str::from_utf8(text) {
                Ok(text) => self.writer.text(text),
                Err(_) => self.writer.binary(&base64_lines(text)),
            },
            Value::Str(text) => self.writer.text_through_json(text)?,
            Value::List(list) => self.list(list)?,
            Value::Map(map) => self.map(map)?,
            Value::Object(object) => self.object(object.as_ref())?,
        }
        Ok(())
    }

    fn unknown(&self, type_name: String) -> YamlError {
        if self.pretty() {
            YamlError::UnknownType(type_name)
        } else {
            YamlError::Json(JsonError::UnsupportedType(type_name))
        }
    }

    fn list(&mut self, list: &List) -> Result<(), YamlError> {
        if !self.pretty() && list.is_nil() {
            self.writer.null();
            return Ok(());
        }
        if !self.pretty() && list.elem() == Elem::Uint8 {
            let encoded = encodings::base64(&printing::bytes_of(list));
            self.writer.text(&String::from_utf8_lossy(&encoded));
            return Ok(());
        }
        self.enter(None)?;
        self.writer.begin_list();
        for item in list.iter() {
            self.value(item)?;
        }
        self.writer.end_list();
        self.depth -= 1;
        Ok(())
    }

    fn map(&mut self, map: &Map) -> Result<(), YamlError> {
        if !self.pretty() && map.is_nil() {
            self.writer.null();
            return Ok(());
        }
        self.enter(Some(map))?;
        let held = map.entries();
        let entries = held.iter().map(|(key, value)| (key_text(key), key.as_bytes(), value));
        self.entries(entries.collect())?;
        drop(held);
        self.leave();
        Ok(())
    }

    /// Writes a map's entries: each key as text and as it is.
    fn entries(
        &mut self,
        mut entries: Vec<(Cow<'_, str>, &[u8], &Value)>,
    ) -> Result<(), YamlError> {
        sort_keys(&mut entries, self.form, |(key, ..)| key.as_ref());
        self.writer.begin_map();
        for (key, bytes, value) in entries {
            match &key {
                key if !self.pretty() => self.writer.key_through_json(key)?,
                Cow::Borrowed(key) => self.writer.key(key),
                Cow::Owned(_) => self.writer.binary_key(&base64_lines(bytes)),
            }
            self.value(value)?;
        }
        self.writer.end_map();
        Ok(())
    }

    /// JSON knows `MarshalJSON` and JSON's names of fields, the pretty form text and small letters.
    fn object(&mut self, object: &dyn Object) -> Result<(), YamlError> {
        let plain = object.to_plain();
        if let Some(time) = object.as_any().downcast_ref::<Time>() {
            if let (Some(Value::Str(moment)), true) = (&plain, self.pretty()) {
                self.writer.timestamp(&moment.to_text());
                return Ok(());
            }
            time.marshal_text().map_err(|error| YamlError::Json(JsonError::Time(error)))?;
        }
        match (plain, object.display()) {
            // A month is a number that has a name, but no text of its own.
            (Some(plain @ Value::Int(_)), _) => self.value(&plain)?,
            (Some(_), Some(shown)) if self.pretty() => self.writer.text(&shown),
            (Some(plain), _) => self.value(&plain)?,
            (None, _) if object.kind() == Kind::Func => {
                return Err(self.unknown(object.type_name().to_owned()));
            }
            (None, _) => self.fields(object)?,
        }
        Ok(())
    }

    fn fields(&mut self, object: &dyn Object) -> Result<(), YamlError> {
        let mut fields = object.fields();
        fields.retain(|(_, name, _)| *name != "-");
        self.enter(None)?;
        if self.pretty() {
            // Structs keep the order of their fields here.
            self.writer.begin_map();
            for (name, _, value) in &fields {
                self.writer.key(&name.to_lowercase());
                self.value(value)?;
            }
            self.writer.end_map();
        } else {
            self.entries(
                fields
                    .iter()
                    .map(|(_, name, value)| (Cow::from(*name), name.as_bytes(), value))
                    .collect(),
            )?;
        }
        self.depth -= 1;
        Ok(())
    }

    fn enter(&mut self, map: Option<&Map>) -> Result<(), YamlError> {
        self.depth += 1;
        let watched = self.depth > CYCLES_FROM_DEPTH;
        let again = watched && map.is_some_and(|map| self.maps.contains(&map.address()));
        if again || stack::below(self.floor) {
            if self.pretty() {
                return Err(YamlError::TooDeep);
            }
            let name = map.map_or("[]interface {}", |map| map.ty().name);
            let text = format!("encountered a cycle via {name}");
            return Err(YamlError::Json(JsonError::UnsupportedValue(text)));
        }
        if watched {
            self.maps.extend(map.map(Map::address));
        }
        Ok(())
    }

    fn leave(&mut self) {
        if self.depth > CYCLES_FROM_DEPTH {
            self.maps.pop();
        }
        self.depth -= 1;
    }
}

/// The text of a key, borrowed if it is UTF-8. It nearly always is: asking that first is faster.
fn key_text(key: &Str) -> Cow<'_, str> {
    key.as_utf8().map_or_else(|| key.to_text(), Cow::Borrowed)
}
