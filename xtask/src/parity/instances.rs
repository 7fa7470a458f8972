//! Makes the values files of instances of a chart, for `--each`: they differ from each other as the
//! instances of a fleet do, and as they should not. The same seed always gives the same files.

use serde_json::{Map, Value, json};

use super::toggle::{chance, changed, mixed};

/// How many kinds of instances there are; so many make a group.
const KINDS: usize = 5;

/// The ends of the names in a group, in the order of the alphabet: of any length, and one that looks
/// like a number's end.
const ENDS: [&str; KINDS] = ["", "-a-longer-name", ".b", "1e3", "x"];

/// What a text may hold that YAML, or a template, could take for something else.
const SPECIAL: [&str; 36] = [
    "",
    " ",
    "a: b",
    "- a",
    "a #b",
    "#a",
    "it's",
    "\"",
    "a \"b\" c",
    "\\",
    "true",
    "no",
    "null",
    "~",
    "007",
    "12345",
    "1e3",
    "0x1F",
    "1_000",
    "2020-01-01",
    " before",
    "after ",
    "two\nlines",
    "lines\n\n  and more\n",
    "\n",
    "a\tb",
    "été — 日本 🦀",
    "a\u{1}b\u{85}c\u{2028}d",
    "{{ .Release.Name }}",
    "{a",
    "[",
    "*a",
    "&a !b",
    "%a @b `c`",
    "---",
    "words that go on until the line is much longer than what fits on one, and on, and on, and on",
];

/// How the values of an instance differ from the chart's own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Not at all: its file is empty.
    Empty,
    /// By other words and numbers.
    Words,
    /// By yet other words and numbers in the same places, and by some switches.
    Switches,
    /// By texts with a meaning in YAML, in the same places.
    Special,
    /// By anything: longer and shorter lists, other keys, nulls, other types.
    Anything,
}

/// One instance to make.
#[derive(Clone, Copy)]
pub struct Instance {
    number: usize,
    seed: u64,
}

impl Instance {
    /// The so manieth one, from zero.
    pub fn new(number: usize, seed: u64) -> Self {
        Self { number, seed }
    }

    /// Its name; the order of the names is that of the numbers.
    pub fn name(self) -> String {
        let letter = |index: usize| char::from(b"abcdefghijklmnopqrstuvwxyz"[index % 26]);
        let group = self.number / KINDS;
        format!("{}{}{}", letter(group / 26), letter(group), ENDS[self.number % KINDS])
    }

    /// Its values file. Each further `attempt` changes fewer of the values, for charts that refuse
    /// most changes.
    pub fn file(self, defaults: &Value, attempt: u32) -> String {
        let kind = self.kind();
        if kind == Kind::Empty {
            return String::new();
        }
        let one_of = if kind == Kind::Words { 3 } else { 6 } * 4_u64.pow(attempt);
        let group = self.number / KINDS;
        let change = |value: &Value, path: &str| {
            // Instances of a group differ in the same places.
            let picked = chance(&format!("{} {group} {path}", self.seed)).is_multiple_of(one_of);
            let own = chance(&format!("{} {} {path}", self.seed, self.number));
            match kind {
                Kind::Anything => own
                    .is_multiple_of(one_of)
                    .then(|| anything(value, path, own / one_of))
                    .flatten(),
                Kind::Special if picked => special(value, own),
                Kind::Switches if value.is_boolean() => {
                    own.is_multiple_of(one_of).then(|| json!(value == &json!(false)))
                }
                Kind::Words | Kind::Switches if picked => words(value, path, own),
                _ => None,
            }
        };
        changed(defaults, "", &change).map(|values| values.to_string()).unwrap_or_default()
    }

    /// Whether fewer changes may help where the chart refuses the instance.
    pub fn may_retreat(self) -> bool {
        self.kind() != Kind::Empty
    }

    fn kind(self) -> Kind {
        [Kind::Empty, Kind::Words, Kind::Switches, Kind::Special, Kind::Anything]
            [self.number % KINDS]
    }
}

