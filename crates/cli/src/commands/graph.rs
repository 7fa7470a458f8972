//! `socle graph`: the platform as a picture.

use graph::{Graph, mermaid, svg};

use crate::configuration::{self, ConfigurationArguments};
use crate::context::Context;
use crate::error::CommandError;

/// The flags of `socle graph`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    pub configuration: ConfigurationArguments,
    /// The form of the picture.
    #[arg(short, long, value_name = "FORM", default_value = "svg")]
    output: Form,
}

/// The form of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// A picture that browsers show.
    Svg,
    /// A text that forges and editors draw.
    Mermaid,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> Result<(), CommandError> {
    let loaded = configuration::load(&arguments.configuration)?;
    let graph = Graph::of(&loaded.platform, context.language());
    let text = match arguments.output {
        Form::Svg => svg(&graph),
        Form::Mermaid => mermaid(&graph),
    };
    context.print(text.as_bytes());
    Ok(())
}
