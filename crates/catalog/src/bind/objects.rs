//! Objects of expressions whose fields are computed when they are asked for.

use std::fmt;
use std::sync::Arc;

use cel::{Fault, Object, Value};

/// What a field is; nothing when there is none of that name.
type Get = Box<dyn Fn(&str) -> Option<Result<Value, Fault>> + Send + Sync>;

/// An object whose fields a function computes.
pub(super) struct Computed {
    type_name: String,
    get: Get,
}

impl Computed {
    /// The object as a value.
    pub fn value(
        type_name: impl Into<String>,
        get: impl Fn(&str) -> Option<Result<Value, Fault>> + Send + Sync + 'static,
    ) -> Value {
        Value::object(Arc::new(Self { type_name: type_name.into(), get: Box::new(get) }))
    }

    /// An object of texts that are known.
    pub fn texts<const N: usize>(type_name: &str, fields: [(&'static str, String); N]) -> Value {
        Self::value(type_name, move |name| {
            let (_, text) = fields.iter().find(|(known, _)| *known == name)?;
            Some(Ok(Value::string(text.as_str())))
        })
    }
}

impl Object for Computed {
    fn type_name(&self) -> &str {
        &self.type_name
    }

    fn field(&self, name: &str) -> Option<Result<Value, Fault>> {
        (self.get)(name)
    }
}

impl fmt::Debug for Computed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.type_name)
    }
}
