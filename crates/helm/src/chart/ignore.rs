//! `.helmignore`: which files of a directory do not belong to the chart.
//!
//! Not here: archives, where nothing is ignored. Follows Helm 4's `pkg/ignore`: rules are tried in
//! order, the first that decides counts, and a negative rule ignores whatever it does *not* match.

use super::pattern::{self, BadPattern};

/// The rules of a directory.
#[derive(Debug, Default)]
pub struct Rules {
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    pattern: Vec<u8>,
    /// The pattern has no slash: it is held against the last part of a path only.
    base_only: bool,
    negative: bool,
    directories_only: bool,
}

/// A rule that cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IgnoreError {
    /// `**` is not part of this language.
    #[error("double-star (**) syntax is not supported")]
    DoubleStar,
    /// A class that does not end, or the like.
    #[error(transparent)]
    Pattern(#[from] BadPattern),
    /// A line that is longer than Helm reads.
    #[error("bufio.Scanner: token too long")]
    LineTooLong,
}

/// Go's line reader gives up at lines of this length.
const MAX_LINE: usize = 64 * 1024;

impl Rules {
    /// The rules of a `.helmignore` file.
    pub fn parse(text: &[u8]) -> Result<Self, IgnoreError> {
        let mut rules = Self::default();
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        for line in text.split(|&b| b == b'\n') {
            if line.len() >= MAX_LINE {
                return Err(IgnoreError::LineTooLong);
            }
            rules.add(&String::from_utf8_lossy(line))?;
        }
        Ok(rules)
    }

    /// Adds what Helm always ignores: dot files right under `templates/`.
    #[must_use]
    pub fn with_defaults(mut self) -> Self {
        self.rules.push(Rule {
            pattern: b"templates/.?*".to_vec(),
            base_only: false,
            negative: false,
            directories_only: false,
        });
        self
    }

    fn add(&mut self, line: &str) -> Result<(), IgnoreError> {
        let rule = line.trim();
        if rule.is_empty() || rule.starts_with('#') {
            return Ok(());
        }
        if rule.contains("**") {
            return Err(IgnoreError::DoubleStar);
        }
        // Any name will do: this only finds out whether the pattern is one.
        pattern::matches(rule.as_bytes(), b"abc")?;
        let (rule, negative) = rule.strip_prefix('!').map_or((rule, false), |rest| (rest, true));
        let (rule, directories_only) =
            rule.strip_suffix('/').map_or((rule, false), |rest| (rest, true));
        let base_only = !rule.contains('/');
        let rule = rule.strip_prefix('/').unwrap_or(rule);
        self.rules.push(Rule {
            pattern: rule.as_bytes().to_vec(),
            base_only,
            negative,
            directories_only,
        });
        Ok(())
    }

    /// Whether the file or directory at `path` (relative to the chart, with slashes) is left out.
    pub fn ignores(&self, path: &str, is_directory: bool) -> bool {
        if matches!(path, "" | "." | "./") {
            return false;
        }
        for rule in &self.rules {
            let wrong_kind = rule.directories_only && !is_directory;
            if rule.negative {
                if wrong_kind || !rule.matches(path) {
                    return true;
                }
            } else if !wrong_kind && rule.matches(path) {
                return true;
            }
        }
        false
    }
}

impl Rule {
    fn matches(&self, path: &str) -> bool {
        let name = if self.base_only { path.rsplit('/').next().unwrap_or(path) } else { path };
        // A pattern that turns out bad only with this name matches nothing.
        pattern::matches(&self.pattern, name.as_bytes()).unwrap_or(false)
    }
}
