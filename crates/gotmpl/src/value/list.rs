//! Go's slice. No template function changes one in place, so it is shared without a cell.

use std::ops::Deref;
use std::rc::Rc;

use super::{Elem, Method, Value};

/// A named slice type.
pub struct ListType {
    /// As `%T` prints it.
    pub name: &'static str,
    /// Its methods.
    pub methods: &'static [(&'static str, Method)],
}

/// A slice with its element type; `None` inside is Go's nil slice, which JSON prints as `null`.
#[derive(Clone)]
pub struct List {
    elem: Elem,
    /// A named slice type (`common.VersionSet`), where it has one.
    named: Option<&'static ListType>,
    items: Option<Rc<Vec<Value>>>,
}

impl List {
    /// A slice of that element type.
    pub fn new(elem: Elem, items: Vec<Value>) -> Self {
        Self { elem, named: None, items: Some(Rc::new(items)) }
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
        Self { elem, named: None, items: None }
    }

    /// The same slice under a named Go type.
    #[must_use]
    pub fn named(mut self, named: &'static ListType) -> Self {
        self.named = Some(named);
        self
    }

    /// The method of that name, when the slice's type has one.
    pub fn method(&self, name: &str) -> Option<Method> {
        let methods = self.named?.methods;
        methods.iter().find(|(own, _)| *own == name).map(|(_, method)| *method)
    }

    /// Whether nothing else holds these elements: then the slice was just made.
    pub fn is_unique(&self) -> bool {
        self.items.as_ref().is_some_and(|items| Rc::strong_count(items) == 1)
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
        self.named
            .map_or_else(|| format!("[]{}", self.elem.type_name()), |named| named.name.to_owned())
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
