//! The desired state: every object of a platform, in parts that come one after the other.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use catalog::{Binding, Bound, MadeSecret, Platform, SecretPart};
use object::{Edge, Object, Strength};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::generated::{Drawn, settle};
use crate::patch::Change;
use crate::release::Release;
use crate::values::json_of;

/// The label by which an object says which platform it is part of.
pub(crate) const PART_OF: &str = "app.kubernetes.io/part-of";

/// What a platform wants of a cluster.
#[derive(Clone, Debug, Default)]
pub struct Desired {
    /// The parts, in the order in which they are made.
    pub parts: Vec<Part>,
}

/// Objects that are made together: a service's, or those of one of its bindings.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its name: `nextcloud`, or `nextcloud-database` for what a binding makes.
    pub name: String,
    /// What it is for.
    pub purpose: Purpose,
    /// Which parts are made at a time, from 0 on: what an earlier wave made is ready before.
    pub wave: usize,
    /// The parts that are ready before this one is made, and why.
    pub after: Vec<After>,
    /// The service behind a binding, ready before or not.
    pub behind: Option<String>,
    /// The objects, in order.
    pub objects: Vec<Object>,
    /// The Secrets that are made in the cluster.
    pub secrets: Vec<MadeSecret>,
    /// What patches have changed of the objects.
    pub changes: Vec<Change>,
}

/// What a part is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The namespace that all is in.
    Namespace,
    /// A service.
    Service(String),
    /// A requirement of a service.
    Binding {
        /// The service.
        service: String,
        /// Its requirement.
        requirement: String,
        /// Who satisfies it.
        provisioner: String,
    },
    /// Objects that the configuration adds.
    Extra,
}

impl Purpose {
    /// The service that it is about.
    pub fn service(&self) -> Option<&str> {
        match self {
            Self::Service(service) | Self::Binding { service, .. } => Some(service),
            Self::Namespace | Self::Extra => None,
        }
    }
}

/// One part comes after another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// The part that is ready before.
    pub part: String,
    /// The requirement that wants it so.
    pub requirement: String,
}

/// There is no desired state.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DesireFault {
    /// What a chart printed is no object.
    #[error("{release}: {source_path}: {reason}")]
    NoObject {
        /// The release.
        release: String,
        /// The template.
        source_path: String,
        /// Why not.
        reason: object::ReadError,
    },
    /// What a provisioner describes is no object.
    #[error(
        "`{provisioner}` describes something for `{part}` that is no Kubernetes object: it needs \
        `apiVersion`, `kind` and `metadata.name`"
    )]
    Described {
        /// The provisioner.
        provisioner: String,
        /// The part.
        part: String,
    },
    /// Two parts make the same object.
    #[error("`{first}` and `{second}` both make {id}: rename one of them")]
    Twice {
        /// The object.
        id: object::Id,
        /// One part.
        first: String,
        /// The other one.
        second: String,
    },
    /// A chart draws at random what cannot be drawn in the cluster.
    #[error(transparent)]
    Drawn(#[from] Drawn),
    /// Services wait for one another.
    #[error("{}", circle(.0))]
    Cycle(Vec<After>),
}

fn circle(parts: &[After]) -> String {
    let one = |after: &After| format!("`{}` (its `{}`)", after.part, after.requirement);
    let all: Vec<String> = parts.iter().map(one).collect();
    format!(
        "these wait for one another to be ready: {}; let another provisioner satisfy one of them",
        all.join(" → ")
    )
}

/// Puts the objects of all releases and bindings together.
pub fn desired(platform: &Platform, releases: &[Release]) -> Result<Desired, DesireFault> {
    let mut parts = vec![namespace(platform)];
    for (service, release) in platform.services.iter().zip(releases) {
        for binding in &service.bindings {
            let part = of_binding(platform, service, binding)?;
            if !part.objects.is_empty() || !part.secrets.is_empty() {
                parts.push(part);
            }
        }
        parts.push(of_service(platform, service, release)?);
    }
    once(&parts)?;
    ordered(platform, parts)
}

