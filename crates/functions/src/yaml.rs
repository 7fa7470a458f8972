//! YAML as Helm writes and reads it. Grammar and layout are the `yaml` crate's; here values meet it.
//!
//! `toYaml` goes through JSON in Helm, which is where its errors and its view of numbers come from;
//! `toYamlPretty` does not, and sees Go's types.

mod write;

use ::yaml::{Build, Strictness};
use gotmpl::function::{Call, Failure, Function, Param, Words};
use gotmpl::value::{List, Map, MapType, Str, Value};
use std::borrow::Cow;

pub use write::{YamlError, to_yaml, to_yaml_pretty};

use crate::bounds;
use crate::strings::text;

const ANY: &[Param] = &[Param::Any];
const TEXT: &[Param] = &[Param::Str];
/// Words stand in YAML as they are.
const WORDS: Words = Words::KeptIf(|text| str::from_utf8(text).is_ok_and(::yaml::is_word));

/// The functions of this module. Those without `must` give an empty text where there is no YAML,
/// except for a text that is too long.
pub const FUNCTIONS: &[Function] = &[
    Function::pure("fromYaml", TEXT, |call| {
        charge_reading(call)?;
        Ok(from_yaml(call).into())
    })
    .with_words(WORDS),
    Function::pure("fromYamlArray", TEXT, |call| {
        charge_reading(call)?;
        Ok(from_yaml_array(call).into())
    })
    .with_words(WORDS),
    Function::pure("mustToYaml", ANY, |call| {
        let written = to_yaml(call.any(0));
        charged(call, written.map_err(|error| Failure::new(error.to_string())))
    }),
    Function::pure("toYaml", ANY, |call| match to_yaml(call.any(0)) {
        Err(error @ YamlError::TooLong) => Err(Failure::new(error.to_string())),
        Err(_) => bounds::charge_document(call, None).map(|()| text("")),
        Ok(written) => charged(call, Ok(written)),
    })
    .with_words(WORDS),
    Function::pure("toYamlPretty", ANY, |call| {
        let written = to_yaml_pretty(call.any(0));
        charged(call, written.map_err(|error| Failure::new(error.to_string())))
    }),
];

/// Reading YAML takes twice as long as writing it.
fn charge_reading(call: &mut Call<'_, '_>) -> Result<(), Failure> {
    bounds::charge_document(call, Some(2 * call.text(0).len()))
}

fn charged(call: &mut Call<'_, '_>, written: Result<String, Failure>) -> Result<Value, Failure> {
    let written = written?;
    bounds::charge_document(call, Some(written.len()))?;
    Ok(text(written))
}

/// Reads the first document of a YAML text; numbers become floats, as JSON has no others.
fn read(bytes: &[u8]) -> Result<Value, String> {
    ::yaml::read_with(bytes, Strictness::Lenient, &mut Values)
        .map_err(|error| format!("error converting YAML to JSON: {error}"))
}

fn mismatch(value: &Value, wanted: &str) -> String {
    let found = match value {
        Value::Bool(_) => "bool",
        Value::Str(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "object",
        _ => "number",
    };
    format!(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {found} into Go \
         value of type {wanted}"
    )
}

/// Helm's `fromYaml`: always a map, with the error's text under `Error`.
fn from_yaml(call: &Call<'_, '_>) -> Map {
    let error = match read(call.text(0)) {
        Ok(Value::Map(map)) => return map,
        Ok(Value::Nil) => return Map::new(),
        Ok(other) => mismatch(&other, MapType::ANY.name),
        Err(error) => error,
    };
    let map = Map::new();
    map.insert("Error", Value::from(error));
    map
}

/// Helm's `fromYamlArray`: always a list, of the error's text alone when there is one.
fn from_yaml_array(call: &Call<'_, '_>) -> List {
    let error = match read(call.text(0)) {
        Ok(Value::List(list)) => return list,
        Ok(Value::Nil) => return List::any(Vec::new()),
        Ok(other) => mismatch(&other, "[]interface {}"),
        Err(error) => error,
    };
    List::any(vec![Value::from(error)])
}

/// Builds template values.
struct Values;

impl Build for Values {
    type Value = Value;

    fn null(&mut self) -> Value {
        Value::Nil
    }

    fn bool(&mut self, value: bool) -> Value {
        Value::Bool(value)
    }

    fn int(&mut self, value: i64) -> Value {
        Value::Float64(value as f64)
    }

    fn uint(&mut self, value: u64) -> Value {
        Value::Float64(value as f64)
    }

    fn float(&mut self, value: f64) -> Value {
        Value::Float64(value)
    }

    fn text(&mut self, value: Cow<'_, str>) -> Value {
        Value::from(&*value)
    }

    fn list(&mut self, items: Vec<Value>) -> Value {
        List::any(items).into()
    }

    fn map(&mut self, entries: Vec<(Cow<'_, str>, Value)>) -> Value {
        let entries = entries.into_iter().map(|(key, value)| (Str::from(&*key), value));
        Map::typed(&MapType::ANY, entries.collect()).into()
    }
}
