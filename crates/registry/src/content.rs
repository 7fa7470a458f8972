//! The content cache: charts by the SHA-256 of their archive, in Helm 4's layout.
//!
//! It is shared with Helm (`HELM_CONTENT_CACHE`), so nothing in it is believed: Helm stores a
//! download under the digest that an index claims, true or not. What is read is hashed again.

use std::fs;
use std::io::Read;
use std::path::PathBuf;

use crate::atomic;
use crate::digest::Digest;
use crate::error::Error;
use crate::http::MAX_CHART_BYTES;

/// A folder of charts by content.
#[derive(Clone, Debug)]
pub struct ContentCache {
    root: PathBuf,
}

impl ContentCache {
    /// A cache in this folder, which need not exist yet.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// Where a chart of this digest lies, or would lie: `ab/abcd….chart`.
    pub fn path(&self, digest: &Digest) -> PathBuf {
        let hex = digest.hex();
        self.root.join(&hex[..2]).join(format!("{hex}.chart"))
    }

    /// The chart of this digest; nothing when it is absent, unreadable or not what its name says.
    pub fn get(&self, digest: &Digest) -> Option<(PathBuf, Vec<u8>)> {
        let path = self.path(digest);
        let file = fs::File::open(&path).ok()?;
        let mut content = Vec::new();
        file.take(MAX_CHART_BYTES).read_to_end(&mut content).ok()?;
        (Digest::of(&content) == *digest).then_some((path, content))
    }

    /// Keeps a chart under its own digest and says where.
    pub fn put(&self, content: &[u8]) -> Result<PathBuf, Error> {
        let path = self.path(&Digest::of(content));
        atomic::write(&path, content)?;
        Ok(path)
    }
}
