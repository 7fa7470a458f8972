//! Which sub-charts are in use, under which names, and what their parents import from them.
//!
//! Not here: fetching charts. Follows Helm 4's `pkg/chart/v2/util/dependencies.go`; a chart is not
//! changed but made anew, sharing everything that stays.

mod enable;
mod import;

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use crate::chart::Chart;
use crate::log::Log;
use crate::values::{Endless, Table, TypeMismatch};

/// Why the values of a chart and its sub-charts do not come together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Something else stands where a sub-chart's values belong.
    #[error(transparent)]
    Type(#[from] TypeMismatch),
    /// Imports without end.
    #[error(transparent)]
    Imports(#[from] Endless),
}

/// The chart as it renders with the given values: conditions, tags and aliases applied, values
/// imported.
pub fn process(chart: &Arc<Chart>, given: &Table, log: &mut Log) -> Result<Arc<Chart>, Unfit> {
    let enabled =
        enable::enabled(chart, given, &enable::Place::of_root(chart), &mut Vec::new(), log)?;
    import::imported(&enabled, log)
}

/// The forms of charts by the sub-charts that are switched on, which instances share.
#[derive(Default)]
pub struct Shapes {
    known: RefCell<HashMap<(usize, Vec<bool>), Shape>>,
}

struct Shape {
    processed: Arc<Chart>,
    /// Held, because the key has its address.
    _chart: Arc<Chart>,
}

/// A fleet has a few dozen shapes. More than these are forgotten, not kept for ever.
const MAX_SHAPES: usize = 256;

impl Shapes {
    /// The same as [`process`]: the same chart for the same shape, where there is nothing to log.
    pub fn process(
        &self,
        chart: &Arc<Chart>,
        given: &Table,
        log: &mut Log,
    ) -> Result<Arc<Chart>, Unfit> {
        let mut switches = Vec::new();
        let place = enable::Place::of_root(chart);
        let enabled = enable::enabled(chart, given, &place, &mut switches, log)?;
        let key = (Arc::as_ptr(chart) as usize, switches);
        if let Some(shape) = self.known.borrow().get(&key) {
            return Ok(Arc::clone(&shape.processed));
        }
        let said = log.entries().len();
        let processed = import::imported(&enabled, log)?;
        if log.entries().len() == said {
            let mut known = self.known.borrow_mut();
            if known.len() >= MAX_SHAPES {
                known.clear();
            }
            let processed = Arc::clone(&processed);
            known.insert(key, Shape { processed, _chart: Arc::clone(chart) });
        }
        Ok(processed)
    }
}

/// Charts that Chart.yaml wants and `charts/` does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found in Chart.yaml, but missing in charts/ directory: {}", .0.join(", "))]
pub struct Missing(pub Vec<String>);

/// Checks that every dependency of Chart.yaml is there, by name.
pub fn check(chart: &Chart) -> Result<(), Missing> {
    let is_there = |name: &str| chart.dependencies.iter().any(|sub| sub.name() == name);
    let wanted = chart.metadata.dependencies().map(|dependency| &dependency.name);
    let missing: Vec<String> = wanted.filter(|name| !is_there(name)).cloned().collect();
    if missing.is_empty() { Ok(()) } else { Err(Missing(missing)) }
}

/// Whether a version satisfies a constraint; false where either is not readable.
pub fn is_compatible(constraint: &str, version: &str) -> bool {
    let version = version::Version::parse(version);
    let constraint = version::Constraints::parse(constraint);
    matches!((constraint, version), (Ok(constraint), Ok(version)) if constraint.check(&version))
}
