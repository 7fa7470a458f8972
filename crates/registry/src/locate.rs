//! From a chart's reference to a chart on this machine, by Helm's order of looking.
//!
//! A file or directory first; then `oci://`, a URL, or `REPO/NAME` of a known repository. What
//! comes over the network goes into the content cache, and the answer is always a path.

use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

use helm::chart::absolute;
use helm::log::Log;

use crate::content::ContentCache;
use crate::digest::Digest;
use crate::environment::Settings;
use crate::error::Error;
use crate::files;
use crate::http::MAX_CHART_BYTES;
use crate::network::{Access, Network};
use crate::oci::{self, Logins, OciError, PulledChart, Reference, is_oci};
use crate::provenance::{MAX_PROVENANCE_BYTES, ProvenanceError, Strategy, Verification};
use crate::repo::{IndexError, Repository, cached_index, download_index, load_repositories};
use crate::url::{Url, resolve_reference};

/// What Helm accepts of a chart repository.
const ACCEPT: &str = "application/gzip,application/octet-stream";
/// What is printed when a tag was spelled with an underscore for a plus sign.
const UNDERSCORE: &str = "
OCI artifact references (e.g. tags) do not support the plus sign (+). To support
storing semantic versions, Helm adopts the convention of changing plus (+) to
an underscore (_) in chart version tags when pushing to a registry and back to
a plus (+) when pulling from a registry.";

/// The flags that say where a chart comes from.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// `--repo`: the address of a chart repository.
    pub repository: String,
    /// `--version`: a version or a constraint.
    pub version: String,
    /// `--devel`: take development versions too, if no version is given.
    pub development: bool,
    /// `--username`, `--password`, `--pass-credentials` and the TLS flags.
    pub access: Access,
    /// `--plain-http`: no TLS towards OCI registries.
    pub plain_http: bool,
    /// `--verify` and `--keyring`.
    pub verification: Verification,
}

/// Finds charts.
pub struct Locator<'a> {
    network: &'a Network,
    settings: &'a Settings,
    /// Where Helm's registry client prints `Pulled: …`.
    notices: &'a mut dyn Write,
    log: &'a mut Log,
}

/// A chart at an address.
#[derive(Clone, Debug)]
pub(crate) struct Remote {
    pub url: Url,
    /// Whose credentials are used.
    pub owner: Url,
    pub access: Access,
    /// The digest that the index claims.
    pub digest: Option<Digest>,
}

/// A provenance file that the server does not give.
#[derive(Debug)]
pub(crate) struct NotFetched {
    url: String,
    /// Why.
    pub cause: Error,
}

impl NotFetched {
    /// Where there must be one. Helm does not say why there is none.
    pub fn into_error(self) -> Error {
        ProvenanceError::NotFetched(self.url).into()
    }
}

impl<'a> Locator<'a> {
    /// Finds charts by these settings; `notices` gets what Helm says while pulling.
    pub fn new(
        network: &'a Network,
        settings: &'a Settings,
        notices: &'a mut dyn Write,
        log: &'a mut Log,
    ) -> Self {
        Self { network, settings, notices, log }
    }

    /// The path of the chart that `reference` means: a directory or an archive.
    pub fn locate(&mut self, reference: &str, source: &Source) -> Result<PathBuf, Error> {
        let reference = reference.trim();
        if let Some(path) = reference.strip_prefix("file://") {
            let path = existing(path).ok_or_else(|| Error::NoPath(path.to_owned()))?;
            return verified(path, source);
        }
        if source.repository.is_empty() {
            if let Some(path) = existing(reference) {
                return verified(path, source);
            }
            if reference.starts_with('/') || reference.starts_with('.') {
                return Err(Error::NoPath(reference.to_owned()));
            }
        }
        let version = match source.version.trim() {
            "" if source.development => ">0.0.0-0",
            version => version,
        };
        if !source.repository.is_empty() {
            let remote = self.find_in_repository(reference, version, source)?;
            return self.fetch_verified(&remote, source);
        }
        if is_oci(reference) {
            let client = self.oci_client(source);
            let pulled = self.pull(&client, reference, version)?;
            let cache = ContentCache::new(self.settings.content_cache.clone());
            let path = cache.put(&pulled.content)?;
            if source.verification.strategy != Strategy::Never {
                let name = pulled.reference.archive_name();
                let provenance = self.pull_provenance(&client, &pulled);
                let provenance = provenance.map_err(NotFetched::into_error)?;
                source.verification.check(&pulled.content, &provenance, &name)?;
            }
            return Ok(path);
        }
        let remote = self.resolve(reference, version, &source.access)?;
        self.fetch_verified(&remote, source)
    }

