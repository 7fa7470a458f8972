//! A document as a tree with places. What it means is a shape's business.

use cel::Interpolation;
use diagnostic::{Words, words};

use crate::source::Place;

/// A node of a document.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Where it stands.
    pub place: Place,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// Nothing: as if the setting were not there.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Another number.
    Float(f64),
    /// A text.
    Text(String),
    /// A text of a format that knows no types (INI): what it means, the shape decides.
    Untyped(String),
    /// A text with expressions in it; checked trees have them, documents do not.
    Expression(Interpolation),
    /// A list.
    List(Vec<Node>),
    /// Settings by name, in the order in which they were written.
    Map(Vec<Entry>),
}

/// A setting of a map.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name.
    pub key: String,
    /// Where the name stands.
    pub key_place: Place,
    /// Its value.
    pub node: Node,
}

impl Node {
    /// A node.
    pub fn new(kind: NodeKind, place: Place) -> Self {
        Self { kind, place }
    }

    /// The settings; none when it is no map.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            NodeKind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items; none when it is no list.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            NodeKind::List(items) => items,
            _ => &[],
        }
    }

    /// A setting by name, unless it is null.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node).filter(|node| !node.is_null())
    }

    /// A setting with its name.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// A setting by a path with dots.
    pub fn at(&self, path: &str) -> Option<&Node> {
        path.split('.').try_fold(self, |node, key| node.get(key))
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self.kind, NodeKind::Null)
    }

    /// The text, when it is one without expressions.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Text(text) | NodeKind::Untyped(text) => Some(text),
            NodeKind::Expression(text) => text.as_plain(),
            _ => None,
        }
    }

    /// The truth value.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            NodeKind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The whole number.
    pub fn as_int(&self) -> Option<i64> {
        match self.kind {
            NodeKind::Int(value) => Some(value),
            _ => None,
        }
    }

    /// Whether another node is the same scalar, wherever it stands.
    pub fn says_the_same(&self, other: &Node) -> bool {
        match (&self.kind, &other.kind) {
            (NodeKind::Bool(one), NodeKind::Bool(two)) => one == two,
            (NodeKind::Int(one), NodeKind::Int(two)) => one == two,
            (NodeKind::Float(one), NodeKind::Float(two)) => one == two,
            (one, two) => {
                let is_text =
                    |kind: &NodeKind| matches!(kind, NodeKind::Text(_) | NodeKind::Untyped(_));
                is_text(one) && is_text(two) && self.as_str() == other.as_str()
            }
        }
    }

    /// What it is, in a word for messages.
    pub fn type_name(&self) -> Words {
        match self.kind {
            NodeKind::Null => words!("nothing", "rien"),
            NodeKind::Bool(_) => words!("a truth value", "une valeur de vérité"),
            NodeKind::Int(_) | NodeKind::Float(_) => words!("a number", "un nombre"),
            NodeKind::Text(_) | NodeKind::Untyped(_) | NodeKind::Expression(_) => {
                words!("a text", "un texte")
            }
            NodeKind::List(_) => words!("a list", "une liste"),
            NodeKind::Map(_) => words!("a section", "une section"),
        }
    }
}
