//! The configuration, checked: settings of the platform, and a section for each service and each
//! provisioner.

use std::collections::BTreeMap;

use config::{
    Checking, Entry, Faults, Field, Format, Node, NodeKind, Place, Record, Shape, SourceId,
    Sources, TextKind, Words,
};

use diagnostic::words;

use super::patches;
use crate::catalogue::Catalogue;
use crate::definition::{OptionOf, Service};
use crate::external;
use crate::facts;
use crate::names::suggestion;
use crate::scope;

/// What counts where a configuration says nothing.
const DEFAULTS: &str = "\
name: socle
namespace: ${platform.name}
title: ${platform.name}
profile: small
language: en
email: admin@${platform.domain}
services: [base]
tls: files
";

/// A checked configuration.
#[derive(Debug)]
pub(super) struct Settings {
    /// The settings of the platform.
    pub platform: Node,
    /// Where their defaults are.
    pub defaults: SourceId,
    /// The names of the services that run elsewhere.
    pub external: Vec<String>,
    /// Where the facts are that are only assumed.
    pub assumed: SourceId,
    /// Services and bundles that are asked for, each with its place.
    pub services: Vec<Node>,
    /// The provisioners that were chosen, by resource type.
    pub provisioners: Node,
    /// The sections of services.
    pub sections: BTreeMap<String, Section>,
    /// The options of provisioners.
    pub of_provisioners: BTreeMap<String, Node>,
}

/// The section of a service.
#[derive(Debug, Default)]
pub(super) struct Section {
    /// Whether it says that the service is wanted, or that it is not, and where.
    pub enabled: Option<(bool, Place)>,
    /// The options that apply: the configuration's over the profile's over the defaults.
    pub options: BTreeMap<String, (Node, Layer)>,
    /// The raw values of the chart.
    pub values: Option<Node>,
    /// The provisioners that were chosen, by requirement or by resource type.
    pub provisioners: Option<Node>,
}

/// Who says what a setting is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// The configuration, for this service or for the platform.
    Given,
    /// The configuration, for all services.
    Inherited,
    /// The profile.
    Profile,
    /// Nobody, so that the default counts.
    Default,
}

/// Names of a section that are no options.
const OF_SECTIONS: &[&str] = &["enabled", "values", "provisioners"];

/// Checks a configuration, with the defaults under it.
pub(super) fn read(
    catalogue: &Catalogue,
    root: Node,
    external: Vec<String>,
    sources: &mut Sources,
) -> Result<Settings, Faults> {
    let defaults = sources.add("defaults", DEFAULTS);
    let mut root = sections_by_own_names(root, catalogue, sources)?;
    let (facts, assumed) = facts::complete(taken(&mut root, "facts"), catalogue, sources)?;
    if let NodeKind::Map(entries) = &mut root.kind {
        entries.push(facts);
    }
    let root = config::read(sources, defaults, Format::Yaml)?.overlay(root);
    let sources = &*sources;
    let everywhere = scope::of_configuration(catalogue);
    let mut checking = Checking::new(sources, &everywhere);
    let mut root =
        checking.check(root, &Shape::Record(root_record(catalogue).into()), "the configuration");
    let mut faults = checking.faults;
    list_by_own_names(&mut root, catalogue);
    faults.extend(unknown_services(&root, catalogue, sources));
    let profile = root.get("profile").and_then(Node::as_str).unwrap_or("").to_owned();
    let common = root.get("default").cloned();
    let mut settings = Settings {
        services: root.get("services").map(|list| list.items().to_vec()).unwrap_or_default(),
        provisioners: section_or_empty(&root, "provisioners"),
        sections: BTreeMap::new(),
        of_provisioners: BTreeMap::new(),
        platform: root,
        defaults,
        assumed,
        external,
    };
    if let Some(common) = &common {
        faults.extend(common_options(common, catalogue, sources));
    }
    for service in catalogue.services.values() {
        let own = settings.platform.get(&service.name).cloned();
        let (section, more) =
            section_of(service, own, common.as_ref(), &profile, catalogue, sources);
        faults.extend(more);
        settings.sections.insert(service.name.clone(), section);
    }
    for provisioner in catalogue.provisioners.values() {
        let given = section_or_empty(&settings.platform, &provisioner.name);
        let mut checking = Checking::new(sources, &everywhere);
        let fields = provisioner.options.iter().map(optional).collect();
        let shape = Shape::Record(Record::new(provisioner.name.clone(), fields).into());
        let given = checking.check(given, &shape, &provisioner.name);
        faults.extend(checking.faults);
        settings.of_provisioners.insert(provisioner.name.clone(), given);
    }
    if faults.is_empty() { Ok(settings) } else { Err(faults) }
}

