//! Values that may be missing.

use super::Run;
use crate::value::{Kind, Value};

pub(super) const TABLE: &[(&str, Run)] = &[
    ("optional.of(A) -> optional(A)", |values| Ok(Value::optional(Some(values[0].clone())))),
    ("optional.none() -> optional(A)", |_| Ok(Value::optional(None))),
    ("optional.ofNonZeroValue(A) -> optional(A)", |values| {
        Ok(Value::optional((!is_zero(&values[0].kind)).then(|| values[0].clone())))
    }),
    ("optional(A).hasValue() -> bool", |values| {
        Ok(Value::bool(matches!(values[0].kind, Kind::Optional(Some(_)))))
    }),
    ("optional(A).value() -> A", |values| {
        inner(&values[0]).ok_or_else(|| "the optional value is none".to_owned())
    }),
    ("optional(A).orValue(A) -> A", |values| {
        Ok(inner(&values[0]).unwrap_or_else(|| values[1].clone()))
    }),
    ("optional(A).or(optional(A)) -> optional(A)", |values| {
        let is_there = inner(&values[0]).is_some();
        Ok(values[usize::from(!is_there)].clone())
    }),
];

fn inner(value: &Value) -> Option<Value> {
    match &value.kind {
        Kind::Optional(inner) => inner.as_deref().cloned(),
        _ => None,
    }
}

/// Whether a value is what its type has by default.
fn is_zero(kind: &Kind) -> bool {
    match kind {
        Kind::Null => true,
        Kind::Bool(value) => !value,
        Kind::Int(value) => *value == 0,
        Kind::Uint(value) => *value == 0,
        Kind::Double(value) => *value == 0.0,
        Kind::String(text) => text.is_empty(),
        Kind::Bytes(bytes) => bytes.is_empty(),
        Kind::List(items) => items.is_empty(),
        Kind::Map(entries) => entries.is_empty(),
        Kind::Optional(inner) => inner.is_none(),
        Kind::Object(_) | Kind::Type(_) => false,
    }
}
