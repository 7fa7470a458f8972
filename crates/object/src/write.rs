//! Objects to YAML.

use serde_json::Value;
use yaml::{Form, Writer};

use crate::identity::Object;

impl Object {
    /// The object as one YAML document, keys in order, as `kubectl` prints it.
    pub fn to_yaml(&self) -> String {
        let mut writer = Writer::new(Form::Pretty);
        writer.begin_map();
        for (key, value) in &self.tree {
            writer.key(key);
            write(value, &mut writer);
        }
        writer.end_map();
        writer.finish()
    }
}

fn write(value: &Value, writer: &mut Writer) {
    match value {
        Value::Null => writer.null(),
        Value::Bool(value) => writer.bool(*value),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(value), _) => writer.int(value),
            (None, Some(value)) => writer.uint(value),
            (None, None) => writer.float(number.as_f64().unwrap_or_default()),
        },
        Value::String(text) => writer.text(text),
        Value::Array(items) => {
            writer.begin_list();
            for item in items {
                write(item, writer);
            }
            writer.end_list();
        }
        Value::Object(map) => {
            writer.begin_map();
            for (key, value) in map {
                writer.key(key);
                write(value, writer);
            }
            writer.end_map();
        }
    }
}
