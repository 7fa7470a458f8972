//! `dependency list`: what Chart.yaml wants beside what `charts/` has.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use helm::chart::{Chart, Dependency, load_without_detection};
use helm::log::Log;
use version::{Constraints, Version};

use super::error::DependencyError;
use super::table;
use crate::error::Error;

/// Prints the table of a chart's dependencies, and warnings about what is in `charts/` besides.
pub fn list(
    chart_path: &Path,
    max_width: usize,
    out: &mut dyn Write,
    log: &mut Log,
) -> Result<(), Error> {
    let chart = load_without_detection(chart_path, log).map_err(DependencyError::from)?;
    let text = report(chart_path, &chart, max_width, log);
    // Where nobody listens any more there is nobody to tell either.
    let _ = out.write_all(text.as_bytes());
    Ok(())
}

fn report(chart_path: &Path, chart: &Chart, max_width: usize, log: &mut Log) -> String {
    let charts = chart_path.join("charts");
    if chart.metadata.dependencies.is_none() {
        return format!("WARNING: no dependencies at {}\n", charts.display());
    }
    let header = ["NAME", "VERSION", "REPOSITORY", "STATUS"].map(str::to_owned).to_vec();
    let mut rows = vec![header];
    for dependency in chart.metadata.dependencies() {
        let status = status(&charts, dependency, chart, log);
        let Dependency { name, version, repository, .. } = dependency;
        rows.push(vec![name.clone(), version.clone(), repository.clone(), status.to_owned()]);
    }
    let mut text = table::layout(&rows, max_width);
    text.push_str("\n\n");
    for path in sorted_files(&charts).unwrap_or_default() {
        let is_archive = path.extension().is_some_and(|extension| extension == "tgz");
        if !path.is_dir() && !is_archive {
            continue;
        }
        let shown = strconv::quote(path.to_string_lossy().as_bytes());
        match load_without_detection(&path, log) {
            Err(_) => {
                // Writing to a text does not fail.
                let _ = writeln!(text, "WARNING: {shown} is not a chart.");
            }
            Ok(found)
                if chart.metadata.dependencies().any(|wanted| wanted.name == found.name()) => {}
            Ok(_) => {
                let _ = writeln!(text, "WARNING: {shown} is not in Chart.yaml.");
            }
        }
    }
    text
}

/// The files of a folder by name.
pub(super) fn sorted_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut names = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.file_name()))
        .collect::<io::Result<Vec<_>>>()?;
    names.sort();
    Ok(names.into_iter().map(|name| folder.join(name)).collect())
}

fn status(charts: &Path, wanted: &Dependency, parent: &Chart, log: &mut Log) -> &'static str {
    let prefix = format!("{}-", wanted.name);
    let version_of = |path: &PathBuf| {
        let name = path.file_name()?.to_str()?;
        Some(name.strip_prefix(&prefix)?.strip_suffix(".tgz")?.to_owned())
    };
    let mut archives = sorted_files(charts).unwrap_or_default();
    archives.retain(|path| version_of(path).is_some());
    if archives.len() > 1 {
        let is_version =
            |path: &PathBuf| version_of(path).is_some_and(|v| Version::parse_strict(&v).is_ok());
        archives.retain(is_version);
        if archives.len() > 1 {
            return "too many matches";
        }
    }
    if let Some(archive) = archives.first().filter(|archive| archive.exists()) {
        return archive_status(archive, wanted, log);
    }
    let Some(found) = parent.dependencies.iter().rev().find(|sub| sub.name() == wanted.name) else {
        return "missing";
    };
    version_status(&found.metadata.version, wanted).unwrap_or("unpacked")
}

fn archive_status(archive: &Path, wanted: &Dependency, log: &mut Log) -> &'static str {
    let Ok(found) = load_without_detection(archive, log) else { return "corrupt" };
    if found.name() != wanted.name {
        return "misnamed";
    }
    version_status(&found.metadata.version, wanted).unwrap_or("ok")
}

/// What is wrong with a version, if anything.
fn version_status(found: &str, wanted: &Dependency) -> Option<&'static str> {
    if found == wanted.version {
        return None;
    }
    match (Constraints::parse(&wanted.version), Version::parse(found)) {
        (Ok(constraint), Ok(version)) if constraint.check(&version) => None,
        (Ok(_), Ok(_)) => Some("wrong version"),
        _ => Some("invalid version"),
    }
}
