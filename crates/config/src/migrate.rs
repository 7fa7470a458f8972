//! Older versions of the configuration to the newest. A step is one entry of [`STEPS`]; documents
//! are rewritten as trees, so that every format is migrated alike, and places stay.
//!
//! Version 0 is what had no version: INI files, whose settings of the platform stand in a section
//! `general`, because INI has none without a section.

use diagnostic::words;

use crate::fault::Faults;
use crate::source::{Place, Sources};
use crate::tree::{Entry, Node, NodeKind};

/// The version that this program writes.
pub const NEWEST_VERSION: i64 = 1;

/// How a document of a version becomes one of the next.
type Step = fn(Node) -> Node;

/// The steps: the first makes version 1 from version 0.
const STEPS: &[Step] = &[general_to_the_top];

/// The document as one of the newest version, without its `version`.
pub fn migrate(mut root: Node, sources: &Sources) -> Result<Node, Faults> {
    let version = match taken(&mut root, "version") {
        None => 0,
        Some(entry) => match number(&entry.node) {
            Some(version) if (0..=NEWEST_VERSION).contains(&version) => version,
            found => return Err(unknown_version(found, &entry.node.place, sources)),
        },
    };
    let first = usize::try_from(version).unwrap_or(0);
    // A section `general` is understood whatever the version says: INI cannot do without.
    let steps =
        if root.entry("general").is_some() { STEPS } else { &STEPS[first.min(STEPS.len())..] };
    Ok(steps.iter().fold(root, |root, step| step(root)))
}

fn number(node: &Node) -> Option<i64> {
    match &node.kind {
        NodeKind::Int(version) => Some(*version),
        NodeKind::Untyped(text) => text.parse().ok(),
        _ => None,
    }
}

fn unknown_version(found: Option<i64>, place: &Place, sources: &Sources) -> Faults {
    let mut faults = Faults::default();
    let title = words!(
        "`version` is a number up to {NEWEST_VERSION}, the newest that this program knows",
        "`version` est un nombre jusqu'à {NEWEST_VERSION}, la plus récente que ce programme connaît"
    );
    let remedy = match found {
        Some(version) if version > NEWEST_VERSION => {
            words!(
                "a newer socle wrote this file: install one that knows version {version}",
                "un socle plus récent a écrit ce fichier : en installer un qui connaît la \
                 version {version}"
            )
        }
        _ => words!("write `version: {NEWEST_VERSION}`", "écrire `version: {NEWEST_VERSION}`"),
    };
    faults.error(sources, "config.version", title, place, "", [remedy]);
    faults
}

fn taken(root: &mut Node, name: &str) -> Option<Entry> {
    let NodeKind::Map(entries) = &mut root.kind else { return None };
    let at = entries.iter().position(|entry| entry.key == name)?;
    Some(entries.remove(at))
}

/// 0 to 1: what `general` holds are settings of the platform.
fn general_to_the_top(mut root: Node) -> Node {
    let Some(general) = taken(&mut root, "general") else { return root };
    let place = root.place.clone();
    match general.node.kind {
        kind @ NodeKind::Map(_) => Node::new(kind, place).overlay(root),
        _ => root,
    }
}
