//! `merge` and `mergeOverwrite`, as mergo 1.0 merges maps.
//!
//! The destination is changed in place, and maps and lists that it lacked are shared with the source
//! afterwards: charts see both.

use gotmpl::function::{Call, Failure, Function, Param};
use gotmpl::machine::{ENTRY_BYTES, Machine};
use gotmpl::stack;
use gotmpl::value::{Elem, Map, Value};

use crate::defaults::is_empty;

const MAPS: &[Param] = &[Param::Map(Elem::Any), Param::Map(Elem::Any)];

/// The functions of this module. mergo finds no fault with two maps of one type, so the `must` twins
/// never fail.
pub const FUNCTIONS: &[Function] = &[
    Function::variadic("merge", MAPS, |call| merge(call, Prefer::Destination)),
    Function::variadic("mergeOverwrite", MAPS, |call| merge(call, Prefer::Source)),
    Function::variadic("mustMerge", MAPS, |call| merge(call, Prefer::Destination)),
    Function::variadic("mustMergeOverwrite", MAPS, |call| merge(call, Prefer::Source)),
];

/// What looking at one entry of a source costs.
const STEPS_PER_ENTRY: u64 = 5;

/// Who wins where both have a value that is not empty.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Prefer {
    Destination,
    Source,
}

fn merge(call: &mut Call<'_, '_>, prefer: Prefer) -> Result<Value, Failure> {
    let mut destination = call.map(0);
    for index in 1..call.args.len() {
        let source = call.map(index);
        if destination.is_nil() && !source.is_nil() {
            destination = Map::new();
        }
        merge_maps(call.machine, &destination, &source, prefer, stack::floor())?;
    }
    Ok(destination.into())
}

/// Merges one level, then the maps that both sides have below it. These are kept for afterwards, so
/// that no map is held while a deeper merge may reach it again.
fn merge_maps(
    machine: &mut Machine<'_>,
    destination: &Map,
    source: &Map,
    prefer: Prefer,
    floor: usize,
) -> Result<(), Failure> {
    if stack::below(floor) {
        return Err(Failure::new("the maps to merge are nested too deeply or contain themselves"));
    }
    if destination.same(source) || destination.is_nil() {
        return Ok(());
    }
    machine.charge(source.len() as u64 * STEPS_PER_ENTRY)?;
    let before = destination.len();
    let mut below = Vec::new();
    {
        let mut entries = destination.entries_mut();
        for (key, value) in source.entries().iter() {
            let Some(existing) = entries.get(key.as_bytes()) else {
                // A nil that nobody had is only written when the source is preferred.
                if !is_nil(value) || prefer == Prefer::Source {
                    entries.insert(key.clone(), value.clone());
                }
                continue;
            };
            match (existing, value) {
                (Value::Map(existing), Value::Map(given)) if !existing.is_nil() => {
                    below.push((key.clone(), existing.clone(), given.clone()));
                }
                _ if replaces(existing, value, prefer) => {
                    entries.insert(key.clone(), value.clone());
                }
                _ => {}
            }
        }
    }
    machine.count_bytes(destination.len().saturating_sub(before) as u64 * ENTRY_BYTES)?;
    for (key, existing, given) in below {
        merge_maps(machine, &existing, &given, prefer, floor)?;
        if existing.is_empty() {
            destination.insert(key, given.into());
        }
    }
    Ok(())
}

/// What `reflect.Value.IsNil` says of a value in a `map[string]interface {}`.
fn is_nil(value: &Value) -> bool {
    matches!(value, Value::Nil)
}

/// Whether the source's value takes the place of the destination's. Preferred, it always does,
/// even when it is empty; otherwise it only fills what is empty, and never with nil.
fn replaces(existing: &Value, given: &Value, prefer: Prefer) -> bool {
    prefer == Prefer::Source || is_empty(existing) && !is_nil(given)
}
