//! The values that templates mention, whether they run or not: what nothing reads may still be read
//! with other values.
//!
//! This looks at the words of actions only; what `tpl` runs and keys that templates put together are
//! not found.

use std::collections::BTreeSet;

use super::field::steps;
use super::record::{Trace, below};
use crate::chart::Chart;

/// Chains of fields, key by key.
#[derive(Default)]
pub(super) struct Mentions {
    /// Those below `.Values`.
    absolute: BTreeSet<Vec<String>>,
    /// Those below something else (`.name`, `$host.name`), and texts, which `index` may look up.
    relative: BTreeSet<Vec<String>>,
    /// Texts in actions with all of `.Values`.
    looked_up: BTreeSet<String>,
    /// The names of sub-charts.
    names: BTreeSet<String>,
    /// The paths of those below `.Values`, each in the chart that has it.
    paths: BTreeSet<String>,
}

impl Mentions {
    /// All of a chart and its sub-charts.
    pub fn of(chart: &Chart) -> Self {
        let mut found = Self::default();
        found.add_chart(chart, "");
        found
    }

    /// The paths that templates spell out.
    pub fn paths(&self) -> &BTreeSet<String> {
        &self.paths
    }

    fn add_chart(&mut self, chart: &Chart, path: &str) {
        for file in chart.templates.iter() {
            actions(&file.data).for_each(|action| self.add_action(action, path));
        }
        for sub in &chart.dependencies {
            self.names.insert(sub.name().to_owned());
            self.add_chart(sub, &below(path, sub.name().as_bytes()));
        }
    }

    /// An action of the chart whose values stand at that path.
    fn add_action(&mut self, action: &[u8], path: &str) {
        let mut texts = Vec::new();
        let mut has_all = false;
        let mut rest = action;
        while let [first, more @ ..] = rest {
            rest = more;
            if let b'"' | b'`' = first {
                let end = memchr::memchr(*first, more).unwrap_or(more.len());
                texts.push(String::from_utf8_lossy(&more[..end]).into_owned());
                rest = more.get(end + 1..).unwrap_or_default();
            } else if *first == b'.' {
                let mut chain = chain(&mut rest);
                match chain.iter().rposition(|key| key == "Values") {
                    Some(at) => {
                        let own = chain.split_off(at + 1);
                        has_all |= own.is_empty();
                        // Globals are given at the top.
                        let is_global = own.first().is_some_and(|key| key == "global");
                        let path = if is_global { "" } else { path };
                        if !own.is_empty() {
                            self.paths.insert(joined(path, &own));
                        }
                        self.absolute.insert(own);
                    }
                    None => drop(self.relative.insert(chain)),
                }
            }
        }
        self.relative.extend(texts.iter().map(|text| vec![text.clone()]));
        if has_all {
            self.looked_up.extend(texts);
        }
    }

    /// Whether some template has the value at that path, or a table above it that was not read.
    pub fn have(&self, path: &str, trace: &Trace) -> bool {
        let mut keys = steps(path);
        keys.retain(|key| !key.bytes().all(|byte| byte.is_ascii_digit()));
        let charts = keys.iter().take_while(|key| self.names.contains(*key)).count();
        (0..=charts.min(keys.len().saturating_sub(1)))
            .any(|from| self.have_below(&keys, from, trace))
    }

    /// The same in the chart whose values stand below the first keys.
    fn have_below(&self, keys: &[String], from: usize, trace: &Trace) -> bool {
        let own = &keys[from..];
        let is_read = |length: usize| {
            keys.get(..from + length).is_some_and(|keys| trace.reads.contains(&joined("", keys)))
        };
        let ends_relative =
            |from: usize| (from..own.len()).any(|at| self.relative.contains(&own[at..]));
        let leads_here = |chain: &Vec<String>| {
            let length = chain.len();
            chain.starts_with(own)
                || (length > 0
                    && own.starts_with(chain)
                    && (!is_read(length) || ends_relative(length)))
        };
        self.absolute.iter().any(leads_here) || own.iter().all(|key| self.looked_up.contains(key))
    }
}

fn joined(path: &str, keys: &[String]) -> String {
    keys.iter().fold(path.to_owned(), |path, key| below(&path, key.as_bytes()))
}

/// What stands between double braces, but for comments.
fn actions(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    let next = move || {
        let start = memchr::memmem::find(rest, b"{{")? + 2;
        let body = rest.get(start..)?;
        let end = memchr::memmem::find(body, b"}}").unwrap_or(body.len());
        rest = body.get(end..)?;
        body.get(..end)
    };
    let is_comment = |action: &&[u8]| {
        let words = action.strip_prefix(b"-").unwrap_or(action).trim_ascii_start();
        words.starts_with(b"/*")
    };
    std::iter::from_fn(next).filter(move |action| !is_comment(action))
}

/// The keys of a chain whose first dot has been taken off.
fn chain(rest: &mut &[u8]) -> Vec<String> {
    let mut keys = Vec::new();
    loop {
        let is_end = |byte: &u8| !(byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80);
        let length = rest.iter().position(is_end).unwrap_or(rest.len());
        let (key, more) = rest.split_at(length);
        if !key.is_empty() {
            keys.push(String::from_utf8_lossy(key).into_owned());
        }
        match more {
            [b'.', after @ ..] if !key.is_empty() => *rest = after,
            _ => {
                *rest = more;
                return keys;
            }
        }
    }
}
