//! `index.yaml`: which charts a repository has, in which versions, and where they are.

use helm::chart::{Metadata, Misfit};
use helm::log::{Level, Log};
use helm::values::{Plain, Table, read_document, read_document_strictly};
use version::{Constraints, Version};

use super::slice;

/// What can be wrong with an index, or missing in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// There is nothing in it.
    #[error("empty index.yaml file")]
    Empty,
    /// It does not say which kind of index it is.
    #[error("no API version specified")]
    NoApiVersion,
    /// It is no YAML, or not an index.
    #[error("{0}")]
    Document(String),
    /// No chart of this name.
    #[error("no chart name found")]
    NoChartName,
    /// A chart without versions.
    #[error("no chart version found")]
    NoChartVersion,
    /// No version that satisfies the constraint.
    #[error("no chart version found for {chart}-{version}")]
    NoMatch {
        /// The chart's name.
        chart: String,
        /// The constraint.
        version: String,
    },
    /// A constraint that is none.
    #[error("{0}")]
    Constraint(String),
}

/// One version of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartVersion {
    /// The version as written.
    pub version: String,
    /// Where it is, relative to the index or absolute.
    pub urls: Vec<String>,
    /// The digest of the archive, if the index has one.
    pub digest: String,
}

/// An index, read as far as it is asked for.
#[derive(Clone, Debug)]
pub struct Index {
    text: Vec<u8>,
    /// Where it came from, for the log.
    source: String,
}

impl Index {
    /// Takes an index as it came from `source` (a file or an address).
    pub fn new(text: Vec<u8>, source: &str) -> Result<Self, IndexError> {
        if text.is_empty() {
            return Err(IndexError::Empty);
        }
        let index = Self { text, source: source.to_owned() };
        if slice::names(&index.text).is_none() {
            index.document()?;
        }
        Ok(index)
    }

    /// The text as it came.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The names of all charts.
    pub fn names(&self) -> Result<Vec<String>, IndexError> {
        if let Some(names) = slice::names(&self.text) {
            return Ok(names);
        }
        let entries = self.document()?;
        Ok(entries.iter().map(|(name, _)| name.to_text().into_owned()).collect())
    }

    /// Whether a text occurs anywhere: a cheap answer to whether a URL belongs here.
    pub fn mentions(&self, text: &str) -> bool {
        memchr::memmem::find(&self.text, text.as_bytes()).is_some()
    }

    /// The valid versions of a chart, the newest first; nothing when the chart is unknown.
    pub fn versions(
        &self,
        chart: &str,
        log: &mut Log,
    ) -> Result<Option<Vec<ChartVersion>>, IndexError> {
        let part = slice::cut_out(&self.text, chart);
        let entries = match part.and_then(|part| entries(&part).ok()) {
            Some(entries) => entries,
            None => self.document()?,
        };
        let Some(list) = entries.get(chart.as_bytes()) else { return Ok(None) };
        let mut versions = Vec::new();
        let Plain::List(list) = list else { return Ok(Some(Vec::new())) };
        for entry in list.iter() {
            match chart_version(chart, entry)? {
                Ok(version) => versions.push(version),
                Err((version, reason)) => log.add_with(
                    Level::Warn,
                    "skipping loading invalid entry for chart",
                    vec![
                        ("name", chart.to_owned()),
                        ("version", version),
                        ("source", self.source.clone()),
                        ("error", reason),
                    ],
                ),
            }
        }
        // The sort is stable: versions that differ in their build only stay in the index's order.
        versions.sort_by(|(left, _), (right, _)| right.compare(left));
        Ok(Some(versions.into_iter().map(|(_, version)| version).collect()))
    }

    /// The newest version that satisfies a version or constraint; none given means any stable one.
    pub fn find(
        &self,
        chart: &str,
        wanted: &str,
        log: &mut Log,
    ) -> Result<ChartVersion, IndexError> {
        let versions = self.versions(chart, log)?.ok_or(IndexError::NoChartName)?;
        if versions.is_empty() {
            return Err(IndexError::NoChartVersion);
        }
        let constraint = Constraints::parse(if wanted.is_empty() { "*" } else { wanted })
            .map_err(|error| IndexError::Constraint(error.to_string()))?;
        if let Some(exact) = versions.iter().find(|version| version.version == wanted) {
            return Ok(exact.clone());
        }
        let satisfies = |candidate: &&ChartVersion| {
            Version::parse(&candidate.version).is_ok_and(|version| constraint.check(&version))
        };
        let Some(found) = versions.iter().find(satisfies) else {
            let (chart, version) = (chart.to_owned(), wanted.to_owned());
            return Err(IndexError::NoMatch { chart, version });
        };
        if !wanted.is_empty() && !is_range(wanted) {
            log.add_with(
                Level::Warn,
                "unable to find exact version requested; falling back to closest available version",
                vec![
                    ("chart", chart.to_owned()),
                    ("requested", wanted.to_owned()),
                    ("selected", found.version.clone()),
                ],
            );
        }
        Ok(found.clone())
    }

    fn document(&self) -> Result<Table, IndexError> {
        entries(&self.text)
    }
}

