//! Merging of tables that stand at several places at once, as those that charts import do in Helm,
//! whose maps are shared: what is put into such a table stands wherever the table does.
//!
//! Not here: coalescing, which begins with trees (see `coalesce`).

use super::coalesce::{Path, mismatch};
use super::work::Slot;
use super::{Plain, Table, Work};
use crate::log::Log;

/// Imported tables of which there would be no end. Helm's stack overflows on those that stand in
/// themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "imported values stand in themselves, or are more than {MAX_ENTRIES} entries or {MAX_DEPTH} \
     tables deep"
)]
pub struct Endless;

/// A table that stands twice in one that stands twice in another … doubles with each step: more
/// entries than these nobody means.
const MAX_ENTRIES: usize = 1_000_000;
/// Files of values are a thousand deep at most, and a big stack has room for more.
const MAX_DEPTH: usize = 4_000;

/// The merging of tables for one chart, which is bounded as a whole.
pub struct Sharing<'l> {
    entries_left: usize,
    /// Takes what Helm says of tables that meet something else.
    pub log: &'l mut Log,
}

impl<'l> Sharing<'l> {
    /// The bound is whole.
    pub fn new(log: &'l mut Log) -> Self {
        Self { entries_left: MAX_ENTRIES, log }
    }

    /// Merges `below` into `over`, which has the last word, and which shares from then on the tables
    /// that it did not have. Nulls are kept, and those of `over` come to stand in `below` too, as
    /// `coalesceTablesFullKey` in Helm's `pkg/chart/common/util/coalesce.go` puts them there.
    pub fn merge(&mut self, over: &Work, below: &Work) -> Result<(), Endless> {
        self.tables(over, below, &Path::ROOT, 0)
    }

    /// Merges a table into `over` at a dotted path; "." is no path.
    pub fn merge_at(&mut self, path: &str, over: &Work, below: Work) -> Result<(), Endless> {
        if path == "." {
            return self.merge(over, &below);
        }
        if path.split('.').nth(MAX_DEPTH).is_some() {
            return Err(Endless);
        }
        let under = path.rsplit('.').fold(below, |inner, name| {
            let outer = Work::default();
            outer.insert(name.into(), Slot::Table(inner));
            outer
        });
        self.merge(over, &under)
    }

    /// The same values, frozen: what was shared is copied.
    pub fn copy(&mut self, of: &Work) -> Result<Table, Endless> {
        self.frozen(of, 0)
    }

    fn tables(
        &mut self,
        over: &Work,
        below: &Work,
        above: &Path<'_>,
        depth: usize,
    ) -> Result<(), Endless> {
        for (key, _) in over.entries().into_iter().filter(|(_, slot)| slot.is_nil()) {
            below.insert(key, Slot::Frozen(Plain::Null));
        }
        let keys = below.keys();
        self.spend(keys.len(), depth)?;
        for key in keys {
            let table = below.table(&key);
            let Some(default) = table.clone().map(Slot::Table).or_else(|| below.get(&key)) else {
                continue;
            };
            let Some(given) = over.get(&key) else {
                over.insert(key, default);
                continue;
            };
            let full = above.to(&key);
            match (table, over.table(&key)) {
                _ if given.is_nil() => {}
                (Some(table), Some(given)) => self.tables(&given, &table, &full, depth + 1)?,
                (Some(table), None) => {
                    let shown = Plain::Map(self.frozen(&table, depth + 1)?);
                    mismatch(&full, &shown, false, self.log);
                }
                (None, given) => mismatch(&full, &default.freeze(), given.is_some(), self.log),
            }
        }
        Ok(())
    }

    fn frozen(&mut self, of: &Work, depth: usize) -> Result<Table, Endless> {
        let entries = of.entries();
        self.spend(entries.len(), depth)?;
        let frozen = entries.into_iter().map(|(key, slot)| {
            let value = match slot {
                Slot::Frozen(value) => value,
                Slot::Table(table) => Plain::Map(self.frozen(&table, depth + 1)?),
            };
            Ok((key, value))
        });
        frozen.collect()
    }

    fn spend(&mut self, entries: usize, depth: usize) -> Result<(), Endless> {
        // An empty table is something too.
        self.entries_left = self.entries_left.checked_sub(entries + 1).ok_or(Endless)?;
        if depth > MAX_DEPTH { Err(Endless) } else { Ok(()) }
    }
}
