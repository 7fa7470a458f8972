//! Marking: the texts in a value get bytes of their own, so that their address tells where they come
//! from.

use super::book::{Book, NodeId, SourceId};
use super::shape::MAX_DEPTH;
use crate::value::{List, Str, Value};

impl Book {
    /// The value of a source with its texts marked, as [`with_texts`] puts them.
    pub(super) fn marked(&mut self, source: SourceId, value: &Value) -> Option<Value> {
        with_texts(value, &mut Vec::new(), &mut |text, path| {
            let node = self.part(source, path);
            Some(self.mark(text.unread(), node))
        })
    }

    /// The same text, marked.
    pub(super) fn mark(&mut self, text: &[u8], node: NodeId) -> Str {
        let text = Str::from(text);
        self.marks.insert(text.address(), (node, text.clone()));
        self.marked.insert(node, text.clone());
        text
    }
}

/// The value with other texts in the place of its own, in order; each has a path to it, which counts
/// elements and entries. Maps stay the same maps. Nothing where somebody looks at one of them.
pub(super) fn with_texts(
    value: &Value,
    path: &mut Vec<u32>,
    other: &mut dyn FnMut(&Str, &[u32]) -> Option<Str>,
) -> Option<Value> {
    if path.len() > MAX_DEPTH {
        return None;
    }
    let mut each = |values: &mut dyn Iterator<Item = &Value>| -> Option<Vec<Value>> {
        let value = |(index, value)| {
            path.push(index);
            let made = with_texts(value, path, other);
            path.pop();
            made
        };
        (0..).zip(values).map(value).collect()
    };
    Some(match value {
        Value::Str(text) => Value::Str(other(text, path)?),
        Value::List(list) if !list.is_empty() => {
            Value::List(List::new(list.elem(), each(&mut list.iter())?).named(list.ty()))
        }
        Value::Map(map) => {
            let held: Vec<Value> = map.unread().values().cloned().collect();
            let mut values = each(&mut held.iter())?.into_iter();
            map.unchanged()?.each_value(|value| {
                if let Some(made) = values.next() {
                    *value = made;
                }
            });
            value.clone()
        }
        _ => value.clone(),
    })
}

/// Whether nothing but the value itself holds its parts.
pub(super) fn is_fresh(value: &Value, depth: usize) -> bool {
    depth <= MAX_DEPTH
        && match value {
            Value::List(list) => {
                (list.is_unique() || list.is_empty())
                    && list.iter().all(|item| is_fresh(item, depth + 1))
            }
            Value::Map(map) => {
                map.is_unique() && map.unread().values().all(|item| is_fresh(item, depth + 1))
            }
            Value::Object(_) | Value::Complex(..) => false,
            _ => true,
        }
}
