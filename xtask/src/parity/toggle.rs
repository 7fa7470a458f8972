//! Makes further values files of a chart's own `values.yaml`, for the branches that are off by
//! default: switches thrown, empty values filled. The same values always give the same files.

use std::fs;
use std::path::Path;

use anyhow::Result;
use serde_json::{Map, Value, json};

use crate::oracle::{Oracle, Reply};
use crate::shell;

/// One of so many values is changed, in one mixed file after the other: many changes reach much
/// at once, few get further where one of many is an error.
const ONE_OF: [u64; 3] = [4, 16, 64];

/// How the names of mixed files begin; a number follows.
pub const MIXED: &str = "mixed ";

/// A values file's name, and what it says beyond the chart's own values.
pub type Toggled = (String, Value);

/// What is done to the values.
enum Way {
    /// Every boolean is inverted.
    Invert,
    /// What is called `enabled` or alike is switched on.
    Enable,
    /// Everything empty gets a content.
    Fill,
    /// Some values are changed, in one of many ways: those that the number picks.
    Mix(u64),
}

/// The values of a chart: its own, and those of the charts in it where it says nothing itself.
pub fn defaults(chart: &Path, oracle: &mut Oracle) -> Result<Value> {
    let mut own = read(&chart.join("values.yaml"), oracle)?;
    for entry in fs::read_dir(chart.join("charts")).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let inner = read(&entry.path().join("values.yaml"), oracle)?;
        if let (Some(own), Value::Object(inner)) = (own.as_object_mut(), inner) {
            let below = own.entry(name).or_insert_with(|| json!({}));
            add_missing(below, inner);
        }
    }
    Ok(own)
}

/// The files: three, and so many mixed ones; those that would say nothing are left out.
pub fn files(defaults: &Value, mixed: u64) -> Vec<Toggled> {
    let ways = [("inverted", Way::Invert), ("enabled", Way::Enable), ("filled", Way::Fill)];
    let named = ways.into_iter().map(|(name, way)| (name.to_owned(), way));
    let mixed = (0..mixed).map(|number| (format!("{MIXED}{}", number + 1), Way::Mix(number)));
    named
        .chain(mixed)
        .filter_map(|(name, way)| {
            let leaf = |value: &Value, path: &str| {
                let is_leaf = is_empty(value) || !(value.is_object() || value.is_array());
                is_leaf.then(|| changed_leaf(value, path, &way)).flatten()
            };
            Some((name, changed(defaults, "", &leaf)?))
        })
        .collect()
}

fn read(path: &Path, oracle: &mut Oracle) -> Result<Value> {
    let Ok(text) = fs::read(path) else { return Ok(json!({})) };
    Ok(match oracle.yaml(&text)? {
        Reply::Answer(answer) => {
            let json = answer["json"].as_str().unwrap_or_default();
            let values = serde_json::from_str(json).unwrap_or(Value::Null);
            if values.is_object() { values } else { json!({}) }
        }
        Reply::Refusal(_) | Reply::Lost => json!({}),
    })
}

fn add_missing(to: &mut Value, from: Map<String, Value>) {
    let Some(to) = to.as_object_mut() else { return };
    for (key, value) in from {
        match (to.get_mut(&key), value) {
            (Some(below), Value::Object(value)) => add_missing(below, value),
            (Some(_), _) => {}
            (None, value) => {
                to.insert(key, value);
            }
        }
    }
}

/// Says what stands instead of the value at a path, if it has something to say.
pub type Change<'a> = &'a dyn Fn(&Value, &str) -> Option<Value>;

/// What to say over the value at a path: of a map only what changes, of a list all of it.
pub fn changed(value: &Value, path: &str, change: Change<'_>) -> Option<Value> {
    if let Some(other) = change(value, path) {
        return Some(other);
    }
    match value {
        Value::Object(fields) => {
            let changes: Map<String, Value> = fields
                .iter()
                .filter_map(|(key, value)| {
                    Some((key.clone(), changed(value, &format!("{path}/{key}"), change)?))
                })
                .collect();
            (!changes.is_empty()).then_some(Value::Object(changes))
        }
        Value::Array(items) => {
            let at = |number: usize| format!("{path}/{number}");
            let changes: Vec<Option<Value>> = items
                .iter()
                .enumerate()
                .map(|(number, item)| changed(item, &at(number), change))
                .collect();
            changes.iter().any(Option::is_some).then(|| {
                let all = items.iter().zip(changes);
                all.map(|(item, change)| completed(change, item)).collect()
            })
        }
        _ => None,
    }
}

/// Whether a map or a list holds nothing.
fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(Map::is_empty) || value.as_array().is_some_and(Vec::is_empty)
}

