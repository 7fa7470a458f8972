//! A bound platform: everything that rendering needs to know.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cel::{Interpolation, Key, Kind, Part, Scope, Value};
use config::{Node, NodeKind, Place, Words};

use super::patches::{self, Extra, Patch};
use super::settings::Layer;
use super::world::{BindingOf, Problem, Seen, World, parsed};
use crate::definition::{ChartReference, Provisioner, Secret, SecretKey, Service};
use crate::facts;
use crate::scope;

/// A platform whose every value is known.
#[derive(Debug)]
pub struct Platform {
    /// Its name.
    pub name: String,
    /// The namespace of its services.
    pub namespace: String,
    /// The settings of the platform itself.
    pub settings: BTreeMap<String, Setting>,
    /// What is known of its cluster, or assumed: then the layer is the default's.
    pub facts: BTreeMap<String, Setting>,
    /// Its services by name.
    pub services: Vec<Bound>,
    /// What the configuration changes of their objects, in order.
    pub patches: Vec<Patch>,
    /// What it adds to them.
    pub extra: Vec<Extra>,
}

impl Platform {
    /// The Secrets that are made from the files `tls.crt` and `tls.key`, each once, with all host
    /// names that they are for.
    pub fn certificates(&self) -> Vec<Certificate> {
        let mut all: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let bindings = self.services.iter().flat_map(|service| &service.bindings);
        for one in bindings.filter_map(|binding| binding.certificate.as_ref()) {
            all.entry(&one.secret).or_default().extend(one.hostnames.iter().map(String::as_str));
        }
        let one = |(secret, names): (&str, BTreeSet<&str>)| Certificate {
            secret: secret.to_owned(),
            hostnames: names.into_iter().map(str::to_owned).collect(),
        };
        all.into_iter().map(one).collect()
    }

    /// What is said of the cluster by nobody: the names of facts that are assumed.
    pub fn assumed(&self) -> impl Iterator<Item = (&str, &Value)> {
        let is_assumed = |(name, one): &(&String, &Setting)| {
            one.layer == Layer::Default && !facts::is_choice(name)
        };
        self.facts.iter().filter(is_assumed).map(|(name, one)| (name.as_str(), &one.value))
    }
}

/// A setting with its value.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The value.
    pub value: Value,
    /// Where it is set.
    pub place: Place,
    /// Who set it.
    pub layer: Layer,
}

/// A service of a platform.
#[derive(Debug)]
pub struct Bound {
    /// The service's name, which is its release's, too.
    pub name: String,
    /// What people call it.
    pub title: Words,
    /// What it is for.
    pub words: Words,
    /// What is rendered.
    pub chart: ChartReference,
    /// Whom people sign in as to administer it at first.
    pub administrator: Option<Administrator>,
    /// The values of the chart.
    pub values: Value,
    /// The same as they are written.
    pub written: Node,
    /// The raw values that the configuration lays over them.
    pub raw: Option<Node>,
    /// The options; one without a value is not among them.
    pub options: BTreeMap<String, Setting>,
    /// What its requirements are bound to.
    pub bindings: Vec<Binding>,
    /// What it has made in the cluster.
    pub secrets: Vec<MadeSecret>,
}

/// The first account of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Administrator {
    /// Its name.
    pub username: String,
    /// The Secret in which the password is.
    pub secret: String,
    /// The key of that Secret.
    pub key: String,
}

/// A requirement that is satisfied.
#[derive(Debug)]
pub struct Binding {
    /// The requirement's name.
    pub requirement: String,
    /// The resource type.
    pub of_type: String,
    /// What that type is.
    pub words: Words,
    /// Whether the service waits until it is ready.
    pub is_awaited: bool,
    /// The provisioner.
    pub provisioner: String,
    /// The service behind it.
    pub service: Option<String>,
    /// What it gives.
    pub outputs: BTreeMap<String, Value>,
    /// What it has made in the cluster.
    pub secrets: Vec<MadeSecret>,
    /// Objects of its own.
    pub objects: Value,
    /// A Secret that is made from files of a person.
    pub certificate: Option<Certificate>,
}

