//! Semantic versions and their constraints, as charts write them.
//!
//! Charts meet two readings of a version: Masterminds/semver v3.5 ([`Version`], [`Constraints`]),
//! which Helm uses for charts and templates, and Kubernetes' lenient one ([`kubernetes`]), which it
//! uses for `--kube-version`. Messages are worded as those libraries word them.
//!
//! This crate must not know charts, templates or repositories.

mod constraint;
mod constraint_parse;
mod semver;

pub mod kubernetes;

pub use constraint::Constraints;
pub use constraint_parse::ConstraintError;
pub use semver::{Version, VersionError};
