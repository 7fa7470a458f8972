//! Needs: what a service or a provisioner wants of the cluster, held against what is known of it.

use config::{Entry, Node, Shape, Words};

use super::Reader;
use super::reader::{entries_of, field, words, words_of};

/// Something that a cluster must offer.
#[derive(Clone, Debug)]
pub struct Need {
    /// Its name within the definition.
    pub name: String,
    /// Whether it is there.
    pub that: Node,
    /// What it is: `a Gateway class`.
    pub words: Words,
    /// What to do where it is missing.
    pub remedy: Words,
}

impl Reader<'_> {
    /// The needs of a definition.
    pub(super) fn needs(&mut self, definition: &Node) -> Vec<Need> {
        entries_of(definition, "needs").filter_map(|entry| self.need(entry)).collect()
    }

    fn need(&mut self, entry: &Entry) -> Option<Need> {
        let shape = Shape::record(
            format!("the need `{}`", entry.key),
            vec![
                field("that", Shape::Raw).required(),
                field("words", words()).required(),
                field("remedy", words()).required(),
            ],
        );
        let node = self.checked(entry.node.clone(), &shape, &entry.key);
        Some(Need {
            name: entry.key.clone(),
            that: node.get("that")?.clone(),
            words: words_of(&node, "words"),
            remedy: words_of(&node, "remedy"),
        })
    }
}
