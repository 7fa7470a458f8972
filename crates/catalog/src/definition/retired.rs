//! Parts that those who made them no longer keep up: a dated list with its sources.

use config::{Entry, Node, Place, Shape, TextKind, Words};

use diagnostic::words;

use super::Reader;
use super::reader::{field, text, text_of, words, words_of};

/// A part that nobody keeps up any more.
#[derive(Clone, Debug)]
pub struct Retired {
    /// Its name in the list: `ingress-nginx`.
    pub name: String,
    /// What people call it.
    pub title: Words,
    /// Since when: `2026-03`.
    pub since: String,
    /// What happened.
    pub words: Words,
    /// What takes its place.
    pub successor: Words,
    /// The pages that say so.
    pub sources: Vec<String>,
    /// What of it was not read anywhere.
    pub unverified: Option<String>,
    /// Where the list speaks of it.
    pub place: Place,
    /// How references to it begin.
    names: Vec<String>,
}

impl Retired {
    /// Whether a reference means it: an image, a chart, a repository.
    pub fn is_meant_by(&self, reference: &str) -> bool {
        let reference = reference.split_once("://").map_or(reference, |(_, rest)| rest);
        let reference = reference.strip_prefix("docker.io/").unwrap_or(reference);
        self.names.iter().any(|name| {
            let rest = reference.strip_prefix(name.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', ':', '@']))
        })
    }
}

fn shape() -> Shape {
    let list = |of| Shape::list(Shape::Text(of));
    let entry = Shape::record(
        words!("a retired part", "une partie abandonnée"),
        vec![
            field("title", words()).required(),
            field("since", text()).required(),
            field("names", list(TextKind::Plain)).required(),
            field("words", words()).required(),
            field("successor", words()).required(),
            field("sources", list(TextKind::Url)).required(),
            field("unverified", text()),
        ],
    );
    Shape::record(
        words!("the list of retired parts", "la liste des parties abandonnées"),
        vec![field("retired", Shape::map(entry)).required()],
    )
}

impl Reader<'_> {
    /// The parts of a list.
    pub(crate) fn retired(&mut self, node: Node) -> Vec<Retired> {
        let node = self.checked(node, &shape(), "retired");
        let entries = node.get("retired").map_or(&[][..], Node::entries);
        entries.iter().filter_map(part).collect()
    }
}

fn part(entry: &Entry) -> Option<Retired> {
    let node = &entry.node;
    let texts = |name: &str| {
        let items = node.get(name).map_or(&[][..], Node::items);
        items.iter().filter_map(Node::as_str).map(str::to_owned).collect()
    };
    Some(Retired {
        name: entry.key.clone(),
        title: words_of(node, "title"),
        since: text_of(node, "since")?,
        words: words_of(node, "words"),
        successor: words_of(node, "successor"),
        sources: texts("sources"),
        unverified: text_of(node, "unverified"),
        place: entry.key_place.clone(),
        names: texts("names"),
    })
}
