//! Secrets that a definition has made in the cluster. Their values are in no file: some are drawn
//! there at random, some put together there from others.

use config::{Entry, Node, NodeKind, Shape};

use diagnostic::words;

use super::Reader;
use super::reader::{entries_of, field};

/// A Secret of the cluster, by the name within its definition.
#[derive(Clone, Debug)]
pub struct Secret {
    /// The name within the definition; in the cluster the release's name stands before it.
    pub name: String,
    /// Its keys.
    pub keys: Vec<(String, SecretKey)>,
    /// The node that defines it.
    pub node: Node,
}

/// Where the value of a key comes from.
#[derive(Clone, Debug)]
pub enum SecretKey {
    /// So many letters and digits, drawn once in the cluster, and never again.
    Random(usize),
    /// A text in which secret values may stand; put together in the cluster.
    Text(Node),
}

/// How long a random value is at least and at most.
const LENGTHS: (i64, i64) = (16, 128);

impl Reader<'_> {
    /// The secrets of a definition.
    pub(super) fn secrets(&mut self, definition: &Node) -> Vec<Secret> {
        entries_of(definition, "secrets").map(|entry| self.secret(entry)).collect()
    }

    fn secret(&mut self, entry: &Entry) -> Secret {
        let shape = Shape::map(Shape::Raw);
        let node = self.checked(entry.node.clone(), &shape, &entry.key);
        let keys =
            node.entries().iter().map(|key| (key.key.clone(), self.secret_key(key))).collect();
        Secret { name: entry.key.clone(), keys, node }
    }

    fn secret_key(&mut self, entry: &Entry) -> SecretKey {
        if !matches!(entry.node.kind, NodeKind::Map(_)) {
            return SecretKey::Text(entry.node.clone());
        }
        let (least, most) = LENGTHS;
        let length = Shape::Int { least: Some(least), most: Some(most) };
        let shape = Shape::record(
            words!("a key of a secret", "une clé d'un secret"),
            vec![field("random", length).required()],
        );
        let node = self.checked(entry.node.clone(), &shape, &entry.key);
        let length = node.get("random").and_then(Node::as_int).unwrap_or(least);
        SecretKey::Random(usize::try_from(length).unwrap_or(0))
    }
}
