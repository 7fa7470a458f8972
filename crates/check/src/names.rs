//! Objects that others name and nobody makes; keys that they lack.

use std::collections::{BTreeMap, BTreeSet};

use cel::{Key, Kind, Value};
use diagnostic::{Severity, Words, words};
use object::{Id, Target, makes, references};

use crate::{Finding, Input};

/// Kinds that a platform makes itself, so that what it names must be among its objects.
const OWN: &[(&str, &str)] = &[
    ("", "Secret"),
    ("", "ConfigMap"),
    ("", "ServiceAccount"),
    ("", "PersistentVolumeClaim"),
    ("", "Service"),
    ("apps", "Deployment"),
    ("apps", "StatefulSet"),
    ("rbac.authorization.k8s.io", "Role"),
    ("rbac.authorization.k8s.io", "ClusterRole"),
    ("scheduling.k8s.io", "PriorityClass"),
];

pub fn check(input: &Input<'_>) -> Vec<Finding> {
    let there = There::new(input);
    let mut found = Vec::new();
    for (part, object) in input.desired.objects() {
        let mut told = BTreeSet::new();
        for reference in references(object) {
            let id = &reference.to;
            let is_own = OWN.contains(&(id.group.as_str(), id.kind.as_str()));
            if reference.is_optional || !is_own || !told.insert((id.clone(), target(&reference))) {
                continue;
            }
            let (by, kind, key) = (object.id(), &id.kind, target(&reference));
            let (title, remedy) = match there.lack(id, &reference.target) {
                None => continue,
                Some(Lack::Object) => (
                    words!(
                        "{by} names {id}, which nobody makes",
                        "{by} nomme {id}, que personne ne crée"
                    ),
                    words!(
                        "make it, or name another {kind}",
                        "créez-le, ou nommez un autre {kind}"
                    ),
                ),
                Some(Lack::Key(known)) => (
                    words!(
                        "{by} wants the key `{key}` of {id}",
                        "{by} veut la clé `{key}` de {id}"
                    ),
                    words!("it has {known}", "il y a {known}", known = known),
                ),
            };
            let rule = (Severity::Error, "check.missing");
            found.push(Finding::about(input, (part, object), &reference.path, rule, title, remedy));
        }
    }
    found
}

fn target(reference: &object::Reference) -> String {
    match &reference.target {
        Target::Key(key) => key.clone(),
        Target::Whole | Target::Port(_) => String::new(),
    }
}

enum Lack {
    Object,
    /// The keys that there are.
    Key(Words),
}

/// What will be in the cluster.
struct There {
    /// Objects with their keys, where these are known.
    made: BTreeMap<Id, Option<BTreeSet<String>>>,
    /// Secrets that a person has made, as the configuration says.
    given: BTreeSet<String>,
}

impl There {
    fn new(input: &Input<'_>) -> Self {
        let mut made = BTreeMap::new();
        for (_, object) in input.desired.objects() {
            let keys = matches!(object.kind(), "Secret" | "ConfigMap").then(|| {
                let maps = ["data", "stringData", "binaryData"];
                let maps = maps.iter().filter_map(|name| object.tree.get(*name)?.as_object());
                maps.flat_map(|map| map.keys().cloned()).collect()
            });
            made.insert(object.id(), keys);
            for id in makes(object) {
                made.insert(id, None);
            }
        }
        let namespace = Some(input.platform.namespace.as_str());
        for (_, secret) in input.desired.secrets() {
            let keys = secret.keys.iter().map(|(key, _)| key.clone()).collect();
            made.insert(Id::new("", "Secret", namespace, &secret.name), Some(keys));
        }
        // `deploy` makes them from the files of a person.
        for one in input.platform.certificates() {
            let keys = ["tls.crt", "tls.key"].map(str::to_owned).into();
            made.insert(Id::new("", "Secret", namespace, &one.secret), Some(keys));
        }
        made.insert(Id::new("", "ServiceAccount", namespace, "default"), None);
        let mut given = BTreeSet::new();
        for service in &input.platform.services {
            let outputs = service.bindings.iter().flat_map(|binding| binding.outputs.values());
            let options = service.options.values().map(|setting| &setting.value);
            outputs.chain(options).for_each(|value| secrets_in(value, &mut given));
        }
        Self { made, given }
    }

    fn lack(&self, id: &Id, target: &Target) -> Option<Lack> {
        if id.kind == "Secret" && self.given.contains(&id.name) && !self.made.contains_key(id) {
            return None;
        }
        let Some(keys) = self.made.get(id) else { return Some(Lack::Object) };
        let (Some(keys), Target::Key(key)) = (keys, target) else { return None };
        if keys.contains(key) {
            return None;
        }
        let known: Vec<&str> = keys.iter().map(String::as_str).collect();
        Some(Lack::Key(crate::finding::listed(&known)))
    }
}

/// The Secrets that a value refers to: `{secret, key}`, or the name of one of a certificate.
fn secrets_in(value: &Value, found: &mut BTreeSet<String>) {
    match &value.kind {
        Kind::Map(fields) => {
            let name = |key: &str| fields.get(&Key::from(key)).and_then(Value::as_str);
            if let (Some(secret), Some(_)) = (name("secret"), name("key")) {
                found.insert(secret.to_owned());
            }
            fields.values().for_each(|value| secrets_in(value, found));
        }
        Kind::List(items) => items.iter().for_each(|item| secrets_in(item, found)),
        Kind::Optional(Some(inner)) => secrets_in(inner, found),
        _ => {}
    }
}
