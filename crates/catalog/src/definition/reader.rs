//! What the readers of definitions share: documents against their shapes, and words in two
//! languages.

use cel::Declarations;
use config::{
    Checking, Entry, Faults, Field, Node, NodeKind, Place, Shape, Sources, TextKind, Words,
};
use diagnostic::words;

/// Reads definitions, and gathers what is wrong with them.
pub(crate) struct Reader<'s> {
    pub sources: &'s Sources,
    pub faults: Faults,
}

impl<'s> Reader<'s> {
    pub fn new(sources: &'s Sources) -> Self {
        Self { sources, faults: Faults::default() }
    }

    /// The document as its shape wants it. No expression may stand where the shape is not raw.
    pub fn checked(&mut self, node: Node, shape: &Shape, name: &str) -> Node {
        let nothing = Declarations::default();
        let mut checking = Checking::new(self.sources, &nothing);
        let node = checking.check(node, shape, name);
        self.faults.extend(checking.faults);
        node
    }

    /// Notes an error.
    pub fn error(
        &mut self,
        code: &'static str,
        title: Words,
        place: &Place,
        remedies: impl IntoIterator<Item = Words>,
    ) {
        self.faults.error(self.sources, code, title, place, "", remedies);
    }
}

/// A field that may be there.
pub(super) fn field(name: &str, shape: Shape) -> Field {
    Field::new(name, shape, Words::default())
}

pub(super) fn text() -> Shape {
    Shape::Text(TextKind::Plain)
}

pub(super) fn name() -> Shape {
    Shape::Text(TextKind::Name)
}

/// The shape of a text in both languages.
pub(super) fn words() -> Shape {
    Shape::record(
        words!("the text", "le texte"),
        vec![field("en", text()).required(), field("fr", text()).required()],
    )
}

/// The text in both languages that a field holds.
pub(super) fn words_of(node: &Node, name: &str) -> Words {
    let part =
        |language| node.at(&format!("{name}.{language}")).and_then(Node::as_str).unwrap_or("");
    Words::new(part("en"), part("fr"))
}

/// A text that a field holds.
pub(super) fn text_of(node: &Node, name: &str) -> Option<String> {
    node.get(name).and_then(Node::as_str).map(str::to_owned)
}

/// The entries of a section that a field holds, without those that are null.
pub(super) fn entries_of<'n>(node: &'n Node, name: &str) -> impl Iterator<Item = &'n Entry> {
    let entries = node.get(name).map_or(&[][..], Node::entries);
    entries.iter().filter(|entry| !entry.node.is_null())
}

/// What a field holds, as it is; an empty section where there is none.
pub(super) fn raw_of(node: &Node, name: &str) -> Node {
    let empty = || Node::new(NodeKind::Map(Vec::new()), node.place.clone());
    node.get(name).cloned().unwrap_or_else(empty)
}
