//! Asking a registry for tags, manifests and layers.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::auth::authorize;
use super::challenge::Challenge;
use super::error::OciError;
use super::login::Logins;
use super::manifest::{ACCEPT, Descriptor, Manifest};
use super::reference::Reference;
use crate::content::ContentCache;
use crate::digest::Digest;
use crate::error::Error;
use crate::http::{self, HttpError, MAX_CHART_BYTES, MAX_METADATA_BYTES, Request, Response};
use crate::provenance::MAX_PROVENANCE_BYTES;
use crate::url::Url;

/// How many pages of tags are read. At 100 tags a page, no chart has that many versions.
const MAX_TAG_PAGES: usize = 1000;
/// The most tags that are read.
const MAX_TAGS: usize = 100_000;

/// How often and how patiently a busy registry is asked again.
#[derive(Clone, Copy, Debug)]
pub struct Retries {
    /// How often, after the first time.
    pub times: u32,
    /// The first pause; it doubles each time.
    pub first_pause: Duration,
    /// The longest pause, whatever the registry asks for.
    pub longest_pause: Duration,
}

impl Default for Retries {
    /// Helm's: five times, from a quarter of a second to three.
    fn default() -> Self {
        Self {
            times: 5,
            first_pause: Duration::from_millis(250),
            longest_pause: Duration::from_secs(3),
        }
    }
}

/// A client of OCI registries. Tokens are kept as long as it lives.
#[derive(Debug)]
pub struct Client {
    http: Arc<http::Client>,
    logins: Logins,
    plain_http: bool,
    retries: Retries,
    /// The `Authorization` header by host and repository.
    authorizations: Mutex<BTreeMap<String, String>>,
}

/// A chart as a registry gave it.
#[derive(Debug)]
pub struct PulledChart {
    /// What was asked for, as registries spell it.
    pub reference: Reference,
    /// The manifest's digest.
    pub manifest: Digest,
    /// The archive.
    pub content: Vec<u8>,
    /// The archive has a media type of Helm's early days.
    pub legacy: bool,
}

impl Client {
    /// A client with these logins; `plain_http` speaks to the registry without TLS.
    pub fn new(http: Arc<http::Client>, logins: Logins, plain_http: bool) -> Self {
        let authorizations = Mutex::default();
        Self { http, logins, plain_http, retries: Retries::default(), authorizations }
    }

    /// The same client, asking again as often as given.
    #[must_use]
    pub fn with_retries(mut self, retries: Retries) -> Self {
        self.retries = retries;
        self
    }

    /// All tags of a repository, in the registry's order and spelling.
    pub fn tags(&self, reference: &Reference) -> Result<Vec<String>, OciError> {
        let first = self.url(reference, "tags/list")?;
        let mut next = Some(first.clone());
        let mut tags = Vec::new();
        for _ in 0..MAX_TAG_PAGES {
            let Some(url) = next.take() else { break };
            let response = self.get(reference, &url, "application/json", MAX_METADATA_BYTES)?;
            if response.status != 200 {
                return Err(status_error("GET", &response));
            }
            let wrong = |reason: String| OciError::Answer {
                what: "the list of tags",
                url: url.to_string(),
                reason,
            };
            let page: Value =
                serde_json::from_slice(&response.body).map_err(|error| wrong(error.to_string()))?;
            let names = page.get("tags").and_then(Value::as_array);
            let names = names.into_iter().flatten().filter_map(Value::as_str);
            tags.extend(names.map(ToOwned::to_owned));
            if tags.len() > MAX_TAGS {
                return Err(wrong(format!("more than {MAX_TAGS} tags")));
            }
            next = next_page(&response).map(|page| url.resolve(&page));
            if next.as_ref().is_some_and(|next| !next.same_origin(&first)) {
                return Err(wrong("the next page is on another server".to_owned()));
            }
        }
        Ok(tags)
    }

    /// The digest of the manifest that a reference leads to.
    pub fn resolve(&self, reference: &Reference) -> Result<Digest, OciError> {
        self.manifest(reference).map(|(digest, _, _)| digest)
    }

    /// Fetches the chart that a reference leads to, from the cache if the manifest names a chart
    /// that is there.
    pub fn pull(&self, reference: &Reference, cache: &ContentCache) -> Result<PulledChart, Error> {
        let (digest, text, url) = self.manifest(reference)?;
        let (layer, legacy, _) = self.chart_layer(reference, &text, &url)?;
        let content = match cache.get(&layer.digest) {
            Some((_, content)) => content,
            None => self.layer(reference, &layer, MAX_CHART_BYTES)?,
        };
        Ok(PulledChart { reference: reference.clone(), manifest: digest, content, legacy })
    }

    /// Fetches the provenance file beside the chart that a reference leads to.
    pub fn provenance(&self, reference: &Reference) -> Result<Vec<u8>, OciError> {
        let (_, text, url) = self.manifest(reference)?;
        let (_, _, provenance) = self.chart_layer(reference, &text, &url)?;
        let layer = provenance.ok_or(OciError::NoProvenanceLayer)?;
        self.layer(reference, &layer, MAX_PROVENANCE_BYTES)
    }

    fn chart_layer(
        &self,
        reference: &Reference,
        text: &[u8],
        url: &str,
    ) -> Result<(Descriptor, bool, Option<Descriptor>), OciError> {
        let inner = match Manifest::parse(text, url)? {
            Manifest::Chart { layer, legacy, provenance } => {
                return Ok((layer, legacy, provenance));
            }
            Manifest::Index(inner) => inner,
        };
        for manifest in inner {
            let digest = Some(manifest.digest);
            let (_, text, url) = self.manifest(&Reference { digest, ..reference.clone() })?;
            if let Ok(Manifest::Chart { layer, legacy, provenance }) = Manifest::parse(&text, &url)
            {
                return Ok((layer, legacy, provenance));
            }
        }
        Err(OciError::NoChartConfig)
    }