    fn fetch_verified(&mut self, remote: &Remote, source: &Source) -> Result<PathBuf, Error> {
        let path = self.fetch_to_cache(remote)?;
        if source.verification.strategy != Strategy::Never {
            let content = files::read(&path, MAX_CHART_BYTES)?;
            let (name, provenance) = self.fetch_provenance(remote, source)?;
            let provenance = provenance.map_err(NotFetched::into_error)?;
            source.verification.check(&content, &provenance, &name)?;
        }
        Ok(path)
    }

    /// The archive's name and, if the server gives it, its provenance file.
    pub(crate) fn fetch_provenance(
        &mut self,
        remote: &Remote,
        source: &Source,
    ) -> Result<(String, Result<Vec<u8>, NotFetched>), Error> {
        let url = format!("{}.prov", remote.url);
        let not_fetched = |cause: Error| NotFetched { url: url.clone(), cause };
        if remote.url.scheme == "oci" {
            let source = Source { access: remote.access.clone(), ..source.clone() };
            let client = self.oci_client(&source);
            let reference = choose_tag(&client, &remote.url.to_string(), "")?;
            let provenance = client.provenance(&reference);
            let provenance = provenance.map_err(|error| not_fetched(error.into()));
            return Ok((reference.archive_name(), provenance));
        }
        let fetched = self.network.download(
            &Url::parse(&url)?,
            &remote.owner,
            &remote.access,
            Some(ACCEPT),
            MAX_PROVENANCE_BYTES,
        );
        Ok((remote.url.base_name(), fetched.map_err(|error| not_fetched(error.into()))))
    }

    /// The provenance file of a chart that was pulled; Helm pulls it like a chart and says so again.
    pub(crate) fn pull_provenance(
        &mut self,
        client: &oci::Client,
        pulled: &PulledChart,
    ) -> Result<Vec<u8>, NotFetched> {
        let provenance = client.provenance(&pulled.reference).map_err(|error| NotFetched {
            url: format!("{}{}.prov", oci::SCHEME, pulled.reference),
            cause: error.into(),
        })?;
        self.announce(pulled);
        Ok(provenance)
    }

    /// A client of OCI registries with the user's logins, or the user of the flags.
    pub(crate) fn oci_client(&self, source: &Source) -> oci::Client {
        let config = self.settings.registry_config.clone();
        let logins = Logins::new(self.network.environment(), config)
            .with_password(&source.access.username, &source.access.password);
        oci::Client::new(self.network.client(&source.access.tls), logins, source.plain_http)
    }

    /// Pulls a chart and says so.
    pub(crate) fn pull(
        &mut self,
        client: &oci::Client,
        reference: &str,
        version: &str,
    ) -> Result<PulledChart, Error> {
        let reference = choose_tag(client, reference, version)?;
        let cache = ContentCache::new(self.settings.content_cache.clone());
        let pulled = client.pull(&reference, &cache)?;
        self.announce(&pulled);
        Ok(pulled)
    }

    fn announce(&mut self, pulled: &PulledChart) {
        let name = pulled.reference.to_string();
        let mut text = String::new();
        if pulled.legacy {
            text.push_str("Warning: chart media type application/tar+gzip is deprecated\n");
        }
        // Writing to a text does not fail.
        let _ = writeln!(text, "Pulled: {name}\nDigest: {}", pulled.manifest);
        if name.contains('_') {
            let _ = writeln!(text, "{name} contains an underscore.\n{UNDERSCORE}");
        }
        // Where nobody listens any more, the chart is still good.
        let _ = self.notices.write_all(text.as_bytes());
    }

