//! The `deploy` script: the fixed functions of `deploy.sh`, then what this platform calls of them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use catalog::{MadeSecret, Platform, SecretPart};
use compose::{Desired, Part, Purpose};
use object::Object;
use serde_json::{Map, Value};

use crate::manifests::stem;
use crate::shell::quoted;

const FUNCTIONS: &str = include_str!("deploy.sh");

/// Groups of kinds that every cluster knows.
const BUILT_IN_GROUPS: &[&str] = &[
    "",
    "apps",
    "autoscaling",
    "batch",
    "networking.k8s.io",
    "policy",
    "rbac.authorization.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
    "apiextensions.k8s.io",
    "admissionregistration.k8s.io",
    "apiregistration.k8s.io",
    "node.k8s.io",
];

/// The script.
pub fn text(platform: &Platform, desired: &Desired) -> String {
    let mut out = String::from(FUNCTIONS);
    let (name, namespace) = (quoted(&platform.name), quoted(&platform.namespace));
    let waves = desired.waves();
    let _ = writeln!(out, "platform={name}\nnamespace={namespace}\nmanager=socle\nwaves={waves}");
    before(&mut out, platform, desired);
    let late: Vec<&str> = late_secrets(desired).collect();
    let mut wave = None;
    for (at, part) in desired.parts.iter().enumerate() {
        if part.purpose == Purpose::Namespace {
            send(&mut out, part);
            first_secrets(&mut out, platform, desired, &late);
            continue;
        }
        if wave != Some(part.wave) {
            wave = Some(part.wave);
            let _ = writeln!(out, "\nwave {}", part.wave + 1);
        }
        for secret in part.secrets.iter().filter(|one| late.contains(&one.name.as_str())) {
            make(&mut out, secret);
        }
        send(&mut out, part);
        let is_last = desired.parts.get(at + 1).is_none_or(|next| next.wave != part.wave);
        if is_last {
            let members = desired.parts.iter().filter(|one| one.wave == part.wave);
            for object in members.flat_map(|one| &one.objects) {
                wait(&mut out, object);
            }
        }
    }
    after(&mut out, platform, desired);
    out
}

/// What is looked at before the first write.
fn before(out: &mut String, platform: &Platform, desired: &Desired) {
    out.push_str("reach_cluster\n");
    let brought: BTreeSet<(&str, &str)> = desired
        .objects()
        .filter(|(_, object)| object.kind() == "CustomResourceDefinition")
        .filter_map(|(_, object)| {
            let text = |path| object.at(path).and_then(Value::as_str);
            Some((text("spec.group")?, text("spec.names.kind")?))
        })
        .collect();
    let kinds: BTreeSet<(&str, &str)> =
        desired.objects().map(|(_, object)| (object.group(), object.kind())).collect();
    for (group, kind) in kinds.difference(&brought) {
        if !BUILT_IN_GROUPS.contains(group) {
            let _ = writeln!(out, "needs_kind {} {}", quoted(group), quoted(kind));
        }
    }
    let certificates = certificates(platform);
    for (secret, key) in desired.given_secrets() {
        if certificates.iter().all(|(own, _)| *own != secret) {
            let _ = writeln!(out, "needs_secret {} {}", quoted(&secret), quoted(&key));
        }
    }
    for (secret, hosts) in &certificates {
        let hosts: Vec<String> = hosts.iter().map(|host| quoted(host)).collect();
        let _ = writeln!(out, "needs_certificate {} {}", quoted(secret), hosts.join(" "));
    }
    out.push_str("may_begin\n\n");
}

/// The Secrets that are made of the files `tls.crt` and `tls.key`, with the host names.
fn certificates(platform: &Platform) -> Vec<(String, Vec<String>)> {
    platform.certificates().into_iter().map(|one| (one.secret, one.hostnames)).collect()
}

fn first_secrets(out: &mut String, platform: &Platform, desired: &Desired, late: &[&str]) {
    for (secret, _) in certificates(platform) {
        let _ = writeln!(out, "certificate_secret {}", quoted(&secret));
    }
    let early: Vec<&MadeSecret> = desired
        .secrets()
        .map(|(_, secret)| secret)
        .filter(|secret| !late.contains(&secret.name.as_str()))
        .collect();
    // Those that others are made of come first.
    let number = |name: &str| early.iter().position(|one| one.name == name);
    let edges: Vec<object::Edge> = early
        .iter()
        .enumerate()
        .flat_map(|(then, secret)| {
            sources(secret)
                .filter_map(number)
                .filter(move |first| *first != then)
                .map(move |first| object::Edge { first, then, strength: object::Strength::Made })
        })
        .collect();
    // Checked when the catalogue loads, secrets cannot need one another in a circle.
    let order = object::order(early.len(), &edges, |_| 0).unwrap_or_default();
    for at in order.waves.into_iter().flatten() {
        make(out, early[at]);
    }
}

/// The Secrets that a secret is made of.
fn sources(secret: &MadeSecret) -> impl Iterator<Item = &str> {
    secret.keys.iter().flat_map(|(_, parts)| parts).filter_map(|part| match part {
        SecretPart::Of { secret, .. } => Some(secret.as_str()),
        SecretPart::Text(_) | SecretPart::Random(_) => None,
    })
}

/// Secrets made of those that come into being through objects of the platform: they wait for them.
fn late_secrets(desired: &Desired) -> impl Iterator<Item = &str> {
    let made_later: BTreeSet<String> = desired
        .objects()
        .flat_map(|(_, object)| object::makes(object))
        .filter(|id| id.kind == "Secret")
        .map(|id| id.name)
        .collect();
    desired
        .secrets()
        .filter(move |(_, secret)| sources(secret).any(|source| made_later.contains(source)))
        .map(|(_, secret)| secret.name.as_str())
}

