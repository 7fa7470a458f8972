//! The flags that say where a chart comes from.

use std::path::PathBuf;

use super::{AccessArguments, go_bool, path};

/// Flags of every command that takes a chart by reference.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Where the chart comes from")]
pub struct SourceArguments {
    /// Address of the chart repository.
    #[arg(long, value_name = "URL")]
    pub repo: Option<String>,
    /// Version or constraint of the chart.
    #[arg(long, value_name = "VERSION", allow_hyphen_values = true)]
    pub version: Option<String>,
    /// Take development versions too: the same as version `>0.0.0-0`.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    pub devel: Option<bool>,
    /// Pass the credentials to all hosts.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    pub pass_credentials: Option<bool>,
    /// Verify the signature of the chart.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    pub verify: Option<bool>,
    /// Public keys for verification.
    #[arg(long, value_name = "FILE", value_parser = path())]
    pub keyring: Option<PathBuf>,
    #[command(flatten)]
    pub access: AccessArguments,
}
