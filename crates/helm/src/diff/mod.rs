//! What changes from one release to another, object by object.
//!
//! An object is the same when apiVersion, kind, namespace and name are; order and formatting do not
//! count. Not here: rendering, and the words for people.

mod group;

use std::collections::BTreeMap;

use crate::release::{Manifest, Release};
use crate::values::{Plain, go_value, read_document};

pub use group::{Effect, Group, Texts, grouped, texts};

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// `Deployment api (apps/v1)`.
    pub object: String,
    /// The field; empty for a whole object.
    pub path: String,
    /// What it was; `None` when it was not there.
    pub before: Option<String>,
    /// What it is; `None` when it is gone.
    pub after: Option<String>,
}

/// The changes from `before` to `after`.
pub fn changes(before: &Release, after: &Release) -> Vec<Change> {
    let (old, new) = (objects(before), objects(after));
    let mut found = Vec::new();
    for (key, document) in &old {
        match new.get(key) {
            Some(other) => compare(key, "", document, other, &mut found),
            None => found.push(change(key, "", Some("there".to_owned()), None)),
        }
    }
    for key in new.keys().filter(|key| !old.contains_key(*key)) {
        found.push(change(key, "", None, Some("there".to_owned())));
    }
    found.sort();
    found
}

fn objects(release: &Release) -> BTreeMap<String, Plain> {
    let hooks = release.hooks.iter().map(|hook| &hook.manifest);
    let all = release.crds.iter().chain(&release.manifests).chain(hooks);
    // What rendered was readable; what is not is left out rather than compared as text.
    let read = |manifest: &Manifest| {
        let document = read_document(&manifest.content).ok()?;
        let namespace = match &document {
            Plain::Map(table) => match table.value_at("metadata.namespace") {
                Some(Plain::Str(text)) => format!(" in {}", text.to_text()),
                _ => String::new(),
            },
            _ => String::new(),
        };
        let head = &manifest.head;
        let key = format!("{} {}{namespace} ({})", head.kind, head.name, head.api_version);
        Some((key, document))
    };
    all.filter_map(read).collect()
}

fn compare(object: &str, path: &str, before: &Plain, after: &Plain, found: &mut Vec<Change>) {
    match (before, after) {
        (Plain::Map(old), Plain::Map(new)) => {
            for (key, value) in old.iter() {
                let path = join(path, &key.to_text());
                match new.get(key) {
                    Some(other) => compare(object, &path, value, other, found),
                    None => found.push(change(object, &path, Some(go_value(value)), None)),
                }
            }
            for (key, value) in new.iter().filter(|(key, _)| old.get(key).is_none()) {
                let path = join(path, &key.to_text());
                found.push(change(object, &path, None, Some(go_value(value))));
            }
        }
        (Plain::List(old), Plain::List(new)) => {
            for index in 0..old.len().max(new.len()) {
                let path = format!("{path}[{index}]");
                match (old.get(index), new.get(index)) {
                    (Some(a), Some(b)) => compare(object, &path, a, b, found),
                    (a, b) => {
                        found.push(change(object, &path, a.map(go_value), b.map(go_value)));
                    }
                }
            }
        }
        (a, b) if a == b => {}
        (a, b) => found.push(change(object, path, Some(go_value(a)), Some(go_value(b)))),
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn change(object: &str, path: &str, before: Option<String>, after: Option<String>) -> Change {
    Change { object: object.to_owned(), path: path.to_owned(), before, after }
}
