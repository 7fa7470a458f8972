//! Values while they are being set: only what a key goes through is thawed.

use std::collections::BTreeMap;

use gotmpl::value::SharedStr;

use crate::values::plain::{Plain, Table};

/// A map being changed.
pub(super) type Tree = BTreeMap<SharedStr, Node>;

/// A value being changed, or left as it is.
pub(super) enum Node {
    /// Not touched so far.
    Frozen(Plain),
    /// A list that a key went through.
    List(Vec<Node>),
    /// A map that a key went through.
    Map(Tree),
}

impl Node {
    /// The list here, ready to be changed; `Err` with the Go type when it is none.
    pub(super) fn as_list(&mut self) -> Result<&mut Vec<Node>, &'static str> {
        if let Self::Frozen(Plain::List(items)) = self {
            *self = Self::List(items.iter().cloned().map(Self::Frozen).collect());
        }
        match self {
            Self::List(items) => Ok(items),
            other => Err(other.go_type()),
        }
    }

    /// The map here, ready to be changed; `Err` with the Go type when it is none.
    pub(super) fn as_map(&mut self) -> Result<&mut Tree, &'static str> {
        if let Self::Frozen(Plain::Map(table)) = self {
            *self = Self::Map(thaw_table(table));
        }
        match self {
            Self::Map(tree) => Ok(tree),
            other => Err(other.go_type()),
        }
    }

    /// Whether this is nil.
    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Frozen(Plain::Null))
    }

    fn go_type(&self) -> &'static str {
        match self {
            Self::Frozen(Plain::Null) => "nil",
            Self::Frozen(Plain::Bool(_)) => "bool",
            Self::Frozen(Plain::Int(_)) => "int64",
            Self::Frozen(Plain::Float(_)) => "float64",
            Self::Frozen(Plain::Str(_)) => "string",
            Self::Frozen(Plain::List(_)) | Self::List(_) => "[]interface {}",
            Self::Frozen(Plain::Map(_)) | Self::Map(_) => "map[string]interface {}",
        }
    }

    fn freeze(self) -> Plain {
        match self {
            Self::Frozen(plain) => plain,
            Self::List(items) => Plain::List(items.into_iter().map(Self::freeze).collect()),
            Self::Map(tree) => Plain::Map(freeze_table(tree)),
        }
    }
}

/// The first level, to be changed.
pub(super) fn thaw_table(table: &Table) -> Tree {
    table.iter().map(|(key, value)| (key.clone(), Node::Frozen(value.clone()))).collect()
}

/// The whole, frozen again.
pub(super) fn freeze_table(tree: Tree) -> Table {
    tree.into_iter().map(|(key, node)| (key, node.freeze())).collect()
}