/// A Secret of type `kubernetes.io/tls` that is made from the files `tls.crt` and `tls.key`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    /// Its name.
    pub secret: String,
    /// The host names that the certificate is for, in order.
    pub hostnames: Vec<String>,
}

/// A Secret that is made in the cluster.
#[derive(Clone, Debug)]
pub struct MadeSecret {
    /// Its name in the cluster.
    pub name: String,
    /// Its keys.
    pub keys: Vec<(String, Vec<SecretPart>)>,
}

/// A part of a secret value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretPart {
    /// A text that everybody may know.
    Text(String),
    /// So many letters and digits, drawn at random.
    Random(usize),
    /// The value of a key of another Secret.
    Of {
        /// The Secret's name.
        secret: String,
        /// Its key.
        key: String,
    },
}

/// Everything there is, each value found. What cannot be found is told of in the world.
pub(super) fn all(world: &Arc<World>) -> Platform {
    let text = |name: &str| {
        let value = world.platform(name).and_then(Result::ok);
        value.as_ref().and_then(Value::as_str).unwrap_or("").to_owned()
    };
    let platform = &world.settings.platform;
    let settings = scope::platform_fields().into_iter().filter_map(|field| {
        let place = platform.get(&field.name)?.place.clone();
        let is_default = place.source == world.settings.defaults;
        let layer = if is_default { Layer::Default } else { Layer::Given };
        let value = world.platform(&field.name)?.ok()?;
        Some((field.name, Setting { value, place, layer }))
    });
    let settings = settings.collect();
    let facts = facts::names().filter_map(|name| {
        let place = platform.get("facts")?.get(&name)?.place.clone();
        let is_assumed = place.source == world.settings.assumed;
        let layer = if is_assumed { Layer::Default } else { Layer::Given };
        let value = world.fact(&name)?.ok()?;
        Some((name, Setting { value, place, layer }))
    });
    let facts = facts.collect();
    let names = world.choices().services.iter();
    let services = names.filter_map(|name| world.catalogue.services.get(name));
    Platform {
        name: text("name"),
        namespace: text("namespace"),
        settings,
        facts,
        services: services.map(|service| bound(world, service)).collect(),
        patches: patches::patches(world),
        extra: patches::extra(world),
    }
}

fn bound(world: &Arc<World>, service: &Arc<Service>) -> Bound {
    let scope = Seen::service(world, service);
    let options = service.options.iter().filter_map(|option| {
        let name = &option.field.name;
        let value = world.option(service, name)?.ok()?;
        let section = world.settings.sections.get(&service.name)?;
        let (node, layer) = section.options.get(name)?;
        let setting = Setting { value, place: node.place.clone(), layer: *layer };
        Some((name.clone(), setting))
    });
    let bindings = service.requires.iter().filter_map(|requirement| {
        let key = (service.name.clone(), requirement.name.clone());
        let chosen = world.choices().bound.get(&key)?.clone();
        binding(world, BindingOf { service: key.0, requirement: key.1, chosen })
    });
    let section = world.settings.sections.get(&service.name);
    Bound {
        name: service.name.clone(),
        title: service.title.clone(),
        words: service.words.clone(),
        administrator: service.administrator.as_ref().and_then(|node| {
            let value = world.value(&parsed(node), &scope).ok()?;
            let Kind::Map(fields) = &value.kind else { return None };
            let username = fields.get(&Key::from("username"))?.as_str()?.to_owned();
            let SecretPart::Of { secret, key } = part_of(fields.get(&Key::from("password"))?)
            else {
                return None;
            };
            Some(Administrator { username, secret, key })
        }),
        chart: service.chart.clone(),
        options: options.collect(),
        bindings: bindings.collect(),
        secrets: secrets(world, &service.secrets, &service.name, &scope),
        values: world.value(&parsed(&service.values), &scope).unwrap_or_else(|_| Value::null()),
        written: service.values.clone(),
        raw: section.and_then(|section| section.values.clone()),
    }
}

