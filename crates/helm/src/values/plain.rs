//! Frozen values: what renders share. Immutable, `Send + Sync`, cheap to clone.
//!
//! Not here: merging (see `coalesce`) and the values templates see (see `thaw`).

use std::sync::Arc;

use gotmpl::value::SharedStr;

/// A frozen value, of the kinds that YAML and `--set` can give.
#[derive(Clone, Debug, PartialEq)]
pub enum Plain {
    /// Go's nil.
    Null,
    /// `bool`.
    Bool(bool),
    /// `int64`: from `--set`, or a number of Chart.yaml before it is decoded.
    Int(i64),
    /// `float64`: every number of a values file.
    Float(f64),
    /// `string`.
    Str(SharedStr),
    /// `[]interface {}`.
    List(Arc<[Plain]>),
    /// `map[string]interface {}`.
    Map(Table),
}

/// A frozen map in key order.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Table(Arc<Inner>);

#[derive(Debug, PartialEq, Default)]
struct Inner {
    entries: Vec<(SharedStr, Plain)>,
    /// Whether a null hides somewhere in the maps below: coalescing asks this of every table.
    has_nulls: bool,
}

impl Table {
    /// A table of those entries. Where a key comes twice the last one counts, as in Go.
    pub fn new(mut entries: Vec<(SharedStr, Plain)>) -> Self {
        if !entries.is_sorted_by(|a, b| a.0 < b.0) {
            // The sort is stable, so after reversal the first of equal keys is the last given.
            entries.reverse();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            entries.dedup_by(|a, b| a.0 == b.0);
        }
        let has_nulls = entries.iter().any(|(_, value)| match value {
            Plain::Null => true,
            Plain::Map(table) => table.has_nulls(),
            _ => false,
        });
        Self(Arc::new(Inner { entries, has_nulls }))
    }

    /// The value at `key`.
    pub fn get(&self, key: &[u8]) -> Option<&Plain> {
        let entries = &self.0.entries;
        let at = entries.binary_search_by(|(k, _)| k.as_bytes().cmp(key)).ok()?;
        entries.get(at).map(|(_, value)| value)
    }

    /// The entries in key order.
    pub fn iter(&self) -> std::slice::Iter<'_, (SharedStr, Plain)> {
        self.0.entries.iter()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.entries.is_empty()
    }

    /// Whether a null hides in this table or in the tables below it (lists are not looked into).
    pub fn has_nulls(&self) -> bool {
        self.0.has_nulls
    }

    /// The same table without nulls, in the tables below too.
    #[must_use]
    pub fn without_nulls(&self) -> Self {
        if !self.has_nulls() {
            return self.clone();
        }
        let kept = self.iter().filter_map(|(key, value)| match value {
            Plain::Null => None,
            Plain::Map(table) => Some((key.clone(), Plain::Map(table.without_nulls()))),
            other => Some((key.clone(), other.clone())),
        });
        Self::new(kept.collect())
    }

    /// Both tables in one; where a key is in both, `over` counts, and tables are merged likewise.
    /// Helm merges documents and `-f` files so.
    #[must_use]
    pub fn merged_with(&self, over: &Self) -> Self {
        if self.is_empty() {
            return over.clone();
        }
        let mut entries: std::collections::BTreeMap<SharedStr, Plain> =
            self.iter().cloned().collect();
        for (key, value) in over.iter() {
            let merged = match (entries.get(key), value) {
                (Some(Plain::Map(below)), Plain::Map(above)) => {
                    Plain::Map(below.merged_with(above))
                }
                _ => value.clone(),
            };
            entries.insert(key.clone(), merged);
        }
        Self::new(entries.into_iter().collect())
    }

    /// The table at a dotted path, as Helm's `Values.Table` looks it up. The error is the name
    /// that is not a table.
    pub fn table_at(&self, path: &str) -> Result<Self, NoTable> {
        let mut table = self;
        for name in path.split('.') {
            match table.get(name.as_bytes()) {
                Some(Plain::Map(below)) => table = below,
                _ => return Err(NoTable(name.to_owned())),
            }
        }
        Ok(table.clone())
    }

    /// The value at a dotted path when it is there and not a table, as Helm's `PathValue`.
    pub fn value_at(&self, path: &str) -> Option<&Plain> {
        let (above, last) = match path.rsplit_once('.') {
            Some((above, last)) => (Some(above), last),
            None => (None, path),
        };
        let mut table = self;
        for name in above.into_iter().flat_map(|above| above.split('.')) {
            match table.get(name.as_bytes()) {
                Some(Plain::Map(below)) => table = below,
                _ => return None,
            }
        }
        table.get(last.as_bytes()).filter(|value| !matches!(value, Plain::Map(_)))
    }
}

/// A name on a path is not a table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} is not a table", strconv::quote(.0.as_bytes()))]
pub struct NoTable(pub String);

impl<'t> IntoIterator for &'t Table {
    type Item = &'t (SharedStr, Plain);
    type IntoIter = std::slice::Iter<'t, (SharedStr, Plain)>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl FromIterator<(SharedStr, Plain)> for Table {
    fn from_iter<I: IntoIterator<Item = (SharedStr, Plain)>>(entries: I) -> Self {
        Self::new(entries.into_iter().collect())
    }
}

impl From<&str> for Plain {
    fn from(text: &str) -> Self {
        Self::Str(text.into())
    }
}

impl Plain {
    /// The kind's name in JSON, as Go's decoder words its errors.
    pub fn json_kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) | Self::Float(_) => "number",
            Self::Str(_) => "string",
            Self::List(_) => "array",
            Self::Map(_) => "object",
        }
    }

    /// The same value with every number a `float64`, which JSON makes of it.
    #[must_use]
    pub fn with_floats(self) -> Self {
        match self {
            Self::Int(n) => Self::Float(n as f64),
            Self::List(items) => Self::List(items.iter().cloned().map(Self::with_floats).collect()),
            Self::Map(table) => {
                Self::Map(table.iter().map(|(k, v)| (k.clone(), v.clone().with_floats())).collect())
            }
            other => other,
        }
    }
}
