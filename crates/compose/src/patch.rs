//! Patches over rendered objects, and objects besides: what the configuration says under `patches` and
//! `extra`. A patch that does not apply is a fault with its place.

use catalog::{Operation, Patch, Platform};
use config::{Faults, Place, Sources};
use diagnostic::{near, words};
use object::{Id, Object};
use serde_json::{Map, Value};

use crate::desired::{Desired, Part, Purpose, finished};
use crate::pointer::{self, PointerFault};
use crate::values::json_of;

/// What a patch has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The object.
    pub object: Id,
    /// The field: keys and indices. What is above it and below it has changed, too.
    pub path: Vec<String>,
    /// The line of the configuration.
    pub place: Place,
}

/// The desired state with the patches applied, and the extra objects in a part of their own.
pub fn patched(
    mut desired: Desired,
    platform: &Platform,
    sources: &Sources,
) -> Result<Desired, Faults> {
    let mut faults = Faults::default();
    for patch in &platform.patches {
        apply(patch, &mut desired, sources, &mut faults);
    }
    extra(&mut desired, platform, sources, &mut faults);
    if faults.is_empty() { Ok(desired) } else { Err(faults) }
}

fn apply(patch: &Patch, desired: &mut Desired, sources: &Sources, faults: &mut Faults) {
    let mut is_met = false;
    for part in &mut desired.parts {
        let changes = &mut part.changes;
        let is_of = patch
            .service
            .as_ref()
            .is_none_or(|wanted| part.purpose.service() == Some(wanted.as_str()));
        let met = |object: &&mut Object| {
            is_of && object.kind() == patch.kind && object.name() == patch.name
        };
        for object in part.objects.iter_mut().filter(met) {
            is_met = true;
            let mut tree = Value::Object(object.tree.clone());
            let mut paths = Vec::new();
            if let Some((merge, place)) = &patch.merge {
                let upper = json_of(merge);
                if let Err(missing) = merged(&mut tree, &upper, &mut Vec::new(), &mut paths) {
                    absent(patch, &missing, place, sources, faults);
                }
                let change = |path| Change { object: object.id(), path, place: place.clone() };
                changes.extend(paths.into_iter().map(change));
            }
            for operation in &patch.operations {
                match operate(&mut tree, operation) {
                    Ok(path) => {
                        let place = operation.place.clone();
                        changes.push(Change { object: object.id(), path, place });
                    }
                    Err(fault) => refused(patch, operation, &fault, sources, faults),
                }
            }
            if let Value::Object(tree) = tree {
                object.tree = tree;
            }
        }
    }
    if !is_met {
        no_target(patch, desired, sources, faults);
    }
}

/// Lays a value over another one: maps are put together, null takes away, lists whose items all have
/// a `name` are put together by it, and of anything else the upper one counts. `paths` gets what was
/// changed. The error is what was to be taken away and is not there.
fn merged(
    lower: &mut Value,
    upper: &Value,
    at: &mut Vec<String>,
    paths: &mut Vec<Vec<String>>,
) -> Result<(), String> {
    match (lower, upper) {
        (Value::Object(lower), Value::Object(upper)) => {
            for (key, value) in upper {
                at.push(key.clone());
                if value.is_null() {
                    if lower.remove(key).is_none() {
                        return Err(at.join("."));
                    }
                    paths.push(at.clone());
                } else {
                    merged(lower.entry(key).or_insert(Value::Null), value, at, paths)?;
                }
                at.pop();
            }
        }
        (Value::Array(lower), Value::Array(upper)) if by_name(lower) && by_name(upper) => {
            for item in upper {
                let found = lower.iter().position(|one| one.get("name") == item.get("name"));
                let index = found.unwrap_or(lower.len());
                if found.is_none() {
                    lower.push(Value::Null);
                }
                at.push(index.to_string());
                merged(&mut lower[index], item, at, paths)?;
                at.pop();
            }
        }
        (lower, upper) => {
            // Below something new, null takes nothing away; it means nothing there.
            *lower = without_nulls(upper);
            paths.push(at.clone());
        }
    }
    Ok(())
}

fn by_name(items: &[Value]) -> bool {
    items.iter().all(|item| item.get("name").is_some_and(Value::is_string))
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(key, value)| (key.clone(), without_nulls(value))).collect())
        }
        value => value.clone(),
    }
}

/// One operation of JSON Patch: <https://www.rfc-editor.org/rfc/rfc6902>. Gives the path.
fn operate(tree: &mut Value, operation: &Operation) -> Result<Vec<String>, PointerFault> {
    let path = pointer::parse(&operation.path)?;
    let value = || operation.value.as_ref().map_or(Value::Null, json_of);
    let from = || pointer::parse(operation.from.as_deref().unwrap_or(""));
    match operation.op.as_str() {
        "add" => pointer::add(tree, &path, value())?,
        "remove" => _ = pointer::remove(tree, &path)?,
        "replace" => *pointer::get(tree, &path)? = value(),
        "move" => {
            let moved = pointer::remove(tree, &from()?)?;
            pointer::add(tree, &path, moved)?;
        }
        "copy" => {
            let copied = pointer::get(tree, &from()?)?.clone();
            pointer::add(tree, &path, copied)?;
        }
        _ => {
            let found = pointer::get(tree, &path)?;
            let wanted = value();
            if !same(found, &wanted) {
                return Err(PointerFault::Differs(found.to_string(), wanted.to_string()));
            }
        }
    }
    Ok(path)
}

