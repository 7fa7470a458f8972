//! What expressions of definitions may read: names and types.

use std::sync::Arc;

use cel::{Declarations, ObjectType, Type};
use config::{Choice, Field, Shape, TextKind, Words, secret_type};

use crate::catalogue::Catalogue;
use crate::definition::{OptionOf, Provisioner, Requirement, Secret, Service};
use crate::facts;

/// The profiles, from the smallest on.
pub const PROFILES: &[&str] = &["demo", "small", "standard", "high-availability"];

/// What a profile is for.
fn profile_words(profile: &str) -> Words {
    match profile {
        "demo" => {
            Words::new("To look at it: as little as works.", "Pour voir : le moins possible.")
        }
        "small" => {
            Words::new("For one school: one copy of each.", "Un lycée : un exemplaire de tout.")
        }
        "standard" => Words::new(
            "For many people: two copies where that is possible.",
            "Beaucoup de monde : deux exemplaires si c'est possible.",
        ),
        _ => Words::new(
            "Goes on when a node fails: three copies, on several nodes.",
            "Continue si un nœud tombe : trois exemplaires, sur plusieurs nœuds.",
        ),
    }
}

/// The settings of the whole platform that expressions may read.
pub fn platform_fields() -> Vec<Field> {
    let choice = |word: &str| Choice { word: word.to_owned(), words: Words::default() };
    let profiles = PROFILES
        .iter()
        .map(|profile| Choice { word: (*profile).to_owned(), words: profile_words(profile) });
    let profiles = profiles.collect();
    vec![
        Field::new(
            "domain",
            Shape::Text(TextKind::Hostname),
            Words::new(
                "The domain under which all services stand.",
                "Le domaine de tous les services.",
            ),
        )
        .required(),
        Field::new(
            "name",
            Shape::Text(TextKind::Name),
            Words::new("The name of the platform.", "Le nom de la plateforme."),
        ),
        Field::new(
            "namespace",
            Shape::Text(TextKind::Name),
            Words::new("The namespace of the services.", "L'espace de noms des services."),
        ),
        Field::new(
            "title",
            Shape::Text(TextKind::Plain),
            Words::new("What people call the platform.", "Le nom affiché de la plateforme."),
        ),
        Field::new(
            "profile",
            Shape::OneOf(profiles),
            Words::new("How large the platform is.", "La taille de la plateforme."),
        ),
        Field::new(
            "language",
            Shape::OneOf(vec![choice("en"), choice("fr")]),
            Words::new("The language of its users.", "La langue de ses utilisateurs."),
        ),
        Field::new(
            "email",
            Shape::Text(TextKind::Email),
            Words::new("Where administrators are reached.", "L'adresse des administrateurs."),
        ),
        Field::new(
            "tls",
            Shape::OneOf(certificates()),
            Words::new("Where certificates come from.", "D'où viennent les certificats."),
        ),
    ]
}

/// Where certificates may come from.
fn certificates() -> Vec<Choice> {
    let choice = |word: &str, words: Words| Choice { word: word.to_owned(), words };
    vec![
        choice(
            "files",
            Words::new("Files that a person has.", "Des fichiers qu'une personne possède."),
        ),
        choice("acme", Words::new("Let's Encrypt, or its like.", "Let's Encrypt, ou son pareil.")),
        choice("issuer", Words::new("An issuer of the cluster.", "Un émetteur de la grappe.")),
        choice("self-signed", Words::new("An authority for trials.", "Une autorité pour essayer.")),
    ]
}

/// What every expression may read.
pub(crate) fn everywhere() -> Declarations {
    let fields = platform_fields();
    let platform = fields.iter().map(|field| (field.name.clone(), field.shape.cel_type()));
    let platform = ObjectType::new("the platform", platform);
    Declarations::default()
        .with("platform", Type::Object(Arc::new(platform)))
        .with("facts", facts::shape().cel_type())
}

/// What the expressions of a configuration may read.
pub(crate) fn of_configuration(catalogue: &Catalogue) -> Declarations {
    let settings = catalogue
        .services
        .values()
        .map(|service| (service.name.clone(), options_type(&service.options, &service.name)));
    everywhere().with("settings", object("the settings", settings))
}

