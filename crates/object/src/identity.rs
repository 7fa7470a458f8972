//! What an object is called.

use std::fmt;

use serde_json::{Map, Value};

use crate::kinds;

/// A Kubernetes object: a tree with a kind and a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// The whole tree.
    pub tree: Map<String, Value>,
    /// Where it was made: the template's path, the provisioner. For people only.
    pub source: String,
}

/// What tells an object from every other one of a cluster. The version of its API does not.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    /// The API group; empty for the core.
    pub group: String,
    /// The kind.
    pub kind: String,
    /// The namespace; none for what belongs to the whole cluster.
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
}

impl Id {
    /// An object of a namespace.
    pub fn new(group: &str, kind: &str, namespace: Option<&str>, name: &str) -> Self {
        Self {
            group: group.to_owned(),
            kind: kind.to_owned(),
            namespace: namespace.map(str::to_owned),
            name: name.to_owned(),
        }
    }

    /// `deployment.apps/web`, as `kubectl` takes it.
    pub fn for_kubectl(&self) -> String {
        let kind = self.kind.to_lowercase();
        match self.group.as_str() {
            "" => format!("{kind}/{}", self.name),
            group => format!("{kind}.{group}/{}", self.name),
        }
    }
}

/// `Deployment/web`, which is how people speak of it.
impl fmt::Display for Id {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.kind, self.name)
    }
}

impl Object {
    /// An object from its tree.
    pub fn new(tree: Map<String, Value>, source: impl Into<String>) -> Self {
        Self { tree, source: source.into() }
    }

    /// `apiVersion`, or nothing.
    pub fn api_version(&self) -> &str {
        text(&self.tree, "apiVersion")
    }

    /// The API group; empty for the core.
    pub fn group(&self) -> &str {
        self.api_version().split_once('/').map_or("", |(group, _)| group)
    }

    /// `kind`, or nothing.
    pub fn kind(&self) -> &str {
        text(&self.tree, "kind")
    }

    /// `metadata.name`, or nothing.
    pub fn name(&self) -> &str {
        self.at("metadata.name").and_then(Value::as_str).unwrap_or("")
    }

    /// `metadata.namespace`, where it is stated.
    pub fn namespace(&self) -> Option<&str> {
        self.at("metadata.namespace").and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// What it is called.
    pub fn id(&self) -> Id {
        Id::new(self.group(), self.kind(), self.namespace(), self.name())
    }

    /// The value at a path of keys, `spec.template`.
    pub fn at(&self, path: &str) -> Option<&Value> {
        let mut keys = path.split('.');
        let first = self.tree.get(keys.next()?)?;
        keys.try_fold(first, |value, key| value.get(key))
    }

    /// The map at a path of keys, made where it is not there; nothing where something else is.
    pub fn map_at(&mut self, path: &[&str]) -> Option<&mut Map<String, Value>> {
        let mut map = &mut self.tree;
        for key in path {
            let entry = map.entry((*key).to_owned()).or_insert(Value::Null);
            if entry.is_null() {
                *entry = Value::Object(Map::new());
            }
            map = entry.as_object_mut()?;
        }
        Some(map)
    }

    /// Says which namespace the object is in, where it says none itself and its kind has one.
    pub fn place_in(&mut self, namespace: &str) {
        if kinds::is_cluster_scoped(self.group(), self.kind()) || self.namespace().is_some() {
            return;
        }
        if let Some(metadata) = self.map_at(&["metadata"]) {
            metadata.insert("namespace".to_owned(), Value::from(namespace));
        }
    }

    /// The labels.
    pub fn labels(&self) -> Option<&Map<String, Value>> {
        self.at("metadata.labels").and_then(Value::as_object)
    }
}

pub(crate) fn text<'m>(map: &'m Map<String, Value>, key: &str) -> &'m str {
    map.get(key).and_then(Value::as_str).unwrap_or("")
}
