//! What the platform needs of its cluster, held against what is known of that.

use std::collections::BTreeSet;
use std::sync::Arc;

use cel::Kind;
use config::{Node, Place};

use super::world::{BindingOf, Problem, Seen, World, parsed};
use crate::definition::Need;

/// The profile whose copies are to outlive a node.
const SEVERAL_NODES: &str = "high-availability";

/// Tells of everything that the cluster lacks: of each need of a definition once.
pub(super) fn check(world: &Arc<World>) {
    several_nodes(world);
    for name in &world.choices().services {
        let Some(service) = world.catalogue.services.get(name) else { continue };
        for need in &service.needs {
            let scope = Seen::service(world, service);
            if is_lacking(world, need, &scope) {
                tell(world, need, format!("`{name}`"), world.asked_for(name));
            }
        }
    }
    let mut told = BTreeSet::new();
    for ((service, requirement), chosen) in &world.choices().bound {
        let Some(provisioner) = world.catalogue.provisioners.get(&chosen.provisioner) else {
            continue;
        };
        for need in &provisioner.needs {
            let binding = BindingOf {
                service: service.clone(),
                requirement: requirement.clone(),
                chosen: chosen.clone(),
            };
            let scope = Seen::provisioner(world, provisioner, binding);
            if is_lacking(world, need, &scope)
                && told.insert((provisioner.name.clone(), need.name.clone()))
            {
                let who = format!("`{}` (`{requirement}` of `{service}`)", provisioner.name);
                tell(world, need, who, world.asked_for(service));
            }
        }
    }
}

fn is_lacking(world: &Arc<World>, need: &Need, scope: &Seen) -> bool {
    let found = world.value(&parsed(&need.that), scope);
    found.is_ok_and(|value| matches!(value.kind, Kind::Bool(false)))
}

fn tell(world: &Arc<World>, need: &Need, who: String, place: Place) {
    world.problem(Problem::Other {
        code: "bind.lacking",
        title: format!("{who} needs {}, which the cluster lacks", need.words.en),
        place,
        remedies: vec![need.remedy.en.clone(), said(world)],
    });
}

/// Where it is said what the cluster offers.
fn said(world: &World) -> String {
    let facts = world.settings.platform.get("facts");
    let is_assumed = |node: &Node| {
        node.entries().iter().all(|entry| entry.node.place.source == world.settings.assumed)
    };
    if facts.is_none_or(is_assumed) {
        "nobody says what the cluster offers, so this is assumed: say it under `facts`, or by \
         `--facts`"
            .to_owned()
    } else {
        "if the cluster has it, say so under `facts`".to_owned()
    }
}

/// Copies on one node go down together.
fn several_nodes(world: &Arc<World>) {
    let Some(profile) = world.settings.platform.get("profile") else { return };
    let Some(Ok(nodes)) = world.fact("nodes") else { return };
    let count = match &nodes.kind {
        Kind::List(nodes) => nodes.len(),
        _ => return,
    };
    if profile.as_str() == Some(SEVERAL_NODES) && count < 2 {
        let remedies = vec![
            "choose `profile: standard`, or give the cluster more nodes".to_owned(),
            said(world),
        ];
        world.problem(Problem::Other {
            code: "bind.lacking",
            title: format!("`{SEVERAL_NODES}` needs several nodes, and the cluster has {count}"),
            place: profile.place.clone(),
            remedies,
        });
    }
}
