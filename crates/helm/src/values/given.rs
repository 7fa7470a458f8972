//! The values that a user gives: files and `--set` flags put together, in Helm's order.
//!
//! Not here: reading of files; the caller brings their content. Follows Helm 4's
//! `pkg/cli/values/options.go`.

use super::strvals::{self, Reading, Room, SetError};
use super::{DocumentError, Plain, Table, read_values};

/// What the value flags say, each in the order given.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// `-f`: the name as given, and the content.
    pub files: Vec<(String, Vec<u8>)>,
    /// `--set-json`.
    pub json: Vec<String>,
    /// `--set`.
    pub set: Vec<String>,
    /// `--set-string`.
    pub text: Vec<String>,
    /// `--set-file`.
    pub file: Vec<String>,
    /// `--set-literal`.
    pub literal: Vec<String>,
}

/// A flag does not say what it should.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GivenError {
    /// A values file.
    #[error("failed to parse {file}: {reason}")]
    File {
        /// The file as named on the command line.
        file: String,
        /// What is wrong with it.
        reason: DocumentError,
    },
    /// `--set-json` with an object that is none.
    #[error("failed parsing --set-json data JSON: {0}")]
    JsonObject(String),
    /// `--set-json key=json`.
    #[error("failed parsing --set-json data {0}")]
    Json(String),
    /// Another `--set` flag.
    #[error("failed parsing {flag} data: {reason}")]
    Set {
        /// The flag.
        flag: &'static str,
        /// What is wrong.
        reason: SetError,
    },
}

impl Given {
    /// The values, later and more particular flags over earlier ones. `read` reads the files that
    /// `--set-file` names.
    pub fn combine(
        &self,
        read: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
    ) -> Result<Table, GivenError> {
        let mut values = Table::default();
        for (file, content) in &self.files {
            let table = read_values(content)
                .map_err(|reason| GivenError::File { file: file.clone(), reason })?;
            values = values.merged_with(&table);
        }
        self.apply(values, read)
    }

    /// What the flags other than `-f` say, on top of `values`.
    pub fn apply(
        &self,
        mut values: Table,
        read: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
    ) -> Result<Table, GivenError> {
        let mut room = Room::default();
        for text in &self.json {
            values = with_json(&values, text, &mut room)?;
        }
        let mut step = |values: Table, flag, text: &str, reading: Reading<'_>| {
            strvals::set(&values, text, reading, &mut room)
                .map_err(|reason| GivenError::Set { flag, reason })
        };
        for text in &self.set {
            values = step(values, "--set", text, Reading::Typed)?;
        }
        for text in &self.text {
            values = step(values, "--set-string", text, Reading::Text)?;
        }
        for text in &self.file {
            let mut load = |path: &str| read(path).map(|content| Plain::Str(content.into()));
            values = step(values, "--set-file", text, Reading::File(&mut load))?;
        }
        for text in &self.literal {
            values = step(values, "--set-literal", text, Reading::Literal)?;
        }
        Ok(values)
    }
}

/// One `--set` flag by itself.
#[derive(Clone, Debug)]
pub struct Flag {
    /// As it was given: `--set a=b`.
    pub text: String,
    /// What it gives by itself.
    pub table: Result<Table, GivenError>,
}

type MakeGiven = fn(String) -> Given;

impl Given {
    /// The `--set` flags by themselves, the weightiest last. Files are not read.
    pub fn flags(&self) -> Vec<Flag> {
        let flags: [(&str, &[String], MakeGiven); 5] = [
            ("--set-json", &self.json, |t| Self { json: vec![t], ..Self::default() }),
            ("--set", &self.set, |t| Self { set: vec![t], ..Self::default() }),
            ("--set-string", &self.text, |t| Self { text: vec![t], ..Self::default() }),
            ("--set-file", &self.file, |t| Self { file: vec![t], ..Self::default() }),
            ("--set-literal", &self.literal, |t| Self { literal: vec![t], ..Self::default() }),
        ];
        let mut read = |path: &str| Ok(format!("the content of {path}").into_bytes());
        let mut all = Vec::new();
        for (flag, texts, make) in flags {
            for text in texts {
                let table = make(text.clone()).combine(&mut read);
                all.push(Flag { text: format!("{flag} {text}"), table });
            }
        }
        all
    }
}

fn with_json(values: &Table, text: &str, room: &mut Room) -> Result<Table, GivenError> {
    let trimmed = text.trim();
    if !trimmed.starts_with('{') {
        return strvals::set(values, text, Reading::Json, room)
            .map_err(|_| GivenError::Json(text.to_owned()));
    }
    match strvals::parse_json(trimmed) {
        Ok(Plain::Map(table)) => Ok(values.merged_with(&table)),
        _ => Err(GivenError::JsonObject(text.to_owned())),
    }
}
