//! The configuration, checked: settings of the platform, and a section for each service and each
//! provisioner.

use std::collections::BTreeMap;

use config::{
    Checking, Entry, Faults, Field, Format, Node, NodeKind, Place, Record, Shape, Sources,
    TextKind, Words,
};

use crate::catalogue::Catalogue;
use crate::definition::OptionOf;
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
facts: {nodes: 1, operators: [], storageClass: '', gatewayClass: '', ingressClass: '', issuer: ''}
";

/// A checked configuration.
#[derive(Debug)]
pub(super) struct Settings {
    /// The settings of the platform.
    pub platform: Node,
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
    pub options: BTreeMap<String, Node>,
    /// The raw values of the chart.
    pub values: Option<Node>,
    /// The provisioners that were chosen, by requirement or by resource type.
    pub provisioners: Option<Node>,
}

/// Names of a section that are no options.
const OF_SECTIONS: &[&str] = &["enabled", "values", "provisioners"];

/// Checks a configuration, with the defaults under it.
pub(super) fn read(
    catalogue: &Catalogue,
    root: Node,
    sources: &mut Sources,
) -> Result<Settings, Faults> {
    let id = sources.add("defaults", DEFAULTS);
    let root = config::read(sources, id, Format::Yaml)?.overlay(root);
    let sources = &*sources;
    let everywhere = scope::of_configuration(catalogue);
    let mut checking = Checking::new(sources, &everywhere);
    let root = checking.check(root, &root_shape(catalogue), "the configuration");
    let mut faults = checking.faults;
    let profile = root.get("profile").and_then(Node::as_str).unwrap_or("").to_owned();
    let common = root.get("default").cloned();
    let mut settings = Settings {
        services: root.get("services").map(|list| list.items().to_vec()).unwrap_or_default(),
        provisioners: section_or_empty(&root, "provisioners"),
        sections: BTreeMap::new(),
        of_provisioners: BTreeMap::new(),
        platform: root,
    };
    if let Some(common) = &common {
        faults.extend(common_options(common, catalogue, sources));
    }
    for service in catalogue.services.values() {
        let own = settings.platform.get(&service.name).cloned();
        let declarations = everywhere
            .clone()
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
            let inherited = common.as_ref().and_then(|common| common.get(name)).cloned();
            let inherited = inherited.map(|node| checking.check(node, &option.field.shape, name));
            let given = own.as_ref().and_then(|own| own.get(name)).cloned();
            let default = || {
                let node = default_of(option, &profile)?;
                Some(of_definition.check(node, &option.field.shape, name))
            };
            if let Some(node) = given.or(inherited).or_else(default) {
                section.options.insert(name.clone(), node);
            }
        }
        if let Some(own) = own {
            section.enabled =
                own.get("enabled").and_then(|node| Some((node.as_bool()?, node.place.clone())));
            section.values = own.get("values").cloned();
            section.provisioners = own.get("provisioners").cloned();
        }
        faults.extend(checking.faults);
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

/// The default of an option under a profile.
pub(super) fn default_of(option: &OptionOf, profile: &str) -> Option<Node> {
    let of_profile = option.profiles.iter().find(|entry| entry.key == profile);
    of_profile.map(|entry| entry.node.clone()).or_else(|| option.default.clone())
}

/// What `default` sets must be an option of some service.
fn common_options(common: &Node, catalogue: &Catalogue, sources: &Sources) -> Faults {
    let mut faults = Faults::default();
    let known: Vec<&str> = catalogue
        .services
        .values()
        .flat_map(|service| service.options.iter().map(|option| &*option.field.name))
        .collect();
    for Entry { key, key_place, .. } in common.entries() {
        if !known.contains(&key.as_str()) {
            let title = format!("no service has a setting `{key}`");
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

/// The shape of a whole configuration; sections are looked into one by one.
fn root_shape(catalogue: &Catalogue) -> Shape {
    let name = || Shape::Text(TextKind::Name);
    let field = |name: &str, shape, en: &str, fr: &str| Field::new(name, shape, Words::new(en, fr));
    let mut fields = scope::platform_fields();
    fields.push(field(
        "services",
        Shape::list(name()),
        "Services and bundles of the platform.",
        "Les services et les ensembles de la plateforme.",
    ));
    fields.push(field(
        "default",
        Shape::Raw,
        "Settings that every service inherits.",
        "Les réglages dont tous les services héritent.",
    ));
    fields.push(field(
        "facts",
        scope::facts_shape(),
        "What the cluster offers.",
        "Ce que le cluster offre.",
    ));
    fields.push(field(
        "provisioners",
        Shape::map(name()),
        "How resources are provided, by their type.",
        "Comment les ressources sont fournies, par type.",
    ));
    fields.extend(
        sections(catalogue).map(|(name, words, _)| Field::new(name, Shape::Raw, words.clone())),
    );
    Shape::record("the configuration", fields)
}

/// The shape of a configuration with all its sections, as editors want it.
pub(crate) fn configuration_shape(catalogue: &Catalogue) -> Shape {
    let Shape::Record(root) = root_shape(catalogue) else { return Shape::Any };
    let mut fields = vec![Field::new(
        "version",
        Shape::Int { least: Some(0), most: Some(config::NEWEST_VERSION) },
        Words::new("The version of the file's form.", "La version du format du fichier."),
    )];
    fields.extend(root.fields.iter().cloned());
    for (name, _, shape) in sections(catalogue) {
        if let Some(field) = fields.iter_mut().find(|field| field.name == name) {
            field.shape = shape;
        }
    }
    Shape::record("the configuration", fields)
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
