//! From files in memory to a [`Chart`]: which file means what, sub-charts, and every way to fail.
//!
//! Not here: where the files come from (see `directory` and `archive`). Follows Helm 4's
//! `pkg/chart/loader` and `pkg/chart/v2/loader`.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::archive::{self, ArchiveError, Budget};
use super::{Chart, File, IgnoreError, Invalid, Lock, Metadata, directory, metadata};
use crate::log::{Level, Log};
use crate::values::{self, DocumentError, Table};

/// Why a chart cannot be loaded. The texts are Helm's.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file cannot be read, worded as Go words it.
    #[error("{operation} {path}: {reason}")]
    File {
        /// `open`, `stat`, `lstat` or `read`.
        operation: &'static str,
        /// The path.
        path: String,
        /// The operating system's reason.
        reason: String,
    },
    /// A directory without a readable Chart.yaml.
    #[error("unable to detect chart at {path}: {reason}")]
    Undetected {
        /// Where Chart.yaml was looked for.
        path: String,
        /// Why it cannot be read.
        reason: Box<LoadError>,
    },
    /// An archive without Chart.yaml.
    #[error("unable to detect chart version, no Chart.yaml found")]
    NothingToDetect,
    /// An archive that cannot be unpacked while the kind of chart is detected.
    #[error("unable to load chart archive")]
    UnreadableArchive(ArchiveError),
    /// An `apiVersion` that nobody knows.
    #[error("unsupported chart version")]
    UnsupportedVersion,
    /// An `apiVersion` that Helm knows but does not render.
    #[error("invalid chart apiVersion")]
    InvalidApiVersion,
    /// One of the chart's own documents does not say what it should.
    #[error("cannot load {file}: {reason}")]
    Document {
        /// Its name.
        file: &'static str,
        /// What is wrong with it.
        reason: DocumentError,
    },
    /// There is no Chart.yaml.
    #[error("Chart.yaml file is missing")]
    NoMetadata,
    /// Chart.yaml is not valid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A sub-chart cannot be loaded.
    #[error("error unpacking subchart {name} in {parent}: {reason}")]
    SubChart {
        /// The name of its folder or archive.
        name: String,
        /// The chart around it.
        parent: String,
        /// What is wrong with it.
        reason: Box<LoadError>,
    },
    /// A folder in `charts/` is named like an archive.
    #[error("error unpacking subchart tar in {parent}: expected {expected}, got {got}")]
    SubChartArchive {
        /// The chart around it.
        parent: String,
        /// The archive's name.
        expected: String,
        /// The name of the file found.
        got: String,
    },
    /// A rule of `.helmignore` is none.
    #[error(transparent)]
    Ignore(#[from] IgnoreError),
    /// A device, socket or pipe in the chart's directory.
    #[error("cannot load irregular file {0} as it has file mode type bits set")]
    Irregular(String),
    /// A file of the directory cannot be read.
    #[error("error reading {name}: {reason}")]
    Reading {
        /// Its path in the chart.
        name: String,
        /// Why not.
        reason: Box<LoadError>,
    },
    /// The directory holds more than a chart may.
    #[error("chart exceeds maximum decompressed size of {0} bytes")]
    TooLarge(u64),
    /// A symbolic link leads nowhere or in a circle.
    #[error("error evaluating symlink {path}: {reason}")]
    Link {
        /// The link.
        path: String,
        /// Why it cannot be followed.
        reason: Box<LoadError>,
    },
    /// More files or deeper folders than any chart has: most likely links in a circle.
    #[error("chart has more than {0} files: do symbolic links in it form a circle?")]
    TooManyFiles(usize),
    /// The archive is not a chart's.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The file is no gzip stream although it starts like one.
    #[error("file '{file}' does not appear to be a valid chart file (details: {reason})")]
    NotAChartFile {
        /// The file.
        file: String,
        /// What the reader says.
        reason: ArchiveError,
    },
    /// The file is something else altogether.
    #[error("file '{file}' does not appear to be a gzipped archive; got '{content}'")]
    NotAnArchive {
        /// The file.
        file: String,
        /// Its content type, by its first bytes.
        content: &'static str,
    },
    /// The file is YAML: values given where a chart is wanted.
    #[error("file '{0}' seems to be a YAML file, but expected a gzipped archive")]
    YamlFile(String),
    /// Archives in archives in archives.
    #[error("chart has sub-charts more than {0} levels deep")]
    TooDeep(usize),
}

/// Sub-charts of sub-charts of … : real charts have four levels; the bound keeps hostile ones from
/// exhausting the stack.
const MAX_DEPTH: usize = 64;

/// Loads the chart at `path`, a directory or an archive, as `helm template` does.
pub fn load(path: &Path, log: &mut Log) -> Result<Chart, LoadError> {
    if is_directory(path)? { load_directory(path, log) } else { load_archive(path, log) }
}