/// The section of a service, over what all inherit, the profile and the defaults.
fn section_of(
    service: &Service,
    own: Option<Node>,
    common: Option<&Node>,
    profile: &str,
    catalogue: &Catalogue,
    sources: &Sources,
) -> (Section, Faults) {
    let declarations = scope::of_configuration(catalogue)
        .with("options", scope::options_type(&service.options, &service.name));
    let mut checking = Checking::new(sources, &declarations);
    // Defaults see what their definition sees; the catalogue's check has found them right.
    let seen = scope::of_service(service, catalogue);
    let mut of_definition = Checking::new(sources, &seen);
    let shape = section_shape(&service.name, &service.options);
    let own = own.map(|own| checking.check(own, &shape, &service.name));
    let mut section = Section::default();
    for option in &service.options {
        let name = &option.field.name;
        let inherited = common.and_then(|common| common.get(name)).cloned();
        let inherited = inherited.map(|node| checking.check(node, &option.field.shape, name));
        let given = own.as_ref().and_then(|own| own.get(name)).cloned();
        let given = given.map(|node| (node, Layer::Given));
        let inherited = inherited.map(|node| (node, Layer::Inherited));
        let default = || {
            let (node, layer) = default_of(option, profile)?;
            Some((of_definition.check(node, &option.field.shape, name), layer))
        };
        if let Some(found) = given.or(inherited).or_else(default) {
            section.options.insert(name.clone(), found);
        }
    }
    if let Some(own) = own {
        section.enabled =
            own.get("enabled").and_then(|node| Some((node.as_bool()?, node.place.clone())));
        section.values = own.get("values").cloned();
        section.provisioners = own.get("provisioners").cloned();
    }
    (section, checking.faults)
}

/// The configuration with what it says for an environment over the rest.
pub(super) fn for_environment(
    mut root: Node,
    environment: Option<&str>,
    sources: &Sources,
) -> Result<Node, Faults> {
    let all = taken(&mut root, "environments").map(|entry| entry.node);
    let Some(wanted) = environment else { return Ok(root) };
    let found = all.as_ref().and_then(|all| all.get(wanted)).cloned();
    match found {
        Some(over) => Ok(root.overlay(over)),
        None => {
            let known = all.as_ref().map_or(&[][..], Node::entries);
            let remedy = suggestion(wanted, known.iter().map(|entry| entry.key.as_str()));
            let place = all.as_ref().map_or(&root.place, |all| &all.place);
            let start = Place::new(place.source, place.span.start..place.span.start);
            let mut faults = Faults::default();
            let title = words!(
                "no environment is called `{wanted}`",
                "aucun environnement ne s'appelle `{wanted}`"
            );
            faults.error(sources, "config.environment", title, &start, "", [remedy]);
            Err(faults)
        }
    }
}

/// A setting, which is not there any more.
fn taken(root: &mut Node, name: &str) -> Option<Entry> {
    let NodeKind::Map(entries) = &mut root.kind else { return None };
    let at = entries.iter().position(|entry| entry.key == name)?;
    Some(entries.remove(at))
}

/// The default of an option under a profile.
pub(super) fn default_of(option: &OptionOf, profile: &str) -> Option<(Node, Layer)> {
    let of_profile = option.profiles.iter().find(|entry| entry.key == profile);
    match of_profile {
        Some(entry) => Some((entry.node.clone(), Layer::Profile)),
        None => option.default.clone().map(|node| (node, Layer::Default)),
    }
}

