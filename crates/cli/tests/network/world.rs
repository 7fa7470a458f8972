//! A chart, certificates and a directory; both programs run in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs};

use registry::Digest;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

use crate::server::{Answer, Asked, ok, status};

pub struct World {
    pub root: PathBuf,
}

const CHART: &str = "apiVersion: v2\nname: a\nversion: 1.0.0\n";

/// Our own functions make the certificates: an authority, a server, a client.
const CERTIFICATES: &str = r#"{{- $ca := genCA "Test" 10 }}
{{- $names := list "charts.example.test" }}
{{- $server := genSignedCert "server" (list "127.0.0.1") $names 10 $ca }}
{{- $other := genSignedCert "other" (list "192.0.2.1") (list "other.test") 10 $ca }}
{{- $client := genSignedCert "client" (list) (list) 10 $ca }}
ca.pem: {{ $ca.Cert | quote }}
server.pem: {{ $server.Cert | quote }}
server.key: {{ $server.Key | quote }}
other.pem: {{ $other.Cert | quote }}
other.key: {{ $other.Key | quote }}
client.pem: {{ $client.Cert | quote }}
client.key: {{ $client.Key | quote }}
"#;

/// What a program did.
#[derive(Debug)]
pub struct Done {
    pub success: bool,
    pub out: String,
    pub err: String,
}

impl World {
    pub fn new() -> Self {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let root = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("network-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        let world = Self { root };
        world.write("a/Chart.yaml", CHART);
        assert!(world.ours(&["package", "a"], &[]).success);
        world
    }

    pub fn with_certificates() -> Self {
        let world = Self::new();
        world.write("c/Chart.yaml", CHART);
        world.write("c/templates/c.yaml", CERTIFICATES);
        let made = world.ours(&["template", "c"], &[]);
        let lines = made.out.lines().filter_map(|line| line.split_once(": "));
        for (name, text) in lines.filter(|(name, _)| name.contains('.')) {
            let text: String = serde_json::from_str(text).unwrap();
            world.write(name, &text);
        }
        world
    }

    pub fn write(&self, path: &str, content: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub fn script(&self, path: &str, content: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        self.write(path, content);
        fs::set_permissions(self.root.join(path), fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub fn path(&self, name: &str) -> String {
        self.root.join(name).display().to_string()
    }

    pub fn archive(&self) -> Vec<u8> {
        fs::read(self.root.join("a-1.0.0.tgz")).unwrap()
    }

    /// A server's side of TLS; with `wants_client`, only clients of the authority are let in.
    pub fn tls(&self, name: &str, wants_client: bool) -> Arc<ServerConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let pem = |end: &str| fs::read(self.root.join(format!("{name}.{end}"))).unwrap();
        let chain: Vec<_> =
            CertificateDer::pem_slice_iter(&pem("pem")).map(Result::unwrap).collect();
        let key = PrivateKeyDer::from_pem_slice(&pem("key")).unwrap();
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap();
        let builder = if wants_client {
            let mut roots = RootCertStore::empty();
            let ca = fs::read(self.root.join("ca.pem")).unwrap();
            roots.add(CertificateDer::from_pem_slice(&ca).unwrap()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.build().unwrap())
        } else {
            builder.with_no_client_auth()
        };
        Arc::new(builder.with_single_cert(chain, key).unwrap())
    }

    /// A chart repository.
    pub fn repository(&self) -> impl Fn(&Asked) -> Answer + Send + Sync + Clone + 'static {
        let archive = self.archive();
        let index = "apiVersion: v1\nentries:\n  a:\n  - apiVersion: v2\n    name: a\n    \
                     version: 1.0.0\n    urls: [a-1.0.0.tgz]\n";
        move |asked: &Asked| match asked.target.rsplit('/').next() {
            Some("index.yaml") => ok(index),
            Some("a-1.0.0.tgz") => ok(archive.clone()),
            _ => status(404),
        }
    }

    /// A registry that holds the chart under `a:1.0.0`.
    pub fn registry(&self) -> impl Fn(&Asked) -> Answer + Send + Sync + Clone + 'static {
        self.registry_with(None)
    }

    /// The same with a provenance file.
    pub fn registry_with(
        &self,
        provenance: Option<Vec<u8>>,
    ) -> impl Fn(&Asked) -> Answer + Send + Sync + Clone + 'static {
        let archive = self.archive();
        let config = "{\"name\":\"a\",\"version\":\"1.0.0\"}";
        let part = |kind: &str, data: &[u8]| {
            format!(
                "{{\"mediaType\":\"application/vnd.cncf.helm.{kind}\",\"digest\":\"{}\",\"size\":{}}}",
                Digest::of(data),
                data.len()
            )
        };
        let signed = provenance.as_ref().map(|data| part("chart.provenance.v1.prov", data));
        let manifest = format!(
            "{{\"schemaVersion\":2,\"config\":{},\"layers\":[{}{}]}}",
            part("config.v1+json", config.as_bytes()),
            part("chart.content.v1.tar+gzip", &archive),
            signed.map(|layer| format!(",{layer}")).unwrap_or_default()
        );
        move |asked: &Asked| {
            let digest = |data: &[u8]| Digest::of(data).to_string();
            let answer = |kind: &str, data: &[u8]| {
                let headers = vec![
                    ("Content-Type".to_owned(), kind.to_owned()),
                    ("Docker-Content-Digest".to_owned(), digest(data)),
                ];
                (200, headers, data.to_vec())
            };
            let manifest_type = "application/vnd.oci.image.manifest.v1+json";
            let path = asked.target.as_str();
            if path.contains("/manifests/") {
                answer(manifest_type, manifest.as_bytes())
            } else if path.ends_with(&digest(&archive)) {
                answer("application/octet-stream", &archive)
            } else if path.ends_with(&digest(config.as_bytes())) {
                answer("application/octet-stream", config.as_bytes())
            } else {
                match &provenance {
                    Some(data) if path.ends_with(&digest(data)) => {
                        answer("application/octet-stream", data)
                    }
                    _ => status(404),
                }
            }
        }
    }

