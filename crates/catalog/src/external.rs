//! Services that run elsewhere: an entry under `external` becomes a service without a chart, with what
//! the platform does for it (a place in the portal, a route, a client of the sign-in service).

use std::sync::Arc;

use config::{
    Checking, Entry, Faults, Field, Format, Node, NodeKind, Shape, Sources, TextKind, Words, read,
};
use diagnostic::words;

use crate::catalogue::Catalogue;
use crate::definition::Reader;
use crate::scope;

/// The types of what offers an entry in a portal.
const ENTRIES: &[&str] = &["portal-entry", "homepage-entry"];

fn text(kind: TextKind) -> Shape {
    Shape::Text(kind)
}

/// A route of the platform to an external service.
fn route() -> Shape {
    let field = Field::new;
    Shape::record(
        "the route",
        vec![
            field(
                "hostname",
                text(TextKind::Hostname),
                Words::new(
                    "The host name of the platform under which it is reached.",
                    "Le nom d'hôte de la plateforme par lequel il est joint.",
                ),
            )
            .required(),
            field(
                "addresses",
                Shape::list(text(TextKind::Network)),
                Words::new("The addresses of the servers.", "Les adresses des serveurs."),
            ),
            field(
                "host",
                text(TextKind::Hostname),
                Words::new(
                    "The name of the server, instead of addresses.",
                    "Le nom du serveur, au lieu d'adresses.",
                ),
            ),
            field(
                "port",
                Shape::Int { least: Some(1), most: Some(65535) },
                Words::new(
                    "The port of the servers; 80 where nothing is said.",
                    "Le port des serveurs ; 80 si rien n'est dit.",
                ),
            ),
            field(
                "allowedNetworks",
                Shape::list(text(TextKind::Network)),
                Words::new("The networks that may come in.", "Les réseaux admis."),
            ),
        ],
    )
}

/// A client of the sign-in service for an external service.
fn sign_in() -> Shape {
    let field = Field::new;
    Shape::record(
        "the client",
        vec![
            field(
                "redirectUris",
                Shape::list(text(TextKind::Plain)),
                Words::new(
                    "The addresses to which the sign-in may lead back.",
                    "Les adresses auxquelles la connexion peut ramener.",
                ),
            )
            .required(),
        ],
    )
}

/// The settings under `external`.
pub(crate) fn shape() -> Shape {
    let field = Field::new;
    Shape::map(Shape::record(
        "the entry",
        vec![
            field(
                "title",
                text(TextKind::Plain),
                Words::new("What people call it.", "Le nom affiché."),
            )
            .required(),
            field(
                "description",
                text(TextKind::Plain),
                Words::new("What it is for.", "À quoi il sert."),
            ),
            field(
                "icon",
                text(TextKind::Plain),
                Words::new(
                    "The picture: a name among Material Design Icons.",
                    "L'image : un nom parmi les Material Design Icons.",
                ),
            ),
            field(
                "url",
                text(TextKind::Url),
                Words::new(
                    "Where people find it; the route's address where there is one.",
                    "Où on le trouve ; l'adresse de la route s'il y en a une.",
                ),
            ),
            field(
                "route",
                route(),
                Words::new("A route of the platform to it.", "Une route vers lui."),
            ),
            field(
                "signIn",
                sign_in(),
                Words::new(
                    "A client of the platform's sign-in service.",
                    "Un client du service de connexion de la plateforme.",
                ),
            ),
        ],
    ))
}

/// The catalogue with the external services of a configuration, and their names.
pub(crate) fn join(
    catalogue: Arc<Catalogue>,
    root: &Node,
    sources: &mut Sources,
) -> Result<(Arc<Catalogue>, Vec<String>), Faults> {
    let Some(given) = root.get("external").cloned() else { return Ok((catalogue, Vec::new())) };
    let declarations = scope::everywhere();
    let mut checking = Checking::new(sources, &declarations);
    let given = checking.check(given, &shape(), "external");
    let mut faults = checking.faults;
    let mut joined = Catalogue::clone(&catalogue);
    let mut names = Vec::new();
    for entry in given.entries() {
        if catalogue.services.contains_key(&entry.key) || !TextKind::Name.accepts(&entry.key) {
            faults.extend(wrong_name(entry, sources));
            continue;
        }
        match definition(entry, &catalogue, sources) {
            Ok(node) => {
                let mut reader = Reader::new(sources);
                let found = reader.service(node);
                faults.extend(reader.faults);
                if let Some(service) = found {
                    names.push(entry.key.clone());
                    joined.services.insert(entry.key.clone(), Arc::new(service));
                }
            }
            Err(more) => faults.extend(more),
        }
    }
    if faults.is_empty() { Ok((Arc::new(joined), names)) } else { Err(faults) }
}

