//! A control plane that runs as long as its value is there.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

use crate::guard::Guard;
use crate::parts::{Addresses, Place};
use crate::{definitions, ports, tools};

/// The label or annotation of a pod that says how it ends.
pub const FATE: &str = "live.socle.example/fate";

/// What can become of a pod other than what its controller wants.
pub const FATES: &[&str] =
    &["image-never-pulls", "probe-never-passes", "crash-loop", "job-never-succeeds"];

/// How long the parts may take to answer; they take four seconds on two idle cores.
const PATIENCE: Duration = Duration::from_mins(2);

/// What happens to pods, nodes and claims.
const STAGES: &[&str] = &[
    include_str!("../stages/nodes.yaml"),
    include_str!("../stages/pods.yaml"),
    include_str!("../stages/fates.yaml"),
    include_str!("../stages/claims.yaml"),
];

/// The kinds of operators that a platform's objects may be of.
pub const KINDS: &[&str] = &[
    "certificates.cert-manager.io",
    "clusterissuers.cert-manager.io",
    "clusters.postgresql.cnpg.io",
    "gatewayclasses.gateway.networking.k8s.io",
    "gateways.gateway.networking.k8s.io",
    "httproutes.gateway.networking.k8s.io",
    "issuers.cert-manager.io",
    "referencegrants.gateway.networking.k8s.io",
    "scheduledbackups.postgresql.cnpg.io",
    "servicemonitors.monitoring.coreos.com",
];

/// What stands for operators, which do not run: what becomes of the objects of a kind.
const OPERATORS: &[(&str, &str)] = &[
    ("certificates.cert-manager.io", include_str!("../stages/operators/certificates.yaml")),
    ("clusters.postgresql.cnpg.io", include_str!("../stages/operators/clusters.yaml")),
    ("gateways.gateway.networking.k8s.io", include_str!("../stages/operators/gateways.yaml")),
];

/// What a control plane starts with.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many nodes there are.
    pub nodes: u32,
    /// What each node has to give, as Kubernetes counts processors.
    pub cpu: String,
    /// … and memory.
    pub memory: String,
    /// The kinds of operators that it knows from the start, by the names of their definitions. Where
    /// there is a stage in the operator's place, it plays.
    pub kinds: &'static [&'static str],
}

impl Default for Options {
    fn default() -> Self {
        Self { nodes: 3, cpu: "64".to_owned(), memory: "256Gi".to_owned(), kinds: &[] }
    }
}

/// A control plane of our own.
pub struct ControlPlane {
    // Dropped first: nothing writes into the directory any more.
    guard: Guard,
    directory: PathBuf,
    kubectl: PathBuf,
}

impl ControlPlane {
    /// Starts one, and waits until its nodes are ready.
    pub fn start(options: &Options) -> Result<Self> {
        let names = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"];
        let programs = tools(&names)?;
        let [etcd, server, controllers, scheduler, nodes] = &programs[..] else {
            bail!("five tools were asked for");
        };
        let kubectl = tools(&["kubectl"])?.remove(0);
        let directory = fresh_directory()?;
        let mut plane = Self { guard: Guard::of(&directory)?, directory, kubectl };
        let addresses =
            Addresses { etcd: ports::free()?, peers: ports::free()?, server: ports::free()? };
        plane.write_settings(addresses.server, options.kinds)?;
        let directory = plane.directory.clone();
        let place = Place { directory: &directory, addresses: &addresses };
        plane.run("etcd", place.etcd(etcd))?;
        plane.run("kube-apiserver", place.server(server))?;
        plane.wait_for("the API server", &["get", "--raw", "/readyz"])?;
        plane.run("kube-controller-manager", place.controllers(controllers))?;
        plane.run("kube-scheduler", place.scheduler(scheduler))?;
        plane.apply(&furniture(options))?;
        if !options.kinds.is_empty() {
            plane.define(options.kinds)?;
        }
        // It must know every kind of its stages when it starts.
        plane.run("kwok", place.nodes(nodes))?;
        plane.wait_for("the nodes", &["wait", "--for=condition=Ready", "node", "--all"])?;
        plane.wait_for("namespaces", &["get", "serviceaccount", "default"])?;
        Ok(plane)
    }

    /// The directory that goes with it.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// How clients find it.
    pub fn kubeconfig(&self) -> PathBuf {
        self.directory.join("kubeconfig")
    }