/// The namespace: whoever opens it sees what is against the restricted level of Pod Security, and
/// what is against the baseline is refused.
fn namespace(platform: &Platform) -> Part {
    let tree = json!({
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": platform.namespace,
            "labels": {
                "pod-security.kubernetes.io/enforce": "baseline",
                "pod-security.kubernetes.io/warn": "restricted",
            },
        },
    });
    let mut object = Object::new(map(tree), "namespace");
    label(&mut object, platform);
    Part {
        name: "namespace".to_owned(),
        purpose: Purpose::Namespace,
        wave: 0,
        after: Vec::new(),
        behind: None,
        objects: vec![object],
        secrets: Vec::new(),
        changes: Vec::new(),
    }
}

fn of_service(
    platform: &Platform,
    service: &Bound,
    release: &Release,
) -> Result<Part, DesireFault> {
    let mut objects = printed(release, &release.rendered)?;
    let mut secrets = service.secrets.clone();
    if let Some(varied) = &release.varied {
        let (kept, drawn) = settle(&release.name, objects, &printed(release, varied)?)?;
        objects = kept;
        secrets.extend(drawn);
    }
    Ok(Part {
        name: service.name.clone(),
        purpose: Purpose::Service(service.name.clone()),
        wave: 0,
        after: Vec::new(),
        behind: None,
        objects: sorted(objects.into_iter().map(|one| finished(one, platform)).collect()),
        secrets,
        changes: Vec::new(),
    })
}

/// The objects that a chart has printed.
fn printed(
    release: &Release,
    rendered: &helm::release::Release,
) -> Result<Vec<Object>, DesireFault> {
    // Hooks of installation are objects like others: what waits for what is known otherwise.
    let hooks = rendered.hooks.iter().filter(|hook| {
        hook.events.iter().any(|event| event.contains("install")) && !hook.is_test()
    });
    let manifests =
        rendered.crds.iter().chain(&rendered.manifests).chain(hooks.map(|hook| &hook.manifest));
    let mut objects = Vec::new();
    for manifest in manifests {
        let found = object::read(&manifest.content, &manifest.source);
        objects.extend(found.map_err(|reason| DesireFault::NoObject {
            release: release.name.clone(),
            source_path: manifest.source.to_string(),
            reason,
        })?);
    }
    Ok(objects)
}

fn of_binding(
    platform: &Platform,
    service: &Bound,
    binding: &Binding,
) -> Result<Part, DesireFault> {
    let name = format!("{}-{}", service.name, binding.requirement);
    let described = described(platform, binding);
    let is_object = |object: &Object| {
        ![object.api_version(), object.kind(), object.name()].iter().any(|one| one.is_empty())
    };
    if !described.iter().all(is_object) {
        let provisioner = binding.provisioner.clone();
        return Err(DesireFault::Described { provisioner, part: name });
    }
    Ok(Part {
        name,
        purpose: Purpose::Binding {
            service: service.name.clone(),
            requirement: binding.requirement.clone(),
            provisioner: binding.provisioner.clone(),
        },
        wave: 0,
        after: Vec::new(),
        behind: binding.service.clone(),
        objects: sorted(described),
        secrets: binding.secrets.clone(),
        changes: Vec::new(),
    })
}

/// The objects of a binding, in the order in which they are described.
pub(crate) fn described(platform: &Platform, binding: &Binding) -> Vec<Object> {
    let all = json_of(&binding.objects);
    let object = |tree: &Value| {
        let tree = tree.as_object().cloned().unwrap_or_default();
        finished(job_by_content(Object::new(tree, binding.provisioner.as_str())), platform)
    };
    all.as_array().into_iter().flatten().map(object).collect()
}

