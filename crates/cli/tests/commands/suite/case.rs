//! The text of a case: comment lines, then sections `-- name --`.

use std::collections::BTreeMap;

/// The sections of an answer, in the order in which they are written.
pub const ANSWERS: [&str; 7] =
    ["stdout", "stderr", "exit", "made", "stdout-french", "stderr-french", "made-french"];

/// What a command did: its sections; what is empty is left out.
pub type Answer = BTreeMap<&'static str, String>;

/// A case.
pub struct Case {
    comment: String,
    sections: Vec<(String, String)>,
}

impl Case {
    /// Takes a text apart.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut case = Self { comment: String::new(), sections: Vec::new() };
        for line in text.split_inclusive('\n') {
            let name = line
                .trim_end_matches('\n')
                .strip_prefix("-- ")
                .and_then(|rest| rest.strip_suffix(" --"));
            match (name, case.sections.last_mut()) {
                (Some(name), _) => case.sections.push((name.to_owned(), String::new())),
                (None, Some((_, body))) => body.push_str(line),
                (None, None) => case.comment.push_str(line),
            }
        }
        if case.section("args").is_none() && case.section("words").is_none() {
            return Err("there is no `-- args --` and no `-- words --`\n".to_owned());
        }
        Ok(case)
    }

    /// All sections that make the files, in their order: kind, path, content.
    pub fn inputs(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.sections.iter().filter_map(|(name, body)| {
            let (kind, path) = name.split_once(' ')?;
            Some((kind, path, body.as_str()))
        })
    }

    /// The content of a section.
    pub fn section(&self, wanted: &str) -> Option<&str> {
        self.sections.iter().find(|(name, _)| name == wanted).map(|(_, body)| body.as_str())
    }

    /// Whether the answer is not Helm's but our own; the section says why.
    pub fn is_ours(&self) -> bool {
        self.section("ours").is_some() || self.section("words").is_some()
    }

    /// Whether the command is asked in French, too: one of our own, in which nobody has chosen.
    pub fn has_languages(&self) -> bool {
        let environment = self.section("env").unwrap_or_default();
        self.section("words").is_some()
            && !environment.contains("LC_ALL=")
            && !environment.contains("LANG=")
    }

    /// The recorded answer.
    pub fn answer(&self) -> Answer {
        let part = |name| Some((name, self.section(name)?.to_owned()));
        ANSWERS.into_iter().filter_map(part).collect()
    }

    /// Replaces the answer.
    pub fn set_answer(&mut self, answer: &Answer) {
        self.sections.retain(|(name, _)| !ANSWERS.contains(&name.as_str()));
        for name in ANSWERS {
            if let Some(text) = answer.get(name) {
                self.sections.push((name.to_owned(), text.clone()));
            }
        }
    }

    /// The text again.
    pub fn print(&self) -> String {
        let mut out = self.comment.clone();
        for (name, body) in &self.sections {
            out += &format!("-- {name} --\n{body}");
            if !body.is_empty() && !body.ends_with('\n') {
                out.push('\n');
            }
        }
        out
    }
}
