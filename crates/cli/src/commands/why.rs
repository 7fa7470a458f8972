//! `socle why`: why a field of the platform's objects is what it is.

use std::fmt::Write as _;

use compose::{Added, Answers, Decided, Given, Reason, Source, compose, desired, find, patched};
use diagnostic::{Language, Words, words};
use gotmpl::trace::Decision;
use helm::explain::Place;
use serde_json::{Value as Json, json};

use super::catalog::Form;
use crate::configuration::{self, ConfigurationArguments, Loaded};
use crate::context::Context;
use crate::elsewhere;
use crate::error::CommandError;

/// How many lines of a value are shown.
const LINES: usize = 6;

/// The flags of `socle why`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The object: `deployment/nextcloud`, `deploy/nextcloud`, or the beginning of its name.
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
    let mut charts = loaded.catalogues.charts()?;
    elsewhere::add(&mut charts, &loaded, context)?;
    let releases =
        compose(&loaded.platform, &charts, &mut loaded.ledger).map_err(CommandError::of)?;
    let desired = desired(&loaded.platform, &releases).map_err(CommandError::of)?;
    let desired =
        patched(desired, &loaded.platform, &loaded.sources).map_err(CommandError::Faults)?;
    let (part, object) = find(&desired, &arguments.object).map_err(CommandError::Said)?;
    let answers = Answers::new(&loaded.platform, &releases, &loaded.ledger);
    let reason = answers.why(part, object, &arguments.field).map_err(CommandError::of)?;
    let text = match arguments.output {
        Form::Text => {
            Report { reason: &reason, loaded: &loaded, language: context.language() }.text()
        }
        Form::Json => format!("{:#}\n", as_json(&reason, &loaded)),
    };
    context.print(text.as_bytes());
    Ok(())
}

/// The answer, for people.
struct Report<'r> {
    reason: &'r Reason,
    loaded: &'r Loaded,
    language: Language,
}

impl Report<'_> {
    fn text(&self) -> String {
        let Reason { object, path, .. } = self.reason;
        let mut lines = self.reason.value.lines();
        let mut value = lines.by_ref().take(LINES).collect::<Vec<_>>().join("\n");
        value.push_str(lines.next().map_or("", |_| "\n…"));
        let said = words!("{object}:{path} is {value}\n", "{object}:{path} est {value}\n");
        let mut out = said.of(self.language).to_owned();
        let template = words!("template", "modèle");
        for origin in &self.reason.printed {
            self.line(&mut out, &template, &line_of(&origin.place));
        }
        for source in &self.reason.sources {
            self.source(&mut out, source);
        }
        for decided in &self.reason.decided {
            self.line(&mut out, &word(decided), &line_of(&decided.condition.place));
            let is_new = |one: &&Source| !self.reason.sources.contains(one);
            for source in decided.sources.iter().filter(is_new) {
                self.source(&mut out, source);
            }
        }
        out
    }

    fn line(&self, out: &mut String, what: &Words, text: &str) {
        // A `String` takes any text.
        let _ = writeln!(out, "  {:<8}  {text}", what.of(self.language));
    }

    fn source(&self, out: &mut String, source: &Source) {
        let what = match &source.given {
            Given::Value(_) => words!("value", "valeur"),
            Given::Key(_) => words!("key of", "clé de"),
            Given::Release(_) => words!("release", "release"),
            Given::Binding { .. } => words!("binding", "liaison"),
            Given::Added(_) => words!("by Socle", "de Socle"),
            Given::Patch => words!("patch", "retouche"),
            Given::Extra => words!("extra", "ajout"),
        };
        self.line(out, &what, told(&source.given).of(self.language));
        if let (Given::Value(_) | Given::Key(_), true) =
            (&source.given, source.places.is_empty() && source.among.is_empty())
        {
            let own = words!("the chart's own default", "la valeur par défaut du chart");
            let _ = writeln!(out, "    {}", own.of(self.language));
        }
        for place in &source.places {
            let sources = &self.loaded.sources;
            let (at, code) = (sources.tell(place), sources.excerpt(place));
            let _ = writeln!(out, "    {at}  {}", code.lines().next().unwrap_or(""));
        }
        // What decided which items its list has stands in parentheses.
        for place in &source.among {
            let _ = writeln!(out, "    ({})", self.loaded.sources.tell(place));
        }
    }
}

