//! What a run has to say besides its result: Helm's log lines, collected instead of printed.
//!
//! Not here: any writing. The edge prints the entries to standard error, where Helm's logger
//! (Go's `slog` text handler without the time) puts them.

use std::fmt;

/// How grave a log line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Shown with `--debug` only.
    Debug,
    /// For information.
    Info,
    /// Something is likely not as meant.
    Warn,
    /// Something failed.
    Error,
}

/// One log line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// How grave it is.
    pub level: Level,
    /// The sentence.
    pub message: String,
    /// Named details, in order.
    pub details: Vec<(&'static str, String)>,
}

/// The lines of a run, in order. Bounded: a hostile chart could warn without end.
#[derive(Clone, Debug, Default)]
pub struct Log {
    entries: Vec<Entry>,
}

/// More lines than this say nothing new and would only fill the memory.
const MAX_ENTRIES: usize = 100_000;

impl Log {
    /// Adds a line.
    pub fn add(&mut self, level: Level, message: impl Into<String>) {
        self.add_with(level, message, Vec::new());
    }

    /// Adds a line with details.
    pub fn add_with(
        &mut self,
        level: Level,
        message: impl Into<String>,
        details: Vec<(&'static str, String)>,
    ) {
        if self.entries.len() < MAX_ENTRIES {
            self.entries.push(Entry { level, message: message.into(), details });
        }
    }

    /// The same, unless that line is there.
    pub fn add_once(
        &mut self,
        level: Level,
        message: impl Into<String>,
        details: Vec<(&'static str, String)>,
    ) {
        let entry = Entry { level, message: message.into(), details };
        if !self.entries.contains(&entry) {
            self.add_with(entry.level, entry.message, entry.details);
        }
    }

    /// The lines so far.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Takes the lines out.
    pub fn take(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.entries)
    }
}

/// As Go's `slog` text handler prints it: `level=INFO msg="…" key=value`.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Debug => "DEBUG",
            Level::Info => "INFO",
            Level::Warn => "WARN",
            Level::Error => "ERROR",
        };
        write!(f, "level={level} msg={}", slog_text(&self.message))?;
        for (key, value) in &self.details {
            write!(f, " {key}={}", slog_text(value))?;
        }
        Ok(())
    }
}

/// Quotes a text where `slog` does: when empty or with a space, a quote, an equals sign or
/// anything that does not print.
fn slog_text(text: &str) -> String {
    let plain =
        |c: char| !matches!(c, ' ' | '"' | '=' | '\\') && !c.is_control() && c != '\u{FFFD}';
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    strconv::quote(text.as_bytes())
}
