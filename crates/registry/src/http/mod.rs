//! HTTP with bounds: one request, one answer in memory, never too large and never too late.
//!
//! It knows neither repositories nor registries. Redirects are followed here and not by the HTTP
//! library, so that credentials are dropped as soon as scheme, host or port change.

mod error;
mod forward;
mod proxy;
mod tls;

use std::io::Read;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

pub use error::HttpError;
use forward::Forwarder;
use proxy::{Proxies, Route};
pub use tls::TlsOptions;
use ureq::Agent;
use ureq::http::{HeaderMap, Uri};
use ureq::unversioned::resolver::DefaultResolver;

use crate::environment::Environment;
use crate::url::Url;

/// The largest chart archive, in bytes: Helm's own limit for a chart's content, unpacked.
pub const MAX_CHART_BYTES: u64 = 100 << 20;
/// The largest index of a repository, in bytes. The largest public ones are some 20 MB.
pub const MAX_INDEX_BYTES: u64 = 256 << 20;
/// The largest manifest, token or list of tags, in bytes; registries' own limit for manifests.
pub const MAX_METADATA_BYTES: u64 = 4 << 20;
/// How many redirects are followed: Go's limit.
const MAX_REDIRECTS: usize = 10;
/// How long a request may take from its first to its last byte: Helm's limit.
const REQUEST_TIMEOUT: Duration = Duration::from_mins(2);
/// How long a server may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// The first read of a body; it doubles from there, up to what is read at once. The memory grows as
/// much: doubling would take three times the bound before an endless body is refused.
const FIRST_READ_BYTES: usize = 64 << 10;
const MAX_READ_BYTES: usize = 8 << 20;

/// How long a client waits.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// From the first to the last byte of a request.
    pub request: Duration,
    /// Until a connection stands.
    pub connect: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { request: REQUEST_TIMEOUT, connect: CONNECT_TIMEOUT }
    }
}

/// A client with one set of TLS options. Cheap to make: certificates are read when first needed.
#[derive(Debug)]
pub struct Client {
    tls: TlsOptions,
    timeouts: Timeouts,
    proxies: Proxies,
    environment: Environment,
    plain: OnceLock<Agent>,
    secure: OnceLock<Agent>,
}

/// A request: `GET`, or `POST` when it has a form.
#[derive(Clone, Debug, Default)]
pub struct Request<'a> {
    /// The `Accept` header.
    pub accept: Option<&'a str>,
    /// The `Authorization` header.
    pub authorization: Option<&'a str>,
    /// A form to post, encoded.
    pub form: Option<&'a str>,
    /// The largest body to read, in bytes.
    pub limit: u64,
}

/// An answer, whatever its status.
#[derive(Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The URL that answered, after redirects.
    pub url: Url,
    /// The whole body.
    pub body: Vec<u8>,
    headers: HeaderMap,
}

impl Response {
    /// A header's first value, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The status as Go prints it: `404 Not Found`.
    pub fn status_text(&self) -> String {
        let reason = ureq::http::StatusCode::from_u16(self.status).ok();
        match reason.and_then(|status| status.canonical_reason()) {
            Some(reason) => format!("{} {reason}", self.status),
            None => self.status.to_string(),
        }
    }
}

impl Client {
    /// A client with these TLS options; proxies come from the environment.
    pub fn new(environment: &Environment, tls: TlsOptions, timeouts: Timeouts) -> Self {
        Self {
            tls,
            timeouts,
            proxies: Proxies::from_environment(environment),
            environment: environment.clone(),
            plain: OnceLock::new(),
            secure: OnceLock::new(),
        }
    }

    /// Sends a request and reads its whole answer, following redirects.
    pub fn send(&self, url: &Url, request: &Request<'_>) -> Result<Response, HttpError> {
        let mut target = url.clone();
        let mut authorization = request.authorization;
        for _ in 0..=MAX_REDIRECTS {
            let response = self.send_once(&target, authorization, request)?;
            let location = match response.status {
                301 | 302 | 303 | 307 | 308 => response.header("location"),
                _ => None,
            };
            let Some(location) = location else { return Ok(response) };
            let next = Url::parse(location)
                .map_err(|source| HttpError::Redirect { url: target.to_string(), source })?;
            let next = target.resolve(&next);
            if !next.same_origin(&target) {
                authorization = None;
            }
            target = next;
        }
        Err(HttpError::TooManyRedirects { url: url.to_string(), limit: MAX_REDIRECTS })
    }

