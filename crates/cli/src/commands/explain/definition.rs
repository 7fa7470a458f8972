//! What is in a catalogue, explained: options, services, resource types, provisioners, bundles, and
//! the settings of the platform itself.

use catalog::{Catalogue, OptionOf, Phase, Provisioner, ResourceType, Service};
use config::{Field, Node, NodeKind, Shape, TextKind};
use diagnostic::{Language, Words, words};

/// A page about something.
pub struct Page {
    lines: Vec<Words>,
}

impl Page {
    fn new(title: impl Into<Words>, about: &Words) -> Self {
        let mut lines = vec![title.into()];
        if !about.is_empty() {
            lines.push(about.clone());
        }
        Self { lines }
    }

    fn section(&mut self, title: Words) {
        self.lines.push(Words::default());
        self.lines.push(title);
    }

    fn line(&mut self, words: impl Into<Words>) {
        let words = words.into();
        self.lines.push(words!("  {line}", "  {line}", line = words));
    }

    /// The page in a language.
    pub fn text(&self, language: Language) -> String {
        let lines = self.lines.iter().map(|line| line.of(language).trim_end());
        lines.flat_map(|line| [line, "\n"]).collect()
    }
}

/// What a name means, if anything: `nextcloud`, `nextcloud.replicas`, `route`, `domain`.
pub fn explain(catalogue: &Catalogue, name: &str) -> Option<Page> {
    if let Some((of, option)) = name.split_once('.') {
        if let Some(service) = catalogue.services.get(of) {
            let found = service.options.iter().find(|one| one.field.name == option)?;
            return Some(of_option(of, found, Some(service)));
        }
        let found = catalogue.provisioners.get(of)?.options.iter();
        return found
            .into_iter()
            .find(|one| one.field.name == option)
            .map(|one| of_option(of, one, None));
    }
    if let Some(service) = catalogue.services.get(name) {
        return Some(of_service(service, catalogue));
    }
    if let Some(of_type) = catalogue.types.get(name) {
        return Some(self::of_type(of_type, catalogue));
    }
    if let Some(provisioner) = catalogue.provisioners.get(name) {
        return Some(of_provisioner(provisioner));
    }
    if let Some(bundle) = catalogue.bundles.get(name) {
        let mut page = Page::new(words!("{name}, a bundle", "{name}, un ensemble"), &bundle.words);
        page.section(words!("Services", "Services"));
        for service in bundle.services.iter().filter_map(Node::as_str) {
            page.line(service);
        }
        return Some(page);
    }
    let record = catalogue.configuration();
    record.field(name).map(|field| of_field(name, field, None))
}

/// Every name that can be explained.
pub fn names(catalogue: &Catalogue) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut with_options = |name: &str, options: &[OptionOf]| {
        names.push(name.to_owned());
        names.extend(options.iter().map(|one| format!("{name}.{}", one.field.name)));
    };
    for service in catalogue.services.values() {
        with_options(&service.name, &service.options);
    }
    for provisioner in catalogue.provisioners.values() {
        with_options(&provisioner.name, &provisioner.options);
    }
    names.extend(catalogue.types.keys().chain(catalogue.bundles.keys()).cloned());
    names.extend(catalogue.configuration().fields.into_iter().map(|field| field.name));
    names.sort();
    names.dedup();
    names
}

fn of_option(of: &str, option: &OptionOf, service: Option<&Service>) -> Page {
    let name = &option.field.name;
    let mut page = of_field(&format!("{of}.{name}"), &option.field, Some((of, option)));
    if let Some(service) = service {
        let mut read = Vec::new();
        let reference = format!("options.{name}");
        readers(&service.values, &reference, "", &mut read);
        page.section(words!("Read by", "Lu par"));
        for path in &read {
            page.line(words!("the chart's value {path}", "la valeur {path} du chart"));
        }
        let needs = service.requires.iter().filter(|one| mentions(&one.node, &reference));
        for requirement in needs {
            let needed = &requirement.name;
            page.line(words!("the requirement {needed}", "le besoin {needed}"));
        }
        for secret in service.secrets.iter().filter(|one| mentions(&one.node, &reference)) {
            let secret = &secret.name;
            page.line(words!("the secret {secret}", "le secret {secret}"));
        }
        if page.lines.last().is_some_and(|line| !line.en.starts_with(' ')) {
            page.line(words!("other definitions only", "d'autres définitions seulement"));
        }
    }
    page
}

