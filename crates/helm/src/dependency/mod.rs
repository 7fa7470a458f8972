//! Which sub-charts are in use, under which names, and what their parents import from them.
//!
//! Not here: fetching charts. Follows Helm 4's `pkg/chart/v2/util/dependencies.go`; a chart is not
//! changed but made anew, sharing everything that stays.

mod enable;
mod import;

use std::sync::Arc;

use crate::chart::Chart;
use crate::log::Log;
use crate::values::{Table, TypeMismatch};

/// The chart as it renders with the given values: conditions, tags and aliases applied, values
/// imported.
pub fn process(
    chart: &Arc<Chart>,
    given: &Table,
    log: &mut Log,
) -> Result<Arc<Chart>, TypeMismatch> {
    let enabled = enable::enabled(chart, given, "", log)?;
    import::imported(&enabled, log)
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
