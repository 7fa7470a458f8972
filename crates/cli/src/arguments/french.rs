//! The help of the platform's commands in French. A sentence is looked up as it stands in English, so
//! that one that is changed or new is missed by the test below until its French is there, too.

use std::borrow::Cow;

/// English and French, line by line.
const TABLE: &str = include_str!("french.tsv");

/// The help of a command in French; what has none, as the chart commands' helps, stays as it is.
pub fn help(text: &str) -> String {
    if text.contains("Usage: socle chart") {
        return text.to_owned();
    }
    text.split_inclusive('\n').map(line).collect()
}

/// A line: what it is about stands behind it, after two blanks; a default may follow.
fn line(line: &str) -> Cow<'_, str> {
    if let Some(rest) = line.strip_prefix("Usage: ") {
        return Cow::Owned(format!("Utilisation : {rest}"));
    }
    let content = line.trim_end();
    let start = content.rfind("  ").map_or(0, |at| at + 2);
    let (start, content) = match content[start..].strip_prefix("- ") {
        // A value that may be chosen: `- text: For people`.
        Some(value) => match value.split_once(": ") {
            Some((_, about)) => (content.len() - about.trim_start().len(), content),
            None => return Cow::Borrowed(line),
        },
        None => (start, content),
    };
    let (sentence, default) = match content[start..].find(" [default: ") {
        Some(at) => (&content[start..start + at], &content[start + at..]),
        None => (&content[start..], ""),
    };
    let default = default.replace(" [default: ", " [par défaut : ");
    match found(sentence) {
        Some(french) => Cow::Owned(format!("{}{french}{default}\n", &content[..start])),
        None if sentence.starts_with("[default: ") => {
            Cow::Owned(line.replace("[default: ", "[par défaut : "))
        }
        None => Cow::Borrowed(line),
    }
}

fn found(english: &str) -> Option<&'static str> {
    TABLE
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .find(|(en, _)| *en == english)
        .map(|(_, fr)| fr)
}

#[cfg(test)]
mod tests {
    use super::{TABLE, found};

    /// Every sentence of a command's help, and of those below it.
    fn sentences(command: &clap::Command, all: &mut Vec<String>) {
        if ["chart", "help"].contains(&command.get_name()) {
            return;
        }
        let mut add =
            |text: Option<&clap::builder::StyledStr>| all.extend(text.map(ToString::to_string));
        add(command.get_about());
        for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
            add(arg.get_long_help().or_else(|| arg.get_help()));
            for value in arg.get_possible_values() {
                add(value.get_help());
            }
        }
        for command in command.get_subcommands().filter(|command| !command.is_hide_set()) {
            sentences(command, all);
        }
    }

    #[test]
    fn every_sentence_has_its_french_and_no_french_is_left_over() {
        let mut all = Vec::new();
        sentences(&crate::arguments::command(), &mut all);
        let missing: Vec<&String> = all.iter().filter(|one| found(one).is_none()).collect();
        assert!(missing.is_empty(), "without French in french.tsv: {missing:#?}");
        for line in TABLE.lines() {
            let (english, _) = line.split_once('\t').unwrap();
            let is_of_help = english.starts_with("Print ") || english.ends_with(':');
            let is_chart = english == "Work with Helm charts";
            assert!(is_of_help || is_chart || all.iter().any(|one| one == english), "{english}");
        }
    }
}
