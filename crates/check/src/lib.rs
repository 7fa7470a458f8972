//! Rules over the desired state of a platform: what would go wrong in a cluster, before any cluster.
//!
//! [`check`] runs all rules and gives [`Finding`]s. A rule is a function of a module: `names`
//! (objects that nobody makes, keys that they lack), `capacity` (nodes too few or too small),
//! `network` (host names, ports, selectors), `parts` (what upstream has given up, images without a
//! version), `secrets` (values that stand in files), `values` (what no template reads).
//! What a rule is certain of is an error; what may be meant is a warning.
//!
//! The crate knows nothing of clusters, and opens no file.

mod capacity;
mod finding;
mod names;
mod network;
mod parts;
mod secrets;
mod values;

pub use finding::Finding;

use catalog::{Catalogue, Platform};
use compose::{Desired, Release};
use config::{Ledger, Sources};
use diagnostic::Severity;

/// What is looked at.
#[derive(Clone, Copy)]
pub struct Input<'i> {
    /// The catalogue.
    pub catalogue: &'i Catalogue,
    /// The platform.
    pub platform: &'i Platform,
    /// Its releases.
    pub releases: &'i [Release],
    /// Its objects.
    pub desired: &'i Desired,
    /// The texts of the configuration and the catalogue.
    pub sources: &'i Sources,
    /// The origins of values.
    pub ledger: &'i Ledger,
}

/// All findings: errors first, then in the order of the objects.
pub fn check(input: &Input<'_>) -> Vec<Finding> {
    let mut found = names::check(input);
    found.extend(capacity::check(input));
    found.extend(network::check(input));
    found.extend(parts::check(input));
    found.extend(secrets::check(input));
    found.extend(values::check(input));
    found.sort_by_key(|finding| finding.diagnostic.severity != Severity::Error);
    found
}
