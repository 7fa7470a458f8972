//! All definitions against one another: every name that one uses of another is there, and every
//! expression has the type that is wanted, before any platform exists.

use std::collections::BTreeMap;

use cel::{Declarations, Interpolation, Part, Type};
use config::{Checking, Entry, Faults, Node, NodeKind, Shape, Sources};

use diagnostic::{Words, words};

use crate::catalogue::Catalogue;
use crate::definition::{
    Need, OptionOf, Phase, Provisioner, Reader, Requirement, ResourceType, Secret, SecretKey,
    Service,
};
use crate::names::suggestion;
use crate::scope;

/// Checks a catalogue.
pub(crate) fn check(catalogue: &Catalogue, reader: &mut Reader<'_>) {
    let mut checker = Checker { catalogue, sources: reader.sources, faults: Faults::default() };
    let mut exports = BTreeMap::new();
    for service in catalogue.services.values() {
        exports.insert(service.name.as_str(), checker.service(service));
    }
    for provisioner in catalogue.provisioners.values() {
        checker.provisioner(provisioner, &exports);
    }
    for of_type in catalogue.types.values() {
        checker.resource_type(of_type);
    }
    for bundle in catalogue.bundles.values() {
        for service in &bundle.services {
            let name = service.as_str().unwrap_or("");
            if !catalogue.services.contains_key(name) {
                checker.unknown_service(service);
            }
        }
    }
    reader.faults.extend(checker.faults);
}

struct Checker<'c> {
    catalogue: &'c Catalogue,
    sources: &'c Sources,
    faults: Faults,
}

