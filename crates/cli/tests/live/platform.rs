//! Platforms, built by the real binary into directories of this test's own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

use crate::plane::PLANE;

/// Every profile there is.
pub const PROFILES: &[&str] = &["demo", "small", "standard", "high-availability"];

/// What is known of a cluster: nothing; one with a Gateway and every operator; one with an ingress.
pub const CLUSTERS: &[(&str, &str)] = &[
    ("bare", "{}"),
    (
        "operators",
        "{gatewayClasses: [eg], issuers: [main], storageClasses: [live], \
         operators: [cloudnative-pg, cert-manager, external-dns, prometheus-operator]}\n\
         tls: self-signed",
    ),
    ("ingress", "{gatewayClasses: [], ingressClasses: [nginx]}"),
];

/// Every platform of all services of the catalogue: each profile on each cluster.
pub static EVERYTHING: LazyLock<Vec<Everything>> = LazyLock::new(|| {
    let services = services().join(", ");
    let clusters = PROFILES.iter().flat_map(|profile| CLUSTERS.iter().map(move |on| (profile, on)));
    let built = clusters.map(|(profile, (cluster, facts))| {
        let namespace = format!("all-{profile}-{cluster}");
        let configuration = format!(
            "domain: a.example\nname: {namespace}\nprofile: {profile}\nservices: [{services}]\n\
             facts: {facts}\n"
        );
        let platform = Platform::built(&namespace, &configuration);
        Everything { namespace, cluster, platform }
    });
    built.collect()
});

/// All services of the catalogue under a profile.
pub struct Everything {
    /// The namespace, and the name of the platform.
    pub namespace: String,
    /// The name of the facts among [`CLUSTERS`].
    pub cluster: &'static str,
    /// What was built.
    pub platform: Platform,
}

/// A platform's configuration and what was built of it. It goes with the control plane.
pub struct Platform {
    home: PathBuf,
}

impl Platform {
    /// Builds what a configuration says.
    pub fn built(name: &str, configuration: &str) -> Self {
        let home = PLANE.directory().join(name);
        fs::create_dir(&home).unwrap();
        fs::write(home.join("socle.yaml"), configuration).unwrap();
        let platform = Self { home };
        platform.build();
        platform
    }

    /// Builds it again.
    pub fn build(&self) {
        let made = socle().arg("build").current_dir(&self.home).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    /// The install directory.
    pub fn install(&self) -> PathBuf {
        self.home.join("install")
    }

    /// The manifests in order, without the one that makes the namespace.
    pub fn manifests(&self) -> Vec<PathBuf> {
        let files = fs::read_dir(self.install().join("manifests")).unwrap();
        let mut files: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| !path.ends_with("01-namespace.yaml"));
        files.sort();
        files
    }
}

/// The binary, without the environment of whoever runs the tests.
pub fn socle() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_socle"));
    command.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C.UTF-8");
    command
}

/// The names of all services of the catalogue that people ask for; the way in comes with them.
pub fn services() -> Vec<String> {
    let listed = socle().args(["catalog", "list", "--output", "json"]).output().unwrap();
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    let services = listed.as_array().unwrap();
    let names = services.iter().map(|one| one["name"].as_str().unwrap().to_owned());
    names.filter(|name| !["gateway", "ingress"].contains(&name.as_str())).collect()
}

/// Files as the arguments of kubectl.
pub fn files(of: &[PathBuf]) -> Vec<&str> {
    of.iter().flat_map(|path| ["-f", utf8(path)]).collect()
}

fn utf8(path: &Path) -> &str {
    path.to_str().unwrap()
}
