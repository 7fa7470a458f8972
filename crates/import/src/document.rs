//! The file that is imported: its settings one by one, each with its path and its line.

use std::collections::BTreeMap;

use config::{Format, Node, NodeKind, Place, Sources, read};

use crate::refusal::{self, Refusal};
use crate::secret;
use crate::words::Said;

/// The largest file that is read; real ones have some ten thousand bytes.
const MOST_BYTES: usize = 4 << 20;

/// How many settings are looked at; real files have some hundreds.
const MOST_LEAVES: usize = 20_000;

/// A file with its settings.
#[derive(Debug)]
pub(crate) struct Document {
    /// The path by which a person knows it.
    pub path: String,
    /// Its text.
    pub text: String,
    /// The sections.
    pub root: Node,
    /// All settings, in the order of the file.
    pub leaves: Vec<Leaf>,
    /// Where each line begins.
    starts: Vec<usize>,
    by_path: BTreeMap<String, usize>,
}

/// A setting that is no section and no list.
#[derive(Debug)]
pub(crate) struct Leaf {
    /// The section.
    pub section: String,
    /// The path within the section: `database.user`, `redirectUris[0]`.
    pub inside: String,
    /// The whole path.
    pub path: String,
    /// The value.
    pub node: Node,
    /// The line, counted from one.
    pub line: usize,
    /// Whether it holds a password.
    pub is_secret: bool,
}

impl Leaf {
    /// The value as a text: numbers and truth values as they are usually written. That of a
    /// password is nobody's business.
    pub fn text(&self) -> Option<String> {
        if self.is_secret { None } else { self.secret_text() }
    }

    /// The value as a text, whatever it is.
    pub fn secret_text(&self) -> Option<String> {
        match &self.node.kind {
            NodeKind::Text(text) | NodeKind::Untyped(text) => Some(text.clone()),
            NodeKind::Int(value) => Some(value.to_string()),
            NodeKind::Float(value) => Some(value.to_string()),
            NodeKind::Bool(value) => Some(value.to_string()),
            _ => None,
        }
    }

    /// The value as a truth value; a text that means one counts.
    pub fn truth(&self) -> Option<bool> {
        match &self.node.kind {
            NodeKind::Bool(value) => Some(*value),
            NodeKind::Text(text) if !self.is_secret => truth_of(text),
            _ => None,
        }
    }
}

/// A name as it may be shown: what moves the cursor of a terminal does not.
pub(crate) fn shown(name: &str) -> String {
    name.replace(char::is_control, "\u{fffd}")
}

