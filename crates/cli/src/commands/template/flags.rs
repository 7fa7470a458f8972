//! The flags of `socle chart template`: Helm's, and Socle's own below them.

use std::path::PathBuf;

use crate::arguments::{SourceArguments, ValueArguments, go_bool, path};

use super::ignored::IgnoredFlags;

/// The flags of `socle chart template`.
#[derive(Debug, clap::Args)]
#[command(args_override_self = true)]
pub struct Arguments {
    /// `[NAME] CHART`: the release's name, and a directory, an archive, an address or REPO/NAME.
    #[arg(value_name = "[NAME] CHART")]
    pub references: Vec<String>,
    #[command(flatten)]
    pub helm: HelmFlags,
    #[command(flatten)]
    pub more: MoreFlags,
    #[command(flatten)]
    pub values: ValueArguments,
    #[command(flatten)]
    pub source: SourceArguments,
    #[command(flatten)]
    pub ignored: IgnoredFlags,
}

/// Helm's flags.
#[derive(Clone, Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of Helm's")]
pub struct HelmFlags {
    /// API versions for `.Capabilities.APIVersions`, on top of the known ones.
    #[arg(short = 'a', long, value_name = "VERSION", allow_hyphen_values = true)]
    pub api_versions: Vec<String>,
    /// Kubernetes version for `.Capabilities.KubeVersion`.
    #[arg(long, value_name = "VERSION", allow_hyphen_values = true)]
    pub kube_version: Option<String>,
    /// Only show what comes from these templates.
    #[arg(short, long, value_name = "PATH", allow_hyphen_values = true)]
    pub show_only: Vec<String>,
    /// Write the rendered templates to files in this directory.
    #[arg(long, value_name = "DIR", allow_hyphen_values = true, value_parser = path())]
    pub output_dir: Option<PathBuf>,
    /// Template of the release's name.
    #[arg(long, value_name = "TEMPLATE", allow_hyphen_values = true)]
    pub name_template: Option<String>,
    /// Make up the release's name.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, hide_default_value = true,
        default_missing_value = "true", default_value = "false", value_parser = go_bool, short = 'g')]
    pub generate_name: bool,
    /// Print the definitions of `crds/` too.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, hide_default_value = true,
        default_missing_value = "true", default_value = "false", value_parser = go_bool)]
    pub include_crds: bool,
    /// Leave the hooks out.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, hide_default_value = true,
        default_missing_value = "true", default_value = "false", value_parser = go_bool)]
    pub no_hooks: bool,
    /// Leave the tests out.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, hide_default_value = true,
        default_missing_value = "true", default_value = "false", value_parser = go_bool)]
    pub skip_tests: bool,
    /// Has no effect without a cluster.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, hide_default_value = true,
        default_missing_value = "true", default_value = "false", value_parser = go_bool, hide = true)]
    pub skip_crds: bool,
    /// Do not check the values against `values.schema.json`.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, hide_default_value = true,
        default_missing_value = "true", default_value = "false", value_parser = go_bool)]
    pub skip_schema_validation: bool,
    /// Set `.Release.IsUpgrade` instead of `.Release.IsInstall`.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, hide_default_value = true,
        default_missing_value = "true", default_value = "false", value_parser = go_bool)]
    pub is_upgrade: bool,
    /// Use the release's name in the path of `--output-dir`.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, hide_default_value = true,
        default_missing_value = "true", default_value = "false", value_parser = go_bool)]
    pub release_name: bool,
    /// Fetch missing dependencies before rendering.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, hide_default_value = true,
        default_missing_value = "true", default_value = "false", value_parser = go_bool)]
    pub dependency_update: bool,
    /// Let `getHostByName` ask the network.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, hide_default_value = true,
        default_missing_value = "true", default_value = "false", value_parser = go_bool)]
    pub enable_dns: bool,
    /// Needs a cluster.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool, hide = true)]
    pub validate: Option<bool>,
    /// `client`; `server` needs a cluster.
    #[arg(long, value_name = "HOW", num_args = 0..=1, require_equals = true,
        default_missing_value = "unset")]
    pub dry_run: Option<String>,
    /// A plugin of Helm that changes what was rendered.
    #[arg(long, value_name = "PLUGIN", allow_hyphen_values = true)]
    pub post_renderer: Option<String>,
    /// Arguments for the post-renderer.
    #[arg(long, value_name = "WORD", allow_hyphen_values = true)]
    pub post_renderer_args: Vec<String>,
}

/// How far functions may reach outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum EffectsFlag {
    /// As Helm: the machine's clock and randomness.
    Helm,
    /// A clock that stands still and random values that are the same each time.
    Frozen,
}

/// How a report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum FormatFlag {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// What Helm cannot do.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Beyond Helm")]
pub struct MoreFlags {
    /// Render once per values file in DIR, or per folder of them, which names the release and, without
    /// `--namespace`, its namespace; hidden ones do not count.
    #[arg(long, value_name = "DIR")]
    pub each: Option<PathBuf>,
    /// Threads for `--each`.
    #[arg(long, value_name = "N", requires = "each")]
    pub threads: Option<usize>,
    /// Show what another chart would change, grouped by identical effect; what instances have of
    /// their own in it is written `{instance}` and `${path.of.the.value}`.
    #[arg(long, value_name = "CHART")]
    pub against: Option<String>,
    /// Show what another values file would change, on top of each instance's own files; what --set
    /// and the like give still counts more.
    #[arg(long, value_name = "FILE", conflicts_with = "against")]
    pub against_values: Option<PathBuf>,
    /// Compare with what this Helm prints, to the byte; the exit code is 1 where something differs.
    #[arg(long, value_name = "HELM")]
    pub verify_with: Option<PathBuf>,
    /// How many instances to compare; all by default.
    #[arg(long, value_name = "N", requires = "verify_with")]
    pub sample: Option<usize>,
    /// Tell where a field comes from: `Deployment/web:spec.replicas`, or with the namespace,
    /// `Deployment/shop/web:spec.replicas`; with `--each`, in every instance, where `{instance}`
    /// stands for its name: `Deployment/{instance}-web:spec.replicas`. May be given several times.
    #[arg(long, value_name = "OBJECT:PATH", conflicts_with_all = ["against", "against_values", "verify_with"])]
    pub explain: Vec<String>,
    /// List the given values that no template reads; with `--each`, for every instance.
    #[arg(long, conflicts_with_all = ["explain", "against", "against_values", "verify_with"])]
    pub unread: bool,
    /// How reports are printed; `json` alone prints all objects with their origins. With `--each`,
    /// JSON is one document a line, in the order of the instances: `{"instance": NAME, "field": …}`
    /// (or `unread`, `release`), and `error` for one that failed.
    #[arg(long, value_name = "HOW")]
    pub format: Option<FormatFlag>,
    /// How far functions may reach outside.
    #[arg(long, value_name = "HOW", default_value = "helm", hide_default_value = true)]
    pub effects: EffectsFlag,
}
