//! The API server accepts every object of the catalogue, and all pods are let in and run where
//! nothing but the restricted level of Pod Security is allowed.

use std::path::PathBuf;

use crate::plane::PLANE;
use crate::platform::{EVERYTHING, files};

#[test]
fn every_object_is_accepted_under_every_profile() {
    for one in EVERYTHING.iter() {
        PLANE.namespace(&one.namespace).unwrap();
        let manifests = one.platform.manifests();
        assert!(manifests.len() > 5, "{manifests:?}");
        apply(&manifests, &["--dry-run=server"]);
        // What runs does not depend on who brings requests there.
        if one.cluster == "bare" {
            apply(&manifests, &[]);
        }
    }
    for one in EVERYTHING.iter().filter(|one| one.cluster == "bare") {
        all_run(&one.namespace);
    }
}

/// Applies files as `deploy` does; a warning of the server is an error here.
fn apply(manifests: &[PathBuf], more: &[&str]) {
    let words = ["apply", "--server-side", "--field-manager=socle", "--warnings-as-errors"];
    let all = [&words[..], more, &files(manifests)].concat();
    PLANE.ask(&all).unwrap();
}

/// Waits until every workload has its pods, and every Job is done.
fn all_run(namespace: &str) {
    let kinds = "deployment,statefulset,daemonset,job";
    let all = PLANE.get(&[kinds, "-n", namespace]).unwrap();
    let all = all["items"].as_array().unwrap();
    assert!(!all.is_empty(), "nothing runs in {namespace}");
    for object in all {
        let kind = object["kind"].as_str().unwrap().to_lowercase();
        let name = format!("{kind}/{}", object["metadata"]["name"].as_str().unwrap());
        let words = match kind.as_str() {
            "job" => vec!["wait", "--for=condition=Complete", &name],
            _ => vec!["rollout", "status", &name],
        };
        let waited = PLANE.ask(&[&words[..], &["-n", namespace, "--timeout=60s"]].concat());
        waited.unwrap_or_else(|error| panic!("{error:#}\n{}", complaints(namespace)));
    }
}

/// What the controllers say is wrong.
fn complaints(namespace: &str) -> String {
    let words = ["get", "events", "--field-selector=type=Warning", "-n", namespace];
    PLANE.ask(&words).unwrap()
}
