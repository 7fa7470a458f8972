//! One file per command: its flags, and the few lines that call the library.

mod dependency;
mod lint;
mod package;
mod show;
mod template;

use crate::context::Context;
use crate::error::CommandError;

/// The commands of `socle chart`.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
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
        Command::Template(arguments) => template::run(&arguments, context),
        Command::Lint(arguments) => lint::run(&arguments, context),
        Command::Show(arguments) => show::run(&arguments, context),
        Command::Dependency(arguments) => dependency::run(&arguments, context),
        Command::Package(arguments) => package::run(&arguments, context),
    }
}
