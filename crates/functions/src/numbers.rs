//! Any value as a number, by the rules of `spf13/cast`: what is no number is zero.

use gotmpl::value::{Object, Value};

/// `cast.ToInt64` and `cast.ToInt`, which agree where `int` has 64 bits.
pub fn to_int64(value: &Value) -> i64 {
    match value {
        Value::Int(n) | Value::Int64(n) => *n,
        Value::Int32(n) => i64::from(*n),
        Value::Uint8(n) => i64::from(*n),
        Value::Uint64(n) => *n as i64,
        Value::Float64(n) => truncate(*n),
        Value::Str(text) => {
            strconv::parse_int(without_zero_decimals(text), 0, 64).unwrap_or_default()
        }
        Value::Bool(flag) => i64::from(*flag),
        Value::Object(object) => calendar_number(object.as_ref()).unwrap_or_default(),
        Value::Nil | Value::Complex(..) | Value::List(_) | Value::Map(_) => 0,
    }
}

/// `cast.ToFloat64`.
pub fn to_float64(value: &Value) -> f64 {
    match value {
        Value::Float64(n) => *n,
        Value::Str(text) => strconv::parse_float(text, 64).unwrap_or_default(),
        Value::Uint64(n) => *n as f64,
        other => to_int64(other) as f64,
    }
}

/// Go's conversion of a float to `int64` on amd64: out of range gives the smallest number.
pub fn truncate(float: f64) -> i64 {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&float) { float as i64 } else { i64::MIN }
}

/// `time.Month` and `time.Weekday` are the only named integers that cast knows.
fn calendar_number(object: &dyn Object) -> Option<i64> {
    if !matches!(object.type_name(), "time.Month" | "time.Weekday") {
        return None;
    }
    object.to_plain().map(|plain| to_int64(&plain))
}

/// `8.00` without its zeros and point, as cast strips them before it reads an integer.
fn without_zero_decimals(text: &[u8]) -> &[u8] {
    let zeros = text.iter().rev().take_while(|&&byte| byte == b'0').count();
    let head = &text[..text.len() - zeros];
    if zeros > 0 { head.strip_suffix(b".").unwrap_or(text) } else { text }
}
