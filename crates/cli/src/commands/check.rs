//! `socle check`: what would go wrong with a platform, before any cluster.

use check::Finding;
use diagnostic::{Colour, Language, Severity, Words, print, words};
use serde_json::{Value as Json, json};

use super::catalog::Form;
use crate::composed::{Composed, composed};
use crate::configuration::ConfigurationArguments;
use crate::context::Context;
use crate::error::CommandError;

/// The flags of `socle check`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    pub configuration: ConfigurationArguments,
    /// The form of the report.
    #[arg(short, long, value_name = "FORM", default_value = "text")]
    output: Form,
}

/// Runs the command. It fails where a finding is an error.
pub fn run(arguments: &Arguments, context: &mut Context) -> Result<(), CommandError> {
    let composed = composed(&arguments.configuration, &[], context)?;
    let text = match arguments.output {
        Form::Text => text(&composed, context.language()),
        Form::Json => {
            format!("{:#}\n", composed.findings.iter().map(as_json).collect::<Json>())
        }
    };
    context.print(text.as_bytes());
    if composed.errors() > 0 { Err(CommandError::Reported(1)) } else { Ok(()) }
}

fn text(composed: &Composed, language: Language) -> String {
    let mut out = String::new();
    for finding in &composed.findings {
        out.push_str(&print(&finding.diagnostic, Colour::Off, language));
        out.push_str("\n\n");
    }
    let errors = composed.errors();
    let warnings = composed.findings.len() - errors;
    let objects = composed.desired.objects().count();
    let sum = words!(
        "{objects} objects; errors: {errors}, warnings: {warnings}\n",
        "{objects} objets ; erreurs : {errors}, avertissements : {warnings}\n"
    );
    out.push_str(sum.of(language));
    out
}

/// A finding as data.
fn as_json(finding: &Finding) -> Json {
    let told = &finding.diagnostic;
    let severity = match told.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let places: Vec<Json> = told
        .views
        .iter()
        .map(|view| {
            let line = view.text[..view.span.start.min(view.text.len())].matches('\n').count() + 1;
            json!({ "file": view.path, "line": line })
        })
        .collect();
    json!({
        "rule": told.code,
        "severity": severity,
        "title": told.title.of(Language::English),
        "part": finding.part,
        "object": finding.object.as_ref().map(ToString::to_string),
        "field": finding.field,
        "places": places,
        "notes": english(&told.notes),
        "remedies": english(&told.remedies),
    })
}

/// What programs read has no language.
fn english(all: &[Words]) -> Vec<&str> {
    all.iter().map(|words| words.of(Language::English)).collect()
}
