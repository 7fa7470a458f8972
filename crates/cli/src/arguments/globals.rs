//! The flags that all `chart` commands share.

use std::path::PathBuf;

use super::{go_bool, go_float, go_int, path};
use crate::environment::Environment;

/// In which words errors are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Errors {
    /// For people on a terminal, in Helm's words elsewhere.
    #[default]
    Auto,
    /// As Helm.
    Helm,
    /// With place, values and remedy.
    People,
}

/// Helm's global flags. Those that only concern a cluster are taken and ignored, as `helm template`
/// does.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Global flags")]
pub struct Globals {
    /// Say more.
    #[arg(long, global = true, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    debug: Option<bool>,
    /// Namespace of the release.
    #[arg(short, long, global = true, value_name = "NAME", allow_hyphen_values = true)]
    pub namespace: Option<String>,
    /// Path of the kubeconfig file; only its context's namespace is looked at.
    #[arg(long, global = true, value_name = "FILE", value_parser = path())]
    pub kubeconfig: Option<PathBuf>,
    /// Name of the kubeconfig context.
    #[arg(long, global = true, value_name = "NAME")]
    pub kube_context: Option<String>,
    /// The file of repository names and addresses.
    #[arg(long, global = true, value_name = "FILE", value_parser = path())]
    pub repository_config: Option<PathBuf>,
    /// The directory of cached repository indexes.
    #[arg(long, global = true, value_name = "DIR", value_parser = path())]
    pub repository_cache: Option<PathBuf>,
    /// The file of registry logins.
    #[arg(long, global = true, value_name = "FILE", value_parser = path())]
    pub registry_config: Option<PathBuf>,
    /// The directory of cached content.
    #[arg(long, global = true, value_name = "DIR", value_parser = path())]
    pub content_cache: Option<PathBuf>,
    /// In which words errors are told: `auto` is `people` on a terminal and `helm` elsewhere.
    #[arg(long, global = true, value_name = "HOW")]
    pub errors: Option<Errors>,
    #[command(flatten)]
    cluster: Cluster,
}

/// Accepted for scripts that pass them to every Helm command.
#[derive(Clone, Debug, Default, clap::Args)]
struct Cluster {
    #[arg(long, global = true, hide = true)]
    color: Option<String>,
    #[arg(long, global = true, hide = true, overrides_with = "color")]
    colour: Option<String>,
    #[arg(long, global = true, hide = true, value_parser = go_int, allow_hyphen_values = true)]
    burst_limit: Option<i64>,
    #[arg(long, global = true, hide = true, value_parser = go_float, allow_hyphen_values = true)]
    qps: Option<f64>,
    #[arg(long, global = true, hide = true)]
    kube_apiserver: Option<String>,
    #[arg(long, global = true, hide = true)]
    kube_as_group: Vec<String>,
    #[arg(long, global = true, hide = true)]
    kube_as_user: Option<String>,
    #[arg(long, global = true, hide = true)]
    kube_ca_file: Option<String>,
    #[arg(long, global = true, hide = true, num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    kube_insecure_skip_tls_verify: Option<bool>,
    #[arg(long, global = true, hide = true)]
    kube_tls_server_name: Option<String>,
    #[arg(long, global = true, hide = true)]
    kube_token: Option<String>,
}

impl Globals {
    /// Whether to say more.
    pub fn debug(&self) -> bool {
        self.debug == Some(true)
    }

    /// Whether `--color` is one that Helm knows, though nothing here is coloured by it.
    pub(super) fn check(&self) -> Result<(), String> {
        let Cluster { color, colour, .. } = &self.cluster;
        match colour.as_ref().or(color.as_ref()).map(String::as_str) {
            None | Some("never" | "auto" | "always") => Ok(()),
            Some(other) => {
                let other = strconv::quote(other.as_bytes());
                let words =
                    format!("invalid color mode {other}: must be one of: never, auto, always");
                let words = strconv::quote(words.as_bytes());
                Err(format!("level=WARN msg=\"command failed\" error={words}"))
            }
        }
    }

    /// Takes from Helm's variables what the command line left open.
    pub(super) fn fill_from(&mut self, environment: &Environment) {
        let path = |name| environment.get(name).map(PathBuf::from);
        let debug = || environment.get("HELM_DEBUG").and_then(|text| go_bool(text).ok());
        self.debug = self.debug.or_else(debug);
        if self.namespace.as_deref().is_none_or(str::is_empty) {
            self.namespace = environment.get("HELM_NAMESPACE").map(str::to_owned);
        }
        if self.kube_context.is_none() {
            self.kube_context = environment.get("HELM_KUBECONTEXT").map(str::to_owned);
        }
        self.repository_config =
            self.repository_config.take().or_else(|| path("HELM_REPOSITORY_CONFIG"));
        self.repository_cache =
            self.repository_cache.take().or_else(|| path("HELM_REPOSITORY_CACHE"));
        self.registry_config = self.registry_config.take().or_else(|| path("HELM_REGISTRY_CONFIG"));
        self.content_cache = self.content_cache.take().or_else(|| path("HELM_CONTENT_CACHE"));
    }
}
