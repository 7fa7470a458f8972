//! A catalogue: all definitions, read, put on their bases, and checked against one another.

use std::collections::BTreeMap;
use std::sync::Arc;

use config::{Entry, Faults, Format, Node, NodeKind, Place, Record, Shape, Sources, read};

use diagnostic::words;
use serde_json::{Value, json};

use crate::bind;
use crate::bundles::Bundle;
use crate::contract;
use crate::definition::{Preset, Provisioner, Reader, ResourceType, Retired, Service};
use crate::names::suggestion;

/// A file of a catalogue: its path within the catalogue, and its text.
#[derive(Clone, Debug)]
pub struct File {
    /// Such as `services/nextcloud/service.yaml`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Everything that a platform may be made of.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Services by name.
    pub services: BTreeMap<String, Arc<Service>>,
    /// Resource types by name.
    pub types: BTreeMap<String, ResourceType>,
    /// Provisioners by name.
    pub provisioners: BTreeMap<String, Arc<Provisioner>>,
    /// Bundles by name.
    pub bundles: BTreeMap<String, Bundle>,
    /// Parts that nobody keeps up any more.
    pub retired: Vec<Retired>,
    /// What is known of usual clusters, by name.
    pub presets: BTreeMap<String, Preset>,
}

/// What a document may define, by its first field, which names it.
const KINDS: &[&str] = &["service", "base", "type", "provisioner", "bundle", "retired", "facts"];

impl Catalogue {
    /// Loads a catalogue from its definitions: files that end in `.yaml` and are not a chart's.
    /// Every expression of every definition is checked.
    pub fn load(files: &[File], sources: &mut Sources) -> Result<Self, Faults> {
        let mut documents = Vec::new();
        let mut faults = Faults::default();
        for file in files {
            let id = sources.add(file.path.clone(), file.text.as_str());
            match read(sources, id, Format::of_path(&file.path)) {
                Ok(node) => documents.push(node),
                Err(more) => faults.extend(more),
            }
        }
        let mut reader = Reader::new(sources);
        reader.faults = faults;
        let catalogue = defined(documents, &mut reader);
        one_name_each(&catalogue, &mut reader);
        contract::check(&catalogue, &mut reader);
        if reader.faults.is_empty() { Ok(catalogue) } else { Err(reader.faults) }
    }

    /// The settings of a configuration, with the sections of services and provisioners.
    pub fn configuration(&self) -> Record {
        bind::configuration_record(self)
    }

    /// The shape of configurations as JSON Schema, for editors.
    pub fn json_schema(&self) -> Value {
        let mut schema = Shape::Record(self.configuration().into()).json_schema();
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
        schema["title"] = "Socle platform".into();
        // Instead of the section, its file or a preset.
        let facts = schema["properties"]["facts"].take();
        let words = facts["description"].clone();
        schema["properties"]["facts"] =
            json!({ "anyOf": [{ "type": "string" }, facts], "description": words });
        schema
    }

    /// The service that is called so, by its own name or another one that it has.
    pub fn service_called(&self, name: &str) -> Option<&Arc<Service>> {
        let is_meant = |service: &&Arc<Service>| {
            service.aliases.iter().any(|alias| alias.as_str() == Some(name))
        };
        self.services.get(name).or_else(|| self.services.values().find(is_meant))
    }

    /// The retired part that a reference means: an image, a chart, a repository.
    pub fn retired_part(&self, reference: &str) -> Option<&Retired> {
        self.retired.iter().find(|part| part.is_meant_by(reference))
    }

    /// The provisioners of a type, by name.
    pub fn provisioners_of<'c>(
        &'c self,
        of_type: &'c str,
    ) -> impl Iterator<Item = &'c Provisioner> {
        self.provisioners.values().map(|one| &**one).filter(move |one| one.provides == of_type)
    }
}

/// All documents as what they define.
fn defined(documents: Vec<Node>, reader: &mut Reader<'_>) -> Catalogue {
    let mut catalogue = Catalogue::default();
    let mut services = Vec::new();
    let mut bases: BTreeMap<String, Node> = BTreeMap::new();
    for node in documents {
        let first = node.entries().first().map_or("", |entry| &entry.key);
        let kind = KINDS.iter().find(|kind| **kind == first);
        match kind {
            Some(&"service") => services.push(node),
            Some(&"base") => {
                if let Some((name, rest)) = named(node, "base") {
                    match bases.get(&name) {
                        Some(first) => twice(&name, first, &rest, reader),
                        None => _ = bases.insert(name, rest),
                    }
                }
            }
            Some(&"type") => {
                let found = reader.resource_type(node).map(|one| (one.name.clone(), one));
                insert(&mut catalogue.types, found, reader, |one| &one.node);
            }
            Some(&"provisioner") => {
                let found = reader.provisioner(node).map(|one| (one.name.clone(), Arc::new(one)));
                insert(&mut catalogue.provisioners, found, reader, |one| &one.node);
            }
            Some(&"retired") => catalogue.retired.extend(reader.retired(node)),
            Some(&"facts") => {
                let found = reader.preset(node).map(|one| (one.name.clone(), one));
                insert(&mut catalogue.presets, found, reader, |one| &one.node);
            }
            Some(_) => {
                let found = reader.bundle(node).map(|one| (one.name.clone(), one));
                insert(&mut catalogue.bundles, found, reader, |one| &one.node);
            }
            None => {
                let place =
                    Place::new(node.place.source, node.place.span.start..node.place.span.start);
                let remedy = words!(
                    "its first line names it: `service: NAME`, `base:`, `type:`, `provisioner:`, \
                     `bundle:`, `retired:` or `facts:`",
                    "sa première ligne le nomme : `service: NOM`, `base:`, `type:`, \
                     `provisioner:`, `bundle:`, `retired:` ou `facts:`"
                );
                let title = words!("this document defines nothing", "ce document ne définit rien");
                reader.error("catalog.kind", title, &place, [remedy]);
            }
        }
    }
    for node in services {
        let Some(node) = on_base(node, &bases, 0, reader) else { continue };
        let found = reader.service(node).map(|one| (one.name.clone(), Arc::new(one)));
        insert(&mut catalogue.services, found, reader, |one| &one.node);
    }
    catalogue
}

