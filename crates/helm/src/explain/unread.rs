//! Values that are given and that no template reads: most often a typo.

use super::elsewhere::is_elsewhere;
use super::mentions::Mentions;
use super::record::{Trace, below};
use crate::chart::Chart;
use crate::values::{Plain, Table};

/// A given value that nothing reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Its path.
    pub path: String,
    /// A path that is read, or that a template mentions, and that looks like it.
    pub meant: Option<String>,
    /// Whether a template mentions it all the same: with other values it may be read.
    pub is_mentioned: bool,
}

/// A value that templates read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// Its path; empty for all of `.Values`.
    pub path: String,
    /// Whether it is a table or list that was used as a whole.
    pub is_whole: bool,
}

/// The values that templates read, by path, without the tables that were only a way to others.
pub fn reads(trace: &Trace) -> Vec<Read> {
    let leads_on = |path: &String| leads_on(trace, path, '.') || leads_on(trace, path, '[');
    let all = trace.reads.union(&trace.wholes);
    let wanted = all.filter(|path| !is_elsewhere(path));
    let is_read = |path: &String| !path.is_empty() && !leads_on(path);
    let wanted = wanted.filter(|path| trace.wholes.contains(*path) || is_read(path));
    wanted.map(|path| Read { path: path.clone(), is_whole: trace.wholes.contains(path) }).collect()
}

/// The given values that nothing reads, by path; those that no template mentions come first.
/// `settled` is the chart without the sub-charts that are switched off; values for those are left out.
pub fn unread(given: &Table, trace: &Trace, chart: &Chart, settled: &Chart) -> Vec<Unread> {
    let mut leaves = Vec::new();
    collect(given, "", trace, &mut leaves);
    let mut charts = Vec::new();
    crate::engine::value_paths(settled, "", &mut charts);
    let is_global_used = charts.iter().any(|path| trace.wholes.contains(path));
    let is_quiet = |path: &String| {
        is_read(trace, path)
            || decides(chart, settled, path)
            || (is_global_used && path.starts_with("global."))
    };
    leaves.retain(|path| !is_quiet(path));
    if leaves.is_empty() {
        return Vec::new();
    }
    let mentions = Mentions::of(chart);
    let tell = |path: String| {
        let is_mentioned = mentions.have(&path, trace);
        let meant = if is_mentioned { None } else { nearest(trace, &mentions, &path) };
        Unread { path, meant, is_mentioned }
    };
    let mut found: Vec<Unread> = leaves.into_iter().map(tell).collect();
    found.sort_by_key(|unread| unread.is_mentioned);
    found
}

fn collect(table: &Table, path: &str, trace: &Trace, leaves: &mut Vec<String>) {
    for (key, value) in table.iter() {
        collect_value(value, below(path, key), trace, leaves);
    }
}

/// A list counts as one value unless templates come to its elements.
fn collect_value(value: &Plain, path: String, trace: &Trace, leaves: &mut Vec<String>) {
    match value {
        Plain::Map(inner) if !inner.is_empty() => collect(inner, &path, trace, leaves),
        Plain::List(items) if leads_on(trace, &path, '[') => {
            for (index, item) in items.iter().enumerate() {
                collect_value(item, format!("{path}[{index}]"), trace, leaves);
            }
        }
        _ => leaves.push(path),
    }
}

/// Whether something below the path is read.
fn leads_on(trace: &Trace, path: &str, mark: char) -> bool {
    let start = format!("{path}{mark}");
    trace.reads.range(start.clone()..).next().is_some_and(|read| read.starts_with(&start))
}

/// Whether the path, or a table above it as a whole, was used; `global` counts wherever it is read.
fn is_read(trace: &Trace, path: &str) -> bool {
    let known = |path: &str| {
        trace.reads.contains(path)
            || trace.wholes.iter().any(|whole| {
                path == whole
                    || whole.is_empty()
                    || path.strip_prefix(whole).is_some_and(|rest| rest.starts_with(['.', '[']))
            })
    };
    let below_global = |read: &String| {
        read.split_once("global.").is_some_and(|(above, rest)| {
            (above.is_empty() || above.ends_with('.')) && path == format!("global.{rest}")
        })
    };
    known(path)
        || (path.starts_with("global.")
            && trace.reads.iter().chain(&trace.wholes).any(below_global))
}

/// Whether the value switches a sub-chart on or off, or belongs to one.
fn decides(chart: &Chart, settled: &Chart, path: &str) -> bool {
    chart.metadata.dependencies().any(|dependency| {
        let name = if dependency.alias.is_empty() { &dependency.name } else { &dependency.alias };
        let is_off = !settled.dependencies.iter().any(|sub| sub.name() == name);
        dependency.condition.split(',').any(|condition| condition.trim() == path)
            || dependency.tags.iter().any(|tag| path == format!("tags.{tag}"))
            || (is_off && path.strip_prefix(name.as_str()).is_some_and(|r| r.starts_with('.')))
    })
}

/// The path, read or at least mentioned, with the fewest differing letters, when they are few; in
/// lists, of the same element.
fn nearest(trace: &Trace, mentions: &Mentions, path: &str) -> Option<String> {
    let bound = 1 + path.len() / 6;
    let element = |path: &str| path.rfind(']').map(|end| path[..end].to_owned());
    let own = element(path);
    let near = |read: &&String| read.len().abs_diff(path.len()) <= bound && element(read) == own;
    let scored = trace.reads.iter().chain(mentions.paths()).filter(near);
    let scored = scored.map(|read| (distance(read, path), read));
    scored.filter(|(score, _)| *score <= bound).min().map(|(_, read)| read.clone())
}

/// How many letters must be replaced, put in, left out or swapped with their neighbours, in bytes.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let first: Vec<usize> = (0..=b.len()).collect();
    let (mut older, mut old) = (first.clone(), first);
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let replaced = old[j] + usize::from(x != y);
            let mut cost = replaced.min(old[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i - 1] == *y && b[j - 1] == *x {
                cost = cost.min(older[j - 1] + 1);
            }
            row.push(cost);
        }
        older = std::mem::replace(&mut old, row);
    }
    old.last().copied().unwrap_or_default()
}
