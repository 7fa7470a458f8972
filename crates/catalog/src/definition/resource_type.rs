//! Resource types: the contracts between those who require and those who provide.

use std::sync::Arc;

use cel::{ObjectType, Type};
use config::{Choice, Entry, Node, Shape, Words, secret_type};

use diagnostic::words;

use super::Reader;
use super::option::OptionOf;
use super::reader::{entries_of, field, name, text_of, words, words_of};

/// When an output is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// When the platform is built, by everybody.
    Build,
    /// In the cluster only, as a key of a Secret.
    Cluster,
}

/// What a provisioner gives to whom it serves.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its name, shape and words.
    pub option: OptionOf,
    /// When it is known.
    pub phase: Phase,
}

/// A type of resources.
#[derive(Clone, Debug)]
pub struct ResourceType {
    /// Its name: `postgres`.
    pub name: String,
    /// What it is.
    pub words: Words,
    /// What a requirement may say: the database's name, the redirect addresses.
    pub parameters: Vec<OptionOf>,
    /// What is given back.
    pub outputs: Vec<Output>,
    /// Whether who requires it waits until it is ready. A route is made with its service, not before.
    pub is_awaited: bool,
    /// The document.
    pub node: Node,
}

impl ResourceType {
    /// The type of a binding, as expressions see it.
    pub fn outputs_type(&self) -> Type {
        let fields =
            self.outputs.iter().map(|output| (output.name().to_owned(), output.cel_type()));
        Type::Object(Arc::new(ObjectType::new(format!("a {} binding", self.name), fields)))
    }

    /// The type of the parameters, as expressions of a provisioner see them.
    pub fn parameters_type(&self) -> Type {
        let fields = self.parameters.iter().map(|one| (one.field.name.clone(), one.cel_type()));
        Type::Object(Arc::new(ObjectType::new(self.requirement().en, fields)))
    }

    /// The shape of the parameters in a requirement.
    pub fn parameters_shape(&self) -> Shape {
        let fields = self.parameters.iter().map(|one| one.field.clone()).collect();
        Shape::record(self.requirement(), fields)
    }

    /// What asks for the type, as messages say it.
    fn requirement(&self) -> Words {
        let name = &self.name;
        words!("a requirement of type {name}", "un besoin de type {name}")
    }
}

impl Output {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.option.field.name
    }

    /// The type that expressions see: of what only the cluster knows, where it is.
    pub fn cel_type(&self) -> Type {
        match self.phase {
            Phase::Build => self.option.field.shape.cel_type(),
            Phase::Cluster => Type::Object(Arc::new(secret_type())),
        }
    }
}

fn shape() -> Shape {
    Shape::record(
        words!("a resource type", "un type de ressource"),
        vec![
            field("type", name()).required(),
            field("words", words()).required(),
            field("parameters", Shape::Raw),
            field("outputs", Shape::Raw),
            field("awaited", Shape::Bool),
        ],
    )
}

impl Reader<'_> {
    /// A resource type from its document.
    pub(crate) fn resource_type(&mut self, node: Node) -> Option<ResourceType> {
        let node = self.checked(node, &shape(), "the type");
        let parameters = self.options(&node, "parameters");
        let outputs = entries_of(&node, "outputs").filter_map(|entry| self.output(entry)).collect();
        Some(ResourceType {
            name: text_of(&node, "type")?,
            words: words_of(&node, "words"),
            parameters,
            outputs,
            is_awaited: node.get("awaited").and_then(Node::as_bool).unwrap_or(true),
            node,
        })
    }

    /// An output: an option with a phase.
    fn output(&mut self, entry: &Entry) -> Option<Output> {
        let mut rest = entry.node.clone();
        let mut phase = Phase::Build;
        if let config::NodeKind::Map(entries) = &mut rest.kind
            && let Some(at) = entries.iter().position(|entry| entry.key == "phase")
        {
            let given = entries.remove(at).node;
            let choice = |word: &str| Choice { word: word.to_owned(), words: Words::default() };
            let phases = Shape::OneOf(vec![choice("build"), choice("cluster")]);
            let given = self.checked(given, &phases, "phase");
            if given.as_str() == Some("cluster") {
                phase = Phase::Cluster;
            }
        }
        let entry = Entry { node: rest, ..entry.clone() };
        Some(Output { option: self.option(&entry)?, phase })
    }
}