/// The truth value that a text means.
pub(crate) fn truth_of(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some(true),
        "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

impl Document {
    /// Reads a file.
    pub fn read(path: &str, bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > MOST_BYTES {
            return Err(Refusal::one(
                "import.size",
                1,
                refusal::TOO_LARGE,
                refusal::IS_IT_THE_FILE,
            ));
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(error) => {
                let line = line_of(&starts_of(bytes), error.valid_up_to());
                return Err(Refusal::one("import.text", line, refusal::NO_TEXT, refusal::UTF8));
            }
        };
        let starts = starts_of(bytes);
        let mut sources = Sources::default();
        let id = sources.add(path, text.as_str());
        let root = read(&sources, id, Format::Yaml)
            .map_err(|faults| Refusal::of(faults, |at| line_of(&starts, at)))?;
        if root.entries().is_empty() {
            let line = line_of(&starts, root.place.span.start);
            let said = (refusal::NO_SECTIONS, refusal::IS_IT_THE_FILE);
            return Err(Refusal::one("import.sections", line, said.0, said.1));
        }
        let path = path.to_owned();
        let (leaves, by_path) = (Vec::new(), BTreeMap::new());
        let mut document = Self { path, text, root, leaves, starts, by_path };
        document.gather()?;
        Ok(document)
    }

    fn gather(&mut self) -> Result<(), Refusal> {
        let mut leaves = Vec::new();
        for entry in self.root.entries() {
            self.below(&entry.key, "", &entry.node, &mut leaves);
        }
        if leaves.len() > MOST_LEAVES {
            let line = leaves.last().map_or(1, |leaf| leaf.line);
            let said = (refusal::TOO_MANY, refusal::IS_IT_THE_FILE);
            return Err(Refusal::one("import.size", line, said.0, said.1));
        }
        for (at, leaf) in leaves.iter().enumerate() {
            // A name that is shown otherwise than it is written is none of those that are looked for.
            self.by_path.entry(leaf.path.clone()).or_insert(at);
        }
        self.leaves = leaves;
        Ok(())
    }

    fn below(&self, section: &str, inside: &str, node: &Node, leaves: &mut Vec<Leaf>) {
        if leaves.len() > MOST_LEAVES {
            return;
        }
        match &node.kind {
            NodeKind::Null => {}
            NodeKind::Map(entries) => {
                for entry in entries {
                    let dot = if inside.is_empty() { "" } else { "." };
                    let name = format!("{inside}{dot}{}", entry.key);
                    self.below(section, &name, &entry.node, leaves);
                }
            }
            NodeKind::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.below(section, &format!("{inside}[{at}]"), item, leaves);
                }
            }
            _ => {
                let dot = if inside.is_empty() || inside.starts_with('[') { "" } else { "." };
                let mut leaf = Leaf {
                    section: section.to_owned(),
                    inside: inside.to_owned(),
                    path: shown(&format!("{section}{dot}{inside}")),
                    node: node.clone(),
                    line: self.line(&node.place),
                    is_secret: false,
                };
                leaf.is_secret = secret::is_secret(&leaf);
                leaves.push(leaf);
            }
        }
    }

    /// The number of a setting by its whole path.
    pub fn at(&self, path: &str) -> Option<usize> {
        self.by_path.get(path).copied()
    }

    /// A setting of a section.
    pub fn own(&self, section: &str, inside: &str) -> Option<usize> {
        self.at(&format!("{section}.{inside}"))
    }

    /// A setting of a section, or what `default` says for all.
    pub fn effective(&self, section: &str, inside: &str) -> Option<usize> {
        self.own(section, inside).or_else(|| self.own("default", inside))
    }

    /// The text of a setting, unless it is empty.
    pub fn text_at(&self, at: Option<usize>) -> Option<String> {
        self.leaves.get(at?)?.text().filter(|text| !text.trim().is_empty())
    }

    /// The truth of a setting.
    pub fn truth_at(&self, at: Option<usize>) -> Option<bool> {
        self.leaves.get(at?)?.truth()
    }

    /// The items of a list, or the one text that stands for it.
    pub fn all(&self, section: &str, inside: &str) -> Vec<usize> {
        let whole = format!("{section}.{inside}");
        if let Some(at) = self.at(&whole) {
            return vec![at];
        }
        let item = |at: usize| self.at(&format!("{whole}[{at}]"));
        (0..).map_while(item).collect()
    }

    /// The line of a place.
    pub fn line(&self, place: &Place) -> usize {
        line_of(&self.starts, place.span.start)
    }

    /// The line that holds a byte.
    pub fn line_at(&self, byte: usize) -> usize {
        line_of(&self.starts, byte)
    }

    /// Where a line begins, counted from one.
    pub fn start_of_line(&self, line: usize) -> usize {
        self.starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len())
    }

    /// A line without its break, counted from one.
    pub fn line_text(&self, line: usize) -> Option<&str> {
        let start = *self.starts.get(line.checked_sub(1)?)?;
        if start == self.text.len() && start > 0 {
            return None;
        }
        self.text.get(start..)?.split('\n').next()
    }

    /// Notes that no section of an `eole3.yaml` is there.
    pub fn refuse_unknown(&self) -> Refusal {
        let line = self.line(&self.root.place);
        Refusal::one("import.sections", line, NOT_OF_EOLE, refusal::IS_IT_THE_FILE)
    }
}

const NOT_OF_EOLE: Said = Said(
    "no section of this file is one of an `eole3.yaml`",
    "aucune section de ce fichier n'est celle d'un `eole3.yaml`",
);

fn starts_of(bytes: &[u8]) -> Vec<usize> {
    let breaks = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect()
}

fn line_of(starts: &[usize], byte: usize) -> usize {
    starts.partition_point(|start| *start <= byte).max(1)
}
