//! Go's map with string keys, shared by reference and kept in key order, which is the order in
//! which templates range over it.

use std::cell::{Cell, Ref, RefCell, RefMut};
use std::collections::BTreeSet;
use std::rc::Rc;

use super::age::{self, Time};
use super::dismantle::dismantle;
use super::{Elem, Entries, Method, Str, Value};
use crate::sketch;

/// The Go type of a map.
pub struct MapType {
    /// As `%T` prints it.
    pub name: &'static str,
    /// The element type.
    pub elem: Elem,
    /// The methods of a named map type, which Go looks up before keys.
    pub methods: &'static [(&'static str, Method)],
}

impl MapType {
    /// `map[string]interface {}`.
    pub const ANY: MapType =
        MapType { name: "map[string]interface {}", elem: Elem::Any, methods: &[] };
    /// `map[string]string`.
    pub const STRINGS: MapType =
        MapType { name: "map[string]string", elem: Elem::Str, methods: &[] };
}

/// A map shared by reference: a clone is the same map. The Go type belongs to the handle, because
/// Go converts a map to another type without copying it (`common.Values` is a
/// `map[string]interface {}` underneath).
#[derive(Clone)]
pub struct Map {
    shared: Rc<Inner>,
    ty: &'static MapType,
}

struct Inner {
    nil: bool,
    born: Time,
    special: Cell<Special>,
    /// The keys whose values are other things in other renders.
    varying: RefCell<BTreeSet<Str>>,
    entries: RefCell<Entries>,
}

/// What is special about reading a map.
#[derive(Clone, Copy, Default)]
struct Special {
    /// Whether anything is.
    any: bool,
    /// A key whose value is another thing each time.
    unsteady: Option<&'static str>,
    /// Whether in other renders there are other keys.
    keys_vary: bool,
}

impl Drop for Inner {
    fn drop(&mut self) {
        dismantle(self.entries.get_mut());
    }
}

impl Map {
    /// An empty `map[string]interface {}`.
    pub fn new() -> Self {
        Self::typed(&MapType::ANY, Entries::new())
    }

    /// A map of that Go type.
    pub fn typed(ty: &'static MapType, entries: Entries) -> Self {
        Self::made(ty, false, age::birth(), entries)
    }

    /// A map that is there before a render and lasts until the next (see [`Map::renew`]), or that
    /// counts as such although it is made when it is first asked for.
    pub fn lasting(ty: &'static MapType, entries: Entries) -> Self {
        Self::made(ty, false, age::EVER, entries)
    }

    fn made(ty: &'static MapType, nil: bool, born: Time, entries: Entries) -> Self {
        let entries = RefCell::new(entries);
        let (special, varying) = (Cell::default(), RefCell::default());
        Self { shared: Rc::new(Inner { nil, born, special, varying, entries }), ty }
    }

    /// Whether nothing else holds these entries: then the map was just made.
    pub fn is_unique(&self) -> bool {
        Rc::strong_count(&self.shared) == 1
    }

    /// The entries to change, when nothing else holds them.
    pub(super) fn entries_if_unique(&mut self) -> Option<&mut Entries> {
        Rc::get_mut(&mut self.shared).map(|inner| inner.entries.get_mut())
    }

    /// The nil map of that Go type.
    pub fn nil(ty: &'static MapType) -> Self {
        Self::made(ty, true, age::birth(), Entries::new())
    }

    /// The same entries, copied one level deep, under another Go type.
    #[must_use]
    pub fn shallow_copy(&self, ty: &'static MapType) -> Self {
        Self::typed(ty, self.entries().clone())
    }

    /// The same map, shared, under another Go type.
    #[must_use]
    pub fn seen_as(&self, ty: &'static MapType) -> Self {
        Self { shared: Rc::clone(&self.shared), ty }
    }

