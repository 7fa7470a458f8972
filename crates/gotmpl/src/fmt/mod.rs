//! Go's `fmt`: verbs, flags, widths, and what goes wrong in them.

use crate::value::Value;

/// `%q` of a string.
pub fn quoted(text: &[u8]) -> String {
    format!("{:?}", String::from_utf8_lossy(text))
}

/// Go's `Sprintf`.
pub fn sprintf(_format: &[u8], _args: &[Value]) -> Vec<u8> {
    Vec::new()
}

/// Go's `Sprint`.
pub fn sprint(_args: &[Value]) -> Vec<u8> {
    Vec::new()
}

/// Go's `Sprintln`.
pub fn sprintln(_args: &[Value]) -> Vec<u8> {
    Vec::new()
}

/// Appends `%v` of a value.
pub fn print(_out: &mut Vec<u8>, _value: &Value) {}