/// Another text or number of the same kind; often as long as the one before.
fn words(value: &Value, path: &str, chance: u64) -> Option<Value> {
    match value {
        Value::String(text) if chance.is_multiple_of(3) => {
            let other = |c: char| if c.is_ascii_lowercase() { 'q' } else { c };
            Some(json!(text.chars().map(other).collect::<String>()))
        }
        Value::String(text) => Some(json!(format!("{text}-{}", chance % 1000))),
        Value::Number(_) => Some(mixed_number(value, path, chance)),
        _ => None,
    }
}

fn mixed_number(value: &Value, path: &str, chance: u64) -> Value {
    match value.as_u64() {
        // So many replicas would be written one by one.
        Some(_) if is_count(path) => json!(chance % 4),
        Some(whole) => json!(whole.saturating_add(chance % 10)),
        None => json!(0.25),
    }
}

fn is_count(path: &str) -> bool {
    let key = path.rsplit('/').next().unwrap_or_default().to_lowercase();
    key.contains("replica") || key.contains("count")
}

fn special(value: &Value, chance: u64) -> Option<Value> {
    let index = usize::try_from(chance / 5).unwrap_or(0) % SPECIAL.len();
    value.is_string().then(|| json!(SPECIAL[index]))
}

/// Another shape: a list of another length, a map of other keys, another type.
fn anything(value: &Value, path: &str, chance: u64) -> Option<Value> {
    match value {
        Value::Array(items) if !items.is_empty() => Some(Value::Array(match chance % 4 {
            0 => Vec::new(),
            1 => items[1..].to_vec(),
            2 => items.iter().chain(items).cloned().collect(),
            _ => items.iter().rev().cloned().collect(),
        })),
        // The root is a map of all values, which no instance replaces.
        Value::Object(_) if path.is_empty() => None,
        Value::Object(fields) if !fields.is_empty() => Some(match chance % 4 {
            0 => Value::Null,
            1 => json!({ "a key: of its own": "x", "0": true }),
            2 => without(fields, chance),
            _ => Value::Object(fields.keys().map(|key| (key.clone(), Value::Null)).collect()),
        }),
        _ if chance.is_multiple_of(8) => Some(Value::Null),
        Value::Number(_) if is_count(path) => Some(json!(chance % 4)),
        _ => Some(mixed(value, path.rsplit('/').next().unwrap_or_default(), chance)),
    }
}

/// Takes one key away.
fn without(fields: &Map<String, Value>, chance: u64) -> Value {
    let index = usize::try_from(chance / 4).unwrap_or(0) % fields.len();
    fields.keys().nth(index).map_or(Value::Null, |key| json!({ key.clone(): null }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Instance;

    #[test]
    fn the_order_of_names_is_that_of_numbers() {
        let names: Vec<String> = (0..700).map(|number| Instance::new(number, 1).name()).collect();
        assert!(names.is_sorted(), "{names:?}");
    }

    #[test]
    fn instances_differ_by_seed_and_number_and_are_the_same_each_time() {
        let defaults: Value = (0..200).map(|n| (format!("k{n}"), json!("text"))).collect();
        let file = |number, seed| Instance::new(number, seed).file(&defaults, 0);
        assert_eq!(file(0, 1), "");
        let mut all: Vec<String> = (1..5).chain(6..9).map(|number| file(number, 1)).collect();
        all.push(file(1, 2));
        assert_eq!(
            all,
            [1, 2, 3, 4, 6, 7, 8]
                .map(|n| file(n, 1))
                .into_iter()
                .chain([file(1, 2)])
                .collect::<Vec<_>>()
        );
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn instances_of_a_group_differ_in_the_same_places() {
        let defaults: Value = (0..200).map(|n| (format!("k{n}"), json!("text"))).collect();
        let keys = |number: usize| -> Vec<String> {
            let file = Instance::new(number, 1).file(&defaults, 1);
            let values: Value = serde_json::from_str(&file).unwrap();
            values.as_object().unwrap().keys().cloned().collect()
        };
        assert_eq!(keys(2), keys(3));
        assert_ne!(keys(2), keys(7));
    }
}
