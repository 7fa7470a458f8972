//! Finds the charts in a directory tree, and reads of each `Chart.yaml` what the harness needs.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::Value;

use crate::oracle::{Oracle, Reply};

/// How deep a chart may lie in its repository.
const DEPTH: usize = 12;

/// A chart as it lies in a checkout.
pub struct Chart {
    /// The name of the directory that was given.
    pub repository: String,
    /// Its path in the repository.
    pub relative: String,
    /// Where it is.
    pub dir: PathBuf,
    /// Its name.
    pub name: String,
    /// Its version, as written.
    pub version: String,
    /// A library chart renders nothing.
    pub is_library: bool,
    /// Whether it lies in another chart: it serves as a dependency, but is not tried alone.
    pub nested: bool,
    /// All of `Chart.yaml`.
    pub metadata: Value,
    /// All of `requirements.yaml`, where that lists the dependencies.
    pub requirements: Option<Value>,
    /// What it depends on.
    pub dependencies: Vec<Dependency>,
}

/// One entry of a chart's dependencies.
#[derive(Clone)]
pub struct Dependency {
    /// The name of the chart that is wanted.
    pub name: String,
    /// The versions that are wanted.
    pub version: String,
    /// Where from.
    pub repository: String,
}

impl Chart {
    /// Repository and path, for people.
    pub fn label(&self) -> String {
        format!("{} {}", self.repository, self.relative)
    }
}

/// Every chart under the directories, in a stable order.
pub fn find(dirs: &[PathBuf], oracle: &mut Oracle) -> Result<Vec<Chart>> {
    let mut found = Vec::new();
    for root in dirs {
        let repository =
            root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut places = Vec::new();
        walk(root, false, 0, &mut places);
        places.sort();
        for (dir, nested) in places {
            if let Some(mut chart) = read(&dir, oracle)? {
                chart.repository.clone_from(&repository);
                chart.relative = dir.strip_prefix(root)?.to_string_lossy().into_owned();
                chart.nested = nested;
                found.push(chart);
            }
        }
    }
    Ok(found)
}

fn walk(dir: &Path, nested: bool, depth: usize, found: &mut Vec<(PathBuf, bool)>) {
    let is_chart = dir.join("Chart.yaml").is_file();
    if is_chart {
        found.push((dir.to_path_buf(), nested));
    }
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let skipped = name.to_string_lossy().starts_with('.') || name == "node_modules";
        let inner = is_chart && (name == "templates" || name == "crds" || name == "files");
        if is_dir && !skipped && !inner && depth < DEPTH {
            walk(&entry.path(), nested || is_chart, depth + 1, found);
        }
    }
}

fn read(dir: &Path, oracle: &mut Oracle) -> Result<Option<Chart>> {
    let Some(metadata) = yaml(&dir.join("Chart.yaml"), oracle)? else { return Ok(None) };
    let Some(name) = metadata["name"].as_str().map(str::to_owned) else { return Ok(None) };
    // A name that is a path is no business of a directory's.
    if name.contains('/') || name.starts_with('.') {
        return Ok(None);
    }
    let requirements = if metadata["dependencies"].is_null() {
        yaml(&dir.join("requirements.yaml"), oracle)?
    } else {
        None
    };
    let listed = &requirements.as_ref().unwrap_or(&metadata)["dependencies"];
    let text = |entry: &Value, field: &str| entry[field].as_str().unwrap_or_default().to_owned();
    let entries = listed.as_array().map(Vec::as_slice).unwrap_or_default();
    let dependencies = entries.iter().map(|entry| Dependency {
        name: text(entry, "name"),
        version: text(entry, "version"),
        repository: text(entry, "repository"),
    });
    Ok(Some(Chart {
        repository: String::new(),
        relative: String::new(),
        dir: dir.to_path_buf(),
        version: text(&metadata, "version"),
        is_library: metadata["type"] == "library",
        nested: false,
        dependencies: dependencies.collect(),
        name,
        requirements,
        metadata,
    }))
}

fn yaml(path: &Path, oracle: &mut Oracle) -> Result<Option<Value>> {
    let Ok(text) = fs::read(path) else { return Ok(None) };
    Ok(match oracle.yaml(&text)? {
        Reply::Answer(answer) => serde_json::from_str(answer["json"].as_str().unwrap_or("")).ok(),
        Reply::Refusal(_) | Reply::Lost => None,
    })
}
