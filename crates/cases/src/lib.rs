//! Test cases as files: a comment, then sections under `-- NAME --` lines. Adding a case is adding a
//! file.
//!
//! [`check_folder`] gives each case of a folder to a function that answers with sections; these are
//! compared with those of the file, or written into it when `SOCLE_RECORD` is set.
//!
//! The crate is for tests only, and knows nothing of the product.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A case: its name, and its sections in order.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// The file's name without its ending.
    pub name: String,
    comment: String,
    sections: Vec<(String, String)>,
}

impl Case {
    /// Reads a case.
    pub fn parse(name: &str, text: &str) -> Self {
        let mut case = Self { name: name.to_owned(), ..Self::default() };
        for line in text.split_inclusive('\n') {
            let heading = line.trim_end().strip_prefix("-- ").and_then(|l| l.strip_suffix(" --"));
            match (heading, case.sections.last_mut()) {
                (Some(name), _) => case.sections.push((name.to_owned(), String::new())),
                (None, Some((_, body))) => body.push_str(line),
                (None, None) => case.comment.push_str(line),
            }
        }
        case
    }

    /// The text of a section.
    pub fn section(&self, name: &str) -> Option<&str> {
        self.sections.iter().find(|(known, _)| known == name).map(|(_, body)| body.as_str())
    }

    /// All sections in order.
    pub fn sections(&self) -> impl Iterator<Item = (&str, &str)> {
        self.sections.iter().map(|(name, body)| (name.as_str(), body.as_str()))
    }

    /// The case with these sections for all of their names; an empty one is left out.
    fn with(mut self, answers: &[(&str, String)]) -> Self {
        self.sections.retain(|(name, _)| answers.iter().all(|(answer, _)| answer != name));
        for (name, body) in answers.iter().filter(|(_, body)| !body.is_empty()) {
            let end = if body.ends_with('\n') { "" } else { "\n" };
            self.sections.push(((*name).to_owned(), format!("{body}{end}")));
        }
        self
    }

    fn print(&self) -> String {
        let mut text = self.comment.clone();
        for (name, body) in &self.sections {
            let _ = write!(text, "-- {name} --\n{body}");
        }
        text
    }
}

/// Checks every `.txt` of a folder, and that there are at least `least` of them. The function
/// answers with sections: all that it may ever give, empty where there is nothing to say.
pub fn check_folder(
    folder: &str,
    least: usize,
    answer: impl Fn(&Case) -> Vec<(&'static str, String)>,
) -> Result<(), String> {
    let records = std::env::var_os("SOCLE_RECORD").is_some();
    let files = files(Path::new(folder)).map_err(|error| format!("{folder}: {error}"))?;
    let mut wrong = String::new();
    for file in &files {
        let text =
            fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let case = Case::parse(&name, &text);
        let made = case.clone().with(&answer(&case)).print();
        if made == text {
            continue;
        }
        if records {
            fs::write(file, &made).map_err(|error| format!("{}: {error}", file.display()))?;
        } else {
            let _ = writeln!(wrong, "{} should say\n{made}", file.display());
        }
    }
    if files.len() < least {
        let _ = writeln!(wrong, "{folder} has {} cases, and had {least}", files.len());
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "txt") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