/// One entry: the version and its parsed form, or why it is skipped.
#[expect(clippy::type_complexity, reason = "the inner result is matched at once by the caller")]
fn chart_version(
    chart: &str,
    entry: &Plain,
) -> Result<Result<(Version, ChartVersion), (String, String)>, IndexError> {
    let Plain::Map(table) = entry else {
        return Ok(Err((String::new(), format!("empty entry of {chart}"))));
    };
    let mut metadata = Metadata::default();
    metadata.read(entry).map_err(|error| {
        let text = format!("error unmarshaling JSON: while decoding JSON: {error}");
        IndexError::Document(text)
    })?;
    if metadata.api_version.is_empty() {
        "v1".clone_into(&mut metadata.api_version);
    }
    let text = metadata.version.clone();
    if let Err(reason) = metadata.validate() {
        let reason = reason.to_string();
        // Some servers drop aliases from their index; the charts themselves are fine.
        if !reason.starts_with("validation: more than one dependency with name or alias") {
            return Ok(Err((text, reason)));
        }
    }
    let parsed = match Version::parse(&text) {
        Ok(parsed) => parsed,
        Err(reason) => return Ok(Err((text, reason.to_string()))),
    };
    let urls = match table.get(b"urls") {
        Some(Plain::List(urls)) => urls.iter().filter_map(text_of).collect(),
        _ => Vec::new(),
    };
    let digest = table.get(b"digest").and_then(text_of).unwrap_or_default();
    Ok(Ok((parsed, ChartVersion { version: text, urls, digest })))
}

/// The table of charts of a whole index.
fn entries(text: &[u8]) -> Result<Table, IndexError> {
    // To Go's reader of JSON, a key may come twice.
    let may_be_json = text.trim_ascii_start().starts_with(b"{");
    let read = if may_be_json { read_document } else { read_document_strictly };
    let document = read(text).map_err(|error| IndexError::Document(error.to_string()))?;
    if matches!(document, Plain::Null) {
        return Err(IndexError::NoApiVersion);
    }
    let Plain::Map(file) = document else {
        return Err(misfit(text, &document, |_| "Go value".to_owned(), "repo.IndexFile"));
    };
    let version = match file.get(b"apiVersion") {
        Some(found @ (Plain::List(_) | Plain::Map(_))) => {
            let place = |root: &str| format!("Go struct field {root}.apiVersion");
            return Err(misfit(text, found, place, "string"));
        }
        version => version.is_some_and(|version| *version != Plain::Null),
    };
    let entries = match file.get(b"entries") {
        Some(Plain::Map(entries)) => entries.clone(),
        None | Some(Plain::Null) => Table::default(),
        Some(found) => {
            let place = |root: &str| format!("Go struct field {root}.entries");
            return Err(misfit(text, found, place, "map[string]repo.ChartVersions"));
        }
    };
    check_lists(text, &entries)?;
    if version && file.get(b"apiVersion").and_then(text_of).is_none_or(|text| !text.is_empty()) {
        Ok(entries)
    } else {
        Err(IndexError::NoApiVersion)
    }
}

/// Each chart has a list of tables.
fn check_lists(text: &[u8], entries: &Table) -> Result<(), IndexError> {
    for (name, versions) in entries.iter() {
        let name = name.to_text();
        let Plain::List(versions) = versions else {
            if *versions == Plain::Null {
                continue;
            }
            let place = |root: &str| format!("Go struct field {root}.entries.{name}");
            return Err(misfit(text, versions, place, "repo.ChartVersions"));
        };
        let is_wrong = |entry: &&Plain| !matches!(entry, Plain::Null | Plain::Map(_));
        if let Some((at, entry)) = versions.iter().enumerate().find(|(_, entry)| is_wrong(entry)) {
            let place = |root: &str| format!("{root}.entries.{name}.{at}");
            return Err(misfit(text, entry, place, "repo.ChartVersion"));
        }
    }
    Ok(())
}

/// A value of another type than an index has at a place; Helm's words go by whether the index is
/// written in JSON.
fn misfit(
    text: &[u8],
    found: &Plain,
    place: impl FnOnce(&str) -> String,
    wanted: &'static str,
) -> IndexError {
    let is_json = serde_json::from_slice::<serde_json::Value>(text).is_ok();
    let before = if is_json { "" } else { "error unmarshaling JSON: while decoding JSON: " };
    let root = if is_json { "IndexFile" } else { "" };
    let found = found.json_kind();
    let misfit = Misfit::Type { found, place: place(root), wanted };
    IndexError::Document(format!("{before}{misfit}"))
}

fn text_of(value: &Plain) -> Option<String> {
    match value {
        Plain::Str(text) => Some(text.to_text().into_owned()),
        _ => None,
    }
}

/// Whether a version is meant as a range; an exact one that is missing deserves a warning.
fn is_range(version: &str) -> bool {
    let core = version.split(['-', '+']).next().unwrap_or_default();
    version.contains(['^', '~', '<', '>', '=', '!', '*'])
        || version.contains("||")
        || version.contains(" - ")
        || core.contains(['x', 'X'])
}
