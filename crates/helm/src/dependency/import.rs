//! `import-values`: what a chart takes over from its sub-charts' values into its own.

use std::sync::Arc;

use crate::chart::{Chart, Dependency, Metadata};
use crate::log::{Level, Log};
use crate::values::{self, NoTable, Plain, Table, TypeMismatch, Work, go_value};

/// The chart with imported values in its own, and so for its sub-charts, innermost first.
pub(super) fn imported(chart: &Arc<Chart>, log: &mut Log) -> Result<Arc<Chart>, TypeMismatch> {
    let subs: Vec<Arc<Chart>> =
        chart.dependencies.iter().map(|sub| imported(sub, log)).collect::<Result<_, _>>()?;
    let Some(entries) = &chart.metadata.dependencies else {
        if subs.iter().zip(&chart.dependencies).all(|(new, old)| Arc::ptr_eq(new, old)) {
            return Ok(Arc::clone(chart));
        }
        return Ok(Arc::new(Chart { dependencies: subs, ..Chart::clone(chart) }));
    };
    let mut chart = Chart { dependencies: subs, ..Chart::clone(chart) };
    // The chart's values become its own with those of all its sub-charts in them: so does Helm.
    let own = values::merge(&chart, &Table::default(), log)?;
    if entries.iter().flatten().all(|entry| entry.import_values.is_empty()) {
        chart.values = own.freeze();
        return Ok(Arc::new(chart));
    }
    let additions = Work::default();
    let mut entries = entries.clone();
    let source = Source { can_share: own.is_tree() && are_apart(&wished(&entries)), values: &own };
    for entry in entries.iter_mut().flatten() {
        import_from(entry, &source, &additions, log);
    }
    // By now what was imported later may stand in the sub-chart's table that came first.
    let own = Work::thawed(&own.freeze());
    values::merge_tables(&own, &additions.freeze(), log);
    chart.values = own.freeze();
    let metadata = Metadata { dependencies: Some(entries), ..Metadata::clone(&chart.metadata) };
    chart.metadata = Arc::new(metadata);
    Ok(Arc::new(chart))
}

/// The values that charts import from.
struct Source<'v> {
    values: &'v Work,
    /// Whether tables that are imported may be shared, as they are in Helm. Where one is a part of
    /// another, by its path or because charts share what is deep in `global`, it could come to stand in
    /// itself (on which Helm's stack ends). From parts of a tree that are apart, what comes later is put
    /// into what came before, never the other way round.
    can_share: bool,
}

impl Source<'_> {
    fn table(&self, of: &str, path: &str) -> Result<Work, NoTable> {
        let found = self.values.table_at(&format!("{of}.{path}"))?;
        Ok(if self.can_share { found } else { Work::thawed(&found.freeze()) })
    }
}

/// The paths of all tables that are imported.
fn wished(entries: &[Option<Dependency>]) -> Vec<String> {
    let of_entry = |entry: &Dependency| {
        let paths = entry.import_values.iter().filter_map(path_and_place);
        paths.map(|(child, _)| format!("{}.{child}.", entry.name)).collect::<Vec<_>>()
    };
    entries.iter().flatten().flat_map(of_entry).collect()
}

/// Whether none of the paths, which end with a dot, begins with another.
fn are_apart(paths: &[String]) -> bool {
    let mut sorted: Vec<&String> = paths.iter().collect();
    sorted.sort();
    sorted.windows(2).all(|two| !two[1].starts_with(two[0].as_str()))
}

/// What a wish takes from the sub-chart, and the place where it puts that.
fn path_and_place(wish: &Plain) -> Option<(String, String)> {
    match wish {
        Plain::Map(wish) => {
            let text = |key: &str| go_value(wish.get(key.as_bytes()).unwrap_or(&Plain::Null));
            Some((text("child"), text("parent")))
        }
        Plain::Str(name) => Some((format!("exports.{}", name.to_text()), ".".to_owned())),
        _ => None,
    }
}

/// Adds what one dependency's entry imports. Both forms end as pairs, which templates can see.
fn import_from(entry: &mut Dependency, source: &Source<'_>, additions: &Work, log: &mut Log) {
    let mut pairs = Vec::new();
    for wish in std::mem::take(&mut entry.import_values) {
        let Some((child, parent)) = path_and_place(&wish) else { continue };
        match source.table(&entry.name, &child) {
            Ok(table) => values::merge_shared(additions, &table.under(&parent), log),
            Err(missing) => {
                let chart = matches!(wish, Plain::Map(_)).then_some(entry.name.as_str());
                warn_missing(chart, &missing, log);
            }
        }
        let entries = [("child", child.as_str()), ("parent", parent.as_str())];
        let entries = entries.into_iter().map(|(key, value)| (key.into(), value.into()));
        pairs.push(Plain::Map(entries.collect()));
    }
    entry.import_values = pairs;
}

fn warn_missing(chart: Option<&str>, missing: &NoTable, log: &mut Log) {
    let error = ("error", missing.to_string());
    match chart {
        Some(chart) => log.add_with(
            Level::Warn,
            "ImportValues missing table from chart",
            vec![("chart", chart.to_owned()), error],
        ),
        None => log.add_with(Level::Warn, "ImportValues missing table", vec![error]),
    }
}
