//! The engine: a chart's templates compiled once and rendered many times, as Helm 4's
//! `pkg/engine` renders them.
//!
//! An [`Engine`] belongs to a thread; what it compiled it shares with others ([`Programs`]). It also
//! keeps what the next render may see as it is (see `stage`); what a template has changed is none of
//! that. Not here: what the rendered files mean (see `release`), clock, randomness, network: they
//! come in with the request.

mod ahead;
mod data;
mod error;
mod files;
mod functions;
mod layout;
mod programs;
mod stage;
mod types;

use std::any::Any;
use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use gotmpl::function::Effect;
use gotmpl::limits::Limits;
use gotmpl::machine::{Machine, Printed};
use gotmpl::set::MissingKey;
use gotmpl::trace::Tracer;
use gotmpl::value::{Map, Value};

use crate::capabilities::Capabilities;
use crate::chart::Chart;
use crate::dependency::Shapes;
use crate::diagnose::Observer;
use crate::explain::Recorder;
use crate::log::Log;
use crate::release::Models;
use crate::schema::Schemas;
use crate::values::{Table, Work};

pub use ahead::{Ahead, Plan};
pub use data::ReleaseFacts;
pub(crate) use data::value_paths;
pub use error::RenderError;
use functions::Progress;
pub use functions::{Facts, Lookup};
use layout::{Layout, Layouts};
use programs::End;
pub use programs::Programs;
use stage::Stage;

/// How strict a render is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strictness {
    /// As `helm template`: a missing value is empty.
    #[default]
    Lenient,
    /// A missing key is an error.
    Strict,
    /// As `helm lint`: `required` and `fail` only warn.
    Lint,
    /// As `helm lint --strict`: both.
    StrictLint,
}

impl Strictness {
    fn missing_key(self) -> MissingKey {
        match self {
            Self::Lenient | Self::Lint => MissingKey::Zero,
            Self::Strict | Self::StrictLint => MissingKey::Error,
        }
    }

    fn is_lint(self) -> bool {
        matches!(self, Self::Lint | Self::StrictLint)
    }
}

/// Whether `getHostByName` may ask the network (`--enable-dns`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dns {
    /// It answers with an empty text, as Helm does by default.
    #[default]
    Off,
    /// It asks by the effects given.
    On,
}

/// One render: the chart after the processing of its dependencies, and all that its templates see.
pub struct Request<'a> {
    /// The chart, with the sub-charts in use.
    pub chart: &'a Arc<Chart>,
    /// The coalesced values.
    pub values: Work,
    /// `.Release`.
    pub release: &'a ReleaseFacts,
    /// `.Capabilities`.
    pub capabilities: &'a Arc<Capabilities>,
    /// How strict to be.
    pub strictness: Strictness,
    /// What `lookup` answers.
    pub facts: Facts,
    /// The state of effects that functions look for at the machine.
    pub effects: Vec<Box<dyn Any>>,
    /// What the render may use.
    pub limits: Limits,
    /// An observer of the run.
    pub tracer: Option<Box<dyn Tracer>>,
}

/// A rendered file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Its path from the chart's name on: `parent/charts/child/templates/x.yaml`.
    pub name: Arc<str>,
    /// What the template printed.
    pub content: Vec<u8>,
    /// Files of renders with one engine that have the same number are probably alike.
    pub likeness: Option<u64>,
}

/// What a render gives.
#[derive(Default)]
pub struct Outcome {
    /// The rendered files in the order of rendering, without partials.
    pub files: Vec<Rendered>,
    /// The observer, with its findings.
    pub tracer: Option<Box<dyn Tracer>>,
}

/// Charts with other sub-charts switched on have stages of their own.
const MAX_STAGES: usize = 4;

/// Compiles and renders. Cheap to keep: all renders of a thread share one.
pub struct Engine {
    programs: Arc<Programs>,
    shapes: Shapes,
    models: Models,
    layouts: RefCell<Layouts>,
    /// Those of the last renders, when the next may be like them.
    stages: RefCell<Vec<Stage>>,
    /// Where values are expected to be different from render to render.
    varying: Table,
    schemas: Arc<Schemas>,
}