    /// Where the chart of `REPO/NAME` or of a URL is, and who may fetch it.
    pub(crate) fn resolve(
        &mut self,
        reference: &str,
        version: &str,
        flags: &Access,
    ) -> Result<Remote, Error> {
        let url = Url::parse(reference)?;
        let repositories = load_repositories(&self.settings.repository_config)?;
        if url.is_absolute() && !url.host.is_empty() && !url.path.is_empty() {
            return Ok(self.resolve_url(url, reference, &repositories, flags));
        }
        let Some((name, chart)) = url.path.split_once('/') else {
            return Err(Error::Form(reference.to_owned()));
        };
        let repository = repositories
            .iter()
            .find(|repository| repository.name == name)
            .ok_or_else(|| Error::UnknownRepository(name.to_owned()))?;
        if repository.url.is_empty() {
            return Err(Error::RepositoryWithoutUrl(name.to_owned()));
        }
        let index = cached_index(&self.settings.repository_cache, name)
            .map_err(|error| Error::NoCachedIndex(Box::new(error)))?;
        let found = index.find(chart, version, self.log).map_err(|source| Error::NotInIndex {
            chart: chart.to_owned(),
            version: version.to_owned(),
            repository: name.to_owned(),
            source,
        })?;
        let first = found.urls.first().ok_or_else(|| Error::NoUrls(reference.to_owned()))?;
        Ok(Remote {
            url: Url::parse(&resolve_reference(&repository.url, first)?)?,
            owner: Url::parse(&repository.url)?,
            access: access_of(repository, flags),
            digest: claimed_digest(&found.digest)?,
        })
    }

    /// A chart's own URL: the credentials are those of the repository whose index mentions it.
    fn resolve_url(
        &self,
        url: Url,
        text: &str,
        repositories: &[Repository],
        flags: &Access,
    ) -> Remote {
        let cache = &self.settings.repository_cache;
        let owner = repositories.iter().find(|repository| {
            cached_index(cache, &repository.name).is_ok_and(|index| index.mentions(text))
        });
        let (owner, access) = match owner.map(|owner| (Url::parse(&owner.url), owner)) {
            Some((Ok(owner_url), owner)) => (owner_url, access_of(owner, flags)),
            _ => (url.clone(), flags.clone()),
        };
        Remote { url, owner, access, digest: None }
    }

    /// A chart in a repository that is known by its address only.
    pub(crate) fn find_in_repository(
        &mut self,
        chart: &str,
        version: &str,
        source: &Source,
    ) -> Result<Remote, Error> {
        let access = source.access.clone();
        let repository = Repository { name: String::new(), url: source.repository.clone(), access };
        if Url::parse(&repository.url).is_err() {
            return Err(Error::RepositoryAddress(repository.url));
        }
        let bad =
            |source| Error::BadRepository { url: repository.url.clone(), source: Box::new(source) };
        let index = download_index(self.network, &repository).map_err(bad)?;
        let shown = match version {
            "" => format!("chart {chart:?}"),
            version => format!("chart {chart:?} version {version:?}"),
        };
        let found = index.find(chart, version, self.log).map_err(|error| match error {
            IndexError::Document(_) => bad(error.into()),
            _ => Error::NotInRepository { chart: shown, url: repository.url.clone() },
        })?;
        let first = found.urls.first().ok_or_else(|| Error::NoUrls(chart.to_owned()))?;
        let url = Url::parse(&resolve_reference(&repository.url, first)?)?;
        let owner = Url::parse(&repository.url)?;
        let digest = claimed_digest(&found.digest)?;
        Ok(Remote { url, owner, access: repository.access, digest })
    }

