//! Go's slice. No template function changes one in place, so it is shared without a cell.

use std::ops::Deref;
use std::rc::Rc;

use super::dismantle::dismantle;
use super::{Elem, Method, Value};

/// The Go type of a slice.
pub struct ListType {
    /// As `%T` prints it, when the type has a name; otherwise `[]` and the element type.
    pub name: Option<&'static str>,
    /// The element type.
    pub elem: Elem,
    /// Its methods.
    pub methods: &'static [(&'static str, Method)],
}

impl ListType {
    /// The slice type without a name, of that element type.
    pub const fn of(elem: Elem) -> &'static Self {
        const fn plain(elem: Elem) -> ListType {
            ListType { name: None, elem, methods: &[] }
        }
        match elem {
            Elem::Any => &const { plain(Elem::Any) },
            Elem::Str => &const { plain(Elem::Str) },
            Elem::Int => &const { plain(Elem::Int) },
            Elem::Int64 => &const { plain(Elem::Int64) },
            Elem::Float64 => &const { plain(Elem::Float64) },
            Elem::Uint8 => &const { plain(Elem::Uint8) },
            Elem::StrList => &const { plain(Elem::StrList) },
            Elem::Bytes => &const { plain(Elem::Bytes) },
            Elem::Map => &const { plain(Elem::Map) },
            Elem::List => &const { plain(Elem::List) },
        }
    }
}

/// A slice with its element type; `None` inside is Go's nil slice, which JSON prints as `null`.
#[derive(Clone)]
pub struct List {
    ty: &'static ListType,
    items: Option<Rc<Items>>,
}

struct Items(Vec<Value>);

impl Drop for Items {
    fn drop(&mut self) {
        dismantle(&mut self.0);
    }
}

impl List {
    /// A slice of that element type.
    pub fn new(elem: Elem, items: Vec<Value>) -> Self {
        Self { ty: ListType::of(elem), items: Some(Rc::new(Items(items))) }
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
        Self { ty: ListType::of(elem), items: None }
    }

    /// The same slice under a named Go type.
    #[must_use]
    pub fn named(mut self, named: &'static ListType) -> Self {
        self.ty = named;
        self
    }

    /// The method of that name, when the slice's type has one.
    pub fn method(&self, name: &str) -> Option<Method> {
        let methods = self.ty.methods;
        methods.iter().find(|(own, _)| *own == name).map(|(_, method)| *method)
    }

    /// Whether nothing else holds these elements: then the slice was just made.
    pub fn is_unique(&self) -> bool {
        self.items.as_ref().is_some_and(|items| Rc::strong_count(items) == 1)
    }

    /// The elements to change, when nothing else holds them; otherwise none.
    pub(super) fn items_if_unique(&mut self) -> &mut [Value] {
        match self.items.as_mut().and_then(Rc::get_mut) {
            Some(items) => &mut items.0,
            None => &mut [],
        }
    }

    /// Whether this is Go's nil slice.
    pub fn is_nil(&self) -> bool {
        self.items.is_none()
    }

    pub(crate) fn ty(&self) -> &'static ListType {
        self.ty
    }

    /// The element type.
    pub fn elem(&self) -> Elem {
        self.ty.elem
    }

    /// The Go type, as `%T` prints it.
    pub fn type_name(&self) -> String {
        let made = || format!("[]{}", self.ty.elem.type_name());
        self.ty.name.map_or_else(made, str::to_owned)
    }
}

impl Deref for List {
    type Target = [Value];
    fn deref(&self) -> &[Value] {
        self.items.as_ref().map_or(&[], |items| items.0.as_slice())
    }
}

impl From<List> for Value {
    fn from(list: List) -> Self {
        Self::List(list)
    }
}