    fn send_once(
        &self,
        url: &Url,
        authorization: Option<&str>,
        request: &Request<'_>,
    ) -> Result<Response, HttpError> {
        let text = url.to_string();
        let failed = |source| HttpError::new(request.method(), &text, source);
        let parsed =
            || text.parse::<Uri>().map_err(|error| failed(ureq::Error::Http(error.into())));
        let own = self.agent(url)?;
        let forwarder;
        let (agent, uri, proxy, host, login) = match self.proxies.route(url)? {
            Route::Direct => (own, parsed()?, None, None, None),
            Route::Tunnel(proxy) => (own, parsed()?, Some(proxy), None, None),
            Route::Forward(uri, login) => {
                let origin = format!("http://{}", url.host);
                let resolver = DefaultResolver::default();
                forwarder = Agent::with_parts(own.config().clone(), Forwarder { origin }, resolver);
                (&forwarder, uri, None, Some(url.host.as_str()), login)
            }
        };
        let headers = [
            ("Host", host),
            ("Proxy-Authorization", login.as_deref()),
            ("Accept", request.accept),
            ("Authorization", authorization),
        ];
        let present = headers.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let answer = if let Some(form) = request.form {
            let mut builder = agent.post(uri).config().proxy(proxy).build();
            for (name, value) in present {
                builder = builder.header(name, value);
            }
            let kind = "application/x-www-form-urlencoded";
            builder.header("Content-Type", kind).send(form).map_err(failed)?
        } else {
            let mut builder = agent.get(uri).config().proxy(proxy).build();
            for (name, value) in present {
                builder = builder.header(name, value);
            }
            builder.call().map_err(failed)?
        };
        let (parts, body) = answer.into_parts();
        let body = read_bounded(body, request.limit).map_err(|error| match error {
            Unread::TooLarge => HttpError::TooLarge { url: text.clone(), limit: request.limit },
            Unread::Failed(source) => HttpError::new(request.method(), &text, source.into()),
        })?;
        Ok(Response {
            status: parts.status.as_u16(),
            url: url.clone(),
            body,
            headers: parts.headers,
        })
    }

    /// The connections for a URL's scheme. Certificates are only read for `https`.
    fn agent(&self, url: &Url) -> Result<&Agent, HttpError> {
        let cell = match url.scheme.as_str() {
            "http" => &self.plain,
            "https" => &self.secure,
            other => return Err(HttpError::Scheme { scheme: other.to_owned() }),
        };
        if let Some(agent) = cell.get() {
            return Ok(agent);
        }
        let mut config = Agent::config_builder()
            .proxy(None)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("socle/", env!("CARGO_PKG_VERSION")))
            .timeout_global(Some(self.timeouts.request))
            .timeout_connect(Some(self.timeouts.connect));
        if url.scheme == "https" {
            config = config.tls_config(self.tls.load(&self.environment)?);
        }
        Ok(cell.get_or_init(|| Agent::new_with_config(config.build())))
    }
}

impl Request<'_> {
    /// The method in Go's spelling, as its error messages begin.
    fn method(&self) -> &'static str {
        if self.form.is_some() { "Post" } else { "Get" }
    }
}

enum Unread {
    TooLarge,
    Failed(std::io::Error),
}

/// Reads a body that may claim any length and never end.
fn read_bounded(body: ureq::Body, limit: u64) -> Result<Vec<u8>, Unread> {
    if body.content_length().is_some_and(|length| length > limit) {
        return Err(Unread::TooLarge);
    }
    // The buffer grows with what really comes, not with what is claimed.
    let mut content = Vec::new();
    let mut reader = body.into_with_config().limit(u64::MAX).reader();
    loop {
        let wanted = content.len().clamp(FIRST_READ_BYTES, MAX_READ_BYTES);
        content.reserve_exact(wanted);
        let mut part = reader.by_ref().take(wanted as u64);
        let read = part.read_to_end(&mut content).map_err(Unread::Failed)?;
        if content.len() as u64 > limit {
            return Err(Unread::TooLarge);
        }
        if read < wanted {
            return Ok(content);
        }
    }
}

/// The `Authorization` header for a user and a password.
pub fn basic_authorization(user: &str, password: &str) -> String {
    use base64::Engine as _;
    let token = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
    format!("Basic {token}")
}

/// A client that several parts share.
pub type SharedClient = Arc<Client>;
