//! A stack machine with just the operations that the three templates need, to compare with the walk
//! over trees. Its code is assembled by hand, as a good compiler would; it uses the same values, the
//! same functions and the same checks of arguments, and keeps for each operation the position that an
//! error would need.

use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

use gotmpl::function::{Call, Function, Param};
use gotmpl::limits::Limits;
use gotmpl::machine::Machine;
use gotmpl::set::{Functions, Set};
use gotmpl::value::{List, Str, Value};

use super::functions::FUNCTIONS;

/// An operation on a stack of values.
enum Op {
    /// Push a variable.
    Slot(u16),
    /// Push a constant.
    Text(Str),
    Int(i64),
    /// Replace the top by a field of it.
    Field(Str),
    /// Replace as many values by the result of a function.
    Call(Function, usize),
    /// Replace name and data by what the template prints.
    Include,
    /// Print and drop the top.
    Print,
    /// Drop the top; jump when it is false.
    JumpUnless(usize),
    /// Start to range over the top.
    Range,
    /// Put the next element into the variable, or end the loop and jump.
    Next(u16, usize),
    Jump(usize),
    End,
}

/// Bodies by name; the first is the main one.
pub struct Code {
    main: Vec<Op>,
    named: HashMap<Str, Vec<Op>>,
}

fn function(name: &str, args: usize) -> Op {
    let table = Functions::new(FUNCTIONS);
    let found = table.find(name.as_bytes()).and_then(|id| table.get(id)).copied();
    found.map_or(Op::End, |function| Op::Call(function, args))
}

fn field(name: &str) -> Op {
    Op::Field(name.into())
}

/// See `RANGE`.
pub fn range() -> Code {
    let main = vec![
        Op::Int(1000),
        function("until", 1),
        Op::Range,
        Op::Next(1, 21), // 3
        Op::Int(500),
        function("until", 1),
        Op::Range,
        Op::Next(2, 20), // 7
        Op::Slot(1),
        Op::Slot(2),
        function("add", 2),
        Op::Int(7),
        function("mod", 2),
        Op::Int(0),
        function("eq", 2),
        Op::JumpUnless(7),
        Op::Slot(0),
        field("Values"),
        field("image"),
        Op::Jump(22), // 19
        Op::Jump(3),  // 20
        Op::End,      // 21
        field("tag"), // 22
        Op::Print,
        Op::Jump(7),
    ];
    Code { main, named: HashMap::new() }
}

/// See `INCLUDE`.
pub fn include() -> Code {
    let main = vec![
        Op::Int(100_000),
        function("until", 1),
        Op::Range,
        Op::Next(1, 9), // 3
        Op::Text("name".into()),
        Op::Slot(0),
        Op::Include,
        Op::Print,
        Op::Jump(3),
        Op::End,
    ];
    let name = vec![
        Op::Int(63),
        Op::Text("%s-%s".into()),
        Op::Slot(0),
        field("Release"),
        field("Name"),
        Op::Slot(0),
        field("Values"),
        field("name"),
        function("printf", 3),
        function("upper", 1),
        function("trunc", 2),
        Op::Print,
        Op::End,
    ];
    // The suffix is trimmed from what stands on the stack: the constant goes under it.
    let mut trimmed = vec![Op::Text("-".into())];
    trimmed.extend(name);
    let at = trimmed.len() - 2;
    trimmed.insert(at, function("trimSuffix", 2));
    Code { main, named: HashMap::from([(Str::from("name"), trimmed)]) }
}

/// See `FORMAT`.
pub fn format() -> Code {
    let main = vec![
        Op::Int(300_000),
        function("until", 1),
        Op::Range,
        Op::Next(1, 14), // 3
        Op::Text("%d:%s:%v".into()),
        Op::Slot(1),
        Op::Slot(0),
        field("Values"),
        field("name"),
        Op::Slot(0),
        field("Values"),
        field("n"),
        function("printf", 4),
        Op::Jump(15),
        Op::End,   // 14
        Op::Print, // 15
        Op::Jump(3),
    ];
    Code { main, named: HashMap::new() }
}

