//! `socle chart dependency`: list a chart's dependencies, and fill its `charts/`.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use helm::log::Log;
use registry::dependency::{Manager, Options, Timestamp, list};
use registry::locate::Source;
use registry::provenance::Strategy;

use crate::arguments::{AccessArguments, go_bool, go_uint, path};
use crate::context::Context;
use crate::error::CommandError;
use crate::{provenance, source};

/// How wide a column of the list is at most.
const COLUMN_WIDTH: usize = 80;

/// The flags of `socle chart dependency`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List what a chart depends on.
    #[command(alias = "ls")]
    List {
        /// The chart.
        chart: Option<PathBuf>,
        /// Width of the widest column.
        #[arg(long, value_name = "COLUMNS", default_value_t = COLUMN_WIDTH, value_parser = go_uint)]
        max_col_width: usize,
    },
    /// Fill charts/ with what Chart.yaml wants, and write the lock.
    #[command(alias = "up")]
    Update(FillArguments),
    /// Fill charts/ with what the lock says.
    Build(FillArguments),
}

/// The flags of `update` and `build`; most concern OCI registries only, as in Helm.
#[derive(Debug, clap::Args)]
struct FillArguments {
    /// The chart.
    chart: Option<PathBuf>,
    /// Believe the cached indexes.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    skip_refresh: Option<bool>,
    /// Verify the signatures of the charts.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = go_bool)]
    verify: Option<bool>,
    /// Public keys for verification.
    #[arg(long, value_name = "FILE", value_parser = path())]
    keyring: Option<PathBuf>,
    #[command(flatten)]
    access: AccessArguments,
}

/// Where the versions to fill `charts/` with come from.
#[derive(Clone, Copy)]
enum Versions {
    FromChartYaml,
    FromLock,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> Result<(), CommandError> {
    match &arguments.action {
        Action::List { chart, max_col_width } => show(chart.as_deref(), *max_col_width, context),
        Action::Update(fill_arguments) => fill(fill_arguments, Versions::FromChartYaml, context),
        Action::Build(fill_arguments) => fill(fill_arguments, Versions::FromLock, context),
    }
}

fn show(chart: Option<&Path>, width: usize, context: &mut Context) -> Result<(), CommandError> {
    let mut log = Log::default();
    let listed = list(&chart_path(chart), width, &mut context.out, &mut log);
    source::print_log(&mut log, context);
    listed.map_err(|error| CommandError::new(error.words()))
}

fn fill(
    arguments: &FillArguments,
    from: Versions,
    context: &mut Context,
) -> Result<(), CommandError> {
    let skip_refresh = arguments.skip_refresh == Some(true);
    let chart = chart_path(arguments.chart.as_deref());
    let source = arguments.access.source().map_err(CommandError::new)?;
    // Helm is strict only where versions are new.
    let strategy = match from {
        Versions::FromChartYaml => Strategy::Always,
        Versions::FromLock => Strategy::IfPossible,
    };
    let keyring = arguments.keyring.as_deref();
    let verification = provenance::verification(arguments.verify, keyring, strategy, context);
    let source = Source { verification, ..source };
    fill_chart(&chart, source, skip_refresh, from, context)
}

/// Fetches what a chart depends on into its `charts/`, as `dependency update` does.
pub fn update(chart: &Path, source: Source, context: &mut Context) -> Result<(), CommandError> {
    fill_chart(chart, source, false, Versions::FromChartYaml, context)
}

fn fill_chart(
    chart: &Path,
    source: Source,
    skip_refresh: bool,
    from: Versions,
    context: &mut Context,
) -> Result<(), CommandError> {
    let (network, settings) = (source::network(context), source::settings(context));
    let now = now();
    let stamp = context.environment.get("SOURCE_DATE_EPOCH").and_then(|text| text.parse().ok());
    let pack = |chart: &helm::chart::Chart| {
        let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        let packed = helm::package::package(chart, seconds, stamp);
        let name = format!("{}-{}.tgz", chart.name(), chart.metadata.version);
        packed.map(|bytes| (name, bytes)).map_err(|error| error.to_string())
    };
    let debug = context.globals.debug();
    let options = Options { skip_refresh, debug, source, now: Timestamp(now) };
    let mut log = Log::default();
    let mut manager = Manager {
        network: &network,
        settings: &settings,
        chart,
        options: &options,
        pack: &pack,
        out: &mut context.out,
        log: &mut log,
    };
    let result = match from {
        Versions::FromChartYaml => manager.update(),
        Versions::FromLock => manager.build(),
    };
    source::print_log(&mut log, context);
    result.map_err(|error| CommandError::new(error.words()))
}

/// The chart's path without `./` and the like, as Helm shows it.
fn chart_path(path: Option<&Path>) -> PathBuf {
    let text = path.map_or_else(|| ".".into(), Path::to_string_lossy);
    PathBuf::from(registry::url::clean(&text))
}

#[expect(clippy::disallowed_methods, reason = "the lock says when it was made; this is the edge")]
fn now() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}
