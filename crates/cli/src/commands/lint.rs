//! `socle chart lint`: Helm's rules for charts, reported as `helm lint` reports them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use helm::capabilities::{Capabilities, KubeVersion};
use helm::chart::{File, Metadata};
use helm::engine::{Dns, Engine};
use helm::lint::{Message, Options, Severity, lint};
use helm::log::Log;
use helm::values::{self, Table};

use crate::arguments::{ValueArguments, go_bool};
use crate::context::Context;
use crate::error::CommandError;
use crate::{remote, source};

/// The flags of `socle chart lint`.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of Helm's")]
pub struct Arguments {
    /// Directories and archives of charts.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
    /// Fail on warnings too.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, hide_default_value = true,
        default_missing_value = "true", default_value = "false", value_parser = go_bool)]
    strict: bool,
    /// Lint the charts in `charts/` too.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, hide_default_value = true,
        default_missing_value = "true", default_value = "false", value_parser = go_bool)]
    with_subcharts: bool,
    /// Print warnings and errors only.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, hide_default_value = true,
        default_missing_value = "true", default_value = "false", value_parser = go_bool)]
    quiet: bool,
    /// Do not hold values against `values.schema.json`.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, hide_default_value = true,
        default_missing_value = "true", default_value = "false", value_parser = go_bool)]
    skip_schema_validation: bool,
    /// The version of Kubernetes to lint for.
    #[arg(long, value_name = "VERSION")]
    kube_version: Option<String>,
    #[command(flatten)]
    values: ValueArguments,
}

/// What all charts of a run share.
struct Work {
    engine: Engine,
    capabilities: Arc<Capabilities>,
    values: Table,
    namespace: String,
    skip_schema: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> Result<(), CommandError> {
    let mut capabilities = Capabilities::default();
    if let Some(text) = arguments.kube_version.as_deref().filter(|text| !text.is_empty()) {
        capabilities.kube_version = KubeVersion::parse(text).map_err(|error| {
            CommandError::new(format!("invalid kube version '{text}': {error}"))
        })?;
    }
    let mut paths = arguments.paths.clone();
    if arguments.with_subcharts {
        for path in &arguments.paths {
            find_charts(&Path::new(path).join("charts"), 0, &mut paths);
        }
    }
    let work = Work {
        engine: Engine::new(Dns::Off)
            .with_schemas(Arc::new(remote::schemas(&source::environment(context)))),
        capabilities: Arc::new(capabilities),
        values: source::values(&arguments.values, context)?,
        namespace: context.namespace(),
        skip_schema: arguments.skip_schema_validation,
    };
    let lowest = if arguments.strict { Severity::Warning } else { Severity::Error };
    let (mut failed, mut remarkable) = (0, 0);
    let mut report = String::new();
    for path in &paths {
        let (result, mut log) = work.lint(path);
        source::print_log(&mut log, context);
        let messages = result.as_deref().unwrap_or_default();
        let is_remarkable =
            result.is_err() || messages.iter().any(|message| message.severity > Severity::Info);
        remarkable += usize::from(is_remarkable);
        if arguments.quiet && !is_remarkable {
            continue;
        }
        failed += usize::from(
            result.is_err() || messages.iter().any(|message| message.severity >= lowest),
        );
        describe(path, &result, arguments.quiet, &mut report);
    }
    context.print(report.as_bytes());
    let summary = format!("{} chart(s) linted, {failed} chart(s) failed", paths.len());
    if failed > 0 {
        return Err(CommandError::new(summary));
    }
    if !arguments.quiet || remarkable > 0 {
        context.print(format!("{summary}\n").as_bytes());
    }
    Ok(())
}

fn describe(path: &str, result: &Result<Vec<Message>, String>, quiet: bool, report: &mut String) {
    let mut line = |text: &str| {
        report.push_str(text);
        report.push('\n');
    };
    line(&format!("==> Linting {path}"));
    match result {
        Err(error) => line(&format!("Error {error}")),
        Ok(messages) => {
            let wanted = |message: &&Message| !quiet || message.severity > Severity::Info;
            messages.iter().filter(wanted).for_each(|message| line(&message.to_string()));
        }
    }
    line("");
}

type Linted = (Result<Vec<Message>, String>, Log);

impl Work {
    fn lint(&self, path: &str) -> Linted {
        let is_archive = [".tgz", ".tar.gz"].iter().any(|suffix| path.ends_with(suffix));
        if !is_archive {
            return self.lint_folder(Path::new(path));
        }
        match unpack(path) {
            Err(text) => (Err(text), Log::default()),
            Ok((folder, chart)) => {
                let linted = self.lint_folder(&chart);
                drop(folder);
                linted
            }
        }
    }

