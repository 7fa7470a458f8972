//! Every value of a platform, computed when it is first asked for, and then known.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use cel::{Fault, FaultKind, Scope, Value};
use config::{Faults, Ledger, Node, Place, Sources};
use diagnostic::{Words, words};

use super::objects::Computed;
use super::settings::{Layer, Settings};
use crate::catalogue::Catalogue;
use crate::definition::{OptionOf, Provisioner, Requirement, ResourceType, Secret, Service};

/// What stands in a fault that has been told of where it arose.
const TOLD: &str = "told";

/// A platform while it is bound.
#[derive(Debug)]
pub(super) struct World {
    pub catalogue: Arc<Catalogue>,
    pub settings: Settings,
    choices: OnceLock<Choices>,
    known: Mutex<HashMap<String, Known>>,
    /// What is being found, outermost first.
    asked: Mutex<Vec<String>>,
    ledger: Mutex<Ledger>,
    problems: Mutex<Vec<Problem>>,
}

/// The services of the platform, and what their requirements are bound to.
#[derive(Clone, Debug, Default)]
pub(super) struct Choices {
    /// The services by name.
    pub services: BTreeSet<String>,
    /// By service and requirement.
    pub bound: BTreeMap<(String, String), Chosen>,
}

/// A provisioner for a requirement.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    /// Which of the requirement's types.
    pub of_type: String,
    /// The provisioner.
    pub provisioner: String,
}

#[derive(Debug)]
enum Known {
    Asked,
    Found(Value),
    Failed,
}

/// What was found wrong while values were computed.
#[derive(Debug)]
pub(super) enum Problem {
    /// An expression has no value.
    Expression(Place, Fault),
    /// Something else, at a place.
    Other { code: &'static str, title: Words, place: Place, remedies: Vec<Words> },
}

impl Problem {
    /// Puts the problem among the faults.
    pub fn tell(self, sources: &Sources, faults: &mut Faults) {
        match self {
            Self::Expression(place, fault) => faults.expression(sources, &place, vec![fault]),
            Self::Other { code, title, place, remedies } => {
                faults.error(sources, code, title, &place, "", remedies);
            }
        }
    }
}

type Outcome = Result<Value, Fault>;

impl World {
    pub fn new(catalogue: Arc<Catalogue>, settings: Settings) -> Self {
        Self {
            catalogue,
            settings,
            choices: OnceLock::new(),
            known: Mutex::default(),
            asked: Mutex::default(),
            ledger: Mutex::default(),
            problems: Mutex::default(),
        }
    }

    /// Says what the requirements are bound to; before that, nothing can be asked of a binding.
    pub fn set_choices(&self, choices: Choices) {
        let _ = self.choices.set(choices);
    }

    pub fn choices(&self) -> &Choices {
        static NONE: OnceLock<Choices> = OnceLock::new();
        self.choices.get().unwrap_or_else(|| NONE.get_or_init(Choices::default))
    }

    pub fn problem(&self, problem: Problem) {
        locked(&self.problems).push(problem);
    }

    /// The origins of all values.
    pub fn ledger(&self) -> Ledger {
        locked(&self.ledger).clone()
    }

    /// What was found wrong since the last time.
    pub fn take_problems(&self) -> Vec<Problem> {
        std::mem::take(&mut *locked(&self.problems))
    }

    /// The value of a node, as somebody sees it. A fault is told of here, once.
    pub fn value(&self, node: &Node, scope: &dyn Scope) -> Outcome {
        let origin_of = |place: &Place| locked(&self.ledger).origin(place);
        node.evaluate(scope, &origin_of).map_err(|found| {
            if found.fault.message.en != TOLD {
                self.problem(Problem::Expression(found.place, found.fault));
            }
            told()
        })
    }

    /// What is known under a name, or is found now.
    fn memo(&self, name: String, find: impl FnOnce() -> Outcome) -> Outcome {
        match locked(&self.known).get(&name) {
            Some(Known::Found(value)) => return Ok(value.clone()),
            Some(Known::Failed) => return Err(told()),
            Some(Known::Asked) => {
                return Err(self.circle(&name));
            }
            None => {}
        }
        locked(&self.known).insert(name.clone(), Known::Asked);
        locked(&self.asked).push(name.clone());
        let outcome = find();
        locked(&self.asked).pop();
        let known = match &outcome {
            Ok(value) => Known::Found(value.clone()),
            Err(_) => Known::Failed,
        };
        locked(&self.known).insert(name, known);
        outcome
    }

