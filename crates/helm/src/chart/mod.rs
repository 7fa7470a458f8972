//! Charts: the model, and how one is loaded from a directory, an archive or files in memory.
//!
//! A [`Chart`] is immutable and shared: what a render changes about it (which sub-charts are on,
//! under which names, with which imported values) makes a cheap new one, see `dependency`.

mod archive;
pub(crate) mod decode;
mod directory;
pub mod glob;
mod gzip;
mod ignore;
mod load;
mod metadata;
mod pattern;
mod save;
mod tar;

use std::sync::Arc;

pub use archive::{ArchiveError, read_archive};
pub use decode::Misfit;
pub(crate) use directory::clean;
pub use directory::{absolute, read_alone};
pub use ignore::{IgnoreError, Rules};
pub use load::{
    LoadError, from_files, go_reason, load, load_archive, load_directory, load_without_detection,
};
pub use metadata::{Dependency, Invalid, Lock, Maintainer, Metadata};
pub use pattern::{BadPattern, matches as matches_pattern};

use crate::values::Table;

/// A file of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path within the chart, with slashes.
    pub name: Arc<str>,
    /// When it was last changed, in seconds since 1970, where that is known.
    pub modified: Option<i64>,
    /// What is in it, without a byte order mark at its start.
    pub data: Arc<[u8]>,
}

/// A chart with its sub-charts. Cloning it costs a handful of reference counts.
#[derive(Clone, Debug)]
pub struct Chart {
    /// What Chart.yaml says, valid and cleaned.
    pub metadata: Arc<Metadata>,
    /// Everything under `templates/`.
    pub templates: Arc<[File]>,
    /// Everything that is nothing else: `crds/`, README, files for `.Files`.
    pub files: Arc<[File]>,
    /// Every file as it came, those of sub-charts included.
    pub raw: Arc<[File]>,
    /// The default values. After the processing of dependencies: with imported ones.
    pub values: Table,
    /// The text of `values.schema.json`.
    pub schema: Option<Arc<[u8]>>,
    /// Chart.lock, or requirements.lock of a chart of apiVersion v1.
    pub lock: Option<Arc<Lock>>,
    /// The sub-charts found in `charts/`; after processing: those in use, under their aliases.
    pub dependencies: Vec<Arc<Chart>>,
    /// After processing: the path it keeps, where that is not the one below its parent.
    pub home: Option<Arc<str>>,
}

impl Chart {
    /// The chart's name, or its alias.
    pub fn name(&self) -> &str {
        &self.metadata.name
    }

    /// The files of `crds/` of this chart and its sub-charts, each with the path that Helm prints
    /// for it (`parent/charts/child/crds/x.yaml`).
    pub fn crds(&self) -> Vec<(String, File)> {
        let mut found = Vec::new();
        self.collect_crds(self.name(), &mut found);
        found
    }

    fn collect_crds(&self, path: &str, found: &mut Vec<(String, File)>) {
        for file in self.files.iter() {
            if file.name.starts_with("crds/") && is_manifest(&file.name) {
                found.push((format!("{path}/{}", file.name), file.clone()));
            }
        }
        for sub in &self.dependencies {
            sub.collect_crds(&sub.path_below(path), found);
        }
    }

    /// The path that Helm prints for this chart, from the name of the topmost one on. `parent` is its
    /// parent's.
    pub fn path_below(&self, parent: &str) -> String {
        let below = || format!("{parent}/charts/{}", self.name());
        self.home.as_deref().map_or_else(below, str::to_owned)
    }

    /// The raw file of that name.
    pub fn raw_file(&self, name: &str) -> Option<&File> {
        self.raw.iter().find(|file| &*file.name == name)
    }

    /// The README, under any of the names that Helm takes for one.
    pub fn readme(&self) -> Option<&File> {
        let is_readme = |file: &&File| {
            ["readme.md", "readme.txt", "readme"]
                .iter()
                .any(|name| file.name.eq_ignore_ascii_case(name))
        };
        self.files.iter().find(is_readme)
    }
}

fn is_manifest(name: &str) -> bool {
    let base = name.rsplit('/').next().unwrap_or(name);
    let extension = base.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["yaml", "yml", "json"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}
