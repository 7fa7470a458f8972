//! Charts: loading, values, dependencies, schemas, rendering.

pub mod capabilities;
pub mod chart;
pub mod dependency;
pub mod diagnose;
pub mod diff;
pub mod engine;
pub mod explain;
pub mod fleet;
pub mod lint;
pub mod log;
pub mod package;
pub mod release;
pub mod schema;
pub mod show;
pub mod values;
