//! From one type to another.

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};

use super::Run;
use crate::value::{Kind, Value};

pub(super) const TABLE: &[(&str, Run)] = &[
    ("dyn(A) -> dyn", |values| Ok(values[0].clone())),
    ("type(A) -> type", |values| Ok(Value::new(Kind::Type(values[0].kind.type_name().into())))),
    ("int(int) -> int", same),
    ("int(uint) -> int", to_int),
    ("int(double) -> int", to_int),
    ("int(string) -> int", to_int),
    ("uint(uint) -> uint", same),
    ("uint(int) -> uint", to_uint),
    ("uint(double) -> uint", to_uint),
    ("uint(string) -> uint", to_uint),
    ("double(double) -> double", same),
    ("double(int) -> double", to_double),
    ("double(uint) -> double", to_double),
    ("double(string) -> double", to_double),
    ("bool(bool) -> bool", same),
    ("bool(string) -> bool", to_bool),
    ("bytes(bytes) -> bytes", same),
    ("bytes(string) -> bytes", |values| match &values[0].kind {
        Kind::String(text) => Ok(Value::bytes(text.as_bytes())),
        _ => same(values),
    }),
    ("string(string) -> string", same),
    ("string(bool) -> string", to_string),
    ("string(int) -> string", to_string),
    ("string(uint) -> string", to_string),
    ("string(double) -> string", to_string),
    ("string(bytes) -> string", to_string),
    ("base64.encode(bytes) -> string", |values| match &values[0].kind {
        Kind::Bytes(bytes) => Ok(Value::string(STANDARD.encode(bytes))),
        _ => same(values),
    }),
    ("base64.decode(string) -> bytes", |values| {
        let text = values[0].as_str().unwrap_or("");
        LENIENT.decode(text).map(Value::bytes).map_err(|fault| format!("no base64: {fault}"))
    }),
];

/// With padding or without.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

fn same(values: &[Value]) -> Result<Value, String> {
    Ok(values[0].clone())
}

/// A double is cut towards zero, when it is one that an integer can hold.
fn to_int(values: &[Value]) -> Result<Value, String> {
    let number = match &values[0].kind {
        Kind::Uint(number) => i64::try_from(*number).ok(),
        Kind::Double(number) => {
            // The ends themselves are not safe: a double cannot tell them from their neighbours.
            let is_inside = *number > i64::MIN as f64 && *number < i64::MAX as f64;
            is_inside.then_some(*number as i64)
        }
        Kind::String(text) => strconv::parse_int(text.as_bytes(), 10, 64).ok(),
        _ => None,
    };
    number.map(Value::int).ok_or_else(|| format!("{} is no int", values[0]))
}

fn to_uint(values: &[Value]) -> Result<Value, String> {
    let number = match &values[0].kind {
        Kind::Int(number) => u64::try_from(*number).ok(),
        Kind::Double(number) => {
            let is_inside = *number >= 0.0 && *number < u64::MAX as f64;
            is_inside.then_some(*number as u64)
        }
        Kind::String(text) => strconv::parse_uint(text.as_bytes(), 10, 64).ok(),
        _ => None,
    };
    number.map(Value::uint).ok_or_else(|| format!("{} is no uint", values[0]))
}

fn to_double(values: &[Value]) -> Result<Value, String> {
    let number = match &values[0].kind {
        Kind::Int(number) => Some(*number as f64),
        Kind::Uint(number) => Some(*number as f64),
        Kind::String(text) => strconv::parse_float(text.as_bytes(), 64).ok(),
        _ => None,
    };
    number.map(Value::double).ok_or_else(|| format!("{} is no double", values[0]))
}

fn to_bool(values: &[Value]) -> Result<Value, String> {
    let truth = values[0].as_str().and_then(|text| strconv::parse_bool(text.as_bytes()).ok());
    truth.map(Value::bool).ok_or_else(|| format!("{} is no bool", values[0]))
}

fn to_string(values: &[Value]) -> Result<Value, String> {
    let text = match &values[0].kind {
        Kind::Bool(value) => value.to_string(),
        Kind::Int(value) => value.to_string(),
        Kind::Uint(value) => value.to_string(),
        Kind::Double(value) => strconv::format_float(*value, b'g', None, 64),
        Kind::Bytes(bytes) => {
            String::from_utf8(bytes.to_vec()).map_err(|_| "the bytes are no UTF-8".to_owned())?
        }
        _ => return same(values),
    };
    Ok(Value::string(text))
}
