//! The map of one render made into that of the next: values that are the same stay as they are, so
//! that what templates made of them can be used again.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use gotmpl::value::{Map, SharedStr, Str, Value};

use super::work::{Slot, thaw_lasting};
use super::{Plain, Table, Work};

impl Work {
    /// Makes `map`, which was made of other values by [`Work::to_map`] and not changed by anybody
    /// else, the map of these values. Says whether a key differs that never did before (see
    /// [`Map::renew`]); nothing where the two do not share their tables alike.
    pub fn renew(&self, map: &Map) -> Option<bool> {
        let mut renewal = Renewal::default();
        renewal.work(self, map)?;
        Some(renewal.is_new)
    }
}

/// A value of the next render.
enum Next<'n> {
    Slot(&'n Slot),
    Plain(&'n Plain),
}

#[derive(Default)]
struct Renewal {
    /// The maps of the tables that are shared.
    shared: HashMap<*const (), Map>,
    /// The maps that were there and have their values.
    done: HashSet<usize>,
    is_new: bool,
}

impl Renewal {
    fn work(&mut self, work: &Work, map: &Map) -> Option<()> {
        if let Some(address) = work.shared_address() {
            if let Some(known) = self.shared.get(&address) {
                return known.same(map).then_some(());
            }
            self.shared.insert(address, map.clone());
        }
        let entries = work.borrow();
        self.map(map, entries.iter().map(|(key, slot)| (key, Next::Slot(slot))))
    }

    fn table(&mut self, table: &Table, map: &Map) -> Option<()> {
        self.map(map, table.iter().map(|(key, value)| (key, Next::Plain(value))))
    }

    /// Both sides are in the order of their keys.
    fn map<'n>(
        &mut self,
        map: &Map,
        next: impl Iterator<Item = (&'n SharedStr, Next<'n>)>,
    ) -> Option<()> {
        if !self.done.insert(map.address()) {
            return None;
        }
        let mut changes: Vec<(Str, Option<Value>)> = Vec::new();
        let held = map.entries();
        let mut present = held.iter().peekable();
        for (key, next) in next {
            let mut found = None;
            while let Some((own, value)) = present.peek() {
                match own.as_bytes().cmp(key.as_bytes()) {
                    Ordering::Less => changes.push(((*own).clone(), None)),
                    Ordering::Equal => found = Some((*own, *value)),
                    Ordering::Greater => break,
                }
                present.next();
                if found.is_some() {
                    break;
                }
            }
            match found {
                Some((own, value)) if !self.value(&next, value)? => {
                    changes.push((own.clone(), Some(self.made(&next))));
                }
                Some(_) => {}
                None => changes.push((key.into(), Some(self.made(&next)))),
            }
        }
        changes.extend(present.map(|(own, _)| (own.clone(), None)));
        drop(held);
        for (key, value) in changes {
            self.is_new |= map.renew(&key, value);
        }
        Some(())
    }

    /// Whether the value is the next one, or the map of it.
    fn value(&mut self, next: &Next<'_>, value: &Value) -> Option<bool> {
        let plain = match next {
            Next::Slot(Slot::Frozen(plain)) => plain,
            Next::Slot(Slot::Table(work)) => {
                let Value::Map(map) = value else { return Some(false) };
                return self.work(work, map).map(|()| true);
            }
            Next::Plain(plain) => plain,
        };
        match (plain, value) {
            (Plain::Map(table), Value::Map(map)) => self.table(table, map).map(|()| true),
            _ => Some(is_same(plain, value)),
        }
    }

    fn made(&mut self, next: &Next<'_>) -> Value {
        match next {
            Next::Slot(slot) => slot.to_value(&mut self.shared),
            Next::Plain(plain) => thaw_lasting(plain),
        }
    }
}

fn is_same(plain: &Plain, value: &Value) -> bool {
    match (plain, value) {
        (Plain::Null, Value::Nil) => true,
        (Plain::Bool(a), Value::Bool(b)) => a == b,
        (Plain::Int(a), Value::Int64(b)) => a == b,
        (Plain::Float(a), Value::Float64(b)) => a.to_bits() == b.to_bits(),
        (Plain::Str(a), Value::Str(b)) => a.as_bytes() == b.as_bytes(),
        (Plain::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| is_same(a, b))
        }
        (Plain::Map(a), Value::Map(b)) => {
            let entries = b.entries();
            a.len() == entries.len()
                && a.iter()
                    .zip(entries.iter())
                    .all(|((key, a), (own, b))| key.as_bytes() == own.as_bytes() && is_same(a, b))
        }
        _ => false,
    }
}
