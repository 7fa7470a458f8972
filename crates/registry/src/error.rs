//! What can go wrong on the way to a chart, and what a user can do about it.
//!
//! The words are Helm 4's where Helm has words, because scripts and people search for them.
//! A cause is never repeated in a message: print the chain of sources, joined by `: `.

use std::io;
use std::path::{Path, PathBuf};

use crate::dependency::DependencyError;
use crate::http::HttpError;
use crate::oci::OciError;
use crate::provenance::ProvenanceError;
use crate::repo::IndexError;
use crate::url::UrlError;

/// A failure on the way to a chart.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of the user, or of a cache, cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A server answered badly, too late, too much or not at all.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// An OCI registry refused or lied.
    #[error(transparent)]
    Oci(#[from] OciError),
    /// A URL that is none.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// A digest that is none.
    #[error("invalid digest {text:?}: {reason}")]
    Digest {
        /// As found.
        text: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A path that leads nowhere.
    #[error("path {0:?} not found")]
    NoPath(String),
    /// The list of repositories cannot be read.
    #[error("couldn't load repositories file ({path})")]
    Repositories {
        /// The file.
        path: String,
        /// Why.
        source: Box<Error>,
    },
    /// A document of YAML that says something else than it should.
    #[error("{path}: {reason}")]
    Document {
        /// The file or the address.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A reference that is neither a file, nor a URL, nor `REPO/NAME`.
    #[error("non-absolute URLs should be in form of repo_name/path_to_chart, got: {0}")]
    Form(String),
    /// A repository that is not in the list.
    #[error("repo {0} not found")]
    UnknownRepository(String),
    /// A repository in the list without an address.
    #[error("no URL found for repository {0}")]
    RepositoryWithoutUrl(String),
    /// The repository's index is not on this machine.
    #[error("no cached repo found. (try 'helm repo update')")]
    NoCachedIndex(#[source] Box<Error>),
    /// What a server gave for an index is none.
    #[error(transparent)]
    FetchedIndex(#[from] IndexError),
    /// A file with an index that is none.
    #[error("error loading {place}")]
    Index {
        /// The file.
        place: String,
        /// What is wrong with it.
        source: IndexError,
    },
    /// The repository has no such chart or version.
    #[error(
        "chart {chart:?} matching {version} not found in {repository} index. \
         (try 'helm repo update')"
    )]
    NotInIndex {
        /// The chart's name.
        chart: String,
        /// The version or constraint.
        version: String,
        /// The repository's name.
        repository: String,
        /// Whether name or version is missing.
        source: IndexError,
    },
    /// The repository given with `--repo` has no such chart or version.
    #[error("{chart} not found in {url} repository")]
    NotInRepository {
        /// `chart "NAME" version "VERSION"`.
        chart: String,
        /// The repository.
        url: String,
    },
    /// An entry of an index that leads nowhere.
    #[error("chart {0:?} has no downloadable URLs")]
    NoUrls(String),
    /// What is given with `--repo` is no address.
    #[error("invalid chart URL format: {0}")]
    RepositoryAddress(String),
    /// A repository without an index, or that cannot be reached.
    #[error("looks like {url:?} is not a valid chart repository or cannot be reached")]
    BadRepository {
        /// Its address.
        url: String,
        /// Why.
        source: Box<Error>,
    },
    /// A chart that is not what the index says.
    #[error(
        "the chart at {url} is not what the repository's index says: \
         it has digest {found}, not {wanted}"
    )]
    Lie {
        /// Where the chart came from.
        url: String,
        /// The digest of what came.
        found: String,
        /// The digest in the index.
        wanted: String,
    },
    /// A chart's dependencies cannot be listed or filled.
    #[error(transparent)]
    Dependency(#[from] DependencyError),
    /// A step that failed for a reason of its own.
    #[error("{what}")]
    Because {
        /// The step.
        what: String,
        /// The reason.
        source: Box<Error>,
    },
    /// A chart is not believed.
    #[error(transparent)]
    Provenance(#[from] ProvenanceError),
}

impl Error {
    /// What the user can do about it; may be empty.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Http(error) => error.hints(),
            Self::Oci(error) => error.hints(),
            Self::BadRepository { source, .. }
            | Self::NoCachedIndex(source)
            | Self::Because { source, .. } => source.hints(),
            Self::Lie { .. } => vec![LIE.to_owned()],
            _ => Vec::new(),
        }
    }

    /// The message with all its causes, joined as Helm joins them.
    pub fn words(&self) -> String {
        chain(self)
    }
}

const LIE: &str = "the chart was changed after the index was made: ask the repository's owner, \
                   or give the chart's own URL if you trust it";

/// An error with all its causes, joined by `: `.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let words = cause.to_string();
        // Transparent wrappers and messages that include their cause are not said twice.
        if !text.ends_with(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        next = cause.source();
    }
    text
}

/// A file operation that failed, in Go's words: `open PATH: no such file or directory`.
#[derive(Debug, thiserror::Error)]
#[error("{operation} {}: {}", path.display(), reason(cause))]
pub struct FileError {
    operation: &'static str,
    path: PathBuf,
    cause: io::Error,
}

impl FileError {
    /// A failure of `operation` (`open`, `mkdir`, …) on a path.
    pub fn new(operation: &'static str, path: &Path, cause: io::Error) -> Self {
        Self { operation, path: path.to_owned(), cause }
    }

    /// Whether the file is simply not there.
    pub fn is_missing(&self) -> bool {
        self.cause.kind() == io::ErrorKind::NotFound
    }
}

/// The system's reason as Go prints it: in lower case, without the number.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let plain = text.rfind(" (os error").map_or(text.as_str(), |at| &text[..at]);
    let mut letters = plain.chars();
    match letters.next() {
        Some(first) if error.raw_os_error().is_some() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => plain.to_owned(),
    }
}
