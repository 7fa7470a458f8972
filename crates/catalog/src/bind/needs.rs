//! What the platform needs of its cluster, held against what is known of that.

use std::collections::BTreeSet;
use std::sync::Arc;

use cel::Kind;
use config::{Node, Place};
use diagnostic::{Words, words};

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
                tell(world, need, format!("`{name}`").into(), world.asked_for(name));
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
                let who = words!(
                    "`{name}` (`{requirement}` of `{service}`)",
                    "`{name}` (`{requirement}` de `{service}`)",
                    name = provisioner.name,
                );
                tell(world, need, who, world.asked_for(service));
            }
        }
    }
}

fn is_lacking(world: &Arc<World>, need: &Need, scope: &Seen) -> bool {
    let found = world.value(&parsed(&need.that), scope);
    found.is_ok_and(|value| matches!(value.kind, Kind::Bool(false)))
}

fn tell(world: &Arc<World>, need: &Need, who: Words, place: Place) {
    world.problem(Problem::Other {
        code: "bind.lacking",
        title: words!(
            "{who} needs {what}, which the cluster lacks",
            "{who} a besoin de ceci, que la grappe n'a pas : {what}",
            who = who,
            what = need.words,
        ),
        place,
        remedies: vec![need.remedy.clone(), said(world)],
    });
}

/// Where it is said what the cluster offers.
fn said(world: &World) -> Words {
    let facts = world.settings.platform.get("facts");
    let is_assumed = |node: &Node| {
        node.entries().iter().all(|entry| entry.node.place.source == world.settings.assumed)
    };
    if facts.is_none_or(is_assumed) {
        words!(
            "nobody says what the cluster offers, so this is assumed: say it under `facts`, or by \
             `--facts`",
            "personne ne dit ce que la grappe offre, donc ceci est supposé : le dire sous `facts`, \
             ou par `--facts`"
        )
    } else {
        words!(
            "if the cluster has it, say so under `facts`",
            "si la grappe l'a, le dire sous `facts`"
        )
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
            words!(
                "choose `profile: standard`, or give the cluster more nodes",
                "choisir `profile: standard`, ou donner plus de nœuds à la grappe"
            ),
            said(world),
        ];
        world.problem(Problem::Other {
            code: "bind.lacking",
            title: words!(
                "`{SEVERAL_NODES}` needs several nodes, and the cluster has {count}",
                "`{SEVERAL_NODES}` a besoin de plusieurs nœuds, et la grappe en a {count}"
            ),
            place: profile.place.clone(),
            remedies,
        });
    }
}