    fn fetch_to_cache(&mut self, remote: &Remote) -> Result<PathBuf, Error> {
        let cache = ContentCache::new(self.settings.content_cache.clone());
        if let Some((path, _)) = remote.digest.as_ref().and_then(|digest| cache.get(digest)) {
            return Ok(path);
        }
        if remote.url.scheme == "oci" {
            return self.fetch_from_registry(remote, &cache);
        }
        cache.put(&self.fetch(remote)?)
    }

    /// An index may name charts in a registry.
    fn fetch_from_registry(
        &mut self,
        remote: &Remote,
        cache: &ContentCache,
    ) -> Result<PathBuf, Error> {
        let source = Source { access: remote.access.clone(), ..Source::default() };
        let client = self.oci_client(&source);
        let pulled = self.pull(&client, &remote.url.to_string(), "")?;
        check(remote, &pulled.content)?;
        cache.put(&pulled.content)
    }

    /// Downloads a chart and checks that it is what the index says.
    pub(crate) fn fetch(&self, remote: &Remote) -> Result<Vec<u8>, Error> {
        let content = self.network.download(
            &remote.url,
            &remote.owner,
            &remote.access,
            Some(ACCEPT),
            MAX_CHART_BYTES,
        )?;
        check(remote, &content)?;
        Ok(content)
    }
}

/// Settles which tag a reference and a version mean together.
pub(crate) fn choose_tag(
    client: &oci::Client,
    text: &str,
    version: &str,
) -> Result<Reference, OciError> {
    let reference = Reference::parse(text)?;
    let spelled = version.replace('+', "_");
    if !version.is_empty() && !reference.tag.is_empty() && reference.tag != spelled {
        let (version, tag) = (version.to_owned(), reference.tag);
        return Err(OciError::VersionMismatch { version, tag });
    }
    let wanted = if version.is_empty() { reference.tag.as_str() } else { version };
    if let Some(digest) = &reference.digest {
        if !wanted.is_empty()
            && let Ok(found) = client.resolve(&reference.with_version(wanted)?)
            && found != *digest
        {
            let (found, wanted) = (found.to_string(), digest.to_string());
            return Err(OciError::DigestMismatch { found, wanted });
        }
        return Ok(reference);
    }
    if version::Version::parse(wanted).is_ok() || (version.is_empty() && !wanted.is_empty()) {
        return reference.with_version(wanted);
    }
    let tags = oci::versions_of(&client.tags(&reference)?);
    if tags.is_empty() {
        return Err(OciError::NoTags(text.to_owned()));
    }
    reference.with_version(&oci::pick_version(&tags, wanted)?)
}

fn check(remote: &Remote, content: &[u8]) -> Result<(), Error> {
    let found = Digest::of(content);
    match remote.digest {
        Some(wanted) if wanted != found => Err(Error::Lie {
            url: remote.url.to_string(),
            found: found.to_string(),
            wanted: wanted.to_string(),
        }),
        _ => Ok(()),
    }
}

/// Indexes of old have no digests.
pub(crate) fn claimed_digest(text: &str) -> Result<Option<Digest>, Error> {
    if text.is_empty() { Ok(None) } else { Digest::parse(text).map(Some) }
}

/// What is used towards a known repository: its own entries, where it has some, before the flags.
fn access_of(repository: &Repository, flags: &Access) -> Access {
    let own = &repository.access;
    let mut access = flags.clone();
    if own.tls.ca_file.is_some() || own.tls.cert_file.is_some() || own.tls.key_file.is_some() {
        access.tls = own.tls.clone();
        // Helm keeps the repository's own flag for its index alone.
        access.tls.insecure = flags.tls.insecure;
    }
    if !own.username.is_empty() && !own.password.is_empty() {
        access.username.clone_from(&own.username);
        access.password.clone_from(&own.password);
        access.pass_to_all = own.pass_to_all;
    }
    access
}

fn verified(path: PathBuf, source: &Source) -> Result<PathBuf, Error> {
    if source.verification.strategy != Strategy::Never {
        source.verification.check_file(&absolute(&path))?;
    }
    Ok(path)
}

fn existing(path: &str) -> Option<PathBuf> {
    Path::new(path).exists().then(|| PathBuf::from(path))
}