/// The text of a field, and the document without it.
fn named(mut node: Node, field: &str) -> Option<(String, Node)> {
    let NodeKind::Map(entries) = &mut node.kind else { return None };
    let at = entries.iter().position(|entry| entry.key == field)?;
    let Entry { node: name, .. } = entries.remove(at);
    Some((name.as_str()?.to_owned(), node))
}

/// A service, or a base, over what it extends. `depth` is how many stand on it already.
fn on_base(
    node: Node,
    bases: &BTreeMap<String, Node>,
    depth: usize,
    reader: &mut Reader<'_>,
) -> Option<Node> {
    let Some(base) = node.get("extends") else { return Some(node) };
    let place = base.place.clone();
    let (name, node) = named(node, "extends")?;
    if depth > bases.len() {
        let title = words!("`{name}` extends itself", "`{name}` s'étend lui-même");
        reader.error("catalog.base", title, &place, None);
        return None;
    }
    let Some(base) = bases.get(&name) else {
        let title = words!("no base is called `{name}`", "aucune base ne s'appelle `{name}`");
        let remedy = suggestion(&name, bases.keys().map(String::as_str));
        reader.error("catalog.base", title, &place, [remedy]);
        return None;
    };
    let base = on_base(base.clone(), bases, depth + 1, reader)?;
    Some(base.overlay(node))
}

fn insert<T>(
    all: &mut BTreeMap<String, T>,
    found: Option<(String, T)>,
    reader: &mut Reader<'_>,
    node: impl Fn(&T) -> &Node,
) {
    let Some((name, one)) = found else { return };
    match all.get(&name) {
        Some(first) => twice(&name, node(first), node(&one), reader),
        None => _ = all.insert(name, one),
    }
}

/// Tells that a name is taken, by a definition of the same kind or one that is set in the same
/// section of configurations.
fn twice(name: &str, first: &Node, second: &Node, reader: &mut Reader<'_>) {
    let title = words!("`{name}` is defined twice", "`{name}` est défini deux fois");
    let first = reader.sources.tell(&first.place);
    let remedy = words!(
        "the first is at {first}: give one of them another name",
        "le premier est à {first} : donner un autre nom à l'un des deux"
    );
    let place = &second.place;
    let start = Place::new(place.source, place.span.start..place.span.start);
    reader.error("catalog.duplicate", title, &start, [remedy]);
}

/// A configuration has one section for each service and each provisioner, and asks for services and
/// bundles in one list; none of them may be called like a setting of the platform.
fn one_name_each(catalogue: &Catalogue, reader: &mut Reader<'_>) {
    for (name, service) in &catalogue.services {
        let others = [
            catalogue.provisioners.get(name).map(|one| &one.node),
            catalogue.bundles.get(name).map(|one| &one.node),
        ];
        for other in others.into_iter().flatten() {
            twice(name, &service.node, other, reader);
        }
        for (alias, place) in service.aliases.iter().filter_map(|one| Some((one.as_str()?, one))) {
            let others = [
                catalogue.service_called(alias).map(|one| &one.node),
                catalogue.provisioners.get(alias).map(|one| &one.node),
                catalogue.bundles.get(alias).map(|one| &one.node),
            ];
            for other in others.into_iter().flatten() {
                if other.place != service.node.place {
                    twice(alias, other, place, reader);
                }
            }
        }
    }
    let services = catalogue.services.iter().map(|(name, one)| (name, &one.node));
    let provisioners = catalogue.provisioners.iter().map(|(name, one)| (name, &one.node));
    let aliases = catalogue
        .services
        .values()
        .flat_map(|one| one.aliases.iter().filter_map(|node| Some((node.as_str()?, node))));
    let own = services.chain(provisioners).map(|(name, node)| (name.as_str(), node));
    for (name, node) in own.chain(aliases) {
        if bind::is_setting(name) {
            let title = words!(
                "`{name}` is a setting of every platform, and nothing else can be called so",
                "`{name}` est un réglage de toute plateforme, et rien d'autre ne peut s'appeler ainsi"
            );
            let remedy = words!("give it another name", "lui donner un autre nom");
            let start = Place::new(node.place.source, node.place.span.start..node.place.span.start);
            reader.error("catalog.name", title, &start, [remedy]);
        }
    }
}
