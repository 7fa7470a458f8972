//! What is known of a cluster: the settings under `facts`, and what counts where a configuration
//! says little of them: a preset, or assumptions.

use config::{
    Entry, Faults, Field, Format, Node, NodeKind, Place, Record, Shape, SourceId, Sources,
    TextKind, Words, read,
};
use diagnostic::words;
use serde_json::Value;

use crate::catalogue::Catalogue;
use crate::names::suggestion;

/// What counts where nobody says what the cluster is. Whatever is built on it says so.
pub(crate) const ASSUMED: &str = "\
kubernetes: '1.34'
nodes: [{cpu: '4', memory: 16Gi}, {cpu: '4', memory: 16Gi}, {cpu: '4', memory: 16Gi}]
storageClasses: ['']
sharedStorageClasses: []
ingressClasses: []
gatewayClasses: [eg]
loadBalancer: true
operators: []
apis: [gateway.networking.k8s.io/v1, gateway.envoyproxy.io/v1alpha1]
issuers: []
storageClass: \"${facts.storageClasses.size() > 0 ? facts.storageClasses[0] : ''}\"
sharedStorageClass: \"${facts.sharedStorageClasses.size() > 0 ? facts.sharedStorageClasses[0] : ''}\"
ingressClass: \"${facts.ingressClasses.size() > 0 ? facts.ingressClasses[0] : ''}\"
gatewayClass: \"${facts.gatewayClasses.size() > 0 ? facts.gatewayClasses[0] : ''}\"
issuer: \"${facts.issuers.size() > 0 ? facts.issuers[0] : ''}\"
";

/// The settings that choose among what is there; each is the first of its list where nobody says
/// otherwise, and so is assumed of no cluster.
const CHOICES: &[&str] =
    &["storageClass", "sharedStorageClass", "ingressClass", "gatewayClass", "issuer"];

/// The settings under `facts`.
pub(crate) fn shape() -> Shape {
    Shape::Record(record().into())
}

fn record() -> Record {
    let mut fields = observed();
    let text = |name: &str, en: &str, fr: &str| field(name, plain(), en, fr);
    fields.extend([
        text(
            "storageClass",
            "The class of volumes; empty for the cluster's default.",
            "La classe des volumes ; vide pour celle par défaut.",
        ),
        text(
            "sharedStorageClass",
            "The class of volumes that pods of several nodes share.",
            "La classe des volumes que partagent des pods de plusieurs nœuds.",
        ),
        text("ingressClass", "The class of ingresses.", "La classe des ingress."),
        text("gatewayClass", "The class of gateways.", "La classe des passerelles."),
        text(
            "issuer",
            "The issuer that signs, where `tls` is `issuer`.",
            "L'émetteur qui signe, si `tls` vaut `issuer`.",
        ),
    ]);
    Record::new(words!("the facts", "les faits"), fields)
}

/// A node, with what it has for pods.
fn node() -> Shape {
    let quantity = || Shape::Text(TextKind::Quantity);
    Shape::record(
        words!("a node", "un nœud"),
        vec![
            field("name", plain(), "Its name.", "Son nom."),
            field(
                "cpu",
                quantity(),
                "The processors that it gives to pods.",
                "Les processeurs qu'il donne aux pods.",
            )
            .required(),
            field(
                "memory",
                quantity(),
                "The memory that it gives to pods.",
                "La mémoire qu'il donne aux pods.",
            )
            .required(),
        ],
    )
}

