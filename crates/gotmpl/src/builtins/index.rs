//! `index`, `slice`, `len`.

use crate::function::Failure;
use crate::value::{List, Value};

fn refuse<T>(text: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::new(text))
}

/// The number of elements, entries or bytes.
pub(super) fn length(value: &Value) -> Result<Value, Failure> {
    let length = match value {
        Value::Nil => return refuse("len of nil pointer"),
        Value::Str(text) => text.len(),
        Value::List(list) => list.len(),
        Value::Map(map) => map.len(),
        Value::Object(object) if object.as_map().is_some() => {
            object.as_map().map_or(0, |map| map.len())
        }
        other => {
            // Go looks behind a pointer first.
            let found = other.type_name();
            let found = found.strip_prefix('*').unwrap_or(&found);
            return refuse(format!("len of type {found}"));
        }
    };
    Ok(Value::Int(length as i64))
}

/// An index into something of `length` elements; as in Go, `length` itself passes here.
fn position(index: &Value, length: usize) -> Result<usize, Failure> {
    let number = match index {
        Value::Int(n) | Value::Int64(n) => *n,
        Value::Int32(n) => i64::from(*n),
        Value::Uint8(n) => i64::from(*n),
        Value::Uint64(n) => *n as i64,
        Value::Nil => return refuse("cannot index slice/array with nil"),
        other => match other.as_object_integer() {
            Some(n) => n,
            None => {
                let found = other.type_name();
                return refuse(format!("cannot index slice/array with type {found}"));
            }
        },
    };
    usize::try_from(number)
        .ok()
        .filter(|position| *position <= length)
        .ok_or_else(|| Failure::new(format!("index out of range: {number}")))
}

/// `index x 1 2 3` is Go's `x[1][2][3]`.
pub(super) fn index(args: &[Value]) -> Result<Value, Failure> {
    let (mut item, indexes) = match args {
        [] | [Value::Nil, ..] => return refuse("index of untyped nil"),
        [item, indexes @ ..] => (item.clone(), indexes),
    };
    for index in indexes {
        item = match &item.as_map_or_self() {
            Value::Nil => return refuse("index of nil pointer"),
            Value::Str(text) => match text.get(position(index, text.len())?) {
                Some(byte) => Value::Uint8(*byte),
                None => return refuse("reflect: string index out of range"),
            },
            Value::List(list) => match list.get(position(index, list.len())?) {
                Some(element) => element.clone(),
                None => return refuse("reflect: slice index out of range"),
            },
            Value::Map(map) => match index {
                Value::Str(key) => map.get(key).unwrap_or_else(|| map.ty().elem.zero()),
                Value::Nil => return refuse("value is nil; should be of type string"),
                other => {
                    let found = other.type_name();
                    return refuse(format!("value has type {found}; should be string"));
                }
            },
            other => return refuse(format!("can't index item of type {}", other.type_name())),
        };
    }
    Ok(item)
}

/// `slice x 1 2` is Go's `x[1:2]`.
pub(super) fn slice(args: &[Value]) -> Result<Value, Failure> {
    let (item, indexes) = match args {
        [] | [Value::Nil, ..] => return refuse("slice of untyped nil"),
        [item, indexes @ ..] => (item, indexes),
    };
    if indexes.len() > 3 {
        return refuse(format!("too many slice indexes: {}", indexes.len()));
    }
    let length = match item {
        Value::Str(_) if indexes.len() == 3 => return refuse("cannot 3-index slice a string"),
        Value::Str(text) => text.len(),
        Value::List(list) => list.len(),
        other => return refuse(format!("can't slice item of type {}", other.type_name())),
    };
    let mut bounds = [0, length, length];
    for (bound, index) in bounds.iter_mut().zip(indexes) {
        *bound = position(index, length)?;
    }
    let [start, end, capacity] = bounds;
    if start > end {
        return refuse(format!("invalid slice index: {start} > {end}"));
    }
    if end > capacity {
        return refuse(format!("invalid slice index: {end} > {capacity}"));
    }
    Ok(match item {
        Value::Str(text) => Value::Str(text.get(start..end).unwrap_or_default().into()),
        Value::List(list) => {
            let part = list.get(start..end).unwrap_or_default().to_vec();
            Value::List(List::new(list.elem(), part))
        }
        _ => Value::Nil,
    })
}
