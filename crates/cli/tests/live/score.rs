//! What kube-score says of the catalogue's objects: nothing, or what is explained here.

use std::collections::BTreeSet;
use std::process::Command;

use live::tools;
use serde_json::Value;

use crate::platform::EVERYTHING;

/// A finding that stays.
struct Explained {
    /// The check of kube-score.
    check: &'static str,
    /// What it says first.
    says: &'static str,
    /// How the objects begin, as `Job/`; all of them where none is named.
    objects: &'static [&'static str],
    /// Why it stays.
    #[expect(dead_code, reason = "it is there to be read")]
    reason: &'static str,
}

/// Whose images have users of their makers' choice.
const IMAGE_USERS: &[&str] = &[
    "Deployment/collabora",
    "Deployment/drawio",
    "Deployment/excalidraw",
    "Deployment/gitea",
    "Deployment/homepage",
    "Deployment/laboite",
    "Deployment/nextcloud",
    "Job/",
    "StatefulSet/keycloak",
    "StatefulSet/mongodb",
    "StatefulSet/postgresql",
    "StatefulSet/valkey",
    "StatefulSet/versitygw",
];

const EXPLAINED: &[Explained] = &[
    Explained {
        check: "container-ephemeral-storage-request-and-limit",
        says: "Ephemeral Storage limit is not set",
        objects: &[],
        reason: "File systems are read-only but for what is named, or data is on volumes; a limit \
                 that nobody has measured would end pods that do their work.",
    },
    Explained {
        check: "container-ephemeral-storage-request-and-limit",
        says: "Ephemeral Storage request is not set",
        objects: &[],
        reason: "As with its limit.",
    },
    Explained {
        check: "container-image-pull-policy",
        says: "ImagePullPolicy is not set to Always",
        objects: &[],
        reason: "Tags name releases. A node that starts again with the registry away must find its \
                 images.",
    },
    Explained {
        check: "container-image-tag",
        says: "Image with latest tag",
        objects: &["Deployment/excalidraw"],
        reason: "Its makers publish no other tag.",
    },
    Explained {
        check: "container-resources",
        says: "CPU limit is not set",
        objects: &[],
        reason: "Requests share processors fairly; a limit slows down where nobody else wants them. \
                 Memory, which cannot be shared so, has its limit.",
    },
    Explained {
        check: "container-security-context-user-group-id",
        says: "The container is running with a low user ID",
        objects: IMAGE_USERS,
        reason: "The users that the images of their makers are made for; files in them are theirs.",
    },
    Explained {
        check: "container-security-context-user-group-id",
        says: "The container running with a low group ID",
        objects: IMAGE_USERS,
        reason: "The groups of these users.",
    },
    Explained {
        check: "container-security-context-readonlyrootfilesystem",
        says: "The pod has a container with a writable root filesystem",
        objects: &[
            "Deployment/collabora",
            "Deployment/drawio",
            "Deployment/homepage",
            "Deployment/nextcloud",
            "StatefulSet/keycloak",
        ],
        reason: "When it starts, each of these images writes settings or programs of its own among \
                 its files, as the service's definition says; Keycloak builds itself.",
    },
    Explained {
        check: "deployment-has-host-podantiaffinity",
        says: "Deployment does not have a host podAntiAffinity set",
        objects: &[],
        reason: "Copies spread by topologySpreadConstraints, by node and by zone.",
    },
    Explained {
        check: "statefulset-has-host-podantiaffinity",
        says: "StatefulSet does not have a host podAntiAffinity set",
        objects: &[],
        reason: "Copies spread by topologySpreadConstraints, by node and by zone.",
    },
    Explained {
        check: "deployment-replicas",
        says: "Deployment few replicas",
        objects: &[],
        reason: "The profiles demo and small want one; docs/catalogue.md says of each service whether \
                 it can have more.",
    },
    Explained {
        check: "deployment-strategy",
        says: "Deployment update strategy",
        objects: &["Deployment/gitea", "Deployment/hedgedoc", "Deployment/nextcloud"],
        reason: "A single copy with files of its own must be gone before the next one opens them.",
    },
    Explained {
        check: "pod-networkpolicy",
        says: "The pod does not have a matching NetworkPolicy",
        objects: &["Job/"],
        reason: "A Job listens nowhere.",
    },
    Explained {
        check: "pod-networkpolicy",
        says: "The pod does not have a matching egress NetworkPolicy",
        objects: &[],
        reason: "Mail, directories, other sign-in services and shops of applications are wherever the \
                 administrator says, which a policy by labels and addresses cannot follow.",
    },
    Explained {
        check: "pod-probes-identical",
        says: "Container has the same readiness and liveness probe",
        objects: &[
            "Deployment/collabora",
            "Deployment/drawio",
            "Deployment/excalidraw",
            "Deployment/gitea",
            "Deployment/hedgedoc",
            "Deployment/homepage",
            "Deployment/httpbin",
            "Deployment/laboite",
            "Deployment/nextcloud",
            "StatefulSet/mongodb",
            "StatefulSet/postgresql",
            "StatefulSet/valkey",
            "StatefulSet/versitygw",
        ],
        reason: "They have one page or command that tells their health. A pod is taken away from its \
                 Service after half a minute, and started anew after two minutes only.",
    },
];

/// A grade of kube-score at which it has nothing to say.
const FINE: u64 = 10;

#[test]
fn kube_score_finds_nothing_that_is_not_explained() {
    let mut command = Command::new(tools(&["kube-score"]).unwrap().remove(0));
    command.args(["score", "--output-format", "json", "--kubernetes-version", "v1.36"]);
    command.args(EVERYTHING.iter().flat_map(|one| one.platform.manifests()));
    // It fails where it finds something.
    let made = command.output().unwrap();
    let objects: Value = serde_json::from_slice(&made.stdout).unwrap();
    let mut unexplained = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for object in objects.as_array().unwrap() {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let (kind, name) = (&object["type_meta"]["kind"], &object["object_meta"]["name"]);
        let place = format!("{}/{}", text(kind), text(name));
        let checks = object["checks"].as_array().unwrap().iter();
        let found = checks.filter(|check| check["skipped"] != true && check["grade"] != FINE);
        let said = found.flat_map(|check| {
            let comments = check["comments"].as_array().unwrap().iter();
            comments.map(move |one| (text(&check["check"]["id"]), text(&one["summary"])))
        });
        for (id, says) in said {
            let explains = |one: &Explained| {
                let is_named = one.objects.iter().any(|start| place.starts_with(start));
                one.check == id && says == one.says && (one.objects.is_empty() || is_named)
            };
            match EXPLAINED.iter().position(explains) {
                Some(at) => _ = seen.insert(at),
                None => _ = unexplained.insert(format!("{place}: {id}: {says}")),
            }
        }
    }
    assert_eq!(unexplained, BTreeSet::new());
    let unused = (0..EXPLAINED.len()).filter(|at| !seen.contains(at));
    let unused: Vec<&str> = unused.map(|at| EXPLAINED[at].check).collect();
    assert!(unused.is_empty(), "these explanations explain nothing any more: {unused:?}");
}
