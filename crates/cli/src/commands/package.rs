//! `socle chart package`.

use crate::context::Context;
use crate::error::CommandError;

/// The flags of `socle chart package`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The chart.
    pub chart: Option<String>,
}

/// Runs the command.
pub fn run(_arguments: &Arguments, _context: &mut Context) -> Result<(), CommandError> {
    Err(CommandError::new("\"socle chart package\" is not built into this binary"))
}
