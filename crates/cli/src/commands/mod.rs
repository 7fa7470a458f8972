//! One file per command: its flags, and the few lines that call the library.

mod build;
mod catalog;
mod check;
mod completion;
mod config;
mod dependency;
mod explain;
mod graph;
mod import;
mod init;
mod lint;
mod package;
mod show;
mod template;
mod why;

use crate::context::Context;
use crate::error::CommandError;

/// What is to be done.
#[derive(Debug)]
pub enum Command {
    /// `socle chart …`
    Chart(Box<ChartCommand>),
    /// `socle catalog …`
    Catalog(CatalogCommand),
    /// `socle build`
    Build(BuildArguments),
    /// `socle check`
    Check(CheckArguments),
    /// `socle config`
    Config(ConfigArguments),
    /// `socle graph`
    Graph(GraphArguments),
    /// `socle import`
    Import(ImportArguments),
    /// `socle explain`
    Explain(ExplainArguments),
    /// `socle init`
    Init(InitArguments),
    /// `socle completion`
    Completion(CompletionArguments),
    /// What shells ask.
    CompleteWords(WordsArguments),
    /// `socle why`
    Why(WhyArguments),
}

pub use build::Arguments as BuildArguments;
pub use catalog::CatalogCommand;
pub use check::Arguments as CheckArguments;
pub use completion::{Arguments as CompletionArguments, WordsArguments};
pub use config::Arguments as ConfigArguments;
pub use explain::Arguments as ExplainArguments;
pub use graph::Arguments as GraphArguments;
pub use import::Arguments as ImportArguments;
pub use init::Arguments as InitArguments;
pub use why::Arguments as WhyArguments;

/// The commands of `socle chart`.
#[derive(Debug, clap::Subcommand)]
pub enum ChartCommand {
    /// Render a chart's templates.
    Template(Box<template::Arguments>),
    /// Look for mistakes in a chart.
    Lint(lint::Arguments),
    /// Show what a chart contains.
    #[command(alias = "inspect")]
    Show(show::Arguments),
    /// Work with the charts that a chart depends on.
    #[command(aliases = ["dep", "dependencies"])]
    Dependency(dependency::Arguments),
    /// Pack a chart into an archive.
    Package(package::Arguments),
}

/// Runs a command.
pub fn run(command: Command, context: &mut Context) -> Result<(), CommandError> {
    match command {
        Command::Chart(command) => run_chart(*command, context),
        Command::Catalog(command) => catalog::run(&command, context),
        Command::Build(arguments) => build::run(&arguments, context),
        Command::Check(arguments) => check::run(&arguments, context),
        Command::Config(arguments) => config::run(&arguments, context),
        Command::Graph(arguments) => graph::run(&arguments, context),
        Command::Import(arguments) => import::run(&arguments, context),
        Command::Explain(arguments) => explain::run(&arguments, context),
        Command::Init(arguments) => init::run(&arguments, context),
        Command::Completion(arguments) => completion::run(&arguments, context),
        Command::CompleteWords(arguments) => completion::answer(&arguments, context),
        Command::Why(arguments) => why::run(&arguments, context),
    }
}

fn run_chart(command: ChartCommand, context: &mut Context) -> Result<(), CommandError> {
    match command {
        ChartCommand::Template(arguments) => template::run(&arguments, context),
        ChartCommand::Lint(arguments) => lint::run(&arguments, context),
        ChartCommand::Show(arguments) => show::run(&arguments, context),
        ChartCommand::Dependency(arguments) => dependency::run(&arguments, context),
        ChartCommand::Package(arguments) => package::run(&arguments, context),
    }
}
