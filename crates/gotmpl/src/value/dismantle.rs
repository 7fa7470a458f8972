//! Dropping values that hold values: not by recursion alone, so that a template cannot overflow the
//! stack by nesting lists a million deep.

use std::cell::Cell;

use super::{Entries, Value};

thread_local! {
    /// How many drops of lists and maps are under way on this thread, one in the other.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// From here on values are taken out of each other before they are dropped.
const MAX_DEPTH: usize = 64;

/// What a list or a map holds.
pub(super) trait Held: Default {
    fn each(&mut self, work: impl FnMut(&mut Value));
}

impl Held for Vec<Value> {
    fn each(&mut self, work: impl FnMut(&mut Value)) {
        self.iter_mut().for_each(work);
    }
}

impl Held for Entries {
    fn each(&mut self, work: impl FnMut(&mut Value)) {
        self.each_value(work);
    }
}

/// Drops what is held, whatever it holds in turn. To be called in the drop of its holder.
pub(super) fn dismantle(held: &mut impl Held) {
    let mut held = std::mem::take(held);
    let depth = DEPTH.get();
    DEPTH.set(depth + 1);
    if depth >= MAX_DEPTH {
        flatten(&mut held);
    }
    drop(held);
    DEPTH.set(depth);
}

/// Drops the lists and maps that are held and that nobody else holds, level by level.
fn flatten(held: &mut impl Held) {
    let mut pending = Vec::new();
    held.each(|value| gather(value, &mut pending));
    while let Some(mut value) = pending.pop() {
        match &mut value {
            Value::List(list) => {
                list.items_if_unique().iter_mut().for_each(|item| gather(item, &mut pending));
            }
            Value::Map(map) => {
                if let Some(entries) = map.entries_if_unique() {
                    entries.each_value(|value| gather(value, &mut pending));
                }
            }
            _ => {}
        }
    }
}

fn gather(value: &mut Value, pending: &mut Vec<Value>) {
    if nests(value) {
        pending.push(std::mem::take(value));
    }
}

/// Whether dropping the value drops other values.
fn nests(value: &Value) -> bool {
    match value {
        Value::List(list) => list.is_unique() && !list.is_empty(),
        Value::Map(map) => map.is_unique() && !map.unread().is_empty(),
        _ => false,
    }
}