/// Makes what a Secret lacks.
fn make(out: &mut String, secret: &MadeSecret) {
    let _ = writeln!(out, "begin_secret {}", quoted(&secret.name));
    // Keys that others of the same Secret are made of come first.
    let is_own =
        |part: &SecretPart| matches!(part, SecretPart::Of { secret: of, .. } if *of == secret.name);
    let (later, first): (Vec<_>, Vec<_>) =
        secret.keys.iter().partition(|(_, parts)| parts.iter().any(is_own));
    for (key, parts) in first.into_iter().chain(later) {
        let _ = writeln!(out, "if lacks {}; then", quoted(key));
        let (mut value, mut plain) = (String::new(), String::new());
        let mut is_address = false;
        for (at, part) in parts.iter().enumerate() {
            if !matches!(part, SecretPart::Text(_)) && !plain.is_empty() {
                value.push_str(&quoted(&std::mem::take(&mut plain)));
            }
            match part {
                SecretPart::Text(text) => {
                    is_address |= text.contains("://");
                    plain.push_str(text);
                }
                SecretPart::Random(length) => {
                    let _ = writeln!(out, "  v{at}=$(random {length})");
                    let _ = write!(value, "\"$v{at}\"");
                }
                SecretPart::Of { secret: of, key } => {
                    let _ = if *of == secret.name {
                        writeln!(out, "  v{at}=$(own {})", quoted(key))
                    } else {
                        writeln!(out, "  v{at}=$(value {} {})", quoted(of), quoted(key))
                    };
                    if is_address {
                        let _ = writeln!(out, "  v{at}=$(encoded \"$v{at}\")");
                    }
                    let _ = write!(value, "\"$v{at}\"");
                }
            }
        }
        if !plain.is_empty() || value.is_empty() {
            value.push_str(&quoted(&plain));
        }
        let _ = writeln!(out, "  put {} {value}\nfi", quoted(key));
    }
    out.push_str("finish_secret\n");
}

fn send(out: &mut String, part: &Part) {
    if !part.objects.is_empty() {
        let _ = writeln!(out, "part {} {}", quoted(&stem(part)), part.objects.len());
    }
}

/// Waits until an object is ready, where its kind can be waited for.
fn wait(out: &mut String, object: &Object) {
    let how = match (object.group(), object.kind()) {
        ("apps", "Deployment" | "StatefulSet" | "DaemonSet") => "rollout",
        ("batch", "Job") => "Complete",
        ("apiextensions.k8s.io", "CustomResourceDefinition") => "Established",
        ("postgresql.cnpg.io", "Cluster") | ("cert-manager.io", "Certificate") => "Ready",
        ("gateway.networking.k8s.io", "Gateway") => "Programmed",
        _ => return,
    };
    let labels = match how {
        "rollout" => object.at("spec.selector.matchLabels").and_then(Value::as_object).cloned(),
        "Complete" => Some(job_label(object)),
        _ => None,
    };
    let labels: Vec<String> = labels
        .unwrap_or_default()
        .iter()
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or("")))
        .collect();
    let (id, labels) = (object.id().for_kubectl(), labels.join(","));
    let _ = writeln!(out, "ready {} {how} {}", quoted(&id), quoted(&labels));
}

/// How the pods of a Job are found.
fn job_label(object: &Object) -> Map<String, Value> {
    let name = Value::from(object.name());
    std::iter::once(("batch.kubernetes.io/job-name".to_owned(), name)).collect()
}

/// What is said at the end.
fn after(out: &mut String, platform: &Platform, desired: &Desired) {
    out.push('\n');
    out.push_str("say_ready\n");
    for url in urls(platform) {
        let _ = writeln!(out, "printf '  %s\\n' {}", quoted(&url));
    }
    for (_, object) in desired.objects() {
        if matches!(object.kind(), "Gateway" | "Ingress") {
            let _ = writeln!(out, "address_of {}", quoted(&object.id().for_kubectl()));
        }
    }
    let hosts = hosts(platform);
    if !hosts.is_empty() {
        out.push_str("say_records\n");
    }
    for host in hosts {
        let _ = writeln!(out, "record {}", quoted(&host));
    }
    let accounts: Vec<_> = platform
        .services
        .iter()
        .filter_map(|service| Some((service, service.administrator.as_ref()?)))
        .collect();
    if !accounts.is_empty() {
        out.push_str("say_accounts\n");
    }
    for (service, account) in accounts {
        let words = [&service.name, &account.username, &account.secret, &account.key];
        let words = words.map(|word| quoted(word));
        let _ = writeln!(out, "first_account {}", words.join(" "));
    }
}

/// The addresses of all services.
pub fn urls(platform: &Platform) -> Vec<String> {
    let bindings = platform.services.iter().flat_map(|service| &service.bindings);
    let routes = bindings.filter(|binding| binding.of_type == "route");
    routes.filter_map(|route| Some(route.outputs.get("url")?.as_str()?.to_owned())).collect()
}

/// The host names of all services.
pub fn hosts(platform: &Platform) -> Vec<String> {
    let host = |url: &String| {
        let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        rest.split(['/', ':']).next().unwrap_or("").to_owned()
    };
    let found: BTreeSet<String> = urls(platform).iter().map(host).collect();
    found.into_iter().collect()
}
