//! Which known repository each dependency comes from.

use std::collections::BTreeMap;
use std::path::Path;

use helm::chart::Dependency;

use super::error::DependencyError;
use super::place::{SCHEME, local_path};
use crate::digest::Digest;
use crate::oci::is_oci;
use crate::repo::Repository;
use crate::url::{Url, equal};

/// What the cached indexes of repositories that nobody added are called.
pub const UNMANAGED: &str = "helm-manager-";

/// Finds the repository of each dependency by name, and replaces aliases (`@NAME`, `alias:NAME`)
/// by addresses; `local` gets those that lie in directories.
pub fn resolve(
    wanted: &mut [Dependency],
    repositories: &[Repository],
    chart: &Path,
    mut local: impl FnMut(&str),
) -> Result<BTreeMap<String, String>, DependencyError> {
    let mut names = BTreeMap::new();
    let mut missing = Vec::new();
    for dependency in wanted {
        let place = dependency.repository.clone();
        if place.is_empty() {
            continue;
        }
        if place.starts_with(SCHEME) {
            local_path(&place, chart)?;
            local(&place);
        }
        if place.starts_with(SCHEME) || is_oci(&place) {
            names.insert(dependency.name.clone(), place);
            continue;
        }
        let alias = place.strip_prefix('@').or_else(|| place.strip_prefix("alias:"));
        let known = repositories
            .iter()
            .find(|repository| alias == Some(&repository.name) || equal(&repository.url, &place));
        if let Some(known) = known {
            if alias == Some(&known.name) {
                dependency.repository.clone_from(&known.url);
            }
            names.insert(dependency.name.clone(), known.name.clone());
        } else if is_request_uri(&place) {
            names.insert(place.clone(), place);
        } else {
            missing.push(place);
        }
    }
    if missing.is_empty() {
        return Ok(names);
    }
    let is_plain = |place: &String| {
        !place.contains("//") && !place.starts_with('@') && !place.starts_with("alias:")
    };
    let list = missing.join(", ");
    Err(if missing.iter().any(is_plain) {
        DependencyError::NotRepositories(list)
    } else {
        DependencyError::UnknownAliases(list)
    })
}

/// The repositories that nobody added, under made-up names, which are noted in `names` too.
pub fn unmanaged(wanted: &[Dependency], names: &mut BTreeMap<String, String>) -> Vec<Repository> {
    let mut found = Vec::new();
    for dependency in wanted {
        if dependency.repository.is_empty() || names.contains_key(&dependency.name) {
            continue;
        }
        let url = dependency.repository.clone();
        let name = format!("{UNMANAGED}{}", Digest::of(url.as_bytes()).hex());
        names.insert(dependency.name.clone(), name.clone());
        found.push(Repository { name, url, ..Repository::default() });
    }
    found
}

fn is_request_uri(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| url.is_absolute() || text.starts_with('/'))
}