fn of_field(name: &str, field: &Field, of: Option<(&str, &OptionOf)>) -> Page {
    let mut page = Page::new(name, &field.words);
    page.lines.push(Words::default());
    page.line(field.shape.what());
    if let Shape::OneOf(choices) = &field.shape {
        for choice in choices.iter().filter(|choice| !choice.words.is_empty()) {
            let word = &choice.word;
            page.line(words!("  {word}: {what}", "  {word} : {what}", what = choice.words));
        }
    }
    page.line(match &field.default {
        Some(default) => words!("by default: {default}", "par défaut : {default}"),
        None if field.required => words!("it must be set", "il doit être réglé"),
        None => words!("by default there is none", "par défaut il n'y en a pas"),
    });
    for profile in of.iter().flat_map(|(_, option)| &option.profiles) {
        let (profile, value) = (&profile.key, written(&profile.node));
        page.line(words!(
            "under the profile {profile}: {value}",
            "sous le profil {profile} : {value}"
        ));
    }
    let own = field.name.as_str();
    let example = format!("{own}: {}", example(field));
    page.section(words!("Example, in socle.yaml", "Exemple, dans socle.yaml"));
    match of {
        Some((section, _)) => page.line(format!("{section}: {{{example}}}")),
        None => page.line(example),
    }
    page
}

/// A value that the setting may have.
fn example(field: &Field) -> String {
    if let Some(default) = field.default.as_ref().filter(|text| !text.contains("${")) {
        return default.clone();
    }
    of_shape(&field.shape)
}

fn of_shape(shape: &Shape) -> String {
    match shape {
        Shape::Any | Shape::Raw | Shape::Map(_) | Shape::Record(_) => "{}".to_owned(),
        Shape::Bool => "true".to_owned(),
        Shape::Int { least, .. } => least.unwrap_or(1).max(1).to_string(),
        Shape::Float => "0.5".to_owned(),
        Shape::Secret => "{secret: my-secret, key: password}".to_owned(),
        Shape::OneOf(choices) => choices.first().map_or(String::new(), |one| one.word.clone()),
        Shape::List(of) => format!("[{}]", of_shape(of)),
        Shape::Text(kind) => match kind {
            TextKind::Plain => "text",
            TextKind::Name => "my-school",
            TextKind::Hostname => "cloud.example.org",
            TextKind::Url => "https://example.org",
            TextKind::Email => "admin@example.org",
            TextKind::Network => "10.0.0.0/8",
            TextKind::Quantity => "512Mi",
            TextKind::Duration => "30s",
        }
        .to_owned(),
    }
}

/// A default of a profile, as it is written.
fn written(node: &Node) -> String {
    match &node.kind {
        NodeKind::Bool(value) => value.to_string(),
        NodeKind::Int(value) => value.to_string(),
        NodeKind::Float(value) => value.to_string(),
        NodeKind::List(items) => {
            format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", "))
        }
        NodeKind::Map(_) => "{…}".to_owned(),
        NodeKind::Null => "null".to_owned(),
        NodeKind::Text(_) | NodeKind::Untyped(_) | NodeKind::Expression(_) => {
            node.as_str().unwrap_or("${…}").to_owned()
        }
    }
}

/// Whether a text names something, and not something longer.
fn names_it(text: &str, wanted: &str) -> bool {
    let goes_on = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(wanted).any(|(at, _)| !text[at + wanted.len()..].starts_with(goes_on))
}

fn mentions(node: &Node, wanted: &str) -> bool {
    node.as_str().is_some_and(|text| names_it(text, wanted))
        || node.items().iter().any(|item| mentions(item, wanted))
        || node.entries().iter().any(|entry| mentions(&entry.node, wanted))
}

/// The paths of the values whose expressions name something.
fn readers(node: &Node, wanted: &str, path: &str, found: &mut Vec<String>) {
    if node.as_str().is_some_and(|text| names_it(text, wanted)) {
        found.push(path.to_owned());
    }
    for (at, item) in node.items().iter().enumerate() {
        readers(item, wanted, &format!("{path}[{at}]"), found);
    }
    for entry in node.entries() {
        let path =
            if path.is_empty() { entry.key.clone() } else { format!("{path}.{}", entry.key) };
        readers(&entry.node, wanted, &path, found);
    }
}

