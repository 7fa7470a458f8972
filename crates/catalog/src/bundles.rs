//! Bundles: named sets of services.

use config::{Node, Shape, TextKind, Words};
use diagnostic::words;

use crate::definition::Reader;

/// A named set of services.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// Its name: `base`.
    pub name: String,
    /// What it is for.
    pub words: Words,
    /// Its services, each with its place.
    pub services: Vec<Node>,
    /// The document.
    pub node: Node,
}

impl Reader<'_> {
    /// A bundle from its document.
    pub(crate) fn bundle(&mut self, node: Node) -> Option<Bundle> {
        let name = Shape::Text(TextKind::Name);
        let text = || Shape::Text(TextKind::Plain);
        let field = |name: &str, shape| config::Field::new(name, shape, Words::default());
        let words = Shape::record(
            words!("the text", "le texte"),
            vec![field("en", text()), field("fr", text())],
        );
        let shape = Shape::record(
            words!("a bundle", "un ensemble"),
            vec![
                field("bundle", name.clone()).required(),
                field("words", words).required(),
                field("services", Shape::list(name)).required(),
            ],
        );
        let node = self.checked(node, &shape, "the bundle");
        let word = |path: &str| node.at(path).and_then(Node::as_str).unwrap_or("").to_owned();
        Some(Bundle {
            name: node.get("bundle")?.as_str()?.to_owned(),
            words: Words::new(word("words.en"), word("words.fr")),
            services: node.get("services")?.items().to_vec(),
            node,
        })
    }
}
