//! `socle chart show`: what a chart contains, as `helm show` prints it.

use helm::log::Log;
use helm::show::{Part, show};

use crate::arguments::SourceArguments;
use crate::context::Context;
use crate::error::CommandError;
use crate::source;

/// The flags of `socle chart show`.
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    part: PartArguments,
}

/// What to show.
#[derive(Debug, clap::Subcommand)]
enum PartArguments {
    /// Everything: Chart.yaml, values, README, definitions.
    All(ChartArguments),
    /// Chart.yaml.
    Chart(ChartArguments),
    /// values.yaml.
    Values(ValuesArguments),
    /// The README.
    Readme(ChartArguments),
    /// The definitions of `crds/`.
    Crds(ChartArguments),
}

#[derive(Debug, clap::Args)]
struct ChartArguments {
    /// The chart.
    chart: String,
    #[command(flatten)]
    source: SourceArguments,
}

#[derive(Debug, clap::Args)]
struct ValuesArguments {
    #[command(flatten)]
    chart: ChartArguments,
    /// What to show of the values, as kubectl's -o jsonpath: `{.image.tag}`.
    #[arg(long, value_name = "EXPRESSION", allow_hyphen_values = true)]
    jsonpath: Option<String>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> Result<(), CommandError> {
    let mut expression = None;
    let (part, chart) = match &arguments.part {
        PartArguments::All(chart) => (Part::All, chart),
        PartArguments::Chart(chart) => (Part::Chart, chart),
        PartArguments::Values(values) => {
            expression = values.jsonpath.as_deref().filter(|text| !text.is_empty());
            (Part::Values, &values.chart)
        }
        PartArguments::Readme(chart) => (Part::Readme, chart),
        PartArguments::Crds(chart) => (Part::Crds, chart),
    };
    let version = chart.source.version.as_deref().unwrap_or_default();
    source::debug("original chart version", ("version", version), context);
    let path = source::locate(&chart.chart, &chart.source, context)?;
    let mut log = Log::default();
    let loaded = helm::chart::load_without_detection(&path, &mut log);
    source::print_log(&mut log, context);
    let chart = loaded.map_err(CommandError::of)?;
    let text = match expression {
        Some(expression) => {
            helm::jsonpath::print(expression, &chart.values).map_err(CommandError::of)?
        }
        None => show(&chart, part),
    };
    context.print(&text);
    Ok(())
}
