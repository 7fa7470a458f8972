//! The arguments of a call, to make them again with the texts of another render.

use std::rc::Rc;

use super::book::NodeId;
use super::shape::{MAX_DEPTH, list_type, map_type};
use crate::value::{Entries, List, ListType, Map, MapType, Object, Str, Value};

/// A value whose marked texts are left open.
pub(super) enum Pattern {
    Fixed(Value),
    Node(NodeId),
    List { ty: &'static ListType, is_nil: bool, items: Box<[Pattern]> },
    Map { ty: &'static MapType, is_nil: bool, entries: Box<[(Str, Pattern)]> },
    Object(Rc<dyn Object>),
}

/// More than that is not kept of the arguments of a call.
const MAX_PARTS: usize = 20_000;

/// Makes patterns, and a name for each that no other has.
pub(super) struct Patterns<'n> {
    node_of: &'n dyn Fn(usize) -> Option<NodeId>,
    /// What tells the patterns from all others.
    pub name: Vec<u8>,
    /// The marked texts in them.
    pub nodes: Vec<NodeId>,
    parts: usize,
}

impl<'n> Patterns<'n> {
    /// Marked texts are told by their address.
    pub fn new(node_of: &'n dyn Fn(usize) -> Option<NodeId>) -> Self {
        Self { node_of, name: Vec::new(), nodes: Vec::new(), parts: 0 }
    }

    fn number(&mut self, tag: u8, number: u64) {
        self.name.push(tag);
        self.name.extend(number.to_ne_bytes());
    }

    fn text(&mut self, tag: u8, text: &Str) {
        self.number(tag, text.unread().len() as u64);
        self.name.extend_from_slice(text.unread());
    }

    /// The pattern of a value; none where it is too large.
    pub fn of(&mut self, value: &Value, depth: usize) -> Option<Pattern> {
        self.parts += 1;
        if depth > MAX_DEPTH || self.parts > MAX_PARTS {
            return None;
        }
        match value {
            Value::Nil => self.name.push(b'0'),
            Value::Bool(flag) => self.number(b'b', u64::from(*flag)),
            Value::Int(n) => self.number(b'i', *n as u64),
            Value::Int32(n) => self.number(b'r', *n as u64),
            Value::Int64(n) => self.number(b'l', *n as u64),
            Value::Uint8(n) => self.number(b'c', u64::from(*n)),
            Value::Uint64(n) => self.number(b'u', *n),
            Value::Float64(n) => self.number(b'f', n.to_bits()),
            Value::Complex(..) => return None,
            Value::Str(text) => {
                if let Some(node) = (self.node_of)(text.address()) {
                    self.number(b'n', u64::from(node));
                    self.nodes.push(node);
                    return Some(Pattern::Node(node));
                }
                self.text(b's', text);
            }
            Value::List(list) => return self.list(list, depth),
            Value::Map(map) => return self.map(map, depth),
            Value::Object(object) => {
                // It is held by the pattern, so nothing else has its address.
                self.number(b'o', Rc::as_ptr(object).cast::<()>() as usize as u64);
                return Some(Pattern::Object(Rc::clone(object)));
            }
        }
        Some(Pattern::Fixed(value.clone()))
    }

    fn list(&mut self, list: &List, depth: usize) -> Option<Pattern> {
        self.number(b'[', list_type(list) as u64);
        self.number(b'#', list.len() as u64 * 2 + u64::from(list.is_nil()));
        let items = list.iter().map(|item| self.of(item, depth + 1)).collect::<Option<_>>()?;
        Some(Pattern::List { ty: list.ty(), is_nil: list.is_nil(), items })
    }

    fn map(&mut self, map: &Map, depth: usize) -> Option<Pattern> {
        let held = map.unread();
        self.number(b'{', map_type(map) as u64);
        self.number(b'#', held.len() as u64 * 2 + u64::from(map.is_nil()));
        let mut entries = Vec::with_capacity(held.len());
        for (key, value) in held.iter() {
            self.text(b'k', key);
            entries.push((key.clone(), self.of(value, depth + 1)?));
        }
        Some(Pattern::Map { ty: map.ty(), is_nil: map.is_nil(), entries: entries.into() })
    }
}

impl Pattern {
    /// The value, with the texts that `text` gives.
    pub fn filled(&self, text: &mut dyn FnMut(NodeId) -> Option<Str>) -> Option<Value> {
        Some(match self {
            Self::Fixed(value) => value.clone(),
            Self::Node(node) => Value::Str(text(*node)?),
            Self::Object(object) => Value::Object(Rc::clone(object)),
            Self::List { ty, is_nil: true, .. } => Value::List(List::nil(ty.elem).named(ty)),
            Self::List { ty, items, .. } => {
                let items = items.iter().map(|item| item.filled(text)).collect::<Option<_>>()?;
                Value::List(List::new(ty.elem, items).named(ty))
            }
            Self::Map { ty, is_nil: true, .. } => Value::Map(Map::nil(ty)),
            Self::Map { ty, entries, .. } => {
                let entries =
                    entries.iter().map(|(key, value)| Some((key.clone(), value.filled(text)?)));
                Value::Map(Map::typed(ty, entries.collect::<Option<Entries>>()?))
            }
        })
    }
}
