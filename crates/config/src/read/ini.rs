//! INI documents. Every value is a text; its shape says what it means. Dots in the names of
//! sections and settings go down: `[nextcloud.database]` is the section `database` of `nextcloud`.
//!
//! Lines that begin with `;` or `#` are comments, and so is what follows ` ;` or ` #` after a value,
//! which a value between quotes prevents.

use std::ops::Range;

use diagnostic::{Words, words};

use crate::fault::Faults;
use crate::source::{Place, SourceId, Sources};
use crate::tree::{Entry, Node, NodeKind};

/// How many dots a name may have.
const DEEPEST: usize = 20;

pub(super) fn read(sources: &Sources, id: SourceId, text: &str) -> Result<Node, Faults> {
    let mut reader = Reader { sources, id, faults: Faults::default() };
    let mut root = Node::new(NodeKind::Map(Vec::new()), Place::new(id, 0..text.len()));
    let mut section: Vec<(String, Place)> = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let content = line.trim();
        if content.is_empty() || content.starts_with([';', '#']) {
            continue;
        }
        let from = start + (line.len() - line.trim_start().len());
        let place = Place::new(id, from..from + content.len());
        if let Some(rest) = content.strip_prefix('[') {
            match rest.split_once(']') {
                Some((name, after)) if is_blank_or_comment(after) && !name.trim().is_empty() => {
                    let names = from + 1..from + 1 + name.len();
                    section = reader.path(text, names);
                    reader.open(&mut root, &section);
                }
                _ => reader.unclear(
                    &place,
                    words!("a section is written `[name]`", "une section s'écrit `[nom]`"),
                ),
            }
            continue;
        }
        let Some(sign) = content.find(['=', ':']) else {
            reader.unclear(&place, as_setting());
            continue;
        };
        let key = from..from + content[..sign].trim_end().len();
        if key.is_empty() {
            reader.unclear(&place, as_setting());
            continue;
        }
        let value = reader.value(text, from + sign + 1..from + content.len());
        let mut path = section.clone();
        path.extend(reader.path(text, key));
        reader.insert(&mut root, &path, value);
    }
    if reader.faults.is_empty() { Ok(root) } else { Err(reader.faults) }
}

struct Reader<'s> {
    sources: &'s Sources,
    id: SourceId,
    faults: Faults,
}

impl Reader<'_> {
    fn unclear(&mut self, place: &Place, remedy: Words) {
        let title = words!(
            "this line is neither a section nor a setting",
            "cette ligne n'est ni une section ni un réglage"
        );
        self.faults.error(self.sources, "config.syntax", title, place, "", [remedy]);
    }

    /// The names of a path with dots, with their places.
    fn path(&self, text: &str, span: Range<usize>) -> Vec<(String, Place)> {
        let mut path = Vec::new();
        let mut at = span.start;
        for part in text[span].split('.') {
            let name = part.trim();
            let from = at + (part.len() - part.trim_start().len());
            path.push((name.to_owned(), Place::new(self.id, from..from + name.len())));
            at += part.len() + 1;
        }
        path
    }

    fn value(&self, text: &str, span: Range<usize>) -> Node {
        let raw = &text[span.clone()];
        let start = span.start + (raw.len() - raw.trim_start().len());
        let raw = raw.trim();
        let quoted = ['"', '\''].into_iter().find_map(|quote| {
            let inner = raw.strip_prefix(quote)?;
            let end = inner.find(quote)?;
            is_blank_or_comment(&inner[end + 1..]).then_some((&inner[..end], end + 2))
        });
        if let Some((inner, length)) = quoted {
            let place = Place::new(self.id, start..start + length);
            return Node::new(NodeKind::Text(inner.to_owned()), place);
        }
        let comment = [" ;", " #", "\t;", "\t#"].iter().filter_map(|mark| raw.find(mark)).min();
        let raw = raw[..comment.unwrap_or(raw.len())].trim_end();
        let place = Place::new(self.id, start..start + raw.len());
        let kind = if raw.is_empty() { NodeKind::Null } else { NodeKind::Untyped(raw.to_owned()) };
        Node::new(kind, place)
    }

    /// Makes the sections of a path, so that an empty one is there, too.
    fn open(&mut self, root: &mut Node, path: &[(String, Place)]) {
        let Some(((name, place), above)) = path.split_last() else { return };
        let Some(section) = self.section(root, above) else { return };
        if section.iter().all(|entry| entry.key != *name) {
            let node = Node::new(NodeKind::Map(Vec::new()), place.clone());
            section.push(Entry { key: name.clone(), key_place: place.clone(), node });
        }
    }

    fn insert(&mut self, root: &mut Node, path: &[(String, Place)], value: Node) {
        let Some(((name, place), above)) = path.split_last() else { return };
        let Some(section) = self.section(root, above) else { return };
        if let Some(first) = section.iter().find(|entry| entry.key == *name) {
            let before = self.sources.tell(&first.key_place);
            self.faults.twice(self.sources, name, place, &before);
            return;
        }
        section.push(Entry { key: name.clone(), key_place: place.clone(), node: value });
    }

    /// The settings of the section at a path, which is made where it is missing.
    fn section<'n>(
        &mut self,
        root: &'n mut Node,
        path: &[(String, Place)],
    ) -> Option<&'n mut Vec<Entry>> {
        if let Some((_, place)) = path.get(DEEPEST) {
            self.faults.too_deep(self.sources, DEEPEST, place);
            return None;
        }
        let mut node = root;
        for (name, place) in path {
            let NodeKind::Map(entries) = &mut node.kind else { return None };
            let found = entries.iter().position(|entry| entry.key == *name);
            let at = found.unwrap_or_else(|| {
                let node = Node::new(NodeKind::Map(Vec::new()), place.clone());
                entries.push(Entry { key: name.clone(), key_place: place.clone(), node });
                entries.len() - 1
            });
            node = &mut entries.get_mut(at)?.node;
            if !matches!(node.kind, NodeKind::Map(_)) {
                let title = words!(
                    "`{name}` is a value and a section at once",
                    "`{name}` est à la fois une valeur et une section"
                );
                let remedy = words!("rename one of the two", "renommer l'un des deux");
                self.faults.error(self.sources, "config.duplicate", title, place, "", [remedy]);
                return None;
            }
        }
        match &mut node.kind {
            NodeKind::Map(entries) => Some(entries),
            _ => None,
        }
    }
}

fn as_setting() -> Words {
    words!("a setting is written `name = value`", "un réglage s'écrit `nom = valeur`")
}

fn is_blank_or_comment(rest: &str) -> bool {
    let rest = rest.trim();
    rest.is_empty() || rest.starts_with([';', '#'])
}
