//! Rendered files taken apart into objects and hooks, each in the order of installation.

use std::sync::Arc;

use super::documents::Files;
use super::head::Head;
use super::order::by_kind;
use super::split::trim;
use crate::log::{Level, Log};
use crate::values::DocumentError;

/// One object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The template's path from the chart's name on.
    pub source: Arc<str>,
    /// The object as the template printed it.
    pub content: Vec<u8>,
    /// Its head.
    pub head: Head,
}

/// One hook: an object that runs at a certain event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// The object.
    pub manifest: Manifest,
    /// The events, as Helm names them.
    pub events: Vec<&'static str>,
    /// Its weight among the hooks of an event.
    pub weight: i64,
    /// When it is to be deleted.
    pub delete_policies: Vec<String>,
    /// When its log is to be shown.
    pub log_policies: Vec<String>,
}

impl Hook {
    /// Whether this is a test.
    pub fn is_test(&self) -> bool {
        self.events.contains(&"test")
    }
}

/// A rendered document is not YAML, or not an object.
#[derive(Clone, Debug, thiserror::Error)]
#[error("YAML parse error on {source_path}: {reason}")]
pub struct ParseError {
    /// The template.
    pub source_path: Arc<str>,
    /// The document that was rendered.
    pub document: Vec<u8>,
    /// What is wrong with it.
    pub reason: DocumentError,
}

/// Hooks and plain objects, each in the order of installation.
pub(super) fn sort(files: &Files, log: &mut Log) -> Result<(Vec<Hook>, Vec<Manifest>), ParseError> {
    let mut hooks = Vec::new();
    let mut manifests = Vec::new();
    for (path, file) in files {
        for document in &file.documents {
            let content = file.content[document.place.clone()].to_vec();
            let head = document.head.clone();
            let manifest = Manifest { source: Arc::clone(path), content, head };
            match manifest.head.annotation("helm.sh/hook").map(str::to_owned) {
                None => manifests.push(manifest),
                Some(types) => hooks.extend(hook(manifest, &types, log)),
            }
        }
        if let Some(fault) = &file.fault {
            return Err(ParseError {
                source_path: Arc::clone(path),
                document: file.content[fault.place.clone()].to_vec(),
                reason: fault.reason.clone(),
            });
        }
    }
    manifests.sort_by(|a: &Manifest, b| by_kind(&a.head.kind, &b.head.kind));
    hooks.sort_by(|a: &Hook, b| by_kind(&a.manifest.head.kind, &b.manifest.head.kind));
    Ok((hooks, manifests))
}

/// The events by the words that charts use.
const EVENTS: [(&str, &str); 10] = [
    ("pre-install", "pre-install"),
    ("post-install", "post-install"),
    ("pre-delete", "pre-delete"),
    ("post-delete", "post-delete"),
    ("pre-upgrade", "pre-upgrade"),
    ("post-upgrade", "post-upgrade"),
    ("pre-rollback", "pre-rollback"),
    ("post-rollback", "post-rollback"),
    ("test", "test"),
    ("test-success", "test"),
];

fn hook(manifest: Manifest, types: &str, log: &mut Log) -> Option<Hook> {
    let event = |word: &str| {
        let word = word.trim().to_lowercase();
        EVENTS.iter().find(|(known, _)| *known == word).map(|(_, event)| *event)
    };
    let Some(events) = types.split(',').map(event).collect::<Option<Vec<_>>>() else {
        let details = vec![("hookTypes", types.to_owned())];
        log.add_with(Level::Info, "skipping unknown hooks", details);
        return None;
    };
    let weight = manifest.head.annotation("helm.sh/hook-weight").map_or(0, go_integer);
    let delete_policies = words(&manifest.head, "helm.sh/hook-delete-policy");
    let log_policies = words(&manifest.head, "helm.sh/hook-output-log-policy");
    Some(Hook { manifest, events, weight, delete_policies, log_policies })
}

/// Go's `strconv.Atoi`; zero where the text is no number.
fn go_integer(text: &str) -> i64 {
    text.parse().unwrap_or(0)
}

fn words(head: &Head, annotation: &str) -> Vec<String> {
    let text = head.annotation(annotation);
    text.into_iter()
        .flat_map(|text| text.split(','))
        .map(|word| word.trim().to_lowercase())
        .collect()
}

/// Whether there is nothing but white space.
pub(super) fn is_blank(text: &[u8]) -> bool {
    trim(text).is_empty()
}
