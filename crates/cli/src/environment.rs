//! The one place that reads the environment of the process.

use std::collections::BTreeMap;
use std::path::PathBuf;

use diagnostic::Language;

/// The environment variables that Socle looks at, read once.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
}

impl Environment {
    /// What the process was started with. Variables that are not UTF-8 are left out.
    pub fn of_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self { variables: std::env::vars_os().filter_map(text).collect() }
    }

    /// A variable, when it is set and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// All of them: what a child process inherits.
    pub fn all(&self) -> &BTreeMap<String, String> {
        &self.variables
    }

    /// The language of the person, as the locale says.
    pub fn language(&self) -> Language {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| self.get(name));
        let is_french = |locale: &str| locale == "fr" || locale.starts_with("fr_");
        if locale.is_some_and(is_french) { Language::French } else { Language::English }
    }

    /// The user's home directory.
    pub fn home(&self) -> PathBuf {
        self.get("HOME").map_or_else(PathBuf::new, PathBuf::from)
    }
}