/// A Job's specification cannot change, so another one is another Job: its name ends with a digest
/// of its content.
fn job_by_content(mut object: Object) -> Object {
    if object.kind() != "Job" {
        return object;
    }
    let spec = object.tree.get("spec").map(Value::to_string).unwrap_or_default();
    let digest = Sha256::digest(spec.as_bytes());
    let mut name = format!("{}-", object.name());
    for byte in digest.iter().take(4) {
        let _ = write!(name, "{byte:02x}");
    }
    if let Some(metadata) = object.map_at(&["metadata"]) {
        metadata.insert("name".to_owned(), Value::from(name));
    }
    object
}

/// Takes away what is null: to the API server it is the same as nothing.
fn without_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(without_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(without_nulls),
        _ => {}
    }
}

/// An object with its namespace and the label of the platform.
pub(crate) fn finished(mut object: Object, platform: &Platform) -> Object {
    object.tree.retain(|_, value| !value.is_null());
    object.tree.values_mut().for_each(without_nulls);
    object.place_in(&platform.namespace);
    label(&mut object, platform);
    object
}

/// Objects in the order of their making.
fn sorted(mut objects: Vec<Object>) -> Vec<Object> {
    objects.sort_by_key(|object| object::rank(object.kind()));
    objects
}

/// Every object says which platform it is part of.
fn label(object: &mut Object, platform: &Platform) {
    if let Some(labels) = object.map_at(&["metadata", "labels"]) {
        labels.entry(PART_OF).or_insert_with(|| Value::from(platform.name.as_str()));
    }
}

