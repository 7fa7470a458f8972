//! `socle config`: the configuration as it counts, each value with its origin.

use std::collections::BTreeMap;

use catalog::{Layer, Platform, Setting};
use cel::{Key, Kind, Value};
use config::{Ledger, Sources};
use serde_json::{Map, Value as Json, json};

use super::catalog::Form;
use crate::configuration::{self, ConfigurationArguments, Loaded};
use crate::context::Context;
use crate::error::CommandError;

/// The flags of `socle config`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    configuration: ConfigurationArguments,
    /// The form of the report: for people YAML, with the origin of each value as a comment.
    #[arg(short, long, value_name = "FORM", default_value = "text")]
    output: Form,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> Result<(), CommandError> {
    let loaded = configuration::load(&arguments.configuration)?;
    let text = match arguments.output {
        Form::Text => text(&loaded),
        Form::Json => format!("{:#}\n", as_json(&loaded)),
    };
    context.print(text.as_bytes());
    Ok(())
}

/// The settings of the platform, what is known of its cluster, the settings of each service.
fn sections(
    platform: &Platform,
) -> impl Iterator<Item = (Option<&str>, &BTreeMap<String, Setting>)> {
    let services = platform.services.iter().map(|one| (Some(one.name.as_str()), &one.options));
    let of_platform = [(None, &platform.settings), (Some("facts"), &platform.facts)];
    of_platform.into_iter().chain(services)
}

/// The widest setting that makes the others stand apart from their origins as far.
const WIDEST: usize = 60;

fn text(loaded: &Loaded) -> String {
    let mut lines: Vec<(String, String)> = Vec::new();
    for (section, settings) in sections(&loaded.platform) {
        let indent = if section.is_some() { "  " } else { "" };
        if let Some(section) = section {
            let none = if settings.is_empty() { " {}" } else { "" };
            lines.push((format!("{section}:{none}"), String::new()));
        }
        for (name, setting) in settings {
            let value = as_json_value(&setting.value);
            lines.push((format!("{indent}{name}: {value}"), origin(setting, loaded)));
        }
    }
    let widths = lines.iter().map(|(left, _)| left.chars().count());
    let width = widths.filter(|width| *width <= WIDEST).max().unwrap_or(0);
    let line = |(left, right): &(String, String)| {
        if right.is_empty() { format!("{left}\n") } else { format!("{left:<width$}  # {right}\n") }
    };
    lines.iter().map(line).collect()
}

/// Who says what a setting is, and where.
fn origin(setting: &Setting, loaded: &Loaded) -> String {
    let place = loaded.sources.tell(&setting.place);
    let said = match setting.layer {
        Layer::Given => place,
        Layer::Inherited => format!("{place} (for all services)"),
        Layer::Profile => format!("profile ({place})"),
        Layer::Default => format!("default ({place})"),
    };
    let from = derived(setting, &loaded.sources, &loaded.ledger);
    if from.is_empty() { said } else { format!("{said}, from {}", from.join(", ")) }
}

/// The further lines that a value was computed from.
fn derived(setting: &Setting, sources: &Sources, ledger: &Ledger) -> Vec<String> {
    let origins = setting.value.all_origins();
    let places = origins.as_slice().iter().filter_map(|origin| ledger.place(*origin));
    // What stands within the setting itself is no other place.
    let is_inside = |place: &&config::Place| {
        place.source == setting.place.source
            && setting.place.span.start <= place.span.start
            && place.span.end <= setting.place.span.end
    };
    let mut lines: Vec<String> =
        places.filter(|place| !is_inside(place)).map(|place| sources.tell(place)).collect();
    lines.dedup();
    lines
}

fn as_json(loaded: &Loaded) -> Json {
    let settings = |all: &BTreeMap<String, Setting>| {
        let one = |(name, setting): (&String, &Setting)| {
            let layer = match setting.layer {
                Layer::Given => "given",
                Layer::Inherited => "inherited",
                Layer::Profile => "profile",
                Layer::Default => "default",
            };
            let made = json!({
                "value": as_json_value(&setting.value),
                "layer": layer,
                "place": loaded.sources.tell(&setting.place),
                "from": derived(setting, &loaded.sources, &loaded.ledger),
            });
            (name.clone(), made)
        };
        all.iter().map(one).collect::<Map<String, Json>>()
    };
    let services: Map<String, Json> = loaded
        .platform
        .services
        .iter()
        .map(|one| (one.name.clone(), Json::Object(settings(&one.options))))
        .collect();
    json!({
        "platform": settings(&loaded.platform.settings),
        "facts": settings(&loaded.platform.facts),
        "services": services,
    })
}

/// A value as JSON; an optional one as what it holds.
fn as_json_value(value: &Value) -> Json {
    match &value.kind {
        Kind::Bool(value) => json!(value),
        Kind::Int(value) => json!(value),
        Kind::Uint(value) => json!(value),
        Kind::Double(value) => json!(value),
        Kind::String(text) => json!(**text),
        Kind::List(items) => items.iter().map(as_json_value).collect(),
        Kind::Map(entries) => {
            let entry = |(key, value): (&Key, &Value)| {
                let key = match key {
                    Key::String(text) => text.to_string(),
                    other => other.to_string(),
                };
                (key, as_json_value(value))
            };
            Json::Object(entries.iter().map(entry).collect())
        }
        Kind::Optional(Some(inner)) => as_json_value(inner),
        Kind::Null | Kind::Bytes(_) | Kind::Object(_) | Kind::Optional(None) | Kind::Type(_) => {
            Json::Null
        }
    }
}
