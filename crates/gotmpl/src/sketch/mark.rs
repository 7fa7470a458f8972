//! Marking: the texts in a value get bytes of their own, so that their address tells where they come
//! from.

use super::book::{Book, NodeId, SourceId};
use super::shape::MAX_DEPTH;
use crate::value::{List, Str, Value};

impl Book {
    /// The value of a source with its texts marked. Maps stay the same maps. Nothing where somebody
    /// looks at one of them.
    pub(super) fn marked(
        &mut self,
        source: SourceId,
        value: &Value,
        path: &mut Vec<u32>,
    ) -> Option<Value> {
        if path.len() > MAX_DEPTH {
            return None;
        }
        Some(match value {
            Value::Str(text) => {
                let node = self.part(source, path);
                Value::Str(self.mark(text.unread(), node))
            }
            Value::List(list) if !list.is_empty() => {
                let mut items = Vec::with_capacity(list.len());
                for (index, item) in (0..).zip(list.iter()) {
                    path.push(index);
                    items.push(self.marked(source, item, path)?);
                    path.pop();
                }
                Value::List(List::new(list.elem(), items).named(list.ty()))
            }
            Value::Map(map) => {
                let held: Vec<Value> = map.unread().values().cloned().collect();
                let mut values = Vec::with_capacity(held.len());
                for (index, item) in (0..).zip(&held) {
                    path.push(index);
                    values.push(self.marked(source, item, path)?);
                    path.pop();
                }
                let mut values = values.into_iter();
                map.unchanged()?.each_value(|value| {
                    if let Some(marked) = values.next() {
                        *value = marked;
                    }
                });
                Value::Map(map.clone())
            }
            other => other.clone(),
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
