//! `socle completion`: what a shell needs to complete the words of a command line. The shell's part
//! is a few lines; which words there are, the program itself says (`words`), so that services and
//! settings of catalogues are among them.

mod words;

use crate::arguments;
use crate::context::Context;
use crate::error::CommandError;

/// The flags of `socle completion`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The shell.
    shell: Shell,
}

/// A shell that completes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Shell {
    /// In `~/.bashrc`: `source <(socle completion bash)`.
    Bash,
    /// In `~/.zshrc`, after `compinit`: `source <(socle completion zsh)`.
    Zsh,
    /// In `~/.config/fish/config.fish`: `socle completion fish | source`.
    Fish,
}

/// What the shells ask.
#[derive(Debug, clap::Args)]
pub struct WordsArguments {
    /// The words of the command line so far; the last one is the one to complete.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

/// Runs `socle completion`.
pub fn run(arguments: &Arguments, context: &mut Context) -> Result<(), CommandError> {
    let script = match arguments.shell {
        Shell::Bash => include_str!("bash.sh"),
        Shell::Zsh => include_str!("zsh.zsh"),
        Shell::Fish => include_str!("fish.fish"),
    };
    context.print(script.as_bytes());
    Ok(())
}

/// Answers a shell: a line for each word, with what it is for behind a tab.
pub fn answer(arguments: &WordsArguments, context: &mut Context) -> Result<(), CommandError> {
    let mut root = arguments::command();
    root.build();
    for (word, about) in words::of(&arguments.words, &root, context) {
        let about = about.lines().next().unwrap_or("").to_owned();
        context.print(format!("{word}\t{about}\n").as_bytes());
    }
    Ok(())
}
