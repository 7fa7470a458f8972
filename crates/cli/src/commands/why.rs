//! `socle why`: why a field of the platform's objects is what it is.

use compose::{Reason, compose, why};
use diagnostic::{Language, words};
use serde_json::{Value as Json, json};

use super::catalog::Form;
use crate::configuration::{self, ConfigurationArguments, Loaded};
use crate::context::Context;
use crate::error::CommandError;

/// The flags of `socle why`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The object: `deployment/nextcloud`.
    object: String,
    /// The field: `spec.replicas`.
    field: String,
    #[command(flatten)]
    pub configuration: ConfigurationArguments,
    /// The form of the report.
    #[arg(short, long, value_name = "FORM", default_value = "text")]
    output: Form,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> Result<(), CommandError> {
    let mut loaded = configuration::load(&arguments.configuration)?;
    let charts = loaded.catalogues.charts()?;
    let releases =
        compose(&loaded.platform, &charts, &mut loaded.ledger).map_err(CommandError::of)?;
    let wanted = arguments.object.to_lowercase();
    let mut known = Vec::new();
    for release in &releases {
        for object in helm::explain::objects(&release.rendered) {
            let name = object.short_name();
            if name.to_lowercase() == wanted {
                let question = format!("{name}:{}", arguments.field);
                let reason = why(release, &loaded.ledger, &question).map_err(CommandError::of)?;
                let text = match arguments.output {
                    Form::Text => text(&reason, &loaded, context.language()),
                    Form::Json => format!("{:#}\n", as_json(&reason, &loaded)),
                };
                context.print(text.as_bytes());
                return Ok(());
            }
            known.push(name);
        }
    }
    let hint = match diagnostic::near::nearest(&wanted, known.iter().map(String::as_str)) {
        Some(meant) => words!("did you mean {meant}?", "vouliez-vous dire {meant} ?"),
        None => {
            let known = known.join(", ");
            words!("there are {known}", "il y a {known}")
        }
    };
    let object = &arguments.object;
    Err(CommandError::Said(words!(
        "the platform has no object {object}: {hint}",
        "la plateforme n'a pas d'objet {object} : {hint}",
        hint = hint,
    )))
}

/// The lines of a value, each once.
fn lines(places: &[config::Place], loaded: &Loaded) -> Vec<String> {
    let mut lines: Vec<String> = places.iter().map(|place| loaded.sources.tell(place)).collect();
    lines.dedup();
    lines
}

fn text(reason: &Reason, loaded: &Loaded, language: Language) -> String {
    let found = &reason.explained;
    let said = words!(
        "{object}:{path} is {value}\n",
        "{object}:{path} est {value}\n",
        object = found.object,
        path = found.path,
        value = found.value,
    );
    let mut out = said.of(language).to_owned();
    let (template, value) = match language {
        Language::English => ("template", "value"),
        Language::French => ("modèle", "valeur"),
    };
    for origin in &found.origins {
        let (line, _) = origin.place.line_and_column();
        let (file, code) = (origin.place.file.to_text(), origin.place.line_text());
        out.push_str(&format!("  {template:<8}  {file}:{line}  {code}\n"));
    }
    for source in &reason.sources {
        out.push_str(&format!("  {value:<8}  {}\n", source.path));
        if source.places.is_empty() {
            let own = words!("the chart's own default", "la valeur par défaut du chart");
            out.push_str(&format!("    {}\n", own.of(language)));
        }
        for place in &source.places {
            let (at, code) = (loaded.sources.tell(place), loaded.sources.excerpt(place));
            let code = code.lines().next().unwrap_or("").to_owned();
            out.push_str(&format!("    {at}  {code}\n"));
        }
    }
    out
}

fn as_json(reason: &Reason, loaded: &Loaded) -> Json {
    let found = &reason.explained;
    let templates: Vec<Json> = found
        .origins
        .iter()
        .map(|origin| {
            let (line, _) = origin.place.line_and_column();
            json!({ "file": origin.place.file.to_text(), "line": line })
        })
        .collect();
    let values: Vec<Json> = reason
        .sources
        .iter()
        .map(|source| json!({ "path": source.path, "from": lines(&source.places, loaded) }))
        .collect();
    json!({
        "object": found.object,
        "path": found.path,
        "value": found.value,
        "templates": templates,
        "values": values,
    })
}
