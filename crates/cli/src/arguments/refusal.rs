//! What is said of a command line that is not understood: in Helm's words, where Helm has some.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::Stop;

/// The words for a fault of the command line. A group of commands without one of them, or with one
/// that is not known, shows its help, as Helm's does.
pub fn explain(error: &clap::Error, mut root: clap::Command) -> Stop {
    use ErrorKind as Kind;
    let given = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        _ => String::new(),
    };
    let failed = |text| Stop { text, failed: true };
    let flag = given(ContextKind::InvalidArg);
    let value = given(ContextKind::InvalidValue);
    match error.kind() {
        Kind::DisplayHelp
        | Kind::DisplayVersion
        | Kind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Stop { text: error.to_string(), failed: false }
        }
        Kind::MissingSubcommand | Kind::InvalidSubcommand => {
            match help_of_group(error, &mut root) {
                Some(text) => Stop { text, failed: false },
                None => {
                    let hint = of_chart(&given(ContextKind::InvalidSubcommand), &root);
                    failed(capitalized(error.to_string().trim_end()) + &hint)
                }
            }
        }
        Kind::UnknownArgument if flag.starts_with("--") => {
            failed(format!("Error: unknown flag: {flag}"))
        }
        Kind::UnknownArgument if flag.starts_with('-') => {
            let letter = flag.chars().nth(1).unwrap_or_default();
            failed(format!("Error: unknown shorthand flag: '{letter}' in {flag}"))
        }
        Kind::ValueValidation if flag.starts_with("--") => {
            let reason = std::error::Error::source(error).map(ToString::to_string);
            let name = with_shorthand(&name_of(&flag), &root);
            let reason = reason.unwrap_or_default();
            let value = strconv::quote(value.as_bytes());
            failed(format!("Error: invalid argument {value} for \"{name}\" flag: {reason}"))
        }
        Kind::InvalidValue if flag.starts_with("--") && value.is_empty() => {
            failed(format!("Error: flag needs an argument: {}", name_of(&flag)))
        }
        _ => failed(capitalized(error.to_string().trim_end())),
    }
}

/// `--labels` of `--labels <LABELS>` and of `--wait[=<WAIT>]`.
fn name_of(flag: &str) -> String {
    flag.chars().take_while(|c| *c == '-' || c.is_ascii_alphanumeric()).collect()
}

/// `-l, --labels` where the flag has a short form.
fn with_shorthand(name: &str, root: &clap::Command) -> String {
    fn short(command: &clap::Command, long: &str) -> Option<char> {
        let own = command.get_arguments().find(|arg| arg.get_long() == Some(long));
        let below = || command.get_subcommands().find_map(|command| short(command, long));
        own.and_then(clap::Arg::get_short).or_else(below)
    }
    match short(root, name.trim_start_matches('-')) {
        Some(letter) => format!("-{letter}, {name}"),
        None => name.to_owned(),
    }
}

/// The help of `show` or `dependency`, when the fault is theirs.
fn help_of_group(error: &clap::Error, root: &mut clap::Command) -> Option<String> {
    let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) else { return None };
    let usage = usage.to_string();
    root.build();
    let chart = root.find_subcommand_mut("chart")?;
    let group = ["show", "dependency"]
        .into_iter()
        .find(|group| usage.contains(&format!("socle chart {group} ")))?;
    Some(chart.find_subcommand_mut(group)?.render_help().to_string())
}

/// A command of Helm's that was looked for a level too high.
fn of_chart(name: &str, root: &clap::Command) -> String {
    let chart = root.find_subcommand("chart");
    match chart.and_then(|chart| chart.find_subcommand(name)) {
        Some(_) => format!("\n\ndid you mean `socle chart {name}`?"),
        None => String::new(),
    }
}

/// Helm's errors start with "Error:"; scripts look for that.
fn capitalized(text: &str) -> String {
    text.strip_prefix("error:").map_or_else(|| text.to_owned(), |rest| format!("Error:{rest}"))
}
