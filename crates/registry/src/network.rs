//! Clients by their TLS options, and the plain download from a chart repository.

use std::sync::{Arc, Mutex, PoisonError};

use crate::environment::Environment;
use crate::http::{Client, HttpError, Request, Timeouts, TlsOptions, basic_authorization};
use crate::url::Url;

/// Everything this process asks of the network.
#[derive(Debug)]
pub struct Network {
    environment: Environment,
    timeouts: Timeouts,
    clients: Mutex<Vec<(TlsOptions, Arc<Client>)>>,
}

/// Who asks a chart repository, and how.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// User name; counts only with a password.
    pub username: String,
    /// Password.
    pub password: String,
    /// Show them to other hosts than the repository's too.
    pub pass_to_all: bool,
    /// Certificates and trust.
    pub tls: TlsOptions,
}

impl Network {
    /// The network as this environment reaches it.
    pub fn new(environment: &Environment, timeouts: Timeouts) -> Self {
        Self { environment: environment.clone(), timeouts, clients: Mutex::default() }
    }

    /// The environment it was made for.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The client with those TLS options; one each, so that connections are used again.
    pub fn client(&self, tls: &TlsOptions) -> Arc<Client> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, client)) = clients.iter().find(|(known, _)| known == tls) {
            return Arc::clone(client);
        }
        let client = Arc::new(Client::new(&self.environment, tls.clone(), self.timeouts));
        clients.push((tls.clone(), Arc::clone(&client)));
        client
    }

    /// Downloads what is at `url`. Credentials belong to the host of `owner` and are shown to
    /// others only if [`Access::pass_to_all`] says so.
    pub fn download(
        &self,
        url: &Url,
        owner: &Url,
        access: &Access,
        accept: Option<&str>,
        limit: u64,
    ) -> Result<Vec<u8>, HttpError> {
        let known = !access.username.is_empty() && !access.password.is_empty();
        let own = url.scheme == owner.scheme && url.host == owner.host;
        let authorization = (known && (own || access.pass_to_all))
            .then(|| basic_authorization(&access.username, &access.password));
        let authorization = authorization.as_deref();
        let client = self.client(&access.tls);
        let response = client.send(url, &Request { accept, authorization, form: None, limit })?;
        if response.status == 200 {
            return Ok(response.body);
        }
        Err(HttpError::Status { url: url.to_string(), status: response.status_text() })
    }
}
