//! `socle catalog`: what a platform may be made of.

mod new;

use catalog::{Catalogue, OptionOf, Service};
use config::{Sources, Words};
use diagnostic::{Language, words};
use serde_json::{Value, json};

use crate::catalogue::CatalogueArguments;
use crate::configuration;
use crate::context::Context;
use crate::error::CommandError;

/// The commands of `socle catalog`.
#[derive(Debug, clap::Subcommand)]
pub enum CatalogCommand {
    /// Check every definition and every expression in it.
    Check(Arguments),
    /// List the services.
    List(Arguments),
    /// Show a service: what it is for, what may be set, what it requires.
    Show {
        /// The service.
        service: String,
        #[command(flatten)]
        arguments: Arguments,
    },
    /// Print the JSON Schema of configurations, for editors.
    Schema(Arguments),
    /// Write the definition of a web application, to start from.
    New(new::Arguments),
    /// List the presets of facts, or print one as a file to change.
    Facts {
        /// The preset.
        preset: Option<String>,
        /// Print the JSON Schema of such files instead.
        #[arg(long, conflicts_with = "preset")]
        schema: bool,
        #[command(flatten)]
        arguments: Arguments,
    },
}

/// The flags of all of them.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    catalogue: CatalogueArguments,
    /// The form of the report.
    #[arg(short, long, value_name = "FORM", default_value = "text")]
    output: Form,
}

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Form {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Runs the command.
pub fn run(command: &CatalogCommand, context: &mut Context) -> Result<(), CommandError> {
    let arguments = match command {
        CatalogCommand::New(arguments) => return new::run(arguments, context),
        CatalogCommand::Check(arguments)
        | CatalogCommand::List(arguments)
        | CatalogCommand::Schema(arguments)
        | CatalogCommand::Facts { arguments, .. }
        | CatalogCommand::Show { arguments, .. } => arguments,
    };
    let mut sources = Sources::default();
    let catalogues = arguments.catalogue.with(configuration::catalogues_here());
    let found = catalogues.load(&mut sources)?;
    let language = context.language();
    let text = match (command, arguments.output) {
        (CatalogCommand::Check(_), Form::Text) => summary(&found).of(language).to_owned(),
        (CatalogCommand::Check(_), Form::Json) => pretty(&json!({
            "services": found.services.len(),
            "types": found.types.len(),
            "provisioners": found.provisioners.len(),
            "bundles": found.bundles.len(),
        })),
        (CatalogCommand::List(_), Form::Text) => list(&found, language),
        (CatalogCommand::List(_), Form::Json) => {
            pretty(&found.services.values().map(|one| of_service(one)).collect())
        }
        (CatalogCommand::Show { service, .. }, form) => {
            let one = found.services.get(service).ok_or_else(|| unknown(&found, service))?;
            match form {
                Form::Text => show(one, language),
                Form::Json => pretty(&of_service(one)),
            }
        }
        (CatalogCommand::Schema(_) | CatalogCommand::New(_), _) => pretty(&found.json_schema()),
        (CatalogCommand::Facts { schema: true, .. }, _) => pretty(&found.facts_schema()),
        (CatalogCommand::Facts { preset: None, .. }, form) => presets(&found, form, language),
        (CatalogCommand::Facts { preset: Some(name), .. }, _) => {
            let one = found.presets.get(name).ok_or_else(|| no_preset(&found, name))?;
            one.as_file(&sources, language)
        }
    };
    context.print(text.as_bytes());
    Ok(())
}

fn unknown(found: &Catalogue, service: &str) -> CommandError {
    let known = found.services.keys().map(String::as_str);
    let hint = match diagnostic::near::nearest(service, known) {
        Some(meant) => words!("did you mean `{meant}`?", "vouliez-vous dire `{meant}` ?"),
        None => words!("`socle catalog list` lists them", "`socle catalog list` les énumère"),
    };
    CommandError::Said(words!(
        "no service is called `{service}`: {hint}",
        "aucun service ne s'appelle `{service}` : {hint}",
        hint = hint,
    ))
}

fn no_preset(found: &Catalogue, name: &str) -> CommandError {
    let known: Vec<&str> = found.presets.keys().map(String::as_str).collect();
    let hint = match diagnostic::near::nearest(name, known.iter().copied()) {
        Some(meant) => words!("did you mean `{meant}`?", "vouliez-vous dire `{meant}` ?"),
        None => {
            let known = known.join(", ");
            words!("there are {known}", "il y a {known}")
        }
    };
    CommandError::Said(words!(
        "no preset of facts is called `{name}`: {hint}",
        "aucun modèle de faits ne s'appelle `{name}` : {hint}",
        hint = hint,
    ))
}

/// The presets of facts.
fn presets(found: &Catalogue, form: Form, language: Language) -> String {
    let all = found.presets.values();
    if form == Form::Json {
        let one = |one: &catalog::Preset| {
            json!({
                "name": one.name,
                "words": { "en": one.words.en, "fr": one.words.fr },
                "unverified": one.unverified.iter().map(|entry| &*entry.key).collect::<Vec<_>>(),
            })
        };
        return pretty(&all.map(one).collect());
    }
    let widest = found.presets.keys().map(String::len).max().unwrap_or(0);
    let line = |one: &catalog::Preset| {
        let doubt = if one.is_unverified() { unverified(language) } else { String::new() };
        format!("{:<widest$}  {}{doubt}\n", one.name, one.words.of(language))
    };
    all.map(line).collect()
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn summary(found: &Catalogue) -> Words {
    let counts = [
        Words::counted(found.services.len(), ["service", "services"], ["service", "services"]),
        Words::counted(
            found.types.len(),
            ["resource type", "resource types"],
            ["type de ressource", "types de ressource"],
        ),
        Words::counted(
            found.provisioners.len(),
            ["provisioner", "provisioners"],
            ["fournisseur", "fournisseurs"],
        ),
        Words::counted(found.bundles.len(), ["bundle", "bundles"], ["ensemble", "ensembles"]),
    ];
    words!(
        "{counts}: every contract holds\n",
        "{counts} : tous les contrats tiennent\n",
        counts = Words::joined(counts, ", "),
    )
}

fn list(found: &Catalogue, language: Language) -> String {
    let widest = found.services.keys().map(String::len).max().unwrap_or(0);
    let line = |one: &Service| {
        let doubt = if is_unverified(one) { unverified(language) } else { String::new() };
        format!("{:<widest$}  {}{doubt}\n", one.name, one.words.of(language))
    };
    found.services.values().map(|one| line(one)).collect()
}

fn unverified(language: Language) -> String {
    words!(" (unverified)", " (non vérifié)").of(language).to_owned()
}

/// Whether something of the service could not be read at its makers'.
fn is_unverified(service: &Service) -> bool {
    service.images.iter().any(|image| image.node.get("unverified").is_some())
}

fn show(service: &Service, language: Language) -> String {
    let mut lines = vec![
        format!("{} ({})", service.title.of(language), service.name),
        service.words.of(language).to_owned(),
    ];
    lines.extend(service.homepage.clone());
    if !service.options.is_empty() {
        lines.push(words!("\nSettings", "\nRéglages").of(language).to_owned());
        for option in &service.options {
            lines.push(setting(option, language));
        }
    }
    if !service.requires.is_empty() {
        lines.push(words!("\nRequires", "\nRequiert").of(language).to_owned());
        for requirement in &service.requires {
            let types: Vec<&str> =
                requirement.alternatives.iter().map(|one| one.of_type.as_str()).collect();
            let optional = words!(" (optional)", " (facultatif)");
            let missing = if requirement.may_be_missing() { optional.of(language) } else { "" };
            lines.push(format!("  {}: {}{missing}", requirement.name, types.join(" | ")));
        }
    }
    lines.join("\n") + "\n"
}

fn setting(option: &OptionOf, language: Language) -> String {
    let field = &option.field;
    let default = match &field.default {
        Some(default) => format!(" [{default}]"),
        None if field.required => " (!)".to_owned(),
        None => String::new(),
    };
    format!("  {}{default}: {}", field.name, field.words.of(language))
}

fn of_service(service: &Service) -> Value {
    let words = |words: &Words| json!({ "en": words.en, "fr": words.fr });
    let options: Vec<Value> = service
        .options
        .iter()
        .map(|option| {
            json!({
                "name": option.field.name,
                "words": words(&option.field.words),
                "required": option.field.required,
                "default": option.field.default,
                "schema": option.field.shape.json_schema(),
            })
        })
        .collect();
    let requires: Vec<Value> = service
        .requires
        .iter()
        .map(|one| {
            let types: Vec<&str> = one.alternatives.iter().map(|one| &*one.of_type).collect();
            json!({ "name": one.name, "types": types, "optional": one.may_be_missing() })
        })
        .collect();
    json!({
        "name": service.name,
        "title": words(&service.title),
        "words": words(&service.words),
        "homepage": service.homepage,
        "unverified": is_unverified(service),
        "options": options,
        "requires": requires,
    })
}
