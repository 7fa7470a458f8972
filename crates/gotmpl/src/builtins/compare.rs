//! `eq`, `ne`, `lt`, `le`, `gt`, `ge`, by Go's kinds: an int and a float do not compare.

use std::rc::Rc;

use crate::function::Failure;
use crate::value::{Kind, Value};

/// What Go compares by, once the size of a number is forgotten.
enum Basic<'v> {
    Bool(bool),
    Complex(f64, f64),
    Int(i64),
    Float(f64),
    Text(&'v [u8]),
    Uint(u64),
    /// Nothing that orders.
    Other,
}

impl PartialEq for Basic<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Complex(a, i), Self::Complex(b, j)) => a == b && i == j,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a == b,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Uint(a), Self::Uint(b)) => a == b,
            (Self::Int(a), Self::Uint(b)) | (Self::Uint(b), Self::Int(a)) => {
                u64::try_from(*a) == Ok(*b)
            }
            _ => false,
        }
    }
}

fn basic(value: &Value) -> Basic<'_> {
    match value {
        Value::Bool(b) => Basic::Bool(*b),
        Value::Int(n) | Value::Int64(n) => Basic::Int(*n),
        Value::Int32(n) => Basic::Int(i64::from(*n)),
        Value::Uint8(n) => Basic::Uint(u64::from(*n)),
        Value::Uint64(n) => Basic::Uint(*n),
        Value::Float64(n) => Basic::Float(*n),
        Value::Complex(real, imaginary) => Basic::Complex(*real, *imaginary),
        Value::Str(text) => Basic::Text(text),
        Value::Nil | Value::List(_) | Value::Map(_) | Value::Object(_) => Basic::Other,
    }
}

/// A named number (a `time.Duration`) as the number that it is.
fn underlying(value: &Value) -> Option<Value> {
    match value {
        Value::Object(object)
            if matches!(
                object.kind(),
                Kind::Bool
                    | Kind::Int
                    | Kind::Int32
                    | Kind::Int64
                    | Kind::Uint8
                    | Kind::Uint64
                    | Kind::Float64
                    | Kind::String
            ) =>
        {
            object.to_plain()
        }
        _ => None,
    }
}

fn same_kind(a: &Basic<'_>, b: &Basic<'_>) -> bool {
    matches!((a, b), (Basic::Int(_), Basic::Uint(_)) | (Basic::Uint(_), Basic::Int(_)))
        || std::mem::discriminant(a) == std::mem::discriminant(b)
}

fn incompatible(a: &Value, b: &Value) -> Failure {
    let (a, b) = (a.type_name(), b.type_name());
    Failure::new(format!("incompatible types for comparison: {a} and {b}"))
}

/// Whether `first` equals any of `others`.
pub(super) fn equal_any(first: &Value, others: &[Value]) -> Result<bool, Failure> {
    if others.is_empty() {
        return Err(Failure::new("missing argument for comparison"));
    }
    for other in others {
        if equal(first, other)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the two are equal.
pub(super) fn equal(a: &Value, b: &Value) -> Result<bool, Failure> {
    let (plain_a, plain_b) = (underlying(a), underlying(b));
    let (x, y) = (basic(plain_a.as_ref().unwrap_or(a)), basic(plain_b.as_ref().unwrap_or(b)));
    if !same_kind(&x, &y) {
        if matches!(a, Value::Nil) || matches!(b, Value::Nil) {
            return Ok(false);
        }
        return Err(incompatible(a, b));
    }
    if !matches!(x, Basic::Other) {
        return Ok(x == y);
    }
    equal_composites(a, b)
}

fn equal_composites(a: &Value, b: &Value) -> Result<bool, Failure> {
    let either_nil = matches!(a, Value::Nil) || matches!(b, Value::Nil);
    if a.kind() != b.kind() && !either_nil {
        let (shown_a, shown_b) = (shown(a, b"%s"), shown(b, b"%v"));
        let (type_a, type_b) = (a.type_name(), b.type_name());
        let text = format!("non-comparable types {shown_a}: {type_a}, {type_b}: {shown_b}");
        return Err(Failure::new(text));
    }
    if is_nil(a) || is_nil(b) {
        return Ok(is_nil(a) == is_nil(b));
    }
    if let (Value::Object(x), Value::Object(y)) = (a, b) {
        let same_struct = x.kind() == Kind::Struct && x.type_name() == y.type_name();
        return Ok(Rc::ptr_eq(x, y)
            || (same_struct
                && shown(a, b"%#v") == shown(b, b"%#v")
                && x.display() == y.display()));
    }
    let (shown, type_name) = (shown(b, b"%s"), b.type_name());
    Err(Failure::new(format!("non-comparable type {shown}: {type_name}")))
}

fn is_nil(value: &Value) -> bool {
    match value {
        Value::Nil => true,
        Value::List(list) => list.is_nil(),
        Value::Map(map) => map.is_nil(),
        _ => false,
    }
}

fn shown(value: &Value, format: &[u8]) -> String {
    let text = crate::fmt::sprintf(format, std::slice::from_ref(value));
    String::from_utf8_lossy(&text).into_owned()
}

/// Whether the first is less than the second.
pub(super) fn less(a: &Value, b: &Value) -> Result<bool, Failure> {
    let (plain_a, plain_b) = (underlying(a), underlying(b));
    let (x, y) = (basic(plain_a.as_ref().unwrap_or(a)), basic(plain_b.as_ref().unwrap_or(b)));
    Ok(match (&x, &y) {
        (Basic::Other, _) | (_, Basic::Other) => return Err(unordered()),
        (Basic::Int(a), Basic::Int(b)) => a < b,
        (Basic::Float(a), Basic::Float(b)) => a < b,
        (Basic::Text(a), Basic::Text(b)) => a < b,
        (Basic::Uint(a), Basic::Uint(b)) => a < b,
        (Basic::Int(a), Basic::Uint(b)) => u64::try_from(*a).map_or(true, |a| a < *b),
        (Basic::Uint(a), Basic::Int(b)) => u64::try_from(*b).is_ok_and(|b| *a < b),
        (Basic::Bool(_), Basic::Bool(_)) | (Basic::Complex(..), Basic::Complex(..)) => {
            return Err(unordered());
        }
        _ => return Err(incompatible(a, b)),
    })
}

fn unordered() -> Failure {
    Failure::new("invalid type for comparison")
}

/// Whether the first is less than the second or equal to it.
pub(super) fn less_or_equal(a: &Value, b: &Value) -> Result<bool, Failure> {
    Ok(less(a, b)? || equal(a, b)?)
}
