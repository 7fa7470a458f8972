//! Dropping values that hold values: level by level instead of by recursion, so that a template
//! cannot overflow the stack by nesting lists a million deep.

use super::Value;

/// Empties what is about to be dropped of lists and maps that nobody else holds, and drops these.
pub(super) fn dismantle<'v>(values: impl Iterator<Item = &'v mut Value>) {
    let mut pending = Vec::new();
    gather(values, &mut pending);
    while let Some(mut value) = pending.pop() {
        match &mut value {
            Value::List(list) => gather(list.items_if_unique().iter_mut(), &mut pending),
            Value::Map(map) => {
                if let Some(entries) = map.entries_if_unique() {
                    gather(entries.values_mut(), &mut pending);
                }
            }
            _ => {}
        }
    }
}

fn gather<'v>(values: impl Iterator<Item = &'v mut Value>, pending: &mut Vec<Value>) {
    pending.extend(values.filter(|value| nests(value)).map(std::mem::take));
}

/// Whether dropping the value drops other values.
fn nests(value: &Value) -> bool {
    match value {
        Value::List(list) => list.is_unique() && !list.is_empty(),
        Value::Map(map) => map.is_unique() && !map.is_empty(),
        _ => false,
    }
}
