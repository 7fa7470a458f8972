//! The script `deploy` on a real API server, as an administrator runs it: with kubectl and a shell.
//!
//! Controllers that do not run there have stand-ins, stages of `crates/live`: those of Gateways,
//! `CloudNativePG` and cert-manager, for as far as `deploy` waits for them. Nobody serves routes.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::plane::PLANE;
use crate::platform::{CLUSTERS, Platform, services};

/// What a run of `deploy` came to.
struct Outcome {
    success: bool,
    /// What ended it, if nothing else did.
    signal: Option<i32>,
    out: String,
    err: String,
}

/// Runs `deploy` by a shell, with nothing but kubectl.
fn deploy(shell: &str, platform: &Platform, words: &[&str]) -> Outcome {
    let mut command = PLANE.command(shell);
    outcome(command.arg("deploy").args(words).current_dir(platform.install()))
}

fn outcome(command: &mut Command) -> Outcome {
    let made = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Outcome {
        success: made.status.success(),
        signal: made.status.signal(),
        out: text(made.stdout),
        err: text(made.stderr),
    }
}

/// A platform of these services behind an ingress, with a certificate; its name is its namespace's.
fn platform(name: &str, services: &[&str]) -> Platform {
    let facts = "{ingressClasses: [nginx], gatewayClasses: []}";
    let platform = platform_on(name, services, facts);
    certify(&platform, "*.a.example");
    platform
}

fn platform_on(name: &str, services: &[&str], facts: &str) -> Platform {
    let services = services.join(", ");
    let text = format!(
        "domain: a.example\nname: {name}\nprofile: small\nservices: [{services}]\nfacts: {facts}\n"
    );
    Platform::built(name, &text)
}

