//! The objects of a release as they can be asked for: by kind, namespace and name, also those of a
//! `List`, of a file of definitions, and those whose names the cluster makes up.

use yaml::{Document, NodeId, NodeKind, Text};

use crate::release::{Manifest, Release};

/// One object.
pub struct Object<'r> {
    /// The text that it stands in.
    pub manifest: &'r Manifest,
    /// `apiVersion`.
    pub api_version: String,
    /// `kind`.
    pub kind: String,
    /// `metadata.namespace`, where it is stated.
    pub namespace: Option<String>,
    /// `metadata.name`, else `metadata.generateName`.
    pub name: String,
    /// The document in the manifest.
    document: usize,
    /// The item, where the document is a list.
    item: Option<usize>,
}

impl Object<'_> {
    /// `Deployment/web`.
    pub fn short_name(&self) -> String {
        format!("{}/{}", self.kind, self.name)
    }

    /// `Deployment/shop/web`; `default` is the namespace of objects that state none.
    pub fn long_name(&self, default: &str) -> String {
        let namespace = self.namespace.as_deref().unwrap_or(default);
        format!("{}/{namespace}/{}", self.kind, self.name)
    }

    /// Looks at the object's node.
    pub(super) fn read<R>(
        &self,
        look: impl FnOnce(&Text<'_>, &Document<'_>, NodeId) -> R,
    ) -> Option<R> {
        let text = Text::new(&self.manifest.content);
        let documents = text.documents().ok()?;
        let document = documents.get(self.document)?;
        let root = document.resolved(document.root());
        let node = match self.item {
            None => root,
            Some(item) => *items(document, root).get(item)?,
        };
        Some(look(&text, document, node))
    }
}

/// All objects: definitions, objects, hooks.
pub fn objects(release: &Release) -> Vec<Object<'_>> {
    let hooks = release.hooks.iter().map(|hook| &hook.manifest);
    let manifests = release.crds.iter().chain(&release.manifests).chain(hooks);
    manifests.flat_map(of_manifest).collect()
}

fn of_manifest(manifest: &Manifest) -> Vec<Object<'_>> {
    let text = Text::new(&manifest.content);
    let mut found = Vec::new();
    for (index, document) in text.documents().unwrap_or_default().iter().enumerate() {
        let root = document.resolved(document.root());
        if !matches!(document.node(root).kind, NodeKind::Mapping(_)) {
            continue;
        }
        found.push(object(manifest, document, index, (root, None)));
        for (at, item) in items(document, root).iter().enumerate() {
            found.push(object(manifest, document, index, (*item, Some(at))));
        }
    }
    found
}

/// The objects in a list of them.
pub(super) fn items<'d>(document: &'d Document<'_>, root: NodeId) -> &'d [NodeId] {
    let is_list = text_at(document, root, &["kind"]).is_some_and(|kind| kind.ends_with("List"));
    let items = document.get(root, "items").filter(|_| is_list);
    items.map_or(&[], |items| document.children(document.resolved(items)))
}

fn object<'r>(
    manifest: &'r Manifest,
    document: &Document<'_>,
    index: usize,
    (node, item): (NodeId, Option<usize>),
) -> Object<'r> {
    let text = |path: &[&str]| text_at(document, node, path).filter(|text| !text.is_empty());
    let name = text(&["metadata", "name"]).or_else(|| text(&["metadata", "generateName"]));
    Object {
        manifest,
        api_version: text(&["apiVersion"]).unwrap_or_default(),
        kind: text(&["kind"]).unwrap_or_default(),
        namespace: text(&["metadata", "namespace"]),
        name: name.unwrap_or_default(),
        document: index,
        item,
    }
}

fn text_at(document: &Document<'_>, node: NodeId, path: &[&str]) -> Option<String> {
    let mut node = document.resolved(node);
    for step in path {
        node = document.resolved(document.get(node, step)?);
    }
    match &document.node(node).kind {
        NodeKind::Scalar(scalar) => Some(scalar.value.clone().into_owned()),
        _ => None,
    }
}
