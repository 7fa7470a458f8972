//! JSON as Go's `encoding/json` writes and reads it.
//!
//! Go 1.27 runs the old interface on its new engine, so the words of errors are a mixture of both.
//! Not here: YAML, which goes its own way over the same values.

mod decode;
mod encode;

use gotmpl::function::{Call, Failure, Function, Param, Words};
use gotmpl::value::{Elem, List, Map, MapType, Value};

pub use decode::{Decoded, decode, show_escape};
pub use encode::{Style, encode};

use crate::bounds::{self, MAX_TEXT_BYTES};
use crate::strings::text;

/// What is wrong with a JSON text, or with a value that has none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// The text is no JSON.
    #[error("{0}")]
    Syntax(String),
    /// The text is JSON, but not of the wanted Go type.
    #[error("json: cannot unmarshal {value} into {target}")]
    Mismatch {
        /// What stands in the text.
        value: String,
        /// The Go type, and where in the text it was wanted.
        target: String,
    },
    /// A value that JSON cannot express: NaN, infinity, a map that contains itself.
    #[error("json: unsupported value: {0}")]
    UnsupportedValue(String),
    /// A Go type that JSON cannot express.
    #[error("json: unsupported type: {0}")]
    UnsupportedType(String),
    /// A time that JSON cannot express.
    #[error("json: error calling MarshalJSON for type *time.Time: {0}")]
    Time(&'static str),
    /// More text than a function may make.
    #[error("the resulting text would be longer than {MAX_TEXT_BYTES} bytes")]
    TooLong,
}

impl From<JsonError> for Failure {
    fn from(error: JsonError) -> Self {
        Self::new(error.to_string())
    }
}

const ANY: &[Param] = &[Param::Any];
const TEXT: &[Param] = &[Param::Str];

/// The functions of this module. Those without `must` give an empty text where there is no JSON,
/// except for a text that is too long.
pub const FUNCTIONS: &[Function] = &[
    Function::pure("fromJson", TEXT, |call| {
        charge_reading(call)?;
        Ok(from_json(call).into())
    }),
    Function::pure("fromJsonArray", TEXT, |call| {
        charge_reading(call)?;
        Ok(from_json_array(call).into())
    }),
    Function::pure("mustFromJson", TEXT, |call| {
        charge_reading(call)?;
        let Decoded { value, error } = decode(call.text(0));
        error.map_or(Ok(value), |error| Err(error.into()))
    }),
    Function::pure("mustToJson", ANY, |call| to_json(call, Style::COMPACT)),
    Function::pure("mustToPrettyJson", ANY, |call| to_json(call, Style::PRETTY)),
    Function::pure("mustToRawJson", ANY, |call| to_json(call, Style::RAW)),
    Function::pure("toJson", ANY, |call| or_empty(call, Style::COMPACT)).with_words(Words::Kept),
    Function::pure("toPrettyJson", ANY, |call| or_empty(call, Style::PRETTY)),
    Function::pure("toRawJson", ANY, |call| to_json(call, Style::RAW)),
];

fn charge_reading(call: &mut Call<'_, '_>) -> Result<(), Failure> {
    bounds::charge_document(call, Some(call.text(0).len()))
}

fn to_json(call: &mut Call<'_, '_>, style: Style) -> Result<Value, Failure> {
    let written = encode(call.any(0), style)?;
    bounds::charge_document(call, Some(written.len()))?;
    Ok(text(written))
}

fn or_empty(call: &mut Call<'_, '_>, style: Style) -> Result<Value, Failure> {
    match encode(call.any(0), style) {
        Err(error @ JsonError::TooLong) => Err(error.into()),
        Err(_) => bounds::charge_document(call, None).map(|()| text("")),
        Ok(written) => {
            bounds::charge_document(call, Some(written.len()))?;
            Ok(text(written))
        }
    }
}

/// Go's type of a decoded value, as its errors name it.
fn kind_in_text(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "bool",
        Value::Str(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "object",
        _ => "number",
    }
}

fn mismatch(value: &Value, wanted: &str) -> JsonError {
    JsonError::Mismatch {
        value: kind_in_text(value).to_owned(),
        target: format!("Go value of type {wanted}"),
    }
}

/// Helm's `fromJson`: always a map, with the error's text under `Error`.
fn from_json(call: &Call<'_, '_>) -> Map {
    let Decoded { value, mut error } = decode(call.text(0));
    let map = match value {
        Value::Map(map) => map,
        Value::Nil if error.is_none() => return Map::nil(&MapType::ANY),
        // No JSON at all.
        Value::Nil => Map::new(),
        other => {
            error = Some(mismatch(&other, MapType::ANY.name));
            Map::new()
        }
    };
    if let Some(error) = error {
        map.insert("Error", Value::from(error.to_string()));
    }
    map
}

/// Helm's `fromJsonArray`: always a list, of the error's text alone when there is one.
fn from_json_array(call: &Call<'_, '_>) -> List {
    let Decoded { value, error } = decode(call.text(0));
    let error = match (error, value) {
        (None, Value::List(list)) => return list,
        (None, Value::Nil) => return List::nil(Elem::Any),
        (Some(error), Value::List(_) | Value::Nil) => error,
        (_, other) => mismatch(&other, "[]interface {}"),
    };
    List::any(vec![Value::from(error.to_string())])
}