    fn manifest(&self, reference: &Reference) -> Result<(Digest, Vec<u8>, String), OciError> {
        let url = self.url(reference, &format!("manifests/{}", reference.wanted()))?;
        let response = self.get(reference, &url, ACCEPT, MAX_METADATA_BYTES)?;
        match response.status {
            200 => {}
            404 => return Err(OciError::NotFound { reference: reference.to_string() }),
            _ => return Err(status_error("GET", &response)),
        }
        let found = Digest::of(&response.body);
        let promised = match &reference.digest {
            Some(digest) => Some(digest.to_string()),
            None => response.header("docker-content-digest").map(ToOwned::to_owned),
        };
        match promised {
            Some(wanted) if wanted.starts_with("sha256:") && wanted != found.to_string() => {
                Err(OciError::Lie {
                    what: "the manifest",
                    reference: reference.to_string(),
                    found: found.to_string(),
                    wanted,
                })
            }
            _ => Ok((found, response.body, url.to_string())),
        }
    }

    fn layer(
        &self,
        reference: &Reference,
        layer: &Descriptor,
        limit: u64,
    ) -> Result<Vec<u8>, OciError> {
        let too_large = |size| OciError::TooLarge { reference: reference.to_string(), size, limit };
        if layer.size > limit {
            return Err(too_large(layer.size));
        }
        let url = self.url(reference, &format!("blobs/{}", layer.digest))?;
        let response = self.get(reference, &url, "application/octet-stream", layer.size)?;
        if response.status != 200 {
            return Err(status_error("GET", &response));
        }
        let found = Digest::of(&response.body);
        if found == layer.digest {
            return Ok(response.body);
        }
        Err(OciError::Lie {
            what: "the chart",
            reference: reference.to_string(),
            found: found.to_string(),
            wanted: layer.digest.to_string(),
        })
    }

    fn url(&self, reference: &Reference, what: &str) -> Result<Url, OciError> {
        let scheme = if self.plain_http { "http" } else { "https" };
        let (host, repository) = (reference.host(), &reference.repository);
        Url::parse(&format!("{scheme}://{host}/v2/{repository}/{what}"))
            .map_err(|error| OciError::Reference(error.to_string()))
    }

    /// Asks, answers the registry's challenge, and asks again while the registry is busy.
    fn get(
        &self,
        reference: &Reference,
        url: &Url,
        accept: &str,
        limit: u64,
    ) -> Result<Response, OciError> {
        let mut pause = self.retries.first_pause;
        for _ in 0..self.retries.times {
            let response = self.get_once(reference, url, accept, limit)?;
            if !matches!(response.status, 408 | 429 | 500..) {
                return Ok(response);
            }
            let asked = response.header("retry-after").and_then(|text| text.parse().ok());
            let wanted = asked.map_or(pause, Duration::from_secs);
            thread::sleep(wanted.min(self.retries.longest_pause));
            pause = pause.saturating_mul(2);
        }
        self.get_once(reference, url, accept, limit)
    }

    fn get_once(
        &self,
        reference: &Reference,
        url: &Url,
        accept: &str,
        limit: u64,
    ) -> Result<Response, OciError> {
        let key = format!("{}/{}", reference.host(), reference.repository);
        let known = {
            let all = self.authorizations.lock().unwrap_or_else(PoisonError::into_inner);
            all.get(&key).cloned()
        };
        // A refusal has a body too, and it may be longer than a short layer.
        let send = |authorization: Option<&str>| {
            let limit = limit.max(MAX_METADATA_BYTES);
            self.http.send(url, &Request { accept: Some(accept), authorization, form: None, limit })
        };
        let mut response = send(known.as_deref())?;
        // A server to which we were redirected gets no credentials.
        if response.status == 401 && response.url.same_origin(url) {
            let challenge = response.header("www-authenticate").and_then(Challenge::parse);
            if let Some(challenge) = challenge {
                let credential = self.logins.find(reference.host())?;
                let header = authorize(&self.http, url, &challenge, &credential)?;
                response = send(Some(&header))?;
                let mut all = self.authorizations.lock().unwrap_or_else(PoisonError::into_inner);
                all.insert(key, header);
            }
        }
        if response.status == 200 && response.body.len() as u64 > limit {
            return Err(HttpError::TooLarge { url: url.to_string(), limit }.into());
        }
        Ok(response)
    }
}

/// The URL of the next page in a `Link: <URL>; rel="next"` header.
fn next_page(response: &Response) -> Option<Url> {
    let link = response.header("link")?;
    let (target, parameters) = link.strip_prefix('<')?.split_once('>')?;
    parameters.contains("next").then(|| Url::parse(target).ok())?
}

/// A status that is no success, with the registry's own words if it has any.
pub fn status_error(method: &'static str, response: &Response) -> OciError {
    let answer: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let errors = answer.get("errors").and_then(Value::as_array);
    let texts: Vec<String> = errors.into_iter().flatten().map(error_text).collect();
    let message = if texts.is_empty() {
        let text = response.status_text();
        text.split_once(' ').map_or(String::new(), |(_, reason)| reason.to_owned())
    } else {
        texts.join("; ")
    };
    OciError::Status { method, url: response.url.to_string(), status: response.status, message }
}

fn error_text(error: &Value) -> String {
    let text = |name| error.get(name).and_then(Value::as_str).unwrap_or_default();
    let code = text("code").replace('_', " ").to_lowercase();
    match text("message") {
        "" => code,
        message => format!("{code}: {message}"),
    }
}
