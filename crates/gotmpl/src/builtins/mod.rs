//! Go's own functions: logic, comparison, indexing, printing, escaping.

mod compare;
mod escape;
mod index;

use crate::function::{Call, Effect, Failure, Function, Param, Words};
use crate::value::Value;

/// Functions to which the machine itself attends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Special {
    /// An ordinary function.
    None,
    /// Stops at the first false argument.
    And,
    /// Stops at the first true argument.
    Or,
    /// Names its first argument as it is written.
    Call,
    /// Tells no value from a nil.
    Length,
    /// A method that Go does not call, in these words.
    Refused(&'static str),
}

type Outcome = Result<Value, Failure>;
type Run = fn(&mut Call<'_, '_>) -> Outcome;

const REFLECT: Param = Param::Reflect;

const fn entry(name: &'static str, params: &'static [Param], variadic: bool, run: Run) -> Function {
    Function { name, params, variadic, effect: Effect::Pure, words: Words::Read, run }
}

/// Go's own functions, with what the machine does for them.
pub(crate) fn all() -> impl Iterator<Item = (Function, Special)> {
    FUNCTIONS.iter().map(|function| {
        let special = match function.name {
            "and" => Special::And,
            "or" => Special::Or,
            "call" => Special::Call,
            "len" => Special::Length,
            _ => Special::None,
        };
        (*function, special)
    })
}

const FUNCTIONS: &[Function] = &[
    entry("and", &[REFLECT, REFLECT], true, last),
    entry("or", &[REFLECT, REFLECT], true, last),
    entry("call", &[REFLECT, REFLECT], true, last),
    entry("not", &[REFLECT], false, |call| Ok(Value::Bool(!call.any(0).truth()))),
    entry("len", &[REFLECT], false, |call| index::length(call.any(0))),
    entry("index", &[REFLECT, REFLECT], true, |call| index::index(call.args)),
    entry("slice", &[REFLECT, REFLECT], true, |call| index::slice(call.args)),
    entry("print", &[Param::Any], true, |call| formatted(call, crate::fmt::append_all)),
    entry("println", &[Param::Any], true, |call| formatted(call, crate::fmt::append_line)),
    entry("printf", &[Param::Str, Param::Any], true, |call| {
        let format = call.text(0);
        formatted(call, |out, args| {
            crate::fmt::append_format(out, format, args.get(1..).unwrap_or_default())
        })
    }),
    entry("html", &[Param::Any], true, |call| escaped(call, escape::html)),
    entry("js", &[Param::Any], true, |call| escaped(call, escape::js)),
    entry("urlquery", &[Param::Any], true, |call| escaped(call, escape::url_query)),
    entry("eq", &[REFLECT, REFLECT], true, |call| {
        compare::equal_any(call.any(0), call.args.get(1..).unwrap_or_default()).map(Value::Bool)
    }),
    entry("ne", &[REFLECT, REFLECT], false, |call| {
        compare::equal(call.any(0), call.any(1)).map(|equal| Value::Bool(!equal))
    }),
    entry("lt", &[REFLECT, REFLECT], false, |call| {
        compare::less(call.any(0), call.any(1)).map(Value::Bool)
    }),
    entry("le", &[REFLECT, REFLECT], false, |call| {
        compare::less_or_equal(call.any(0), call.any(1)).map(Value::Bool)
    }),
    entry("gt", &[REFLECT, REFLECT], false, |call| {
        compare::less_or_equal(call.any(0), call.any(1)).map(|le| Value::Bool(!le))
    }),
    entry("ge", &[REFLECT, REFLECT], false, |call| {
        compare::less(call.any(0), call.any(1)).map(|lt| Value::Bool(!lt))
    }),
];

/// The machine does the work of `and`, `or` and `call` before it would call them.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every function of the table")]
fn last(call: &mut Call<'_, '_>) -> Outcome {
    Ok(call.args.last().cloned().unwrap_or(Value::Nil))
}

fn formatted(
    call: &mut Call<'_, '_>,
    write: impl FnOnce(&mut Vec<u8>, &[Value]) -> Result<(), crate::fmt::TooDeep>,
) -> Outcome {
    let mut out = Vec::with_capacity(32);
    write(&mut out, call.args).map_err(|error| Failure::new(error.to_string()))?;
    // To print what is in lists and maps takes longer than to copy it.
    let nests = |value: &Value| matches!(value, Value::List(_) | Value::Map(_) | Value::Object(_));
    if call.args.iter().any(nests) {
        call.machine.charge(out.len() as u64 / 8)?;
    }
    Ok(Value::Str(out.into()))
}

/// The arguments as an action would print them, escaped.
fn escaped(call: &mut Call<'_, '_>, escape: fn(&[u8]) -> Vec<u8>) -> Outcome {
    let args = call.args;
    if let [Value::Str(text)] = args {
        return Ok(Value::Str(escape(text).into()));
    }
    let shown: Vec<Value> = args
        .iter()
        .map(|arg| if matches!(arg, Value::Nil) { Value::from("<no value>") } else { arg.clone() })
        .collect();
    let mut out = Vec::new();
    crate::fmt::append_all(&mut out, &shown).map_err(|error| Failure::new(error.to_string()))?;
    // Printed for this function alone.
    call.machine.charge(out.len() as u64 / 4)?;
    Ok(Value::Str(escape(&out).into()))
}
