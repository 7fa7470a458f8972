//! What was done with a file: data, and its print.

mod text;

use config::Words;
use serde_json::{Value as Json, json};

use crate::secret::{State, Use};

/// What was done with a file.
#[derive(Clone, Debug)]
pub struct Report {
    /// The file, as a person named it.
    pub file: String,
    /// How many sections it has.
    pub sections: usize,
    /// How many settings.
    pub settings: usize,
    /// Settings with a counterpart.
    pub translated: Vec<Translated>,
    /// Passwords.
    pub secrets: Vec<Password>,
    /// Settings without one.
    pub left: Vec<Left>,
    /// What a person should look at.
    pub findings: Vec<Finding>,
}

/// A setting with its counterpart.
#[derive(Clone, Debug)]
pub struct Translated {
    /// The old path.
    pub from: String,
    /// The line.
    pub line: usize,
    /// The new paths.
    pub to: Vec<String>,
}

/// A password, which is not said.
#[derive(Clone, Debug)]
pub struct Password {
    /// The old path.
    pub from: String,
    /// The line.
    pub line: usize,
    /// What it says.
    pub state: State,
    /// The Secret that holds it in the cluster, and the key.
    pub secret: (String, String),
    /// What becomes of it.
    pub used: Use,
    /// Whether the script can read it.
    pub readable: bool,
}

/// A setting without a counterpart.
#[derive(Clone, Debug)]
pub struct Left {
    /// The old path.
    pub from: String,
    /// The line.
    pub line: usize,
    /// Why.
    pub reason: Words,
    /// Raw values of the chart that would mean the same.
    pub raw: Option<String>,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Something does not work, or will not.
    Error,
    /// Something is most likely not as it is meant.
    Warning,
    /// Something to know.
    Note,
}

/// What a person should look at.
#[derive(Clone, Debug)]
pub struct Finding {
    /// A stable name: `placeholder`.
    pub kind: &'static str,
    /// How grave it is.
    pub grade: Grade,
    /// The line.
    pub line: usize,
    /// The setting or the section.
    pub path: String,
    /// What was found.
    pub words: Words,
    /// What to do.
    pub remedy: Words,
    /// Pages that say so.
    pub sources: Vec<String>,
}

impl Grade {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

fn words(words: &Words) -> Json {
    json!({ "en": words.en, "fr": words.fr })
}

impl Report {
    /// The report for programs; see `docs/import.md`.
    pub fn json(&self) -> Json {
        let translated =
            |one: &Translated| json!({ "from": one.from, "line": one.line, "to": one.to });
        let left = |one: &Left| {
            let mut made =
                json!({ "from": one.from, "line": one.line, "reason": words(&one.reason) });
            if let Some(raw) = &one.raw {
                made["raw"] = raw.as_str().into();
            }
            made
        };
        let finding = |one: &Finding| {
            json!({
                "kind": one.kind,
                "severity": one.grade.name(),
                "path": one.path,
                "file": self.file,
                "line": one.line,
                "words": words(&one.words),
                "remedy": words(&one.remedy),
                "sources": one.sources,
            })
        };
        json!({
            "file": self.file,
            "sections": self.sections,
            "settings": self.settings,
            "translated": self.translated.iter().map(translated).collect::<Vec<_>>(),
            "secrets": self.secrets.iter().map(password).collect::<Vec<_>>(),
            "left": self.left.iter().map(left).collect::<Vec<_>>(),
            "findings": self.findings.iter().map(finding).collect::<Vec<_>>(),
        })
    }

    /// Whether something was found that will not work.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|one| one.grade == Grade::Error)
    }
}

fn password(one: &Password) -> Json {
    let state = match one.state {
        State::Said => "said",
        State::Placeholder => "placeholder",
        State::Empty => "empty",
    };
    let (used, paths) = match &one.used {
        Use::Reference(paths) => ("reference", paths.as_slice()),
        Use::Own => ("own", &[][..]),
        Use::Generated => ("generated", &[][..]),
        Use::Kept => ("kept", &[][..]),
    };
    json!({
        "from": one.from,
        "line": one.line,
        "state": state,
        "secret": one.secret.0,
        "key": one.secret.1,
        "used": used,
        "to": paths,
        "readable": one.readable,
    })
}
