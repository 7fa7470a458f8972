//! What can go wrong on the way to a chart, and what a user can do about it.
//!
//! The words are Helm 4's where Helm has words, because scripts and people search for them.
//! A cause is never repeated in a message: print the chain of sources, joined by `: `.

use std::io;
use std::path::{Path, PathBuf};

use crate::http::HttpError;
use crate::oci::OciError;
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
}

impl Error {
    /// What the user can do about it; may be empty.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Http(error) => error.hints(),
            Self::Oci(error) => error.hints(),
            Self::File(_) | Self::Url(_) | Self::Digest { .. } => Vec::new(),
        }
    }
}

/// A file operation that failed, in Go's words: `open PATH: no such file or directory`.
#[derive(Debug, thiserror::Error)]
#[error("{operation} {}: {}", path.display(), reason(source))]
pub struct FileError {
    operation: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl FileError {
    /// A failure of `operation` (`open`, `mkdir`, …) on a path.
    pub fn new(operation: &'static str, path: &Path, source: io::Error) -> Self {
        Self { operation, path: path.to_owned(), source }
    }

    /// Whether the file is simply not there.
    pub fn is_missing(&self) -> bool {
        self.source.kind() == io::ErrorKind::NotFound
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
