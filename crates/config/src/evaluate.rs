//! Checked trees to values, each with the line that it comes from.

use std::collections::BTreeMap;

use cel::{Fault, Key, Origins, Scope, Value};

use crate::ledger::Ledger;
use crate::source::Place;
use crate::tree::{Node, NodeKind};

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
    /// its expressions read; a list and a map have the line that decided which items they have.
    pub fn evaluate(&self, scope: &dyn Scope, ledger: &mut Ledger) -> Result<Value, ValueFault> {
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
                    items.iter().map(|item| item.evaluate(scope, ledger)).collect();
                Value::list(all?)
            }
            NodeKind::Map(entries) => {
                let mut all = BTreeMap::new();
                for entry in entries {
                    let value = entry.node.evaluate(scope, ledger)?;
                    all.insert(Key::from(entry.key.as_str()), value);
                }
                Value::map(all)
            }
        };
        Ok(value.with(&Origins::of(ledger.origin(&self.place))))
    }
}
