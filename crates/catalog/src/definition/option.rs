//! Options: settings of a service that a configuration may set, with defaults by profile.

use std::sync::Arc;

use config::{Choice, Entry, Field, Node, NodeKind, Shape, TextKind};

use diagnostic::words;

use super::Reader;
use super::reader::{entries_of, field, name, text, words, words_of};

/// An option, or a parameter of a resource type.
#[derive(Clone, Debug)]
pub struct OptionOf {
    /// Its name, shape and words.
    pub field: Field,
    /// Its default; none where it must be set, or may stay unset.
    pub default: Option<Node>,
    /// Its defaults under profiles.
    pub profiles: Vec<Entry>,
    /// The node that defines it.
    pub node: Node,
}

impl OptionOf {
    /// Whether it always has a value: a default, or somebody must set it.
    pub fn has_value(&self) -> bool {
        self.default.is_some() || self.field.required
    }

    /// The type that expressions see.
    pub fn cel_type(&self) -> cel::Type {
        let of_type = self.field.shape.cel_type();
        if self.has_value() { of_type } else { cel::Type::Optional(Arc::new(of_type)) }
    }
}

/// The names of shapes that are no kinds of texts.
const SHAPES: &[&str] =
    &["bool", "int", "number", "choice", "secret", "list", "map", "section", "any"];

/// The shape of what defines an option.
fn shape() -> Shape {
    Shape::record(
        words!("an option", "une option"),
        vec![
            field("type", text()).required(),
            field("of", Shape::Raw),
            field("choices", Shape::map(words())),
            field("options", Shape::Raw),
            field("least", Shape::Int { least: None, most: None }),
            field("most", Shape::Int { least: None, most: None }),
            field("required", Shape::Bool),
            field("default", Shape::Raw),
            field("profiles", Shape::Raw),
            field("words", words()).required(),
        ],
    )
}

impl Reader<'_> {
    /// The options that a field of a definition holds.
    pub(super) fn options(&mut self, definition: &Node, section: &str) -> Vec<OptionOf> {
        entries_of(definition, section).filter_map(|entry| self.option(entry)).collect()
    }

    pub(super) fn option(&mut self, entry: &Entry) -> Option<OptionOf> {
        if !is_option_name(&entry.key) {
            let name = &entry.key;
            let title =
                words!("`{name}` is no name for an option", "`{name}` n'est pas un nom d'option");
            let remedy = words!(
                "letters and digits, the first one a small letter: `allowedNetworks`",
                "des lettres et des chiffres, à commencer par une minuscule : `allowedNetworks`"
            );
            self.error("catalog.name", title, &entry.key_place, [remedy]);
        }
        let node = self.checked(entry.node.clone(), &shape(), &entry.key);
        let of = self.shape_of(&node, &entry.key)?;
        let mut made = Field::new(entry.key.clone(), of, words_of(&node, "words"));
        made.required = node.get("required").and_then(Node::as_bool).unwrap_or(false);
        let default = node.get("default").cloned();
        made.default = default.as_ref().map(|default| self.sources.excerpt(&default.place));
        let profiles = entries_of(&node, "profiles").cloned().collect();
        Some(OptionOf { field: made, default, profiles, node })
    }

    /// The shape that `type` and its companions name.
    fn shape_of(&mut self, node: &Node, called: &str) -> Option<Shape> {
        let of_type = node.get("type")?;
        let int = |name| node.get(name).and_then(Node::as_int);
        let found = match of_type.as_str()? {
            "bool" => Shape::Bool,
            "int" => Shape::Int { least: int("least"), most: int("most") },
            "number" => Shape::Float,
            "secret" => Shape::Secret,
            "any" => Shape::Any,
            "choice" => Shape::OneOf(
                entries_of(node, "choices")
                    .map(|entry| Choice {
                        word: entry.key.clone(),
                        words: words_of(node, &format!("choices.{}", entry.key)),
                    })
                    .collect(),
            ),
            "list" => Shape::list(self.inner(node, called)?),
            "map" => Shape::map(self.inner(node, called)?),
            "section" => {
                let fields = self.options(node, "options").into_iter().map(|one| one.field);
                Shape::record(called, fields.collect())
            }
            other => match TextKind::of_name(other) {
                Some(kind) => Shape::Text(kind),
                None => {
                    let known: Vec<&str> =
                        SHAPES.iter().copied().chain(TextKind::names()).collect();
                    let remedy = crate::names::suggestion(other, known);
                    let title = words!(
                        "`{other}` is no type of an option",
                        "`{other}` n'est pas un type d'option"
                    );
                    self.error("catalog.type", title, &of_type.place, [remedy]);
                    return None;
                }
            },
        };
        Some(found)
    }

    /// The shape of what a list or a map holds: `of: text`, or `of: {type: …}`.
    fn inner(&mut self, node: &Node, called: &str) -> Option<Shape> {
        let Some(of) = node.get("of") else {
            let title = words!(
                "`{called}` does not say what it holds",
                "`{called}` ne dit pas ce qu'il contient"
            );
            let remedy =
                words!("add `of: text`, or another type", "ajouter `of: text`, ou un autre type");
            self.error("catalog.type", title, &node.place, [remedy]);
            return None;
        };
        if let NodeKind::Map(_) = of.kind {
            return self.shape_of(of, called);
        }
        let entry = Entry {
            key: "type".to_owned(),
            key_place: of.place.clone(),
            node: self.checked(of.clone(), &name(), "of"),
        };
        self.shape_of(&Node::new(NodeKind::Map(vec![entry]), of.place.clone()), called)
    }
}

fn is_option_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}
