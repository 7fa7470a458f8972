//! What each object of a file of manifests is for: its kind in a sentence, and what it is here.

use std::fs;
use std::path::Path;

use diagnostic::{Language, Words, words};
use object::{Object, pods, references};
use serde_json::{Map, Value};

use crate::error::CommandError;

/// Kinds with their groups, and what they are for in English and French.
const KINDS: &str = include_str!("kinds.tsv");

/// Explains every object of a file.
pub fn explain(path: &Path, language: Language) -> Result<String, CommandError> {
    let shown = path.display();
    let text = fs::read(path).map_err(|error| {
        CommandError::Said(words!(
            "{shown} cannot be read: {error}",
            "{shown} ne se lit pas : {error}"
        ))
    })?;
    let objects = object::read(&text, &shown.to_string()).map_err(|error| {
        CommandError::Said(words!(
            "{shown} is no file of Kubernetes objects: {error}",
            "{shown} n'est pas un fichier d'objets Kubernetes : {error}"
        ))
    })?;
    if objects.is_empty() {
        return Err(CommandError::Said(words!(
            "{shown} holds no object",
            "{shown} ne contient aucun objet"
        )));
    }
    let told: Vec<String> = objects.iter().map(|object| of_object(object, language)).collect();
    Ok(told.join("\n"))
}

/// What a kind is for.
fn of_kind(object: &Object) -> Words {
    let mut rows = KINDS.lines().map(|line| line.split('\t').collect::<Vec<&str>>());
    let found = rows.find_map(|row| match row.as_slice() {
        [kind, group, en, fr] if *kind == object.kind() && *group == object.group() => {
            Some(Words::new(*en, *fr))
        }
        _ => None,
    });
    found.unwrap_or_else(|| {
        let api = object.api_version();
        words!(
            "Socle does not know this kind of {api}: an operator or an extension brought it.",
            "Socle ne connaît pas cette sorte de {api} : un opérateur ou une extension l'a apportée."
        )
    })
}

fn of_object(object: &Object, language: Language) -> String {
    let mut out = format!("{}\n  {}\n", object.id(), of_kind(object).of(language));
    let mut lines: Vec<Words> = Vec::new();
    if let Some(namespace) = object.namespace() {
        lines.push(words!("in the namespace {namespace}", "dans l'espace de noms {namespace}"));
    }
    of_pods(object, &mut lines);
    of_others(object, &mut lines);
    of_references(object, &mut lines);
    for line in lines {
        out.push_str(&format!("  - {}\n", line.of(language)));
    }
    out
}

/// A text of a map.
fn text<'v>(map: &'v Map<String, Value>, name: &str) -> &'v str {
    map.get(name).and_then(Value::as_str).unwrap_or("")
}

/// The maps of a list.
fn maps(value: Option<&Value>) -> impl Iterator<Item = &Map<String, Value>> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

/// A value as people write it.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn of_pods(object: &Object, lines: &mut Vec<Words>) {
    let Some(pods) = pods(object) else { return };
    if let Some(count) = pods.count.filter(|_| !matches!(object.kind(), "Pod" | "Job" | "CronJob"))
    {
        lines.push(Words::counted(
            usize::try_from(count).unwrap_or(usize::MAX),
            ["copy", "copies"],
            ["exemplaire", "exemplaires"],
        ));
    }
    for (path, container) in pods.containers() {
        let (name, image) = (text(container, "name"), text(container, "image"));
        let first = path.contains(".initContainers[");
        lines.push(if first {
            words!(
                "first runs {name}, of the image {image}",
                "lance d'abord {name}, de l'image {image}"
            )
        } else {
            words!("runs {name}, of the image {image}", "lance {name}, de l'image {image}")
        });
        let ports: Vec<String> = maps(container.get("ports"))
            .filter_map(|port| port.get("containerPort").map(plain))
            .collect();
        if !ports.is_empty() {
            let ports = ports.join(", ");
            lines.push(words!(
                "{name} listens on port {ports}",
                "{name} écoute sur le port {ports}"
            ));
        }
        for mount in maps(container.get("volumeMounts")) {
            let (volume, at) = (text(mount, "name"), text(mount, "mountPath"));
            let what = volume_of(pods.spec, volume);
            lines.push(words!(
                "{name} sees {what} under {at}",
                "{name} voit {what} sous {at}",
                name = name,
                what = what,
                at = at,
            ));
        }
    }
}

