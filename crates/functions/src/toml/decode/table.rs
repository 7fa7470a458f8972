//! A TOML table under construction.

use std::collections::BTreeMap;

use gotmpl::value::{Elem, List, Map, MapType, Str, Value};

/// Entries by key.
#[derive(Clone, Default)]
pub(super) struct Table(BTreeMap<Str, Node>);

/// What stands under a key.
#[derive(Clone)]
pub(super) enum Node {
    Leaf(Value),
    Table(Table),
    Tables(Vec<Table>),
}

impl Table {
    pub fn has(&self, key: &[u8]) -> bool {
        self.0.contains_key(key)
    }

    pub fn put(&mut self, key: &Str, node: Node) {
        self.0.insert(key.clone(), node);
    }

    /// The table under a key; of an array of tables, the last.
    pub fn enter(&mut self, key: &[u8]) -> Option<&mut Self> {
        match self.0.get_mut(key)? {
            Node::Table(table) => Some(table),
            Node::Tables(tables) => tables.last_mut(),
            Node::Leaf(_) => None,
        }
    }

    /// The table at the end of a path.
    pub fn descend(&mut self, path: &[Str]) -> Option<&mut Self> {
        path.iter().try_fold(self, |table, part| table.enter(part))
    }

    /// The table under a key, made if there is none. None where something else stands.
    pub fn enter_or_make(&mut self, key: &Str) -> Option<&mut Self> {
        let make = || Node::Table(Self::default());
        match self.0.entry(key.clone()).or_insert_with(make) {
            Node::Table(table) => Some(table),
            _ => None,
        }
    }

    /// Adds a table to the array of tables under a key; false where something else stands.
    pub fn append(&mut self, key: &Str) -> bool {
        match self.0.entry(key.clone()).or_insert_with(|| Node::Tables(Vec::new())) {
            Node::Tables(tables) => {
                tables.push(Self::default());
                true
            }
            _ => false,
        }
    }

    pub fn into_map(self) -> Map {
        let entries = self.0.into_iter().map(|(key, node)| (key, node.into_value()));
        Map::typed(&MapType::ANY, entries.collect())
    }
}

impl Node {
    pub fn is_list(&self) -> bool {
        matches!(self, Self::Leaf(Value::List(_)))
    }

    pub fn into_value(self) -> Value {
        match self {
            Self::Leaf(value) => value,
            Self::Table(table) => table.into_map().into(),
            Self::Tables(tables) => {
                let maps = tables.into_iter().map(|table| table.into_map().into()).collect();
                List::new(Elem::Map, maps).into()
            }
        }
    }
}
