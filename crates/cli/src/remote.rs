//! Schemas that a chart's schema refers to by `http`, `https` or `file`, had as Helm has them.
//!
//! Not here: references within a schema, which need neither network nor files (see `helm::schema`).

use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use helm::chart;
use helm::schema::{Remote, Schemas};
use registry::http::{Client, Request, Timeouts, TlsOptions};
use registry::{Environment, Url};

/// How long one schema may take: Helm's limit.
const PATIENCE: Duration = Duration::from_secs(15);

/// The largest schema, in bytes. Kubernetes' own definitions, the largest that charts refer to,
/// have two million.
const MAX_SCHEMA: u64 = 32 << 20;

/// A cache of schemas whose remote parts come from this machine's files, and from the network as
/// `environment` reaches it.
pub fn schemas(environment: &Environment) -> Schemas {
    let timeouts = Timeouts { request: PATIENCE, connect: PATIENCE };
    Schemas::new(Box::new(Web(Client::new(environment, TlsOptions::default(), timeouts))))
}

struct Web(Client);

impl Remote for Web {
    fn load(&self, address: &str) -> Result<Vec<u8>, String> {
        let failed = |reason: String| format!("HTTP request failed for {address}: {reason}");
        let url = Url::parse(address).map_err(|error| failed(error.to_string()))?;
        let request = Request { accept: None, authorization: None, form: None, limit: MAX_SCHEMA };
        let response = self.0.send(&url, &request).map_err(|error| failed(error.to_string()))?;
        if response.status == 200 {
            return Ok(response.body);
        }
        let (code, text) = (response.status, response.status_text());
        let reason = text.split_once(' ').map_or("", |(_, reason)| reason);
        Err(format!("HTTP request to {address} returned status {code} ({reason})"))
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        chart::read_alone(Path::new(path)).map_err(|error| {
            let verb = if error.kind() == ErrorKind::IsADirectory { "read" } else { "open" };
            format!("{verb} {path}: {}", chart::go_reason(&error))
        })
    }
}
