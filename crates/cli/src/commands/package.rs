//! `socle chart package`: a chart's directory into an archive, as `helm package` does it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use helm::chart::Chart;
use helm::log::Log;
use helm::{chart, dependency, package};
use registry::locate::Source;

use crate::arguments::{AccessArguments, go_bool, path};
use crate::context::Context;
use crate::error::CommandError;
use crate::provenance::{SignArguments, Signing};
use crate::{provenance, source};

/// The flags of `socle chart package`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Directories of charts.
    #[arg(value_name = "CHART_PATH")]
    paths: Vec<PathBuf>,
    /// Where the archive goes.
    #[arg(short, long, value_name = "DIR", default_value = ".", value_parser = path())]
    destination: PathBuf,
    /// The version to give the chart.
    #[arg(long, value_name = "VERSION", allow_hyphen_values = true)]
    version: Option<String>,
    /// The version of the application to give the chart.
    #[arg(long, value_name = "VERSION", allow_hyphen_values = true)]
    app_version: Option<String>,
    /// Bring `charts/` up to date first.
    #[arg(short = 'u', long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    dependency_update: Option<bool>,
    #[command(flatten)]
    sign: SignArguments,
    #[command(flatten)]
    access: AccessArguments,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> Result<(), CommandError> {
    if arguments.paths.is_empty() {
        return Err(CommandError::new("need at least one argument, the path to the chart"));
    }
    let stamp = source_date_epoch(context)?;
    let mut signing = Signing::new(&arguments.sign, context)?;
    let access = arguments.access.source().map_err(CommandError::new)?;
    for path in &arguments.paths {
        if let Err(error) = fs::metadata(path) {
            let reason = chart::go_reason(&error);
            return Err(CommandError::new(format!("stat {}: {reason}", path.display())));
        }
        if arguments.dependency_update == Some(true) {
            update(path, access.clone(), context)?;
        }
        let mut log = Log::default();
        let loaded = chart::load_directory(path, &mut log);
        source::print_log(&mut log, context);
        let Packed { file, archive, metadata } =
            pack(&loaded.map_err(CommandError::of)?, arguments, stamp)?;
        if let Some(signing) = &mut signing {
            signing.sign(&file, &archive, &metadata.to_yaml(), context)?;
        }
        let text = format!("Successfully packaged chart and saved it to: {}\n", file.display());
        context.print(text.as_bytes());
    }
    Ok(())
}

/// Helm does it without a word.
fn update(path: &Path, access: Source, context: &mut Context) -> Result<(), CommandError> {
    let out = std::mem::replace(&mut context.out, Box::new(std::io::sink()));
    let updated = super::dependency::update(&chart::absolute(path), access, context);
    context.out = out;
    updated
}

/// A chart that was packed.
struct Packed {
    file: PathBuf,
    archive: Vec<u8>,
    metadata: Arc<chart::Metadata>,
}

fn pack(loaded: &Chart, arguments: &Arguments, stamp: Option<i64>) -> Result<Packed, CommandError> {
    let mut metadata = chart::Metadata::clone(&loaded.metadata);
    let given = |flag: &Option<String>| flag.clone().filter(|text| !text.is_empty());
    if let Some(version) = given(&arguments.version) {
        metadata.version = version;
    }
    version::Version::parse(&metadata.version).map_err(CommandError::of)?;
    if let Some(version) = given(&arguments.app_version) {
        metadata.app_version = version;
    }
    let failed = |text: String| CommandError::new(format!("failed to save: {text}"));
    dependency::check(loaded).map_err(CommandError::of)?;
    metadata.validate().map_err(|error| failed(format!("chart validation: {error}")))?;
    let name = format!("{}-{}.tgz", metadata.name, metadata.version);
    let packed = Chart { metadata: Arc::new(metadata), ..loaded.clone() };
    let archive = package::package(&packed, provenance::now(), stamp)
        .map_err(|error| failed(error.to_string()))?;
    let folder = if arguments.destination == Path::new(".") {
        chart::absolute(&arguments.destination)
    } else {
        arguments.destination.clone()
    };
    fs::create_dir_all(&folder)
        .map_err(|_| failed(format!("is not a directory: {}", folder.display())))?;
    let file = folder.join(name);
    fs::write(&file, &archive).map_err(|error| {
        failed(format!("open {}: {}", file.display(), chart::go_reason(&error)))
    })?;
    Ok(Packed { file, archive, metadata: packed.metadata })
}

/// The time that all files of an archive get, for archives that are to be equal.
fn source_date_epoch(context: &Context) -> Result<Option<i64>, CommandError> {
    let Some(text) = context.environment.get("SOURCE_DATE_EPOCH") else { return Ok(None) };
    let invalid = |reason: &str| CommandError::new(format!("invalid SOURCE_DATE_EPOCH: {reason}"));
    let Ok(seconds) = text.parse::<i64>() else {
        let text = strconv::quote(text.as_bytes());
        return Err(invalid(&format!("strconv.ParseInt: parsing {text}: invalid syntax")));
    };
    if seconds < 0 { Err(invalid("must not be negative")) } else { Ok(Some(seconds)) }
}
