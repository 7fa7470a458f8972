//! The passwords of the file: which settings are some, what each is called in the cluster, and how a
//! script finds it. No value leaves this module but into [`Secrets::same`], which compares.

mod script;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use config::NodeKind;

use crate::document::{Document, Leaf};
pub(crate) use script::Script;
use written::{Style, Written};

/// What a password says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Something.
    Said,
    /// `changeme`: nobody has thought of one yet.
    Placeholder,
    /// Nothing.
    Empty,
}

/// What becomes of a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Use {
    /// The written configuration refers to it, at these paths.
    Reference(Vec<String>),
    /// A Secret that the platform would otherwise fill with a random value.
    Own,
    /// The platform draws a random value instead.
    Generated,
    /// Nothing needs it yet.
    Kept,
}

/// A password.
#[derive(Clone, Debug)]
pub(crate) struct SecretValue {
    /// The number of its setting.
    pub leaf: usize,
    /// What it says.
    pub state: State,
    /// The Secret.
    pub name: String,
    /// The key within it.
    pub key: String,
    /// What becomes of it.
    pub used: Use,
    /// How it is written, if a script can read that.
    written: Option<Written>,
}

/// All passwords.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrets {
    pub all: Vec<SecretValue>,
    /// What the configuration refers to and the file does not say: Secret, line near by.
    pub unsaid: Vec<(String, usize)>,
    by_leaf: BTreeMap<usize, usize>,
    on_lines: BTreeMap<usize, BTreeSet<(usize, usize, Style)>>,
}

impl SecretValue {
    /// Whether a script can read it at its place.
    pub fn is_readable(&self) -> bool {
        self.written.is_some()
    }
}

/// Names of settings that hold secret values, in small letters without hyphens and underscores:
/// what they end with.
const ENDINGS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "secretkey",
    "accesskey",
    "apikey",
    "apikeys",
    "privatekey",
    "token",
    "tokenkey",
    "credential",
    "credentials",
    "passwords",
    "secrets",
    "tokens",
];

/// Names that end so, and only name a Secret.
const NAMES_ONLY: &[&str] = &["tlssecret", "existingsecret", "pullsecret", "imagepullsecret"];

/// Texts that stand for a password that nobody has thought of yet.
const PLACEHOLDERS: &[&str] = &["changeme", "change-me", "change_me", "changemeplease", "todo"];

/// The longest name of a Secret; an option takes no longer one.
const LONGEST_NAME: usize = 63;

impl Secrets {
    /// Finds the passwords of a file.
    pub fn find(document: &Document) -> Self {
        let mut secrets = Self::default();
        let mut taken = BTreeSet::new();
        for (at, leaf) in document.leaves.iter().enumerate() {
            if !leaf.is_secret {
                continue;
            }
            let (name, key) = named(leaf, &mut taken);
            secrets.by_leaf.insert(at, secrets.all.len());
            secrets.all.push(SecretValue {
                leaf: at,
                state: state(leaf),
                name,
                key,
                used: Use::Kept,
                written: None,
            });
        }
        secrets.find_written(document);
        secrets.set_apart(&mut taken);
        secrets
    }

    /// Gives what a script cannot read Secrets of their own, so that it makes the others.
    fn set_apart(&mut self, taken: &mut BTreeSet<(String, String)>) {
        let count = |all: &[SecretValue], name: &str| all.iter().filter(|s| s.name == name).count();
        for at in 0..self.all.len() {
            let secret = &self.all[at];
            if secret.is_readable() || count(&self.all, &secret.name) < 2 {
                continue;
            }
            let key: String = secret.key.to_ascii_lowercase().replace('_', "-");
            let name = format!("{}-{key}", secret.name);
            let name = name[..name.len().min(LONGEST_NAME)].trim_end_matches('-').to_owned();
            if taken.insert((name.clone(), secret.key.clone())) {
                self.all[at].name = name;
            }
        }
    }

