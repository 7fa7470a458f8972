//! Services: a chart with its contract.

use config::{Entry, Node, NodeKind, Shape, TextKind, Words};

use diagnostic::words;

use super::Reader;
use super::need::Need;
use super::option::OptionOf;
use super::reader::{entries_of, field, name, raw_of, text, text_of, words, words_of};
use super::secret::Secret;

/// A service of a catalogue.
#[derive(Clone, Debug)]
pub struct Service {
    /// Its name: `nextcloud`.
    pub name: String,
    /// Other names that configurations may call it by.
    pub aliases: Vec<Node>,
    /// What people call it.
    pub title: Words,
    /// What it is for, in a sentence.
    pub words: Words,
    /// Where its makers speak of it.
    pub homepage: Option<String>,
    /// The picture in a portal or a dashboard: a name among Material Design Icons
    /// (<https://pictogrammers.com/library/mdi/>).
    pub icon: Option<String>,
    /// What is rendered.
    pub chart: ChartReference,
    /// Its images by name, each with the page that it was read from.
    pub images: Vec<Entry>,
    /// Its settings.
    pub options: Vec<OptionOf>,
    /// What it needs.
    pub requires: Vec<Requirement>,
    /// What it needs of the cluster.
    pub needs: Vec<Need>,
    /// The bindings that it stands behind, by the name under which it sees them: a type each.
    pub serves: Vec<Entry>,
    /// What it gathers from other services: a type each.
    pub collects: Vec<Entry>,
    /// What it offers to those who gather: a type each, with the outputs.
    pub provides: Vec<Entry>,
    /// What provisioners may know of it.
    pub exports: Vec<Entry>,
    /// What it has made in the cluster.
    pub secrets: Vec<Secret>,
    /// Whom people sign in as to administer it at first: `username`, and where the password is.
    pub administrator: Option<Node>,
    /// The values of its chart.
    pub values: Node,
    /// The document, with what it is based on.
    pub node: Node,
}

/// Where a service's chart is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChartReference {
    /// None: it is there for what its requirements make.
    Nothing,
    /// A chart of the catalogue, by name.
    Own(String),
    /// A chart elsewhere: reference, version, digest.
    Elsewhere {
        /// `oci://…`, or an address of a repository followed by the chart's name.
        reference: String,
        /// The exact version.
        version: String,
        /// The digest of the archive.
        digest: Option<String>,
    },
}

/// What a service needs.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// The name by which its expressions speak of it.
    pub name: String,
    /// The types that satisfy it; more than one where it has a choice.
    pub alternatives: Vec<Alternative>,
    /// Whether the service works without.
    pub optional: bool,
    /// When it is needed at all.
    pub when: Option<Node>,
    /// The node that defines it.
    pub node: Node,
}

/// A type that satisfies a requirement.
#[derive(Clone, Debug)]
pub struct Alternative {
    /// The resource type.
    pub of_type: String,
    /// Its parameters.
    pub with: Node,
    /// Where the type is named.
    pub place: config::Place,
}

impl Requirement {
    /// Whether there may be no binding.
    pub fn may_be_missing(&self) -> bool {
        self.optional || self.when.is_some()
    }
}

fn shape() -> Shape {
    let image = Shape::record(
        words!("an image", "une image"),
        vec![
            field("repository", text()).required(),
            field("tag", text()).required(),
            field("source", Shape::Text(TextKind::Url)),
            field("unverified", text()),
        ],
    );
    Shape::record(
        words!("a service", "un service"),
        vec![
            field("service", name()).required(),
            field("aliases", Shape::list(name())),
            field("title", words()).required(),
            field("words", words()).required(),
            field("homepage", Shape::Text(TextKind::Url)),
            field("icon", text()),
            field("chart", Shape::Raw),
            field("images", Shape::map(image)),
            field("options", Shape::Raw),
            field("requires", Shape::Raw),
            field("needs", Shape::map(Shape::Raw)),
            field("serves", Shape::map(name())),
            field("collects", Shape::map(name())),
            field("provides", Shape::map(Shape::Raw)),
            field("exports", Shape::map(Shape::Raw)),
            field("secrets", Shape::Raw),
            field("administrator", Shape::Raw),
            field("values", Shape::Raw),
        ],
    )
}