fn map(tree: Value) -> Map<String, Value> {
    match tree {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// No object is made twice.
fn once(parts: &[Part]) -> Result<(), DesireFault> {
    let mut known: BTreeMap<object::Id, &str> = BTreeMap::new();
    for part in parts {
        for object in &part.objects {
            let id = object.id();
            if let Some(first) = known.insert(id.clone(), &part.name) {
                let (first, second) = (first.to_owned(), part.name.clone());
                return Err(DesireFault::Twice { id, first, second });
            }
        }
    }
    Ok(())
}

/// Who waits for whom: a service for its bindings, a binding for the service behind it.
fn ordered(platform: &Platform, mut parts: Vec<Part>) -> Result<Desired, DesireFault> {
    let number: BTreeMap<String, usize> =
        parts.iter().enumerate().map(|(at, part)| (part.name.clone(), at)).collect();
    let mut edges: Vec<(Edge, &str)> = (1..parts.len())
        .map(|then| (Edge { first: 0, then, strength: Strength::Made }, ""))
        .collect();
    for service in &platform.services {
        let Some(own) = number.get(&service.name).copied() else { continue };
        for binding in &service.bindings {
            let made = number.get(&format!("{}-{}", service.name, binding.requirement)).copied();
            let behind = binding.service.as_ref().and_then(|name| number.get(name)).copied();
            let mut edge = |first: Option<usize>, then: Option<usize>, strength: Strength| {
                if let (Some(first), Some(then)) = (first, then)
                    && first != then
                {
                    edges.push((Edge { first, then, strength }, &binding.requirement));
                }
            };
            if binding.is_awaited {
                edge(behind, made, Strength::Ready);
                edge(behind, Some(own), Strength::Ready);
                // Where nothing is made, there is nothing to wait for.
                let is_empty = made.is_none_or(|made| parts[made].objects.is_empty());
                edge(made, Some(own), if is_empty { Strength::Made } else { Strength::Ready });
            } else {
                edge(Some(own), made, Strength::Made);
            }
        }
    }
    let plain: Vec<Edge> = edges.iter().map(|(edge, _)| *edge).collect();
    let after = |then: usize, first: usize| {
        let found = edges.iter().find(|(edge, _)| edge.first == first && edge.then == then);
        let requirement = found.map_or("", |(_, requirement)| *requirement).to_owned();
        After { part: parts[then].name.clone(), requirement }
    };
    let order = object::order(parts.len(), &plain, |_| 0).map_err(|object::Cycle(circle)| {
        let next = circle.iter().cycle().skip(1);
        DesireFault::Cycle(circle.iter().zip(next).map(|(one, two)| after(*two, *one)).collect())
    })?;
    let waits: Vec<(usize, After)> = edges
        .iter()
        .filter(|(edge, _)| edge.strength == Strength::Ready)
        .map(|(edge, requirement)| {
            let part = parts[edge.first].name.clone();
            (edge.then, After { part, requirement: (*requirement).to_owned() })
        })
        .collect();
    for (then, after) in waits {
        parts[then].after.push(after);
    }
    let mut place: Vec<Option<Part>> = parts.into_iter().map(Some).collect();
    let mut sorted = Vec::new();
    for (wave, members) in order.waves.iter().enumerate() {
        for member in members {
            if let Some(part) = place[*member].take() {
                sorted.push(Part { wave, ..part });
            }
        }
    }
    Ok(Desired { parts: sorted })
}

impl Desired {
    /// All objects, in order.
    pub fn objects(&self) -> impl Iterator<Item = (&Part, &Object)> {
        self.parts.iter().flat_map(|part| part.objects.iter().map(move |object| (part, object)))
    }

    /// All Secrets that are made in the cluster, in order.
    pub fn secrets(&self) -> impl Iterator<Item = (&Part, &MadeSecret)> {
        self.parts.iter().flat_map(|part| part.secrets.iter().map(move |secret| (part, secret)))
    }

    /// Whether a service is part of it.
    pub fn has(&self, service: &str) -> bool {
        self.parts.iter().any(|part| part.name == service)
    }

    /// Only these services and what they wait for; everything where none is named. Secrets of the
    /// others stay: a sign-in service refers to those of all its clients.
    #[must_use]
    pub fn only(mut self, services: &[String]) -> Self {
        if services.is_empty() {
            return self;
        }
        let mut kept: Vec<String> = Vec::new();
        let mut waiting: Vec<String> = services.to_vec();
        while let Some(name) = waiting.pop() {
            if kept.contains(&name) {
                continue;
            }
            for part in &self.parts {
                let belongs = matches!(
                    &part.purpose, Purpose::Binding { service, .. } if *service == name
                );
                if part.name == name || belongs {
                    waiting.extend(part.after.iter().map(|after| after.part.clone()));
                    waiting.extend(part.behind.clone());
                    waiting.push(part.name.clone());
                }
            }
            kept.push(name);
        }
        for part in &mut self.parts {
            if part.purpose != Purpose::Namespace && !kept.contains(&part.name) {
                part.objects.clear();
            }
        }
        self.parts.retain(|part| !part.objects.is_empty() || !part.secrets.is_empty());
        self
    }

    /// The number of waves.
    pub fn waves(&self) -> usize {
        self.parts.last().map_or(0, |part| part.wave + 1)
    }

    /// Keys of Secrets that are used, but made neither here nor through an object of here: a person
    /// has made them before.
    pub fn given_secrets(&self) -> Vec<(String, String)> {
        let mut made: Vec<String> = self.secrets().map(|(_, one)| one.name.clone()).collect();
        let own = self.objects().flat_map(|(_, object)| {
            let is_secret = object.kind() == "Secret";
            let itself = is_secret.then(|| object.name().to_owned());
            let through = object::makes(object).into_iter();
            itself.into_iter().chain(through.filter(|id| id.kind == "Secret").map(|id| id.name))
        });
        made.extend(own);
        let mut wanted: Vec<(String, String)> = Vec::new();
        for (_, object) in self.objects() {
            for reference in object::references(object) {
                if let object::Target::Key(key) = reference.target
                    && reference.to.kind == "Secret"
                    && !reference.is_optional
                {
                    wanted.push((reference.to.name, key));
                }
            }
        }
        for (_, secret) in self.secrets() {
            for part in secret.keys.iter().flat_map(|(_, parts)| parts) {
                if let SecretPart::Of { secret, key } = part {
                    wanted.push((secret.clone(), key.clone()));
                }
            }
        }
        wanted.sort();
        wanted.dedup();
        wanted.retain(|(name, _)| !made.contains(name));
        wanted
    }
}
