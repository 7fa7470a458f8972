//! The command line: Helm's flags under Helm's names.
//!
//! Not here: what the commands do. Each command's own flags stand in its file under `commands`.

mod access;
mod flags;
mod french;
mod globals;
mod refusal;
mod source;
mod values;

use std::ffi::OsString;
use std::io::Write as _;

use clap::{CommandFactory as _, FromArgMatches as _, Parser};
use diagnostic::Language;

pub use access::AccessArguments;
pub use flags::{go_bool, go_duration, go_float, go_int, go_pairs, go_uint, path, slice};
pub use globals::{Errors, Globals};
pub use source::SourceArguments;
pub use values::ValueArguments;

use std::path::PathBuf;

use crate::commands::{
    BuildArguments, CatalogCommand, ChartCommand, CheckArguments, Command, CompletionArguments,
    ConfigArguments, ExplainArguments, GraphArguments, ImportArguments, InitArguments,
    WhyArguments, WordsArguments,
};
use crate::environment::Environment;

/// Digital services on Kubernetes, from one file; and Helm charts, rendered as Helm does.
#[derive(Debug, Parser)]
#[command(name = "socle", version, args_override_self = true)]
struct Root {
    /// A file of the configuration, as `--config` of the command itself.
    #[arg(short, long, value_name = "FILE", hide = true)]
    config: Vec<PathBuf>,
    #[command(subcommand)]
    area: Area,
}

#[derive(Debug, clap::Subcommand)]
enum Area {
    /// Write a first configuration, from three answers or from flags.
    Init(InitArguments),
    /// Work with Helm charts.
    #[command(args_override_self = true, arg_required_else_help = true)]
    Chart(Box<ChartArea>),
    /// Look into catalogues: the services that a platform may be made of.
    #[command(arg_required_else_help = true)]
    Catalog {
        #[command(subcommand)]
        command: CatalogCommand,
    },
    /// Build a platform: manifests in order, and a script that deploys them with kubectl.
    Build(BuildArguments),
    /// Look for what would go wrong: names that nobody makes, ports that nobody opens, and more.
    Check(CheckArguments),
    /// Show the configuration as it counts: every setting with its value and its origin.
    Config(ConfigArguments),
    /// Take over a configuration of EOLE³: an eole3.yaml becomes a socle.yaml, its passwords stay
    /// where they are.
    Import(ImportArguments),
    /// Explain a setting, a service, a resource type, or each object of a file of manifests.
    Explain(ExplainArguments),
    /// Draw the platform: its services, what binds them, how people come in.
    Graph(GraphArguments),
    /// Say why a field of an object is what it is, down to the lines of the configuration.
    Why(WhyArguments),
    /// Print what a shell needs to complete commands, services and settings.
    Completion(CompletionArguments),
    /// What shells ask.
    #[command(hide = true)]
    CompleteWords(WordsArguments),
}

#[derive(Debug, clap::Args)]
struct ChartArea {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: ChartCommand,
}

/// A command line understood.
#[derive(Debug)]
pub struct Parsed {
    /// The flags that all commands share.
    pub globals: Globals,
    /// The command with its own flags.
    pub command: Command,
}

/// The command line asks for help, or is not understood.
pub struct Stop {
    text: String,
    failed: bool,
}

impl Stop {
    /// Help on standard output, complaints on standard error.
    pub fn print(&self) -> u8 {
        // Nobody is left to tell when the output is closed.
        if self.failed {
            let _ = writeln!(std::io::stderr(), "{}", self.text);
            return 1;
        }
        let _ = write!(std::io::stdout(), "{}", self.text);
        0
    }
}

/// All commands with their flags.
pub fn command() -> clap::Command {
    Root::command()
}

/// Reads a command line; what it leaves open is filled from the environment, as Helm does.
pub fn parse(
    arguments: impl IntoIterator<Item = OsString>,
    environment: &Environment,
) -> Result<Parsed, Stop> {
    let matches = Root::command().try_get_matches_from(arguments);
    let root = matches.and_then(|matches| Root::from_arg_matches(&matches));
    let root = root.map_err(|error| {
        let mut stop = refusal::explain(&error, Root::command());
        if !stop.failed && environment.language() == Language::French {
            stop.text = french::help(&stop.text);
        }
        stop
    })?;
    let plain = |command| Ok(Parsed { globals: Globals::default(), command });
    let before = root.config;
    match root.area {
        Area::Chart(chart) => {
            let mut globals = chart.globals;
            globals.fill_from(environment);
            globals.check().map_err(|text| Stop { text, failed: true })?;
            Ok(Parsed { globals, command: Command::Chart(Box::new(chart.command)) })
        }
        Area::Catalog { command } => plain(Command::Catalog(command)),
        Area::Build(mut arguments) => {
            arguments.configuration.put_first(before);
            plain(Command::Build(arguments))
        }
        Area::Check(mut arguments) => {
            arguments.configuration.put_first(before);
            plain(Command::Check(arguments))
        }
        Area::Config(mut arguments) => {
            arguments.configuration.put_first(before);
            plain(Command::Config(arguments))
        }
        Area::Import(arguments) => plain(Command::Import(arguments)),
        Area::Explain(arguments) => plain(Command::Explain(arguments)),
        Area::Init(arguments) => plain(Command::Init(arguments)),
        Area::Graph(mut arguments) => {
            arguments.configuration.put_first(before);
            plain(Command::Graph(arguments))
        }
        Area::Completion(arguments) => plain(Command::Completion(arguments)),
        Area::CompleteWords(arguments) => plain(Command::CompleteWords(arguments)),
        Area::Why(mut arguments) => {
            arguments.configuration.put_first(before);
            plain(Command::Why(arguments))
        }
    }
}