impl Engine {
    /// An engine of Helm's functions.
    pub fn new(dns: Dns) -> Self {
        Self::sharing(Arc::new(Programs::new(dns)))
    }

    /// An engine that compiles nothing that those of other threads have compiled.
    pub fn sharing(programs: Arc<Programs>) -> Self {
        Self {
            programs,
            shapes: Shapes::default(),
            models: Models::default(),
            layouts: RefCell::default(),
            stages: RefCell::default(),
            varying: Table::default(),
            schemas: Arc::default(),
        }
    }

    /// The same engine, with that cache of schemas (and its way to remote ones), which threads share.
    #[must_use]
    pub fn with_schemas(mut self, schemas: Arc<Schemas>) -> Self {
        self.schemas = schemas;
        self
    }

    /// The same engine, which expects the values that stand in `varying` to be different from render
    /// to render. It makes no difference but in speed.
    #[must_use]
    pub fn with_varying(mut self, varying: Table) -> Self {
        self.varying = varying;
        self
    }

    /// What it has compiled.
    pub fn programs(&self) -> &Arc<Programs> {
        &self.programs
    }

    /// The compiled schemas of values.
    pub fn schemas(&self) -> &Schemas {
        &self.schemas
    }

    /// The forms that charts take.
    pub fn shapes(&self) -> &Shapes {
        &self.shapes
    }

    /// The objects that were rendered.
    pub fn models(&self) -> &Models {
        &self.models
    }

    /// Renders every template of the chart. Run it on a thread with a big stack
    /// ([`gotmpl::stack::with_big_stack`]).
    pub fn render(&self, request: Request<'_>, log: &mut Log) -> Result<Outcome, RenderError> {
        let mut files = Vec::new();
        let tracer = self.render_to(request, None, &mut |file| files.push(file), log)?;
        Ok(Outcome { files, tracer })
    }

    /// The same, with each file given to `sink` as soon as it is there, and with what renders `ahead`.
    /// Returns the observer.
    pub fn render_to(
        &self,
        request: Request<'_>,
        ahead: Option<Ahead>,
        sink: &mut dyn FnMut(Rendered),
        log: &mut Log,
    ) -> Result<Option<Box<dyn Tracer>>, RenderError> {
        let layout = self.layout(request.chart, End::Front, request.strictness.missing_key())?;
        let mut stage = self.stage(&request);
        let knows_cluster = !request.facts.0.is_empty();
        let progress = Progress::new(request.strictness.is_lint(), request.facts);
        let mut parts: Vec<Box<dyn Any>> = vec![Box::new(progress)];
        parts.extend(request.effects);
        // The first part of a type counts: this one only where the caller grants nothing.
        parts.push(Box::new(::functions::effects::Effects::default()));
        let mut machine = Machine::new(layout.set(), &mut parts, request.limits);
        if let Some(memory) = stage.memory.take() {
            machine.remember(memory);
        }
        if !knows_cluster {
            machine.freeze(Effect::Cluster);
        }
        let is_observed = request.tracer.is_some();
        if let Some(tracer) = request.tracer {
            machine.observe(tracer);
            introduce(&mut machine, request.chart, &stage.scopes);
        }
        let result = run_all(&mut machine, &layout, &stage.scopes, ahead, sink);
        if let Some(progress) = machine.host::<Progress>() {
            progress.hand_over(log);
        }
        result?;
        let tracer = machine.take_tracer();
        if let Some(memory) = machine.into_memory().filter(|_| !is_observed) {
            stage.memory = Some(memory);
            self.stages.borrow_mut().push(stage);
        }
        Ok(tracer)
    }

    /// The stage for a render: an older one where it fits and nobody observes.
    fn stage(&self, request: &Request<'_>) -> Stage {
        let mut stages = self.stages.borrow_mut();
        let known = stages.iter().position(|stage| stage.is_for(request));
        let known = known.filter(|_| request.tracer.is_none()).map(|at| stages.remove(at));
        if stages.len() >= MAX_STAGES {
            stages.remove(0);
        }
        let renewed = known.and_then(|stage| stage.renewed(request));
        renewed.unwrap_or_else(|| Stage::set(request, &self.varying))
    }

