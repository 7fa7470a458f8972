//! How values compare.

use std::cmp::Ordering;

use crate::value::{Key, Kind, Value};

/// Whether two values are equal. Numbers are by what they count, whatever their types; values of
/// types that have nothing in common are unequal.
pub(crate) fn equal(one: &Value, two: &Value) -> bool {
    match (&one.kind, &two.kind) {
        (Kind::Null, Kind::Null) => true,
        (Kind::Bool(one), Kind::Bool(two)) => one == two,
        (Kind::String(one), Kind::String(two)) | (Kind::Type(one), Kind::Type(two)) => one == two,
        (Kind::Bytes(one), Kind::Bytes(two)) => one == two,
        (Kind::List(one), Kind::List(two)) => {
            one.len() == two.len() && one.iter().zip(two.iter()).all(|(one, two)| equal(one, two))
        }
        (Kind::Map(one), Kind::Map(two)) => {
            one.len() == two.len()
                && one
                    .iter()
                    .all(|(key, value)| two.get(key).is_some_and(|other| equal(value, other)))
        }
        (Kind::Optional(one), Kind::Optional(two)) => match (one, two) {
            (Some(one), Some(two)) => equal(one, two),
            (None, None) => true,
            _ => false,
        },
        (Kind::Object(one), Kind::Object(two)) => std::sync::Arc::ptr_eq(one, two),
        _ => numbers(&one.kind, &two.kind) == Some(Ordering::Equal),
    }
}

/// The order of two values, where they have one. NaN has none.
pub(crate) fn order(one: &Kind, two: &Kind) -> Option<Ordering> {
    match (one, two) {
        (Kind::Bool(one), Kind::Bool(two)) => Some(one.cmp(two)),
        (Kind::String(one), Kind::String(two)) => Some(one.cmp(two)),
        (Kind::Bytes(one), Kind::Bytes(two)) => Some(one.cmp(two)),
        _ => numbers(one, two),
    }
}

/// The order of two numbers; nothing when one is none, or not a number.
fn numbers(one: &Kind, two: &Kind) -> Option<Ordering> {
    let whole = |kind: &Kind| match kind {
        Kind::Int(value) => Some(i128::from(*value)),
        Kind::Uint(value) => Some(i128::from(*value)),
        _ => None,
    };
    match (one, two) {
        (Kind::Double(one), Kind::Double(two)) => one.partial_cmp(two),
        (Kind::Double(one), two) => whole(two).and_then(|two| against_whole(*one, two)),
        (one, Kind::Double(two)) => {
            whole(one).and_then(|one| against_whole(*two, one)).map(Ordering::reverse)
        }
        (one, two) => Some(whole(one)?.cmp(&whole(two)?)),
    }
}

/// A double against a whole number, without the rounding of one into the other.
fn against_whole(double: f64, whole: i128) -> Option<Ordering> {
    if double.is_nan() {
        return None;
    }
    // Whole numbers have 64 bits, so that a double beyond 128 is beyond all of them.
    let floor = double.floor();
    let of_floor = (floor as i128).cmp(&whole);
    Some(if of_floor == Ordering::Equal && double > floor { Ordering::Greater } else { of_floor })
}

/// The key under which a map would hold what the value equals.
pub(crate) fn key_of(value: &Value) -> Option<Key> {
    if let Kind::Double(double) = value.kind {
        let whole = double as i128;
        let is_whole = against_whole(double, whole) == Some(Ordering::Equal);
        return is_whole
            .then(|| {
                i64::try_from(whole)
                    .map(Key::Int)
                    .or_else(|_| u64::try_from(whole).map(Key::Uint))
                    .ok()
            })
            .flatten();
    }
    Key::of(value)
}
