//! Conditions, tags and aliases: the sub-charts that remain and their names.

use std::sync::Arc;

use crate::chart::{Chart, Dependency, Metadata};
use crate::log::{Level, Log};
use crate::values::{self, Plain, Table};

use super::{Unfit, is_compatible};

/// Where a chart stands.
pub(super) struct Place {
    /// Where its values are in the given ones, with a dot at its end.
    values: String,
    /// Its path, under aliases.
    path: String,
    /// The path of what it was made of.
    loaded: String,
    origin: Origin,
}

/// What Helm, whose charts know their parents, made of a chart before it came to be processed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// Nothing: it is the chart that was loaded.
    Loaded,
    /// A copy for an entry of Chart.yaml, whose sub-charts are copied too and know it for their parent.
    Entry,
    /// A copy as a sub-chart of such a one: its own sub-charts still know the chart that was loaded.
    Copied,
}

impl Place {
    pub(super) fn of_root(chart: &Chart) -> Self {
        let path = chart.name().to_owned();
        Self { values: String::new(), loaded: path.clone(), path, origin: Origin::Loaded }
    }

    fn below(&self, sub: &Sub) -> Self {
        let name = sub.chart.name();
        let path = format!("{}/charts/{name}", self.path);
        let (origin, loaded) = match &sub.entry_for {
            Some(loaded) => (Origin::Entry, format!("{}/charts/{loaded}", self.loaded)),
            None if self.origin == Origin::Entry => {
                (Origin::Copied, format!("{}/charts/{name}", self.loaded))
            }
            None => (Origin::Loaded, path.clone()),
        };
        Self { values: format!("{}{name}.", self.values), path, loaded, origin }
    }

    /// A chart that has no entries and so is not processed. Those below that still have what was loaded
    /// for their parents keep the paths that they had there.
    fn unprocessed(&self, chart: &Arc<Chart>) -> Arc<Chart> {
        if self.path == self.loaded || chart.dependencies.is_empty() {
            return Arc::clone(chart);
        }
        let kept = |sub: &Arc<Chart>| match self.origin {
            Origin::Loaded => Arc::clone(sub),
            Origin::Entry => with_subs(sub, |below| at_home(below, &sub.path_below(&self.loaded))),
            Origin::Copied => at_home(sub, &self.loaded),
        };
        with_subs(chart, kept)
    }
}

fn with_subs(chart: &Chart, make: impl Fn(&Arc<Chart>) -> Arc<Chart>) -> Arc<Chart> {
    let dependencies = chart.dependencies.iter().map(make).collect();
    Arc::new(Chart { dependencies, ..chart.clone() })
}

fn at_home(chart: &Chart, parent: &str) -> Arc<Chart> {
    Arc::new(Chart { home: Some(chart.path_below(parent).into()), ..chart.clone() })
}

/// The chart without the sub-charts that `given` switches off, with aliases for names. Nothing of
/// `given` but what is added to `switches` makes a difference.
pub(super) fn enabled(
    chart: &Arc<Chart>,
    given: &Table,
    place: &Place,
    switches: &mut Vec<bool>,
    log: &mut Log,
) -> Result<Arc<Chart>, Unfit> {
    if chart.metadata.dependencies.is_none() {
        return Ok(place.unprocessed(chart));
    }
    let mut chart = Chart::clone(chart);
    let mut metadata = Metadata::clone(&chart.metadata);
    let subs = wanted(&chart.dependencies, &metadata);
    chart.dependencies = subs.iter().map(|sub| Arc::clone(&sub.chart)).collect();
    let mut entries: Vec<Dependency> =
        metadata.dependencies.take().into_iter().flatten().flatten().collect();
    for entry in &mut entries {
        if !entry.alias.is_empty() {
            entry.name.clone_from(&entry.alias);
        }
        entry.enabled = true;
    }
    let all = values::coalesce(&chart, given, log)?.freeze();
    apply_tags(&mut entries, &all, log);
    apply_conditions(&mut entries, &all, &place.values, log);

    switches.extend(entries.iter().map(|entry| entry.enabled));
    let off: Vec<String> =
        entries.iter().filter(|entry| !entry.enabled).map(|entry| entry.name.clone()).collect();
    let is_on = |name: &str| !off.iter().any(|other| other == name);
    entries.retain(|entry| is_on(&entry.name));
    let mut remaining = Vec::new();
    for sub in subs.iter().filter(|sub| is_on(sub.chart.name())) {
        remaining.push(enabled(&sub.chart, &all, &place.below(sub), switches, log)?);
    }
    chart.dependencies = remaining;
    // Helm ends with no list at all where nothing is left.
    metadata.dependencies = (!entries.is_empty()).then(|| entries.into_iter().map(Some).collect());
    chart.metadata = Arc::new(metadata);
    Ok(Arc::new(chart))
}