/// The name of the service that has this one as another name.
fn own_name(name: &str, catalogue: &Catalogue) -> Option<String> {
    let service = catalogue.service_called(name)?;
    (service.name != name).then(|| service.name.clone())
}

/// Puts the services that are asked for under their own names.
fn list_by_own_names(root: &mut Node, catalogue: &Catalogue) {
    let NodeKind::Map(entries) = &mut root.kind else { return };
    let lists = entries.iter_mut().filter(|entry| entry.key == "services");
    for entry in lists {
        let NodeKind::List(items) = &mut entry.node.kind else { continue };
        for item in items {
            if let Some(name) = item.as_str().and_then(|name| own_name(name, catalogue)) {
                item.kind = NodeKind::Text(name);
            }
        }
    }
}

/// The configuration with sections of services under their own names.
fn sections_by_own_names(
    mut root: Node,
    catalogue: &Catalogue,
    sources: &Sources,
) -> Result<Node, Faults> {
    let mut faults = Faults::default();
    let sections: Vec<String> = root.entries().iter().map(|entry| entry.key.clone()).collect();
    let NodeKind::Map(entries) = &mut root.kind else { return Ok(root) };
    for entry in entries {
        let Some(name) = own_name(&entry.key, catalogue) else { continue };
        if sections.contains(&name) {
            let alias = &entry.key;
            let title = words!(
                "`{alias}` is another name of `{name}`, which has a section, too",
                "`{alias}` est un autre nom de `{name}`, qui a aussi une section"
            );
            let remedy = words!("put both into one section", "réunissez-les dans une section");
            faults.error(sources, "config.twice", title, &entry.key_place, "", [remedy]);
        }
        entry.key = name;
    }
    if faults.is_empty() { Ok(root) } else { Err(faults) }
}

/// What is asked for must be a service or a bundle.
fn unknown_services(root: &Node, catalogue: &Catalogue, sources: &Sources) -> Faults {
    let mut faults = Faults::default();
    for node in root.get("services").map_or(&[][..], Node::items) {
        let name = node.as_str().unwrap_or("");
        if !catalogue.services.contains_key(name) && !catalogue.bundles.contains_key(name) {
            let title = words!(
                "no service and no bundle is called `{name}`",
                "aucun service ni ensemble ne s'appelle `{name}`"
            );
            let known = catalogue.services.keys().chain(catalogue.bundles.keys());
            let remedy = suggestion(name, known.map(String::as_str));
            let code = "config.unknown-service";
            faults.error(sources, code, title, &node.place, "", [remedy]);
        }
    }
    faults
}

/// What `default` sets must be an option of some service.
fn common_options(common: &Node, catalogue: &Catalogue, sources: &Sources) -> Faults {
    let mut faults = Faults::default();
    let known: Vec<&str> = catalogue
        .services
        .values()
        .flat_map(|service| service.options.iter().map(|option| &*option.field.name))
        .collect();
    // A hundred faults are told at most.
    for Entry { key, key_place, .. } in common.entries().iter().take(1000) {
        if !known.contains(&key.as_str()) {
            let title =
                words!("no service has a setting `{key}`", "aucun service n'a de réglage `{key}`");
            let remedy = suggestion(key, known.iter().copied());
            faults.error(sources, "config.unknown-key", title, key_place, "", [remedy]);
        }
    }
    faults
}

fn section_or_empty(root: &Node, name: &str) -> Node {
    let empty = || Node::new(NodeKind::Map(Vec::new()), root.place.clone());
    root.get(name).cloned().unwrap_or_else(empty)
}

/// Whether a name is a setting of the platform itself.
pub(crate) fn is_setting(name: &str) -> bool {
    let record = root_record(&Catalogue::default());
    ["version", "general"].contains(&name) || record.field(name).is_some()
}

