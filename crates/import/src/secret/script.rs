//! The script that makes Secrets from the imported file, with nothing but `kubectl` and the tools of
//! POSIX. It holds no value: for each password it knows the line, the text around it and the quotes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use diagnostic::Language;

use super::written::{Chomping, Style, Written};
use super::{SecretValue, Secrets, State, Use};
use crate::document::{Document, shown};
use crate::words::{Pick as _, Said};

const TEMPLATE: &str = include_str!("secrets.sh");
const PROGRAM: &str = include_str!("extract.awk");

/// What a script is made for.
pub(crate) struct Script<'a> {
    /// The imported file.
    pub document: &'a Document,
    /// Its passwords.
    pub secrets: &'a Secrets,
    /// The namespace of the platform.
    pub namespace: &'a str,
    /// Whether the platform runs, so that placeholders are what it runs with.
    pub running: bool,
    /// The language of what the script says.
    pub language: Language,
}

impl Script<'_> {
    /// The script's text; `name` is what it is called.
    pub fn print(&self, name: &str) -> String {
        let language = self.language;
        let drop = self.dropped();
        let (lines, size) = (numbers(&drop), self.sum(&drop));
        let parts = [
            ("title", language.pick(TITLE.0, TITLE.1).to_owned()),
            ("how", HOW.map(|Said(en, fr)| language.pick(en, fr)).join("\n# ")),
            ("notes", language.pick(NOTES.0, NOTES.1).to_owned()),
            ("script", name.to_owned()),
            ("file", shown(&self.document.path)),
            ("language", language.pick("en", "fr").to_owned()),
            ("namespace", self.namespace.to_owned()),
            ("program", PROGRAM.trim_end().to_owned()),
            ("shape", language.pick(SHAPE.0, SHAPE.1).to_owned()),
            ("shapes", self.shapes()),
            ("sum", language.pick(SUM.0, SUM.1).to_owned()),
            ("drop", lines),
            ("cksum", size),
            ("create", language.pick(CREATE.0, CREATE.1).to_owned()),
            ("by_hand", language.pick(BY_HAND.0, BY_HAND.1).to_owned()),
            ("calls", self.calls()),
        ];
        filled(TEMPLATE, &parts)
    }

    /// The Secrets by name, each with its passwords.
    fn by_name(&self) -> BTreeMap<&str, Vec<&SecretValue>> {
        let mut found: BTreeMap<&str, Vec<&SecretValue>> = BTreeMap::new();
        for secret in self.secrets.all.iter().filter(|one| one.used != Use::Generated) {
            found.entry(&secret.name).or_default().push(secret);
        }
        found
    }

    /// Whether the file says the value, in a way that the script can read.
    fn is_read(&self, secret: &SecretValue) -> bool {
        secret.written.is_some() && (self.running || secret.state != State::Placeholder)
    }

    fn shapes(&self) -> String {
        let mut out = String::new();
        for (name, secrets) in self.by_name() {
            if !secrets.iter().all(|one| self.is_read(one)) {
                continue;
            }
            let _ = writeln!(out, "S {name}");
            for secret in secrets {
                let _ = writeln!(out, "K {}", secret.key);
                if let Some(written) = &secret.written {
                    self.shape(written, &mut out);
                }
            }
        }
        out
    }

    fn shape(&self, written: &Written, out: &mut String) {
        match written {
            Written::Line { line, start, .. } => {
                let _ = writeln!(out, "L {line}");
                let text = self.document.line_text(*line).unwrap_or("");
                let mut from = 0;
                for (begin, end, style) in self.secrets.on_line(*line) {
                    let literal = text.get(from..begin).unwrap_or("");
                    let op = if begin == *start { 'V' } else { 'X' };
                    let _ = writeln!(out, "T {literal}\n{op} {}", style_word(style));
                    from = end;
                }
                rest_of_line(text.get(from..).unwrap_or(""), out);
            }
            Written::Block { header, first, last, indent, chomping } => {
                let _ = writeln!(out, "L {header}");
                rest_of_line(self.document.line_text(*header).unwrap_or(""), out);
                let chomping = match chomping {
                    Chomping::Strip => "strip",
                    Chomping::Clip => "clip",
                    Chomping::Keep => "keep",
                };
                let _ = writeln!(out, "B {first} {last} {indent} {chomping}");
            }
        }
    }

    /// The lines that hold passwords.
    fn dropped(&self) -> BTreeSet<usize> {
        let mut lines = BTreeSet::new();
        for secret in &self.secrets.all {
            let span = &self.document.leaves[secret.leaf].node.place.span;
            lines.extend(self.document.line_at(span.start)..=self.document.line_at(span.end));
            if let Some(Written::Block { first, last, .. }) = secret.written {
                lines.extend(first..=last);
            }
        }
        lines
    }

    /// What `cksum` says of the file without its passwords and comments.
    fn sum(&self, drop: &BTreeSet<usize>) -> String {
        let mut text = String::new();
        for line in 1.. {
            let Some(written) = self.document.line_text(line) else { break };
            let is_comment = written.trim_start_matches([' ', '\t']).starts_with('#');
            text.push_str(if drop.contains(&line) || is_comment { "#" } else { written });
            text.push('\n');
        }
        format!("{} {}", cksum(text.as_bytes()), text.len())
    }

    /// The Secrets that are made, those that nothing needs yet behind a condition.
    fn calls(&self) -> String {
        let mut out = String::new();
        for (name, secrets) in self.by_name() {
            let is_kept = secrets.iter().all(|one| one.used == Use::Kept);
            let indent = if is_kept { "[ \"$all\" = no ] || " } else { "" };
            for secret in &secrets {
                let leaf = &self.document.leaves[secret.leaf];
                let _ = writeln!(out, "# {} ({})", leaf.path, leaf.line);
            }
            if secrets.iter().all(|one| self.is_read(one)) {
                let _ = writeln!(out, "{indent}create {name}");
                continue;
            }
            let keys: Vec<&str> = secrets.iter().map(|one| one.key.as_str()).collect();
            let line = self.document.leaves[secrets[0].leaf].line;
            let call = self.by_hand(name, &keys, line);
            let _ = writeln!(out, "{indent}{call}");
        }
        for (name, line) in &self.secrets.unsaid {
            let _ = writeln!(out, "{}", self.by_hand(name, &["password"], *line));
        }
        out.trim_end().to_owned()
    }
}

