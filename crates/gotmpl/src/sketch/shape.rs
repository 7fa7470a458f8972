//! What a value is apart from its texts.

use crate::value::{List, Map, Value};

/// A value without its texts. Types are told apart by their address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Shape {
    /// There is none.
    Absent,
    Nil,
    Text,
    Bool(bool),
    /// A number of that kind, by its bits.
    Number(u8, u64),
    List {
        ty: usize,
        is_nil: bool,
        items: Box<[Shape]>,
    },
    Map {
        ty: usize,
        is_nil: bool,
        entries: Box<[(Box<[u8]>, Shape)]>,
    },
}

/// Values that are nested deeper are not looked into.
pub(super) const MAX_DEPTH: usize = 40;

impl Shape {
    /// The shape of a value; none for one that may change by itself or is nested too deeply.
    pub fn of(value: &Value, depth: usize) -> Option<Self> {
        if depth > MAX_DEPTH {
            return None;
        }
        Some(match value {
            Value::Nil => Self::Nil,
            Value::Str(_) => Self::Text,
            Value::Bool(flag) => Self::Bool(*flag),
            Value::List(list) => Self::List {
                ty: list_type(list),
                is_nil: list.is_nil(),
                items: list.iter().map(|item| Self::of(item, depth + 1)).collect::<Option<_>>()?,
            },
            Value::Map(map) => {
                let entries = map.unread();
                let entry = |(key, value): (&crate::value::Str, &Value)| {
                    Some((key.unread().into(), Self::of(value, depth + 1)?))
                };
                Self::Map {
                    ty: map_type(map),
                    is_nil: map.is_nil(),
                    entries: entries.iter().map(entry).collect::<Option<_>>()?,
                }
            }
            other => number(other)?,
        })
    }

    /// Whether a value has this shape.
    pub fn fits(&self, value: Option<&Value>) -> bool {
        let Some(value) = value else { return *self == Self::Absent };
        match (self, value) {
            (Self::Nil, Value::Nil) | (Self::Text, Value::Str(_)) => true,
            (Self::Bool(flag), Value::Bool(other)) => flag == other,
            (Self::List { ty, is_nil, items }, Value::List(list)) => {
                *ty == list_type(list)
                    && *is_nil == list.is_nil()
                    && items.len() == list.len()
                    && items.iter().zip(list.iter()).all(|(item, other)| item.fits(Some(other)))
            }
            (Self::Map { ty, is_nil, entries }, Value::Map(map)) => {
                let others = map.unread();
                *ty == map_type(map)
                    && *is_nil == map.is_nil()
                    && entries.len() == others.len()
                    && entries.iter().zip(others.iter()).all(|((key, shape), (other, value))| {
                        **key == *other.unread() && shape.fits(Some(value))
                    })
            }
            (Self::Number(..), other) => number(other).as_ref() == Some(self),
            _ => false,
        }
    }
}

fn number(value: &Value) -> Option<Shape> {
    let (kind, bits) = match value {
        Value::Int(n) => (0, *n as u64),
        Value::Int32(n) => (1, *n as u64),
        Value::Int64(n) => (2, *n as u64),
        Value::Uint8(n) => (3, u64::from(*n)),
        Value::Uint64(n) => (4, *n),
        Value::Float64(n) => (5, n.to_bits()),
        _ => return None,
    };
    Some(Shape::Number(kind, bits))
}

pub(super) fn list_type(list: &List) -> usize {
    std::ptr::from_ref(list.ty()) as usize
}

pub(super) fn map_type(map: &Map) -> usize {
    std::ptr::from_ref(map.ty()) as usize
}
