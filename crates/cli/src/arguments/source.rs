//! The flags that say where a chart comes from.

use std::path::PathBuf;

use super::go_bool;

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
    /// User name for the chart repository.
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    pub username: Option<String>,
    /// Password for the chart repository.
    #[arg(long, value_name = "WORD", allow_hyphen_values = true)]
    pub password: Option<String>,
    /// Pass the credentials to all hosts.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    pub pass_credentials: Option<bool>,
    /// Bundle of authorities that HTTPS servers are verified with.
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Certificate of this client.
    #[arg(long, value_name = "FILE")]
    pub cert_file: Option<PathBuf>,
    /// Key of this client's certificate.
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Do not verify the certificates of HTTPS servers.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    pub insecure_skip_tls_verify: Option<bool>,
    /// Use HTTP without TLS.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    pub plain_http: Option<bool>,
    /// Verify the signature of the chart.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    pub verify: Option<bool>,
    /// Public keys for verification.
    #[arg(long, value_name = "FILE")]
    pub keyring: Option<PathBuf>,
}
