//! The values that nothing reads.

use config::{Ledger, Place};
use helm::explain::{Unread, steps};

use super::{observed, trail};
use crate::release::Release;

/// The values that were given and that no template reads, each with the line that gives it.
pub fn unread(release: &Release, ledger: &Ledger) -> Vec<(Unread, Option<Place>)> {
    let (trace, processed) = observed(release);
    let Some(settled) = processed else { return Vec::new() };
    let found = helm::explain::unread(&release.values, &trace, &release.chart, &settled);
    let place = |unread: &Unread| {
        let found = trail::origins_at(&release.traced, &steps(&unread.path))?;
        let origins = found.of_those_around.union(&found.of_value);
        origins.as_slice().iter().rev().find_map(|one| ledger.place(*one)).cloned()
    };
    found.into_iter().map(|unread| (unread.clone(), place(&unread))).collect()
}