    pub fn ours(&self, args: &[&str], environment: &[(&str, &str)]) -> Done {
        let mut command = Command::new(std::env::var_os("CARGO_BIN_EXE_socle").unwrap());
        command.arg("chart");
        self.run(command, "ours", args, environment)
    }

    pub fn helm(&self, args: &[&str], environment: &[(&str, &str)]) -> Done {
        self.run(Command::new(helm()), "helm", args, environment)
    }

    /// A command of the platform.
    pub fn platform(&self, args: &[&str]) -> Done {
        let command = Command::new(std::env::var_os("CARGO_BIN_EXE_socle").unwrap());
        self.run(command, "platform", args, &[])
    }

    fn run(&self, mut command: Command, who: &str, args: &[&str], more: &[(&str, &str)]) -> Done {
        // Each has a home of its own: what one has fetched must not help the other.
        let home = self.root.join("homes").join(who);
        let _ = fs::remove_dir_all(&home);
        fs::create_dir_all(&home).unwrap();
        let output = command
            .args(args)
            .current_dir(&self.root)
            .env_clear()
            .env("HOME", &home)
            .env("DOCKER_CONFIG", self.root.join("docker"))
            .envs(more.iter().copied())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Done {
            success: output.status.success(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// Both programs succeed, or fail, and print the same; our words are given back.
    pub fn both(&self, wanted: bool, args: &[&str], environment: &[(&str, &str)]) -> String {
        let theirs = self.helm(args, environment);
        let ours = self.ours(args, environment);
        assert_eq!(theirs.success, wanted, "{args:?} {environment:?}: helm says {}", theirs.err);
        assert_eq!(
            ours.success, wanted,
            "{args:?} {environment:?}: {}\nhelm: {}",
            ours.err, theirs.err
        );
        assert_eq!(ours.out, theirs.out, "{args:?}");
        if wanted {
            assert!(ours.out.starts_with("apiVersion: v2\nname: a\n"), "{}", ours.out);
        }
        ours.err
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// The real Helm that `cargo xtask tools` has installed.
#[expect(clippy::disallowed_methods, reason = "tests look for the tools where xtask puts them")]
fn helm() -> PathBuf {
    let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let home = || Path::new(&variable("HOME").unwrap()).join(".cache");
    let shared = || variable("XDG_CACHE_HOME").map_or_else(home, PathBuf::from).join("socle");
    let cache = variable("SOCLE_CACHE").map_or_else(shared, PathBuf::from);
    let tools = fs::read_dir(cache.join("tools")).into_iter().flatten().flatten();
    tools
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("helm-"))
        .map(|entry| entry.path().join("helm"))
        .find(|path| path.is_file())
        .unwrap_or_else(|| panic!("helm is missing: run `cargo xtask tools helm`"))
}
