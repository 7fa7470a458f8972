//! YAML documents, read by the same reader as charts.

use std::collections::HashMap;

use diagnostic::words;
use yaml::{Document, Meaning, NodeId, NodeKind as Written, Style, Text};

use crate::fault::Faults;
use crate::source::{Place, SourceId, Sources};
use crate::tree::{Entry, Node, NodeKind};

/// How many nodes a document may have once its aliases are followed.
const MOST_NODES: usize = 1_000_000;

/// How deep nodes may nest: an anchor can be within itself.
const DEEPEST: usize = 200;

pub(super) fn read(sources: &Sources, id: SourceId, text: &str) -> Result<Node, Faults> {
    let mut reader = Reader { sources, id, faults: Faults::default(), nodes: 0, depth: 0 };
    let input = Text::new(text.as_bytes());
    let documents = match input.documents() {
        Ok(documents) => documents,
        Err(error) => return Err(reader.refused(&error)),
    };
    if let Some(second) = documents.get(1) {
        let place = reader.place(second, second.root());
        let title = words!(
            "a configuration is one document, and here a second one begins",
            "une configuration est un seul document, et un second commence ici"
        );
        let remedy = words!(
            "put what follows `---` into a file of its own",
            "mettre ce qui suit `---` dans un fichier à part"
        );
        reader.faults.error(sources, "config.document", title, &place, "", [remedy]);
    }
    let node = match documents.first() {
        Some(document) => reader.node(document, document.root()),
        None => Node::new(NodeKind::Null, Place::new(id, 0..0)),
    };
    if reader.faults.is_empty() { Ok(node) } else { Err(reader.faults) }
}

struct Reader<'s> {
    sources: &'s Sources,
    id: SourceId,
    faults: Faults,
    nodes: usize,
    depth: usize,
}

impl Reader<'_> {
    fn refused(mut self, error: &yaml::Error) -> Faults {
        let at = error.at().map_or(0, |mark| mark.offset as usize);
        let place = Place::new(self.id, at..at + 1);
        let why = error.to_string();
        let why = why.strip_prefix("yaml: ").unwrap_or(&why);
        let title = words!("this is no YAML: {why}", "ceci n'est pas du YAML : {why}");
        let text = self.sources.text(self.id);
        let line = text.get(..at).unwrap_or("").rsplit('\n').next().unwrap_or("");
        let has_tab = text.lines().any(|line| line.trim_start_matches(' ').starts_with('\t'));
        let remedy = if has_tab || line.contains('\t') {
            words!(
                "indent with blanks: YAML takes no tabs there",
                "décaler par des espaces : YAML n'accepte pas de tabulation ici"
            )
        } else {
            words!(
                "look at the indentation and the quotes of this line and the one before it",
                "regarder le décalage et les guillemets de cette ligne et de la précédente"
            )
        };
        self.faults.error(self.sources, "config.syntax", title, &place, "", [remedy]);
        self.faults
    }

    fn place(&self, document: &Document<'_>, node: NodeId) -> Place {
        let start = document.node(node).span.start.offset as usize;
        let end = document.end_of(node).offset as usize;
        Place::new(self.id, start..end.max(start))
    }

    fn node(&mut self, document: &Document<'_>, written: NodeId) -> Node {
        let place = self.place(document, written);
        let resolved = document.resolved(written);
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            if self.nodes == MOST_NODES + 1 {
                let title = words!(
                    "the document has more than {MOST_NODES} nodes",
                    "le document a plus de {MOST_NODES} nœuds"
                );
                self.faults.error(self.sources, "config.limit", title, &place, "", None);
            }
            return Node::new(NodeKind::Null, place);
        }
        if self.depth == DEEPEST {
            self.faults.too_deep(self.sources, DEEPEST, &place);
            return Node::new(NodeKind::Null, place);
        }
        self.depth += 1;
        let kind = match &document.node(resolved).kind {
            Written::Scalar(scalar) => {
                let is_text = scalar.style != Style::Plain || !scalar.implicit;
                if is_text {
                    NodeKind::Text(scalar.value.to_string())
                } else {
                    of_plain(&scalar.value)
                }
            }
            Written::Sequence(_) => {
                let items = document.children(resolved).to_vec();
                NodeKind::List(items.into_iter().map(|item| self.node(document, item)).collect())
            }
            Written::Mapping(_) => NodeKind::Map(self.entries(document, resolved)),
            // What an alias resolves to is none.
            Written::Alias { .. } => NodeKind::Null,
        };
        self.depth -= 1;
        Node::new(kind, place)
    }

    fn entries(&mut self, document: &Document<'_>, map: NodeId) -> Vec<Entry> {
        let mut own: Vec<Entry> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut merged: Vec<Entry> = Vec::new();
        for (key, value) in document.entries(map).collect::<Vec<_>>() {
            let key_place = self.place(document, key);
            let Written::Scalar(scalar) = &document.node(document.resolved(key)).kind else {
                let title =
                    words!("the name of a setting is a text", "le nom d'un réglage est un texte");
                self.faults.error(self.sources, "config.key", title, &key_place, "", None);
                continue;
            };
            let name = scalar.value.to_string();
            let node = self.node(document, value);
            if name == "<<" && scalar.style == Style::Plain {
                match node.kind {
                    NodeKind::Map(entries) => merged.extend(entries),
                    NodeKind::List(maps) => {
                        merged.extend(maps.into_iter().flat_map(|map| match map.kind {
                            NodeKind::Map(entries) => entries,
                            _ => Vec::new(),
                        }));
                    }
                    _ => {}
                }
                continue;
            }
            if let Some(first) = places.get(&name) {
                let before = self.sources.tell(&own[*first].key_place);
                self.faults.twice(self.sources, &name, &key_place, &before);
                continue;
            }
            places.insert(name.clone(), own.len());
            own.push(Entry { key: name, key_place, node });
        }
        for entry in merged {
            if !places.contains_key(&entry.key) {
                places.insert(entry.key.clone(), own.len());
                own.push(entry);
            }
        }
        own
    }
}

/// What a text without quotes means.
fn of_plain(text: &str) -> NodeKind {
    match yaml::resolve(text) {
        Meaning::Null => NodeKind::Null,
        Meaning::Bool(value) => NodeKind::Bool(value),
        Meaning::Int(value) => NodeKind::Int(value),
        Meaning::Uint(value) => NodeKind::Float(value as f64),
        Meaning::Float(value) => NodeKind::Float(value),
        Meaning::Timestamp | Meaning::Text => NodeKind::Text(text.to_owned()),
    }
}
