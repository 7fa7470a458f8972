//! What a document may hold.

use std::sync::Arc;

use cel::{ObjectType, Type};
use diagnostic::{Words, words};

use crate::text_kind::TextKind;

/// What a node may be.
#[derive(Clone, Debug)]
pub enum Shape {
    /// Anything; only its expressions are checked.
    Any,
    /// Left as it is: its shape is known later.
    Raw,
    /// A truth value.
    Bool,
    /// A whole number within bounds.
    Int {
        /// The least one.
        least: Option<i64>,
        /// The greatest one.
        most: Option<i64>,
    },
    /// A number.
    Float,
    /// A text of a kind.
    Text(TextKind),
    /// One of these words.
    OneOf(Vec<Choice>),
    /// Where a secret value is: `{secret: NAME, key: KEY}`; never the value.
    Secret,
    /// A list of these.
    List(Arc<Shape>),
    /// Named by the person; each value is of this shape.
    Map(Arc<Shape>),
    /// Known settings.
    Record(Arc<Record>),
}

/// A word that may be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The word.
    pub word: String,
    /// What it means.
    pub words: Words,
}

/// Known settings under one name.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// What the settings are of, as messages say it: `nextcloud`, `the configuration`.
    pub name: Words,
    /// The settings.
    pub fields: Vec<Field>,
}

/// A setting.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it may be.
    pub shape: Shape,
    /// What it does.
    pub words: Words,
    /// Whether it must be there.
    pub required: bool,
    /// What counts where it is not there, as documentation shows it.
    pub default: Option<String>,
}

impl Record {
    /// A record of these settings.
    pub fn new(name: impl Into<Words>, fields: Vec<Field>) -> Self {
        Self { name: name.into(), fields }
    }

    /// A setting by name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Field {
    /// A setting that need not be there.
    pub fn new(name: impl Into<String>, shape: Shape, words: Words) -> Self {
        Self { name: name.into(), shape, words, required: false, default: None }
    }

    /// The setting, as one that must be there.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }
}

impl Shape {
    /// A list of these.
    pub fn list(of: Shape) -> Self {
        Self::List(Arc::new(of))
    }

    /// Settings whose names are free.
    pub fn map(of: Shape) -> Self {
        Self::Map(Arc::new(of))
    }

    /// Known settings.
    pub fn record(name: impl Into<Words>, fields: Vec<Field>) -> Self {
        Self::Record(Arc::new(Record::new(name, fields)))
    }

    /// The type that expressions see.
    pub fn cel_type(&self) -> Type {
        match self {
            Self::Any | Self::Raw => Type::Dyn,
            Self::Bool => Type::Bool,
            Self::Int { .. } => Type::Int,
            Self::Float => Type::Double,
            Self::Text(_) | Self::OneOf(_) => Type::String,
            Self::Secret => Type::Object(Arc::new(secret_type())),
            Self::List(of) => Type::list(of.cel_type()),
            Self::Map(of) => Type::map_of(of.cel_type()),
            Self::Record(record) => {
                let fields = record.fields.iter().map(|field| {
                    let of_type = field.shape.cel_type();
                    (field.name.clone(), of_type)
                });
                Type::Object(Arc::new(ObjectType::new(record.name.en.clone(), fields)))
            }
        }
    }

    /// What is wanted, as messages say it.
    pub fn what(&self) -> Words {
        match self {
            Self::Any | Self::Raw => words!("anything", "n'importe quoi"),
            Self::Bool => words!("`true` or `false`", "`true` ou `false`"),
            Self::Int { least: Some(least), most: Some(most) } => {
                words!(
                    "a whole number from {least} to {most}",
                    "un nombre entier de {least} à {most}"
                )
            }
            Self::Int { least: Some(least), most: None } => {
                words!("a whole number of at least {least}", "un nombre entier d'au moins {least}")
            }
            Self::Int { least: None, most: Some(most) } => {
                words!("a whole number of at most {most}", "un nombre entier d'au plus {most}")
            }
            Self::Int { .. } => words!("a whole number", "un nombre entier"),
            Self::Float => words!("a number", "un nombre"),
            Self::Text(kind) => kind.what(),
            Self::OneOf(choices) => {
                let all: Vec<String> =
                    choices.iter().map(|choice| format!("`{}`", choice.word)).collect();
                let all = all.join(", ");
                words!("one of {all}", "l'un de {all}")
            }
            Self::Secret => words!(
                "a reference, such as `{{secret: my-secret, key: password}}`",
                "une référence, comme `{{secret: mon-secret, key: password}}`"
            ),
            Self::List(_) => words!("a list", "une liste"),
            Self::Map(_) => {
                words!("a section with settings of its own", "une section avec ses réglages")
            }
            Self::Record(record) => {
                let names: Vec<String> =
                    record.fields.iter().map(|field| format!("`{}`", field.name)).collect();
                let names = names.join(", ");
                words!(
                    "a section with settings of its own: {names}",
                    "une section avec ses réglages : {names}"
                )
            }
        }
    }
}

/// What expressions see of a value that only the cluster knows.
pub fn secret_type() -> ObjectType {
    let mut of =
        ObjectType::new("a secret value", [("secret", Type::String), ("key", Type::String)]);
    of.hint = Some(words!(
        "it is known in the cluster only: `.secret` and `.key` say where, and a `secrets:` entry \
         can put it together with other texts",
        "elle n'est connue que dans la grappe : `.secret` et `.key` disent où, et une entrée de \
         `secrets:` peut l'assembler à d'autres textes"
    ));
    of
}