struct Loop {
    list: List,
    next: usize,
}

struct State<'run> {
    machine: Machine<'run>,
    stack: Vec<Value>,
    slots: Vec<Value>,
    loops: Vec<Loop>,
    out: Vec<u8>,
    fuel: u64,
    /// The operation that an error would be placed by.
    at: usize,
}

/// Runs the code on `data`; how many bytes it prints.
pub fn run(code: &Code, data: &Value) -> usize {
    let set = Set::new("bytecode", Arc::new(Functions::new(FUNCTIONS)));
    let mut host: Vec<Box<dyn Any>> = Vec::new();
    let mut state = State {
        machine: Machine::new(&set, &mut host, Limits::default()),
        stack: Vec::new(),
        slots: Vec::new(),
        loops: Vec::new(),
        out: Vec::new(),
        fuel: Limits::default().fuel,
        at: 0,
    };
    match frame(&mut state, code, &code.main, data) {
        Some(()) => state.out.len(),
        None => 0,
    }
}

fn frame(state: &mut State<'_>, code: &Code, ops: &[Op], data: &Value) -> Option<()> {
    let base = state.slots.len();
    state.slots.resize(base + 3, Value::Nil);
    state.slots[base] = data.clone();
    let mut at = 0;
    loop {
        let op = ops.get(at)?;
        state.at = at;
        state.fuel = state.fuel.checked_sub(1)?;
        at += 1;
        match op {
            Op::Slot(slot) => state.stack.push(state.slots[base + usize::from(*slot)].clone()),
            Op::Text(text) => state.stack.push(Value::Str(text.clone())),
            Op::Int(number) => state.stack.push(Value::Int(*number)),
            Op::Field(name) => {
                let Value::Map(map) = state.stack.pop()? else { return None };
                state.stack.push(map.get(name).unwrap_or(Value::Nil));
            }
            Op::Call(function, args) => call(state, function, *args)?,
            Op::Include => {
                let (data, name) = (state.stack.pop()?, state.stack.pop()?);
                let Value::Str(name) = name else { return None };
                let start = state.out.len();
                frame(state, code, code.named.get(&name)?, &data)?;
                let printed = Str::from(&state.out[start..]);
                state.out.truncate(start);
                state.stack.push(Value::Str(printed));
            }
            Op::Print => gotmpl::fmt::print(&mut state.out, &state.stack.pop()?),
            Op::JumpUnless(target) => {
                if !state.stack.pop()?.truth() {
                    at = *target;
                }
            }
            Op::Range => {
                let Value::List(list) = state.stack.pop()? else { return None };
                state.loops.push(Loop { list, next: 0 });
            }
            Op::Next(slot, end) => {
                let current = state.loops.last_mut()?;
                if let Some(item) = current.list.get(current.next) {
                    state.slots[base + usize::from(*slot)] = item.clone();
                    current.next += 1;
                } else {
                    state.loops.pop();
                    at = *end;
                }
            }
            Op::Jump(target) => at = *target,
            Op::End => {
                state.slots.truncate(base);
                return Some(());
            }
        }
    }
}

fn call(state: &mut State<'_>, function: &Function, args: usize) -> Option<()> {
    let start = state.stack.len().checked_sub(args)?;
    let values = &state.stack[start..];
    for (index, value) in values.iter().enumerate() {
        let param = function.params.get(index).or(function.params.last())?;
        let fits = match param {
            Param::Str => matches!(value, Value::Str(_)),
            Param::Int => matches!(value, Value::Int(_)),
            _ => true,
        };
        if !fits {
            return None;
        }
    }
    let result = (function.run)(&mut Call { args: values, machine: &mut state.machine }).ok()?;
    state.stack.truncate(start);
    state.stack.push(result);
    Some(())
}
