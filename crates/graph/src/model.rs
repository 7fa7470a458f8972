//! What is in a picture: cards with rows, and which card a row leads to.

use std::collections::BTreeMap;

use catalog::{Binding, Bound, Platform};
use cel::{Kind, Value};
use diagnostic::{Language, words};

/// A platform as a picture shows it.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// What the picture is of.
    pub title: String,
    /// The cards: first the outside, then services, then what is elsewhere.
    pub cards: Vec<Card>,
}

/// Where something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Where people come from.
    Outside,
    /// In the platform.
    Platform,
    /// Somewhere else, run by somebody else.
    Elsewhere,
}

/// A service, the outside, or a server elsewhere.
#[derive(Clone, Debug)]
pub struct Card {
    /// What people call it.
    pub title: String,
    /// Its name in configurations; of the outside and of what is elsewhere, the provisioners.
    pub name: String,
    /// Where it is.
    pub place: Place,
    /// Its requirements, or the host names of the outside.
    pub rows: Vec<Row>,
}

/// A line of a card.
#[derive(Clone, Debug)]
pub struct Row {
    /// The requirement, or the host name.
    pub label: String,
    /// The provisioner, where the card does not name it.
    pub by: String,
    /// The card that it leads to; none where all that is behind it is an object of its own.
    pub to: Option<usize>,
}

impl Graph {
    /// The picture of a platform, with its texts in a language.
    pub fn of(platform: &Platform, language: Language) -> Self {
        let outside = Card {
            title: words!("From outside", "De l'extérieur").of(language).to_owned(),
            name: String::new(),
            place: Place::Outside,
            rows: Vec::new(),
        };
        let mut cards = vec![outside];
        cards.extend(platform.services.iter().map(|service| Card {
            title: service.title.of(language).to_owned(),
            name: service.name.clone(),
            place: Place::Platform,
            rows: Vec::new(),
        }));
        let mut places: BTreeMap<String, usize> =
            cards.iter().enumerate().map(|(at, card)| (card.name.clone(), at)).collect();
        for (at, service) in platform.services.iter().enumerate() {
            for binding in &service.bindings {
                if let Some(host) = host_of_route(binding) {
                    cards[0].rows.push(Row { label: host, by: String::new(), to: Some(at + 1) });
                    let outside = &mut cards[0].name;
                    if !outside.split(", ").any(|known| known == binding.provisioner) {
                        let comma = if outside.is_empty() { "" } else { ", " };
                        *outside = format!("{outside}{comma}{}", binding.provisioner);
                    }
                } else {
                    let row = row(service, binding, &mut cards, &mut places);
                    cards[at + 1].rows.push(row);
                }
            }
        }
        let domain = platform.settings.get("domain").and_then(|one| one.value.as_str());
        let title = platform.settings.get("title").and_then(|one| one.value.as_str());
        let title = title.unwrap_or(&platform.name);
        let domain = domain.map(|domain| format!(" · {domain}")).unwrap_or_default();
        Self { title: format!("{title}{domain}"), cards }
    }
}

/// The host name by which people come in, where a binding is a route.
fn host_of_route(binding: &Binding) -> Option<String> {
    if binding.of_type != "route" {
        return None;
    }
    let url = binding.outputs.get("url").and_then(Value::as_str)?;
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    Some(host.trim_end_matches('/').to_owned())
}

fn row(
    service: &Bound,
    binding: &Binding,
    cards: &mut Vec<Card>,
    places: &mut BTreeMap<String, usize>,
) -> Row {
    let behind = binding.service.as_deref().filter(|behind| *behind != service.name);
    let to = match behind {
        Some(behind) => places.get(behind).copied(),
        None => elsewhere(binding).map(|server| {
            let key = format!("{}: {server}", binding.provisioner);
            *places.entry(key).or_insert_with(|| {
                let (title, name) = (server, binding.provisioner.clone());
                cards.push(Card { title, name, place: Place::Elsewhere, rows: Vec::new() });
                cards.len() - 1
            })
        }),
    };
    Row { label: binding.requirement.clone(), by: binding.provisioner.clone(), to }
}

/// The server of a binding that nothing in the platform stands behind and nothing is made for.
fn elsewhere(binding: &Binding) -> Option<String> {
    let makes_nothing = match &binding.objects.kind {
        Kind::List(items) => items.is_empty(),
        _ => true,
    };
    if !makes_nothing || binding.service.is_some() {
        return None;
    }
    let text = |name: &str| binding.outputs.get(name).and_then(Value::as_str);
    text("host").or_else(|| text("issuer")).map(str::to_owned)
}
