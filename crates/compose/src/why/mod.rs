//! Why a field is what it is: back to the template's line, the chart's value, and the lines of the
//! catalogue and the configuration; for what a binding makes, to those of its provisioner; for what
//! Socle adds, to the setting.

mod find;
mod trail;
mod unread;

pub use find::find;
pub use unread::unread;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use catalog::{Binding, Bound, Platform};
use cel::Origins;
use config::{Ledger, Place};
use gotmpl::trace::Tracer;
use helm::chart::Chart;
use helm::engine::{Dns, Engine};
use helm::explain::{
    Certainty, Condition, Explained, NotFound, Object as Printed, Origin, Recorder, Trace,
    explain_field, objects, steps,
};
use helm::log::Log;
use helm::values::Table;
use helm::{dependency, release, values};
use object::Object;

use trail::Found;

use crate::desired::{self, PART_OF, Part, Purpose};
use crate::patch::Change;
use crate::release::{Release, effects};
use crate::values::json_of;

/// Why a field is what it is.
#[derive(Default)]
pub struct Reason {
    /// `Deployment/web`.
    pub object: String,
    /// `spec.replicas`.
    pub path: String,
    /// Its text.
    pub value: String,
    /// The nodes of templates that printed it; none where no chart did.
    pub printed: Vec<Rc<Origin>>,
    /// Where the values in it come from.
    pub sources: Vec<Source>,
    /// What decided that it is there at all.
    pub decided: Vec<Decided>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Who gives it.
    pub given: Given,
    /// The lines of the catalogue and the configuration that made it.
    pub places: Vec<Place>,
    /// Those that decided which items the list or the section has that it is in.
    pub among: Vec<Place>,
}

/// Who gives a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// A value of the chart, by its path below `.Values`; without lines it is the chart's default.
    Value(String),
    /// The key of such a value, not the value itself.
    Key(String),
    /// What every chart knows of its release, such as `.Release.Namespace`.
    Release(String),
    /// A provisioner describes it for a requirement of a service.
    Binding {
        /// The service.
        service: String,
        /// Its requirement.
        requirement: String,
        /// The provisioner.
        provisioner: String,
    },
    /// Socle adds it.
    Added(Added),
    /// A patch of the configuration.
    Patch,
    /// An extra object of the configuration.
    Extra,
}

/// What Socle adds to objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// The namespace of the platform.
    Namespace,
    /// The label that says which platform an object is part of.
    PartOf,
    /// The digest of a Job's specification, behind its name.
    Digest,
    /// The namespace's levels of Pod Security, and what makes it a namespace.
    OfNamespace,
}

/// An `if`, `with` or `range` of a template, and what it asked.
pub struct Decided {
    /// The node.
    pub condition: Rc<Condition>,
    /// The values that it asked.
    pub sources: Vec<Source>,
}

/// A platform that says why its fields are what they are. Each release is rendered once more, under
/// observation, when it is first asked of.
pub struct Answers<'p> {
    platform: &'p Platform,
    releases: &'p [Release],
    ledger: &'p Ledger,
    observed: RefCell<BTreeMap<String, Rc<Observed>>>,
}

/// What was seen while a release was rendered.
struct Observed {
    trace: Trace,
    values: Table,
}

impl<'p> Answers<'p> {
    /// Answers for a platform and what became of it.
    pub fn new(platform: &'p Platform, releases: &'p [Release], ledger: &'p Ledger) -> Self {
        Self { platform, releases, ledger, observed: RefCell::default() }
    }

    /// Why a field of an object is what it is: `spec.replicas`. Run it on a thread with a big stack.
    pub fn why(&self, part: &Part, object: &Object, path: &str) -> Result<Reason, NotFound> {
        let steps = steps(path);
        let value = trail::in_tree(object, path, &steps)?;
        let answer = match &part.purpose {
            Purpose::Namespace => None,
            Purpose::Service(name) => self.of_chart(name, object, path),
            Purpose::Binding { service, requirement, .. } => {
                self.of_binding(service, requirement, object, &steps)
            }
            Purpose::Extra => self.of_extra(object, &steps),
        };
        let patches = patches(part, object, &steps);
        let is_patched = !patches.is_empty();
        let mut reason = match answer {
            Some(answer) => answer,
            // What only a patch has brought is nobody else's.
            None if is_patched => Reason::default(),
            None => self.of_socle(part, object, &steps),
        };
        if is_patched {
            reason
                .sources
                .insert(0, Source { given: Given::Patch, places: patches, among: Vec::new() });
            reason.value = trail::shown(value);
        }
        let (object, path) = (object.id().to_string(), path.to_owned());
        let value = if reason.value.is_empty() { trail::shown(value) } else { reason.value };
        Ok(Reason { object, path, value, ..reason })
    }

