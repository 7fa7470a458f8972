//! A configuration against a catalogue: which services there are, what each requirement is bound
//! to, and every value with its origins.
//!
//! [`bind`] checks the configuration (`settings`), finds the services and the provisioners of their
//! requirements (`choice`), holds what these need against the facts of the cluster (`needs`), and
//! evaluates what they give to one another, each value when it is first asked for (`world`).

mod choice;
mod needs;
mod objects;
mod patches;
mod result;
mod settings;
mod world;

pub(crate) use settings::{configuration_record, is_setting};

pub use patches::{Extra, Operation, Patch};
pub use result::{
    Administrator, Binding, Bound, Certificate, MadeSecret, Platform, SecretPart, Setting,
};
pub use settings::Layer;

use std::sync::Arc;

use config::{Faults, Ledger, Node, Sources};

use crate::catalogue::Catalogue;
use crate::external;
use world::World;

/// Binds a platform. `root` is the merged configuration, as [`config::migrate`] gives it; of its
/// `environments`, what is said for the named one counts over the rest.
pub fn bind(
    catalogue: Arc<Catalogue>,
    root: Node,
    environment: Option<&str>,
    sources: &mut Sources,
) -> Result<(Platform, Ledger), Faults> {
    let root = settings::for_environment(root, environment, sources)?;
    let (catalogue, external) = external::join(catalogue, &root, sources)?;
    let settings = settings::read(&catalogue, root, external, sources)?;
    let world = Arc::new(World::new(catalogue, settings));
    let choices = choice::choose(&world);
    // Where a requirement has no provisioner, what its service makes of it has no value, either.
    let faults = told(&world, sources);
    if !faults.is_empty() {
        return Err(faults);
    }
    world.set_choices(choices);
    needs::check(&world);
    let platform = result::all(&world);
    let faults = told(&world, sources);
    if faults.is_empty() { Ok((platform, world.ledger())) } else { Err(faults) }
}

/// What was found wrong since the last time.
fn told(world: &World, sources: &Sources) -> Faults {
    let mut faults = Faults::default();
    for problem in world.take_problems() {
        problem.tell(sources, &mut faults);
    }
    faults
}
