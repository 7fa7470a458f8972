//! The cache of indexes: `NAME-index.yaml` and `NAME-charts.txt` in Helm's folder.

use std::path::Path;

use super::{Index, Repository};
use crate::error::Error;
use crate::http::MAX_INDEX_BYTES;
use crate::network::Network;
use crate::url::{Url, resolve_reference};
use crate::{atomic, files};

/// The file of a repository's index; nameless repositories share one.
pub fn index_file_name(repository: &str) -> String {
    cache_file_name(repository, "index.yaml")
}

fn cache_file_name(repository: &str, kind: &str) -> String {
    if repository.is_empty() { kind.to_owned() } else { format!("{repository}-{kind}") }
}

/// The index of a repository as it lies on this machine.
pub fn cached_index(cache: &Path, repository: &str) -> Result<Index, Error> {
    let path = cache.join(index_file_name(repository));
    let text = files::read(&path, MAX_INDEX_BYTES)?;
    let place = path.display().to_string();
    Index::new(text, &place).map_err(|source| Error::Index { place, source })
}

/// Fetches a repository's index.
pub fn download_index(network: &Network, repository: &Repository) -> Result<Index, Error> {
    let owner = Url::parse(&repository.url)?;
    let url = Url::parse(&resolve_reference(&repository.url, "index.yaml")?)?;
    let text = network.download(&url, &owner, &repository.access, None, MAX_INDEX_BYTES)?;
    Ok(Index::new(text, &repository.url)?)
}

/// Keeps an index on this machine, where Helm finds it too.
pub fn store_index(cache: &Path, repository: &str, index: &Index) -> Result<(), Error> {
    let mut list = index.names()?.join("\n");
    if !list.is_empty() {
        list.push('\n');
    }
    atomic::write(&cache.join(cache_file_name(repository, "charts.txt")), list.as_bytes())?;
    atomic::write(&cache.join(index_file_name(repository)), index.text())?;
    Ok(())
}