/// A change, and what it says nothing of: a list is replaced, not merged.
fn completed(change: Option<Value>, item: &Value) -> Value {
    match (change, item) {
        (None, item) => item.clone(),
        (Some(mut change), Value::Object(fields)) => {
            add_missing(&mut change, fields.clone());
            change
        }
        (Some(change), _) => change,
    }
}

fn changed_leaf(leaf: &Value, path: &str, way: &Way) -> Option<Value> {
    let key = path.rsplit('/').next().unwrap_or_default().to_lowercase();
    match (way, leaf) {
        (Way::Invert, Value::Bool(on)) => Some(json!(!on)),
        (Way::Enable, Value::Bool(false)) => {
            let is_switch = ["enable", "create", "install"].iter().any(|word| key.contains(word));
            is_switch.then_some(Value::Bool(true))
        }
        (Way::Fill, _) => filled(leaf, &key),
        (Way::Mix(number), _) => {
            let chance = chance(&format!("{number} {path}"));
            let one_of = ONE_OF[usize::try_from(number % 3).unwrap_or(0)];
            chance.is_multiple_of(one_of).then(|| mixed(leaf, &key, chance / one_of))
        }
        _ => None,
    }
}

/// A content for what is empty, of the shape that the name suggests.
fn filled(leaf: &Value, key: &str) -> Option<Value> {
    let has = |words: &[&str]| words.iter().any(|word| key.contains(word));
    let is_named = has(&["env", "volume", "container", "toleration", "secret", "mount", "port"]);
    let is_deep = has(&["affinity", "resources", "context", "config", "probe", "strategy"]);
    match leaf {
        Value::Null => Some(json!("x")),
        Value::String(text) if text.is_empty() => Some(json!("x")),
        Value::Array(_) if is_named => Some(json!([{ "name": "a", "value": "b" }])),
        Value::Array(_) => Some(json!(["a"])),
        Value::Object(_) if is_deep => Some(json!({ "a": { "b": "c" } })),
        Value::Object(_) => Some(json!({ "a": "b" })),
        _ => None,
    }
}

/// Some other value in place of this one.
pub fn mixed(leaf: &Value, key: &str, chance: u64) -> Value {
    let others = [
        json!("x"),
        json!("a: b\nc: d\n"),
        json!("{{ .Release.Name }}-x"),
        json!(["a", "b"]),
        json!([{ "name": "a", "value": "b" }, { "name": "c" }]),
        json!({ "b": "c", "a": { "d": "e" } }),
        json!({ "a": 1, "b": true, "c": "2", "d": 1.5 }),
        json!({ "limits": { "cpu": "100m", "memory": 134_217_728 } }),
        json!(1_000_000),
        json!(""),
        json!("0123"),
        Value::Null,
    ];
    let other = || others[usize::try_from(chance / 7).unwrap_or(0) % others.len()].clone();
    match leaf {
        Value::Bool(on) => json!(!on),
        Value::Number(number) if !chance.is_multiple_of(7) => match number.as_i64() {
            // So many replicas would be written one by one.
            Some(whole) if key.contains("replica") || key.contains("count") => json!(whole + 1),
            Some(whole) => json!(whole.saturating_mul(1_000_001)),
            None => json!(0.1),
        },
        Value::String(text) if !text.is_empty() && !chance.is_multiple_of(7) => {
            json!(format!("{text}x"))
        }
        leaf => match filled(leaf, key) {
            Some(filled) if chance.is_multiple_of(2) => filled,
            _ => other(),
        },
    }
}

/// A number that depends on nothing but the text.
pub fn chance(text: &str) -> u64 {
    u64::from_str_radix(&shell::digest(text.as_bytes())[..12], 16).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::files;

    #[test]
    fn says_only_what_changes() {
        let defaults = json!({
            "ingress": { "enabled": false, "tls": true, "hosts": [] },
            "list": [{ "on": true, "n": 1 }],
            "name": "web",
        });
        let made = files(&defaults, 0);
        let expected = [
            (
                "inverted",
                json!({
                    "ingress": { "enabled": true, "tls": false },
                    "list": [{ "on": false, "n": 1 }],
                }),
            ),
            ("enabled", json!({ "ingress": { "enabled": true } })),
            ("filled", json!({ "ingress": { "hosts": ["a"] } })),
        ];
        assert_eq!(made, expected.map(|(name, value)| (name.to_owned(), value)));
    }

    #[test]
    fn mixed_files_are_the_same_each_time_and_differ_from_each_other() {
        let names: Vec<String> = (0..40).map(|number| format!("key{number}")).collect();
        let defaults = names.iter().map(|name| (name.clone(), json!("a"))).collect();
        let (once, again) = (files(&defaults, 3), files(&defaults, 3));
        assert_eq!(once, again);
        assert!(once.len() > 1 && once[1] != once[2], "{once:?}");
    }
}
