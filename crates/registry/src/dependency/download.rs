//! Fetching every dependency into a folder of its own and moving the lot into `charts/`.
//!
//! Nothing in `charts/` is touched before everything is there.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use helm::chart::{Chart, Dependency, load_without_detection};
use helm::log::Log;
use version::{Constraints, Version};

use super::error::DependencyError;
use super::list::sorted_files;
use super::manager::{Options, Pack};
use super::place::{SCHEME, local_path};
use super::resolve::satisfies;
use crate::atomic;
use crate::content::ContentCache;
use crate::environment::Settings;
use crate::error::{Error, FileError, chain, reason};
use crate::locate::{Locator, NotFetched, Remote, Source, claimed_digest};
use crate::network::Network;
use crate::oci::is_oci;
use crate::provenance::Strategy;
use crate::repo::{ChartVersion, Repository, cached_index};
use crate::url::{Url, equal, resolve_reference};

/// One filling of `charts/`.
pub struct Downloads<'a> {
    pub network: &'a Network,
    pub settings: &'a Settings,
    pub chart: &'a Path,
    pub options: &'a Options,
    pub repositories: &'a [Repository],
    pub pack: Pack<'a>,
    pub out: &'a mut dyn Write,
    pub log: &'a mut Log,
}

/// The folder of unfinished downloads; it goes when the work ends, however it ends.
struct Unfinished(PathBuf);

