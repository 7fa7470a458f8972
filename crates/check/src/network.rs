//! Host names, ports and selectors.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Severity, Words, words};
use object::{Id, Object, Pods, Selector, Target, pods, references};
use serde_json::Value;

use compose::Part;

use crate::finding::listed;
use crate::{Finding, Input};

pub fn check(input: &Input<'_>) -> Vec<Finding> {
    let workloads: Vec<Workload<'_>> = input
        .desired
        .objects()
        .filter_map(|(part, object)| Some(Workload { part, object, pods: pods(object)? }))
        .collect();
    let mut found = hosts(input);
    for (part, object) in input.desired.objects() {
        match (object.group(), object.kind()) {
            ("", "Service") => found.extend(service(input, (part, object), &workloads)),
            ("policy", "PodDisruptionBudget") => {
                found.extend(selects(input, (part, object), "spec.selector", &workloads));
            }
            ("networking.k8s.io", "NetworkPolicy") => {
                found.extend(selects(input, (part, object), "spec.podSelector", &workloads));
            }
            ("monitoring.coreos.com", "ServiceMonitor") => {
                found.extend(monitors(input, (part, object)));
            }
            _ => {}
        }
        found.extend(backends(input, (part, object)));
    }
    found.extend(rivals(input, &workloads));
    found
}

/// What runs pods.
struct Workload<'o> {
    part: &'o Part,
    object: &'o Object,
    pods: Pods<'o>,
}

impl Workload<'_> {
    fn is_in(&self, object: &Object) -> bool {
        self.object.namespace() == object.namespace()
    }
}

/// Two services under one host name and path.
fn hosts(input: &Input<'_>) -> Vec<Finding> {
    let mut known: BTreeMap<(String, String), &Object> = BTreeMap::new();
    let mut found = Vec::new();
    for (part, object) in input.desired.objects() {
        for (host, path, field) in entries(object) {
            match known.get(&(host.clone(), path.clone())) {
                Some(other) if other.id() != object.id() => {
                    let (one, two) = (other.id(), object.id());
                    let title = words!(
                        "{one} and {two} both answer at {host}{path}",
                        "{one} et {two} répondent tous deux à {host}{path}"
                    );
                    let remedy = words!(
                        "give one of them another host name: `hostname` in the section of its \
                        service",
                        "donnez à l'un d'eux un autre nom d'hôte : `hostname` dans la section de \
                        son service"
                    );
                    let rule = (Severity::Error, "check.host-twice");
                    let about = (part, object);
                    found.push(Finding::about(input, about, &field, rule, title, remedy));
                }
                _ => {
                    known.insert((host, path), object);
                }
            }
        }
    }
    found
}

