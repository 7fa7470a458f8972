//! `import-values`: what a chart takes over from its sub-charts' values into its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use gotmpl::value::SharedStr;

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
    let seen = own.freeze();
    let additions = Work::default();
    let mut entries = entries.clone();
    for entry in entries.iter_mut().flatten() {
        import_from(entry, &seen, &additions, log);
    }
    values::merge_tables(&own, &additions.freeze(), log);
    chart.values = own.freeze();
    let metadata = Metadata { dependencies: Some(entries), ..Metadata::clone(&chart.metadata) };
    chart.metadata = Arc::new(metadata);
    Ok(Arc::new(chart))
}

/// Adds what one dependency's entry imports. Both forms end as pairs, which templates can see.
fn import_from(entry: &mut Dependency, seen: &Table, additions: &Work, log: &mut Log) {
    let mut pairs = Vec::new();
    for wish in std::mem::take(&mut entry.import_values) {
        match wish {
            Plain::Map(wish) => {
                let text = |key: &str| go_value(wish.get(key.as_bytes()).unwrap_or(&Plain::Null));
                let (child, parent) = (text("child"), text("parent"));
                match seen.table_at(&format!("{}.{child}", entry.name)) {
                    Ok(table) => {
                        values::merge_tables(additions, &below(&parent, table), log);
                    }
                    Err(missing) => warn_missing(Some(&entry.name), &missing, log),
                }
                pairs.push(pair(&child, &parent));
            }
            Plain::Str(wish) => {
                let child = format!("exports.{}", wish.to_text());
                match seen.table_at(&format!("{}.{child}", entry.name)) {
                    Ok(table) => values::merge_tables(additions, &table, log),
                    Err(missing) => warn_missing(None, &missing, log),
                }
                pairs.push(pair(&child, "."));
            }
            _ => {}
        }
    }
    entry.import_values = pairs;
}

fn pair(child: &str, parent: &str) -> Plain {
    let entries = [("child", child), ("parent", parent)];
    Plain::Map(entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
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

/// The table under a dotted path of tables; "." is no path.
fn below(path: &str, table: Table) -> Table {
    if path == "." {
        return table;
    }
    path.rsplit('.').fold(table, |inner, name| {
        let entries: BTreeMap<SharedStr, Plain> =
            [(SharedStr::from(name), Plain::Map(inner))].into();
        entries.into_iter().collect()
    })
}
