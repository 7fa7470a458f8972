//! Whole-number and decimal arithmetic, rounding and conversion.

use gotmpl::function::{Call, Failure, Function, Param};
use gotmpl::value::Value;
use strconv::Fault;

use crate::bounds;
use crate::decimal::Decimal;
use crate::numbers::{to_float64, to_int64};
use crate::printing;

const ONE: &[Param] = &[Param::Any];
const TWO: &[Param] = &[Param::Any, Param::Any];

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[
    Function::variadic("add", ONE, |call| {
        whole(call.args.iter().map(to_int64).fold(0, i64::wrapping_add))
    }),
    Function::pure("add1", ONE, |call| whole(to_int64(call.any(0)).wrapping_add(1))),
    Function::pure("add1f", ONE, |call| {
        decimals(call, call.any(0), &[Value::Int(1)], |sum, n| Ok(sum.add(n)))
    }),
    Function::variadic("addf", ONE, |call| {
        decimals(call, &Value::Float64(0.0), call.args, |sum, n| Ok(sum.add(n)))
    }),
    Function::pure("atoi", &[Param::Str], |call| {
        Ok(Value::Int(match strconv::parse_int(call.text(0), 10, 64) {
            Ok(n) => n,
            // Go returns the nearest number along with the error, and Sprig drops the error.
            Err(Fault::Range) if call.text(0).starts_with(b"-") => i64::MIN,
            Err(Fault::Range) => i64::MAX,
            Err(_) => 0,
        }))
    }),
    Function::variadic("biggest", TWO, |call| extreme(call, i64::max)),
    Function::pure("ceil", ONE, |call| Ok(Value::Float64(to_float64(call.any(0)).ceil()))),
    Function::pure("div", TWO, |call| divide(call, i64::wrapping_div)),
    Function::variadic("divf", TWO, |call| {
        decimals(call, call.any(0), tail(call), Decimal::divide)
    }),
    Function::pure("float64", ONE, |call| Ok(Value::Float64(to_float64(call.any(0))))),
    Function::pure("floor", ONE, |call| Ok(Value::Float64(to_float64(call.any(0)).floor()))),
    Function::pure("int", ONE, |call| Ok(Value::Int(to_int64(call.any(0))))),
    Function::pure("int64", ONE, |call| whole(to_int64(call.any(0)))),
    Function::variadic("max", TWO, |call| extreme(call, i64::max)),
    Function::variadic("maxf", TWO, |call| extreme_float(call, max_float)),
    Function::variadic("min", TWO, |call| extreme(call, i64::min)),
    Function::variadic("minf", TWO, |call| extreme_float(call, |a, b| -max_float(-a, -b))),
    Function::pure("mod", TWO, |call| divide(call, i64::wrapping_rem)),
    Function::variadic("mul", TWO, |call| {
        whole(call.args.iter().map(to_int64).fold(1, i64::wrapping_mul))
    }),
    Function::variadic("mulf", TWO, |call| {
        decimals(call, call.any(0), tail(call), |product, n| Ok(product.multiply(n)))
    }),
    Function::variadic("round", &[Param::Any, Param::Int, Param::Float64], round),
    Function::pure("sub", TWO, |call| {
        whole(to_int64(call.any(0)).wrapping_sub(to_int64(call.any(1))))
    }),
    Function::variadic("subf", TWO, |call| {
        decimals(call, call.any(0), tail(call), |rest, n| Ok(rest.add(&n.negated())))
    }),
    Function::pure("toDecimal", ONE, |call| {
        // Printed in brackets, whatever is in it, and so no number.
        if matches!(call.any(0), Value::List(_) | Value::Map(_)) {
            return whole(0);
        }
        let text = printing::string_bytes(call.any(0));
        bounds::charge_printed(call.machine, &text)?;
        whole(strconv::parse_int(&text, 8, 64).unwrap_or(0))
    }),
];

fn whole(number: i64) -> Result<Value, Failure> {
    Ok(Value::Int64(number))
}

fn tail<'call>(call: &Call<'call, '_>) -> &'call [Value] {
    call.args.get(1..).unwrap_or(&[])
}

fn extreme(call: &Call<'_, '_>, choose: fn(i64, i64) -> i64) -> Result<Value, Failure> {
    Ok(Value::Int64(call.args.iter().map(to_int64).reduce(choose).unwrap_or(0)))
}

fn extreme_float(call: &Call<'_, '_>, choose: fn(f64, f64) -> f64) -> Result<Value, Failure> {
    Ok(Value::Float64(call.args.iter().map(to_float64).reduce(choose).unwrap_or(0.0)))
}

/// `math.Max`: infinity before NaN, NaN before numbers, and 0 is greater than -0.
fn max_float(a: f64, b: f64) -> f64 {
    if a == f64::INFINITY || b == f64::INFINITY {
        f64::INFINITY
    } else if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a == 0.0 && b == 0.0 {
        if a.is_sign_negative() { b } else { a }
    } else if a > b {
        a
    } else {
        b
    }
}

fn divide(call: &Call<'_, '_>, operation: fn(i64, i64) -> i64) -> Result<Value, Failure> {
    match to_int64(call.any(1)) {
        0 => Err(Failure::new("runtime error: integer divide by zero")),
        divisor => whole(operation(to_int64(call.any(0)), divisor)),
    }
}

fn decimals(
    call: &mut Call<'_, '_>,
    first: &Value,
    others: &[Value],
    operation: fn(Decimal, &Decimal) -> Result<Decimal, Failure>,
) -> Result<Value, Failure> {
    /// What one operation costs, be the numbers ever so short.
    const STEPS: u64 = 100;
    let mut result = Decimal::from_float(to_float64(first))?;
    for other in others {
        call.machine.charge(STEPS + result.words())?;
        result = operation(result, &Decimal::from_float(to_float64(other))?)?;
    }
    // Decimal digits of binary ones take time by the square.
    let words = result.words();
    call.machine.charge(words * words / 32)?;
    Ok(Value::Float64(result.to_float()))
}

/// Rounds to so many places, up from `.5` or from the fraction given.
fn round(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let threshold = if call.args.len() > 2 { call.float(2) } else { 0.5 };
    let power = power_of_ten(call.int(1));
    let digit = power * to_float64(call.any(0));
    let fraction = if digit.is_infinite() { f64::NAN } else { digit.fract() };
    let rounded = if fraction >= threshold { digit.ceil() } else { digit.floor() };
    Ok(Value::Float64(rounded / power))
}

/// `math.Pow(10, n)`: exact as long as the power of five fits a float.
fn power_of_ten(exponent: i64) -> f64 {
    let exponent = i32::try_from(exponent.clamp(-400, 400)).unwrap_or(0);
    if exponent < 0 { 1.0 / 10_f64.powi(-exponent) } else { 10_f64.powi(exponent) }
}