impl Checker<'_> {
    /// Checks a service; gives the type of what it exports.
    fn service(&mut self, service: &Service) -> Type {
        let declarations = scope::of_service(service, self.catalogue);
        self.options(&service.options, &declarations);
        for requirement in &service.requires {
            self.requirement(requirement, &declarations);
        }
        for entry in service.serves.iter().chain(&service.collects) {
            self.type_named(&entry.node);
        }
        for offer in &service.provides {
            let Some(of_type) = self.catalogue.types.get(&offer.key) else {
                self.unknown_type(&offer.key, &offer.key_place);
                continue;
            };
            self.node(&offer.node, &of_type.parameters_shape(), &offer.key, &declarations);
        }
        self.needs(&service.needs, &declarations);
        self.secrets(&service.secrets, &declarations);
        if let Some(node) = &service.administrator {
            self.node(node, &Service::administrator_shape(), "administrator", &declarations);
        }
        self.node(&service.values, &Shape::Any, "values", &declarations);
        let types: Vec<(String, Type)> = service
            .exports
            .iter()
            .map(|entry| (entry.key.clone(), self.type_of(entry, &declarations)))
            .collect();
        scope::object(format!("what {} exports", service.name), types)
    }

    fn provisioner(&mut self, provisioner: &Provisioner, exports: &BTreeMap<&str, Type>) {
        let place = |name: &str| provisioner.node.get(name);
        let Some(of_type) = self.catalogue.types.get(&provisioner.provides) else {
            if let Some(node) = place("provides") {
                self.unknown_type(&provisioner.provides, &node.place);
            }
            return;
        };
        let backing = provisioner.service.as_deref().and_then(|name| exports.get(name)).cloned();
        if let (Some(node), None) = (place("service"), &backing) {
            self.unknown_service(node);
        }
        let declarations = scope::of_provisioner(provisioner, backing, self.catalogue);
        self.options(&provisioner.options, &declarations);
        if let Some(default) = &provisioner.default {
            self.node(default, &Shape::Bool, "default", &declarations);
        }
        self.needs(&provisioner.needs, &declarations);
        self.secrets(&provisioner.secrets, &declarations);
        for object in provisioner.objects.items() {
            self.object(object, &declarations);
        }
        if let Some(node) = &provisioner.certificate {
            self.node(node, &Provisioner::certificate_shape(), "certificate", &declarations);
        }
        self.outputs(provisioner, of_type, &declarations);
    }

    /// Every output of the type is given, of its type; no other is.
    fn outputs(
        &mut self,
        provisioner: &Provisioner,
        of_type: &ResourceType,
        declarations: &Declarations,
    ) {
        let given = provisioner.outputs.entries();
        for entry in given {
            let Some(output) = of_type.outputs.iter().find(|one| one.name() == entry.key) else {
                let (name, output) = (&of_type.name, &entry.key);
                let title = words!(
                    "the type `{name}` has no output `{output}`",
                    "le type `{name}` n'a pas de sortie `{output}`"
                );
                let known = of_type.outputs.iter().map(crate::Output::name);
                let remedy = suggestion(&entry.key, known);
                self.error("catalog.output", title, &entry.key_place, [remedy]);
                continue;
            };
            let shape = match output.phase {
                Phase::Build => output.option.field.shape.clone(),
                Phase::Cluster => Shape::Secret,
            };
            self.node(&entry.node, &shape, &entry.key, declarations);
        }
        for output in &of_type.outputs {
            if given.iter().all(|entry| entry.key != output.name()) {
                let (name, missing) = (&provisioner.name, output.name());
                let title = words!(
                    "`{name}` does not give `{missing}`",
                    "`{name}` ne donne pas `{missing}`"
                );
                let wanted = match output.phase {
                    Phase::Build => output.option.field.shape.what(),
                    Phase::Cluster => words!(
                        "where the value is in the cluster",
                        "l'endroit de la valeur dans la grappe"
                    ),
                };
                let remedy = words!(
                    "add it to `outputs`: {wanted}",
                    "l'ajouter à `outputs` : {wanted}",
                    wanted = wanted,
                );
                self.error("catalog.output", title, &provisioner.outputs.place, [remedy]);
            }
        }
    }

    /// Defaults of parameters and outputs of a type know of no platform; they are plain.
    fn resource_type(&mut self, of_type: &ResourceType) {
        let nothing = Declarations::default();
        self.options(&of_type.parameters, &nothing);
    }

    fn options(&mut self, options: &[OptionOf], declarations: &Declarations) {
        for option in options {
            let field = &option.field;
            if let Some(default) = &option.default {
                self.node(default, &field.shape, &field.name, declarations);
            }
            for profile in &option.profiles {
                if !scope::PROFILES.contains(&profile.key.as_str()) {
                    let name = &profile.key;
                    let title = words!(
                        "no profile is called `{name}`",
                        "aucun profil ne s'appelle `{name}`"
                    );
                    let remedy = suggestion(&profile.key, scope::PROFILES.iter().copied());
                    self.error("catalog.profile", title, &profile.key_place, [remedy]);
                }
                self.node(&profile.node, &field.shape, &field.name, declarations);
            }
        }
    }

    fn requirement(&mut self, requirement: &Requirement, declarations: &Declarations) {
        if let Some(when) = &requirement.when {
            self.node(when, &Shape::Bool, "when", declarations);
        }
        for alternative in &requirement.alternatives {
            match self.catalogue.types.get(&alternative.of_type) {
                Some(of_type) => {
                    let shape = of_type.parameters_shape();
                    self.node(&alternative.with, &shape, &requirement.name, declarations);
                }
                None => self.unknown_type(&alternative.of_type, &alternative.place),
            }
        }
    }

    /// An object, and the condition under which it is there.
    fn object(&mut self, object: &Node, declarations: &Declarations) {
        if let Some(when) = object.get("when") {
            self.node(when, &Shape::Bool, "when", declarations);
        }
        self.node(object, &Shape::Any, "objects", declarations);
    }

    fn needs(&mut self, needs: &[Need], declarations: &Declarations) {
        for need in needs {
            self.node(&need.that, &Shape::Bool, &need.name, declarations);
        }
    }

    /// Texts of secrets: everything that is fit for a text, and secret values.
    fn secrets(&mut self, secrets: &[Secret], declarations: &Declarations) {
        for secret in secrets {
            for (_, key) in &secret.keys {
                let SecretKey::Text(node) = key else { continue };
                let Some(text) = node.as_str() else {
                    let title = words!(
                        "the value of a secret's key is a text, or `{{random: 32}}`",
                        "la valeur d'une clé d'un secret est un texte, ou `{{random: 32}}`"
                    );
                    self.error("catalog.secret", title, &node.place, None);
                    continue;
                };
                let faults = secret_text(text, declarations);
                self.faults.expression(self.sources, &node.place, faults);
            }
        }
    }

    fn node(&mut self, node: &Node, shape: &Shape, name: &str, declarations: &Declarations) {
        let mut checking = Checking::new(self.sources, declarations);
        checking.check(node.clone(), shape, name);
        self.faults.extend(checking.faults);
    }

    /// The type of an export.
    fn type_of(&mut self, entry: &Entry, declarations: &Declarations) -> Type {
        let found = match &entry.node.kind {
            NodeKind::Text(text) => Interpolation::parse(text)
                .map_err(|fault| vec![fault])
                .and_then(|text| text.check(declarations)),
            NodeKind::Bool(_) => Ok(Type::Bool),
            NodeKind::Int(_) => Ok(Type::Int),
            NodeKind::Float(_) => Ok(Type::Double),
            _ => {
                self.node(&entry.node, &Shape::Any, &entry.key, declarations);
                Ok(Type::Dyn)
            }
        };
        found.unwrap_or_else(|faults| {
            self.faults.expression(self.sources, &entry.node.place, faults);
            Type::Dyn
        })
    }

    fn type_named(&mut self, node: &Node) {
        let name = node.as_str().unwrap_or("");
        if !self.catalogue.types.contains_key(name) {
            self.unknown_type(name, &node.place);
        }
    }

    fn unknown_type(&mut self, name: &str, place: &config::Place) {
        let title = words!(
            "no resource type is called `{name}`",
            "aucun type de ressource ne s'appelle `{name}`"
        );
        let remedy = suggestion(name, self.catalogue.types.keys().map(String::as_str));
        self.error("catalog.unknown-type", title, place, [remedy]);
    }

    fn unknown_service(&mut self, node: &Node) {
        let name = node.as_str().unwrap_or("");
        let title = words!("no service is called `{name}`", "aucun service ne s'appelle `{name}`");
        let remedy = suggestion(name, self.catalogue.services.keys().map(String::as_str));
        self.error("catalog.unknown", title, &node.place, [remedy]);
    }

    fn error(
        &mut self,
        code: &'static str,
        title: Words,
        place: &config::Place,
        remedies: impl IntoIterator<Item = Words>,
    ) {
        self.faults.error(self.sources, code, title, place, "", remedies);
    }
}

/// What is wrong with the text of a secret.
fn secret_text(text: &str, declarations: &Declarations) -> Vec<cel::Fault> {
    let parsed = match Interpolation::parse(text) {
        Ok(parsed) => parsed,
        Err(fault) => return vec![fault],
    };
    let mut faults = Vec::new();
    for part in parsed.parts() {
        let Part::Expression(expression, place) = part else { continue };
        match cel::check(expression, declarations) {
            Ok(found) if found.is_scalar() || is_secret(&found) => {}
            Ok(found) => {
                let message = words!(
                    "{found} cannot be part of a text",
                    "{found} ne peut pas faire partie d'un texte"
                );
                faults.push(cel::Fault::new(cel::FaultKind::Type, place.clone(), message));
            }
            Err(more) => faults.extend(more.into_iter().map(|fault| fault.shifted(place.start))),
        }
    }
    faults
}

fn is_secret(found: &Type) -> bool {
    matches!(found, Type::Object(object) if object.name == config::secret_type().name)
}
