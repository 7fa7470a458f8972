//! Go's slice. No template function changes one in place, so it is shared without a cell.

use std::ops::Deref;
use std::rc::Rc;

use super::{Elem, Value};

/// A slice with its element type; `None` inside is Go's nil slice, which JSON prints as `null`.
#[derive(Clone)]
pub struct List {
    elem: Elem,
    /// A named slice type (`common.VersionSet`), where it has one.
    name: Option<&'static str>,
    items: Option<Rc<Vec<Value>>>,
}

impl List {
    /// A slice of that element type.
    pub fn new(elem: Elem, items: Vec<Value>) -> Self {
        Self { elem, name: None, items: Some(Rc::new(items)) }
    }

    /// `[]interface {}`.
    pub fn any(items: Vec<Value>) -> Self {
        Self::new(Elem::Any, items)
    }

    /// `[]string`.
    pub fn strings<T: Into<super::Str>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::new(Elem::Str, items.into_iter().map(|s| Value::Str(s.into())).collect())
    }

    /// The nil slice of that element type.
    pub fn nil(elem: Elem) -> Self {
        Self { elem, name: None, items: None }
    }

    /// The same slice under a named Go type.
    #[must_use]
    pub fn named(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// Whether this is Go's nil slice.
    pub fn is_nil(&self) -> bool {
        self.items.is_none()
    }

    /// The element type.
    pub fn elem(&self) -> Elem {
        self.elem
    }

    /// The Go type, as `%T` prints it.
    pub fn type_name(&self) -> String {
        self.name.map_or_else(|| format!("[]{}", self.elem.type_name()), str::to_owned)
    }
}

impl Deref for List {
    type Target = [Value];
    fn deref(&self) -> &[Value] {
        self.items.as_ref().map_or(&[], |items| items.as_slice())
    }
}

impl From<List> for Value {
    fn from(list: List) -> Self {
        Self::List(list)
    }
}
