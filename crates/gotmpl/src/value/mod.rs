//! Values with Go's kinds and Go's reference semantics.
//!
//! A map is shared by whoever holds it: `set` changes it for all, as charts rely on. Lists are
//! never changed in place by any template function, so they are shared without a cell. A `Value`
//! belongs to one thread; what threads share is frozen outside and copied in.

pub(crate) mod age;
mod dismantle;
mod entries;
mod list;
mod map;
mod object;
mod text;

use std::rc::Rc;

pub use entries::Entries;
pub use list::{List, ListType};
pub use map::{Map, MapType};
pub use object::{Method, Object};
pub use text::{Feature, SharedStr, Str};

/// A Go value as a template sees it.
#[derive(Clone, Default)]
pub enum Value {
    /// The nil interface: a missing key or a null. An action prints it as `<no value>`.
    #[default]
    Nil,
    /// `bool`.
    Bool(bool),
    /// `int`.
    Int(i64),
    /// `int32`, Go's rune: what ranging over a string yields.
    Int32(i32),
    /// `int64`.
    Int64(i64),
    /// `uint8`, Go's byte: what indexing a string yields.
    Uint8(u8),
    /// `uint64`.
    Uint64(u64),
    /// `float64`: every number of a values file.
    Float64(f64),
    /// `complex128`: only a constant such as `1i` makes one.
    Complex(f64, f64),
    /// `string`: bytes, most often UTF-8.
    Str(Str),
    /// A slice.
    List(List),
    /// A map with string keys.
    Map(Map),
    /// Any other Go value, with fields and methods of its own.
    Object(Rc<dyn Object>),
}

/// Values are moved more than anything else.
const _: () = assert!(size_of::<Value>() <= 24);

/// The element type of a slice or a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elem {
    /// `interface {}`.
    Any,
    /// `string`.
    Str,
    /// `int`.
    Int,
    /// `int64`.
    Int64,
    /// `float64`.
    Float64,
    /// `uint8`; a slice of these is Go's `[]byte`.
    Uint8,
    /// `[]string`.
    StrList,
    /// `[]uint8`.
    Bytes,
    /// `map[string]interface {}`.
    Map,
    /// `[]interface {}`.
    List,
}

/// Go's `reflect.Kind`, as far as templates can meet it; named as `kindOf` prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The nil interface: "invalid".
    Invalid,
    /// "bool".
    Bool,
    /// "int".
    Int,
    /// "int32".
    Int32,
    /// "int64".
    Int64,
    /// "uint8".
    Uint8,
    /// "uint64".
    Uint64,
    /// "float64".
    Float64,
    /// "complex128".
    Complex128,
    /// "string".
    String,
    /// "slice".
    Slice,
    /// "map".
    Map,
    /// "struct".
    Struct,
    /// "ptr".
    Ptr,
    /// "func".
    Func,
}

impl Kind {
    /// The kind's name as `reflect.Kind.String` has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Uint8 => "uint8",
            Self::Uint64 => "uint64",
            Self::Float64 => "float64",
            Self::Complex128 => "complex128",
            Self::String => "string",
            Self::Slice => "slice",
            Self::Map => "map",
            Self::Struct => "struct",
            Self::Ptr => "ptr",
            Self::Func => "func",
        }
    }
}

impl Elem {
    /// The Go type, as `%T` prints it.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::Any => "interface {}",
            Self::Str => "string",
            Self::Int => "int",
            Self::Int64 => "int64",
            Self::Float64 => "float64",
            Self::Uint8 => "uint8",
            Self::StrList => "[]string",
            Self::Bytes => "[]uint8",
            Self::Map => "map[string]interface {}",
            Self::List => "[]interface {}",
        }
    }

    /// The zero value, which indexing a map of this element type by a missing key yields.
    pub fn zero(self) -> Value {
        match self {
            Self::Any => Value::Nil,
            Self::Str => Value::Str(Str::default()),
            Self::Int => Value::Int(0),
            Self::Int64 => Value::Int64(0),
            Self::Float64 => Value::Float64(0.0),
            Self::Uint8 => Value::Uint8(0),
            Self::StrList => Value::List(List::nil(Self::Str)),
            Self::Bytes => Value::List(List::nil(Self::Uint8)),
            Self::Map => Value::Map(Map::nil(&MapType::ANY)),
            Self::List => Value::List(List::nil(Self::Any)),
        }
    }
}

impl Value {
    /// Go's `reflect.Kind` of this value.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Nil => Kind::Invalid,
            Self::Bool(_) => Kind::Bool,
            Self::Int(_) => Kind::Int,
            Self::Int32(_) => Kind::Int32,
            Self::Int64(_) => Kind::Int64,
            Self::Uint8(_) => Kind::Uint8,
            Self::Uint64(_) => Kind::Uint64,
            Self::Float64(_) => Kind::Float64,
            Self::Complex(..) => Kind::Complex128,
            Self::Str(_) => Kind::String,
            Self::List(_) => Kind::Slice,
            Self::Map(_) => Kind::Map,
            Self::Object(object) => object.kind(),
        }
    }

    /// The Go type, as `%T` prints it; "<nil>" for nil.
    pub fn type_name(&self) -> String {
        match self {
            Self::Nil => "<nil>".to_owned(),
            Self::List(list) => list.type_name(),
            Self::Map(map) => map.ty().name.to_owned(),
            Self::Object(object) => object.type_name().to_owned(),
            other => other.kind().name().to_owned(),
        }
    }

    /// The map that an object is, where it is one; otherwise the value itself.
    #[must_use]
    pub fn as_map_or_self(self) -> Self {
        match &self {
            Self::Object(object) => object.as_map().map_or(self, Self::Map),
            _ => self,
        }
    }

    /// The number that an object of an integer kind is.
    pub fn as_object_integer(&self) -> Option<i64> {
        match self {
            Self::Object(object) => object.as_integer(),
            _ => None,
        }
    }

    /// Go's idea of truth, as `if` sees it: false for zero, empty and nil.
    pub fn truth(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(b) => *b,
            Self::Int(n) | Self::Int64(n) => *n != 0,
            Self::Int32(n) => *n != 0,
            Self::Uint8(n) => *n != 0,
            Self::Uint64(n) => *n != 0,
            Self::Float64(n) => *n != 0.0,
            Self::Complex(re, im) => *re != 0.0 || *im != 0.0,
            Self::Str(s) => s.has(Feature::Content),
            Self::List(list) => !list.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::Object(object) => object.truth(),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Str(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Str(text.into())
    }
}
