//! Functions for the cases: one for each kind of parameter and result. The recorder of the
//! answers has the same ones in Go.

use gotmpl::function::{Call, Effect, Failure, Function, Param, Words};
use gotmpl::value::{Elem, List, Map, MapType, Value};

type Outcome = Result<Value, Failure>;
type Run = fn(&mut Call<'_, '_>) -> Outcome;

const fn entry(name: &'static str, params: &'static [Param], variadic: bool, run: Run) -> Function {
    Function { name, params, variadic, effect: Effect::Pure, words: Words::Read, run }
}

/// The functions.
pub const FUNCTIONS: &[Function] = &[
    entry("echo", &[Param::Any], false, |call| Ok(call.any(0).clone())),
    entry("str", &[Param::Str], false, |call| Ok(call.any(0).clone())),
    entry("int", &[Param::Int], false, |call| Ok(call.any(0).clone())),
    entry("int64", &[Param::Int64], false, |call| Ok(call.any(0).clone())),
    entry("float", &[Param::Float64], false, |call| Ok(call.any(0).clone())),
    entry("bool", &[Param::Bool], false, |call| Ok(call.any(0).clone())),
    entry("anys", &[Param::List(Elem::Any)], false, |call| Ok(call.any(0).clone())),
    entry("map", &[Param::Map(Elem::Any)], false, |call| Ok(call.any(0).clone())),
    entry("list", &[Param::Any], true, |call| Ok(List::any(call.args.to_vec()).into())),
    entry("strs", &[Param::Str], true, |call| Ok(List::new(Elem::Str, call.args.to_vec()).into())),
    entry("bytes", &[Param::Str], false, |call| {
        let bytes = call.text(0).iter().map(|byte| Value::Uint8(*byte)).collect();
        Ok(List::new(Elem::Uint8, bytes).into())
    }),
    entry("u64", &[Param::Int], false, |call| Ok(Value::Uint64(call.int(0) as u64))),
    entry("u8", &[Param::Int], false, |call| Ok(Value::Uint8(call.int(0) as u8))),
    entry("i32", &[Param::Int], false, |call| Ok(Value::Int32(call.int(0) as i32))),
    entry("nilmap", &[], false, |_| Ok(Map::nil(&MapType::ANY).into())),
    entry("nillist", &[], false, |_| Ok(List::nil(Elem::Any).into())),
    entry("none", &[], false, |_| Ok(Value::Nil)),
    entry("two", &[Param::Str, Param::Int], false, |call| {
        Ok(format!("{}/{}", call.any(0).to_shown(), call.int(1)).into())
    }),
    entry("refuse", &[Param::Str], false, |call| {
        Err(Failure::new(String::from_utf8_lossy(call.text(0))))
    }),
    entry("set", &[Param::Map(Elem::Any), Param::Str, Param::Any], false, |call| {
        call.map(0).insert(call.text(1), call.any(2).clone());
        Ok(call.any(0).clone())
    }),
    entry("include", &[Param::Str, Param::Any], false, |call| {
        let out = call.machine.execute_template(call.text(0), call.any(1))?;
        Ok(Value::Str(out))
    }),
    entry("tpl", &[Param::Str, Param::Any], false, |call| {
        let text = call.text(0).into();
        Ok(Value::Str(call.machine.execute_text("main", &text, call.any(1))?))
    }),
];

trait Shown {
    fn to_shown(&self) -> String;
}

impl Shown for Value {
    fn to_shown(&self) -> String {
        String::from_utf8_lossy(&gotmpl::fmt::sprint(std::slice::from_ref(self))).into_owned()
    }
}