/// Loads the chart at `path` as `helm show` and `helm lint` do, which do not ask for the
/// `apiVersion` first.
pub fn load_without_detection(path: &Path, log: &mut Log) -> Result<Chart, LoadError> {
    if is_directory(path)? {
        from_files(directory::read(path, log)?, log)
    } else {
        let files = archive::read_file(path, &mut Budget::default())?;
        from_files(files, log)
    }
}

/// Loads a chart from a directory.
pub fn load_directory(path: &Path, log: &mut Log) -> Result<Chart, LoadError> {
    let file = directory::absolute(path).join("Chart.yaml");
    let shown = file.to_string_lossy().into_owned();
    let data = directory::read_alone(&file).map_err(|error| LoadError::Undetected {
        path: shown.clone(),
        reason: Box::new(file_error("open", &file, &error)),
    })?;
    let kind = ChartKind::detect(&data)?;
    let chart = from_files(directory::read(path, log)?, log)?;
    kind.accept(chart)
}

/// Loads a chart from an archive file.
pub fn load_archive(path: &Path, log: &mut Log) -> Result<Chart, LoadError> {
    let files = archive::read_file(path, &mut Budget::default()).map_err(|error| match error {
        LoadError::Archive(reason) => LoadError::UnreadableArchive(reason),
        other => other,
    })?;
    let found = files.iter().find(|file| &*file.name == "Chart.yaml");
    let kind = ChartKind::detect(&found.ok_or(LoadError::NothingToDetect)?.data)?;
    kind.accept(from_files(files, log)?)
}

/// Makes a chart of its files.
pub fn from_files(files: Vec<File>, log: &mut Log) -> Result<Chart, LoadError> {
    assemble(files, &mut Budget::default(), 0, log)
}

/// The generations of charts that Helm 4 tells apart by `apiVersion`.
enum ChartKind {
    Known,
    /// v3 exists behind an experimental switch; `helm template` refuses such a chart.
    Experimental,
}

impl ChartKind {
    fn detect(chart_yaml: &[u8]) -> Result<Self, LoadError> {
        let detect =
            || metadata::api_version(&values::read_document(chart_yaml)?).map_err(Into::into);
        let version = detect().map_err(in_document("Chart.yaml"))?;
        match version.as_str() {
            "" | "v1" | "v2" => Ok(Self::Known),
            "v3" => Ok(Self::Experimental),
            _ => Err(LoadError::UnsupportedVersion),
        }
    }

    fn accept(self, chart: Chart) -> Result<Chart, LoadError> {
        match self {
            Self::Known => Ok(chart),
            Self::Experimental => Err(LoadError::InvalidApiVersion),
        }
    }
}

/// What the files of a chart turn into, one by one.
#[derive(Default)]
struct Parts {
    metadata: Option<Metadata>,
    templates: Vec<File>,
    files: Vec<File>,
    values: Table,
    schema: Option<Arc<[u8]>>,
    lock: Option<Arc<Lock>>,
    sub_charts: BTreeMap<String, Vec<File>>,
}

fn assemble(
    files: Vec<File>,
    budget: &mut Budget,
    depth: usize,
    log: &mut Log,
) -> Result<Chart, LoadError> {
    if depth > MAX_DEPTH {
        return Err(LoadError::TooDeep(MAX_DEPTH));
    }
    let mut parts = Parts::default();
    for file in files.iter().filter(|file| &*file.name == "Chart.yaml") {
        parts.read_metadata("Chart.yaml", &file.data)?;
    }
    if let Some(metadata) = &mut parts.metadata
        && metadata.api_version.is_empty()
    {
        // Charts from before Helm 3 do not say.
        "v1".clone_into(&mut metadata.api_version);
    }
    for file in &files {
        parts.sort_in(file, log)?;
    }
    let mut metadata = parts.metadata.ok_or(LoadError::NoMetadata)?;
    metadata.validate()?;
    let mut dependencies = Vec::new();
    for (name, files) in parts.sub_charts {
        if let Some(chart) = sub_chart(&metadata.name, &name, files, budget, depth, log)? {
            dependencies.push(Arc::new(chart));
        }
    }
    Ok(Chart {
        metadata: Arc::new(metadata),
        templates: parts.templates.into(),
        files: parts.files.into(),
        raw: files.into(),
        values: parts.values,
        schema: parts.schema,
        lock: parts.lock,
        dependencies,
        home: None,
    })
}

impl Parts {
    fn read_metadata(&mut self, file: &'static str, data: &[u8]) -> Result<(), LoadError> {
        let metadata = self.metadata.get_or_insert_default();
        let mut read = || Ok(metadata.read(&values::read_document(data)?)?);
        read().map_err(in_document(file))
    }