fn binding(world: &Arc<World>, of: BindingOf) -> Option<Binding> {
    let provisioner = world.catalogue.provisioners.get(&of.chosen.provisioner)?;
    let of_type = world.catalogue.types.get(&of.chosen.of_type)?;
    let scope = Seen::provisioner(world, provisioner, of.clone());
    let outputs = of_type.outputs.iter().filter_map(|output| {
        Some((output.name().to_owned(), world.output(&of, output.name())?.ok()?))
    });
    let release = format!("{}-{}", of.service, of.requirement);
    Some(Binding {
        outputs: outputs.collect(),
        secrets: secrets(world, &provisioner.secrets, &release, &scope),
        objects: objects(world, provisioner, &scope),
        certificate: provisioner.certificate.as_ref().and_then(|node| {
            let value = world.value(&parsed(node), &scope).ok()?;
            Some(certificate(&value))
        }),
        requirement: of.requirement,
        words: of_type.words.clone(),
        is_awaited: of_type.is_awaited,
        of_type: of.chosen.of_type,
        provisioner: of.chosen.provisioner,
        service: provisioner.service.clone(),
    })
}

/// The objects whose condition holds.
fn objects(world: &Arc<World>, provisioner: &Provisioner, scope: &Seen) -> Value {
    let mut all = Vec::new();
    for object in provisioner.objects.items() {
        let is_there = object.get("when").is_none_or(|when| {
            let found = world.value(&parsed(when), scope);
            found.is_ok_and(|value| matches!(value.kind, Kind::Bool(true)))
        });
        if is_there && let Ok(value) = world.value(&parsed(&without_condition(object)), scope) {
            all.push(value);
        }
    }
    Value::list(all)
}

fn without_condition(object: &Node) -> Node {
    let mut object = object.clone();
    if let NodeKind::Map(entries) = &mut object.kind {
        entries.retain(|entry| entry.key != "when");
    }
    object
}

fn certificate(value: &Value) -> Certificate {
    let Kind::Map(fields) = &value.kind else { return Certificate::default() };
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let hostnames = fields.get(&Key::from("hostnames")).map(|value| match &value.kind {
        Kind::List(items) => items.iter().map(text).collect(),
        _ => Vec::new(),
    });
    Certificate {
        secret: fields.get(&Key::from("secret")).map(text).unwrap_or_default(),
        hostnames: hostnames.unwrap_or_default(),
    }
}

fn secrets(
    world: &Arc<World>,
    all: &[Secret],
    release: &str,
    scope: &dyn Scope,
) -> Vec<MadeSecret> {
    all.iter()
        .map(|secret| MadeSecret {
            name: format!("{release}-{}", secret.name),
            keys: secret
                .keys
                .iter()
                .map(|(name, key)| {
                    let parts = match key {
                        SecretKey::Random(length) => vec![SecretPart::Random(*length)],
                        SecretKey::Text(node) => parts(world, node, scope),
                    };
                    (name.clone(), parts)
                })
                .collect(),
        })
        .collect()
}

/// The parts of the text of a secret.
fn parts(world: &World, node: &Node, scope: &dyn Scope) -> Vec<SecretPart> {
    let text = node.as_str().unwrap_or("");
    let Ok(found) = Interpolation::parse(text) else { return Vec::new() };
    let mut parts = Vec::new();
    for part in found.parts() {
        match part {
            Part::Text(text) => parts.push(SecretPart::Text(text.clone())),
            Part::Expression(expression, place) => match cel::evaluate(expression, scope) {
                Ok(value) => parts.push(part_of(&value)),
                Err(fault) => {
                    let fault = fault.shifted(place.start);
                    world.problem(Problem::Expression(node.place.clone(), fault));
                }
            },
        }
    }
    parts
}

fn part_of(value: &Value) -> SecretPart {
    if let Kind::Map(fields) = &value.kind {
        let field = |name: &str| {
            fields.get(&Key::from(name)).and_then(Value::as_str).unwrap_or("").to_owned()
        };
        return SecretPart::Of { secret: field("secret"), key: field("key") };
    }
    SecretPart::Text(match value.as_str() {
        Some(text) => text.to_owned(),
        None => value.to_string(),
    })
}
