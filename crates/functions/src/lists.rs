//! Lists: making, cutting, joining and searching them.
//!
//! Each function and its `must` twin are one: Sprig's plain ones panic with the error that the
//! others return, and Go's templates report both alike. Lists of numbers are in `sequences`.

use gotmpl::function::{Call, Failure, Function, Param};
use gotmpl::value::{Elem, List, Value};

use crate::{bounds, comparing, defaults, numbers};

const ONE: &[Param] = &[Param::Any];
const TWO: &[Param] = &[Param::Any, Param::Any];

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[
    Function::pure("append", TWO, push),
    Function::pure("chunk", &[Param::Int, Param::Any], chunk),
    Function::pure("compact", ONE, compact),
    Function::variadic("concat", ONE, concat),
    Function::pure("first", ONE, first),
    Function::pure("has", TWO, has),
    Function::pure("initial", ONE, initial),
    Function::pure("last", ONE, last),
    Function::variadic("list", ONE, list),
    Function::pure("mustAppend", TWO, push),
    Function::pure("mustChunk", &[Param::Int, Param::Any], chunk),
    Function::pure("mustCompact", ONE, compact),
    Function::pure("mustFirst", ONE, first),
    Function::pure("mustHas", TWO, has),
    Function::pure("mustInitial", ONE, initial),
    Function::pure("mustLast", ONE, last),
    Function::pure("mustPrepend", TWO, prepend),
    Function::pure("mustPush", TWO, push),
    Function::pure("mustRest", ONE, rest),
    Function::pure("mustReverse", ONE, reverse),
    Function::variadic("mustSlice", TWO, slice),
    Function::pure("mustUniq", ONE, uniq),
    Function::variadic("mustWithout", TWO, without),
    Function::pure("prepend", TWO, prepend),
    Function::pure("push", TWO, push),
    Function::pure("rest", ONE, rest),
    Function::pure("reverse", ONE, reverse),
    Function::variadic("slice", TWO, slice),
    Function::variadic("tuple", ONE, list),
    Function::pure("uniq", ONE, uniq),
    Function::variadic("without", TWO, without),
];

/// The argument as a slice, or Go's complaint: a nil pointer for nil, `complaint` and the kind for
/// anything else.
fn slice_of<'call>(value: &'call Value, complaint: &str) -> Result<&'call List, Failure> {
    match value {
        Value::List(list) => Ok(list),
        Value::Nil => Err(bounds::nil_pointer()),
        other => Err(Failure::new(format!("{complaint} {}", other.kind().name()))),
    }
}

/// `[]interface {}` of these items.
fn any(items: Vec<Value>) -> Result<Value, Failure> {
    Ok(List::any(items).into())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    any(call.args.to_vec())
}

fn push(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let items = slice_of(call.any(0), "Cannot push on type")?;
    any(items.iter().chain([call.any(1)]).cloned().collect())
}

fn prepend(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let items = slice_of(call.any(0), "Cannot prepend on type")?;
    any([call.any(1)].into_iter().chain(items.iter()).cloned().collect())
}

fn first(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let items = slice_of(call.any(0), "Cannot find first on type")?;
    Ok(items.first().cloned().unwrap_or(Value::Nil))
}

fn last(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let items = slice_of(call.any(0), "Cannot find last on type")?;
    Ok(items.last().cloned().unwrap_or(Value::Nil))
}

fn rest(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    match slice_of(call.any(0), "Cannot find rest on type")?.split_first() {
        None => Ok(List::nil(Elem::Any).into()),
        Some((_, rest)) => any(rest.to_vec()),
    }
}

fn initial(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    match slice_of(call.any(0), "Cannot find initial on type")?.split_last() {
        None => Ok(List::nil(Elem::Any).into()),
        Some((_, initial)) => any(initial.to_vec()),
    }
}

fn reverse(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    any(slice_of(call.any(0), "Cannot find reverse on type")?.iter().rev().cloned().collect())
}

fn compact(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let items = slice_of(call.any(0), "Cannot compact on type")?;
    any(items.iter().filter(|item| !defaults::is_empty(item)).cloned().collect())
}

fn uniq(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let items = slice_of(call.any(0), "Cannot find uniq on type")?;
    let mut kept = comparing::Seen::default();
    let mut out = Vec::new();
    for item in items.iter() {
        if kept.insert(call.machine, item)? {
            out.push(item.clone());
        }
    }
    any(out)
}

fn without(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let items = slice_of(call.any(0), "Cannot find without on type")?;
    let omitted = call.args.get(1..).unwrap_or(&[]);
    let mut out = Vec::new();
    for item in items.iter() {
        if !comparing::contains(call.machine, omitted, item)? {
            out.push(item.clone());
        }
    }
    any(out)
}

fn has(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let haystack = match call.any(1) {
        Value::Nil => return Ok(Value::Bool(false)),
        other => slice_of(other, "Cannot find has on type")?,
    };
    comparing::contains(call.machine, haystack, call.any(0)).map(Value::Bool)
}

fn concat(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let mut out = Vec::new();
    for argument in call.args {
        let items = match argument {
            Value::List(list) => list,
            Value::Nil => return Err(bounds::nil_pointer()),
            other => {
                let kind = other.kind().name();
                return Err(Failure::new(format!("Cannot concat type {kind} as list")));
            }
        };
        bounds::check_elements(out.len() + items.len())?;
        out.extend(items.iter().cloned());
    }
    if out.is_empty() { Ok(List::nil(Elem::Any).into()) } else { any(out) }
}

fn slice(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let items = slice_of(call.any(0), "list should be type of slice or array but")?;
    if items.is_empty() {
        return Ok(Value::Nil);
    }
    let start = call.args.get(1).map_or(0, numbers::to_int64);
    let end = call.args.get(2).map_or(items.len() as i64, numbers::to_int64);
    let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    let part = range.and_then(|(start, end)| items.get(start..end));
    let part =
        part.ok_or_else(|| Failure::new("reflect.Value.Slice: slice index out of bounds"))?;
    Ok(List::new(items.elem(), part.to_vec()).into())
}

/// Sprig's arithmetic is in floats, and what it makes of a size of nothing or less is kept.
fn chunk(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let size = call.int(0);
    let items = slice_of(call.any(1), "Cannot chunk type")?;
    let chunks = ((items.len() as f64 - 1.0) / size as f64).floor() + 1.0;
    if chunks.is_nan() || chunks.is_infinite() || chunks < 0.0 {
        return Err(Failure::new("runtime error: makeslice: len out of range"));
    }
    // Of a negative size Go sees how many are left over, and makes a chunk of those; all other
    // chunks would be of that size.
    let left_over = items.len() as i64 % size;
    if size < 0 && (chunks > 1.0 || chunks > 0.0 && left_over == 0) {
        return Err(Failure::new("runtime error: makeslice: len out of range"));
    }
    let size = usize::try_from(size).unwrap_or(items.len()).max(1);
    let parts = items.chunks(size).take(chunks as usize);
    Ok(List::new(Elem::List, parts.map(|part| List::any(part.to_vec()).into()).collect()).into())
}