/// What a volume of pods is.
fn volume_of(spec: &Map<String, Value>, name: &str) -> Words {
    let volume = maps(spec.get("volumes")).find(|volume| text(volume, "name") == name);
    let inner = |kind: &str, field: &str| {
        let inner = volume?.get(kind)?.as_object()?;
        Some(text(inner, field).to_owned())
    };
    if let Some(claim) = inner("persistentVolumeClaim", "claimName") {
        return words!("the volume of the claim {claim}", "le volume de la demande {claim}");
    }
    if let Some(name) = inner("configMap", "name") {
        return words!("the ConfigMap {name}", "le ConfigMap {name}");
    }
    if let Some(name) = inner("secret", "secretName") {
        return words!("the Secret {name}", "le Secret {name}");
    }
    if inner("emptyDir", "").is_some() {
        return words!("a directory that goes with the pod", "un dossier qui part avec le pod");
    }
    words!("the volume {name}", "le volume {name}")
}

/// What stands in objects that run nothing.
fn of_others(object: &Object, lines: &mut Vec<Words>) {
    match object.kind() {
        "Service" => {
            let port = |port: &Map<String, Value>| {
                let number = port.get("port").map(plain).unwrap_or_default();
                match port.get("targetPort").map(plain).filter(|target| *target != number) {
                    Some(target) => format!("{number} → {target}"),
                    None => number,
                }
            };
            let ports: Vec<String> = maps(object.at("spec.ports")).map(port).collect();
            let ports = ports.join(", ");
            lines.push(words!("port {ports}", "port {ports}"));
            if let Some(labels) = object.at("spec.selector").and_then(Value::as_object) {
                let labels: Vec<String> =
                    labels.iter().map(|(name, value)| format!("{name}={}", plain(value))).collect();
                let labels = labels.join(", ");
                lines.push(words!(
                    "before the pods with the labels {labels}",
                    "devant les pods aux étiquettes {labels}"
                ));
            }
        }
        "Ingress" => {
            let hosts = maps(object.at("spec.rules")).map(|rule| text(rule, "host").to_owned());
            of_hosts(hosts.collect(), lines);
        }
        "HTTPRoute" => {
            let hosts = object.at("spec.hostnames").and_then(Value::as_array);
            of_hosts(hosts.into_iter().flatten().map(plain).collect(), lines);
        }
        "ConfigMap" | "Secret" => {
            let keys = ["data", "stringData", "binaryData"].into_iter();
            let keys = keys.filter_map(|part| object.tree.get(part)?.as_object());
            let keys: Vec<&str> = keys.flat_map(|part| part.keys().map(String::as_str)).collect();
            if !keys.is_empty() {
                let keys = keys.join(", ");
                lines.push(words!("its keys are {keys}", "ses clés sont {keys}"));
            }
        }
        "PersistentVolumeClaim" => {
            if let Some(size) = object.at("spec.resources.requests.storage").map(plain) {
                lines.push(words!("{size} are asked for", "{size} sont demandés"));
            }
        }
        "CronJob" => {
            if let Some(when) = object.at("spec.schedule").map(plain) {
                lines.push(words!("runs at the times `{when}`", "tourne aux heures `{when}`"));
            }
        }
        _ => {}
    }
}

fn of_hosts(hosts: Vec<String>, lines: &mut Vec<Words>) {
    let hosts = hosts.join(", ");
    if !hosts.is_empty() {
        lines.push(words!("for the host name {hosts}", "pour le nom d'hôte {hosts}"));
    }
}

/// The others that it refers to, each once.
fn of_references(object: &Object, lines: &mut Vec<Words>) {
    let mut named: Vec<String> = Vec::new();
    for reference in references(object) {
        let one = reference.to.to_string();
        if !named.contains(&one) {
            named.push(one);
        }
    }
    if !named.is_empty() {
        let named = named.join(", ");
        lines.push(words!("refers to {named}", "renvoie à {named}"));
    }
    let made: Vec<String> = object::makes(object).iter().map(ToString::to_string).collect();
    if !made.is_empty() {
        let made = made.join(", ");
        lines.push(words!("makes {made}", "crée {made}"));
    }
}

#[cfg(test)]
mod tests {
    use super::KINDS;

    #[test]
    fn every_kind_is_explained_in_both_languages() {
        for line in KINDS.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            assert_eq!(fields.len(), 4, "{line}");
            assert!(fields[2].ends_with('.') && fields[3].ends_with('.'), "{line}");
        }
    }
}
