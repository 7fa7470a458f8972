//! How a command ends when it does not end well: words on standard error and an exit code.

use config::Faults;
use diagnostic::{Diagnostic, Words, words};
use helm::diagnose;

use crate::context::Context;

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// Something went wrong; printed as Helm does, after `Error: `.
    #[error("{0}")]
    Failed(String),
    /// The same, with what people should know besides.
    #[error("{words}")]
    Told {
        /// Helm's words.
        words: String,
        /// The words for people.
        diagnostic: Box<Diagnostic>,
    },
    /// Something went wrong with the platform; told in the language of the person.
    #[error("{}", .0.en)]
    Said(Words),
    /// What is wrong with files that people write; told for people wherever they are.
    #[error("{} faults", .0.len())]
    Faults(Faults),
    /// The words are out already (a report, a list of failing instances); only the exit code is
    /// left to give.
    #[error("exit code {0}")]
    Reported(u8),
}

impl CommandError {
    /// An error of those words.
    pub fn new(text: impl Into<String>) -> Self {
        Self::Failed(text.into())
    }

    /// Of any error, its words.
    pub fn of(error: impl std::fmt::Display) -> Self {
        Self::Failed(error.to_string())
    }

    /// Says what happened and gives the exit code.
    pub fn print(&self, context: &mut Context) -> u8 {
        match self {
            Self::Reported(code) => return *code,
            Self::Said(words) => {
                let told = words!("Error: {what}", "Erreur : {what}", what = words);
                context.warn(told.of(context.language()));
            }
            Self::Faults(faults) => {
                for (at, diagnostic) in faults.clone().into_diagnostics().iter().enumerate() {
                    if at > 0 {
                        context.warn("");
                    }
                    context.say(diagnostic);
                }
            }
            Self::Told { diagnostic, .. } if context.speaks_to_people() => context.tell(diagnostic),
            Self::Failed(words) if context.speaks_to_people() => {
                context.tell(&diagnose::from_words(words));
            }
            Self::Failed(words) | Self::Told { words, .. } => {
                context.warn(&format!("Error: {words}"));
            }
        }
        1
    }
}
