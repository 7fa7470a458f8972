//! `socle config`: the configuration as it counts, each value with its origin.

use super::catalog::Form;
use crate::configuration::{self, ConfigurationArguments};
use crate::context::Context;
use crate::error::CommandError;

/// The flags of `socle config`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    pub configuration: ConfigurationArguments,
    /// The form of the report: for people YAML, with the origin of each value as a comment.
    #[arg(short, long, value_name = "FORM", default_value = "text")]
    output: Form,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> Result<(), CommandError> {
    let loaded = configuration::load(&arguments.configuration)?;
    let merged = loaded.merged();
    let text = match arguments.output {
        Form::Text => merged.text(context.language()),
        Form::Json => format!("{:#}\n", merged.json()),
    };
    context.print(text.as_bytes());
    Ok(())
}
