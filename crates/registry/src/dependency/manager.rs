//! `dependency update` and `build`, from the outside in.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::thread;

use helm::chart::{Chart, Dependency, load_without_detection};
use helm::log::{Level, Log};

use super::download::Downloads;
use super::error::DependencyError;
use super::lock::{self, Timestamp};
use super::names;
use super::place::SCHEME;
use super::resolve::Resolver;
use crate::environment::Settings;
use crate::error::{Error, chain, reason};
use crate::locate::{Locator, Source};
use crate::network::Network;
use crate::oci::is_oci;
use crate::repo::{Repository, download_index, load_repositories, store_index};
use crate::url::equal;

/// How many indexes are fetched at once.
const PARALLEL_UPDATES: usize = 8;

/// Packs a chart: the archive's name and its bytes.
pub type Pack<'a> = &'a dyn Fn(&Chart) -> Result<(String, Vec<u8>), String>;

/// The flags of `dependency update` and `build`.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `--skip-refresh`: believe the cached indexes.
    pub skip_refresh: bool,
    /// `--debug`: say more.
    pub debug: bool,
    /// User, TLS and `--plain-http` towards registries; `--verify`.
    pub source: Source,
    /// When the lock is made.
    pub now: Timestamp,
}

/// Fills a chart's `charts/` folder.
pub struct Manager<'a> {
    /// How the network is reached.
    pub network: &'a Network,
    /// Where Helm's files are.
    pub settings: &'a Settings,
    /// The chart's directory.
    pub chart: &'a Path,
    /// The flags.
    pub options: &'a Options,
    /// Packs charts of `file://` repositories.
    pub pack: Pack<'a>,
    /// Where Helm's words go.
    pub out: &'a mut dyn Write,
    /// Where its log lines go.
    pub log: &'a mut Log,
}