/// One line a setting.
fn list_options(page: &mut Page, title: Words, options: &[OptionOf]) {
    if options.is_empty() {
        return;
    }
    page.section(title);
    for option in options {
        let (name, words) = (&option.field.name, &option.field.words);
        let default = option.field.default.as_ref().map(|text| format!(" [{text}]"));
        let default = default.unwrap_or_default();
        page.line(words!("{name}{default}: {words}", "{name}{default} : {words}", words = words));
    }
}

fn of_service(service: &Service, catalogue: &Catalogue) -> Page {
    let name = &service.name;
    let title = words!("{name}: {title}", "{name} : {title}", title = service.title);
    let mut page = Page::new(title, &service.words);
    page.lines.extend(service.homepage.as_deref().map(Words::from));
    list_options(&mut page, words!("Settings", "Réglages"), &service.options);
    if !service.requires.is_empty() {
        page.section(words!("Requires", "Requiert"));
    }
    for requirement in &service.requires {
        let name = &requirement.name;
        let types = requirement.alternatives.iter().map(|one| one.of_type.as_str());
        let types = types.collect::<Vec<_>>().join(" | ");
        let about = requirement.alternatives.first();
        let about = about.and_then(|one| catalogue.types.get(&one.of_type));
        let about = about.map(|one| one.words.clone()).unwrap_or_default();
        page.line(if requirement.may_be_missing() {
            words!(
                "{name}: {types}, or nothing. {about}",
                "{name} : {types}, ou rien. {about}",
                about = about
            )
        } else {
            words!("{name}: {types}. {about}", "{name} : {types}. {about}", about = about)
        });
    }
    if !service.images.is_empty() {
        page.section(words!("Images", "Images"));
    }
    for image in &service.images {
        let part = |field: &str| image.node.get(field).and_then(Node::as_str).unwrap_or("");
        let (repository, tag) = (part("repository"), part("tag"));
        let source = part("source");
        page.line(if source.is_empty() {
            words!("{repository}:{tag} (unverified)", "{repository}:{tag} (non vérifié)")
        } else {
            words!("{repository}:{tag}, read at {source}", "{repository}:{tag}, lu sur {source}")
        });
    }
    page.section(words!("More", "Plus"));
    page.line(words!(
        "socle explain {name}.SETTING explains a setting",
        "socle explain {name}.RÉGLAGE explique un réglage"
    ));
    page
}

fn of_type(of_type: &ResourceType, catalogue: &Catalogue) -> Page {
    let name = &of_type.name;
    let title = words!("{name}, a resource type", "{name}, un type de ressource");
    let mut page = Page::new(title, &of_type.words);
    let title = words!("A requirement may say", "Un besoin peut dire");
    list_options(&mut page, title, &of_type.parameters);
    if !of_type.outputs.is_empty() {
        page.section(words!("It gets", "Il obtient"));
    }
    for output in &of_type.outputs {
        let (name, words) = (output.name(), &output.option.field.words);
        page.line(match output.phase {
            Phase::Build => words!("{name}: {words}", "{name} : {words}", words = words),
            Phase::Cluster => words!(
                "{name}: {words} Known in the cluster only.",
                "{name} : {words} Connu dans la grappe seulement.",
                words = words,
            ),
        });
    }
    page.section(words!("Provided by", "Fourni par"));
    for provisioner in catalogue.provisioners_of(name) {
        let (name, words) = (&provisioner.name, &provisioner.words);
        page.line(words!("{name}: {words}", "{name} : {words}", words = words));
    }
    let needs = |service: &&Service| {
        let mut all = service.requires.iter().flat_map(|one| &one.alternatives);
        all.any(|one| one.of_type == *name)
    };
    let services = catalogue.services.values().map(|one| &**one).filter(needs);
    let services: Vec<&str> = services.map(|one| one.name.as_str()).collect();
    if !services.is_empty() {
        page.section(words!("Required by", "Requis par"));
        page.line(services.join(", "));
    }
    page
}

fn of_provisioner(provisioner: &Provisioner) -> Page {
    let (name, of_type) = (&provisioner.name, &provisioner.provides);
    let title = words!("{name}, a provisioner of {of_type}", "{name}, un fournisseur de {of_type}");
    let mut page = Page::new(title, &provisioner.words);
    if let Some(service) = &provisioner.service {
        page.section(words!("Behind it", "Derrière lui"));
        page.line(words!("the service {service}", "le service {service}"));
    }
    list_options(&mut page, words!("Settings", "Réglages"), &provisioner.options);
    page.section(words!("Chosen by, in socle.yaml", "Choisi par, dans socle.yaml"));
    page.line(format!("provisioners: {{{of_type}: {name}}}"));
    page
}