    fn lint_folder(&self, path: &Path) -> Linted {
        let options = Options {
            engine: &self.engine,
            values: &self.values,
            namespace: &self.namespace,
            capabilities: &self.capabilities,
            skip_schema: self.skip_schema,
            effects: &Vec::new,
        };
        let mut log = Log::default();
        let result = lint(path, &options, &mut log).map_err(|error| error.to_string());
        (result, log)
    }
}

/// A folder of our own that goes when it is dropped.
struct Folder(PathBuf);

impl Folder {
    /// Makes one whose name nobody can guess and that only its owner can look into: a place for
    /// temporary files is everybody's.
    fn new() -> Result<Self, String> {
        let mut number = [0_u8; 16];
        getrandom::fill(&mut number).map_err(|error| error.to_string())?;
        let number = u128::from_ne_bytes(number);
        let above = std::env::temp_dir();
        let path = above.join(format!("socle-lint-{number:032x}"));
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let reason = |error| {
            let why = helm::chart::go_reason(&error);
            format!("cannot make a directory in {}: {why}", above.display())
        };
        builder.create(&path).map_err(reason)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is left to whoever cleans temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Unpacks an archive into a folder of its own, where the chart's folder has the chart's name. The
/// names of files have been checked by the reader.
fn unpack(path: &str) -> Result<(Folder, PathBuf), String> {
    let unreadable = |error: std::io::Error| {
        format!("unable to open tarball: open {path}: {}", helm::chart::go_reason(&error))
    };
    let extract = |text: String| format!("unable to extract tarball: {text}");
    let archive = fs::read(path).map_err(unreadable)?;
    let files = helm::chart::read_archive(&archive).map_err(|error| extract(error.to_string()))?;
    let name = chart_name(&files).map_err(extract)?;
    let folder = Folder::new().map_err(extract)?;
    let chart = folder.0.join(name);
    for file in files {
        let target = chart.join(&*file.name);
        let above = target.parent().unwrap_or(&folder.0);
        let written = fs::create_dir_all(above).and_then(|()| fs::write(&target, &file.data));
        written.map_err(|error| extract(error.to_string()))?;
    }
    Ok((folder, chart))
}

/// What the last Chart.yaml of an archive calls the chart, if that is the name of a folder.
fn chart_name(files: &[File]) -> Result<String, String> {
    let mut name = String::new();
    for file in files.iter().filter(|file| &*file.name == "Chart.yaml") {
        let mut metadata = Metadata::default();
        let document = values::read_document(&file.data);
        let read = document.and_then(|document| Ok(metadata.read(&document)?));
        read.map_err(|error| format!("cannot load Chart.yaml: {error}"))?;
        name = metadata.name;
    }
    let shown = strconv::quote(name.as_bytes());
    match name.as_str() {
        "" => Err("chart name not specified".to_owned()),
        "." | ".." => Err(format!("chart name {shown} is not allowed")),
        _ if name.contains('/') => {
            Err(format!("chart name {shown} must not contain path separators"))
        }
        _ => Ok(name),
    }
}

/// Folders nest no deeper than this in charts.
const MAX_DEPTH: usize = 64;

/// Finds the charts below a folder, in Helm's order.
fn find_charts(folder: &Path, depth: usize, paths: &mut Vec<String>) {
    if depth > MAX_DEPTH {
        return;
    }
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name == "Chart.yaml" {
            paths.push(folder.to_string_lossy().into_owned());
        } else if name.ends_with(".tgz") || name.ends_with(".tar.gz") {
            paths.push(path.to_string_lossy().into_owned());
        }
        // Links are not followed, so nothing goes in circles.
        if fs::symlink_metadata(&path).is_ok_and(|found| found.is_dir()) {
            find_charts(&path, depth + 1, paths);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn folders_are_private_differ_and_go() {
        let (one, other) = (Folder::new().unwrap(), Folder::new().unwrap());
        assert_ne!(one.0, other.0);
        let mode = fs::metadata(&one.0).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        fs::write(one.0.join("file"), "text").unwrap();
        let path = one.0.clone();
        drop(one);
        assert!(!path.exists());
    }
}
