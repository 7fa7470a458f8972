//! One document laid over another.

use std::collections::HashMap;

use crate::tree::{Entry, Node, NodeKind};

impl Node {
    /// This node with another one over it: sections are put together setting by setting; of
    /// anything else the upper one counts. Null takes away what is below.
    #[must_use]
    pub fn overlay(self, upper: Node) -> Node {
        let (lower_place, upper_place) = (self.place.clone(), upper.place.clone());
        match (self.kind, upper.kind) {
            (NodeKind::Map(lower), NodeKind::Map(upper)) => {
                Node::new(NodeKind::Map(together(lower, upper)), upper_place)
            }
            // An empty document, such as a file of comments, changes nothing.
            (lower @ NodeKind::Map(_), NodeKind::Null) if upper_place.span.is_empty() => {
                Node::new(lower, lower_place)
            }
            (_, upper) => Node::new(upper, upper_place),
        }
    }
}

fn together(mut lower: Vec<Entry>, upper: Vec<Entry>) -> Vec<Entry> {
    let places: HashMap<String, usize> =
        lower.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect();
    for entry in upper {
        match places.get(&entry.key).and_then(|at| lower.get_mut(*at)) {
            Some(known) => {
                let nothing = Node::new(NodeKind::Null, entry.node.place.clone());
                let below = std::mem::replace(&mut known.node, nothing);
                known.node = below.overlay(entry.node);
                known.key_place = entry.key_place;
            }
            None => lower.push(entry),
        }
    }
    lower
}
