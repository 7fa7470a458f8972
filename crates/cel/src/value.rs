//! Values, each with what it was computed from.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::fault::Fault;
use crate::origins::Origins;

/// A value with its origins. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Value {
    /// The value itself.
    pub kind: Kind,
    /// What it was computed from. Those of a list or a map are what decided which items it has;
    /// each item has its own.
    pub origins: Origins,
}

/// The value itself.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A signed number of 64 bits.
    Int(i64),
    /// An unsigned number of 64 bits.
    Uint(u64),
    /// A floating-point number of 64 bits.
    Double(f64),
    /// A text.
    String(Arc<str>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// A list.
    List(Arc<[Value]>),
    /// A map.
    Map(Arc<BTreeMap<Key, Value>>),
    /// What the caller gives by fields, each computed when it is asked for.
    Object(Arc<dyn Object>),
    /// A value or none.
    Optional(Option<Arc<Value>>),
    /// A type, as a value.
    Type(Arc<str>),
}

/// What the caller gives by fields.
pub trait Object: fmt::Debug + Send + Sync {
    /// The name of the object's type.
    fn type_name(&self) -> &str;
    /// The value of a field; nothing when the object has none of that name.
    fn field(&self, name: &str) -> Option<Result<Value, Fault>>;
}

/// A key of a map. Whole numbers are one key whether signed or not, as CEL compares them.
#[derive(Clone, Debug)]
pub enum Key {
    /// `true` or `false`.
    Bool(bool),
    /// A signed number.
    Int(i64),
    /// An unsigned number.
    Uint(u64),
    /// A text.
    String(Arc<str>),
}

impl Value {
    /// A value without origins.
    pub fn new(kind: Kind) -> Self {
        Self { kind, origins: Origins::default() }
    }

    /// A text.
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        Self::new(Kind::String(text.into()))
    }

    /// Bytes.
    pub fn bytes(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self::new(Kind::Bytes(bytes.into()))
    }

    /// A truth value.
    pub fn bool(value: bool) -> Self {
        Self::new(Kind::Bool(value))
    }

    /// A signed number.
    pub fn int(value: i64) -> Self {
        Self::new(Kind::Int(value))
    }

    /// An unsigned number.
    pub fn uint(value: u64) -> Self {
        Self::new(Kind::Uint(value))
    }

    /// A floating-point number.
    pub fn double(value: f64) -> Self {
        Self::new(Kind::Double(value))
    }

    /// `null`.
    pub fn null() -> Self {
        Self::new(Kind::Null)
    }

    /// A list.
    pub fn list(items: impl Into<Arc<[Self]>>) -> Self {
        Self::new(Kind::List(items.into()))
    }

    /// A map.
    pub fn map(entries: BTreeMap<Key, Self>) -> Self {
        Self::new(Kind::Map(Arc::new(entries)))
    }

    /// An object of the caller's.
    pub fn object(object: Arc<dyn Object>) -> Self {
        Self::new(Kind::Object(object))
    }

    /// A value or none.
    pub fn optional(value: Option<Self>) -> Self {
        Self::new(Kind::Optional(value.map(Arc::new)))
    }

    /// The value, computed from these as well.
    #[must_use]
    pub fn with(mut self, origins: &Origins) -> Self {
        self.origins = self.origins.union(origins);
        self
    }

    /// The text, when it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The origins of the value and of everything in it.
    pub fn all_origins(&self) -> Origins {
        match &self.kind {
            Kind::List(items) => {
                items.iter().fold(self.origins.clone(), |all, item| all.union(&item.all_origins()))
            }
            Kind::Map(entries) => entries
                .values()
                .fold(self.origins.clone(), |all, item| all.union(&item.all_origins())),
            Kind::Optional(Some(inner)) => self.origins.union(&inner.all_origins()),
            _ => self.origins.clone(),
        }
    }
}

impl Kind {
    /// The name of the value's type, for messages and for `type(…)`.
    pub fn type_name(&self) -> &str {
        match self {
            Self::Null => "null_type",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Uint(_) => "uint",
            Self::Double(_) => "double",
            Self::String(_) => "string",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "list",
            Self::Map(_) => "map",
            Self::Object(object) => object.type_name(),
            Self::Optional(_) => "optional_type",
            Self::Type(_) => "type",
        }
    }
}

impl Key {
    /// The key as a value.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Bool(value) => Value::bool(*value),
            Self::Int(value) => Value::int(*value),
            Self::Uint(value) => Value::uint(*value),
            Self::String(text) => Value::string(text.clone()),
        }
    }

    /// The key that a value is; nothing when it cannot be one. A double that is whole finds the
    /// integer's entry.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        Some(match &value.kind {
            Kind::Bool(value) => Self::Bool(*value),
            Kind::Int(value) => Self::Int(*value),
            Kind::Uint(value) => Self::Uint(*value),
            Kind::String(text) => Self::String(text.clone()),
            _ => return None,
        })
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Bool(_) => 0,
            Self::Int(_) | Self::Uint(_) => 1,
            Self::String(_) => 2,
        }
    }

    fn number(&self) -> i128 {
        match self {
            Self::Int(value) => i128::from(*value),
            Self::Uint(value) => i128::from(*value),
            Self::Bool(_) | Self::String(_) => 0,
        }
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Bool(one), Self::Bool(two)) => one.cmp(two),
            (Self::String(one), Self::String(two)) => one.cmp(two),
            _ => (self.rank(), self.number()).cmp(&(other.rank(), other.number())),
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Key {}
