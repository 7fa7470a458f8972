//! Go's `reflect.DeepEqual` over template values, and membership by it.

use std::collections::HashSet;
use std::rc::Rc;

use gotmpl::function::{Failure, Function, Param};
use gotmpl::machine::Machine;
use gotmpl::stack;
use gotmpl::value::{List, Map, Object, Str, Value};

/// The functions of this module.
pub const FUNCTIONS: &[Function] =
    &[Function::pure("deepEqual", &[Param::Any, Param::Any], |call| {
        deep_equal(call.machine, call.any(0), call.any(1)).map(Value::Bool)
    })];

/// What comparing two values costs, and two lists or maps besides.
const STEPS: u64 = 1;
const NESTED_STEPS: u64 = 10;
/// So much of two texts is compared, or of one put into a set, in a step.
const BYTES_PER_STEP: u64 = 16;
/// What putting a text into a set costs besides.
const SET_STEPS: u64 = 5;

/// `reflect.DeepEqual`: types must agree, nil and empty differ, NaN equals nothing.
pub fn deep_equal(machine: &mut Machine<'_>, left: &Value, right: &Value) -> Result<bool, Failure> {
    Comparison { machine, floor: stack::floor(), under_way: HashSet::new() }.equal(left, right)
}

/// Whether `needle` is among `items`.
pub fn contains(
    machine: &mut Machine<'_>,
    items: &[Value],
    needle: &Value,
) -> Result<bool, Failure> {
    for item in items {
        if deep_equal(machine, needle, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A set of values by [`deep_equal`], with a table for strings so that long lists stay cheap.
#[derive(Default)]
pub struct Seen {
    strings: HashSet<Str>,
    others: Vec<Value>,
}

impl Seen {
    /// Adds a value; whether it was new.
    pub fn insert(&mut self, machine: &mut Machine<'_>, value: &Value) -> Result<bool, Failure> {
        if let Value::Str(text) = value {
            machine.charge(SET_STEPS + text.len() as u64 / BYTES_PER_STEP)?;
            return Ok(self.strings.insert(text.clone()));
        }
        if contains(machine, &self.others, value)? {
            return Ok(false);
        }
        self.others.push(value.clone());
        Ok(true)
    }
}

struct Comparison<'call, 'run> {
    machine: &'call mut Machine<'run>,
    floor: usize,
    /// Pairs of maps being compared: meeting one again means a cycle, which counts as equal.
    under_way: HashSet<(usize, usize)>,
}

impl Comparison<'_, '_> {
    fn equal(&mut self, left: &Value, right: &Value) -> Result<bool, Failure> {
        if stack::below(self.floor) {
            return Err(Failure::new("the values to compare are nested too deeply"));
        }
        let nests = matches!(left, Value::List(_) | Value::Map(_));
        self.machine.charge(if nests { NESTED_STEPS } else { STEPS })?;
        Ok(match (left, right) {
            (Value::Nil, Value::Nil) => true,
            (Value::Bool(left), Value::Bool(right)) => left == right,
            (Value::Int(left), Value::Int(right)) | (Value::Int64(left), Value::Int64(right)) => {
                left == right
            }
            (Value::Int32(left), Value::Int32(right)) => left == right,
            (Value::Uint8(left), Value::Uint8(right)) => left == right,
            (Value::Uint64(left), Value::Uint64(right)) => left == right,
            (Value::Float64(left), Value::Float64(right)) => left == right,
            (Value::Complex(re, im), Value::Complex(re2, im2)) => re == re2 && im == im2,
            (Value::Str(left), Value::Str(right)) => {
                if left.len() == right.len() {
                    self.machine.charge(left.len() as u64 / BYTES_PER_STEP)?;
                }
                left == right
            }
            (Value::List(left), Value::List(right)) => self.lists(left, right)?,
            (Value::Map(left), Value::Map(right)) => self.maps(left, right)?,
            (Value::Object(left), Value::Object(right)) => self.objects(left, right)?,
            _ => false,
        })
    }

    fn lists(&mut self, left: &List, right: &List) -> Result<bool, Failure> {
        if left.len() != right.len()
            || left.is_nil() != right.is_nil()
            || left.elem() != right.elem()
            || left.type_name() != right.type_name()
        {
            return Ok(false);
        }
        if std::ptr::eq(left.as_ptr(), right.as_ptr()) {
            return Ok(true);
        }
        for (left, right) in left.iter().zip(right.iter()) {
            if !self.equal(left, right)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn maps(&mut self, left: &Map, right: &Map) -> Result<bool, Failure> {
        if left.same(right) {
            return Ok(true);
        }
        if left.ty().name != right.ty().name
            || left.is_nil() != right.is_nil()
            || left.len() != right.len()
        {
            return Ok(false);
        }
        if !self.under_way.insert((left.address(), right.address())) {
            return Ok(true);
        }
        for ((left_key, left), (right_key, right)) in
            left.entries().iter().zip(right.entries().iter())
        {
            if left_key != right_key || !self.equal(left, right)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn objects(&mut self, left: &Rc<dyn Object>, right: &Rc<dyn Object>) -> Result<bool, Failure> {
        if Rc::ptr_eq(left, right) {
            return Ok(true);
        }
        if left.type_name() != right.type_name() || left.display() != right.display() {
            return Ok(false);
        }
        let (left, right) = (left.fields(), right.fields());
        for ((left_name, _, left), (right_name, _, right)) in left.iter().zip(&right) {
            if left_name != right_name || !self.equal(left, right)? {
                return Ok(false);
            }
        }
        Ok(left.len() == right.len())
    }
}
