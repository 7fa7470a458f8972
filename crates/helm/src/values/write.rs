//! Frozen values to YAML, as `sigs.k8s.io/yaml` writes them.
//!
//! Not here: `toYaml` of templates, which writes the values that templates see.

use yaml::{Form, Writer};

use super::Plain;

/// The YAML text of a value. Whole floats are written as integers, since Go takes them through
/// JSON.
pub fn write_yaml(value: &Plain) -> String {
    let mut writer = Writer::new(Form::Kubernetes);
    write(&mut writer, value);
    writer.finish()
}

fn write(writer: &mut Writer, value: &Plain) {
    match value {
        Plain::Null => writer.null(),
        Plain::Bool(flag) => writer.bool(*flag),
        Plain::Int(number) => writer.int(*number),
        Plain::Float(number) => {
            // Beyond 1e21 JSON writes an exponent, which YAML reads as a float again.
            let is_whole = number.fract() == 0.0 && number.abs() < 1e15;
            if is_whole { writer.int(*number as i64) } else { writer.float(*number) }
        }
        Plain::Str(text) => writer.text(&text.to_text()),
        Plain::List(items) => {
            writer.begin_list();
            items.iter().for_each(|item| write(writer, item));
            writer.end_list();
        }
        Plain::Map(table) => {
            let mut entries: Vec<_> = table.iter().map(|(k, v)| (k.to_text(), v)).collect();
            yaml::sort_keys(&mut entries, Form::Kubernetes, |entry| &entry.0);
            writer.begin_map();
            for (key, value) in entries {
                writer.key(&key);
                write(writer, value);
            }
            writer.end_map();
        }
    }
}
