//! Along a path: through values to their origins, through documents to keys, through objects to
//! fields.

use cel::{Key, Kind, Origins, Value};
use config::{Node, Place};
use helm::explain::NotFound;
use object::Object;
use serde_json::Value as Json;

/// What the value at a path was computed from; and what decided which items the lists and sections
/// have that it is in.
#[derive(Default)]
pub(super) struct Found {
    pub of_value: Origins,
    pub of_those_around: Origins,
}

/// The origins of the value at a path; nothing when there is no such value.
pub(super) fn origins_at(value: &Value, path: &[String]) -> Option<Found> {
    let Some((first, rest)) = path.split_first() else {
        return Some(Found { of_value: value.all_origins(), ..Found::default() });
    };
    let inner = match &value.kind {
        Kind::Optional(Some(inner)) => origins_at(inner, path)?,
        _ => origins_at(step(value, first)?, rest)?,
    };
    let of_those_around = inner.of_those_around.union(&value.origins);
    Some(Found { of_those_around, ..inner })
}

/// What decided which items the value at a path has.
pub(super) fn own_origins_at(value: &Value, path: &[String]) -> Option<Origins> {
    if let Kind::Optional(Some(inner)) = &value.kind {
        return Some(own_origins_at(inner, path)?.union(&value.origins));
    }
    let Some((first, rest)) = path.split_first() else { return Some(value.origins.clone()) };
    own_origins_at(step(value, first)?, rest)
}

fn step<'v>(value: &'v Value, step: &str) -> Option<&'v Value> {
    match &value.kind {
        Kind::Map(entries) => entries.get(&Key::from(step)),
        Kind::List(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    }
}

/// Where the last key of a path is written.
pub(super) fn key_at<'n>(node: &'n Node, path: &[String]) -> Option<&'n Place> {
    let (last, above) = path.split_last()?;
    let node = above.iter().try_fold(node, |node, step| match step.parse::<usize>() {
        Ok(at) if !node.items().is_empty() => node.items().get(at),
        _ => node.entry(step).map(|entry| &entry.node),
    })?;
    node.entry(last).map(|entry| &entry.key_place)
}

/// The value at a path of an object.
pub(super) fn in_tree<'o>(
    object: &'o Object,
    path: &str,
    steps: &[String],
) -> Result<&'o Json, NotFound> {
    let missing = |above: &str, known: Vec<String>| {
        let hint = if known.is_empty() {
            format!("there is nothing below {above}")
        } else {
            format!("below {above} there are: {}", known.join(", "))
        };
        NotFound::Field { object: object.id().to_string(), path: path.to_owned(), hint }
    };
    let Some((first, rest)) = steps.split_first() else {
        return Err(missing("the object", object.tree.keys().cloned().collect()));
    };
    let found = object.tree.get(first);
    let mut value =
        found.ok_or_else(|| missing("the object", object.tree.keys().cloned().collect()))?;
    let mut above = first.clone();
    for step in rest {
        let next = match value {
            Json::Array(items) => step.parse::<usize>().ok().and_then(|at| items.get(at)),
            other => other.get(step),
        };
        value = next.ok_or_else(|| missing(&above, below(value)))?;
        above = match step.parse::<usize>() {
            Ok(at) => format!("{above}[{at}]"),
            Err(_) if step.contains('.') => format!("{above}[{step:?}]"),
            Err(_) => format!("{above}.{step}"),
        };
    }
    Ok(value)
}

/// What there is below a value, as a path has it.
fn below(value: &Json) -> Vec<String> {
    let item = |(at, item): (usize, &Json)| {
        let name = item.get("name").and_then(Json::as_str);
        name.map_or_else(|| format!("[{at}]"), |name| format!("[{at}] (name: {name})"))
    };
    match value {
        Json::Array(items) => items.iter().enumerate().map(item).collect(),
        Json::Object(map) => map
            .keys()
            .map(|key| if key.contains('.') { format!("[{key:?}]") } else { key.clone() })
            .collect(),
        _ => Vec::new(),
    }
}

/// A value as a person reads it.
pub(super) fn shown(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