/// Whether two values are the same; 1 and 1.0 are.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|two| same(value, two)))
        }
        (one, other) => one == other,
    }
}

fn told(patch: &Patch) -> String {
    match &patch.service {
        Some(service) => format!("{}/{} ({service})", patch.kind, patch.name),
        None => format!("{}/{}", patch.kind, patch.name),
    }
}

fn no_target(patch: &Patch, desired: &Desired, sources: &Sources, faults: &mut Faults) {
    let target = told(patch);
    let title = words!(
        "this patch applies to nothing: the platform has no {target}",
        "cette modification ne s'applique à rien : la plateforme n'a pas de {target}"
    );
    let known: Vec<String> = desired.objects().map(|(_, object)| object.id().to_string()).collect();
    let wanted = format!("{}/{}", patch.kind, patch.name);
    let remedy = match near::nearest(&wanted, known.iter().map(String::as_str)) {
        Some(meant) if meant != wanted => {
            words!("did you mean {meant}?", "vouliez-vous dire {meant} ?")
        }
        _ => {
            let same: Vec<&str> = known
                .iter()
                .filter(|one| one.starts_with(&format!("{}/", patch.kind)))
                .map(String::as_str)
                .collect();
            let same = if same.is_empty() { String::from("–") } else { same.join(", ") };
            words!("objects of this kind: {same}", "objets de ce genre : {same}")
        }
    };
    faults.error(sources, "patch.target", title, &patch.place, "", [remedy]);
}

fn absent(patch: &Patch, path: &str, place: &Place, sources: &Sources, faults: &mut Faults) {
    let target = told(patch);
    let title = words!(
        "this patch takes `{path}` of {target} away, which is not there",
        "cette modification retire `{path}` de {target}, qui n'y est pas"
    );
    let remedy = words!("take the line away", "retirer la ligne");
    faults.error(sources, "patch.path", title, place, "", [remedy]);
}

fn refused(
    patch: &Patch,
    operation: &Operation,
    fault: &PointerFault,
    sources: &Sources,
    faults: &mut Faults,
) {
    let (target, op) = (told(patch), &operation.op);
    let title = words!(
        "`{op}` does not apply to {target}: {fault}",
        "`{op}` ne s'applique pas à {target} : {fault}",
        fault = fault.words(),
    );
    let remedy = words!(
        "look at the object as it is built, and correct the path, or take the operation away",
        "regarder l'objet tel qu'il est construit, et corriger le chemin, ou retirer l'opération"
    );
    faults.error(sources, "patch.path", title, &operation.place, "", [remedy]);
}

/// The objects that the configuration adds.
fn extra(desired: &mut Desired, platform: &Platform, sources: &Sources, faults: &mut Faults) {
    let mut objects: Vec<Object> = Vec::new();
    for one in &platform.extra {
        let tree = match json_of(&one.value) {
            Value::Object(tree) => tree,
            _ => Map::new(),
        };
        let object = Object::new(tree, sources.tell(&one.place));
        let names = [object.api_version(), object.kind(), object.name()];
        if names.iter().any(|name| name.is_empty()) {
            let title = words!("this is no Kubernetes object", "ce n'est pas un objet Kubernetes");
            let remedy = words!(
                "an object has `apiVersion`, `kind` and `metadata.name`",
                "un objet a `apiVersion`, `kind` et `metadata.name`"
            );
            faults.error(sources, "extra.object", title, &one.place, "", [remedy]);
            continue;
        }
        let object = finished(object, platform);
        let is_there = |known: &Object| known.id() == object.id();
        let maker = desired.objects().find(|(_, known)| is_there(known)).map(|(part, _)| part);
        if maker.is_some() || objects.iter().any(is_there) {
            let (id, maker) = (object.id(), maker.map_or("extra", |part| part.name.as_str()));
            let title = words!(
                "{id} is there already: `{maker}` makes it",
                "{id} existe déjà : `{maker}` le fait"
            );
            let remedy = words!(
                "change it by `patches`, or give this one another name",
                "le modifier par `patches`, ou donner un autre nom à celui-ci"
            );
            faults.error(sources, "extra.twice", title, &one.place, "", [remedy]);
            continue;
        }
        objects.push(object);
    }
    if !objects.is_empty() {
        objects.sort_by_key(|object| object::rank(object.kind()));
        // What they refer to is there before them.
        let wave = desired.waves();
        desired.parts.push(Part {
            name: "extra".to_owned(),
            purpose: Purpose::Extra,
            wave,
            after: Vec::new(),
            behind: None,
            objects,
            secrets: Vec::new(),
            changes: Vec::new(),
        });
    }
}
