//! `import-values`: what a chart takes over from its sub-charts' values into its own.

use std::sync::Arc;

use crate::chart::{Chart, Dependency, Metadata};
use crate::log::{Level, Log};
use crate::values::{self, Endless, NoTable, Plain, Sharing, Table, Work, go_value};

use super::Unfit;

/// The chart with imported values in its own, and so for its sub-charts, innermost first.
pub(super) fn imported(chart: &Arc<Chart>, log: &mut Log) -> Result<Arc<Chart>, Unfit> {
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
    let mut entries = entries.clone();
    let additions = Work::default();
    let merged = with_imports(&own, &additions, &mut entries, log);
    chart.values = merged.inspect_err(|_| [own, additions].iter().for_each(Work::dissolve))?;
    let metadata = Metadata { dependencies: Some(entries), ..Metadata::clone(&chart.metadata) };
    chart.metadata = Arc::new(metadata);
    Ok(Arc::new(chart))
}

/// The values `own` with what the entries import below them. Imported tables stand in `additions` and
/// in `own` at once, so that what is imported later to the same place comes to stand in both.
fn with_imports(
    own: &Work,
    additions: &Work,
    entries: &mut [Option<Dependency>],
    log: &mut Log,
) -> Result<Table, Endless> {
    let mut sharing = Sharing::new(log);
    for entry in entries.iter_mut().flatten() {
        import_from(entry, own, additions, &mut sharing)?;
    }
    let own = Work::thawed(&sharing.copy(own)?);
    sharing.merge(&own, additions)?;
    sharing.copy(&own)
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
fn import_from(
    entry: &mut Dependency,
    own: &Work,
    additions: &Work,
    sharing: &mut Sharing<'_>,
) -> Result<(), Endless> {
    let mut pairs = Vec::new();
    for wish in std::mem::take(&mut entry.import_values) {
        let Some((child, parent)) = path_and_place(&wish) else { continue };
        match own.table_at(&format!("{}.{child}", entry.name)) {
            Ok(table) => {
                // Helm makes a new table for one that is empty.
                let table = if table.is_empty() { Work::default() } else { table };
                sharing.merge_at(&parent, additions, table)?;
            }
            Err(missing) => {
                let chart = matches!(wish, Plain::Map(_)).then_some(entry.name.as_str());
                warn_missing(chart, &missing, sharing.log);
            }
        }
        let entries = [("child", child.as_str()), ("parent", parent.as_str())];
        let entries = entries.into_iter().map(|(key, value)| (key.into(), value.into()));
        pairs.push(Plain::Map(entries.collect()));
    }
    entry.import_values = pairs;
    Ok(())
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
