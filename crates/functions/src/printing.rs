//! Values as text: `toString`, `quote`, `cat`, `join` and the like.

use std::borrow::Cow;

use gotmpl::function::{Call, Failure, Function, Param, Words};
use gotmpl::value::{Elem, List, Str, Value};

use crate::bounds;
use crate::strings::text;

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[
    Function::variadic("cat", &[Param::Any], cat).with_words(Words::Kept),
    Function::pure("join", &[Param::Str, Param::Any], join).with_words(Words::Kept),
    Function::variadic("quote", &[Param::Any], quote).with_words(Words::Kept),
    Function::pure("sortAlpha", &[Param::Any], sort_alpha),
    Function::variadic("squote", &[Param::Any], squote).with_words(Words::Kept),
    Function::pure("toString", &[Param::Any], |call| {
        let printed = to_str(call.any(0));
        bounds::charge_nested(call, printed.len())?;
        Ok(Value::Str(printed))
    }),
    Function::pure("toStrings", &[Param::Any], |call| {
        Ok(match call.any(0) {
            Value::List(list) if list.elem() == Elem::Str => list.clone().into(),
            other => {
                let printed = strings_of(other);
                bounds::charge_nested(call, printed.iter().map(|text| text.len()).sum())?;
                List::strings(printed).into()
            }
        })
    }),
];

/// Sprig's `strval`: text and bytes as they are, everything else as `%v` prints it.
pub fn to_str(value: &Value) -> Str {
    match value {
        Value::Str(text) => text.clone(),
        other => match string_bytes(other) {
            Cow::Borrowed(bytes) => bytes.into(),
            Cow::Owned(bytes) => bytes.into(),
        },
    }
}

/// The bytes of [`to_str`], without a copy where the value is text.
pub fn string_bytes(value: &Value) -> Cow<'_, [u8]> {
    match value {
        Value::Str(text) => Cow::Borrowed(text.as_bytes()),
        Value::List(list) if list.elem() == Elem::Uint8 => Cow::Owned(bytes_of(list)),
        other => {
            let mut out = Vec::new();
            gotmpl::fmt::print(&mut out, other);
            Cow::Owned(out)
        }
    }
}

/// Go's `[]byte` as bytes.
pub fn bytes_of(list: &List) -> Vec<u8> {
    list.iter().map(|item| if let Value::Uint8(byte) = item { *byte } else { 0 }).collect()
}

/// Sprig's `strslice`: the items as text without the nils; a single value is a list of one.
fn strings_of(value: &Value) -> Vec<Str> {
    match value {
        Value::Nil => Vec::new(),
        Value::List(list) => {
            list.iter().filter(|item| !matches!(item, Value::Nil)).map(to_str).collect()
        }
        other => vec![to_str(other)],
    }
}

fn join(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let separator = call.text(0);
    let items = match call.any(1) {
        Value::List(list) => list.clone(),
        Value::Nil => return Ok(text(&b""[..])),
        single => return Ok(Value::Str(to_str(single))),
    };
    let mut out = Vec::new();
    let mut starts = true;
    for item in items.iter().filter(|item| !matches!(item, Value::Nil)) {
        if !std::mem::take(&mut starts) {
            out.extend_from_slice(separator);
        }
        out.extend_from_slice(&string_bytes(item));
        bounds::check_text(Some(out.len()))?;
    }
    Ok(text(out))
}

fn sort_alpha(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let value = call.any(0);
    if !matches!(value, Value::List(_)) {
        return Ok(List::strings([to_str(value)]).into());
    }
    let mut sorted = strings_of(value);
    // Each text is compared with so many others, in the worst case up to its end.
    let bytes: usize = sorted.iter().map(|text| text.len()).sum();
    let rounds = u64::from(sorted.len().max(1).ilog2());
    call.machine.charge((bytes as u64 / 16 + sorted.len() as u64) * rounds)?;
    sorted.sort_unstable();
    Ok(List::strings(sorted).into())
}

fn quote(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let mut out = Vec::new();
    for value in call.args.iter().filter(|value| !matches!(value, Value::Nil)) {
        if !out.is_empty() {
            out.push(b' ');
        }
        append_quoted(&mut out, &string_bytes(value));
    }
    bounds::charge_nested(call, out.len())?;
    Ok(text(out))
}

/// `%q`, with a short way for text that needs no escapes.
fn append_quoted(out: &mut Vec<u8>, bytes: &[u8]) {
    let plain = |byte: &u8| (b' '..=b'~').contains(byte) && *byte != b'"' && *byte != b'\\';
    if bytes.iter().all(plain) {
        out.reserve(bytes.len() + 2);
        out.push(b'"');
        out.extend_from_slice(bytes);
        out.push(b'"');
    } else {
        out.extend_from_slice(gotmpl::fmt::quoted(bytes).as_bytes());
    }
}

fn squote(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let mut out = Vec::new();
    for value in call.args.iter().filter(|value| !matches!(value, Value::Nil)) {
        out.extend_from_slice(if out.is_empty() { b"'" } else { b" '" });
        gotmpl::fmt::print(&mut out, value);
        out.push(b'\'');
    }
    bounds::charge_nested(call, out.len())?;
    Ok(text(out))
}

fn cat(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let mut out = Vec::new();
    let mut starts = true;
    for value in call.args.iter().filter(|value| !matches!(value, Value::Nil)) {
        if !std::mem::take(&mut starts) {
            out.push(b' ');
        }
        gotmpl::fmt::print(&mut out, value);
    }
    bounds::charge_nested(call, out.len())?;
    Ok(text(out))
}