    /// Says that what is asked for is being found already.
    fn circle(&self, name: &str) -> Fault {
        let asked = locked(&self.asked);
        let from = asked.iter().position(|one| one == name).unwrap_or(0);
        let circle: Vec<&str> = asked[from..].iter().map(String::as_str).collect();
        let circle = circle.join(" → ");
        let message = words!(
            "these need one another: {circle} → {name}",
            "ceux-ci ont besoin l'un de l'autre : {circle} → {name}"
        );
        let hint =
            words!("give one of them a value of its own", "donner à l'un d'eux sa propre valeur");
        Fault::new(FaultKind::Value, 0..0, message).with_hint(hint)
    }

    /// A setting of the platform.
    pub fn platform(self: &Arc<Self>, name: &str) -> Option<Outcome> {
        let node = self.settings.platform.get(name)?.clone();
        let world = self.clone();
        Some(self.memo(format!("platform.{name}"), move || {
            world.value(&node, &Seen::configuration(&world))
        }))
    }

    /// What is known of the cluster.
    pub fn fact(self: &Arc<Self>, name: &str) -> Option<Outcome> {
        let node = self.settings.platform.get("facts")?.get(name)?.clone();
        let find = || self.value(&node, &Seen::configuration(self));
        Some(self.memo(format!("facts.{name}"), find))
    }

    /// An option of a service.
    pub fn option(self: &Arc<Self>, service: &Arc<Service>, name: &str) -> Option<Outcome> {
        let option = service.options.iter().find(|one| one.field.name == name)?;
        let section = self.settings.sections.get(&service.name)?;
        let found = section.options.get(name);
        let node = found.map(|(node, _)| node);
        let is_given = matches!(found, Some((_, Layer::Given | Layer::Inherited)));
        Some(self.memo(format!("settings.{}.{name}", service.name), || {
            let scope = Seen::service(self, service);
            let value = self.optional(option, node, &scope, &service.name)?;
            if is_given { Ok(value) } else { self.by_profile(option, value) }
        }))
    }

    /// A default: where another profile would choose another one, the profile is an origin of it.
    fn by_profile(self: &Arc<Self>, option: &OptionOf, value: Value) -> Outcome {
        let profile = self.settings.platform.get("profile").and_then(Node::as_str).unwrap_or("");
        let own = super::settings::default_of(option, profile).map(|(node, _)| node);
        let is_same = |other: &Node| own.as_ref().is_some_and(|own| own.says_the_same(other));
        let others = option.profiles.iter().map(|entry| &entry.node).chain(&option.default);
        if option.profiles.is_empty() || others.into_iter().all(is_same) {
            return Ok(value);
        }
        let profile = self.platform("profile").transpose()?;
        Ok(profile.map_or_else(|| value.clone(), |profile| value.clone().with(&profile.origins)))
    }

    /// An option's value: as such when it always has one, else as a value that may be none.
    fn optional(
        self: &Arc<Self>,
        option: &OptionOf,
        node: Option<&Node>,
        scope: &dyn Scope,
        of: &str,
    ) -> Outcome {
        let found = node.map(|node| self.value(node, scope)).transpose()?;
        match found {
            Some(value) if option.has_value() => Ok(value),
            found if !option.has_value() => {
                let origins = found.as_ref().map(|value| value.origins.clone());
                Ok(Value::optional(found).with(&origins.unwrap_or_default()))
            }
            _ => {
                let name = &option.field.name;
                self.problem(Problem::Other {
                    code: "config.missing",
                    title: words!(
                        "`{of}` needs `{name}`: {what}",
                        "`{of}` a besoin de `{name}` : {what}",
                        what = option.field.words,
                    ),
                    place: self.asked_for(of),
                    remedies: vec![words!(
                        "add a section `{of}` with `{name}`: {what}",
                        "ajouter une section `{of}` avec `{name}` : {what}",
                        what = option.field.shape.what(),
                    )],
                });
                Err(told())
            }
        }
    }

    /// Where a service, or what it is part of, is asked for.
    pub fn asked_for(&self, service: &str) -> Place {
        let platform = &self.settings.platform;
        let external = platform.get("external").and_then(|all| all.entry(service));
        let own = external.or_else(|| platform.entry(service)).map(|one| one.key_place.clone());
        let listed = || {
            let services = self.settings.services.iter();
            services
                .filter(|node| node.as_str() == Some(service))
                .map(|node| node.place.clone())
                .next()
        };
        own.or_else(listed).unwrap_or_else(|| self.settings.platform.place.clone())
    }

