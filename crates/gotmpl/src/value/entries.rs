//! The entries of a map in the order of their keys: a vector while there are few, as nearly always,
//! and a tree from there on.

use std::borrow::Borrow;
use std::collections::{BTreeMap, btree_map};
use std::ops::Deref;
use std::slice;

use super::{Str, Value};

/// Values by key, in key order.
#[derive(Clone)]
pub struct Entries<K = Str, V = Value>(Form<K, V>);

#[derive(Clone)]
enum Form<K, V> {
    /// Sorted, without two of one key.
    Few(Vec<(K, V)>),
    Many(BTreeMap<K, V>),
}

/// Up to here, looking at each key is quicker than a search, and moving entries costs nothing.
const FEW: usize = 24;

impl<K, V> Entries<K, V> {
    /// No entries.
    pub fn new() -> Self {
        Self(Form::Few(Vec::new()))
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        match &self.0 {
            Form::Few(entries) => entries.len(),
            Form::Many(entries) => entries.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entries in key order.
    pub fn iter(&self) -> Iter<'_, K, V> {
        match &self.0 {
            Form::Few(entries) => Iter::Few(entries.iter()),
            Form::Many(entries) => Iter::Many(entries.iter()),
        }
    }

    /// The keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    /// Does `work` to each value, in the order of their keys.
    pub fn each_value(&mut self, work: impl FnMut(&mut V)) {
        match &mut self.0 {
            Form::Few(entries) => entries.iter_mut().map(|(_, value)| value).for_each(work),
            Form::Many(entries) => entries.values_mut().for_each(work),
        }
    }
}

impl<K: Ord + Borrow<[u8]> + Deref<Target = [u8]>, V> Entries<K, V> {
    /// The value at `key`.
    #[inline]
    pub fn get(&self, key: &[u8]) -> Option<&V> {
        match &self.0 {
            Form::Few(entries) => {
                entries.iter().find(|entry| entry.0.borrow() == key).map(|entry| &entry.1)
            }
            Form::Many(entries) => entries.get(key),
        }
    }

    /// The value at `key`, to change.
    pub fn get_mut(&mut self, key: &[u8]) -> Option<&mut V> {
        match &mut self.0 {
            Form::Few(entries) => {
                entries.iter_mut().find(|entry| entry.0.borrow() == key).map(|entry| &mut entry.1)
            }
            Form::Many(entries) => entries.get_mut(key),
        }
    }

    /// Whether there is a value at `key`.
    pub fn contains_key(&self, key: &[u8]) -> bool {
        self.get(key).is_some()
    }

    /// Sets the value at `key`, and returns the one before.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        read(&key);
        let entries = match &mut self.0 {
            Form::Few(entries) => entries,
            Form::Many(entries) => return entries.insert(key, value),
        };
        let place = match entries.last() {
            Some((last, _)) if *last < key => Err(entries.len()),
            _ => entries.binary_search_by(|(own, _)| own.cmp(&key)),
        };
        match place {
            Ok(at) => entries.get_mut(at).map(|entry| std::mem::replace(&mut entry.1, value)),
            Err(_) if entries.len() == FEW => {
                let mut many: BTreeMap<K, V> = std::mem::take(entries).into_iter().collect();
                many.insert(key, value);
                self.0 = Form::Many(many);
                None
            }
            Err(at) => {
                entries.insert(at, (key, value));
                None
            }
        }
    }

    /// Removes the value at `key`, and returns it.
    pub fn remove(&mut self, key: &[u8]) -> Option<V> {
        match &mut self.0 {
            Form::Few(entries) => {
                let at = entries.iter().position(|entry| entry.0.borrow() == key)?;
                Some(entries.remove(at).1)
            }
            Form::Many(entries) => entries.remove(key),
        }
    }
}

impl<K, V> Default for Entries<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

/// A key is read when it becomes one: looking for others compares it.
#[inline]
fn read(key: &impl Deref<Target = [u8]>) {
    let _: &[u8] = key;
}

/// Of two with one key, the last counts.
impl<K: Ord + Deref<Target = [u8]>, V> FromIterator<(K, V)> for Entries<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut entries: Vec<(K, V)> = entries.into_iter().collect();
        for (key, _) in &entries {
            read(key);
        }
        if entries.len() > FEW {
            return Self(Form::Many(entries.into_iter().collect()));
        }
        if !entries.is_sorted_by(|a, b| a.0 < b.0) {
            // The sort is stable, so after reversal the first of equal keys is the last given.
            entries.reverse();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            entries.dedup_by(|a, b| a.0 == b.0);
        }
        Self(Form::Few(entries))
    }
}

/// Entries in key order.
pub enum Iter<'e, K = Str, V = Value> {
    /// Of a vector.
    Few(slice::Iter<'e, (K, V)>),
    /// Of a tree.
    Many(btree_map::Iter<'e, K, V>),
}

impl<'e, K, V> Iterator for Iter<'e, K, V> {
    type Item = (&'e K, &'e V);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Few(entries) => entries.next().map(|(key, value)| (key, value)),
            Self::Many(entries) => entries.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::Few(entries) => entries.size_hint(),
            Self::Many(entries) => entries.size_hint(),
        }
    }
}

impl<'e, K, V> IntoIterator for &'e Entries<K, V> {
    type Item = (&'e K, &'e V);
    type IntoIter = Iter<'e, K, V>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K, V> ExactSizeIterator for Iter<'_, K, V> {}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(entries: &Entries) -> Vec<(String, i64)> {
        let number = |value: &Value| if let Value::Int(n) = value { *n } else { -1 };
        entries.iter().map(|(key, value)| (key.to_text().into_owned(), number(value))).collect()
    }

    /// Both forms, and the way from one to the other, do what a tree does.
    #[test]
    fn entries_are_a_sorted_map() {
        let mut ours: Entries = Entries::new();
        let mut tree = BTreeMap::new();
        let mut state = 7_u64;
        for step in 0..5_000_i64 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            // Few keys first, so that the vector lives long; then many.
            let key = format!("k{}", (state >> 33) % if step < 2_000 { 30 } else { 90 });
            if state >> 62 == 0 {
                let before = ours.remove(key.as_bytes()).is_some();
                assert_eq!(before, tree.remove(&key).is_some());
            } else {
                let before = ours.insert(key.as_str().into(), Value::Int(step)).is_some();
                assert_eq!(before, tree.insert(key, step).is_some());
            }
            assert_eq!(ours.len(), tree.len());
        }
        assert_eq!(shown(&ours), tree.clone().into_iter().collect::<Vec<_>>());
        for (key, value) in &tree {
            assert!(matches!(ours.get(key.as_bytes()), Some(Value::Int(n)) if n == value));
        }
    }

    #[test]
    fn of_equal_keys_the_last_counts() {
        for width in [3, 40] {
            let given = (0..100).map(|n| (Str::from(format!("{:02}", n % width)), Value::Int(n)));
            let given: Vec<_> = given.take(width as usize * 2).collect();
            let entries: Entries =
                given.into_iter().rev().chain([("00".into(), Value::Int(-9))]).collect();
            assert_eq!(entries.len(), width as usize);
            assert_eq!(shown(&entries).first(), Some(&("00".to_owned(), -9)));
            assert_eq!(shown(&entries).get(1), Some(&("01".to_owned(), 1)));
        }
    }
}
