//! Operators.

use std::cmp::Ordering;

use crate::ast::Operator;
use crate::equality;
use crate::value::{Kind, Value};

/// The longest text, in bytes, or list that an expression may make.
pub(super) const LARGEST: usize = 1 << 20;

/// What operators take.
pub(super) const TABLE: &[&str] = &[
    "+(int, int) -> int",
    "+(uint, uint) -> uint",
    "+(double, double) -> double",
    "+(string, string) -> string",
    "+(bytes, bytes) -> bytes",
    "+(list(A), list(A)) -> list(A)",
    "-(int, int) -> int",
    "-(uint, uint) -> uint",
    "-(double, double) -> double",
    "*(int, int) -> int",
    "*(uint, uint) -> uint",
    "*(double, double) -> double",
    "/(int, int) -> int",
    "/(uint, uint) -> uint",
    "/(double, double) -> double",
    "%(int, int) -> int",
    "%(uint, uint) -> uint",
    "negate(int) -> int",
    "negate(double) -> double",
    "==(A, A) -> bool",
    "<(bool, bool) -> bool",
    "<(int, int) -> bool",
    "<(uint, uint) -> bool",
    "<(double, double) -> bool",
    "<(string, string) -> bool",
    "<(bytes, bytes) -> bool",
    "in(A, list(A)) -> bool",
    "in(A, map(A, B)) -> bool",
    "[](list(A), int) -> A",
    "[](map(A, B), A) -> B",
];

/// The negative of a number.
pub(crate) fn negate(value: &Value) -> Result<Value, String> {
    match value.kind {
        Kind::Int(number) => {
            number.checked_neg().map(Value::int).ok_or_else(|| "the result is no int".to_owned())
        }
        Kind::Double(number) => Ok(Value::double(-number)),
        _ => Err(format!("`-` does not go with {}", value.kind.type_name())),
    }
}

/// Which of two values is the greater.
pub(crate) fn compare(operator: Operator, left: &Value, right: &Value) -> Result<Value, String> {
    let is_number = |kind: &Kind| matches!(kind, Kind::Int(_) | Kind::Uint(_) | Kind::Double(_));
    let order = equality::order(&left.kind, &right.kind);
    if order.is_none() && !(is_number(&left.kind) && is_number(&right.kind)) {
        return Err(unfit(operator, left, right));
    }
    Ok(Value::bool(order.is_some_and(|order| match operator {
        Operator::Less => order == Ordering::Less,
        Operator::LessOrEqual => order != Ordering::Greater,
        Operator::Greater => order == Ordering::Greater,
        _ => order != Ordering::Less,
    })))
}

/// Whether a list has the value, or a map the key.
pub(crate) fn is_in(item: &Value, of: &Value) -> Result<Value, String> {
    match &of.kind {
        Kind::List(items) => Ok(Value::bool(items.iter().any(|one| equality::equal(one, item)))),
        Kind::Map(entries) => {
            let key = equality::key_of(item);
            Ok(Value::bool(key.is_some_and(|key| entries.contains_key(&key))))
        }
        _ => Err(unfit(Operator::In, item, of)),
    }
}

/// `+`, `-`, `*`, `/` and `%`.
pub(crate) fn arithmetic(operator: Operator, left: &Value, right: &Value) -> Result<Value, String> {
    let overflow = |kind: &str| format!("the result is no {kind}");
    match (&left.kind, &right.kind) {
        (Kind::Int(one), Kind::Int(two)) => {
            by_zero(operator, *two == 0)?;
            let made = match operator {
                Operator::Add => one.checked_add(*two),
                Operator::Subtract => one.checked_sub(*two),
                Operator::Multiply => one.checked_mul(*two),
                Operator::Divide => one.checked_div(*two),
                _ => one.checked_rem(*two),
            };
            made.map(Value::int).ok_or_else(|| overflow("int"))
        }
        (Kind::Uint(one), Kind::Uint(two)) => {
            by_zero(operator, *two == 0)?;
            let made = match operator {
                Operator::Add => one.checked_add(*two),
                Operator::Subtract => one.checked_sub(*two),
                Operator::Multiply => one.checked_mul(*two),
                Operator::Divide => one.checked_div(*two),
                _ => one.checked_rem(*two),
            };
            made.map(Value::uint).ok_or_else(|| overflow("uint"))
        }
        (Kind::Double(one), Kind::Double(two)) if operator != Operator::Remainder => {
            Ok(Value::double(match operator {
                Operator::Add => one + two,
                Operator::Subtract => one - two,
                Operator::Multiply => one * two,
                _ => one / two,
            }))
        }
        (one, two) if operator == Operator::Add => {
            joined(one, two).unwrap_or_else(|| Err(unfit(operator, left, right)))
        }
        _ => Err(unfit(operator, left, right)),
    }
}

/// Two texts, two runs of bytes or two lists, one after the other.
fn joined(one: &Kind, two: &Kind) -> Option<Result<Value, String>> {
    let (length, made): (usize, Value) = match (one, two) {
        (Kind::String(one), Kind::String(two)) => {
            (one.len() + two.len(), Value::string(format!("{one}{two}")))
        }
        (Kind::Bytes(one), Kind::Bytes(two)) => {
            (one.len() + two.len(), Value::bytes([&**one, &**two].concat()))
        }
        (Kind::List(one), Kind::List(two)) => {
            (one.len() + two.len(), Value::list([&**one, &**two].concat()))
        }
        _ => return None,
    };
    Some(if length > LARGEST { Err(too_large()) } else { Ok(made) })
}

/// What is said of a result beyond the limit.
pub(super) fn too_large() -> String {
    format!("an expression makes texts and lists of at most {LARGEST} bytes or items")
}

fn by_zero(operator: Operator, is_zero: bool) -> Result<(), String> {
    match operator {
        Operator::Divide | Operator::Remainder if is_zero => Err("division by zero".to_owned()),
        _ => Ok(()),
    }
}

fn unfit(operator: Operator, left: &Value, right: &Value) -> String {
    let (left, right) = (left.kind.type_name(), right.kind.type_name());
    format!("`{}` does not go with {left} and {right}", operator.symbol())
}
