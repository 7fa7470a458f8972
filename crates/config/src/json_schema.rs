//! Shapes as JSON Schema, for editors that complete and explain.

use serde_json::{Map, Value, json};

use crate::shape::{Field, Record, Shape};

impl Shape {
    /// The shape as JSON Schema, with what settings do in English.
    pub fn json_schema(&self) -> Value {
        let plain = match self {
            Self::Any | Self::Raw => return json!({}),
            Self::Bool => json!({ "type": "boolean" }),
            Self::Int { least, most } => {
                let mut made = json!({ "type": "integer" });
                if let Some(least) = least {
                    made["minimum"] = json!(least);
                }
                if let Some(most) = most {
                    made["maximum"] = json!(most);
                }
                made
            }
            Self::Float => json!({ "type": "number" }),
            Self::Text(crate::TextKind::Quantity) => json!({ "type": ["string", "number"] }),
            Self::Text(_) => return json!({ "type": "string" }),
            Self::OneOf(choices) => {
                let words: Vec<&str> = choices.iter().map(|choice| choice.word.as_str()).collect();
                json!({ "enum": words })
            }
            Self::Secret => json!({
                "type": "object",
                "properties": { "secret": { "type": "string" }, "key": { "type": "string" } },
                "required": ["secret", "key"],
                "additionalProperties": false,
            }),
            Self::List(of) => json!({ "type": "array", "items": of.json_schema() }),
            Self::Map(of) => {
                return json!({ "type": ["object", "null"], "additionalProperties": of.json_schema() });
            }
            Self::Record(record) => return of_record(record),
        };
        // Wherever a value stands, an expression may stand that gives it.
        json!({ "anyOf": [plain, { "type": "string", "pattern": "\\$\\{" }] })
    }
}

fn of_record(record: &Record) -> Value {
    let properties: Map<String, Value> =
        record.fields.iter().map(|field| (field.name.clone(), of_field(field))).collect();
    let required: Vec<&str> =
        record.fields.iter().filter(|field| field.required).map(|field| &*field.name).collect();
    let mut made = json!({
        "type": ["object", "null"],
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        made["required"] = json!(required);
    }
    made
}

fn of_field(field: &Field) -> Value {
    let mut made = field.shape.json_schema();
    if !field.words.en.is_empty() {
        let default = field.default.as_ref().map(|default| format!(" Default: {default}."));
        made["description"] = json!(format!("{}{}", field.words.en, default.unwrap_or_default()));
    }
    made
}
