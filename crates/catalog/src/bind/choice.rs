//! Which services a platform has, and which provisioner satisfies each requirement.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cel::Kind;
use config::{Node, Place};
use diagnostic::{Words, words};

use super::world::{Choices, Chosen, Problem, Seen, World, parsed};
use crate::definition::{Provisioner, Requirement, Service};
use crate::names::suggestion;

/// What is wrong has been told of.
struct Told;

/// Finds the services that are asked for and those that stand behind what these require.
pub(super) fn choose(world: &Arc<World>) -> Choices {
    let mut choices = Choices { services: asked_for(world), bound: BTreeMap::new() };
    let mut waiting: Vec<String> = choices.services.iter().cloned().collect();
    while let Some(name) = waiting.pop() {
        let Some(service) = world.catalogue.services.get(&name) else { continue };
        for requirement in service.requires.iter().filter(|one| !one.optional) {
            if !is_needed(world, service, requirement) {
                continue;
            }
            let chosen = match provisioner_for(world, service, requirement, &choices) {
                Ok(Some(chosen)) => chosen,
                Ok(None) => {
                    unsatisfied(world, service, requirement);
                    continue;
                }
                Err(Told) => continue,
            };
            let behind = world.catalogue.provisioners.get(&chosen.provisioner);
            if let Some(behind) = behind.and_then(|one| one.service.clone())
                && choices.services.insert(behind.clone())
            {
                waiting.push(behind);
            }
            choices.bound.insert((name.clone(), requirement.name.clone()), chosen);
        }
    }
    // What is optional brings no service in, and so comes last.
    for name in choices.services.clone() {
        let Some(service) = world.catalogue.services.get(&name) else { continue };
        for requirement in service.requires.iter().filter(|one| one.optional) {
            if !is_needed(world, service, requirement) {
                continue;
            }
            let Ok(Some(chosen)) = provisioner_for(world, service, requirement, &choices) else {
                continue;
            };
            choices.bound.insert((name.clone(), requirement.name.clone()), chosen);
        }
    }
    choices
}

/// The services that the configuration names: by themselves, in bundles, by their sections.
fn asked_for(world: &World) -> BTreeSet<String> {
    let catalogue = &world.catalogue;
    let mut found: BTreeSet<String> = world.settings.external.iter().cloned().collect();
    for node in &world.settings.services {
        let name = node.as_str().unwrap_or("");
        if let Some(bundle) = catalogue.bundles.get(name) {
            found.extend(bundle.services.iter().filter_map(Node::as_str).map(str::to_owned));
        } else {
            found.insert(name.to_owned());
        }
    }
    for (name, section) in &world.settings.sections {
        match section.enabled {
            Some((true, _)) => {
                found.insert(name.clone());
            }
            Some((false, _)) => {
                found.remove(name);
            }
            None => {}
        }
    }
    found
}

fn is_needed(world: &Arc<World>, service: &Arc<Service>, requirement: &Requirement) -> bool {
    let Some(when) = &requirement.when else { return true };
    let value = world.value(&parsed(when), &Seen::service(world, service));
    value.is_ok_and(|value| matches!(value.kind, Kind::Bool(true)))
}

/// The provisioner for a requirement: the one that the service's section names, the one that the
/// platform names, else one that offers itself.
fn provisioner_for(
    world: &Arc<World>,
    service: &Arc<Service>,
    requirement: &Requirement,
    choices: &Choices,
) -> Result<Option<Chosen>, Told> {
    let section = world.settings.sections.get(&service.name);
    let own = section.and_then(|section| section.provisioners.as_ref());
    for alternative in &requirement.alternatives {
        let named = own
            .and_then(|own| own.get(&requirement.name).or_else(|| own.get(&alternative.of_type)))
            .or_else(|| world.settings.provisioners.get(&alternative.of_type));
        if let Some(node) = named {
            return by_name(world, node, &alternative.of_type).map(Some);
        }
    }
    let mut offers: Vec<(bool, &Provisioner)> = Vec::new();
    for alternative in &requirement.alternatives {
        for provisioner in world.catalogue.provisioners_of(&alternative.of_type) {
            let behind = provisioner.service.as_ref();
            let is_there = behind.is_none_or(|behind| choices.services.contains(behind));
            let may_join =
                is_there || !requirement.optional && switched_off(world, provisioner).is_none();
            if may_join && offers_itself(world, provisioner) {
                offers.push((is_there, provisioner));
            }
        }
    }
    // One whose service is there already, before one that would bring a service in.
    let best = offers
        .into_iter()
        .max_by_key(|(is_there, one)| (*is_there, std::cmp::Reverse(one.name.clone())));
    Ok(best.map(|(_, one)| Chosen { of_type: one.provides.clone(), provisioner: one.name.clone() }))
}

