//! The text form of one corpus case: comment, then sections under `-- NAME --` lines. It knows
//! nothing of Helm.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

/// One case. A section's text is kept as it stands in the file, so that printing gives it back.
#[derive(Clone, Debug, Default)]
pub struct Case {
    comment: String,
    sections: Vec<(String, String)>,
    /// The `_values.yaml` that serves the case when it has no values of its own.
    shared_values: Option<String>,
}

/// What Helm answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// What it printed.
    Output(String),
    /// The text of its error, from `Error:` on.
    Error(String),
}

impl Answer {
    /// Whether Helm says the same. It lists the faults of values in another order each time.
    pub fn agrees_with(&self, other: &Self) -> bool {
        let (Self::Error(one), Self::Error(other)) = (self, other) else { return self == other };
        let in_order = |text: &str| {
            let mut lines: Vec<&str> = text.lines().collect();
            let faults = lines.iter().position(|line| line.starts_with("- at "));
            let count = lines.iter().filter(|line| line.starts_with("- at ")).count();
            if let Some(faults) = faults.and_then(|first| lines.get_mut(first..first + count)) {
                faults.sort_unstable();
            }
            lines.join("\n")
        };
        in_order(one) == in_order(other)
    }
}

/// The sections that a case may have, apart from `file NAME`.
const SECTIONS: [&str; 8] =
    ["template", "text", "values", "defs", "args", "output", "error", "diagnostic"];

impl Case {
    /// Reads a case file.
    pub fn parse(text: &str) -> Result<Self> {
        let mut case = Self::default();
        for line in text.split_inclusive('\n') {
            if let Some(name) = heading(line) {
                if case.section(name).is_some() {
                    bail!("two sections are called `{name}`");
                }
                case.sections.push((name.to_owned(), String::new()));
            } else if let Some((_, body)) = case.sections.last_mut() {
                body.push_str(line);
            } else {
                case.comment.push_str(line);
            }
        }
        if case.section("template").is_some() == case.section("text").is_some() {
            bail!("a case has either a section `template` or a section `text`");
        }
        Ok(case)
    }

    /// Adds the nearest `_values.yaml` above the case's file.
    pub fn with_shared_values(mut self, corpus: &Path, file: &Path) -> Result<Self> {
        let mut folder = file.parent();
        while let Some(dir) = folder {
            let path = corpus.join(dir).join("_values.yaml");
            if path.is_file() {
                self.shared_values = Some(fs::read_to_string(path)?);
                break;
            }
            folder = dir.parent();
        }
        Ok(self)
    }

    /// The text of a section.
    pub fn section(&self, name: &str) -> Option<&str> {
        self.sections.iter().find(|(known, _)| known == name).map(|(_, body)| body.as_str())
    }

    /// The further chart files: path and content.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.sections
            .iter()
            .filter_map(|(name, body)| Some((name.strip_prefix("file ")?, body.as_str())))
    }

    /// The values file of the case's chart.
    pub fn values(&self) -> &str {
        self.section("values").or(self.shared_values.as_deref()).unwrap_or("")
    }

    /// The body of a `text` case: without the line break that ends the section.
    pub fn text(&self) -> Option<&str> {
        self.section("text").map(|body| body.strip_suffix('\n').unwrap_or(body))
    }

    /// Whether an answer is recorded.
    pub fn has_answer(&self) -> bool {
        self.answer().is_some()
    }

    /// The recorded answer.
    pub fn answer(&self) -> Option<Answer> {
        if let Some(text) = self.section("error") {
            return Some(Answer::Error(text.to_owned()));
        }
        let text = self.section("output")?;
        let text = if self.section("text").is_some() {
            text.strip_suffix('\n').unwrap_or(text)
        } else {
            text
        };
        Some(Answer::Output(text.to_owned()))
    }

    /// Replaces the recorded answer.
    pub fn set_answer(&mut self, answer: Answer) {
        self.sections.retain(|(name, _)| name != "output" && name != "error");
        let is_text = self.section("text").is_some();
        self.sections.push(match answer {
            Answer::Output(text) if is_text => ("output".to_owned(), text + "\n"),
            Answer::Output(text) => ("output".to_owned(), text),
            Answer::Error(text) => ("error".to_owned(), text),
        });
    }

    /// The case as a file.
    pub fn print(&self) -> String {
        let mut text = self.comment.clone();
        for (name, body) in &self.sections {
            text.push_str("-- ");
            text.push_str(name);
            text.push_str(" --\n");
            text.push_str(body);
        }
        text
    }
}

/// Answers longer than this are cut in their middle: nobody reads on, and the repository stays
/// small. What is left out still counts, by its length and its sum.
const MAX_ANSWER: usize = 4000;

/// How much of a long answer stays at either end.
const KEPT: usize = 1000;

/// The text, its middle told by length and FNV-1a sum where it is long.
pub fn shortened(text: &str) -> String {
    if text.len() <= MAX_ANSWER {
        return text.to_owned();
    }
    let (first, last) =
        (text.floor_char_boundary(KEPT), text.ceil_char_boundary(text.len() - KEPT));
    let middle = &text[first..last];
    let sum = middle.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let length = middle.len();
    format!("{}[… {length} bytes, sum {sum:016x} …]{}", &text[..first], &text[last..])
}

/// The section's name when a line is a heading.
fn heading(line: &str) -> Option<&str> {
    let line = line.strip_suffix('\n').unwrap_or(line);
    let name = line.strip_prefix("-- ")?.strip_suffix(" --")?;
    let known = SECTIONS.contains(&name) || name.starts_with("file ");
    known.then_some(name)
}
