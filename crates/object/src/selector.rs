//! Selectors of labels.

use serde_json::{Map, Value};

/// Which labels something looks for.
#[derive(Clone, Copy, Debug)]
pub enum Selector<'o> {
    /// Each of these labels: the selector of a Service.
    Plain(&'o Map<String, Value>),
    /// `matchLabels` and `matchExpressions`.
    Full(&'o Map<String, Value>),
}

impl Selector<'_> {
    /// Whether labels are looked for.
    pub fn matches(&self, labels: Option<&Map<String, Value>>) -> bool {
        match self {
            Self::Plain(wanted) => all(wanted, labels),
            Self::Full(selector) => {
                let wanted = selector.get("matchLabels").and_then(Value::as_object);
                let conditions = selector.get("matchExpressions").and_then(Value::as_array);
                wanted.is_none_or(|wanted| all(wanted, labels))
                    && conditions
                        .is_none_or(|list| list.iter().all(|one| holds(one, labels) != Some(false)))
            }
        }
    }

    /// Whether everything matches.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Plain(map) => map.is_empty(),
            Self::Full(map) => map.values().all(|value| match value {
                Value::Object(map) => map.is_empty(),
                Value::Array(list) => list.is_empty(),
                _ => true,
            }),
        }
    }
}

fn all(wanted: &Map<String, Value>, labels: Option<&Map<String, Value>>) -> bool {
    wanted.iter().all(|(key, value)| labels.and_then(|labels| labels.get(key)) == Some(value))
}

/// Whether one of `matchExpressions` holds; nothing where it is not understood.
fn holds(condition: &Value, labels: Option<&Map<String, Value>>) -> Option<bool> {
    let key = condition.get("key")?.as_str()?;
    let found = labels.and_then(|labels| labels.get(key));
    let values = || condition.get("values").and_then(Value::as_array);
    match condition.get("operator")?.as_str()? {
        "In" => Some(found.is_some_and(|found| values().is_some_and(|all| all.contains(found)))),
        "NotIn" => Some(found.is_none_or(|found| values().is_none_or(|all| !all.contains(found)))),
        "Exists" => Some(found.is_some()),
        "DoesNotExist" => Some(found.is_none()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn expressions_are_understood() {
        let labels = json!({"app": "web", "tier": "front"});
        let matches = |selector: Value| {
            Selector::Full(selector.as_object().unwrap()).matches(labels.as_object())
        };
        let one = |operator: &str, key: &str| {
            let condition = json!({"key": key, "operator": operator, "values": ["web", "b"]});
            matches(json!({"matchLabels": {"tier": "front"}, "matchExpressions": [condition]}))
        };
        assert!(one("In", "app") && !one("In", "tier") && !one("In", "none"));
        assert!(!one("NotIn", "app") && one("NotIn", "tier") && one("NotIn", "none"));
        assert!(one("Exists", "app") && !one("Exists", "none"));
        assert!(!one("DoesNotExist", "app") && one("DoesNotExist", "none"));
        assert!(!matches(json!({"matchLabels": {"tier": "back"}})));
    }
}