    /// The Go type.
    pub fn ty(&self) -> &'static MapType {
        self.ty
    }

    /// Whether this is Go's nil map.
    pub fn is_nil(&self) -> bool {
        self.shared.nil
    }

    /// Whether two handles are one map.
    pub fn same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.shared, &other.shared)
    }

    /// The address of the shared map, equal for clones: provenance names maps by it.
    pub fn address(&self) -> usize {
        Rc::as_ptr(&self.shared).cast::<()>() as usize
    }

    /// Says that the value at `key` will be another thing for each template that the caller runs:
    /// what reads it is not used again (see [`crate::machine::Machine::include`]).
    pub fn declare_unsteady(&self, key: &'static str) {
        let special = self.shared.special.get();
        self.shared.special.set(Special { any: true, unsteady: Some(key), ..special });
    }

    /// Sets the key that was declared unsteady, which counts as no change.
    pub fn set_unsteady(&self, value: Value) {
        if let Some(key) = self.shared.special.get().unsteady {
            self.shared.entries.borrow_mut().insert(key.into(), value);
        }
    }

    /// Says that the value at `key` may be another thing in the next render: for a map that lasts.
    /// What reads the key is used again within a render only.
    pub fn expect_change(&self, key: &Str) -> bool {
        let mut varying = self.shared.varying.borrow_mut();
        let is_new = varying.insert(key.clone());
        if is_new {
            let special = self.shared.special.get();
            let keys_vary = special.keys_vary || !self.shared.entries.borrow().contains_key(key);
            self.shared.special.set(Special { any: true, keys_vary, ..special });
        }
        is_new
    }

    /// Sets the value at `key`, or removes it, between two renders: for a map that lasts. It counts
    /// as no change, and more are expected. Says whether it was not expected itself: then older
    /// results must go.
    pub fn renew(&self, key: &Str, value: Option<Value>) -> bool {
        let is_new = self.expect_change(key);
        let mut entries = self.shared.entries.borrow_mut();
        let (was, is) = (entries.contains_key(key), value.is_some());
        match value {
            Some(value) => entries.insert(key.clone(), value),
            None => entries.remove(key),
        };
        let special = self.shared.special.get();
        let keys_vary = special.keys_vary || was != is;
        self.shared.special.set(Special { keys_vary, ..special });
        is_new || keys_vary && !special.keys_vary
    }

    /// Whether it is there in the next render too.
    pub(crate) fn lasts(&self) -> bool {
        self.shared.born == age::EVER
    }

    /// Whether it matters which of its keys are read.
    pub(crate) fn is_special(&self) -> bool {
        self.shared.special.get().any
    }

    #[inline]
    fn read_key(&self, key: &[u8]) {
        let special = self.shared.special.get();
        if special.any {
            self.read_special(special, key);
        }
    }

    #[cold]
    fn read_special(&self, special: Special, key: &[u8]) {
        if special.unsteady.is_some_and(|unsteady| unsteady.as_bytes() == key) {
            age::unsteady();
        }
        if let Some(key) = self.shared.varying.borrow().get(key) {
            age::bound();
            if sketch::is_recording() {
                sketch::read_entry(self, key);
            }
        }
    }

    fn read_all(&self) {
        let special = self.shared.special.get();
        if special.unsteady.is_some() {
            age::unsteady();
        }
        if special.any && !self.shared.varying.borrow().is_empty() {
            age::bound();
            if sketch::is_recording() {
                for key in self.shared.varying.borrow().iter() {
                    sketch::read_entry(self, key);
                }
            }
        }
    }

    fn read_count(&self) {
        if self.shared.special.get().keys_vary {
            age::bound();
            if sketch::is_recording() {
                sketch::read_length(self);
            }
        }
    }

    /// The entries, for what makes no difference to what a template prints.
    pub(crate) fn unread(&self) -> Ref<'_, Entries> {
        self.shared.entries.borrow()
    }

    /// The entries, to put equal values in the place of others; none while somebody looks at them.
    pub(crate) fn unchanged(&self) -> Option<RefMut<'_, Entries>> {
        self.shared.entries.try_borrow_mut().ok()
    }

    /// The value at `key`.
    pub fn get(&self, key: &[u8]) -> Option<Value> {
        self.read_key(key);
        self.shared.entries.borrow().get(key).cloned()
    }

    /// Sets `key` for everybody who holds this map.
    pub fn insert(&self, key: impl Into<Str>, value: Value) {
        self.entries_mut().insert(key.into(), value);
    }

    /// Removes `key` for everybody who holds this map.
    pub fn remove(&self, key: &[u8]) {
        self.entries_mut().remove(key);
    }

    /// Whether there is an entry at `key`.
    pub fn contains_key(&self, key: &[u8]) -> bool {
        self.read_key(key);
        self.shared.entries.borrow().contains_key(key)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.read_count();
        self.shared.entries.borrow().len()
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.read_count();
        self.shared.entries.borrow().is_empty()
    }

    /// The entries in key order. Do not call a function that may change the map while holding it.
    pub fn entries(&self) -> Ref<'_, Entries> {
        self.read_all();
        self.shared.entries.borrow()
    }

    /// The entries, to change.
    pub fn entries_mut(&self) -> RefMut<'_, Entries> {
        age::changed(self.shared.born);
        self.shared.entries.borrow_mut()
    }
}

impl Default for Map {
    fn default() -> Self {
        Self::new()
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}