    /// What a service tells provisioners.
    fn export(self: &Arc<Self>, service: &Arc<Service>, name: &str) -> Option<Outcome> {
        let entry = service.exports.iter().find(|entry| entry.key == name)?;
        Some(self.memo(format!("exports.{}.{name}", service.name), || {
            self.value(&parsed(&entry.node), &Seen::service(self, service))
        }))
    }

    /// A parameter of a requirement.
    pub fn parameter(
        self: &Arc<Self>,
        service: &Arc<Service>,
        requirement: &str,
        of_type: &ResourceType,
        with: &Node,
        name: &str,
    ) -> Option<Outcome> {
        let option = of_type.parameters.iter().find(|one| one.field.name == name)?;
        let node = with.get(name).or(option.default.as_ref());
        let question = format!("requires.{}.{requirement}.with.{name}", service.name);
        Some(self.memo(question, || {
            let scope = Seen::service(self, service);
            self.optional(option, node.map(parsed).as_ref(), &scope, &service.name)
        }))
    }

    /// An output of a binding.
    pub fn output(self: &Arc<Self>, binding: &BindingOf, name: &str) -> Option<Outcome> {
        let provisioner = self.catalogue.provisioners.get(&binding.chosen.provisioner)?.clone();
        let node = provisioner.outputs.get(name)?;
        let question = format!("requires.{}.{}.{name}", binding.service, binding.requirement);
        let binding = binding.clone();
        Some(self.memo(question, || {
            self.value(&parsed(node), &Seen::provisioner(self, &provisioner, binding))
        }))
    }

    /// An option of a provisioner.
    fn provisioner_option(self: &Arc<Self>, of: &Arc<Provisioner>, name: &str) -> Option<Outcome> {
        let option = of.options.iter().find(|one| one.field.name == name)?;
        let profile = self.settings.platform.get("profile").and_then(Node::as_str).unwrap_or("");
        let given = self.settings.of_provisioners.get(&of.name).and_then(|node| node.get(name));
        let default = || Some(super::settings::default_of(option, profile)?.0);
        let node = given.cloned().or_else(default);
        let node = node.as_ref().map(parsed);
        Some(self.memo(format!("{}.{name}", of.name), || {
            let scope = Seen::configuration(self);
            let value = self.optional(option, node.as_ref(), &scope, &of.name)?;
            if given.is_some() {
                return Ok(value);
            }
            self.by_profile(option, value)
        }))
    }
}

/// A requirement of a service with what was chosen for it.
#[derive(Clone, Debug)]
pub(super) struct BindingOf {
    pub service: String,
    pub requirement: String,
    pub chosen: Chosen,
}

/// Who reads: which names an expression sees.
pub(super) struct Seen {
    world: Arc<World>,
    by: By,
}

enum By {
    Configuration,
    Service(Arc<Service>),
    Provisioner(Arc<Provisioner>, BindingOf),
}

impl Seen {
    pub fn configuration(world: &Arc<World>) -> Self {
        Self { world: world.clone(), by: By::Configuration }
    }

    pub fn service(world: &Arc<World>, service: &Arc<Service>) -> Self {
        Self { world: world.clone(), by: By::Service(service.clone()) }
    }