    fn read_lock(&mut self, file: &'static str, data: &[u8]) -> Result<(), LoadError> {
        let read = || Ok(Lock::read(&values::read_document(data)?)?);
        self.lock = Some(Arc::new(read().map_err(in_document(file))?));
        Ok(())
    }

    fn is_v1(&self) -> bool {
        self.metadata.as_ref().is_some_and(|metadata| metadata.api_version == "v1")
    }

    fn sort_in(&mut self, file: &File, log: &mut Log) -> Result<(), LoadError> {
        match &*file.name {
            "Chart.yaml" => {}
            "Chart.lock" => self.read_lock("Chart.lock", &file.data)?,
            "values.yaml" => {
                self.values =
                    values::read_values(&file.data).map_err(in_document("values.yaml"))?;
            }
            "values.schema.json" => self.schema = Some(Arc::clone(&file.data)),
            "requirements.yaml" => {
                if !self.is_v1() {
                    log.add(Level::Info, "Warning: Dependencies are handled in Chart.yaml since apiVersion \"v2\". We recommend migrating dependencies to Chart.yaml.");
                }
                self.read_metadata("requirements.yaml", &file.data)?;
                if self.is_v1() {
                    self.files.push(file.clone());
                }
            }
            "requirements.lock" => {
                self.read_lock("requirements.lock", &file.data)?;
                if self.is_v1() {
                    self.files.push(file.clone());
                } else {
                    log.add(Level::Info, "Warning: Dependency locking is handled in Chart.lock since apiVersion \"v2\". We recommend migrating to Chart.lock.");
                }
            }
            name => self.sort_in_by_folder(name, file),
        }
        Ok(())
    }

    fn sort_in_by_folder(&mut self, name: &str, file: &File) {
        if name.starts_with("templates/") {
            self.templates.push(file.clone());
        } else if let Some(inner) = name.strip_prefix("charts/")
            && extension(name) != ".prov"
        {
            let top = inner.split('/').next().unwrap_or(inner);
            let inner_file = File { name: inner.into(), ..file.clone() };
            self.sub_charts.entry(top.to_owned()).or_default().push(inner_file);
        } else {
            self.files.push(file.clone());
        }
    }
}

/// Loads what stands under one name in `charts/`; `None` for what Helm passes over.
fn sub_chart(
    parent: &str,
    name: &str,
    files: Vec<File>,
    budget: &mut Budget,
    depth: usize,
    log: &mut Log,
) -> Result<Option<Chart>, LoadError> {
    if name.starts_with(['_', '.']) {
        return Ok(None);
    }
    let loaded = if extension(name) == ".tgz" {
        // A folder may be named like an archive: then its first file is not it.
        let Some(file) = files.first() else { return Ok(None) };
        if &*file.name != name {
            return Err(LoadError::SubChartArchive {
                parent: parent.to_owned(),
                expected: name.to_owned(),
                got: file.name.to_string(),
            });
        }
        let unpacked = archive::read_archive_within(&file.data, budget).map_err(LoadError::from);
        unpacked.and_then(|files| assemble(files, budget, depth + 1, log))
    } else {
        // A plain file right in `charts/` belongs to no chart.
        let within = |file: File| {
            let inner = file.name.split_once('/')?.1;
            Some(File { name: inner.into(), ..file.clone() })
        };
        assemble(files.into_iter().filter_map(within).collect(), budget, depth + 1, log)
    };
    loaded.map(Some).map_err(|reason| LoadError::SubChart {
        name: name.to_owned(),
        parent: parent.to_owned(),
        reason: Box::new(reason),
    })
}

fn in_document(file: &'static str) -> impl Fn(DocumentError) -> LoadError {
    move |reason| LoadError::Document { file, reason }
}

/// Go's `filepath.Ext`: from the last dot of the last part.
fn extension(name: &str) -> &str {
    let base = name.rsplit('/').next().unwrap_or(name);
    base.rfind('.').map_or("", |dot| &base[dot..])
}

fn is_directory(path: &Path) -> Result<bool, LoadError> {
    let found = std::fs::metadata(path).map_err(|error| file_error("stat", path, &error))?;
    Ok(found.is_dir())
}

/// The operating system's refusal as Go words it.
pub(super) fn file_error(
    operation: &'static str,
    path: &Path,
    error: &std::io::Error,
) -> LoadError {
    LoadError::File {
        operation,
        path: path.to_string_lossy().into_owned(),
        reason: go_reason(error),
    }
}

/// Go prints the system's own words in lower case and without the number.
pub fn go_reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let words = text.split(" (os error ").next().unwrap_or(&text);
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// A path as it is written into messages.
pub(super) fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
