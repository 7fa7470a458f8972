//! How a command ends when it does not end well: words on standard error and an exit code.

use std::io::Write as _;
use std::process::ExitCode;

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// Something went wrong; printed as Helm does, after `Error: `.
    #[error("{0}")]
    Failed(String),
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
    #[expect(clippy::needless_pass_by_value, reason = "made for `map_err(CommandError::of)`")]
    pub fn of(error: impl std::fmt::Display) -> Self {
        Self::Failed(error.to_string())
    }

    /// Says what happened and gives the exit code.
    pub fn print(&self) -> ExitCode {
        match self {
            Self::Failed(text) => {
                // A closed standard error leaves nobody to tell.
                let _ = writeln!(std::io::stderr(), "Error: {text}");
                ExitCode::FAILURE
            }
            Self::Reported(code) => ExitCode::from(*code),
        }
    }
}
