//! Platforms to desired states: every service of a bound platform becomes a release.
//!
//! The way of a value: bound values with their origins (`catalog`) → the chart's values
//! (`values`) → the rendered release ([`compose`], by `helm`, with a frozen clock and seeded
//! randomness) → objects, with those of the bindings, in waves ([`desired`]) → [`Answers`]: a field of an
//! object back to the template's line, the chart's value and the lines of the catalogue and the configuration.
//!
//! Everything here is a function of its inputs. The crate knows nothing of clusters, and opens no
//! file.

mod capacity;
mod charts;
mod desired;
mod generated;
mod patch;
mod pointer;
mod release;
mod values;
mod why;

pub use capacity::{Capacity, Cluster, Large, Shortage, bytes, capacity, processors};
pub use charts::{ChartFault, Charts};
pub use desired::{After, DesireFault, Desired, Part, Purpose, desired};
pub use generated::Drawn;
pub use patch::{Change, patched};
pub use release::{ComposeFault, Release, compose};
pub use values::json_of;
pub use why::{Added, Answers, Decided, Given, Reason, Source, find, unread};
