//! Types and kinds as Go names them.

use gotmpl::function::{Function, Param};
use gotmpl::value::Value;

const ONE: &[Param] = &[Param::Any];
const TWO: &[Param] = &[Param::Str, Param::Any];

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[
    Function::pure("kindIs", TWO, |call| {
        Ok(Value::Bool(call.text(0) == call.any(1).kind().name().as_bytes()))
    }),
    Function::pure("kindOf", ONE, |call| Ok(Value::from(call.any(0).kind().name()))),
    Function::pure("typeIs", TWO, |call| {
        Ok(Value::Bool(call.text(0) == call.any(1).type_name().as_bytes()))
    }),
    Function::pure("typeIsLike", TWO, |call| {
        let name = call.any(1).type_name();
        let pointee = name.strip_prefix('*').map(str::as_bytes);
        let target = call.text(0);
        Ok(Value::Bool(target == name.as_bytes() || Some(target) == pointee))
    }),
    Function::pure("typeOf", ONE, |call| Ok(Value::from(call.any(0).type_name()))),
];