/// What the expressions of a service may read.
pub(crate) fn of_service(service: &Service, catalogue: &Catalogue) -> Declarations {
    let requires = service.requires.iter().filter_map(|requirement| {
        Some((requirement.name.clone(), binding_type(requirement, catalogue)?))
    });
    let served = service.serves.iter().filter_map(|entry| {
        let of_type = catalogue.types.get(entry.node.as_str()?)?;
        let item = [("consumer", consumer_type()), ("with", of_type.parameters_type())];
        Some((entry.key.clone(), Type::list(object("a binding", item))))
    });
    let collected = service.collects.iter().filter_map(|entry| {
        let of_type = catalogue.types.get(entry.node.as_str()?)?;
        let item = [("service", Type::String), ("with", of_type.parameters_type())];
        Some((entry.key.clone(), Type::list(object("an offer", item))))
    });
    let texts = ["name", "title", "description", "icon"].map(|name| (name, Type::String));
    let image = object("an image", [("repository", Type::String), ("tag", Type::String)]);
    let images = service.images.iter().map(|entry| (entry.key.clone(), image.clone()));
    everywhere()
        .with("options", options_type(&service.options, &service.name))
        .with("requires", object("the requirements", requires))
        .with("served", object("what is served", served))
        .with("collected", object("what is collected", collected))
        .with("images", object("the images", images))
        .with("secrets", secrets_type(&service.secrets))
        .with("release", release_type())
        .with("service", object("the service", texts))
}

/// What the expressions of a provisioner may read. `exports` is the type of what the service behind
/// it tells.
pub(crate) fn of_provisioner(
    provisioner: &Provisioner,
    exports: Option<Type>,
    catalogue: &Catalogue,
) -> Declarations {
    let mut all = everywhere()
        .with("options", options_type(&provisioner.options, &provisioner.name))
        .with("secrets", secrets_type(&provisioner.secrets))
        .with("consumer", consumer_type());
    if let Some(of_type) = catalogue.types.get(&provisioner.provides) {
        all = all.with("with", of_type.parameters_type());
    }
    if let Some(exports) = exports {
        all = all.with("backing", exports);
    }
    all
}

/// The type of what a requirement is bound to.
fn binding_type(requirement: &Requirement, catalogue: &Catalogue) -> Option<Type> {
    let outputs = |of_type: &str| Some(catalogue.types.get(of_type)?.outputs_type());
    let bound = match requirement.alternatives.as_slice() {
        [only] => outputs(&only.of_type)?,
        several => object(
            format!("the requirement {}", requirement.name),
            several.iter().filter_map(|one| {
                let bound = Type::Optional(Arc::new(outputs(&one.of_type)?));
                Some((one.of_type.clone(), bound))
            }),
        ),
    };
    let is_optional = requirement.may_be_missing();
    Some(if is_optional { Type::Optional(Arc::new(bound)) } else { bound })
}

pub(crate) fn options_type(options: &[OptionOf], of: &str) -> Type {
    let fields = options.iter().map(|option| (option.field.name.clone(), option.cel_type()));
    object(format!("the options of {of}"), fields)
}

fn secrets_type(secrets: &[Secret]) -> Type {
    let secret = |secret: &Secret| {
        let keys =
            secret.keys.iter().map(|(key, _)| (key.clone(), Type::Object(Arc::new(secret_type()))));
        let name = std::iter::once(("name".to_owned(), Type::String));
        (secret.name.clone(), object(format!("the secret {}", secret.name), name.chain(keys)))
    };
    object("the secrets", secrets.iter().map(secret))
}

fn release_type() -> Type {
    object("the release", [("name", Type::String), ("namespace", Type::String)])
}

fn consumer_type() -> Type {
    object(
        "the consumer",
        [
            ("service", Type::String),
            ("title", Type::String),
            ("release", Type::String),
            ("namespace", Type::String),
            ("requirement", Type::String),
        ],
    )
}

pub(crate) fn object<N: Into<String>>(
    name: impl Into<String>,
    fields: impl IntoIterator<Item = (N, Type)>,
) -> Type {
    Type::Object(Arc::new(ObjectType::new(name, fields)))
}
