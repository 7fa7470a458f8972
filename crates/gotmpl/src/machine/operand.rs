//! A value under evaluation, with what Go's reflection knows about it besides.

use crate::value::Value;

/// A value, and whether Go holds it in an interface: an element of `[]interface {}` is, what a
/// pipeline yields is not. Go words errors by it, and tells "no value" (nil, not in an interface)
/// from a nil interface.
#[derive(Clone)]
pub(super) struct Operand {
    pub value: Value,
    pub boxed: bool,
}

impl Operand {
    /// No value at all.
    pub const NONE: Self = Self { value: Value::Nil, boxed: false };

    /// A value that is not in an interface.
    pub fn plain(value: Value) -> Self {
        Self { value, boxed: false }
    }

    /// Whether there is no value at all.
    pub fn is_none(&self) -> bool {
        !self.boxed && matches!(self.value, Value::Nil)
    }

    /// The same as a function gets it that takes values of any type.
    pub fn without_address(self) -> Self {
        let without = match &self.value {
            Value::Object(object) => object.without_address(),
            _ => None,
        };
        match without {
            Some(value) => Self { value, ..self },
            None => self,
        }
    }

    /// The type that Go sees from outside.
    pub fn type_name(&self) -> String {
        if self.boxed { "interface {}".to_owned() } else { self.value.type_name() }
    }
}
