//! JSON as Go's `encoding/json` writes it: the digest of a lock is made of these bytes.

use helm::chart::Dependency;
use helm::values::Plain;

/// A list of dependencies; an absent one is `null`.
pub fn dependencies(list: Option<&[Dependency]>) -> String {
    let Some(list) = list else { return "null".to_owned() };
    let items: Vec<String> = list.iter().map(dependency).collect();
    format!("[{}]", items.join(","))
}

fn dependency(dependency: &Dependency) -> String {
    let mut fields = vec![format!("\"name\":{}", text(dependency.name.as_bytes()))];
    let mut add = |name: &str, value: String| fields.push(format!("\"{name}\":{value}"));
    if !dependency.version.is_empty() {
        add("version", text(dependency.version.as_bytes()));
    }
    add("repository", text(dependency.repository.as_bytes()));
    if !dependency.condition.is_empty() {
        add("condition", text(dependency.condition.as_bytes()));
    }
    if !dependency.tags.is_empty() {
        let tags: Vec<String> = dependency.tags.iter().map(|tag| text(tag.as_bytes())).collect();
        add("tags", format!("[{}]", tags.join(",")));
    }
    if dependency.enabled {
        add("enabled", "true".to_owned());
    }
    if !dependency.import_values.is_empty() {
        let items: Vec<String> = dependency.import_values.iter().map(plain).collect();
        add("import-values", format!("[{}]", items.join(",")));
    }
    if !dependency.alias.is_empty() {
        add("alias", text(dependency.alias.as_bytes()));
    }
    format!("{{{}}}", fields.join(","))
}

/// Values nest no deeper than the reader of YAML lets them.
fn plain(value: &Plain) -> String {
    match value {
        Plain::Null => "null".to_owned(),
        Plain::Bool(flag) => flag.to_string(),
        Plain::Int(number) => number.to_string(),
        Plain::Float(number) => float(*number),
        Plain::Str(string) => text(string.as_bytes()),
        Plain::List(items) => {
            let items: Vec<String> = items.iter().map(plain).collect();
            format!("[{}]", items.join(","))
        }
        Plain::Map(table) => {
            let entries: Vec<String> = table
                .iter()
                .map(|(key, value)| format!("{}:{}", text(key.as_bytes()), plain(value)))
                .collect();
            format!("{{{}}}", entries.join(","))
        }
    }
}

fn float(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        return strconv::format_float(number, b'f', None, 64);
    }
    // Go writes e-7, not e-07.
    strconv::format_float(number, b'e', None, 64).replace("e-0", "e-")
}

fn text(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 2);
    out.push('"');
    for letter in String::from_utf8_lossy(bytes).chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                let code = u32::from(letter);
                out.push_str("\\u");
                for shift in [12, 8, 4, 0] {
                    out.push(char::from_digit(code >> shift & 15, 16).unwrap_or('0'));
                }
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
