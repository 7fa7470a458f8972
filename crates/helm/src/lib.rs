//! Charts: loading, values, dependencies, schemas, rendering.

pub mod chart;
pub mod dependency;
pub mod log;
pub mod values;
