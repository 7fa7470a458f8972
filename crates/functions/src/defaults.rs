//! Defaults and truth: `default`, `empty`, `coalesce`, `ternary`, `all`, `any`.

use gotmpl::function::{Call, Failure, Function, Param};
use gotmpl::value::Value;

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[
    Function::variadic("all", &[Param::Any], |call| {
        Ok(Value::Bool(!call.args.iter().any(is_empty)))
    }),
    Function::variadic("any", &[Param::Any], |call| {
        Ok(Value::Bool(!call.args.iter().all(is_empty)))
    }),
    Function::variadic("coalesce", &[Param::Any], |call| {
        Ok(call.args.iter().find(|value| !is_empty(value)).cloned().unwrap_or(Value::Nil))
    }),
    Function::variadic("default", &[Param::Any, Param::Any], default),
    Function::pure("empty", &[Param::Any], |call| Ok(Value::Bool(is_empty(call.any(0))))),
    Function::pure("ternary", &[Param::Any, Param::Any, Param::Bool], |call| {
        Ok(call.any(usize::from(!call.bool(2))).clone())
    }),
];

/// Sprig's idea of emptiness: zero, no text, no elements, nil. A struct never is.
pub fn is_empty(value: &Value) -> bool {
    !value.truth()
}

fn default(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    Ok(match call.args.get(1) {
        Some(given) if !is_empty(given) => given.clone(),
        _ => call.any(0).clone(),
    })
}