impl Service {
    /// The shape of `administrator`.
    pub fn administrator_shape() -> Shape {
        let fields =
            vec![field("username", text()).required(), field("password", Shape::Secret).required()];
        Shape::record("the administrator", fields)
    }
}

impl Reader<'_> {
    /// A service from its document.
    pub(crate) fn service(&mut self, node: Node) -> Option<Service> {
        let node = self.checked(node, &shape(), "the service");
        let all = |name| entries_of(&node, name).cloned().collect::<Vec<Entry>>();
        let requires = entries_of(&node, "requires");
        Some(Service {
            name: text_of(&node, "service")?,
            aliases: node.get("aliases").map_or_else(Vec::new, |list| list.items().to_vec()),
            title: words_of(&node, "title"),
            words: words_of(&node, "words"),
            homepage: text_of(&node, "homepage"),
            icon: text_of(&node, "icon"),
            chart: self.chart(node.get("chart"))?,
            images: all("images"),
            options: self.options(&node, "options"),
            requires: requires.filter_map(|entry| self.requirement(entry)).collect(),
            needs: self.needs(&node),
            serves: all("serves"),
            collects: all("collects"),
            provides: all("provides"),
            exports: all("exports"),
            secrets: self.secrets(&node),
            administrator: node.get("administrator").cloned(),
            values: raw_of(&node, "values"),
            node,
        })
    }

    fn chart(&mut self, node: Option<&Node>) -> Option<ChartReference> {
        let Some(node) = node else { return Some(ChartReference::Nothing) };
        if !matches!(node.kind, NodeKind::Map(_)) {
            let node = self.checked(node.clone(), &name(), "chart");
            return node.as_str().map(|name| ChartReference::Own(name.to_owned()));
        }
        let shape = Shape::record(
            words!("a chart elsewhere", "un chart d'ailleurs"),
            vec![
                field("reference", text()).required(),
                field("version", text()).required(),
                field("digest", text()),
            ],
        );
        let node = self.checked(node.clone(), &shape, "chart");
        Some(ChartReference::Elsewhere {
            reference: text_of(&node, "reference")?,
            version: text_of(&node, "version")?,
            digest: text_of(&node, "digest"),
        })
    }

    fn requirement(&mut self, entry: &Entry) -> Option<Requirement> {
        let name = &entry.key;
        let shape = Shape::record(
            words!("the requirement `{name}`", "le besoin `{name}`"),
            vec![
                field("type", super::reader::name()),
                field("with", Shape::Raw),
                field("anyOf", Shape::map(Shape::Raw)),
                field("optional", Shape::Bool),
                field("when", Shape::Raw),
            ],
        );
        let node = self.checked(entry.node.clone(), &shape, &entry.key);
        let alternatives = match (node.get("type"), node.get("anyOf")) {
            (Some(of_type), None) => vec![Alternative {
                of_type: of_type.as_str()?.to_owned(),
                with: raw_of(&node, "with"),
                place: of_type.place.clone(),
            }],
            (None, Some(any)) if !any.entries().is_empty() => any
                .entries()
                .iter()
                .map(|entry| Alternative {
                    of_type: entry.key.clone(),
                    with: entry.node.clone(),
                    place: entry.key_place.clone(),
                })
                .collect(),
            _ => {
                let title = words!(
                    "the requirement `{name}` has no type",
                    "le besoin `{name}` n'a pas de type"
                );
                let remedy = words!(
                    "write `type: postgres`, or `anyOf:` with several types",
                    "écrire `type: postgres`, ou `anyOf:` avec plusieurs types"
                );
                self.error("catalog.type", title, &entry.key_place, [remedy]);
                return None;
            }
        };
        Some(Requirement {
            name: entry.key.clone(),
            alternatives,
            optional: node.get("optional").and_then(Node::as_bool).unwrap_or(false),
            when: node.get("when").cloned(),
            node,
        })
    }
}