/// The shape of a whole configuration; sections are looked into one by one.
fn root_record(catalogue: &Catalogue) -> Record {
    let name = || Shape::Text(TextKind::Name);
    let field = |name: &str, shape, words| Field::new(name, shape, words);
    let mut fields = scope::platform_fields();
    fields.push(field(
        "services",
        Shape::list(name()),
        words!(
            "Services and bundles of the platform.",
            "Les services et les ensembles de la plateforme."
        ),
    ));
    fields.push(field(
        "catalog",
        Shape::list(Shape::Text(TextKind::Plain)),
        words!(
            "Directories of further services, as seen from this file.",
            "Les dossiers d'autres services, vus de ce fichier."
        ),
    ));
    fields.push(field(
        "default",
        Shape::Raw,
        words!(
            "Settings that every service inherits.",
            "Les réglages dont tous les services héritent."
        ),
    ));
    fields.push(field(
        "facts",
        facts::shape(),
        words!("What the cluster offers.", "Ce que le cluster offre."),
    ));
    fields.push(field(
        "external",
        external::shape(),
        words!("Services that run elsewhere.", "Les services qui tournent ailleurs."),
    ));
    fields.extend(patches::fields());
    fields.push(field(
        "environments",
        Shape::map(Shape::Raw),
        words!(
            "Settings that count in one environment only.",
            "Les réglages propres à un environnement."
        ),
    ));
    fields.push(field(
        "provisioners",
        Shape::map(name()),
        words!(
            "How resources are provided, by their type.",
            "Comment les ressources sont fournies, par type."
        ),
    ));
    fields.extend(
        sections(catalogue).map(|(name, words, _)| Field::new(name, Shape::Raw, words.clone())),
    );
    Record::new(words!("the configuration", "la configuration"), fields)
}

/// The shape of a configuration with all its sections, as editors want it.
pub(crate) fn configuration_record(catalogue: &Catalogue) -> Record {
    let root = root_record(catalogue);
    let mut fields = vec![Field::new(
        "version",
        Shape::Int { least: Some(0), most: Some(config::NEWEST_VERSION) },
        Words::new("The version of the file's form.", "La version du format du fichier."),
    )];
    fields.extend(root.fields);
    for (name, default) in DEFAULTS.lines().filter_map(|line| line.split_once(": ")) {
        if let Some(field) = fields.iter_mut().find(|field| field.name == name) {
            field.default = Some(default.to_owned());
        }
    }
    let facts = ("facts", &Words::default(), facts::written());
    for (name, _, shape) in sections(catalogue).chain([facts]) {
        if let Some(field) = fields.iter_mut().find(|field| field.name == name) {
            field.shape = shape;
        }
    }
    for service in catalogue.services.values() {
        let aliases = service.aliases.iter().filter_map(Node::as_str);
        let shape = || section_shape(&service.name, &service.options);
        fields.extend(aliases.map(|alias| Field::new(alias, shape(), service.words.clone())));
    }
    Record::new(words!("the configuration", "la configuration"), fields)
}

/// The sections of services and provisioners, with their shapes.
fn sections(catalogue: &Catalogue) -> impl Iterator<Item = (&str, &Words, Shape)> {
    let services = catalogue
        .services
        .values()
        .map(|one| (one.name.as_str(), &one.words, section_shape(&one.name, &one.options)));
    let provisioners = catalogue.provisioners.values().map(|one| {
        let fields = one.options.iter().map(optional).collect();
        (one.name.as_str(), &one.words, Shape::record(one.name.clone(), fields))
    });
    services.chain(provisioners)
}

/// The shape of a service's section.
fn section_shape(name: &str, options: &[OptionOf]) -> Shape {
    let text = || Shape::Text(TextKind::Name);
    let of_sections = [Shape::Bool, Shape::Any, Shape::map(text())];
    let mut fields: Vec<Field> = OF_SECTIONS
        .iter()
        .zip(of_sections)
        .map(|(name, shape)| Field::new(*name, shape, Words::default()))
        .collect();
    fields.extend(options.iter().map(optional));
    Shape::record(name, fields)
}

/// What must be set is asked for when somebody reads it, wherever it may be set.
fn optional(option: &OptionOf) -> Field {
    Field { required: false, ..option.field.clone() }
}
