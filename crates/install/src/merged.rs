//! The configuration as it counts, each value with its origin.

use std::collections::BTreeMap;
use std::path::Path;

use catalog::{Layer, Platform, Setting};
use compose::json_of;
use config::{Ledger, Place, Sources};
use diagnostic::{Language, Words, words};
use serde_json::{Map, Value as Json, json};

/// A platform's settings with where they come from.
#[derive(Clone, Copy, Debug)]
pub struct Merged<'p> {
    /// The platform.
    pub platform: &'p Platform,
    /// The texts of the configuration and the catalogue.
    pub sources: &'p Sources,
    /// The origins of values.
    pub ledger: &'p Ledger,
}

/// Where something stands, the same on every machine: of a file that was named from the root, only
/// its own name.
fn tell(sources: &Sources, place: &Place) -> String {
    let told = sources.tell(place);
    let path = Path::new(&told);
    if !path.is_absolute() {
        return told;
    }
    path.file_name().map_or(told.clone(), |name| name.to_string_lossy().into_owned())
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

impl Merged<'_> {
    /// As YAML, each value with its origin as a comment in a language.
    pub fn text(&self, language: Language) -> String {
        text(self, language)
    }

    /// As JSON.
    pub fn json(&self) -> Json {
        as_json(self)
    }
}

fn text(of: &Merged<'_>, language: Language) -> String {
    let mut lines: Vec<(String, String)> = Vec::new();
    for (section, settings) in sections(of.platform) {
        let indent = if section.is_some() { "  " } else { "" };
        if let Some(section) = section {
            let none = if settings.is_empty() { " {}" } else { "" };
            lines.push((format!("{section}:{none}"), String::new()));
        }
        for (name, setting) in settings {
            let value = json_of(&setting.value);
            let origin = origin(setting, of).of(language).to_owned();
            lines.push((format!("{indent}{name}: {value}"), origin));
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
fn origin(setting: &Setting, of: &Merged<'_>) -> Words {
    let place = tell(of.sources, &setting.place);
    let said = match setting.layer {
        Layer::Given => Words::from(place),
        Layer::Inherited => {
            words!("{place} (for all services)", "{place} (pour tous les services)")
        }
        Layer::Profile => words!("profile ({place})", "profil ({place})"),
        Layer::Default => words!("default ({place})", "par défaut ({place})"),
    };
    let from = derived(setting, of.sources, of.ledger);
    if from.is_empty() {
        return said;
    }
    let from = from.join(", ");
    words!("{said}, from {from}", "{said}, d'après {from}", said = said)
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
        places.filter(|place| !is_inside(place)).map(|place| tell(sources, place)).collect();
    lines.dedup();
    lines
}

fn as_json(of: &Merged<'_>) -> Json {
    let settings = |all: &BTreeMap<String, Setting>| {
        let one = |(name, setting): (&String, &Setting)| {
            let layer = match setting.layer {
                Layer::Given => "given",
                Layer::Inherited => "inherited",
                Layer::Profile => "profile",
                Layer::Default => "default",
            };
            let made = json!({
                "value": json_of(&setting.value),
                "layer": layer,
                "place": tell(of.sources, &setting.place),
                "from": derived(setting, of.sources, of.ledger),
            });
            (name.clone(), made)
        };
        all.iter().map(one).collect::<Map<String, Json>>()
    };
    let services: Map<String, Json> = of
        .platform
        .services
        .iter()
        .map(|one| (one.name.clone(), Json::Object(settings(&one.options))))
        .collect();
    json!({
        "platform": settings(&of.platform.settings),
        "facts": settings(&of.platform.facts),
        "services": services,
    })
}
