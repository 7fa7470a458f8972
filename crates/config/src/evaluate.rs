//! Checked trees to values, each with the line that it comes from.

use std::collections::BTreeMap;

use cel::{Fault, Interpolation, Key, Origin, Origins, Scope, Value};

use crate::source::Place;
use crate::tree::{Entry, Node, NodeKind};

/// A fault in the value of an expression, with the place of the text that holds it.
#[derive(Clone, Debug)]
pub struct ValueFault {
    /// The text.
    pub place: Place,
    /// What is wrong with it.
    pub fault: Fault,
}

impl Node {
    /// The value of a checked tree. Each scalar has its line as an origin, besides those of what
    /// its expressions read; so has an empty list or map.
    /// `origin_of` gives numbers to places, as a [`crate::Ledger`] does.
    pub fn evaluate(
        &self,
        scope: &dyn Scope,
        origin_of: &dyn Fn(&Place) -> Origin,
    ) -> Result<Value, ValueFault> {
        let value = match &self.kind {
            NodeKind::Null => Value::null(),
            NodeKind::Bool(value) => Value::bool(*value),
            NodeKind::Int(value) => Value::int(*value),
            NodeKind::Float(value) => Value::double(*value),
            NodeKind::Text(text) | NodeKind::Untyped(text) => Value::string(text.as_str()),
            NodeKind::Expression(text) => text
                .evaluate(scope)
                .map_err(|fault| ValueFault { place: self.place.clone(), fault })?,
            NodeKind::List(items) => {
                let all: Result<Vec<Value>, ValueFault> =
                    items.iter().map(|item| item.evaluate(scope, origin_of)).collect();
                Value::list(all?)
            }
            NodeKind::Map(entries) => {
                let mut all = BTreeMap::new();
                for entry in entries {
                    let value = entry.node.evaluate(scope, origin_of)?;
                    all.insert(Key::from(entry.key.as_str()), value);
                }
                Value::map(all)
            }
        };
        // A list or a map as it is written goes back to its items.
        let is_made_of_others = match &self.kind {
            NodeKind::List(items) => !items.is_empty(),
            NodeKind::Map(entries) => !entries.is_empty(),
            _ => false,
        };
        if is_made_of_others {
            return Ok(value);
        }
        Ok(value.with(&Origins::of(origin_of(&self.place))))
    }
}

/// A node that was checked elsewhere, with its expressions parsed; what is no expression stays as it
/// is.
pub fn parsed(node: &Node) -> Node {
    let kind = match &node.kind {
        NodeKind::Text(text) if text.contains("${") => match Interpolation::parse(text) {
            Ok(found) => NodeKind::Expression(found),
            Err(_) => node.kind.clone(),
        },
        NodeKind::List(items) => NodeKind::List(items.iter().map(parsed).collect()),
        NodeKind::Map(entries) => NodeKind::Map(
            entries
                .iter()
                .map(|entry| Entry { node: parsed(&entry.node), ..entry.clone() })
                .collect(),
        ),
        kind => kind.clone(),
    };
    Node::new(kind, node.place.clone())
}
