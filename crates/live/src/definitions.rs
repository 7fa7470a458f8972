//! Texts that are put into a control plane: definitions of custom resources, policies that give
//! pods a fate. It puts in none.

use anyhow::{Result, bail};
use serde_json::json;

use crate::control_plane::FATE;

/// What controller-gen writes into each definition.
const MARK: &str = "    controller-gen.kubebuilder.io/version:";

/// Groups of Kubernetes itself want to hear who approved them; the generator does not say it, and
/// the published definitions of Gateway API do.
const APPROVED: &str =
    "    api-approved.kubernetes.io: https://github.com/kubernetes-sigs/gateway-api\n";

/// The documents of the named definitions among all of them.
pub fn of(all: &str, names: &[&str]) -> Result<String> {
    let mut text = String::new();
    for name in names {
        let line = format!("\n  name: {name}\n");
        let Some(document) = all.split("\n---\n").find(|document| document.contains(&line)) else {
            bail!("none of the operators' packages defines {name}");
        };
        text.push_str("---\n");
        text.push_str(&document.replacen(MARK, &format!("{APPROVED}{MARK}"), 1));
        text.push('\n');
    }
    Ok(text)
}

/// A policy of the API server: pods of an app get a label when they are made.
pub fn fate(name: &str, namespace: &str, app: &str, fate: &str) -> String {
    let condition =
        format!("object.metadata.?labels[?'app.kubernetes.io/name'].orValue('') == '{app}'");
    let expression =
        format!("Object{{metadata: Object.metadata{{labels: {{'{FATE}': '{fate}'}}}}}}");
    let group = "admissionregistration.k8s.io/v1";
    let policy = json!({
        "apiVersion": group, "kind": "MutatingAdmissionPolicy", "metadata": { "name": name },
        "spec": {
            "failurePolicy": "Fail", "reinvocationPolicy": "Never",
            "matchConstraints": {
                "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": namespace } },
                "resourceRules": [{ "apiGroups": [""], "apiVersions": ["v1"],
                    "operations": ["CREATE"], "resources": ["pods"] }],
            },
            "matchConditions": [{ "name": "app", "expression": condition }],
            "mutations": [{ "patchType": "ApplyConfiguration",
                "applyConfiguration": { "expression": expression } }],
        },
    });
    let binding = json!({
        "apiVersion": group, "kind": "MutatingAdmissionPolicyBinding",
        "metadata": { "name": name }, "spec": { "policyName": name },
    });
    json!({ "apiVersion": "v1", "kind": "List", "items": [policy, binding] }).to_string()
}
