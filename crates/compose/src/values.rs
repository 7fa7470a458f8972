//! Values with origins to the values of charts.

use std::collections::BTreeMap;

use cel::{Key, Kind, Origins, Value};
use config::{Ledger, Node, NodeKind};
use helm::values::{Plain, Table};
use serde_json::Value as Json;

/// The values as a chart takes them. Whole numbers are floating ones, as in every values file.
pub(crate) fn table(value: &Value) -> Table {
    match plain(value) {
        Plain::Map(table) => table,
        _ => Table::default(),
    }
}

fn plain(value: &Value) -> Plain {
    match &value.kind {
        Kind::Bool(value) => Plain::Bool(*value),
        Kind::Int(value) => Plain::Float(*value as f64),
        Kind::Uint(value) => Plain::Float(*value as f64),
        Kind::Double(value) => Plain::Float(*value),
        Kind::String(text) => Plain::Str((&**text).into()),
        Kind::List(items) => Plain::List(items.iter().map(plain).collect()),
        Kind::Map(entries) => Plain::Map(Table::new(
            entries.iter().map(|(key, value)| (name(key).as_str().into(), plain(value))).collect(),
        )),
        Kind::Optional(Some(inner)) => plain(inner),
        // The checker has let none of the others through.
        Kind::Null | Kind::Bytes(_) | Kind::Object(_) | Kind::Optional(None) | Kind::Type(_) => {
            Plain::Null
        }
    }
}

/// The value as JSON; an optional one as what it holds.
pub fn json_of(value: &Value) -> Json {
    match &value.kind {
        Kind::Bool(value) => Json::from(*value),
        Kind::Int(value) => Json::from(*value),
        Kind::Uint(value) => Json::from(*value),
        Kind::Double(value) => Json::from(*value),
        Kind::String(text) => Json::from(&**text),
        Kind::List(items) => items.iter().map(json_of).collect(),
        Kind::Map(entries) => {
            Json::Object(entries.iter().map(|(key, value)| (name(key), json_of(value))).collect())
        }
        Kind::Optional(Some(inner)) => json_of(inner),
        Kind::Null | Kind::Bytes(_) | Kind::Object(_) | Kind::Optional(None) | Kind::Type(_) => {
            Json::Null
        }
    }
}

fn name(key: &Key) -> String {
    match key {
        Key::String(text) => text.to_string(),
        other => other.to_string(),
    }
}

/// The values with the raw ones of the configuration laid over them: maps are put together, of
/// anything else the upper one counts. Each has its line as its origin.
pub(crate) fn with_raw(below: Value, raw: &Node, ledger: &mut Ledger) -> Value {
    let own = Origins::of(ledger.origin(&raw.place));
    match (&below.kind, &raw.kind) {
        (Kind::Map(lower), NodeKind::Map(entries)) => {
            let mut all: BTreeMap<Key, Value> = (**lower).clone();
            for entry in entries {
                let key = Key::from(entry.key.as_str());
                let value = all.remove(&key).unwrap_or_else(Value::null);
                all.insert(key, with_raw(value, &entry.node, ledger));
            }
            Value::map(all).with(&below.origins)
        }
        (_, NodeKind::Map(entries)) => {
            let value = |entry: &config::Entry| {
                (Key::from(entry.key.as_str()), with_raw(Value::null(), &entry.node, ledger))
            };
            let made = Value::map(entries.iter().map(value).collect());
            if entries.is_empty() { made.with(&own) } else { made }
        }
        (_, NodeKind::List(items)) => {
            let items: Vec<Value> =
                items.iter().map(|item| with_raw(Value::null(), item, ledger)).collect();
            let is_empty = items.is_empty();
            let made = Value::list(items);
            if is_empty { made.with(&own) } else { made }
        }
        (_, NodeKind::Null) => Value::null().with(&own),
        (_, NodeKind::Bool(value)) => Value::bool(*value).with(&own),
        (_, NodeKind::Int(value)) => Value::int(*value).with(&own),
        (_, NodeKind::Float(value)) => Value::double(*value).with(&own),
        (_, NodeKind::Text(_) | NodeKind::Untyped(_) | NodeKind::Expression(_)) => {
            Value::string(raw.as_str().unwrap_or("")).with(&own)
        }
    }
}