/// A chart that was fetched.
struct Archive<'a> {
    name: &'a str,
    content: &'a [u8],
    folder: &'a Path,
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // What cannot be removed is in nobody's way.
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Downloads<'_> {
    /// Fetches the locked dependencies; those of `file://` come back with their real versions.
    pub fn run(mut self, mut locked: Vec<Dependency>) -> Result<Vec<Dependency>, Error> {
        let charts = self.chart.join("charts");
        match fs::metadata(&charts) {
            Ok(found) if !found.is_dir() => {
                return Err(DependencyError::NotADirectory(charts.display().to_string()).into());
            }
            Ok(_) => {}
            Err(_) => make_folder(&charts)?,
        }
        let unfinished = Unfinished(self.chart.join(format!("tmpcharts-{}", std::process::id())));
        make_folder(&unfinished.0)?;
        self.say(&format!("Saving {} charts\n", locked.len()));
        let mut done = BTreeSet::new();
        for dependency in &mut locked {
            if let Err(error) = self.save(dependency, &charts, &unfinished.0, &mut done) {
                // A chart in charts/ that cannot be loaded ends the work without this line.
                if !matches!(error, Error::Dependency(DependencyError::LoadLocal { .. })) {
                    self.say(&format!("Save error occurred:  {}\n", chain(&error)));
                }
                return Err(error);
            }
        }
        self.move_in(&locked, &unfinished.0, &charts)?;
        Ok(locked)
    }

    fn save(
        &mut self,
        dependency: &mut Dependency,
        charts: &Path,
        folder: &Path,
        done: &mut BTreeSet<String>,
    ) -> Result<(), Error> {
        let Dependency { name, version, repository, .. } = &*dependency;
        if repository.is_empty() {
            self.say(&format!(
                "Dependency {name} did not declare a repository. \
                 Assuming it exists in the charts directory\n"
            ));
            return Ok(check_local(&charts.join(name), name, version, self.log)?);
        }
        if repository.starts_with(SCHEME) {
            if self.options.debug {
                self.say(&format!("Archiving {name} from repo {repository}\n"));
            }
            dependency.version = self.archive(dependency, folder)?;
            return Ok(());
        }
        if is_oci(repository) {
            let reference = format!("{repository}/{name}");
            if self.is_done(done, &reference, dependency) {
                return Ok(());
            }
            return self.pull(&reference, name, version, folder);
        }
        let remote = self.find(name, version, repository)?;
        let url = remote.url.to_string();
        if self.is_done(done, &url, dependency) {
            return Ok(());
        }
        self.fetch(&remote, folder).map_err(|error| Error::Because {
            what: DependencyError::Download(url).to_string(),
            source: Box::new(error),
        })
    }

    /// Says what happens to a dependency and whether it is there already.
    fn is_done(&mut self, done: &mut BTreeSet<String>, place: &str, of: &Dependency) -> bool {
        let again = !done.insert(place.to_owned());
        let verb = if again { "Already downloaded" } else { "Downloading" };
        self.say(&format!("{verb} {} from repo {}\n", of.name, of.repository));
        again
    }

    /// Packs a chart of this machine; its version comes back.
    fn archive(&mut self, wanted: &Dependency, folder: &Path) -> Result<String, Error> {
        let path = local_path(&wanted.repository, self.chart)?;
        let found: Chart =
            load_without_detection(&path, self.log).map_err(DependencyError::from)?;
        let constraint = parse_constraint(&wanted.name, &wanted.version)?;
        if !satisfies(&constraint, &found.metadata.version) {
            return Err(DependencyError::NoLocalVersion(wanted.name.clone()).into());
        }
        let (name, content) = (self.pack)(&found).map_err(DependencyError::Pack)?;
        atomic::write(&folder.join(name), &content)?;
        Ok(found.metadata.version.clone())
    }

    fn pull(
        &mut self,
        reference: &str,
        name: &str,
        version: &str,
        folder: &Path,
    ) -> Result<(), Error> {
        let source: &Source = &self.options.source;
        let mut locator = Locator::new(self.network, self.settings, self.out, self.log);
        let client = locator.oci_client(source);
        let pulled = locator.pull(&client, reference, version).map_err(|error| Error::Because {
            what: DependencyError::Download(reference.to_owned()).to_string(),
            source: Box::new(error),
        })?;
        let tag = pulled.reference.tag.replace('_', "+");
        let file = format!("{name}-{tag}.tgz");
        atomic::write(&folder.join(&file), &pulled.content)?;
        if self.options.source.verification.strategy == Strategy::Never {
            return Ok(());
        }
        let mut locator = Locator::new(self.network, self.settings, self.out, self.log);
        let provenance = locator.pull_provenance(&client, &pulled);
        let archive = Archive { name: &file, content: &pulled.content, folder };
        self.verify(archive, reference, provenance).map_err(|error| Error::Because {
            what: DependencyError::Download(reference.to_owned()).to_string(),
            source: Box::new(error),
        })
    }

    /// Verifies what was fetched, and keeps its provenance file beside it, as Helm does.
    fn verify(
        &mut self,
        archive: Archive<'_>,
        reference: &str,
        provenance: Result<Vec<u8>, NotFetched>,
    ) -> Result<(), Error> {
        let verification = &self.options.source.verification;
        let provenance = match provenance {
            Ok(provenance) => provenance,
            Err(failure) if verification.strategy == Strategy::IfPossible => {
                let why = chain(&failure.cause);
                let text = format!("WARNING: Verification not found for {reference}: {why}\n");
                self.say(&text);
                return Ok(());
            }
            Err(failure) => return Err(failure.into_error()),
        };
        atomic::write(&archive.folder.join(format!("{}.prov", archive.name)), &provenance)?;
        verification.check(archive.content, &provenance, archive.name)
    }

    /// Where a chart of a repository is: by the cached index of a known one, else by asking.
    fn find(&mut self, name: &str, version: &str, repository: &str) -> Result<Remote, Error> {
        let known = self.repositories.iter().find(|known| equal(repository, &known.url));
        let Some(known) = known else {
            let source = Source { repository: repository.to_owned(), ..Source::default() };
            let mut locator = Locator::new(self.network, self.settings, self.out, self.log);
            let found = locator.find_in_repository(name, version, &source);
            return found.map_err(|error| Error::Because {
                what: DependencyError::NotFoundAt {
                    chart: name.to_owned(),
                    repository: repository.to_owned(),
                }
                .to_string(),
                source: Box::new(error),
            });
        };
        let index = cached_index(&self.settings.repository_cache, &known.name)?;
        let versions = index
            .versions(name, self.log)
            .map_err(|source| Error::Index { place: known.name.clone(), source })?;
        let versions = versions.ok_or(DependencyError::NotFound("entry not found"))?;
        let is_it = |found: &&ChartVersion| {
            !found.urls.is_empty() && (version.is_empty() || is_same(version, &found.version))
        };
        let found =
            versions.iter().find(is_it).ok_or(DependencyError::NotFound("no matching version"))?;
        let first = found.urls.first().ok_or(DependencyError::NotFound("no matching version"))?;
        Ok(Remote {
            url: Url::parse(&resolve_reference(repository, first)?)?,
            owner: Url::parse(&known.url)?,
            access: known.access.clone(),
            digest: claimed_digest(&found.digest)?,
        })
    }

    fn fetch(&mut self, remote: &Remote, folder: &Path) -> Result<(), Error> {
        let cache = ContentCache::new(self.settings.content_cache.clone());
        let cached = remote.digest.as_ref().and_then(|digest| cache.get(digest));
        let name = remote.url.base_name();
        let content = if let Some((_, content)) = cached {
            content
        } else if is_oci(&remote.url.to_string()) {
            let source = Source { access: remote.access.clone(), ..self.options.source.clone() };
            let mut locator = Locator::new(self.network, self.settings, self.out, self.log);
            let client = locator.oci_client(&source);
            locator.pull(&client, &remote.url.to_string(), "")?.content
        } else {
            Locator::new(self.network, self.settings, self.out, self.log).fetch(remote)?
        };
        // A name from the network must not lead out of the folder.
        let name = if is_oci(&remote.url.to_string()) {
            format!("{}.tgz", name.replace(':', "-"))
        } else {
            name
        };
        let safe = !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '\\']);
        if !safe {
            return Err(Error::Form(remote.url.to_string()));
        }
        atomic::write(&folder.join(&name), &content)?;
        let source = &self.options.source;
        if source.verification.strategy == Strategy::Never {
            return Ok(());
        }
        let mut locator = Locator::new(self.network, self.settings, self.out, self.log);
        let (_, provenance) = locator.fetch_provenance(remote, source)?;
        let archive = Archive { name: &name, content: &content, folder };
        self.verify(archive, &remote.url.to_string(), provenance)
    }

    /// Moves what was fetched into `charts/` and removes archives that are no longer wanted.
    fn move_in(&mut self, locked: &[Dependency], from: &Path, to: &Path) -> Result<(), Error> {
        let listed = |folder: &Path| {
            sorted_files(folder).map_err(|error| FileError::new("open", folder, error))
        };
        let (new, old) = (listed(from)?, listed(to)?);
        for path in new.iter().filter(|path| !path.is_dir()) {
            let shown = path.display();
            if let Err(error) = load_without_detection(path, self.log) {
                let text = format!("Could not verify {shown} for moving: {error} (Skipping)");
                self.say(&text);
                continue;
            }
            let target = to.join(path.file_name().unwrap_or_default());
            if let Err(error) = fs::rename(path, &target) {
                let why = reason(&error);
                self.say(&format!("Unable to move {shown} to charts dir {why} (Skipping)"));
            }
        }
        self.say("Deleting outdated charts\n");
        let kept: BTreeSet<_> = new.iter().filter_map(|path| path.file_name()).collect();
        for path in old {
            if path.is_dir() || path.file_name().is_some_and(|name| kept.contains(name)) {
                continue;
            }
            let shown = path.display();
            match load_without_detection(&path, self.log) {
                Err(error) => self
                    .say(&format!("Could not verify {shown} for deletion: {error} (Skipping)\n")),
                Ok(chart) if is_local(locked, &chart) => {}
                Ok(_) => {
                    if let Err(error) = fs::remove_file(&path) {
                        let why = reason(&error);
                        self.say(&format!("Could not delete {shown}: {why} (Skipping)"));
                    }
                }
            }
        }
        Ok(())
    }

    fn say(&mut self, text: &str) {
        // Where nobody listens any more, the charts still come.
        let _ = self.out.write_all(text.as_bytes());
    }
}