    /// A field that a chart has printed; nothing when the chart knows none.
    fn of_chart(&self, name: &str, object: &Object, path: &str) -> Option<Reason> {
        let release = self.releases.iter().find(|release| release.name == name)?;
        let service = self.platform.services.iter().find(|service| service.name == name)?;
        let observed = self.observed(release);
        let all = objects(&release.rendered);
        let is_it = |one: &&Printed<'_>| {
            let is_there =
                one.namespace.as_deref().is_none_or(|its| object.namespace() == Some(its));
            one.kind == object.kind()
                && one.name == object.name()
                && one.api_version == object.api_version()
                && is_there
        };
        let found = all.iter().find(is_it)?;
        let explained = explain_field(&observed.trace, &observed.values, found, path).ok()?;
        let of_chart = OfChart { answers: self, release, service };
        Some(of_chart.reason(explained))
    }

    /// A field that a provisioner describes.
    fn of_binding(
        &self,
        service: &str,
        requirement: &str,
        object: &Object,
        steps: &[String],
    ) -> Option<Reason> {
        let service = self.platform.services.iter().find(|one| one.name == service)?;
        let binding = service.bindings.iter().find(|one| one.requirement == requirement)?;
        let described = desired::described(self.platform, binding);
        let at = described.iter().position(|one| one.id() == object.id())?.to_string();
        let path: Vec<String> = std::iter::once(at.clone()).chain(steps.iter().cloned()).collect();
        let found = trail::origins_at(&binding.objects, &path)?;
        let mut sources = vec![self.found(given_by(service, binding), &found)];
        if object.kind() == "Job" && steps.join(".") == "metadata.name" {
            let spec = trail::origins_at(&binding.objects, &[at, "spec".to_owned()]);
            let spec = spec.map(|found| found.of_value).unwrap_or_default();
            sources.push(self.source(Given::Added(Added::Digest), &spec));
        }
        Some(Reason { sources, ..Reason::default() })
    }

    /// A field of an extra object.
    fn of_extra(&self, object: &Object, steps: &[String]) -> Option<Reason> {
        let is_it = |one: &&catalog::Extra| {
            let tree = json_of(&one.value);
            tree["kind"] == object.kind() && tree["metadata"]["name"] == object.name()
        };
        let found = self.platform.extra.iter().find(is_it)?;
        let origins = trail::origins_at(&found.value, steps)?;
        Some(Reason { sources: vec![self.found(Given::Extra, &origins)], ..Reason::default() })
    }

    /// A field that only Socle can have made.
    fn of_socle(&self, part: &Part, object: &Object, steps: &[String]) -> Reason {
        let names: Vec<&str> = steps.iter().map(String::as_str).collect();
        let is_namespace = part.purpose == Purpose::Namespace;
        let (added, setting) = match names.as_slice() {
            ["metadata", "labels", PART_OF] => (Added::PartOf, "name"),
            ["metadata", "namespace"] => (Added::Namespace, "namespace"),
            ["metadata", "name"] if is_namespace => (Added::Namespace, "namespace"),
            _ => (Added::OfNamespace, ""),
        };
        let mut origins = self.of_setting(setting);
        // A whole section holds both.
        let holds = |path: &str| names.iter().zip(path.split('.')).all(|(one, two)| *one == two);
        if added == Added::OfNamespace && object.kind() == "Namespace" {
            let settings = [("metadata.name", "namespace"), ("metadata.labels.part-of", "name")];
            for (path, setting) in settings {
                if names.len() < path.split('.').count() && holds(path) {
                    origins = origins.union(&self.of_setting(setting));
                }
            }
        }
        let sources = vec![self.source(Given::Added(added), &origins)];
        Reason { sources, ..Reason::default() }
    }

    fn of_setting(&self, name: &str) -> Origins {
        let setting = self.platform.settings.get(name);
        setting.map(|setting| setting.value.all_origins()).unwrap_or_default()
    }

    fn source(&self, given: Given, origins: &Origins) -> Source {
        Source { given, places: self.places(origins), among: Vec::new() }
    }

    fn found(&self, given: Given, found: &Found) -> Source {
        let places = self.places(&found.of_value);
        let mut among = self.places(&found.of_those_around);
        among.retain(|place| !places.contains(place));
        Source { given, places, among }
    }

    fn places(&self, origins: &Origins) -> Vec<Place> {
        origins.as_slice().iter().filter_map(|one| self.ledger.place(*one)).cloned().collect()
    }

    fn observed(&self, release: &Release) -> Rc<Observed> {
        if let Some(known) = self.observed.borrow().get(&release.name) {
            return known.clone();
        }
        let (trace, chart) = observed(release);
        let log = &mut Log::default();
        let values = chart.and_then(|chart| values::coalesce(&chart, &release.values, log).ok());
        let values = values.map(|values| values.freeze()).unwrap_or_default();
        let found = Rc::new(Observed { trace, values });
        self.observed.borrow_mut().insert(release.name.clone(), found.clone());
        found
    }
}

