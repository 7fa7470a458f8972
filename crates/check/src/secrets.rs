//! Secrets whose values stand in files.

use diagnostic::{Severity, words};
use serde_json::Value;

use crate::{Finding, Input};

pub fn check(input: &Input<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (part, object) in input.desired.objects() {
        if object.kind() != "Secret" || !object.group().is_empty() {
            continue;
        }
        let field = ["stringData", "data"].into_iter().find(|field| {
            let map = object.tree.get(*field).and_then(Value::as_object);
            map.is_some_and(|map| map.values().any(|value| value.as_str() != Some("")))
        });
        let Some(field) = field else { continue };
        let id = object.id();
        let title = words!(
            "{id} stands in a file with its values: whoever reads the file knows them",
            "{id} est dans un fichier avec ses valeurs : qui lit le fichier les connaît"
        );
        let remedy = words!(
            "where they are secret, give the chart the name of a Secret instead, by `values:`",
            "si elles sont secrètes, donnez plutôt au modèle le nom d'un Secret, par `values:`"
        );
        let rule = (Severity::Warning, "check.secret-in-file");
        found.push(Finding::about(input, (part, object), field, rule, title, remedy));
    }
    found
}