/// What is given.
fn told(given: &Given) -> Words {
    match given {
        Given::Value(path) | Given::Key(path) | Given::Release(path) => Words::from(path.as_str()),
        Given::Binding { service, requirement, provisioner } => words!(
            "{requirement} of {service}, by {provisioner}",
            "{requirement} de {service}, par {provisioner}"
        ),
        Given::Patch => words!("`patches` of the configuration", "`patches` de la configuration"),
        Given::Extra => {
            words!("`extra` of the configuration", "`extra` de la configuration")
        }
        Given::Added(Added::Namespace) => {
            words!("the namespace of the platform", "le namespace de la plateforme")
        }
        Given::Added(Added::PartOf) => {
            words!("which platform it is part of", "de quelle plateforme il fait partie")
        }
        Given::Added(Added::Digest) => words!(
            "a digest of the specification, for a Job's cannot change",
            "un condensé de la spécification, car celle d'un Job ne change pas"
        ),
        Given::Added(Added::OfNamespace) => words!(
            "the namespace with its levels of Pod Security",
            "le namespace avec ses niveaux de Pod Security"
        ),
    }
}

fn line_of(place: &Place) -> String {
    let (line, _) = place.line_and_column();
    format!("{}:{line}  {}", place.file.to_text(), place.line_text())
}

/// What decided that a field is there.
fn word(decided: &Decided) -> Words {
    match (decided.condition.decision, decided.condition.is_taken) {
        (Decision::If, true) => words!("if", "si"),
        (Decision::With, true) => words!("with", "avec"),
        (Decision::Range, true) => words!("range", "pour"),
        (_, false) => words!("else of", "sinon de"),
    }
}

fn as_json(reason: &Reason, loaded: &Loaded) -> Json {
    let at = |place: &Place| {
        let (line, _) = place.line_and_column();
        json!({ "file": place.file.to_text(), "line": line })
    };
    let lines = |places: &[config::Place]| {
        let mut lines: Vec<String> = Vec::new();
        for line in places.iter().map(|place| loaded.sources.tell(place)) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    };
    let source = |source: &Source| {
        let mut told = match &source.given {
            Given::Value(path) | Given::Release(path) => json!({ "path": path }),
            Given::Key(path) => json!({ "keyOf": path }),
            Given::Binding { service, requirement, provisioner } => json!({
                "service": service, "requirement": requirement, "provisioner": provisioner
            }),
            Given::Patch => json!({ "by": "patches" }),
            Given::Extra => json!({ "by": "extra" }),
            Given::Added(added) => json!({ "added": match added {
                Added::Namespace => "namespace",
                Added::PartOf => "platform",
                Added::Digest => "digest",
                Added::OfNamespace => "podSecurity",
            }}),
        };
        told["from"] = json!(lines(&source.places));
        if !source.among.is_empty() {
            told["among"] = json!(lines(&source.among));
        }
        told
    };
    let sources = |all: &[Source]| all.iter().map(source).collect::<Vec<Json>>();
    let conditions: Vec<Json> = reason
        .decided
        .iter()
        .map(|one| json!({ "at": at(&one.condition.place), "values": sources(&one.sources) }))
        .collect();
    json!({
        "object": reason.object,
        "path": reason.path,
        "value": reason.value,
        "templates": reason.printed.iter().map(|origin| at(&origin.place)).collect::<Vec<_>>(),
        "values": sources(&reason.sources),
        "conditions": conditions,
    })
}