fn wrong_name(entry: &Entry, sources: &Sources) -> Faults {
    let mut faults = Faults::default();
    let name = &entry.key;
    let title = words!(
        "`{name}` cannot be the name of an external service",
        "`{name}` ne peut pas être le nom d'un service externe"
    );
    let remedy = words!(
        "take a name of small letters, digits and hyphens that no service of the catalogue has",
        "prendre un nom de minuscules, chiffres et tirets qu'aucun service du catalogue n'a"
    );
    faults.error(sources, "config.external", title, &entry.key_place, "", [remedy]);
    faults
}

/// What an external service would be in a catalogue. Its settings stand in it as they are, with
/// their places and expressions.
fn definition(entry: &Entry, catalogue: &Catalogue, sources: &mut Sources) -> Result<Node, Faults> {
    let name = &entry.key;
    let id = sources.add("external", format!("service: {name}\nprovides: {{}}\nrequires: {{}}\n"));
    let mut made = read(sources, id, Format::Yaml)?;
    let mut faults = Faults::default();
    let of = Maker { entry };
    let title = entry.node.get("title").cloned().unwrap_or_else(|| of.text(""));
    let words = entry.node.get("description").cloned().unwrap_or_else(|| of.text(""));
    of.put(&mut made, "title", of.both(&title));
    of.put(&mut made, "words", of.both(&words));
    if let Some(icon) = entry.node.get("icon") {
        of.put(&mut made, "icon", icon.clone());
    }
    let route = entry.node.get("route");
    let url = match (entry.node.get("url"), route.and_then(|route| route.get("hostname"))) {
        (Some(url), _) => Some(url.clone()),
        (None, Some(_)) => Some(of.text("${requires.route.url}")),
        (None, None) => None,
    };
    let Some(url) = url else {
        let title = words!(
            "`{name}` says neither `url` nor `route`",
            "`{name}` ne dit ni `url` ni `route`"
        );
        let remedy = words!("say where people find it", "dire où on le trouve");
        faults.error(sources, "config.external", title, &entry.key_place, "", [remedy]);
        return Err(faults);
    };
    let offer = [
        ("title", title),
        ("url", url),
        ("description", of.text("${service.description}")),
        ("icon", of.text("${service.icon}")),
    ];
    let offers = ENTRIES.iter().filter(|of_type| catalogue.types.contains_key(**of_type));
    let offers: Vec<(&str, Node)> =
        offers.map(|of_type| (*of_type, of.map(offer.clone()))).collect();
    of.put(&mut made, "provides", of.map(offers));
    let mut requires: Vec<(&str, Node)> = Vec::new();
    if let Some(client) = entry.node.get("signIn") {
        requires.push(("sso", of.requirement("oidc-client", client.clone())));
    }
    if let Some(route) = route {
        requires.extend(routed(&of, route));
    }
    of.put(&mut made, "requires", of.map(requires));
    Ok(made)
}

/// What a route to servers outside requires: the record, the name within the cluster, the route.
fn routed(of: &Maker<'_>, route: &Node) -> Vec<(&'static str, Node)> {
    let some = |names: &[&'static str]| {
        let found = names.iter().filter_map(|name| Some((*name, route.get(name)?.clone())));
        found.collect::<Vec<_>>()
    };
    let mut with = some(&["hostname", "allowedNetworks"]);
    with.push(("port", of.text("${requires.backend.port}")));
    with.push(("annotations", of.text("${requires.record.annotations}")));
    vec![
        ("record", of.requirement("dns-record", of.map(some(&["hostname"])))),
        ("backend", of.requirement("backend", of.map(some(&["addresses", "host", "port"])))),
        ("route", of.requirement("route", of.map(with))),
    ]
}

/// Makes nodes that stand where the entry stands.
struct Maker<'e> {
    entry: &'e Entry,
}

impl Maker<'_> {
    fn text(&self, text: &str) -> Node {
        Node::new(NodeKind::Text(text.to_owned()), self.entry.key_place.clone())
    }

    fn map<'n>(&self, entries: impl IntoIterator<Item = (&'n str, Node)>) -> Node {
        let entry = |(key, node): (&str, Node)| Entry {
            key: key.to_owned(),
            key_place: self.entry.key_place.clone(),
            node,
        };
        let entries = entries.into_iter().map(entry).collect();
        Node::new(NodeKind::Map(entries), self.entry.key_place.clone())
    }

    /// The same text in both languages.
    fn both(&self, text: &Node) -> Node {
        self.map([("en", text.clone()), ("fr", text.clone())])
    }

    fn requirement(&self, of_type: &str, with: Node) -> Node {
        self.map([("type", self.text(of_type)), ("with", with)])
    }

    fn put(&self, document: &mut Node, key: &str, node: Node) {
        let below = std::mem::replace(&mut document.kind, NodeKind::Null);
        let place = document.place.clone();
        *document = Node::new(below, place).overlay(self.map([(key, node)]));
    }
}