impl Manager<'_> {
    /// Fills `charts/` with what the lock says, or with what Chart.yaml says if there is no lock.
    pub fn build(&mut self) -> Result<(), Error> {
        let chart = self.load()?;
        let Some(lock) = chart.lock.clone() else { return self.update() };
        let old = chart.metadata.api_version == "v1";
        let mut wanted = wanted(&chart);
        let old_digest = lock::digest_of_old(wanted.as_deref());
        let repositories = load_repositories(&self.settings.repository_config)?;
        if let Some(wanted) = &mut wanted {
            self.resolve_names(wanted, &repositories)?;
        }
        let locked: Vec<Dependency> =
            lock.dependencies.iter().flatten().flatten().cloned().collect();
        let known = (!locked.is_empty()).then_some(locked.as_slice());
        if lock::digest(wanted.as_deref(), known) != lock.digest {
            if !old {
                return Err(DependencyError::OutOfSync.into());
            }
            let text = "a valid Helm v3 hash was not found. Checking against Helm v2 hash...";
            self.log.add(Level::Warn, text);
            if old_digest != lock.digest {
                return Err(DependencyError::OldOutOfSync.into());
            }
        }
        check_known(&locked, &repositories)?;
        if !self.options.skip_refresh {
            self.update_known(&repositories);
        }
        self.download(locked, &repositories).map(drop)
    }

    /// Fills `charts/` with the newest that Chart.yaml allows, and writes the lock.
    pub fn update(&mut self) -> Result<(), Error> {
        let chart = self.load()?;
        let Some(mut wanted) = wanted(&chart) else { return Ok(()) };
        let repositories = load_repositories(&self.settings.repository_config)?;
        let mut names = self.resolve_names(&mut wanted, &repositories)?;
        let unmanaged = names::unmanaged(&wanted, &mut names);
        if !self.options.skip_refresh && !unmanaged.is_empty() {
            self.say("Getting updates for unmanaged Helm repositories...\n");
            self.update_indexes(&unmanaged);
        }
        if !self.options.skip_refresh {
            self.update_known(&repositories);
        }
        let registry = {
            let Self { network, settings, out, log, .. } = self;
            Locator::new(network, settings, *out, log).oci_client(&self.options.source)
        };
        let resolver = Resolver {
            chart: self.chart,
            cache: &self.settings.repository_cache,
            registry: &registry,
            names: &names,
        };
        let locked = resolver.resolve(&wanted, self.log)?;
        let locked = self.download(locked, &repositories)?;
        let digest = lock::digest(Some(&wanted), Some(&locked));
        if chart.lock.as_ref().is_some_and(|lock| lock.digest == digest) {
            return Ok(());
        }
        let text = lock::text(&locked, &digest, self.options.now);
        lock::write(self.chart, chart.metadata.api_version == "v1", &text)
    }

    /// The repository of each dependency; with `--debug`, the local ones are said.
    fn resolve_names(
        &mut self,
        wanted: &mut [Dependency],
        repositories: &[Repository],
    ) -> Result<BTreeMap<String, String>, DependencyError> {
        let chart = self.chart;
        names::resolve(wanted, repositories, chart, |place| {
            if self.options.debug {
                self.say(&format!("Repository from local path: {place}\n"));
            }
        })
    }

    fn load(&mut self) -> Result<Chart, Error> {
        match fs::metadata(self.chart) {
            Err(error) => Err(DependencyError::NoChart {
                path: self.chart.display().to_string(),
                reason: reason(&error),
            }
            .into()),
            Ok(found) if !found.is_dir() => Err(DependencyError::Packed.into()),
            Ok(_) => {
                Ok(load_without_detection(self.chart, self.log).map_err(DependencyError::from)?)
            }
        }
    }

    fn download(
        &mut self,
        locked: Vec<Dependency>,
        repositories: &[Repository],
    ) -> Result<Vec<Dependency>, Error> {
        Downloads {
            network: self.network,
            settings: self.settings,
            chart: self.chart,
            options: self.options,
            repositories,
            pack: self.pack,
            out: self.out,
            log: self.log,
        }
        .run(locked)
    }

    /// Fetches the indexes of all repositories that the user has added.
    fn update_known(&mut self, repositories: &[Repository]) {
        if repositories.is_empty() {
            return;
        }
        self.say("Hang tight while we grab the latest from your chart repositories...\n");
        self.update_indexes(repositories);
        self.say("Update Complete. ⎈Happy Helming!⎈\n");
    }

    /// Fetches indexes, several at once; what fails is said and the cached one stays.
    fn update_indexes(&mut self, repositories: &[Repository]) {
        let mut unique: Vec<&Repository> = Vec::new();
        for repository in repositories {
            let same = |known: &&Repository| {
                known.url.trim_end_matches('/') == repository.url.trim_end_matches('/')
            };
            match unique.iter().position(same) {
                Some(at) => unique[at] = repository,
                None => unique.push(repository),
            }
        }
        let (network, cache) = (self.network, &self.settings.repository_cache);
        let fetch = |repository: &Repository| {
            let index = download_index(network, repository)?;
            store_index(cache, &repository.name, &index)
        };
        for group in unique.chunks(PARALLEL_UPDATES) {
            let results: Vec<Result<(), String>> = thread::scope(|scope| {
                let running: Vec<_> =
                    group.iter().map(|repository| scope.spawn(|| fetch(repository))).collect();
                let ended = running.into_iter().map(|thread| match thread.join() {
                    Ok(result) => result.map_err(|error| chain(&error)),
                    Err(_) => Err("the update was broken off".to_owned()),
                });
                ended.collect()
            });
            for (repository, result) in group.iter().zip(results) {
                let text = update_text(repository, &result);
                self.say(&text);
            }
        }
    }

    fn say(&mut self, text: &str) {
        // Where nobody listens any more, the charts still come.
        let _ = self.out.write_all(text.as_bytes());
    }
}

fn update_text(repository: &Repository, result: &Result<(), String>) -> String {
    let Repository { name, url, .. } = repository;
    let unmanaged = name.starts_with(names::UNMANAGED);
    match result {
        Ok(()) => {
            let shown = if unmanaged { url } else { name };
            format!("...Successfully got an update from the {shown:?} chart repository\n")
        }
        Err(error) if unmanaged => {
            format!("...Unable to get an update from the {url:?} chart repository:\n\t{error}\n")
        }
        Err(error) => format!(
            "...Unable to get an update from the {name:?} chart repository ({url}):\n\t{error}\n"
        ),
    }
}

fn wanted(chart: &Chart) -> Option<Vec<Dependency>> {
    let list = chart.metadata.dependencies.as_ref()?;
    Some(list.iter().flatten().cloned().collect())
}

fn check_known(locked: &[Dependency], repositories: &[Repository]) -> Result<(), DependencyError> {
    let is_missing = |dependency: &&Dependency| {
        let place = dependency.repository.as_str();
        let elsewhere = place.is_empty() || place.starts_with(SCHEME) || is_oci(place);
        let trimmed = place.strip_suffix('/').unwrap_or(place);
        !elsewhere && !repositories.iter().any(|known| equal(&known.url, trimmed))
    };
    let missing: Vec<&str> =
        locked.iter().filter(is_missing).map(|dependency| dependency.repository.as_str()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(DependencyError::MissingRepositories(missing.join(", ")))
}
