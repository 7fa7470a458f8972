//! What steps lead to, and how filters compare it: Go's kinds, as its templates compare them.

use std::cmp::Ordering;

use super::parse::Operator;
use crate::values::Plain;

/// What a step leads to.
#[derive(Clone, Copy)]
pub(super) enum Found<'a> {
    Value(&'a Plain),
    Text(&'a [u8]),
    Int(i64),
    Float(f64),
    Bool(bool),
    /// Of a text, which wildcards and `..` take apart.
    Byte(u8),
    /// The element of a range over nothing, or over a null.
    Nothing,
}

/// Why two do not compare.
pub(super) struct Incomparable;

impl<'a> Found<'a> {
    pub(super) fn is_null(self) -> bool {
        matches!(self, Self::Value(Plain::Null))
    }

    pub(super) fn list(self) -> Option<&'a [Plain]> {
        match self {
            Self::Value(Plain::List(list)) => Some(list),
            _ => None,
        }
    }

    pub(super) fn text(self) -> Option<&'a [u8]> {
        match self {
            Self::Text(text) => Some(text),
            Self::Value(Plain::Str(text)) => Some(text.as_bytes()),
            _ => None,
        }
    }

    /// What is directly within: of maps and lists the values, of texts the bytes.
    pub(super) fn children(self) -> Vec<Self> {
        match self {
            Self::Value(Plain::Map(table)) => {
                table.iter().map(|(_, value)| Found::Value(value)).collect()
            }
            Self::Value(Plain::List(list)) => list.iter().map(Found::Value).collect(),
            _ => self.text().unwrap_or_default().iter().copied().map(Found::Byte).collect(),
        }
    }

    /// The same without a [`Found::Value`] around it; maps, lists and nulls do not compare.
    fn basic(self) -> Result<Self, Incomparable> {
        match self {
            Self::Value(Plain::Bool(flag)) => Ok(Self::Bool(*flag)),
            Self::Value(Plain::Int(number)) => Ok(Self::Int(*number)),
            Self::Value(Plain::Float(number)) => Ok(Self::Float(*number)),
            Self::Value(Plain::Str(text)) => Ok(Self::Text(text.as_bytes())),
            Self::Value(_) | Self::Nothing => Err(Incomparable),
            _ => Ok(self),
        }
    }
}

/// Whether `left operator right` holds. A whole number of the expression is no number of a values file,
/// which are all floats: `80.0` compares with them, `80` does not.
pub(super) fn compare(
    left: Found<'_>,
    operator: Operator,
    right: Found<'_>,
) -> Result<bool, Incomparable> {
    let order = match (left.basic()?, right.basic()?) {
        (Found::Bool(left), Found::Bool(right)) => {
            return match operator {
                Operator::Equal => Ok(left == right),
                Operator::NotEqual => Ok(left != right),
                _ => Err(Incomparable),
            };
        }
        (Found::Text(left), Found::Text(right)) => left.cmp(right),
        (Found::Int(left), Found::Int(right)) => left.cmp(&right),
        (Found::Byte(left), Found::Byte(right)) => left.cmp(&right),
        (Found::Int(left), Found::Byte(right)) => left.cmp(&i64::from(right)),
        (Found::Byte(left), Found::Int(right)) => i64::from(left).cmp(&right),
        (Found::Float(left), Found::Float(right)) => {
            left.partial_cmp(&right).ok_or(Incomparable)?
        }
        _ => return Err(Incomparable),
    };
    match operator {
        Operator::Less => Ok(order == Ordering::Less),
        Operator::Greater => Ok(order == Ordering::Greater),
        Operator::Equal => Ok(order == Ordering::Equal),
        Operator::NotEqual => Ok(order != Ordering::Equal),
        Operator::LessEqual => Ok(order != Ordering::Greater),
        Operator::GreaterEqual => Ok(order != Ordering::Less),
        Operator::Exists | Operator::Unknown => Err(Incomparable),
    }
}
