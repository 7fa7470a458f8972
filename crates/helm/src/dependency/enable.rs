//! Conditions, tags and aliases: the sub-charts that remain and their names.

use std::sync::Arc;

use crate::chart::{Chart, Dependency, Metadata};
use crate::log::{Level, Log};
use crate::values::{self, Plain, Table};

use super::{Unfit, is_compatible};

/// The chart without the sub-charts that `given` switches off, with aliases for names. `path` is
/// where the chart's own values stand in `given`, with a dot at its end. Nothing of `given` but what
/// is added to `switches` makes a difference.
pub(super) fn enabled(
    chart: &Arc<Chart>,
    given: &Table,
    path: &str,
    switches: &mut Vec<bool>,
    log: &mut Log,
) -> Result<Arc<Chart>, Unfit> {
    if chart.metadata.dependencies.is_none() {
        return Ok(Arc::clone(chart));
    }
    let mut chart = Chart::clone(chart);
    let mut metadata = Metadata::clone(&chart.metadata);
    chart.dependencies = wanted(&chart.dependencies, &metadata);
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
    apply_conditions(&mut entries, &all, path, log);

    switches.extend(entries.iter().map(|entry| entry.enabled));
    let off: Vec<String> =
        entries.iter().filter(|entry| !entry.enabled).map(|entry| entry.name.clone()).collect();
    let is_on = |name: &str| !off.iter().any(|other| other == name);
    entries.retain(|entry| is_on(&entry.name));
    let mut remaining = Vec::new();
    for sub in chart.dependencies.iter().filter(|sub| is_on(sub.name())) {
        let below = format!("{path}{}.", sub.name());
        remaining.push(enabled(sub, &all, &below, switches, log)?);
    }
    chart.dependencies = remaining;
    // Helm ends with no list at all where nothing is left.
    metadata.dependencies = (!entries.is_empty()).then(|| entries.into_iter().map(Some).collect());
    chart.metadata = Arc::new(metadata);
    Ok(Arc::new(chart))
}

/// The sub-charts that Chart.yaml does not speak of, then those it wants in its order, under their
/// aliases.
fn wanted(present: &[Arc<Chart>], metadata: &Metadata) -> Vec<Arc<Chart>> {
    let is_for = |entry: &Dependency, sub: &Chart| {
        sub.name() == entry.name && is_compatible(&entry.version, &sub.metadata.version)
    };
    let unspoken = |sub: &&Arc<Chart>| !metadata.dependencies().any(|entry| is_for(entry, sub));
    let mut charts: Vec<Arc<Chart>> = present.iter().filter(unspoken).cloned().collect();
    for entry in metadata.dependencies() {
        let Some(found) = present.iter().find(|sub| is_for(entry, sub)) else { continue };
        charts.push(if entry.alias.is_empty() {
            Arc::clone(found)
        } else {
            renamed(found, &entry.alias)
        });
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