/// What can be seen in a cluster.
pub(crate) fn observed() -> Vec<Field> {
    let list = |name: &str, en: &str, fr: &str| field(name, Shape::list(plain()), en, fr);
    vec![
        field("kubernetes", plain(), "The version of Kubernetes.", "La version de Kubernetes."),
        field(
            "nodes",
            Shape::list(node()),
            "The nodes that take pods, with what they have for these.",
            "Les nœuds qui prennent des pods, avec ce qu'ils ont pour eux.",
        ),
        list(
            "storageClasses",
            "The classes of volumes; the default first, as `''` where its name is not known.",
            "Les classes de volumes ; d'abord celle par défaut, `''` si son nom est inconnu.",
        ),
        list(
            "sharedStorageClasses",
            "Those whose volumes pods of several nodes may use at once (ReadWriteMany).",
            "Celles dont les volumes servent à des pods de plusieurs nœuds (ReadWriteMany).",
        ),
        list(
            "ingressClasses",
            "The classes of ingresses; the default first.",
            "Les classes d'ingress ; d'abord celle par défaut.",
        ),
        list(
            "gatewayClasses",
            "The classes of gateways (Gateway API).",
            "Les classes de passerelles (Gateway API).",
        ),
        field(
            "loadBalancer",
            Shape::Bool,
            "Whether a Service of type LoadBalancer gets an address.",
            "Si un Service de type LoadBalancer reçoit une adresse.",
        ),
        field(
            "operators",
            Shape::list(Shape::Text(TextKind::Name)),
            "Operators that are there: cert-manager, cloudnative-pg, external-dns.",
            "Les opérateurs présents : cert-manager, cloudnative-pg, external-dns.",
        ),
        list(
            "apis",
            "APIs beyond those of Kubernetes, as `group/version`.",
            "Les API autres que celles de Kubernetes, comme `groupe/version`.",
        ),
        list(
            "issuers",
            "The cluster-wide issuers of cert-manager (ClusterIssuer).",
            "Les émetteurs de cert-manager pour la grappe (ClusterIssuer).",
        ),
    ]
}

fn field(name: &str, shape: Shape, en: &str, fr: &str) -> Field {
    Field::new(name, shape, Words::new(en, fr))
}

fn plain() -> Shape {
    Shape::Text(TextKind::Plain)
}

/// Whether a fact chooses among others.
pub(crate) fn is_choice(name: &str) -> bool {
    CHOICES.contains(&name)
}

/// The facts that count: what the configuration says (the name of a preset, or a section, which may
/// name one), over the preset, over what is assumed. Gives the source of the assumptions, too.
pub(crate) fn complete(
    given: Option<Entry>,
    catalogue: &Catalogue,
    sources: &mut Sources,
) -> Result<(Entry, SourceId), Faults> {
    let assumed = sources.add("assumed", ASSUMED);
    let below = read(sources, assumed, Format::Yaml)?;
    let Some(mut given) = given.filter(|entry| !entry.node.is_null()) else {
        let key_place = Place::new(assumed, 0..0);
        return Ok((Entry { key: "facts".to_owned(), key_place, node: below }, assumed));
    };
    let named = match &mut given.node.kind {
        NodeKind::Map(entries) => {
            entries.iter().position(|entry| entry.key == "preset").map(|at| entries.remove(at).node)
        }
        _ => {
            let nothing = Node::new(NodeKind::Map(Vec::new()), given.node.place.clone());
            Some(std::mem::replace(&mut given.node, nothing))
        }
    };
    let below = match named {
        Some(named) => below.overlay(preset(&named, catalogue, sources)?),
        None => below,
    };
    given.node = below.overlay(given.node);
    Ok((given, assumed))
}

/// The facts of a preset.
fn preset(named: &Node, catalogue: &Catalogue, sources: &Sources) -> Result<Node, Faults> {
    let name = named.as_str().unwrap_or("");
    if let Some(found) = catalogue.presets.get(name) {
        return Ok(found.facts.clone());
    }
    let mut faults = Faults::default();
    let title = words!(
        "no preset of facts is called `{name}`",
        "aucun modèle de faits ne s'appelle `{name}`"
    );
    let known = catalogue.presets.keys().map(String::as_str);
    let remedies = [
        suggestion(name, known),
        words!(
            "the name of a file has its ending: `facts: facts.yaml`",
            "le nom d'un fichier a son extension : `facts: facts.yaml`"
        ),
    ];
    faults.error(sources, "config.unknown-preset", title, &named.place, "", remedies);
    Err(faults)
}

/// The names of all facts, in the order of the file.
pub(crate) fn names() -> impl Iterator<Item = String> {
    record().fields.into_iter().map(|field| field.name)
}

impl Catalogue {
    /// The shape of a file of facts as JSON Schema, for editors.
    pub fn facts_schema(&self) -> Value {
        let mut schema = written().json_schema();
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
        schema["title"] = "What a cluster offers to Socle".into();
        schema
    }
}

/// The settings under `facts` as a person writes them.
pub(crate) fn written() -> Shape {
    let mut record = record();
    record.fields.push(field(
        "preset",
        Shape::Text(TextKind::Name),
        "The preset that counts where nothing else is said.",
        "Le modèle qui compte là où rien d'autre n'est dit.",
    ));
    Shape::Record(record.into())
}