    /// Finds how each is written. Of what else stands on its line, the script must know where it
    /// ends, too: its text may be a password under a name that nobody knows for one.
    fn find_written(&mut self, document: &Document) {
        let spans = |leaf: &Leaf| {
            let span = &leaf.node.place.span;
            (document.line_at(span.start), document.line_at(span.end))
        };
        let first_lines = self.all.iter().map(|one| spans(&document.leaves[one.leaf]).0);
        let lines: BTreeSet<usize> = first_lines.collect();
        let mut unreadable = BTreeSet::new();
        for (at, leaf) in document.leaves.iter().enumerate() {
            let (first, last) = spans(leaf);
            if lines.range(first..=last).next().is_none() {
                continue;
            }
            let written = written::find(document, leaf, self.of(at).is_some());
            match written {
                Some(Written::Line { line, start, end, style }) => {
                    self.on_lines.entry(line).or_default().insert((start, end, style));
                }
                Some(Written::Block { .. }) => {}
                None => unreadable.extend(first..=last),
            }
            if let Some(secret) = self.of_mut(at) {
                secret.written = written;
            }
        }
        for secret in &mut self.all {
            let Some(Written::Line { line, .. } | Written::Block { header: line, .. }) =
                secret.written
            else {
                continue;
            };
            if unreadable.contains(&line) {
                secret.written = None;
            }
        }
    }

    /// Everything of a line that is a value: where it begins and ends, and its quotes.
    fn on_line(&self, line: usize) -> impl Iterator<Item = (usize, usize, Style)> {
        self.on_lines.get(&line).into_iter().flatten().copied()
    }

    /// The password of a setting.
    pub fn of(&self, leaf: usize) -> Option<&SecretValue> {
        self.all.get(*self.by_leaf.get(&leaf)?)
    }

    /// The same, to be changed.
    pub fn of_mut(&mut self, leaf: usize) -> Option<&mut SecretValue> {
        self.all.get_mut(*self.by_leaf.get(&leaf)?)
    }

    /// Whether a Secret of that name is made from the file already.
    pub fn has(&self, name: &str, key: &str) -> bool {
        self.all.iter().any(|one| one.name == name && one.key == key)
    }

    /// Settings that hold the same password, two at least each.
    pub fn same(&self, document: &Document) -> Vec<Vec<usize>> {
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for secret in self.all.iter().filter(|one| one.state == State::Said) {
            let leaf = &document.leaves[secret.leaf];
            let group = groups.entry(leaf.secret_text().unwrap_or_default()).or_default();
            // What is merged in from elsewhere is the same setting.
            let is_there = |other: &usize| document.leaves[*other].node.place == leaf.node.place;
            if !group.iter().any(is_there) {
                group.push(secret.leaf);
            }
        }
        let mut found: Vec<Vec<usize>> =
            groups.into_values().filter(|group| group.len() > 1).collect();
        found.sort();
        found
    }
}

/// Whether a setting holds a secret value, as its name or what it stands below says; a text that
/// holds a private key or an address with a password is one whatever it is called.
pub(crate) fn is_secret(leaf: &Leaf) -> bool {
    let is_named = leaf.inside.split('.').any(|part| {
        let part = part.split('[').next().unwrap_or(part);
        let part: String = part.chars().filter(char::is_ascii_alphanumeric).collect();
        let part = part.to_ascii_lowercase();
        ENDINGS.iter().any(|ending| part.ends_with(ending)) && !NAMES_ONLY.contains(&&*part)
    });
    is_named || leaf.secret_text().is_some_and(|text| looks_secret(&text))
}

fn looks_secret(text: &str) -> bool {
    let has_login = text.split_once("://").is_some_and(|(_, rest)| {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
        authority.rsplit_once('@').is_some_and(|(login, _)| login.contains(':'))
    });
    has_login || text.contains("PRIVATE KEY-----")
}

fn state(leaf: &Leaf) -> State {
    match &leaf.node.kind {
        NodeKind::Text(text) if text.is_empty() => State::Empty,
        NodeKind::Text(text)
            if PLACEHOLDERS.contains(&text.trim().to_ascii_lowercase().as_str()) =>
        {
            State::Placeholder
        }
        _ => State::Said,
    }
}

/// The Secret for a setting: named by the section and what the setting stands below; the key is the
/// setting's own name.
fn named(leaf: &Leaf, taken: &mut BTreeSet<(String, String)>) -> (String, String) {
    let path = leaf.path.replace('[', ".").replace(']', "");
    let (above, last) = path.rsplit_once('.').unwrap_or((&path, "value"));
    let mut name = String::from("imported-");
    for c in above.chars() {
        let c = if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        if c != '-' || !name.ends_with('-') {
            name.push(c);
        }
    }
    name.truncate(LONGEST_NAME - 4);
    let name = name.trim_end_matches('-').to_owned();
    let is_of_key = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let mut key: String = last.chars().filter(|c| is_of_key(*c)).collect();
    if key.is_empty() || key.len() > LONGEST_NAME {
        "value".clone_into(&mut key);
    }
    let mut free = name.clone();
    let mut number = 2;
    while !taken.insert((free.clone(), key.clone())) {
        free = format!("{name}-{number}");
        number += 1;
    }
    (free, key)
}