/// The release rendered once more under observation, and its chart as it counts.
fn observed(release: &Release) -> (Trace, Option<Arc<Chart>>) {
    let engine = Engine::new(Dns::Off);
    let log = &mut Log::default();
    let recorder = Some(Box::new(Recorder::default()) as Box<dyn Tracer>);
    let (chart, given, options) = (&release.chart, &release.values, release.options());
    let made = release::render(&engine, chart, given, &options, effects(), recorder, log);
    // It was rendered before, and so it is now.
    let tracer = made.ok().and_then(|(_, tracer)| tracer);
    let recorder = tracer.and_then(|tracer| tracer.into_any().downcast::<Recorder>().ok());
    let mut trace = recorder.map(|recorder| recorder.finish()).unwrap_or_default();
    trace.add_definitions(&release.rendered);
    let processed = dependency::process(chart, given, log).ok();
    (trace, processed)
}

fn given_by(service: &Bound, binding: &Binding) -> Given {
    Given::Binding {
        service: service.name.clone(),
        requirement: binding.requirement.clone(),
        provisioner: binding.provisioner.clone(),
    }
}

/// A release that is asked of.
struct OfChart<'a, 'p> {
    answers: &'a Answers<'p>,
    release: &'a Release,
    service: &'a Bound,
}

impl OfChart<'_, '_> {
    fn reason(&self, explained: Explained) -> Reason {
        let mut sources: Vec<Source> = Vec::new();
        for (path, certainty) in explained.origins.iter().flat_map(|origin| &origin.values) {
            self.add(path, *certainty, &mut sources);
        }
        let decided = explained.because.iter().map(|condition| {
            let mut sources = Vec::new();
            for path in &condition.values {
                self.add(path, Certainty::TookPart, &mut sources);
            }
            Decided { condition: condition.clone(), sources }
        });
        Reason {
            value: explained.value,
            decided: decided.collect(),
            printed: explained.origins,
            sources,
            ..Reason::default()
        }
    }

    fn add(&self, path: &str, certainty: Certainty, sources: &mut Vec<Source>) {
        let is_key = matches!(certainty, Certainty::Key | Certainty::KeyTookPart);
        let source = if path == ".Release.Namespace" {
            let origins = self.answers.of_setting("namespace");
            self.answers.source(Given::Release(path.to_owned()), &origins)
        } else if path.starts_with(['.', '(']) {
            return;
        } else if is_key {
            self.of_key(path)
        } else {
            let found = trail::origins_at(&self.release.traced, &steps(path)).unwrap_or_default();
            self.answers.found(Given::Value(path.to_owned()), &found)
        };
        if !sources.contains(&source) {
            sources.push(source);
        }
    }

    /// Where a key is written; of a map that an expression made, what decided which keys it has.
    fn of_key(&self, path: &str) -> Source {
        let steps = steps(path);
        let written = self.service.raw.as_ref().and_then(|raw| trail::key_at(raw, &steps));
        let written = written.or_else(|| trail::key_at(&self.service.written, &steps));
        if let Some(place) = written {
            let (given, among) = (Given::Key(path.to_owned()), Vec::new());
            return Source { given, places: vec![place.clone()], among };
        }
        let above = steps.split_last().map_or(&[][..], |(_, above)| above);
        let origins = trail::own_origins_at(&self.release.traced, above);
        self.answers.source(Given::Key(path.to_owned()), &origins.unwrap_or_default())
    }
}

/// The lines of the patches that changed a field, something in it, or what it is in.
fn patches(part: &Part, object: &Object, steps: &[String]) -> Vec<Place> {
    let is_met = |change: &&Change| {
        change.object == object.id()
            && change.path.iter().zip(steps).all(|(one, other)| one == other)
    };
    part.changes.iter().filter(is_met).map(|change| change.place.clone()).collect()
}
