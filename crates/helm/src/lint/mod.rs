//! `helm lint`: the rules that Helm 4 holds a chart against, in its order and words.
//!
//! Not here: the report's layout on the terminal (the command prints it) and values from flags.
//! Follows Helm 4's `pkg/chart/v2/lint`.

mod address;
mod chart_file;
mod documents;
mod names;
mod templates;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::capabilities::Capabilities;
use crate::chart::{self, Chart, LoadError};
use crate::engine::Engine;
use crate::log::Log;
use crate::values::{self, Plain, Table};

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// For information.
    Info,
    /// Against convention, but it will likely work.
    Warning,
    /// It will likely not work.
    Error,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// How grave it is.
    pub severity: Severity,
    /// The file or folder it is about.
    pub path: String,
    /// What is found.
    pub text: String,
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Info => "INFO",
            Severity::Warning => "WARNING",
            Severity::Error => "ERROR",
        };
        write!(f, "[{severity}] {}: {}", self.path, self.text)
    }
}

/// There is no chart to lint.
#[derive(Debug, thiserror::Error)]
#[error("unable to check Chart.yaml file in chart: stat {path}: {reason}")]
pub struct NoChart {
    path: String,
    reason: String,
}

/// What the rules depend on besides the chart.
pub struct Options<'o> {
    /// Renders the templates.
    pub engine: &'o Engine,
    /// What the user gives over the chart's values.
    pub values: &'o Table,
    /// The namespace of the release.
    pub namespace: &'o str,
    /// What the cluster can do.
    pub capabilities: &'o Arc<Capabilities>,
    /// Whether `values.schema.json` is left aside.
    pub skip_schema: bool,
    /// Makes what functions look for at the machine.
    pub effects: &'o dyn Fn() -> Vec<Box<dyn std::any::Any>>,
}

/// Lints the chart in a directory. Run it on a thread with a big stack.
pub fn lint(path: &Path, options: &Options<'_>, log: &mut Log) -> Result<Vec<Message>, NoChart> {
    let file = chart::clean(&path.join("Chart.yaml"));
    if let Err(error) = std::fs::metadata(&file) {
        let path = file.to_string_lossy().into_owned();
        return Err(NoChart { path, reason: chart::go_reason(&error) });
    }
    let mut linter = Linter { folder: chart::absolute(path), messages: Vec::new() };
    chart_file::check(&mut linter);
    linter.values(options, log);
    templates::check(&mut linter, options, log);
    linter.dependencies(log);
    linter.definitions(log);
    Ok(linter.messages)
}

struct Linter {
    folder: PathBuf,
    messages: Vec<Message>,
}

type Finding = Result<(), String>;

impl Linter {
    /// Notes what a rule finds; gives whether it finds nothing.
    fn rule(&mut self, severity: Severity, path: &str, finding: Finding) -> bool {
        let Err(text) = finding else { return true };
        self.messages.push(Message { severity, path: path.to_owned(), text });
        false
    }

    fn load(&self, log: &mut Log) -> Result<Chart, LoadError> {
        chart::load_without_detection(&self.folder, log)
    }

    fn values(&mut self, options: &Options<'_>, log: &mut Log) {
        let path = self.folder.join("values.yaml");
        let exists = std::fs::metadata(&path).map(drop);
        let exists = exists.map_err(|_| "file does not exist".to_owned());
        if self.rule(Severity::Info, "values.yaml", exists) {
            let finding = check_values(&path, options, log);
            self.rule(Severity::Error, "values.yaml", finding);
        }
    }

    fn dependencies(&mut self, log: &mut Log) {
        let loaded = self.load(log);
        let finding = loaded.as_ref().map(drop).map_err(|e| format!("unable to load chart\n\t{e}"));
        if !self.rule(Severity::Error, "", finding) {
            return;
        }
        let Ok(chart) = loaded else { return };
        let folder = self.folder.to_string_lossy().into_owned();
        let wanted: Vec<&str> = chart.metadata.dependencies().map(|d| d.name.as_str()).collect();
        let present: Vec<&str> = chart.dependencies.iter().map(|sub| sub.name()).collect();
        let unspoken = missing(&present, &wanted, "chart metadata is missing these dependencies");
        self.rule(Severity::Error, &folder, unspoken);
        let absent = missing(&wanted, &present, "chart directory is missing these dependencies");
        self.rule(Severity::Warning, &folder, absent);
    }

    /// The files of `crds/`.
    fn definitions(&mut self, log: &mut Log) {
        let Ok(found) = std::fs::metadata(self.folder.join("crds")) else { return };
        let is_folder = if found.is_dir() { Ok(()) } else { Err("not a directory".to_owned()) };
        if !self.rule(Severity::Error, "crds/", is_folder) {
            return;
        }
        let loaded = self.load(log);
        let finding = loaded.as_ref().map(drop).map_err(ToString::to_string);
        if !self.rule(Severity::Error, "crds/", finding) {
            return;
        }
        let Ok(chart) = loaded else { return };
        for (_, file) in chart.crds() {
            for document in documents::documents(&file.data) {
                let object = match templates::Object::read(&document) {
                    Ok(None) => continue,
                    Ok(Some(object)) => object,
                    Err(text) => {
                        self.rule(Severity::Error, &file.name, Err(text));
                        return;
                    }
                };
                let is_extension = object.api_version.starts_with("apiextensions.k8s.io");
                let finding = if is_extension {
                    Ok(())
                } else {
                    Err("apiVersion is not in 'apiextensions.k8s.io'".to_owned())
                };
                self.rule(Severity::Error, &file.name, finding);
                let finding = if object.kind == "CustomResourceDefinition" {
                    Ok(())
                } else {
                    Err("object kind is not 'CustomResourceDefinition'".to_owned())
                };
                self.rule(Severity::Error, &file.name, finding);
            }
        }
    }
}

fn check_values(path: &Path, options: &Options<'_>, log: &mut Log) -> Finding {
    let unreadable = |text: String| format!("unable to parse YAML: {text}");
    let shown = path.to_string_lossy();
    // Helm reads a pipe, too, and waits for ever.
    let text = chart::read_alone(path)
        .map_err(|error| unreadable(format!("open {shown}: {}", chart::go_reason(&error))))?;
    let own = match values::read_value(&text).map_err(|error| unreadable(error.to_string()))? {
        Plain::Map(own) => own,
        Plain::Null => Table::default(),
        other => {
            let misfit = chart::Misfit::whole(&other, "common.Values");
            return Err(unreadable(values::DocumentError::from(misfit).to_string()));
        }
    };
    let merged = values::coalesce_tables(options.values, &own);
    let Ok(schema) = chart::read_alone(&path.with_extension("schema.json")) else { return Ok(()) };
    if schema.is_empty() || options.skip_schema {
        return Ok(());
    }
    options.engine.schemas().validate_one(&schema.into(), &merged, log)
}

fn missing(wanted: &[&str], present: &[&str], text: &str) -> Finding {
    let missing: Vec<&str> =
        wanted.iter().filter(|name| !present.contains(name)).copied().collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("{text}: {}", missing.join(","))) }
}
