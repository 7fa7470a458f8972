//! Lists of whole numbers: `until`, `untilStep`, and `seq`, which prints one.

use gotmpl::function::{Call, Failure, Function, Param};
use gotmpl::value::{Elem, List, Value};

use crate::bounds;
use crate::strings::text;

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[
    Function::variadic("seq", &[Param::Int], seq),
    Function::pure("until", &[Param::Int], |call| {
        let count = call.int(0);
        numbers(0, count.into(), if count < 0 { -1 } else { 1 }).map(list)
    }),
    Function::pure("untilStep", &[Param::Int, Param::Int, Param::Int], |call| {
        numbers(call.int(0).into(), call.int(1).into(), call.int(2).into()).map(list)
    }),
];

fn list(numbers: Vec<i64>) -> Value {
    List::new(Elem::Int, numbers.into_iter().map(Value::Int).collect()).into()
}

/// The numbers from `start` towards `stop`, which is left out. Wide integers, so that nothing wraps.
fn numbers(start: i128, stop: i128, stride: i128) -> Result<Vec<i64>, Failure> {
    if stride == 0 || (stop < start) != (stride < 0) {
        return Ok(Vec::new());
    }
    let exact = ((stop - start).abs() + stride.abs() - 1) / stride.abs();
    let count = usize::try_from(exact).unwrap_or(usize::MAX);
    bounds::check_elements(count)?;
    Ok((0..count as i128).map(|index| (start + index * stride) as i64).collect())
}

fn seq(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let (start, step, end) = match call.args.len() {
        1 => (1, None, call.int(0)),
        2 => (call.int(0), None, call.int(1)),
        3 => (call.int(0), Some(call.int(1)), call.int(2)),
        _ => return Ok(text(&b""[..])),
    };
    let direction = if end < start { -1 } else { 1 };
    let step = step.unwrap_or(direction);
    let mut out = Vec::new();
    for number in numbers(start.into(), i128::from(end) + i128::from(direction), step.into())? {
        if !out.is_empty() {
            out.push(b' ');
        }
        strconv::append_int(&mut out, number);
    }
    Ok(text(out))
}
