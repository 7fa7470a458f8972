//! What an OCI registry can do wrong.

use crate::error::FileError;
use crate::http::HttpError;

/// A registry that refused, lied or was asked for nonsense.
#[derive(Debug, thiserror::Error)]
pub enum OciError {
    /// No usable answer.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// A status other than 200, with the registry's own words.
    #[error("{method} \"{url}\": response status code {status}: {message}")]
    Status {
        /// `GET` or `POST`.
        method: &'static str,
        /// What was asked for.
        url: String,
        /// The status code.
        status: u16,
        /// The registry's errors, or the status's own words.
        message: String,
    },
    /// No such tag or digest.
    #[error("failed to perform \"FetchReference\" on source: {reference}: not found")]
    NotFound {
        /// Registry, repository, tag or digest.
        reference: String,
    },
    /// A reference that the specification does not allow.
    #[error("invalid reference: {0}")]
    Reference(String),
    /// A tag in the reference and another in `--version`.
    #[error("chart reference and version mismatch: {version} is not {tag}")]
    VersionMismatch {
        /// What `--version` says.
        version: String,
        /// What the reference says.
        tag: String,
    },
    /// A tag that does not lead to the digest given with it.
    #[error("chart reference digest mismatch: {found} is not {wanted}")]
    DigestMismatch {
        /// The digest that the tag leads to.
        found: String,
        /// The digest in the reference.
        wanted: String,
    },
    /// Content that is not what its digest says.
    #[error(
        "{what} of {reference} is not what the registry says: it has digest {found}, not {wanted}"
    )]
    Lie {
        /// `the manifest` or `the chart`.
        what: &'static str,
        /// Registry, repository, tag or digest.
        reference: String,
        /// The digest of what came.
        found: String,
        /// The digest that was promised.
        wanted: String,
    },
    /// A layer that is larger than what is read, or than promised.
    #[error("the chart in {reference} has {size} bytes, more than the {limit} that are read")]
    TooLarge {
        /// Registry, repository, tag or digest.
        reference: String,
        /// What the manifest promises.
        size: u64,
        /// The most that is read.
        limit: u64,
    },
    /// An answer that is no JSON, or not the expected one.
    #[error("{what} of {url} cannot be read: {reason}")]
    Answer {
        /// `the manifest`, `the token` or `the list of tags`.
        what: &'static str,
        /// What was asked for.
        url: String,
        /// Why.
        reason: String,
    },
    /// The manifest is no chart's.
    #[error("could not load config with mediatype application/vnd.cncf.helm.config.v1+json")]
    NoChartConfig,
    /// The manifest has no chart in it.
    #[error(
        "manifest does not contain a layer with mediatype \
         application/vnd.cncf.helm.chart.content.v1.tar+gzip"
    )]
    NoChartLayer,
    /// A manifest without a provenance file.
    #[error(
        "manifest does not contain a layer with mediatype \
         application/vnd.cncf.helm.chart.provenance.v1.prov"
    )]
    NoProvenanceLayer,
    /// A repository without a version.
    #[error("unable to locate any tags in provided repository: {0}")]
    NoTags(String),
    /// A constraint that no tag satisfies.
    #[error("could not locate a version matching provided version string {0}")]
    NoVersion(String),
    /// A constraint that is none.
    #[error("{0}")]
    Constraint(String),
    /// A token server that must not be asked.
    #[error("bearer realm {realm:?} {reason}")]
    Realm {
        /// As the registry names it.
        realm: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The registry wants a user and none is known.
    #[error("Get \"{0}\": basic credential not found")]
    NoLogin(String),
    /// A file of logins that cannot be read.
    #[error(transparent)]
    LoginFile(#[from] FileError),
    /// A file of logins that holds something else.
    #[error("failed to decode config file {path}: invalid config format: {reason}")]
    LoginFormat {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A credential helper that failed.
    #[error("credential helper {helper}: {reason}")]
    Helper {
        /// The program.
        helper: String,
        /// What it said.
        reason: String,
    },
}

impl OciError {
    /// What the user can do about it.
    pub fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Http(error) => return error.hints(),
            Self::NoLogin(_) | Self::Status { status: 401 | 403, .. } => {
                "log in with `helm registry login` or `docker login`, or give --username and \
                 --password; registries also answer so for a repository that does not exist"
            }
            Self::NotFound { .. } | Self::Status { status: 404, .. } => {
                "check the spelling of repository and version"
            }
            _ => return Vec::new(),
        };
        vec![hint.to_owned()]
    }
}