/// A sub-chart under its alias.
struct Sub {
    chart: Arc<Chart>,
    /// For one that Chart.yaml speaks of: its name before.
    entry_for: Option<String>,
}

/// The sub-charts that Chart.yaml does not speak of, then those it wants in its order, under their
/// aliases.
fn wanted(present: &[Arc<Chart>], metadata: &Metadata) -> Vec<Sub> {
    let is_for = |entry: &Dependency, sub: &Chart| {
        sub.name() == entry.name && is_compatible(&entry.version, &sub.metadata.version)
    };
    let unspoken = |sub: &&Arc<Chart>| !metadata.dependencies().any(|entry| is_for(entry, sub));
    let unspoken = present.iter().filter(unspoken);
    let mut charts: Vec<Sub> =
        unspoken.map(|sub| Sub { chart: Arc::clone(sub), entry_for: None }).collect();
    for entry in metadata.dependencies() {
        let Some(found) = present.iter().find(|sub| is_for(entry, sub)) else { continue };
        let chart =
            if entry.alias.is_empty() { Arc::clone(found) } else { renamed(found, &entry.alias) };
        charts.push(Sub { chart, entry_for: Some(found.name().to_owned()) });
    }
    charts
}

fn renamed(chart: &Chart, alias: &str) -> Arc<Chart> {
    let mut metadata = Metadata::clone(&chart.metadata);
    alias.clone_into(&mut metadata.name);
    Arc::new(Chart { metadata: Arc::new(metadata), ..chart.clone() })
}

/// A dependency with tags is on unless one of them is false and none is true.
fn apply_tags(entries: &mut [Dependency], values: &Table, log: &mut Log) {
    let Ok(tags) = values.table_at("tags") else { return };
    for entry in entries {
        let (mut any_true, mut any_false) = (false, false);
        for tag in &entry.tags {
            match tags.get(tag.as_bytes()) {
                None => {}
                Some(Plain::Bool(true)) => any_true = true,
                Some(Plain::Bool(false)) => any_false = true,
                Some(_) => warn_non_bool(log, "tag", tag, &entry.name),
            }
        }
        entry.enabled = any_true || !any_false;
    }
}

/// The first path of a condition that leads to a boolean decides, over the tags.
fn apply_conditions(entries: &mut [Dependency], values: &Table, path: &str, log: &mut Log) {
    for entry in entries {
        for condition in entry.condition.trim().split(',').filter(|part| !part.is_empty()) {
            match values.value_at(&format!("{path}{condition}")) {
                None => {}
                Some(Plain::Bool(flag)) => {
                    entry.enabled = *flag;
                    break;
                }
                Some(_) => warn_non_bool(log, "path", condition, &entry.name),
            }
        }
    }
}

fn warn_non_bool(log: &mut Log, kind: &'static str, place: &str, chart: &str) {
    let details = vec![(kind, place.to_owned()), ("chart", chart.to_owned())];
    log.add_with(Level::Warn, "returned non-bool value", details);
}