    /// A program that sees this control plane, with kubectl among the programs, and nothing else of
    /// our environment.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let beside = self.kubectl.parent().unwrap_or(Path::new("/"));
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("KUBECONFIG", self.kubeconfig())
            .env("HOME", &self.directory)
            .env("LC_ALL", "C.UTF-8")
            .env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", beside.display()));
        command
    }

    /// kubectl, for this control plane.
    pub fn kubectl(&self) -> Command {
        self.command(&self.kubectl)
    }

    /// What kubectl says on its standard output; the error holds what it says besides.
    pub fn ask(&self, words: &[&str]) -> Result<String> {
        said(self.kubectl().args(words), "")
    }

    /// The same, given a text on its standard input.
    pub fn tell(&self, words: &[&str], text: &str) -> Result<String> {
        said(self.kubectl().args(words), text)
    }

    /// Objects, as `kubectl get WORDS -o json` shows them.
    pub fn get(&self, words: &[&str]) -> Result<Value> {
        let text = said(self.kubectl().arg("get").args(words).args(["-o", "json"]), "")?;
        serde_json::from_str(&text).context("kubectl prints no JSON")
    }

    /// Puts objects in, server-side.
    pub fn apply(&self, text: &str) -> Result<()> {
        let words = ["apply", "--server-side", "--field-manager=live", "-f", "-"];
        self.tell(&words, text).map(drop)
    }

    /// A namespace whose pods must hold what Kubernetes' restricted level asks for.
    pub fn namespace(&self, name: &str) -> Result<()> {
        let labels = json!({ "pod-security.kubernetes.io/enforce": "restricted" });
        let metadata = json!({ "name": name, "labels": labels });
        let object = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": metadata });
        self.apply(&object.to_string())
    }

    /// From now on the pods of a namespace whose `app.kubernetes.io/name` is `app` have
    /// this fate, one of [`FATES`]; without a fate they have none.
    pub fn fate(&self, namespace: &str, app: &str, fate: Option<&str>) -> Result<()> {
        let name = format!("fate-{namespace}-{app}");
        match fate {
            None => {
                let kinds = "mutatingadmissionpolicybinding,mutatingadmissionpolicy";
                self.ask(&["delete", kinds, &name, "--ignore-not-found"])?;
            }
            Some(fate) if FATES.contains(&fate) => {
                self.apply(&definitions::fate(&name, namespace, app, fate))?;
            }
            Some(fate) => bail!("no fate is called {fate}; there are {}", FATES.join(", ")),
        }
        self.wait_for_fate(namespace, app, fate)
    }

    /// Makes kinds of custom resources known, by the names of their definitions, as
    /// `httproutes.gateway.networking.k8s.io`.
    pub fn define(&self, names: &[&str]) -> Result<()> {
        let path = tools(&["crds"])?.remove(0);
        let all =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        self.apply(&definitions::of(&all, names)?)?;
        let mut words = vec!["wait", "--for=condition=Established", "customresourcedefinition"];
        words.extend(names);
        self.ask(&words)?;
        // What it publishes of kinds, which clients ask, comes a moment later.
        let end = Deadline::after(PATIENCE);
        for name in names {
            while let Err(error) = self.ask(&["explain", name]) {
                end.check(|| format!("{error:#}"))?;
            }
        }
        Ok(())
    }

    /// The API server takes a moment to learn of a policy: a pod that is never made shows it.
    fn wait_for_fate(&self, namespace: &str, app: &str, fate: Option<&str>) -> Result<()> {
        let labels = json!({ "app.kubernetes.io/name": app });
        let security = json!({
            "runAsNonRoot": true, "allowPrivilegeEscalation": false,
            "capabilities": { "drop": ["ALL"] }, "seccompProfile": { "type": "RuntimeDefault" },
        });
        let container = json!({ "name": "none", "image": "none", "securityContext": security });
        let metadata = json!({ "name": "probe", "namespace": namespace, "labels": labels });
        let pod = json!({ "apiVersion": "v1", "kind": "Pod", "metadata": metadata,
            "spec": { "containers": [container] } });
        let words = ["create", "--dry-run=server", "-o", "json", "-f", "-"];
        let end = Deadline::after(PATIENCE);
        loop {
            let made = self.tell(&words, &pod.to_string())?;
            let made: Value = serde_json::from_str(&made).context("kubectl prints no JSON")?;
            if made["metadata"]["labels"][FATE].as_str() == fate {
                return Ok(());
            }
            end.check(|| format!("{app} does not get the fate {fate:?}"))?;
        }
    }

    fn run(&mut self, name: &str, mut command: Command) -> Result<()> {
        let log = self.directory.join(format!("{name}.log"));
        self.guard.start(name, &mut command, &log)
    }

    fn wait_for(&mut self, what: &str, words: &[&str]) -> Result<()> {
        let end = Deadline::after(PATIENCE);
        loop {
            let Err(error) = self.ask(words) else { return Ok(()) };
            if let Some(name) = self.guard.ended() {
                bail!("{name} ended by itself; it said:\n{}", self.last_words(&name));
            }
            end.check(|| format!("{what}: {error:#}"))?;
        }
    }

    /// The end of what a part said.
    fn last_words(&self, name: &str) -> String {
        let text = fs::read_to_string(self.directory.join(format!("{name}.log")));
        let text = text.unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    fn write_settings(&self, port: u16, kinds: &[&str]) -> Result<()> {
        let token = token()?;
        let kubeconfig = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "live",
            "clusters": [{ "name": "live", "cluster": {
                "server": format!("https://127.0.0.1:{port}"),
                "certificate-authority": self.directory.join("certificates/apiserver.crt"),
            } }],
            "users": [{ "name": "live", "user": { "token": token } }],
            "contexts": [{ "name": "live", "context": { "cluster": "live", "user": "live" } }],
        });
        let tokens = format!("{token},live,1,\"system:masters\"\n");
        let of_operators = OPERATORS.iter().filter(|(name, _)| kinds.contains(name));
        let stages: Vec<&str> =
            STAGES.iter().copied().chain(of_operators.map(|(_, text)| *text)).collect();
        let (private, public) = keys()?;
        let files = [
            ("kubeconfig", kubeconfig.to_string()),
            ("tokens.csv", tokens),
            ("service-accounts.pem", private),
            ("service-accounts.pub", public),
            ("stages.yaml", stages.join("---\n")),
        ];
        for (name, text) in files {
            let path = self.directory.join(name);
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }
}

