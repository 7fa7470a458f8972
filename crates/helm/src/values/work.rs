//! Values while they are being put together: maps that are shared and changed in place like Go's,
//! thawed only where something changes.
//!
//! Helm's coalescing lets a parent and its sub-charts share the deeper tables of `global`, so a
//! sub-chart's defaults reach its parent and siblings. To give the same results the maps here
//! have reference semantics too, and the templates' maps keep what is shared.

use std::cell::{Ref, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use gotmpl::value::{Entries, List, Map, MapType, SharedStr, Str, Value};

use super::{NoTable, Plain, Table};

/// A map that can be changed by all who hold it. A clone is the same map.
#[derive(Clone, Default)]
pub struct Work(Rc<RefCell<Entries<SharedStr, Slot>>>);

/// What an entry holds.
#[derive(Clone)]
pub(super) enum Slot {
    /// A frozen value, possibly a whole table that nobody has touched yet.
    Frozen(Plain),
    /// A table that was thawed.
    Table(Work),
}

impl Slot {
    pub(super) fn is_nil(&self) -> bool {
        matches!(self, Self::Frozen(Plain::Null))
    }

    pub(super) fn is_table(&self) -> bool {
        matches!(self, Self::Table(_) | Self::Frozen(Plain::Map(_)))
    }

    pub(super) fn freeze(&self) -> Plain {
        match self {
            Self::Frozen(value) => value.clone(),
            Self::Table(work) => Plain::Map(work.freeze()),
        }
    }
}

impl Work {
    /// A map of its own with these entries.
    pub fn thawed(table: &Table) -> Self {
        let entries = table.iter().map(|(key, value)| (key.clone(), Slot::Frozen(value.clone())));
        Self(Rc::new(RefCell::new(entries.collect())))
    }

    pub(super) fn get(&self, key: &SharedStr) -> Option<Slot> {
        self.0.borrow().get(key).cloned()
    }

    pub(super) fn insert(&self, key: SharedStr, slot: Slot) {
        self.0.borrow_mut().insert(key, slot);
    }

    pub(super) fn remove(&self, key: &SharedStr) {
        self.0.borrow_mut().remove(key);
    }

    /// The table at `key`, thawed in place so that changes to it stay. `None` for anything else.
    pub(super) fn table(&self, key: &SharedStr) -> Option<Self> {
        let mut entries = self.0.borrow_mut();
        let slot = entries.get_mut(key)?;
        if let Slot::Frozen(Plain::Map(table)) = slot {
            *slot = Slot::Table(Self::thawed(table));
        }
        match slot {
            Slot::Table(work) => Some(work.clone()),
            Slot::Frozen(_) => None,
        }
    }

    /// The table at a dotted path, as Helm's `Values.Table` looks it up: a part of this one, not a copy.
    pub fn table_at(&self, path: &str) -> Result<Self, NoTable> {
        path.split('.').try_fold(self.clone(), |table, name| {
            table.table(&name.into()).ok_or_else(|| NoTable(name.to_owned()))
        })
    }

    /// Empties all tables from here on: those that stand in themselves would be held for ever.
    pub fn dissolve(&self) {
        let mut pending = vec![self.clone()];
        while let Some(table) = pending.pop() {
            let entries = std::mem::take(&mut *table.0.borrow_mut());
            let tables = entries.values().filter_map(|slot| match slot {
                Slot::Table(table) => Some(table.clone()),
                Slot::Frozen(_) => None,
            });
            pending.extend(tables);
        }
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// The keys as they are now, in order.
    pub(super) fn keys(&self) -> Vec<SharedStr> {
        self.0.borrow().keys().cloned().collect()
    }

    /// The entries as they are now, in key order.
    pub(super) fn entries(&self) -> Vec<(SharedStr, Slot)> {
        self.0.borrow().iter().map(|(key, slot)| (key.clone(), slot.clone())).collect()
    }

    /// A map of its own with the same entries; the tables below are shared by both from now on.
    pub(super) fn shallow_copy(&self) -> Self {
        self.0.borrow_mut().each_value(|slot| {
            if let Slot::Frozen(Plain::Map(table)) = slot {
                *slot = Slot::Table(Self::thawed(table));
            }
        });
        Self(Rc::new(RefCell::new(self.0.borrow().clone())))
    }

    /// The same values, frozen. What was shared is copied.
    pub fn freeze(&self) -> Table {
        self.0.borrow().iter().map(|(key, slot)| (key.clone(), slot.freeze())).collect()
    }

    /// What tells a table that several hold from others.
    pub(super) fn shared_address(&self) -> Option<*const ()> {
        (Rc::strong_count(&self.0) > 1).then(|| Rc::as_ptr(&self.0).cast())
    }

    pub(super) fn borrow(&self) -> Ref<'_, Entries<SharedStr, Slot>> {
        self.0.borrow()
    }

    /// The map that templates get. Tables that are shared here are shared there.
    pub fn to_map(&self) -> Map {
        self.map_of(&mut HashMap::new())
    }

    fn map_of(&self, seen: &mut HashMap<*const (), Map>) -> Map {
        let shared = self.shared_address();
        if let Some(known) = shared.and_then(|address| seen.get(&address)) {
            return known.clone();
        }
        let entries = self.0.borrow();
        let values = entries.iter().map(|(key, slot)| (Str::from(key), slot.to_value(seen)));
        let map = Map::lasting(&MapType::ANY, values.collect());
        if let Some(address) = shared {
            seen.insert(address, map.clone());
        }
        map
    }
}

impl Slot {
    pub(super) fn to_value(&self, seen: &mut HashMap<*const (), Map>) -> Value {
        match self {
            Self::Frozen(value) => thaw_lasting(value),
            Self::Table(work) => Value::Map(work.map_of(seen)),
        }
    }
}

/// The value that templates get for a frozen one: maps of its own, which a template may change.
pub fn thaw(value: &Plain) -> Value {
    thaw_with(value, Map::typed)
}

/// The same for what lasts from one render to the next.
pub(crate) fn thaw_lasting(value: &Plain) -> Value {
    thaw_with(value, Map::lasting)
}

type MakeMap = fn(&'static MapType, Entries) -> Map;

fn thaw_with(value: &Plain, make: MakeMap) -> Value {
    match value {
        Plain::Null => Value::Nil,
        Plain::Bool(flag) => Value::Bool(*flag),
        Plain::Int(number) => Value::Int64(*number),
        Plain::Float(number) => Value::Float64(*number),
        Plain::Str(text) => Value::Str(text.into()),
        Plain::List(items) => {
            Value::List(List::any(items.iter().map(|item| thaw_with(item, make)).collect()))
        }
        Plain::Map(table) => {
            let entries = table.iter().map(|(key, value)| (Str::from(key), thaw_with(value, make)));
            Value::Map(make(&MapType::ANY, entries.collect()))
        }
    }
}
