//! The control plane itself: what it does with pods, claims and Jobs, and how it ends.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use live::{ControlPlane, Options};
use serde_json::{Value, json};

use crate::plane::PLANE;

/// What a pod of ours looks like.
fn pod(app: &str) -> Value {
    let security = json!({
        "runAsNonRoot": true, "allowPrivilegeEscalation": false,
        "capabilities": { "drop": ["ALL"] }, "seccompProfile": { "type": "RuntimeDefault" },
    });
    let container =
        json!({ "name": "main", "image": "a.example/b:1", "securityContext": security });
    let labels = json!({ "app.kubernetes.io/name": app });
    json!({ "metadata": { "labels": labels }, "spec": { "containers": [container] } })
}

fn named(group: &str, kind: &str, namespace: &str, name: &str, mut object: Value) -> String {
    object["apiVersion"] = json!(group);
    object["kind"] = json!(kind);
    object["metadata"]["name"] = json!(name);
    object["metadata"]["namespace"] = json!(namespace);
    object.to_string()
}

fn copies(app: &str) -> Value {
    let selector = json!({ "matchLabels": { "app.kubernetes.io/name": app } });
    json!({ "spec": { "replicas": 2, "template": pod(app), "selector": selector } })
}

fn wait(namespace: &str, condition: &str, object: &str) {
    let condition = format!("--for={condition}");
    PLANE.ask(&["wait", &condition, object, "-n", namespace, "--timeout=60s"]).unwrap();
}

#[test]
fn deployments_become_ready_and_jobs_complete() {
    PLANE.namespace("good").unwrap();
    let mut once = pod("once");
    once["spec"]["restartPolicy"] = json!("Never");
    let once = json!({ "spec": { "template": once } });
    PLANE.apply(&named("apps/v1", "Deployment", "good", "web", copies("web"))).unwrap();
    PLANE.apply(&named("batch/v1", "Job", "good", "once", once)).unwrap();
    wait("good", "condition=Available", "deployment/web");
    wait("good", "condition=Complete", "job/once");
    PLANE.ask(&["delete", "deployment/web", "-n", "good", "--cascade=foreground"]).unwrap();
    let left = PLANE.get(&["pods", "-n", "good", "-l", "app.kubernetes.io/name=web"]).unwrap();
    assert_eq!(left["items"], json!([]));
}

#[test]
fn a_stateful_set_gets_its_volumes() {
    PLANE.namespace("volumes").unwrap();
    let mut set = copies("data");
    set["spec"]["volumeClaimTemplates"] = json!([{
        "metadata": { "name": "data" },
        "spec": {
            "accessModes": ["ReadWriteOnce"], "resources": { "requests": { "storage": "1Gi" } },
        },
    }]);
    PLANE.apply(&named("apps/v1", "StatefulSet", "volumes", "data", set)).unwrap();
    wait("volumes", "jsonpath={.status.readyReplicas}=2", "statefulset/data");
    let claims = PLANE.get(&["persistentvolumeclaims", "-n", "volumes"]).unwrap();
    let claims = claims["items"].as_array().unwrap();
    let phases: Vec<&Value> = claims.iter().map(|claim| &claim["status"]["phase"]).collect();
    assert_eq!(phases, ["Bound", "Bound"]);
}

#[test]
fn fates_are_what_they_say_until_they_are_taken_back() {
    PLANE.namespace("bad").unwrap();
    let reason = "jsonpath={.status.containerStatuses[0].state.waiting.reason}";
    let ready = "jsonpath={.status.conditions[?(@.type=='Ready')].status}";
    let ends = [
        ("image-never-pulls", format!("{reason}=ImagePullBackOff")),
        ("crash-loop", format!("{reason}=CrashLoopBackOff")),
        ("probe-never-passes", "jsonpath={.status.phase}=Running".to_owned()),
        ("job-never-succeeds", "jsonpath={.status.phase}=Failed".to_owned()),
    ];
    for (fate, end) in ends {
        PLANE.fate("bad", fate, Some(fate)).unwrap();
        PLANE.apply(&named("v1", "Pod", "bad", fate, pod(fate))).unwrap();
        wait("bad", &end, &format!("pod/{fate}"));
        wait("bad", &format!("{ready}=False"), &format!("pod/{fate}"));
    }
    PLANE.fate("bad", "crash-loop", None).unwrap();
    PLANE.apply(&named("v1", "Pod", "bad", "mended", pod("crash-loop"))).unwrap();
    wait("bad", "condition=Ready", "pod/mended");
    let unknown = PLANE.fate("bad", "x", Some("explodes")).unwrap_err().to_string();
    assert!(unknown.starts_with("no fate is called explodes; there are image"), "{unknown}");
}

