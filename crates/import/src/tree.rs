//! The configuration that is written: settings with the lines that they come from.

use std::fmt::Write as _;

use diagnostic::Language;

use crate::words::Pick as _;

/// A setting that is written.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// What it is.
    pub value: Value,
    /// The line of the imported file, where one says it.
    pub line: Option<usize>,
    /// What it is for.
    pub words: String,
}

/// What a setting is.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// A text that stands as it is in YAML: see [`scalar`].
    Scalar(String),
    /// A list.
    List(Vec<Item>),
    /// A section.
    Map(Vec<(String, Item)>),
    /// A line that is only said, behind `#`.
    Remark,
}

/// The settings by their paths.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    entries: Vec<(String, Item)>,
}

impl Item {
    /// A setting that a line says.
    pub fn new(value: Value, line: Option<usize>, words: impl Into<String>) -> Self {
        Self { value, line, words: words.into() }
    }
}

impl Tree {
    /// Puts a setting at a path; sections on the way are made. What is there stays.
    pub fn set(&mut self, path: &[&str], item: Item) {
        put(&mut self.entries, path, item);
    }

    /// Says what a section is for.
    pub fn describe(&mut self, path: &[&str], words: &str) {
        let mut entries = &mut self.entries;
        for (at, name) in path.iter().enumerate() {
            let Some((_, item)) = entries.iter_mut().find(|(known, _)| known == name) else {
                return;
            };
            if at + 1 == path.len() {
                words.clone_into(&mut item.words);
                return;
            }
            let Value::Map(inner) = &mut item.value else { return };
            entries = inner;
        }
    }

    /// A remark at the end of a section, once the section is there.
    pub fn remark(&mut self, section: &str, words: String, line: Option<usize>) {
        let found = self.entries.iter_mut().find(|(known, _)| known == section);
        if let Some((_, Item { value: Value::Map(inner), .. })) = found {
            inner.push((String::new(), Item::new(Value::Remark, line, words)));
        }
    }

    /// Whether there is something at a path.
    pub fn has(&self, path: &[&str]) -> bool {
        self.find(path).is_some()
    }

    /// Whether a path holds this value.
    pub fn is_at(&self, path: &[&str], written: &str) -> bool {
        matches!(self.find(path).map(|item| &item.value), Some(Value::Scalar(text)) if text == written)
    }

    fn find(&self, path: &[&str]) -> Option<&Item> {
        let mut entries = &self.entries;
        let (last, above) = path.split_last()?;
        for name in above {
            match &entries.iter().find(|(known, _)| known == name)?.1.value {
                Value::Map(inner) => entries = inner,
                _ => return None,
            }
        }
        entries.iter().find(|(known, _)| known == last).map(|(_, item)| item)
    }

    /// The text of the configuration; `file` is what lines are lines of.
    pub fn print(&self, file: &str, language: Language) -> String {
        let mut out = String::new();
        let from = language.pick("from", "de");
        let printer = Printer { file, from };
        for (name, item) in &self.entries {
            if matches!(item.value, Value::Map(_)) {
                out.push('\n');
            }
            printer.entry(name, item, 0, &mut out);
        }
        out
    }
}

fn put(entries: &mut Vec<(String, Item)>, path: &[&str], item: Item) {
    let Some((first, rest)) = path.split_first() else { return };
    let at = entries.iter().position(|(known, _)| known == first);
    if rest.is_empty() {
        if at.is_none() {
            entries.push(((*first).to_owned(), item));
        }
        return;
    }
    let at = at.unwrap_or_else(|| {
        entries.push(((*first).to_owned(), Item::new(Value::Map(Vec::new()), None, "")));
        entries.len() - 1
    });
    if let Value::Map(inner) = &mut entries[at].1.value {
        put(inner, rest, item);
    }
}

struct Printer<'a> {
    file: &'a str,
    from: &'a str,
}

impl Printer<'_> {
    fn entry(&self, name: &str, item: &Item, indent: usize, out: &mut String) {
        let blanks = " ".repeat(indent);
        match &item.value {
            Value::Scalar(text) => {
                let _ = writeln!(out, "{blanks}{name}: {text}{}", self.comment(item));
            }
            Value::Remark => {
                let _ = writeln!(out, "{blanks}{}", self.comment(item).trim_start());
            }
            Value::List(items) if items.is_empty() => {
                let _ = writeln!(out, "{blanks}{name}: []{}", self.comment(item));
            }
            Value::List(items) => {
                let _ = writeln!(out, "{blanks}{name}:{}", self.comment(item));
                for item in items {
                    let comment = self.comment(item);
                    let line = match &item.value {
                        Value::Scalar(text) => format!("- {text}{comment}"),
                        _ => comment.trim_start().to_owned(),
                    };
                    let _ = writeln!(out, "{blanks}  {line}");
                }
            }
            Value::Map(inner) => {
                for words in item.words.lines() {
                    let _ = writeln!(out, "{blanks}# {words}");
                }
                let _ = writeln!(out, "{blanks}{name}:");
                for (name, item) in inner {
                    self.entry(name, item, indent + 2, out);
                }
            }
        }
    }

    fn comment(&self, item: &Item) -> String {
        let place = item.line.map(|line| format!("{} {}:{line}", self.from, self.file));
        let words = Some(item.words.trim_end_matches('.').to_owned());
        let parts: Vec<String> =
            words.into_iter().chain(place).filter(|part| !part.is_empty()).collect();
        if parts.is_empty() { String::new() } else { format!("  # {}", parts.join("; ")) }
    }
}

/// A text as YAML takes it for a text.
pub(crate) fn scalar(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "._/@-".contains(c))
        && matches!(yaml::resolve(text), yaml::Meaning::Text);
    if is_plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

/// A text that a person wrote, in which nothing is an expression.
pub(crate) fn literal(text: &str) -> String {
    scalar(&text.replace("${", "$${"))
}
