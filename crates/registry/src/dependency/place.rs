//! Charts next to the chart: `file://` repositories.

use std::path::{Path, PathBuf};

use super::error::DependencyError;
use crate::url::clean;

/// What such repositories begin with.
pub const SCHEME: &str = "file://";

/// Where a `file://` repository is, or a path below the chart.
pub fn local_path(repository: &str, chart: &Path) -> Result<PathBuf, DependencyError> {
    let path = repository.strip_prefix(SCHEME).unwrap_or(repository);
    let path = if path.starts_with('/') {
        PathBuf::from(clean(path))
    } else {
        PathBuf::from(clean(&format!("{}/{path}", chart.display())))
    };
    if path.exists() {
        return Ok(path);
    }
    Err(DependencyError::NoDirectory(path.display().to_string()))
}