/// The host names and paths of a route, each with its field.
fn entries(object: &Object) -> Vec<(String, String, String)> {
    let list = |path: &str| object.at(path).and_then(Value::as_array).into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    match (object.group(), object.kind()) {
        ("networking.k8s.io", "Ingress") => list("spec.rules")
            .enumerate()
            .flat_map(|(at, rule)| {
                let host = rule.get("host").map(text).unwrap_or_default();
                let paths = rule.get("http").and_then(|http| http.get("paths")?.as_array());
                let field = format!("spec.rules[{at}].host");
                let one = move |path: &Value| {
                    let path = path.get("path").map_or_else(|| "/".to_owned(), text);
                    (host.clone(), path, field.clone())
                };
                paths.into_iter().flatten().map(one).collect::<Vec<_>>()
            })
            .collect(),
        ("gateway.networking.k8s.io", "HTTPRoute") => {
            // Routes of a plain listener only lead to the other one.
            let is_redirect = list("spec.rules").flat_map(filters).any(|filter| {
                filter.get("type").and_then(Value::as_str) == Some("RequestRedirect")
            });
            if is_redirect {
                return Vec::new();
            }
            let paths: BTreeSet<String> = list("spec.rules")
                .flat_map(|rule| match rule.get("matches").and_then(Value::as_array) {
                    Some(matches) => matches
                        .iter()
                        .map(|one| one.get("path").and_then(|path| path.get("value")))
                        .map(|path| path.map_or_else(|| "/".to_owned(), text))
                        .collect(),
                    None => vec!["/".to_owned()],
                })
                .collect();
            list("spec.hostnames")
                .enumerate()
                .flat_map(|(at, host)| {
                    let field = format!("spec.hostnames[{at}]");
                    let host = text(host);
                    paths.iter().map(move |path| (host.clone(), path.clone(), field.clone()))
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

fn filters(rule: &Value) -> impl Iterator<Item = &Value> {
    rule.get("filters").and_then(Value::as_array).into_iter().flatten()
}

/// A Service: whom it selects, and whether they listen where it sends.
fn service(
    input: &Input<'_>,
    (part, object): (&Part, &Object),
    workloads: &[Workload<'_>],
) -> Vec<Finding> {
    let Some(wanted) = object.at("spec.selector").and_then(Value::as_object) else {
        return Vec::new();
    };
    let chosen: Vec<&Workload<'_>> = workloads
        .iter()
        .filter(|one| one.is_in(object) && Selector::Plain(wanted).matches(one.pods.labels))
        .collect();
    let about = |field: &str, severity, code, title, remedy| {
        Finding::about(input, (part, object), field, (severity, code), title, remedy)
    };
    let id = object.id();
    let field = "spec.selector";
    match chosen.as_slice() {
        [] => {
            let title = no_pods(&id);
            let remedy = labels_of_pods();
            return vec![about(field, Severity::Error, "check.selector", title, remedy)];
        }
        [_] => {}
        [first, second, ..] => {
            let (first, second) = (first.object.id(), second.object.id());
            let title = words!(
                "{id} selects the pods of both {first} and {second}",
                "{id} choisit à la fois les pods de {first} et de {second}"
            );
            let remedy = words!(
                "add a label to the selector that only one of them has",
                "ajoutez au sélecteur une étiquette que l'un d'eux est seul à porter"
            );
            return vec![about(field, Severity::Error, "check.selector", title, remedy)];
        }
    }
    let mut found = Vec::new();
    let ports = object.at("spec.ports").and_then(Value::as_array);
    for (at, port) in ports.into_iter().flatten().enumerate() {
        let target = port.get("targetPort").or_else(|| port.get("port"));
        let Some(target) = target else { continue };
        if chosen.iter().all(|workload| is_open(workload, target)) {
            continue;
        }
        let field = format!("spec.ports[{at}]");
        let title = words!(
            "{id} sends to port {target}, which no container of its pods exposes",
            "{id} envoie au port {target}, qu'aucun conteneur de ses pods n'ouvre"
        );
        let known = open(chosen[0]);
        let remedy = words!(
            "the containers expose {known}",
            "les conteneurs ouvrent {known}",
            known = listed(&known)
        );
        // A port that is named must be there; a number may be open without being said.
        let severity = if target.is_string() { Severity::Error } else { Severity::Warning };
        found.push(about(&field, severity, "check.port", title, remedy));
    }
    found
}

fn no_pods(id: &Id) -> Words {
    words!("{id} selects no pods of the platform", "{id} ne choisit aucun pod de la plateforme")
}

fn labels_of_pods() -> Words {
    words!(
        "make its selector the labels of the pods",
        "faites de son sélecteur les étiquettes des pods"
    )
}

/// The ports that the containers of a workload say they listen on.
fn ports<'w>(workload: &'w Workload<'_>) -> Vec<&'w Value> {
    let containers = workload.pods.containers();
    let lists = containers.filter_map(|(_, one)| one.get("ports")?.as_array());
    lists.flatten().collect()
}

fn open(workload: &Workload<'_>) -> Vec<String> {
    let one = |port: &&Value| {
        let number = port.get("containerPort").map(Value::to_string).unwrap_or_default();
        match port.get("name").and_then(Value::as_str) {
            Some(name) => format!("{name} ({number})"),
            None => number,
        }
    };
    ports(workload).iter().map(one).collect()
}

fn is_open(workload: &Workload<'_>, target: &Value) -> bool {
    let key = if target.is_string() { "name" } else { "containerPort" };
    ports(workload).iter().any(|port| port.get(key) == Some(target))
}

/// What selects pods, and must select some.
fn selects(
    input: &Input<'_>,
    (part, object): (&Part, &Object),
    path: &str,
    workloads: &[Workload<'_>],
) -> Option<Finding> {
    let selector = Selector::Full(object.at(path)?.as_object()?);
    if selector.is_empty() {
        return None;
    }
    let is_some = |one: &Workload<'_>| one.is_in(object) && selector.matches(one.pods.labels);
    if workloads.iter().any(is_some) {
        return None;
    }
    let (title, remedy) = (no_pods(&object.id()), labels_of_pods());
    let rule = (Severity::Error, "check.selector");
    Some(Finding::about(input, (part, object), path, rule, title, remedy))
}

/// A monitor and the Service that it asks.
fn monitors(input: &Input<'_>, (part, object): (&Part, &Object)) -> Vec<Finding> {
    let Some(selector) = object.at("spec.selector").and_then(Value::as_object) else {
        return Vec::new();
    };
    let selector = Selector::Full(selector);
    let services: Vec<&Object> = input
        .desired
        .objects()
        .map(|(_, one)| one)
        .filter(|one| one.kind() == "Service" && one.namespace() == object.namespace())
        .filter(|one| selector.matches(one.labels()))
        .collect();
    let about = |field: &str, title, remedy| {
        let rule = (Severity::Error, "check.selector");
        Finding::about(input, (part, object), field, rule, title, remedy)
    };
    if services.is_empty() {
        let id = object.id();
        let title = words!(
            "{id} selects no Service of the platform",
            "{id} ne choisit aucun Service de la plateforme"
        );
        let remedy = words!(
            "make its selector the labels of the Service",
            "faites de son sélecteur les étiquettes du Service"
        );
        return vec![about("spec.selector", title, remedy)];
    }
    let endpoints = object.at("spec.endpoints").and_then(Value::as_array);
    let mut found = Vec::new();
    for (at, endpoint) in endpoints.into_iter().flatten().enumerate() {
        let Some(port) = endpoint.get("port") else { continue };
        let has =
            |service: &&Object| service_ports(service).any(|one| one.get("name") == Some(port));
        if !services.iter().any(has) {
            let id = object.id();
            let title = words!(
                "{id} asks port {port}, which no such Service has",
                "{id} interroge le port {port}, qu'aucun de ces Services n'a"
            );
            let names: Vec<String> =
                services.iter().flat_map(|one| service_ports(one)).map(port_words).collect();
            let remedy = words!("there are {names}", "il y a {names}", names = listed(&names));
            found.push(about(&format!("spec.endpoints[{at}].port"), title, remedy));
        }
    }
    found
}

fn service_ports(service: &Object) -> impl Iterator<Item = &Value> {
    service.at("spec.ports").and_then(Value::as_array).into_iter().flatten()
}

fn port_words(port: &Value) -> String {
    let number = port.get("port").map(Value::to_string).unwrap_or_default();
    match port.get("name").and_then(Value::as_str) {
        Some(name) => format!("{name} ({number})"),
        None => number,
    }
}

/// Routes that lead to a port that the Service does not have.
fn backends(input: &Input<'_>, (part, object): (&Part, &Object)) -> Vec<Finding> {
    let mut found = Vec::new();
    for reference in references(object) {
        let Target::Port(port) = &reference.target else { continue };
        let service = |id: &Id| {
            let objects = input.desired.objects().map(|(_, one)| one);
            objects.into_iter().find(|one| one.id() == *id)
        };
        let Some(service) = service(&reference.to) else { continue };
        let key = if port.is_string() { "name" } else { "port" };
        if service_ports(service).any(|one| one.get(key) == Some(port)) {
            continue;
        }
        let (id, to) = (object.id(), &reference.to);
        let title = words!(
            "{id} leads to port {port} of {to}, which it does not have",
            "{id} mène au port {port} de {to}, qu'il n'a pas"
        );
        let known: Vec<String> = service_ports(service).map(port_words).collect();
        let remedy = words!("it has {known}", "il y a {known}", known = listed(&known));
        let rule = (Severity::Error, "check.port");
        found.push(Finding::about(input, (part, object), &reference.path, rule, title, remedy));
    }
    found
}

/// Two workloads that take each other's pods for their own.
fn rivals(input: &Input<'_>, workloads: &[Workload<'_>]) -> Vec<Finding> {
    let mut found = Vec::new();
    for one in workloads {
        let Some(selector) = one.object.at("spec.selector").and_then(Value::as_object) else {
            continue;
        };
        let selector = Selector::Full(selector);
        for other in workloads {
            let is_other = other.object.id() != one.object.id() && other.is_in(one.object);
            if is_other && selector.matches(other.pods.labels) {
                let (id, other) = (one.object.id(), other.object.id());
                let title = words!(
                    "{id} takes the pods of {other} for its own",
                    "{id} prend les pods de {other} pour les siens"
                );
                let remedy = words!(
                    "add a label to the selector that only its own pods have",
                    "ajoutez au sélecteur une étiquette que ses pods sont seuls à porter"
                );
                let rule = (Severity::Error, "check.selector");
                let about = (one.part, one.object);
                found.push(Finding::about(input, about, "spec.selector", rule, title, remedy));
            }
        }
    }
    found
}
