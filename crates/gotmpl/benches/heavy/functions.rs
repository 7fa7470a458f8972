//! The functions that the templates call, as short as they can be.

use gotmpl::function::{Call, Effect, Failure, Function, Param, Words};
use gotmpl::value::{Elem, List, Value};

type Run = fn(&mut Call<'_, '_>) -> Result<Value, Failure>;

const fn entry(name: &'static str, params: &'static [Param], variadic: bool, run: Run) -> Function {
    Function { name, params, variadic, effect: Effect::Pure, words: Words::Read, run }
}

fn integer(value: &Value) -> i64 {
    match value {
        Value::Int(n) | Value::Int64(n) => *n,
        _ => 0,
    }
}

/// The functions.
pub const FUNCTIONS: &[Function] = &[
    entry("until", &[Param::Int], false, |call| {
        Ok(List::new(Elem::Int, (0..call.int(0)).map(Value::Int).collect()).into())
    }),
    entry("add", &[Param::Any], true, |call| Ok(Value::Int64(call.args.iter().map(integer).sum()))),
    entry("mod", &[Param::Any, Param::Any], false, |call| {
        Ok(Value::Int64(integer(call.any(0)).checked_rem(integer(call.any(1))).unwrap_or(0)))
    }),
    entry("upper", &[Param::Str], false, |call| {
        Ok(Value::Str(call.text(0).to_ascii_uppercase().into()))
    }),
    entry("trunc", &[Param::Int, Param::Str], false, |call| {
        let limit = usize::try_from(call.int(0)).unwrap_or(0);
        let text = call.text(1);
        Ok(match text.get(..limit) {
            Some(head) => Value::Str(head.into()),
            None => call.any(1).clone(),
        })
    }),
    entry("trimSuffix", &[Param::Str, Param::Str], false, |call| {
        Ok(match call.text(1).strip_suffix(call.text(0)) {
            Some(head) => Value::Str(head.into()),
            None => call.any(1).clone(),
        })
    }),
    entry("include", &[Param::Str, Param::Any], false, |call| {
        let output = call.machine.execute_template(call.text(0), call.any(1))?;
        Ok(Value::Str(output))
    }),
];
