//! The pods that an object runs.

use serde_json::{Map, Value};

use crate::identity::Object;

/// The pods of an object: how many, and what each is made of.
#[derive(Clone, Copy, Debug)]
pub struct Pods<'o> {
    /// The labels of each.
    pub labels: Option<&'o Map<String, Value>>,
    /// The specification of each.
    pub spec: &'o Map<String, Value>,
    /// Where the specification stands: `spec.template.spec`.
    pub path: &'static str,
    /// How many run at a time; none where that depends on the cluster.
    pub count: Option<u64>,
}

/// The pods that an object runs; nothing where it runs none.
pub fn pods(object: &Object) -> Option<Pods<'_>> {
    let (template, path) = match (object.group(), object.kind()) {
        ("", "Pod") => {
            let spec = object.at("spec")?.as_object()?;
            return Some(Pods { labels: object.labels(), spec, path: "spec", count: Some(1) });
        }
        ("apps", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet")
        | ("batch", "Job")
        | ("", "ReplicationController") => (object.at("spec.template")?, "spec.template.spec"),
        ("batch", "CronJob") => {
            (object.at("spec.jobTemplate.spec.template")?, "spec.jobTemplate.spec.template.spec")
        }
        _ => return None,
    };
    let number = |path: &str| object.at(path).and_then(Value::as_u64).unwrap_or(1);
    let count = match object.kind() {
        "DaemonSet" => None,
        "Job" => Some(number("spec.parallelism")),
        "CronJob" => Some(number("spec.jobTemplate.spec.parallelism")),
        _ => Some(number("spec.replicas")),
    };
    Some(Pods {
        labels: template.get("metadata").and_then(|one| one.get("labels")?.as_object()),
        spec: template.get("spec")?.as_object()?,
        path,
        count,
    })
}

impl<'o> Pods<'o> {
    /// The containers of a pod, those that run first included, each with its path.
    pub fn containers(&self) -> impl Iterator<Item = (String, &'o Map<String, Value>)> + use<'o> {
        let (spec, path) = (self.spec, self.path);
        ["initContainers", "containers"].into_iter().flat_map(move |list| {
            let items = spec.get(list).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            let items = items.iter().enumerate();
            items.filter_map(move |(at, item)| {
                Some((format!("{path}.{list}[{at}]"), item.as_object()?))
            })
        })
    }
}
