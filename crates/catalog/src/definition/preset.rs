//! Presets: what clusters of a kind offer when nobody has changed them, each fact with the page that
//! it was read from.

use config::{Entry, Field, Node, NodeKind, Shape, Sources, TextKind, Words};

use diagnostic::{Language, words};

use super::Reader;
use super::reader::{entries_of, field, name, text, text_of, words, words_of};
use crate::facts;

/// A kind of cluster.
#[derive(Clone, Debug)]
pub struct Preset {
    /// Its name: `k3d`.
    pub name: String,
    /// What it is.
    pub words: Words,
    /// Its facts.
    pub facts: Node,
    /// The pages that they were read from, by the name of the fact.
    pub sources: Vec<Entry>,
    /// Why there is no such page, by the name of the fact.
    pub unverified: Vec<Entry>,
    /// The document.
    pub node: Node,
}

impl Reader<'_> {
    /// A preset from its document.
    pub(crate) fn preset(&mut self, node: Node) -> Option<Preset> {
        let mut fields = vec![
            field("facts", name()).required(),
            field("words", words()).required(),
            field("sources", Shape::map(Shape::Text(TextKind::Url))),
            field("unverified", Shape::map(text())),
        ];
        let of_cluster = facts::observed();
        fields.extend(of_cluster.iter().cloned().map(Field::required));
        let node = self.checked(node, &Shape::record("a preset", fields), "the preset");
        let is_fact = |entry: &&Entry| of_cluster.iter().any(|fact| fact.name == entry.key);
        let kept = node.entries().iter().filter(is_fact).cloned().collect();
        let found = Preset {
            name: text_of(&node, "facts")?,
            words: words_of(&node, "words"),
            facts: Node::new(NodeKind::Map(kept), node.place.clone()),
            sources: entries_of(&node, "sources").cloned().collect(),
            unverified: entries_of(&node, "unverified").cloned().collect(),
            node,
        };
        self.every_fact_has_a_source(&found);
        Some(found)
    }

    /// What a preset says was read somewhere, or it says that it was not.
    fn every_fact_has_a_source(&mut self, preset: &Preset) {
        let cited = |name: &str| {
            let mut all = preset.sources.iter().chain(&preset.unverified);
            all.any(|entry| entry.key == name)
        };
        for Entry { key, key_place, .. } in preset.facts.entries() {
            if !cited(key) {
                let title = words!(
                    "nothing says where `{key}` was read",
                    "rien ne dit où `{key}` a été lu"
                );
                let remedy = words!(
                    "name the page under `sources.{key}`, or say under `unverified.{key}` why there \
                     is none",
                    "nommer la page sous `sources.{key}`, ou dire sous `unverified.{key}` pourquoi \
                     il n'y en a pas"
                );
                self.error("catalog.source", title, key_place, [remedy]);
            }
        }
    }
}

impl Preset {
    /// The preset as a file for a person to change, each fact with what it means and where it was
    /// read.
    pub fn as_file(&self, sources: &Sources, language: Language) -> String {
        let in_language = |words: &Words| words.of(language).to_owned();
        let usage = words!(
            "In socle.yaml: `facts: facts.yaml`; on the command line: --facts facts.yaml",
            "Dans socle.yaml : `facts: facts.yaml` ; sur la ligne de commande : --facts facts.yaml"
        );
        let mut out = format!("# {}\n# {}\n", in_language(&self.words), in_language(&usage));
        for field in facts::observed() {
            let Some(node) = self.facts.get(&field.name) else { continue };
            out.push_str(&format!("\n# {}\n", in_language(&field.words)));
            let about = |all: &[Entry]| {
                let found = all.iter().find(|entry| entry.key == field.name)?;
                found.node.as_str().map(str::to_owned)
            };
            if let Some(page) = about(&self.sources) {
                out.push_str(&format!("# {page}\n"));
            }
            if let Some(reason) = about(&self.unverified) {
                let word = match language {
                    Language::English => "unverified: ",
                    Language::French => "non vérifié : ",
                };
                out.push_str(&format!("# {word}{reason}\n"));
            }
            out.push_str(&format!("{}: {}\n", field.name, sources.excerpt(&node.place)));
        }
        out
    }

    /// Whether something of it could not be read anywhere.
    pub fn is_unverified(&self) -> bool {
        !self.unverified.is_empty()
    }
}
