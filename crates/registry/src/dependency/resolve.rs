//! From constraints to exact versions.

use std::collections::BTreeMap;
use std::path::Path;

use helm::chart::{Dependency, load_without_detection};
use helm::log::Log;
use version::{Constraints, Version};

use super::error::DependencyError;
use super::place::{SCHEME, local_path};
use crate::error::Error;
use crate::oci::{self, Reference, is_oci, versions_of};
use crate::repo::cached_index;

/// What versions are looked up in.
pub struct Resolver<'a> {
    pub chart: &'a Path,
    /// The folder of indexes.
    pub cache: &'a Path,
    pub registry: &'a oci::Client,
    /// The repository of each dependency, by name.
    pub names: &'a BTreeMap<String, String>,
}

impl Resolver<'_> {
    /// The exact version of each dependency.
    pub fn resolve(&self, wanted: &[Dependency], log: &mut Log) -> Result<Vec<Dependency>, Error> {
        let mut locked = Vec::new();
        let mut missing = Vec::new();
        for dependency in wanted {
            match self.version(dependency, log)? {
                Some(version) => locked.push(Dependency {
                    name: dependency.name.clone(),
                    repository: dependency.repository.clone(),
                    version,
                    ..Dependency::default()
                }),
                None => missing.push(format!(
                    "{} (repository {}, version {})",
                    strconv::quote(dependency.name.as_bytes()),
                    strconv::quote(dependency.repository.as_bytes()),
                    strconv::quote(dependency.version.as_bytes()),
                )),
            }
        }
        if missing.is_empty() {
            return Ok(locked);
        }
        Err(DependencyError::NoVersions(missing).into())
    }

    fn version(&self, wanted: &Dependency, log: &mut Log) -> Result<Option<String>, Error> {
        let constraint = Constraints::parse(&wanted.version).map_err(|error| {
            DependencyError::Constraint { name: wanted.name.clone(), reason: error.to_string() }
        })?;
        if wanted.repository.is_empty() {
            local_path(&format!("charts/{}", wanted.name), self.chart)?;
            return Ok(Some(wanted.version.clone()));
        }
        if wanted.repository.starts_with(SCHEME) {
            let path = local_path(&wanted.repository, self.chart)?;
            let found = load_without_detection(&path, log).map_err(DependencyError::from)?;
            let version = found.metadata.version.clone();
            return Ok(satisfies(&constraint, &version).then_some(version));
        }
        if is_oci(&wanted.repository) {
            return self.tag(wanted, &constraint).map(Some);
        }
        let Some(name) = self.names.get(&wanted.name) else {
            return Ok(Some(wanted.version.clone()));
        };
        let index = cached_index(self.cache, name).map_err(|error| Error::Because {
            what: DependencyError::NoCachedIndex(name.clone()).to_string(),
            source: Box::new(error),
        })?;
        let versions = index
            .versions(&wanted.name, log)
            .map_err(|source| Error::Index { place: name.clone(), source })?;
        let Some(versions) = versions else {
            let (chart, repository) = (wanted.name.clone(), wanted.repository.clone());
            return Err(DependencyError::NoChartInRepository { chart, repository }.into());
        };
        let usable = versions.into_iter().filter(|version| !version.urls.is_empty());
        Ok(usable.map(|version| version.version).find(|text| satisfies(&constraint, text)))
    }

    /// The version in a registry. As in Helm, a range that no tag satisfies stays as it is, and
    /// the download says what is wrong.
    fn tag(&self, wanted: &Dependency, constraint: &Constraints) -> Result<String, Error> {
        if Version::parse(&wanted.version).is_ok() {
            return Ok(wanted.version.clone());
        }
        let reference = Reference::parse(&format!("{}/{}", wanted.repository, wanted.name))?;
        let tags = self.registry.tags(&reference).map_err(|error| Error::Because {
            what: DependencyError::Tags(wanted.repository.clone()).to_string(),
            source: Box::new(error.into()),
        })?;
        let found = versions_of(&tags).into_iter().find(|version| satisfies(constraint, version));
        Ok(found.unwrap_or_else(|| wanted.version.clone()))
    }
}

/// Whether a version is one and satisfies a constraint.
pub fn satisfies(constraint: &Constraints, version: &str) -> bool {
    Version::parse(version).is_ok_and(|version| constraint.check(&version))
}
