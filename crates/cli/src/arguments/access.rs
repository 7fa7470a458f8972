//! The flags that say as whom and how servers are asked.

use std::path::PathBuf;

use registry::Access;
use registry::http::TlsOptions;
use registry::locate::Source;

use super::{go_bool, path};

/// Flags of every command that may ask a server.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct AccessArguments {
    /// User name for the chart repository.
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    pub username: Option<String>,
    /// Password for the chart repository.
    #[arg(long, value_name = "WORD", allow_hyphen_values = true)]
    pub password: Option<String>,
    /// Bundle of authorities that HTTPS servers are verified with.
    #[arg(long, value_name = "FILE", value_parser = path())]
    pub ca_file: Option<PathBuf>,
    /// Certificate of this client.
    #[arg(long, value_name = "FILE", value_parser = path())]
    pub cert_file: Option<PathBuf>,
    /// Key of this client's certificate.
    #[arg(long, value_name = "FILE", value_parser = path())]
    pub key_file: Option<PathBuf>,
    /// Do not verify the certificates of HTTPS servers.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    pub insecure_skip_tls_verify: Option<bool>,
    /// Use HTTP without TLS.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    pub plain_http: Option<bool>,
}

impl AccessArguments {
    /// The source that these flags describe: nothing but how it is asked. Fails, as Helm does, when a
    /// file that they name cannot be used, even if no server will be asked.
    pub fn source(&self) -> Result<Source, String> {
        let file =
            |path: &Option<PathBuf>| path.clone().filter(|path| !path.as_os_str().is_empty());
        let tls = TlsOptions {
            ca_file: file(&self.ca_file),
            cert_file: file(&self.cert_file),
            key_file: file(&self.key_file),
            insecure: self.insecure_skip_tls_verify == Some(true),
        };
        tls.check().map_err(|error| {
            format!("missing registry client: can't create TLS config for client: {error}")
        })?;
        let access = Access {
            username: self.username.clone().unwrap_or_default(),
            password: self.password.clone().unwrap_or_default(),
            pass_to_all: false,
            tls,
        };
        Ok(Source { access, plain_http: self.plain_http == Some(true), ..Source::default() })
    }
}
