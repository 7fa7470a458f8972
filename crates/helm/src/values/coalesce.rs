//! How the values given by the user, those of a chart and those of its sub-charts become one tree.
//!
//! Not here: which sub-charts are in use (see `dependency`). Follows Helm 4's
//! `pkg/chart/common/util/coalesce.go` to the letter, its sharing of tables included.

use gotmpl::value::SharedStr;

use super::show::{go_value, go_verb_t};
use super::work::Slot;
use super::{Plain, Table, Work};
use crate::chart::Chart;
use crate::log::{Level, Log};

/// Something else than a table stands where a sub-chart's values belong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("type mismatch on {name}: {shown}")]
pub struct TypeMismatch {
    name: String,
    /// The value as Go's `%t` prints it.
    shown: String,
}

/// Whether nulls are kept for a later round or take effect now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nulls {
    /// A null removes what it stands over.
    Remove,
    /// Nulls stay.
    Keep,
}

/// The values a chart renders with: `given` over its own, for it and its sub-charts. Nulls remove.
pub fn coalesce(chart: &Chart, given: &Table, log: &mut Log) -> Result<Work, TypeMismatch> {
    run(chart, given, Nulls::Remove, log)
}

/// The same with nulls kept, for values that will be coalesced once more.
pub fn merge(chart: &Chart, given: &Table, log: &mut Log) -> Result<Work, TypeMismatch> {
    run(chart, given, Nulls::Keep, log)
}

/// `over` over `below`, as `helm lint` merges given values with a chart's: nulls remove.
pub fn coalesce_tables(over: &Table, below: &Table) -> Table {
    let merged = Work::default();
    let mut unheard = Log::default();
    for table in [over, below] {
        tables(&merged, &from_table(table), &Path::ROOT, Nulls::Remove, &mut unheard);
    }
    merged.freeze()
}

fn run(chart: &Chart, given: &Table, nulls: Nulls, log: &mut Log) -> Result<Work, TypeMismatch> {
    let values = Work::thawed(given);
    chart_tree(chart, &values, &Path::ROOT, nulls, log)?;
    Ok(values)
}

fn chart_tree(
    chart: &Chart,
    values: &Work,
    above: &Path<'_>,
    nulls: Nulls,
    log: &mut Log,
) -> Result<(), TypeMismatch> {
    chart_values(chart, values, above, nulls, log);
    let path = above.to(chart.name().as_bytes());
    for sub in &chart.dependencies {
        let key = SharedStr::from(sub.name());
        match values.get(&key) {
            None => values.insert(key.clone(), Slot::Table(Work::default())),
            Some(slot) if !slot.is_table() => {
                let shown = go_verb_t(&slot.freeze());
                return Err(TypeMismatch { name: sub.name().to_owned(), shown });
            }
            Some(_) => {}
        }
        let Some(inner) = values.table(&key) else { continue };
        globals(&inner, values, &path, log);
        chart_tree(sub, &inner, &path, nulls, log)?;
    }
    Ok(())
}

/// Puts the globals of a chart's values over those of its sub-chart's.
fn globals(sub_values: &Work, values: &Work, above: &Path<'_>, log: &mut Log) {
    let key = SharedStr::from("global");
    let table_or_new = |of: &Work, place: &str, log: &mut Log| match of.get(&key) {
        None => Some(Work::default()),
        Some(_) => of.table(&key).or_else(|| {
            let text = format!("warning: skipping globals because {place} global is not a table.");
            log.add(Level::Info, text);
            None
        }),
    };
    let Some(inner) = table_or_new(sub_values, "destination", log) else { return };
    let Some(outer) = table_or_new(values, "source", log) else { return };
    for (name, slot) in outer.entries() {
        if let Some(table) = outer.table(&name) {
            // Only the top of the table is copied: what is deeper belongs to both charts.
            let copy = table.shallow_copy();
            match inner.get(&name) {
                None => inner.insert(name, Slot::Table(copy)),
                Some(_) => match inner.table(&name) {
                    None => {
                        let shown = strconv::quote(&name);
                        let text = format!(
                            "Conflict: cannot merge map onto non-map for {shown}. Skipping."
                        );
                        log.add(Level::Info, text);
                    }
                    Some(below) => {
                        let entries = below.entries();
                        tables(&copy, &entries, &above.to(&name), Nulls::Keep, log);
                        inner.insert(name, Slot::Table(copy));
                    }
                },
            }
        } else if inner.get(&name).is_some_and(|slot| slot.is_table()) {
            log.add(Level::Info, format!("key {} is table. Skipping", name.to_text()));
        } else {
            inner.insert(name, slot);
        }
    }
    sub_values.insert(key, Slot::Table(inner));
}

