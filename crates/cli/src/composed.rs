//! A configuration made into a desired state, and looked at by all rules.

use check::{Finding, Input, check};
use compose::{Desired, compose, desired, patched};
use diagnostic::Severity;

use crate::configuration::{self, ConfigurationArguments, Loaded};
use crate::context::Context;
use crate::elsewhere;
use crate::error::CommandError;

/// A platform with its objects and what the rules say of them.
pub struct Composed {
    /// The platform and its texts.
    pub loaded: Loaded,
    /// All objects.
    pub desired: Desired,
    /// What the rules found.
    pub findings: Vec<Finding>,
}

/// Loads, binds, renders, checks. `names` are the services or bundles that the command is about.
pub fn composed(
    arguments: &ConfigurationArguments,
    names: &[String],
    context: &mut Context,
) -> Result<Composed, CommandError> {
    let mut loaded = configuration::load_for(arguments, names)?;
    let mut charts = loaded.catalogues.charts()?;
    elsewhere::add(&mut charts, &loaded, context)?;
    let releases =
        compose(&loaded.platform, &charts, &mut loaded.ledger).map_err(CommandError::of)?;
    let desired = desired(&loaded.platform, &releases).map_err(CommandError::of)?;
    let desired =
        patched(desired, &loaded.platform, &loaded.sources).map_err(CommandError::Faults)?;
    let findings = check(&Input {
        catalogue: &loaded.catalogue,
        platform: &loaded.platform,
        releases: &releases,
        desired: &desired,
        sources: &loaded.sources,
        ledger: &loaded.ledger,
    });
    Ok(Composed { loaded, desired, findings })
}

impl Composed {
    /// How many findings are errors.
    pub fn errors(&self) -> usize {
        let is_error = |finding: &&Finding| finding.diagnostic.severity == Severity::Error;
        self.findings.iter().filter(is_error).count()
    }
}
