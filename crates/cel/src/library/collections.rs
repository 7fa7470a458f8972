//! Lists, maps and numbers.

use super::Run;
use super::operators::{LARGEST, too_large};
use crate::equality;
use crate::value::{Kind, Value};

pub(super) const TABLE: &[(&str, Run)] = &[
    ("size(string) -> int", size),
    ("size(bytes) -> int", size),
    ("size(list(A)) -> int", size),
    ("size(map(A, B)) -> int", size),
    ("string.size() -> int", size),
    ("bytes.size() -> int", size),
    ("list(A).size() -> int", size),
    ("map(A, B).size() -> int", size),
    ("list(A).slice(int, int) -> list(A)", slice),
    ("list(A).distinct() -> list(A)", |values| {
        let mut kept: Vec<Value> = Vec::new();
        for item in items(&values[0]) {
            if !kept.iter().any(|known| equality::equal(known, item)) {
                kept.push(item.clone());
            }
        }
        Ok(Value::list(kept))
    }),
    ("list(A).reverse() -> list(A)", |values| {
        Ok(Value::list(items(&values[0]).iter().rev().cloned().collect::<Vec<_>>()))
    }),
    ("list(int).sort() -> list(int)", sort),
    ("list(uint).sort() -> list(uint)", sort),
    ("list(double).sort() -> list(double)", sort),
    ("list(bool).sort() -> list(bool)", sort),
    ("list(string).sort() -> list(string)", sort),
    ("list(bytes).sort() -> list(bytes)", sort),
    ("list(list(A)).flatten() -> list(A)", |values| flatten(&values[0], 1)),
    ("list(dyn).flatten(int) -> list(dyn)", |values| match values[1].kind {
        Kind::Int(levels @ 0..) => flatten(&values[0], levels),
        _ => Err("flatten() goes down by a number of levels that is not negative".to_owned()),
    }),
    ("list(A).first() -> optional(A)", |values| {
        Ok(Value::optional(items(&values[0]).first().cloned()))
    }),
    ("list(A).last() -> optional(A)", |values| {
        Ok(Value::optional(items(&values[0]).last().cloned()))
    }),
    ("lists.range(int) -> list(int)", |values| match number(&values[0]) {
        count if count > LARGEST as i64 => Err(too_large()),
        count if count < 0 => Err(format!("a list cannot have {count} items")),
        count => Ok(Value::list((0..count).map(Value::int).collect::<Vec<_>>())),
    }),
    ("math.greatest(int, int) -> int", greatest),
    ("math.greatest(uint, uint) -> uint", greatest),
    ("math.greatest(double, double) -> double", greatest),
    ("math.least(int, int) -> int", least),
    ("math.least(uint, uint) -> uint", least),
    ("math.least(double, double) -> double", least),
];

/// The number that a signature has asked for.
fn number(value: &Value) -> i64 {
    match value.kind {
        Kind::Int(number) => number,
        _ => 0,
    }
}

fn items(value: &Value) -> &[Value] {
    match &value.kind {
        Kind::List(items) => items,
        _ => &[],
    }
}

fn size(values: &[Value]) -> Result<Value, String> {
    let size = match &values[0].kind {
        Kind::String(text) => text.chars().count(),
        Kind::Bytes(bytes) => bytes.len(),
        Kind::List(items) => items.len(),
        Kind::Map(entries) => entries.len(),
        _ => 0,
    };
    Ok(Value::int(size as i64))
}

fn slice(values: &[Value]) -> Result<Value, String> {
    let all = items(&values[0]);
    let (start, end) = (number(&values[1]), number(&values[2]));
    let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    let found = range.and_then(|(start, end)| all.get(start..end));
    found
        .map(Value::list)
        .ok_or_else(|| format!("the list has {} items, and none from {start} to {end}", all.len()))
}

fn sort(values: &[Value]) -> Result<Value, String> {
    let mut sorted = items(&values[0]).to_vec();
    if let [first, rest @ ..] = sorted.as_slice() {
        let name = first.kind.type_name();
        let is_like_it = |one: &Value| one.kind.type_name() == name;
        if equality::order(&first.kind, &first.kind).is_none() || !rest.iter().all(is_like_it) {
            return Err("sort() wants numbers, texts or truth values of one type".to_owned());
        }
    }
    sorted.sort_by(|one, two| {
        equality::order(&one.kind, &two.kind).unwrap_or(std::cmp::Ordering::Equal)
    });
    Ok(Value::list(sorted))
}

fn flatten(value: &Value, levels: i64) -> Result<Value, String> {
    let mut made = items(value).to_vec();
    for _ in 0..levels {
        if !made.iter().any(|item| matches!(item.kind, Kind::List(_))) {
            break;
        }
        let mut next = Vec::new();
        for item in &made {
            match &item.kind {
                Kind::List(inner) => {
                    next.extend(inner.iter().map(|one| one.clone().with(&item.origins)));
                }
                _ => next.push(item.clone()),
            }
        }
        made = next;
    }
    Ok(Value::list(made))
}

fn greatest(values: &[Value]) -> Result<Value, String> {
    let order = equality::order(&values[0].kind, &values[1].kind);
    Ok(values[usize::from(order == Some(std::cmp::Ordering::Less))].clone())
}

fn least(values: &[Value]) -> Result<Value, String> {
    let order = equality::order(&values[0].kind, &values[1].kind);
    Ok(values[usize::from(order == Some(std::cmp::Ordering::Greater))].clone())
}