/// A moment after which nobody waits any longer.
struct Deadline(Instant);

impl Deadline {
    #[expect(clippy::disallowed_methods, reason = "waiting for other processes has an end")]
    fn after(time: Duration) -> Self {
        Self(Instant::now() + time)
    }

    #[expect(clippy::disallowed_methods, reason = "waiting for other processes has an end")]
    fn check(&self, what: impl FnOnce() -> String) -> Result<()> {
        if Instant::now() > self.0 {
            bail!("waited too long: {}", what());
        }
        Ok(())
    }
}

/// A directory of our own among the system's temporary ones.
pub fn fresh_directory() -> Result<PathBuf> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("socle-live-{}-{count}", std::process::id());
    let directory = std::env::temp_dir().join(name);
    fs::create_dir(&directory).with_context(|| format!("cannot make {}", directory.display()))?;
    Ok(directory)
}

/// The nodes, and a storage class whose claims get their volumes.
fn furniture(options: &Options) -> String {
    let size = json!({ "cpu": options.cpu, "memory": options.memory, "pods": "1000" });
    let node = |number: u32| {
        let name = format!("node-{number}");
        let labels = json!({
            "kubernetes.io/hostname": name, "kubernetes.io/os": "linux",
            "kubernetes.io/arch": "amd64",
            "topology.kubernetes.io/zone": format!("zone-{number}"),
        });
        json!({ "apiVersion": "v1", "kind": "Node",
            "metadata": { "name": name, "labels": labels },
            "status": { "capacity": size, "allocatable": size } })
    };
    let mut objects: Vec<Value> = (1..=options.nodes).map(node).collect();
    objects.push(json!({
        "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass",
        "metadata": { "name": "live", "annotations": {
            "storageclass.kubernetes.io/is-default-class": "true" } },
        "provisioner": "live.socle.example/claims", "volumeBindingMode": "Immediate",
    }));
    json!({ "apiVersion": "v1", "kind": "List", "items": objects }).to_string()
}

/// What opens the API server.
fn token() -> Result<String> {
    let mut bytes = [0; 24];
    let made = SystemRandom::new().fill(&mut bytes);
    made.ok().context("the system has no random numbers")?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// How a public key on the curve P-256 begins (RFC 5480); the point follows.
const PUBLIC_KEY: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// What the tokens of service accounts are signed with, and what they are checked with.
fn keys() -> Result<(String, String)> {
    let random = SystemRandom::new();
    let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let made = EcdsaKeyPair::generate_pkcs8(kind, &random).ok().context("no key can be made")?;
    let pair = EcdsaKeyPair::from_pkcs8(kind, made.as_ref(), &random);
    let pair = pair.ok().context("the key that was made is none")?;
    let public = [&PUBLIC_KEY[..], pair.public_key().as_ref()].concat();
    Ok((pem("PRIVATE KEY", made.as_ref()), pem("PUBLIC KEY", &public)))
}

fn pem(what: &str, bytes: &[u8]) -> String {
    format!("-----BEGIN {what}-----\n{}\n-----END {what}-----\n", STANDARD.encode(bytes))
}

/// Runs a command on a text and returns its standard output.
fn said(command: &mut Command, text: &str) -> Result<String> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().context("cannot start kubectl")?;
    let input = child.stdin.take();
    // Another thread writes, so that neither waits for the other for ever.
    let output = std::thread::scope(|scope| {
        // Whoever does not read to the end has a reason, and says it.
        scope.spawn(move || input.map(|mut input| input.write_all(text.as_bytes())));
        child.wait_with_output()
    })?;
    if !output.status.success() {
        bail!("kubectl failed:\n{}", String::from_utf8_lossy(&output.stderr).trim_end());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
