//! `socle catalog`: what a platform may be made of.

use std::path::PathBuf;

use catalog::{Catalogue, OptionOf, Service};
use config::{Sources, Words};
use serde_json::{Value, json};

use crate::catalogue;
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
    /// The catalogue's directory, instead of the one within the program.
    #[arg(long, value_name = "DIR")]
    catalog: Option<PathBuf>,
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
    let (CatalogCommand::Check(arguments)
    | CatalogCommand::List(arguments)
    | CatalogCommand::Schema(arguments)
    | CatalogCommand::Facts { arguments, .. }
    | CatalogCommand::Show { arguments, .. }) = command;
    let mut sources = Sources::default();
    let files = catalogue::files(arguments.catalog.as_deref())?;
    let found = Catalogue::load(&files, &mut sources)
        .map_err(|faults| CommandError::Faults(faults.into_diagnostics()))?;
    let french = context.environment.speaks_french();
    let text = match (command, arguments.output) {
        (CatalogCommand::Check(_), Form::Text) => summary(&found),
        (CatalogCommand::Check(_), Form::Json) => pretty(&json!({
            "services": found.services.len(),
            "types": found.types.len(),
            "provisioners": found.provisioners.len(),
            "bundles": found.bundles.len(),
        })),
        (CatalogCommand::List(_), Form::Text) => list(&found, french),
        (CatalogCommand::List(_), Form::Json) => {
            pretty(&found.services.values().map(|one| of_service(one)).collect())
        }
        (CatalogCommand::Show { service, .. }, form) => {
            let one = found.services.get(service).ok_or_else(|| unknown(&found, service))?;
            match form {
                Form::Text => show(one, french),
                Form::Json => pretty(&of_service(one)),
            }
        }
        (CatalogCommand::Schema(_), _) => pretty(&found.json_schema()),
        (CatalogCommand::Facts { schema: true, .. }, _) => pretty(&found.facts_schema()),
        (CatalogCommand::Facts { preset: None, .. }, form) => presets(&found, form, french),
        (CatalogCommand::Facts { preset: Some(name), .. }, _) => {
            let one = found.presets.get(name).ok_or_else(|| no_preset(&found, name))?;
            one.as_file(&sources, french)
        }
    };
    context.print(text.as_bytes());
    Ok(())
}

fn unknown(found: &Catalogue, service: &str) -> CommandError {
    let known = found.services.keys().map(String::as_str);
    let hint = match diagnostic::near::nearest(service, known) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`socle catalog list` lists them".to_owned(),
    };
    CommandError::new(format!("no service is called `{service}`: {hint}"))
}

fn no_preset(found: &Catalogue, name: &str) -> CommandError {
    let known: Vec<&str> = found.presets.keys().map(String::as_str).collect();
    let hint = match diagnostic::near::nearest(name, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("there are {}", known.join(", ")),
    };
    CommandError::new(format!("no preset of facts is called `{name}`: {hint}"))
}

/// The presets of facts.
fn presets(found: &Catalogue, form: Form, french: bool) -> String {
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
        let unverified = if one.is_unverified() { " (unverified)" } else { "" };
        format!("{:<widest$}  {}{unverified}\n", one.name, in_language(&one.words, french))
    };
    all.map(line).collect()
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn in_language(words: &Words, french: bool) -> &str {
    if french { &words.fr } else { &words.en }
}

fn summary(found: &Catalogue) -> String {
    let count =
        |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    format!(
        "{}, {}, {}, {}: every contract holds\n",
        count(found.services.len(), "service"),
        count(found.types.len(), "resource type"),
        count(found.provisioners.len(), "provisioner"),
        count(found.bundles.len(), "bundle"),
    )
}

fn list(found: &Catalogue, french: bool) -> String {
    let widest = found.services.keys().map(String::len).max().unwrap_or(0);
    let line = |one: &Service| {
        let unverified = if is_unverified(one) { " (unverified)" } else { "" };
        format!("{:<widest$}  {}{unverified}\n", one.name, in_language(&one.words, french))
    };
    found.services.values().map(|one| line(one)).collect()
}

/// Whether something of the service could not be read at its makers'.
fn is_unverified(service: &Service) -> bool {
    service.images.iter().any(|image| image.node.get("unverified").is_some())
}

fn show(service: &Service, french: bool) -> String {
    let mut lines = vec![
        format!("{} ({})", in_language(&service.title, french), service.name),
        in_language(&service.words, french).to_owned(),
    ];
    lines.extend(service.homepage.clone());
    let title = |en: &str, fr: &str| format!("\n{}", if french { fr } else { en });
    if !service.options.is_empty() {
        lines.push(title("Settings", "Réglages"));
        for option in &service.options {
            lines.push(setting(option, french));
        }
    }
    if !service.requires.is_empty() {
        lines.push(title("Requires", "Requiert"));
        for requirement in &service.requires {
            let types: Vec<&str> =
                requirement.alternatives.iter().map(|one| one.of_type.as_str()).collect();
            let missing = if requirement.may_be_missing() { " (optional)" } else { "" };
            lines.push(format!("  {}: {}{missing}", requirement.name, types.join(" | ")));
        }
    }
    lines.join("\n") + "\n"
}

fn setting(option: &OptionOf, french: bool) -> String {
    let field = &option.field;
    let default = match &field.default {
        Some(default) => format!(" [{default}]"),
        None if field.required => " (!)".to_owned(),
        None => String::new(),
    };
    format!("  {}{default}: {}", field.name, in_language(&field.words, french))
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