/// What stands behind the last value of a line. What a comment says is nothing to copy.
fn rest_of_line(text: &str, out: &mut String) {
    let comment = text.find(" #").or_else(|| text.find("\t#"));
    let before = comment.map_or(text, |at| text[..at].trim_end_matches([' ', '\t']));
    if !before.is_empty() {
        let _ = writeln!(out, "T {before}");
    }
    out.push_str(if comment.is_some() { "C\n" } else { "E\n" });
}

impl Script<'_> {
    /// The line that says how to make a Secret by hand.
    fn by_hand(&self, name: &str, keys: &[&str], line: usize) -> String {
        let files = |word: &str| {
            let file = |key: &&str| format!(" --from-file={key}={word}");
            keys.iter().map(file).collect::<String>()
        };
        let (en, fr) = (files("FILE"), files("FICHIER"));
        let place = self.language.pick("line", "ligne");
        format!("by_hand {name} '{en}' '{fr}' '{place} {line}'")
    }
}

fn style_word(style: Style) -> &'static str {
    match style {
        Style::Plain => "plain",
        Style::Flow => "flow",
        Style::Single => "single",
        Style::Double => "double",
    }
}

fn numbers(lines: &BTreeSet<usize>) -> String {
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    lines.join(" ")
}

/// The template with its `{{…}}` filled. What is put in is not looked into again.
fn filled(template: &str, parts: &[(&str, String)]) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((name, behind)) = after.split_once("}}") else { break };
        if let Some((_, text)) = parts.iter().find(|(known, _)| *known == name) {
            out.push_str(text);
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// The check sum that POSIX's `cksum` prints:
/// <https://pubs.opengroup.org/onlinepubs/9799919799/utilities/cksum.html>.
fn cksum(bytes: &[u8]) -> u32 {
    const POLYNOMIAL: u32 = 0x04c1_1db7;
    let step =
        |crc: u32, byte: u8| {
            let crc = crc ^ (u32::from(byte) << 24);
            (0..8).fold(crc, |crc, _| {
                if crc & 0x8000_0000 == 0 { crc << 1 } else { (crc << 1) ^ POLYNOMIAL }
            })
        };
    let mut crc = bytes.iter().fold(0, |crc, byte| step(crc, *byte));
    let mut length = bytes.len();
    while length > 0 {
        crc = step(crc, length as u8);
        length >>= 8;
    }
    !crc
}

const TITLE: Said = Said(
    "Makes the Secrets that socle.yaml refers to, from the file that was imported.",
    "Crée les Secrets auxquels socle.yaml renvoie, d'après le fichier importé.",
);
const HOW: [Said; 2] = [
    Said(
        "No password is in this script: it reads each at its place in the file, and hands it to",
        "Aucun mot de passe n'est dans ce script : il lit chacun à sa place dans le fichier, et le",
    ),
    Said(
        "kubectl by standard input. Secrets that are there already stay as they are.",
        "donne à kubectl par l'entrée standard. Les Secrets qui existent déjà restent comme ils sont.",
    ),
];
const NOTES: Said = Said(
    "--all makes those, too, that nothing needs yet; --dry-run asks no cluster.",
    "--all crée aussi ceux dont rien n'a encore besoin ; --dry-run ne joint aucune grappe.",
);
const SHAPE: Said = Said(
    "Where the passwords are: Secret, key, line, the text around the value, its quotes.",
    "Où sont les mots de passe : Secret, clé, ligne, texte autour de la valeur, guillemets.",
);
const SUM: Said = Said(
    "Apart from passwords and comments, the file is the one that was imported.",
    "Mots de passe et commentaires mis à part, le fichier est celui qui a été importé.",
);
const CREATE: Said =
    Said("Makes a Secret, unless it is there.", "Crée un Secret, sauf s'il existe.");
const BY_HAND: Said = Said(
    "Says how to make a Secret that this script cannot make.",
    "Dit comment créer un Secret que ce script ne peut pas créer.",
);
