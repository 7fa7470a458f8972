//! What the cluster can do, as far as charts may ask: `.Capabilities`.
//!
//! Not here: any cluster. `helm template` answers with constants, restated here for the version of
//! Helm that we stand in for, and with what the user gives by `--kube-version` and
//! `--api-versions`.

use version::kubernetes::{GenericVersion, GenericVersionError};

/// The Helm that charts see in `.Capabilities.HelmVersion`.
pub const HELM_VERSION: &str = "v4.3.1";
/// Its commit.
pub const HELM_COMMIT: &str = "c0d08d0d6d9424d4a14febb5e8a3e51b0dd00dff";
/// The Go it is built with.
pub const HELM_GO_VERSION: &str = "go1.27.2";
/// The Kubernetes that its client is made for.
pub const HELM_KUBE_CLIENT_VERSION: &str = "v1.37";

/// The API versions that Helm assumes where no cluster is asked, in its order.
pub const DEFAULT_API_VERSIONS: &[&str] = &[
    "v1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1alpha1",
    "admissionregistration.k8s.io/v1beta1",
    "internal.apiserver.k8s.io/v1alpha1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1alpha1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1beta1",
    "certificates.k8s.io/v1alpha1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "lifecycle.k8s.io/v1alpha1",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1alpha1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1beta2",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1beta1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storagemigration.k8s.io/v1",
    "storagemigration.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
];

/// What a chart may ask about the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// The version of Kubernetes.
    pub kube_version: KubeVersion,
    /// The API versions, in order.
    pub api_versions: Vec<String>,
}

impl Default for Capabilities {
    fn default() -> Self {
        let versions = DEFAULT_API_VERSIONS.iter().map(|&version| version.to_owned());
        Self { kube_version: KubeVersion::default(), api_versions: versions.collect() }
    }
}

/// A version of Kubernetes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubeVersion {
    /// As given, with a `v`: `v1.33.4-gke.1245000`.
    pub version: String,
    /// Without suffix, for constraints: `v1.33.4`.
    pub normalized: String,
    /// The first number.
    pub major: String,
    /// The second number.
    pub minor: String,
}

impl Default for KubeVersion {
    fn default() -> Self {
        Self {
            version: "v1.37.0".to_owned(),
            normalized: "v1.37.0".to_owned(),
            major: "1".to_owned(),
            minor: "37".to_owned(),
        }
    }
}

impl KubeVersion {
    /// The version without suffix, where it is known.
    pub fn for_constraints(&self) -> &str {
        if self.normalized.is_empty() { &self.version } else { &self.normalized }
    }

    /// Reads what `--kube-version` gives.
    pub fn parse(text: &str) -> Result<Self, GenericVersionError> {
        let numbers = GenericVersion::parse(text)?;
        let prefix = if text.starts_with('v') { "" } else { "v" };
        Ok(Self {
            version: format!("{prefix}{text}"),
            normalized: format!("v{numbers}"),
            major: numbers.major().to_string(),
            minor: numbers.minor().to_string(),
        })
    }
}