    pub fn provisioner(world: &Arc<World>, of: &Arc<Provisioner>, binding: BindingOf) -> Self {
        Self { world: world.clone(), by: By::Provisioner(of.clone(), binding) }
    }
}

impl Scope for Seen {
    fn variable(&self, name: &str) -> Option<Outcome> {
        let world = self.world.clone();
        let common = match name {
            "platform" => Computed::value("the platform", move |name| world.platform(name)),
            "facts" => Computed::value("the facts", move |name| world.fact(name)),
            "settings" => Computed::value("the settings", move |name| {
                let service = world.catalogue.services.get(name)?.clone();
                Some(Ok(options_of(&world, service)))
            }),
            _ => {
                return match &self.by {
                    By::Configuration => None,
                    By::Service(service) => of_service(&world, service, name),
                    By::Provisioner(of, binding) => of_provisioner(&world, of, binding, name),
                };
            }
        };
        Some(Ok(common))
    }
}

fn options_of(world: &Arc<World>, service: Arc<Service>) -> Value {
    let world = world.clone();
    Computed::value("the options", move |name| world.option(&service, name))
}

fn of_service(world: &Arc<World>, service: &Arc<Service>, name: &str) -> Option<Outcome> {
    let (owner, of) = (world.clone(), service.clone());
    let value = match name {
        "options" => options_of(world, of),
        "release" => release(world, &service.name),
        "service" => Computed::texts(
            "the service",
            [
                ("name", service.name.clone()),
                ("title", title(world, service)),
                ("description", in_language(world, &service.words)),
                ("icon", service.icon.clone().unwrap_or_default()),
            ],
        ),
        "images" => Computed::value("the images", move |name| {
            let image = of.images.iter().find(|entry| entry.key == name)?;
            Some(owner.value(&parsed(&image.node), &Seen::configuration(&owner)))
        }),
        "secrets" => secrets(&service.secrets, &service.name),
        "requires" => Computed::value("the requirements", move |name| {
            let requirement = of.requires.iter().find(|one| one.name == name)?;
            Some(Ok(bound(&owner, &of, requirement)))
        }),
        "served" => Computed::value("what is served", move |name| {
            let of_type = of.serves.iter().find(|entry| entry.key == name)?.node.as_str()?;
            Some(Ok(served(&owner, &of.name, of_type)))
        }),
        "collected" => Computed::value("what is collected", move |name| {
            let of_type = of.collects.iter().find(|entry| entry.key == name)?.node.as_str()?;
            Some(Ok(collected(&owner, of_type)))
        }),
        _ => return None,
    };
    Some(Ok(value))
}

fn of_provisioner(
    world: &Arc<World>,
    of: &Arc<Provisioner>,
    binding: &BindingOf,
    name: &str,
) -> Option<Outcome> {
    let (owner, provisioner) = (world.clone(), of.clone());
    let value = match name {
        "options" => {
            Computed::value("the options", move |name| owner.provisioner_option(&provisioner, name))
        }
        "secrets" => secrets(&of.secrets, &format!("{}-{}", binding.service, binding.requirement)),
        "consumer" => consumer(world, binding),
        "with" => parameters(world, binding)?,
        "backing" => {
            let service = world.catalogue.services.get(of.service.as_deref()?)?.clone();
            Computed::value("the exports", move |name| owner.export(&service, name))
        }
        _ => return None,
    };
    Some(Ok(value))
}

fn release(world: &Arc<World>, name: &str) -> Value {
    let (world, release) = (world.clone(), name.to_owned());
    Computed::value("the release", move |field| match field {
        "name" => Some(Ok(Value::string(release.as_str()))),
        "namespace" => world.platform("namespace"),
        _ => None,
    })
}

/// What people call a service.
fn title(world: &Arc<World>, service: &Arc<Service>) -> String {
    in_language(world, &service.title)
}

/// Words in the language of the platform.
fn in_language(world: &Arc<World>, words: &config::Words) -> String {
    let language = world.settings.platform.get("language").and_then(Node::as_str);
    let text = if language == Some("fr") { &words.fr } else { &words.en };
    text.clone()
}

fn consumer(world: &Arc<World>, binding: &BindingOf) -> Value {
    let (world, binding) = (world.clone(), binding.clone());
    Computed::value("the consumer", move |field| {
        let text = match field {
            "service" | "release" => binding.service.clone(),
            "requirement" => binding.requirement.clone(),
            "title" => title(&world, world.catalogue.services.get(&binding.service)?),
            "namespace" => return world.platform("namespace"),
            _ => return None,
        };
        Some(Ok(Value::string(text)))
    })
}

/// Where the keys of secrets are: `secrets.admin.password.secret`.
fn secrets(all: &[Secret], release: &str) -> Value {
    let (all, release) = (all.to_vec(), release.to_owned());
    Computed::value("the secrets", move |name| {
        let secret = all.iter().find(|secret| secret.name == name)?.clone();
        let object = format!("{release}-{name}");
        Some(Ok(Computed::value("the secret", move |key| {
            if key == "name" {
                return Some(Ok(Value::string(object.as_str())));
            }
            secret.keys.iter().find(|(known, _)| known == key)?;
            let fields = [("secret", object.as_str()), ("key", key)];
            let fields = fields.map(|(name, text)| (name.into(), Value::string(text)));
            Some(Ok(Value::map(BTreeMap::from(fields))))
        })))
    })
}

/// What a requirement is bound to, as its service sees it.
fn bound(world: &Arc<World>, service: &Arc<Service>, requirement: &Requirement) -> Value {
    let key = (service.name.clone(), requirement.name.clone());
    let chosen = world.choices().bound.get(&key).cloned();
    let several = requirement.alternatives.len() > 1;
    let binding = chosen.map(|chosen| BindingOf { service: key.0, requirement: key.1, chosen });
    let is_bound = binding.is_some();
    let outputs = |binding: BindingOf| {
        let world = world.clone();
        Computed::value("a binding", move |name| world.output(&binding, name))
    };
    let value = if several {
        let (world, known) = (world.clone(), requirement.clone());
        Computed::value("the requirement", move |of_type| {
            known.alternatives.iter().find(|one| one.of_type == of_type)?;
            let binding = binding.clone().filter(|binding| binding.chosen.of_type == of_type);
            let world = world.clone();
            Some(Ok(Value::optional(binding.map(|binding| {
                Computed::value("a binding", move |name| world.output(&binding, name))
            }))))
        })
    } else {
        match binding {
            Some(binding) => outputs(binding),
            None => Value::null(),
        }
    };
    if requirement.may_be_missing() {
        return Value::optional(is_bound.then_some(value));
    }
    value
}

/// The bindings that a service stands behind.
fn served(world: &Arc<World>, service: &str, of_type: &str) -> Value {
    let choices = world.choices().bound.iter();
    let bindings = choices.filter(|(_, chosen)| {
        let provisioner = world.catalogue.provisioners.get(&chosen.provisioner);
        let behind = provisioner.and_then(|one| one.service.as_deref());
        chosen.of_type == of_type && behind == Some(service)
    });
    let items: Vec<Value> = bindings
        .map(|((service, requirement), chosen)| {
            let (service, requirement) = (service.clone(), requirement.clone());
            let binding = BindingOf { service, requirement, chosen: chosen.clone() };
            let world = world.clone();
            Computed::value("a binding", move |field| match field {
                "consumer" => Some(Ok(consumer(&world, &binding))),
                "with" => parameters(&world, &binding).map(Ok),
                _ => None,
            })
        })
        .collect();
    Value::list(items)
}

/// The parameters of a binding's requirement.
fn parameters(world: &Arc<World>, binding: &BindingOf) -> Option<Value> {
    let service = world.catalogue.services.get(&binding.service)?.clone();
    let requirement = service.requires.iter().find(|one| one.name == binding.requirement)?;
    let alternatives = requirement.alternatives.iter();
    let with = alternatives
        .filter(|one| one.of_type == binding.chosen.of_type)
        .map(|one| one.with.clone())
        .next()?;
    Some(with_of(world, &service, &binding.requirement, &binding.chosen.of_type, with))
}

fn with_of(
    world: &Arc<World>,
    service: &Arc<Service>,
    requirement: &str,
    of_type: &str,
    with: Node,
) -> Value {
    let (world, service) = (world.clone(), service.clone());
    let (requirement, of_type) = (requirement.to_owned(), of_type.to_owned());
    Computed::value("a requirement", move |name| {
        let of_type = world.catalogue.types.get(&of_type)?.clone();
        world.parameter(&service, &requirement, &of_type, &with, name)
    })
}

/// What the services of the platform offer.
fn collected(world: &Arc<World>, of_type: &str) -> Value {
    let mut items = Vec::new();
    for name in &world.choices().services {
        let Some(service) = world.catalogue.services.get(name) else { continue };
        for offer in service.provides.iter().filter(|offer| offer.key == of_type) {
            let with = with_of(world, service, of_type, of_type, offer.node.clone());
            let name = name.clone();
            items.push(Computed::value("an offer", move |field| match field {
                "service" => Some(Ok(Value::string(name.as_str()))),
                "with" => Some(Ok(with.clone())),
                _ => None,
            }));
        }
    }
    Value::list(items)
}

/// A node of a definition with its expressions parsed. The catalogue's check has found them right.
pub(super) fn parsed(node: &Node) -> Node {
    config::parsed(node)
}

/// A fault that has been told of where it arose.
fn told() -> Fault {
    Fault::new(FaultKind::Value, 0..0, TOLD)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
