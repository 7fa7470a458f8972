//! `socle chart template`: render a chart as `helm template` does.

use crate::arguments::{SourceArguments, ValueArguments};
use crate::context::Context;
use crate::error::CommandError;

/// The flags of `socle chart template`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// `[NAME] CHART`
    pub references: Vec<String>,
    #[command(flatten)]
    pub values: ValueArguments,
    #[command(flatten)]
    pub source: SourceArguments,
}

/// Runs the command.
pub fn run(_arguments: &Arguments, _context: &mut Context) -> Result<(), CommandError> {
    Err(CommandError::new("\"socle chart template\" is not built into this binary"))
}
