//! Charts: loading, values, dependencies, schemas, rendering.
//!
//! It knows nothing of clock, environment, randomness and network: what a render needs of those
//! comes in as arguments. It reads files only where a caller names a chart's directory.

pub mod capabilities;
pub mod chart;
pub mod dependency;
pub mod diagnose;
pub mod diff;
pub mod engine;
pub mod explain;
pub mod fleet;
pub mod jsonpath;
pub mod lint;
pub mod log;
pub mod package;
pub mod release;
pub mod schema;
pub mod show;
pub mod values;