/// Puts a chart's default values below `values`.
fn chart_values(chart: &Chart, values: &Work, above: &Path<'_>, nulls: Nulls, log: &mut Log) {
    let path = above.to(chart.name().as_bytes());
    for (key, default) in chart.values.iter() {
        let Some(given) = values.get(key) else {
            if nulls == Nulls::Keep {
                values.insert(key.clone(), Slot::Frozen(default.clone()));
            } else if *default != Plain::Null {
                values.insert(key.clone(), Slot::Frozen(without_nulls(default)));
            }
            continue;
        };
        if given.is_nil() && nulls == Nulls::Remove {
            values.remove(key);
            continue;
        }
        let Some(over) = values.table(key) else { continue };
        let full = path.to(key);
        let Plain::Map(below) = default else {
            if *default != Plain::Null {
                log.add(Level::Info, format!("warning: skipped value for {full}: Not a table."));
            }
            continue;
        };
        // A sub-chart's values keep their nulls: they have their own round to come.
        let is_sub_chart = chart.dependencies.iter().any(|sub| sub.name().as_bytes() == &**key);
        let nulls = if is_sub_chart { Nulls::Keep } else { nulls };
        let below = if nulls == Nulls::Remove { below.without_nulls() } else { below.clone() };
        tables(&over, &from_table(&below), &full, nulls, log);
    }
}

fn without_nulls(value: &Plain) -> Plain {
    match value {
        Plain::Map(table) => Plain::Map(table.without_nulls()),
        other => other.clone(),
    }
}

fn from_table(table: &Table) -> Vec<(SharedStr, Slot)> {
    table.iter().map(|(key, value)| (key.clone(), Slot::Frozen(value.clone()))).collect()
}

/// Merges the entries `below` into `over`, which has the last word.
fn tables(over: &Work, below: &[(SharedStr, Slot)], above: &Path<'_>, nulls: Nulls, log: &mut Log) {
    for (key, default) in below {
        let Some(given) = over.get(key) else {
            over.insert(key.clone(), default.clone());
            continue;
        };
        if given.is_nil() {
            // The user takes back a default. A null over a null stays.
            if nulls == Nulls::Remove && !default.is_nil() {
                over.remove(key);
            }
            continue;
        }
        let full = above.to(key);
        let entries = match default {
            Slot::Table(work) => Some(work.entries()),
            Slot::Frozen(Plain::Map(table)) => Some(from_table(table)),
            Slot::Frozen(_) => None,
        };
        match (entries, over.table(key)) {
            (Some(entries), Some(given)) => tables(&given, &entries, &full, nulls, log),
            (_, given) => mismatch(&full, &default.freeze(), given.is_some(), log),
        }
    }
}

/// Tells of a default that cannot be merged, since only one of it and what stands over it is a table.
pub(super) fn mismatch(full: &Path<'_>, default: &Plain, is_over_table: bool, log: &mut Log) {
    let shown = || go_value(default);
    let text = match default {
        Plain::Map(_) => {
            format!("warning: cannot overwrite table with non table for {full} ({})", shown())
        }
        Plain::Null => return,
        _ if is_over_table => format!(
            "warning: destination for {full} is a table. Ignoring non-table value ({})",
            shown()
        ),
        _ => return,
    };
    log.add(Level::Info, text);
}

/// Where a value stands: written only when there is something to say of it.
pub(super) struct Path<'p> {
    above: Option<&'p Path<'p>>,
    name: &'p [u8],
}

impl<'p> Path<'p> {
    pub(super) const ROOT: Path<'static> = Path { above: None, name: b"" };

    pub(super) fn to(&'p self, name: &'p [u8]) -> Self {
        Self { above: Some(self), name }
    }
}

impl std::fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(above) = self.above.filter(|above| above.above.is_some()) {
            write!(f, "{above}.")?;
        }
        f.write_str(&String::from_utf8_lossy(self.name))
    }
}