fn is_local(locked: &[Dependency], chart: &Chart) -> bool {
    locked.iter().any(|wanted| wanted.repository.is_empty() && wanted.name == chart.name())
}

/// Whether a chart in `charts/` is what a dependency without a repository wants.
fn check_local(
    path: &Path,
    name: &str,
    wanted: &str,
    log: &mut Log,
) -> Result<(), DependencyError> {
    let found = load_without_detection(path, log).map_err(|source| DependencyError::LoadLocal {
        path: path.display().to_string(),
        source,
    })?;
    let constraint = parse_constraint(name, wanted)?;
    if satisfies(&constraint, &found.metadata.version) {
        return Ok(());
    }
    Err(DependencyError::WrongLocalVersion {
        name: name.to_owned(),
        version: found.metadata.version.clone(),
        constraint: wanted.to_owned(),
    })
}

fn parse_constraint(name: &str, text: &str) -> Result<Constraints, DependencyError> {
    Constraints::parse(text).map_err(|error| DependencyError::LocalConstraint {
        name: name.to_owned(),
        reason: error.to_string(),
    })
}

/// Whether two texts are the same version; texts that are none must be equal.
fn is_same(left: &str, right: &str) -> bool {
    match (Version::parse(left), Version::parse(right)) {
        (Err(_), _) => left == right,
        (Ok(left), Ok(right)) => left.compare(&right).is_eq(),
        (Ok(_), Err(_)) => false,
    }
}

fn make_folder(folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|error| FileError::new("mkdir", folder, error).into())
}