fn by_name(world: &World, node: &Node, of_type: &str) -> Result<Chosen, Told> {
    let name = node.as_str().unwrap_or("");
    let known = names_of(world, of_type);
    if known.contains(&name) {
        return Ok(Chosen { of_type: of_type.to_owned(), provisioner: name.to_owned() });
    }
    world.problem(Problem::Other {
        code: "config.unknown-provisioner",
        title: words!(
            "no provisioner of `{of_type}` is called `{name}`",
            "aucun fournisseur de `{of_type}` ne s'appelle `{name}`"
        ),
        place: node.place.clone(),
        remedies: vec![suggestion(name, known)],
    });
    Err(Told)
}

/// The names of the provisioners of a type.
fn names_of<'c>(world: &'c World, of_type: &'c str) -> Vec<&'c str> {
    world.catalogue.provisioners_of(of_type).map(|one| one.name.as_str()).collect()
}

/// Where the service behind a provisioner is switched off.
fn switched_off<'w>(world: &'w World, provisioner: &Provisioner) -> Option<&'w Place> {
    let section = world.settings.sections.get(provisioner.service.as_ref()?)?;
    match &section.enabled {
        Some((false, place)) => Some(place),
        _ => None,
    }
}

fn offers_itself(world: &Arc<World>, provisioner: &Provisioner) -> bool {
    let Some(default) = &provisioner.default else { return false };
    let value = world.value(&parsed(default), &Seen::configuration(world));
    value.is_ok_and(|value| matches!(value.kind, Kind::Bool(true)))
}

fn unsatisfied(world: &World, service: &Arc<Service>, requirement: &Requirement) {
    let types: Vec<String> =
        requirement.alternatives.iter().map(|one| format!("`{}`", one.of_type)).collect();
    let types = either(types);
    let candidates: Vec<&Provisioner> = requirement
        .alternatives
        .iter()
        .flat_map(|one| world.catalogue.provisioners_of(&one.of_type))
        .collect();
    let off = candidates.iter().find_map(|one| Some((one, switched_off(world, one)?)));
    let (place, remedy) = match (off, candidates.first()) {
        (Some((one, place)), _) => {
            let behind = one.service.as_deref().unwrap_or("");
            let remedy = words!(
                "`{behind}` would provide it, and is switched off here",
                "`{behind}` le fournirait, et il est désactivé ici"
            );
            (place.clone(), remedy)
        }
        (None, Some(first)) => {
            let names = candidates.iter().map(|one| format!("`{}`", one.name));
            let of_type = &first.provides;
            let remedy = words!(
                "under `provisioners:`, set `{of_type}` to {names}",
                "sous `provisioners:`, régler `{of_type}` à {names}",
                names = either(names.collect()),
            );
            (world.asked_for(&service.name), remedy)
        }
        (None, None) => {
            let remedy = words!(
                "no provisioner of this catalogue provides it",
                "aucun fournisseur de ce catalogue ne le fournit"
            );
            (world.asked_for(&service.name), remedy)
        }
    };
    world.problem(Problem::Other {
        code: "bind.unsatisfied",
        title: words!(
            "`{name}` requires {types} (`{needed}`), and nothing provides it",
            "`{name}` requiert {types} (`{needed}`), et rien ne le fournit",
            name = service.name,
            types = types,
            needed = requirement.name,
        ),
        place,
        remedies: vec![remedy],
    });
}

/// Several of which one will do.
fn either(all: Vec<String>) -> Words {
    Words::new(all.join(" or "), all.join(" ou "))
}
