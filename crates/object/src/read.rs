//! YAML to objects.

use std::borrow::Cow;

use serde_json::{Map, Number, Value};
use yaml::{Build, Strictness, Text};

use crate::identity::Object;

/// A text is not one of Kubernetes objects.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum ReadError {
    /// It is no YAML.
    #[error("{0}")]
    Yaml(String),
    /// A document is no object.
    #[error("this is no Kubernetes object: it needs `apiVersion`, `kind` and `metadata.name`")]
    NoObject,
}

/// Reads all objects of a text of YAML documents, the items of lists one by one. Empty documents
/// are no objects.
pub fn read(text: &[u8], source: &str) -> Result<Vec<Object>, ReadError> {
    let wrong = |error: yaml::Error| ReadError::Yaml(error.to_string());
    let text = Text::new(text);
    let mut found = Vec::new();
    for document in text.documents().map_err(wrong)? {
        match document.values(Strictness::Lenient, &mut Json).map_err(wrong)? {
            Value::Null => {}
            Value::Object(tree) => take(tree, source, &mut found)?,
            _ => return Err(ReadError::NoObject),
        }
    }
    Ok(found)
}

fn take(
    mut tree: Map<String, Value>,
    source: &str,
    found: &mut Vec<Object>,
) -> Result<(), ReadError> {
    let is_list = tree.get("kind").and_then(Value::as_str).is_some_and(|kind| {
        kind.ends_with("List") && tree.get("items").is_some_and(Value::is_array)
    });
    if is_list {
        let items = tree.remove("items").unwrap_or_default();
        for item in items.as_array().cloned().unwrap_or_default() {
            match item {
                Value::Object(tree) => take(tree, source, found)?,
                _ => return Err(ReadError::NoObject),
            }
        }
        return Ok(());
    }
    let object = Object::new(tree, source);
    if object.api_version().is_empty() || object.kind().is_empty() || object.name().is_empty() {
        return Err(ReadError::NoObject);
    }
    found.push(object);
    Ok(())
}

/// Builds JSON.
struct Json;

impl Build for Json {
    type Value = Value;

    fn null(&mut self) -> Value {
        Value::Null
    }

    fn bool(&mut self, value: bool) -> Value {
        Value::Bool(value)
    }

    fn int(&mut self, value: i64) -> Value {
        Value::from(value)
    }

    fn uint(&mut self, value: u64) -> Value {
        Value::from(value)
    }

    fn float(&mut self, value: f64) -> Value {
        // A whole number stays one: `3.0` is three replicas.
        if value.fract() == 0.0 && value.abs() < MOST_EXACT {
            return Value::from(value as i64);
        }
        Number::from_f64(value).map_or(Value::Null, Value::Number)
    }

    fn text(&mut self, value: Cow<'_, str>) -> Value {
        Value::String(value.into_owned())
    }

    fn list(&mut self, items: Vec<Value>) -> Value {
        Value::Array(items)
    }

    fn map(&mut self, entries: Vec<(Cow<'_, str>, Value)>) -> Value {
        Value::Object(entries.into_iter().map(|(key, value)| (key.into_owned(), value)).collect())
    }
}

/// Below this, a number with a point is exactly the whole number that it equals.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_and_lists_are_taken_apart() {
        let text = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\n---\n\
            apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: b}\n";
        let names: Vec<String> =
            read(text.as_bytes(), "t").unwrap().iter().map(|one| one.id().to_string()).collect();
        assert_eq!(names, ["Service/a", "Secret/b"]);
    }

    #[test]
    fn what_is_no_object_is_told() {
        let told = |text: &str| read(text.as_bytes(), "t").unwrap_err().to_string();
        assert_eq!(
            told("kind: Service\n"),
            "this is no Kubernetes object: it needs `apiVersion`, `kind` and `metadata.name`"
        );
        assert!(told("a: [").contains("yaml"), "{}", told("a: ["));
    }
}