    fn layout(
        &self,
        chart: &Arc<Chart>,
        begin: End,
        rule: MissingKey,
    ) -> Result<Rc<Layout>, RenderError> {
        self.layouts.borrow_mut().of(chart, &self.programs, begin, rule)
    }
}

/// Tells a recorder where the values of each chart stand.
fn introduce(machine: &mut Machine<'_>, chart: &Chart, scopes: &[Map]) {
    let Some(tracer) = machine.tracer() else { return };
    let tracer: &mut dyn Any = tracer;
    if let Some(observer) = tracer.downcast_mut::<Observer>() {
        return introduce_to(observer.recorder(), chart, scopes);
    }
    if let Some(recorder) = tracer.downcast_mut::<Recorder>() {
        introduce_to(recorder, chart, scopes);
    }
}

fn introduce_to(recorder: &mut Recorder, chart: &Chart, scopes: &[Map]) {
    let mut paths = Vec::new();
    value_paths(chart, "", &mut paths);
    for (scope, path) in scopes.iter().zip(paths) {
        if let Some(Value::Map(values)) = scope.get(b"Values") {
            recorder.know(&values, &path);
        }
        let subcharts = path.split('.').filter(|name| !name.is_empty());
        let above: String = subcharts.flat_map(|name| [".Subcharts.", name]).collect();
        if let Some(Value::Map(facts)) = scope.get(b"Chart") {
            recorder.know(&facts, &format!("{above}.Chart"));
        }
        if let Some(Value::Map(facts)) = scope.get(b"Release") {
            recorder.know(&facts, ".Release");
        }
    }
}

fn run_all(
    machine: &mut Machine<'_>,
    layout: &Layout,
    scopes: &[Map],
    ahead: Option<Ahead>,
    sink: &mut dyn FnMut(Rendered),
) -> Result<(), RenderError> {
    let all = layout.entries().len();
    let Some(ahead) = ahead else { return run(machine, layout, scopes, 0..all, sink) };
    let mut begun = 0;
    let own = std::iter::from_fn(|| ahead.next(all)).inspect(|place| begun = place + 1);
    run(machine, layout, scopes, own, sink)?;
    match ahead.finish().filter(|done| machine.can_add(&done.spent)) {
        Some(done) => {
            done.files.into_iter().for_each(sink);
            Ok(())
        }
        None => run(machine, layout, scopes, begun..all, sink),
    }
}

fn run(
    machine: &mut Machine<'_>,
    layout: &Layout,
    scopes: &[Map],
    places: impl IntoIterator<Item = usize>,
    sink: &mut dyn FnMut(Rendered),
) -> Result<(), RenderError> {
    for place in places {
        let Some(entry) = layout.entries().get(place) else { break };
        let Some(scope) = scopes.get(entry.chart).filter(|_| !entry.is_partial) else { continue };
        scope.set_unsteady(data::template_facts(&entry.name, &entry.base_path));
        let data = Value::Map(scope.seen_as(&types::VALUES));
        let Printed { text, sketch } = machine
            .redraw_template(place, entry.name.as_bytes(), &data)
            .map_err(|error| RenderError::exec(&entry.name, error))?;
        let cleaned = match without_no_value(&text) {
            Cow::Borrowed(_) => None,
            Cow::Owned(cleaned) => Some(cleaned),
        };
        let content = cleaned.unwrap_or(text);
        sink(Rendered { name: Arc::clone(&entry.name), content, likeness: sketch });
    }
    Ok(())
}

/// What Go prints for a missing value.
pub(crate) const NO_VALUE: &[u8] = b"<no value>";

/// Helm removes what Go prints for a missing value.
pub(crate) fn without_no_value(text: &[u8]) -> Cow<'_, [u8]> {
    let found =
        |text: &[u8]| memchr::memchr_iter(b'<', text).find(|at| text[*at..].starts_with(NO_VALUE));
    let Some(mut at) = found(text) else { return Cow::Borrowed(text) };
    let mut kept = Vec::with_capacity(text.len());
    let mut rest = text;
    loop {
        kept.extend_from_slice(&rest[..at]);
        rest = &rest[at + NO_VALUE.len()..];
        match found(rest) {
            Some(next) => at = next,
            None => break,
        }
    }
    kept.extend_from_slice(rest);
    Cow::Owned(kept)
}
