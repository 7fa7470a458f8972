//! What a call costs: steps by the size of its arguments, memory by what it has made.

use super::Machine;
use crate::function::Failure;
use crate::value::Value;

/// A map of few entries, with what belongs to each of them.
const MAP_BYTES: u64 = 256;
/// A text and a list besides what is in them.
const TEXT_BYTES: usize = 24;
const LIST_BYTES: usize = 96;
/// What a function takes for each entry that it adds to a map.
pub const ENTRY_BYTES: u64 = 128;

/// What a call costs, be its arguments ever so small.
const CALL_STEPS: usize = 5;
/// Functions look at each byte of a text, at each element of a list, and write what they return.
/// So much of that takes as long as a step.
const BYTES_PER_STEP: usize = 16;
const ELEMENTS_PER_STEP: usize = 8;
/// A time, a chart's files: most functions print it.
const OBJECT_STEPS: usize = 20;

impl Machine<'_> {
    /// Takes the steps for arguments of that size off the fuel. What takes longer than a look at
    /// each byte charges for itself (see [`Machine::charge`]).
    pub(super) fn charge_for(&mut self, arguments: &[Value]) -> Result<(), Failure> {
        let steps: usize = arguments.iter().map(steps).sum();
        self.charge((CALL_STEPS + steps) as u64)
    }

    /// Takes what a function has just made off what may be made.
    pub(super) fn count_made(&mut self, value: Value) -> Result<Value, Failure> {
        let bytes = weight(&value);
        if bytes > 0 {
            self.count_bytes(bytes)?;
        }
        Ok(value)
    }

    /// Takes `bytes` off what may be made: for functions that add to what is there.
    pub fn count_bytes(&mut self, bytes: u64) -> Result<(), Failure> {
        let Some(left) = self.made_left.checked_sub(bytes) else {
            return Err(self.made_too_much());
        };
        self.made_left = left;
        self.charge(bytes / BYTES_PER_STEP as u64)
    }

    /// Fails when more than `bytes` could not be made any more, and counts nothing: for functions
    /// that look while they make.
    pub fn check_bytes(&self, bytes: u64) -> Result<(), Failure> {
        if bytes <= self.made_left { Ok(()) } else { Err(self.made_too_much()) }
    }

    #[cold]
    fn made_too_much(&self) -> Failure {
        let limit = self.limits.made_bytes;
        Failure::new(format!(
            "the template's functions make more than {limit} bytes of texts and lists"
        ))
    }
}

fn steps(argument: &Value) -> usize {
    match argument {
        Value::Str(text) => text.unread().len() / BYTES_PER_STEP,
        Value::List(list) => list.len() / ELEMENTS_PER_STEP,
        Value::Object(_) => OBJECT_STEPS,
        _ => 0,
    }
}

/// The bytes of a value as far as nobody else holds it, and of what only it holds.
fn weight(value: &Value) -> u64 {
    match value {
        Value::Str(text) if text.is_unique() => (TEXT_BYTES + text.unread().len()) as u64,
        Value::List(list) if list.is_unique() => {
            let items: u64 = list.iter().map(weight).sum();
            items + (LIST_BYTES + list.len() * size_of::<Value>()) as u64
        }
        Value::Map(map) if map.is_unique() => {
            let entries = map.entries();
            let values: u64 = entries.values().map(weight).sum();
            values + MAP_BYTES + entries.len() as u64 * ENTRY_BYTES
        }
        _ => 0,
    }
}