#[test]
fn pods_that_are_not_restricted_are_refused() {
    PLANE.namespace("strict").unwrap();
    let mut open = pod("open");
    open["spec"]["containers"][0]["securityContext"] = json!({});
    let refused = PLANE.apply(&named("v1", "Pod", "strict", "open", open)).unwrap_err();
    assert!(
        refused.to_string().contains("violates PodSecurity \"restricted:latest\""),
        "{refused}"
    );
}

#[test]
fn kinds_of_operators_are_known_and_checked() {
    PLANE.namespace("kinds").unwrap();
    PLANE.define(&["httproutes.gateway.networking.k8s.io"]).unwrap();
    let wrong = json!({ "spec": { "hostname": "a.example" } });
    let wrong = named("gateway.networking.k8s.io/v1", "HTTPRoute", "kinds", "a", wrong);
    let refused = PLANE.apply(&wrong).unwrap_err().to_string();
    assert!(refused.contains(".spec.hostname: field not declared in schema"), "{refused}");
    let unknown = PLANE.define(&["no.such.example"]).unwrap_err().to_string();
    assert_eq!(unknown, "none of the operators' packages defines no.such.example");
}

#[test]
fn no_other_cluster_is_seen() {
    let mut command = PLANE.kubectl();
    let given: Vec<_> = command.get_envs().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(given, ["HOME", "KUBECONFIG", "LC_ALL", "PATH"]);
    let shown = command.args(["config", "view", "-o", "jsonpath={.clusters[*].cluster.server}"]);
    let shown = String::from_utf8(shown.output().unwrap().stdout).unwrap();
    assert!(shown.starts_with("https://127.0.0.1:") && !shown.contains(' '), "{shown}");
    // A program that would ask its environment finds nothing of ours there.
    let outcome = PLANE.command("sh").args(["-c", "echo ${CARGO-none}"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&outcome.stdout), "none\n");
}

/// Started by the next test, which kills it.
#[test]
#[ignore = "it waits until it is killed"]
fn waits() {
    let plane = ControlPlane::start(&Options { nodes: 1, ..Options::default() }).unwrap();
    println!("\n{}", plane.directory().display());
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
    panic!("it was to be killed");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "waiting for other processes has an end")]
fn nothing_outlives_a_process_that_is_killed() {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "bed::waits", "--nocapture", "--test-threads=1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let directory = lines.map(Result::unwrap).find(|line| line.contains("socle-live-")).unwrap();
    assert_eq!(
        names(&directory),
        ["etcd", "kube-apiserver", "kube-controller", "kube-scheduler", "kwok", "sh"]
    );
    child.kill().unwrap();
    child.wait().unwrap();
    let end = Instant::now() + Duration::from_secs(30);
    while Path::new(&directory).exists() || !names(&directory).is_empty() {
        assert!(Instant::now() < end, "left: {:?} of {directory}", names(&directory));
        std::thread::yield_now();
    }
}

/// The programs that were started with a directory among their arguments or as their home.
fn names(directory: &str) -> Vec<String> {
    let mut found = Vec::new();
    for process in fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().path()) {
        let read = |name: &str| fs::read(process.join(name)).unwrap_or_default();
        let text = String::from_utf8_lossy(&read("cmdline")).into_owned();
        if text.contains(directory) {
            found.push(String::from_utf8_lossy(&read("comm")).trim().to_owned());
        }
    }
    found.sort();
    found
}
