//! Go values that are neither scalars, slices nor maps: structs and named types with methods.

use std::any::Any;

use super::{Kind, Value};
use crate::function::{Call, Failure, Param};

/// A method of a Go type. The receiver is the first of the call's arguments; `params` states the
/// others.
#[derive(Clone, Copy)]
pub struct Method {
    /// The types of the parameters after the receiver.
    pub params: &'static [Param],
    /// Whether the last parameter repeats.
    pub variadic: bool,
    /// The method itself; `args[0]` is the receiver.
    pub run: fn(&mut Call<'_, '_>) -> Result<Value, Failure>,
}

/// A Go value with a type of its own (`*common.Capabilities`, `time.Time`, …).
pub trait Object: Any {
    /// The Go type, as `%T` prints it.
    fn type_name(&self) -> &str;

    /// Go's `reflect.Kind`.
    fn kind(&self) -> Kind {
        Kind::Struct
    }

    /// The exported field of that name.
    fn field(&self, _name: &str) -> Option<Value> {
        None
    }

    /// The method of that name.
    fn method(&self, _name: &str) -> Option<Method> {
        None
    }

    /// Why Go does not call the method of that name, which has no parameters and more results than a
    /// template can take.
    fn refusal(&self, _name: &str) -> Option<&'static str> {
        None
    }

    /// Whether the struct has a field of that name that is not exported.
    fn hides(&self, _name: &str) -> bool {
        false
    }

    /// What `String()` or `Error()` gives, when the type has one: how it prints.
    fn display(&self) -> Option<String> {
        None
    }

    /// What an action prints, where that differs from how `printf` and `print` format the value:
    /// an action can take the address of a field and so finds `String()` methods of pointers.
    fn action_display(&self) -> Option<String> {
        self.display()
    }

    /// The map that this object is when its kind is [`Kind::Map`]; made when first asked for.
    /// Ranging, indexing, `len`, fields and printing go by it.
    fn as_map(&self) -> Option<super::Map> {
        None
    }

    /// The number that this object is when its kind is an integer. It indexes, and is ranged over.
    fn as_integer(&self) -> Option<i64> {
        None
    }

    /// Another number of this object's type, for ranging.
    fn like(&self, number: i64) -> Value {
        Value::Int64(number)
    }

    /// The struct's fields in order, as `%v` prints them and JSON marshals them
    /// (Go name, JSON name, value). The JSON name of a field that JSON leaves out is `-`.
    fn fields(&self) -> Vec<(&'static str, &'static str, Value)> {
        Vec::new()
    }

    /// What JSON and YAML make of it, when that is not its fields (a time is a string).
    fn to_plain(&self) -> Option<Value> {
        None
    }

    /// What a function without a type for its argument gets of it, when that is not the same: such a
    /// value has no address, and so none of the methods that want a pointer.
    fn without_address(&self) -> Option<Value> {
        None
    }

    /// What a deep copy of it is, when that is not the same: Go copies no unexported field.
    fn copied(&self) -> Option<Value> {
        None
    }

    /// Whether `if` takes it as true; a struct always is.
    fn truth(&self) -> bool {
        true
    }

    /// For functions that know the concrete type.
    fn as_any(&self) -> &dyn Any;
}
