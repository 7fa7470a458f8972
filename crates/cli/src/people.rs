//! Errors of the command line told for people: which of the files at hand is at fault, and what the
//! library knows of a release that failed.

use std::path::Path;

use helm::diagnose::{self, GivenFile, Givers};
use helm::values::{Given, read_values};

use crate::error::CommandError;

/// Who gives values.
pub fn givers(given: &Given) -> Givers {
    let file = |(path, content): &(String, Vec<u8>)| GivenFile::new(path.clone(), content);
    Givers { files: given.files.iter().map(file).collect(), flags: given.flags() }
}

/// An error about one of these files or flags: the first that cannot be read is shown.
pub fn of_givers(error: CommandError, givers: &Givers) -> CommandError {
    let words = error.to_string();
    let at_fault = givers.flags.iter().find(|flag| flag.table.is_err());
    match at_fault {
        Some(flag) if words.starts_with("failed parsing --set") => {
            let problem = "this argument cannot be read";
            let diagnostic = Box::new(diagnose::from_argument(&words, &flag.text, problem));
            CommandError::Told { words, diagnostic }
        }
        // The file is only looked for when it is needed.
        None if words.starts_with("failed parsing --set-file") => {
            let path = words.split_once("open ").and_then(|(_, rest)| rest.split_once(": "));
            let names = |text: &str| path.is_some_and(|(path, _)| text.ends_with(path));
            let Some(flag) = givers.flags.iter().find(|flag| names(&flag.text)) else {
                return error;
            };
            let problem = "this file cannot be read";
            let diagnostic = Box::new(diagnose::from_argument(&words, &flag.text, problem));
            CommandError::Told { words, diagnostic }
        }
        _ => of_files(error, &givers.files),
    }
}

/// An error about one of these files: the first that cannot be read as YAML is shown.
pub fn of_files(error: CommandError, files: &[GivenFile]) -> CommandError {
    let CommandError::Failed(words) = error else { return error };
    let is_at_fault = |file: &&GivenFile| {
        file.valid_up_to.is_some() || read_values(file.text.as_bytes()).is_err()
    };
    let at_fault = files.iter().find(is_at_fault);
    let diagnostic = match at_fault {
        Some(file) => diagnose::from_document(&words, file),
        None => diagnose::from_words(&words),
    };
    CommandError::Told { words, diagnostic: Box::new(diagnostic) }
}

/// An error about a chart in a directory: the file that it names is shown.
pub fn of_chart(error: CommandError, chart: &str) -> CommandError {
    let words = error.to_string();
    let files = ["values.yaml", "Chart.yaml", "Chart.lock"];
    let is_of_chart =
        ["chart.metadata.", "missing in charts/"].iter().any(|sign| words.contains(sign));
    let named = files.into_iter().find(|file| words.contains(file));
    let Some(name) = named.filter(|_| !is_of_chart).or(is_of_chart.then_some("Chart.yaml")) else {
        return error;
    };
    let path = Path::new(chart).join(name);
    // Reading what is no file, a pipe for instance, might never end.
    if !path.is_file() {
        return error;
    }
    let Ok(content) = crate::source::read_file(&path) else { return error };
    let file = GivenFile::new(path.display().to_string(), &content);
    if is_of_chart {
        let diagnostic = Box::new(diagnose::from_chart_file(&words, &file.path, &file.text));
        return CommandError::Told { words, diagnostic };
    }
    of_files(error, &[file])
}