/// Puts a certificate for a name beside the script.
fn certify(platform: &Platform, name: &str) {
    let names = format!("subjectAltName=DNS:{name}");
    let words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9", "-subj", "/CN=x"];
    let files = ["-addext", &names, "-keyout", "tls.key", "-out", "tls.crt"];
    let mut command = Command::new("openssl");
    let made = command.args(words).args(files).current_dir(platform.install()).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

#[test]
fn the_certificate_of_a_person_becomes_a_secret_if_it_is_for_every_host_name() {
    let name = "certified";
    let platform = platform_on(name, &["httpbin"], "{ingressClasses: [nginx], gatewayClasses: []}");
    let none = deploy("sh", &platform, &[]);
    assert!(!none.success, "{}", none.out);
    assert!(none.err.contains("it is for: httpbin.a.example"), "{}", none.err);
    certify(&platform, "other.a.example");
    let wrong = deploy("sh", &platform, &[]);
    assert!(!wrong.success, "{}", wrong.out);
    assert!(wrong.err.contains("is not for httpbin.a.example"), "{}", wrong.err);
    assert!(PLANE.ask(&["get", "namespace", name]).is_err(), "the namespace was made");
    certify(&platform, "httpbin.a.example");
    platform.build();
    let right = deploy("sh", &platform, &[]);
    assert!(right.success, "{}{}", right.out, right.err);
    let made = PLANE.get(&["secret", "tls", "-n", name]).unwrap();
    assert_eq!(made["type"], "kubernetes.io/tls");
    let ingress = PLANE.get(&["ingress", "httpbin", "-n", name]).unwrap();
    assert_eq!(ingress["spec"]["tls"][0]["secretName"], "tls");
}

/// Everything in a namespace that somebody has put there, by kind and name: what it is without what
/// controllers say of it.
fn written(namespace: &str) -> BTreeMap<String, Value> {
    let kinds = PLANE.ask(&["api-resources", "--namespaced", "--verbs=list,create", "-o", "name"]);
    let kinds = kinds.unwrap();
    // These are made by controllers, or are not kept.
    let made = ["events", "endpoints", "controllerrevisions", "replicasets", "pods", "leases"];
    let is_kept = |kind: &&str| !made.iter().any(|one| kind.split('.').next() == Some(one));
    let kinds: Vec<&str> = kinds.lines().filter(is_kept).collect();
    let all = PLANE.get(&[&kinds.join(","), "-n", namespace]).unwrap();
    let mut found = BTreeMap::new();
    for object in all["items"].as_array().unwrap() {
        let name = format!("{}/{}", object["kind"], object["metadata"]["name"]);
        let mut object = object.clone();
        if !object["status"].is_null() {
            object["status"] = Value::Null;
            object["metadata"]["resourceVersion"] = Value::Null;
        }
        found.insert(name, object);
    }
    found
}

/// The Secrets of a namespace.
fn secrets(namespace: &str) -> BTreeMap<String, Value> {
    let all = PLANE.get(&["secrets", "-n", namespace]).unwrap();
    let one = |secret: &Value| {
        let name = secret["metadata"]["name"].as_str().unwrap().to_owned();
        (name, secret["data"].clone())
    };
    all["items"].as_array().unwrap().iter().map(one).collect()
}

#[test]
fn all_is_ready_under_dash_and_a_second_run_writes_nothing() {
    let name = "deploy-dash";
    let all = services();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    becomes_ready("dash", name, &platform(name, &all));
}

#[test]
fn all_is_ready_under_bash_where_operators_are() {
    let name = "deploy-bash";
    let all = services();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let (_, facts) = CLUSTERS.iter().find(|(cluster, _)| *cluster == "operators").unwrap();
    becomes_ready("bash", name, &platform_on(name, &all, facts));
}

/// Deploys it twice.
fn becomes_ready(shell: &str, name: &str, platform: &Platform) {
    let checked = deploy(shell, platform, &["--check"]);
    assert!(checked.success, "{}{}", checked.out, checked.err);
    let none = PLANE.get(&["namespace", "--field-selector", &format!("metadata.name={name}")]);
    assert_eq!(none.unwrap()["items"], Value::Array(Vec::new()), "--check has written");
    let first = deploy(shell, platform, &[]);
    assert!(first.success, "{}{}", first.out, first.err);
    assert!(first.out.contains("https://nextcloud.a.example"), "{}", first.out);
    let pods = PLANE.get(&["pods", "-n", name]).unwrap();
    let pods = pods["items"].as_array().unwrap();
    assert!(pods.len() >= 5, "{} pods", pods.len());
    let before = written(name);
    let again = deploy(shell, platform, &[]);
    assert!(again.success, "{}{}", again.out, again.err);
    assert_eq!(written(name), before, "the second run has written");
    assert!(!again.out.contains("Secret"), "{}", again.out);
}

/// In kubectl's place: passes everything on, and at the call of a number sends a signal to the whole
/// group of the script, either before that call or after it.
fn write_signaller(at: &Path, call: usize, signal: &str) {
    let kubectl = PLANE.kubectl().get_program().to_string_lossy().into_owned();
    let send = format!("[ $number -lt {call} ] || kill -{signal} 0");
    let (before, after) = if call.is_multiple_of(2) { (&*send, ":") } else { (":", &*send) };
    let text = format!(
        "#!/bin/sh\necho >>calls; number=$(wc -l <calls)\n{before}\n\
         {kubectl} \"$@\"; status=$?\n{after}\nexit $status\n"
    );
    fs::write(at, text).unwrap();
    fs::set_permissions(at, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Runs `deploy` in a group of its own, to which a signal is sent at a call of kubectl.
fn signalled(platform: &Platform, call: usize, signal: &str) -> Outcome {
    let kubectl = platform.install().join("signaller");
    write_signaller(&kubectl, call, signal);
    let _ = fs::remove_file(platform.install().join("calls"));
    let mut command = PLANE.command("sh");
    command.arg("deploy").current_dir(platform.install()).env("KUBECTL", kubectl);
    outcome(command.process_group(0))
}

#[test]
fn it_goes_on_where_it_was_killed() {
    let platform = platform("killed", &["hedgedoc", "httpbin"]);
    let mut seen: Vec<BTreeMap<String, Value>> = Vec::new();
    // The first ones look around; Secrets, parts and waits follow.
    for call in [2, 5, 8, 12, 15, 18, 21, 24] {
        let killed = signalled(&platform, call, "KILL");
        assert_eq!(killed.signal, Some(9), "at {call}: {}{}", killed.out, killed.err);
        seen.push(secrets("killed"));
    }
    let interrupted = signalled(&platform, 12, "INT");
    assert!(!interrupted.success);
    let told = interrupted.err;
    assert!(told.contains("interrupted while: ") && told.contains("Run deploy again"), "{told}");
    let last = deploy("sh", &platform, &[]);
    assert!(last.success, "{}{}", last.out, last.err);
    let end = secrets("killed");
    for (name, data) in seen.iter().flatten() {
        assert_eq!(Some(data), end.get(name), "{name} was drawn anew");
    }
    let some = seen.iter().any(|one| !one.is_empty() && one.len() < end.len());
    assert!(some, "it was never killed between two Secrets");
}

#[test]
fn it_stops_at_what_never_becomes_ready_and_names_it() {
    let name = "unready";
    let platform = platform(name, &["hedgedoc", "httpbin"]);
    PLANE.ask(&["create", "namespace", name]).unwrap();
    let exists = |object: &str| PLANE.ask(&["get", object, "-n", name]).is_ok();
    // In the order of waves: who, what becomes of it, what is told of it, what is not yet there.
    let steps = [
        ("httpbin", "image-never-pulls", "deployment.apps/httpbin", "ImagePullBackOff", "keycloak"),
        (
            "hedgedoc-database-bootstrap",
            "job-never-succeeds",
            "job.batch/hedgedoc-database-bootstrap-",
            "the container ended with 1",
            "keycloak",
        ),
        ("keycloak", "crash-loop", "statefulset.apps/keycloak", "CrashLoopBackOff", "hedgedoc"),
        ("hedgedoc", "probe-never-passes", "deployment.apps/hedgedoc", "statuscode: 503", "none"),
    ];
    for (app, fate, object, reason, later) in steps {
        PLANE.fate(name, app, Some(fate)).unwrap();
        let stopped = deploy("sh", &platform, &["--timeout", "3"]);
        let told = format!("{}{}", stopped.out, stopped.err);
        assert!(!stopped.success, "{told}");
        assert!(stopped.err.contains(&format!("✗ {object}")), "{told}");
        assert!(stopped.err.contains(&format!("    {app}-")), "{app} has no pod here: {told}");
        assert!(stopped.err.contains(reason), "{told}");
        assert!(stopped.err.contains("when it is mended, run deploy again"), "{told}");
        let workloads = [format!("deployment/{later}"), format!("statefulset/{later}")];
        assert!(!workloads.iter().any(|one| exists(one)), "{later} was made: {told}");
        PLANE.fate(name, app, None).unwrap();
        let pods = format!("app.kubernetes.io/name={app}");
        PLANE.ask(&["delete", "job,pod", "-n", name, "-l", &pods]).unwrap();
        if fate.starts_with("job") {
            PLANE.ask(&["delete", "job", "-n", name, "--all"]).unwrap();
        }
    }
    let mended = deploy("sh", &platform, &[]);
    assert!(mended.success, "{}{}", mended.out, mended.err);
}

#[test]
fn what_the_cluster_lacks_is_told_before_the_first_write() {
    let platform = platform_on("lacking", &["httpbin"], "{gatewayClasses: [eg]}");
    let path = platform.install().join("deploy");
    let text = fs::read_to_string(&path).unwrap();
    // A kind that no definition brought.
    let known = "needs_kind 'gateway.networking.k8s.io' 'HTTPRoute'";
    assert!(text.contains(known), "{text}");
    let wants = format!("{known}\nneeds_kind 'gateway.networking.k8s.io' 'TLSRoute'");
    fs::write(&path, text.replace(known, &wants)).unwrap();
    let refused = deploy("sh", &platform, &[]);
    assert!(!refused.success, "{}", refused.out);
    let told = "the cluster does not know the kind TLSRoute (gateway.networking.k8s.io)";
    assert!(refused.err.contains(told), "{}", refused.err);
    assert!(refused.err.contains("nothing was written"), "{}", refused.err);
    assert!(PLANE.ask(&["get", "namespace", "lacking"]).is_err(), "the namespace was made");
}
