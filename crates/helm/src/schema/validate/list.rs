//! The keywords of arrays.
//!
//! Not here: `unevaluatedItems`, which comes after the combinations.

use super::{Found, Run, Unevaluated, duplicates};
use crate::schema::compile::{Additional, Node, NodeId};
use crate::schema::fault::Fault;
use crate::schema::number;
use crate::values::Plain;

impl Run<'_> {
    pub(super) fn list(
        &mut self,
        node: &Node,
        items: &[Plain],
        number: usize,
        unevaluated: &mut Unevaluated,
        found: &mut Found,
    ) {
        let rules = &node.lists;
        self.bounds("Items", items.len(), rules.min, rules.max, found);
        if rules.unique
            && let Some((first, second)) = duplicates(items)
        {
            found.push(self.fault(|| format!("items at {first} and {second} are equal")));
        }
        for (index, item) in items.iter().enumerate() {
            let schema = rules.first.get(index).copied().or(rules.rest).or({
                match rules.additional {
                    Some(Additional::Schema(id)) => Some(id),
                    _ => None,
                }
            });
            if let Some(id) = schema {
                found.extend(self.inner_value(id, &index.to_string(), item, number).err());
            }
        }
        let more = items.len().saturating_sub(rules.first.len());
        if more > 0 && matches!(rules.additional, Some(Additional::Allowed(false))) {
            let more = number::show_count(more);
            found.push(self.fault(|| format!("last {more} additionalItem(s) not allowed")));
        }
        if let Some(id) = rules.contains {
            self.contains(node, id, items, number, unevaluated, found);
        }
    }

    fn contains(
        &mut self,
        node: &Node,
        id: NodeId,
        items: &[Plain],
        number: usize,
        unevaluated: &mut Unevaluated,
        found: &mut Found,
    ) {
        let rules = &node.lists;
        let mut causes = Found::new();
        let mut matched = Vec::new();
        for (index, item) in items.iter().enumerate() {
            match self.inner_value(id, &index.to_string(), item, number) {
                Err(fault) => causes.push(fault),
                Ok(()) => {
                    matched.push(index.to_string());
                    if rules.contains_evaluates {
                        unevaluated.items.remove(&index);
                    }
                }
            }
        }
        let count = matched.len();
        let places = matched.join(" ");
        let shown = number::show_count(count);
        if let Some(min) = rules.min_contains {
            if count < min {
                let min = number::show_count(min);
                let tail = if count == 0 {
                    "none matched".to_owned()
                } else {
                    format!("matched {shown} items at {places}")
                };
                let text = format!("min {min} items required to match contains schema, but {tail}");
                found.push(Fault { causes, ..self.fault(|| text) });
            }
        } else if count == 0 {
            let fault = self.fault(|| "no items match contains schema".to_owned());
            found.push(Fault { causes, ..fault });
        }
        if let Some(max) = rules.max_contains.filter(|max| count > *max) {
            let max = number::show_count(max);
            found.push(self.fault(|| format!(
                "max {max} items required to match contains schema, but matched {shown} items at {places}"
            )));
        }
    }
}
