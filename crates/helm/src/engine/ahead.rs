//! A large chart on two threads: the last part of its templates is rendered ahead of its turn, by
//! an engine of its own, on values of its own.
//!
//! The first part may change what the last reads, and the last may draw random numbers or fail;
//! then what was rendered ahead counts for nothing, and its turn comes as if nothing had been. So what a
//! render gives is the same with and without.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::Scope;

use gotmpl::limits::Limits;
use gotmpl::machine::Machine;
use gotmpl::stack;

use super::functions::Progress;
use super::stage::Stage;
use super::{Dns, Engine, Facts, ReleaseFacts, Rendered, Request, Strictness, run};
use crate::capabilities::Capabilities;
use crate::chart::Chart;
use crate::log::Log;
use crate::values::{self, Table};

/// What a render ahead needs: all of it can be shared by threads.
#[derive(Clone, Copy)]
pub struct Plan<'p> {
    /// The chart after the processing of its dependencies.
    pub chart: &'p Arc<Chart>,
    /// The values given, not yet coalesced.
    pub given: &'p Table,
    /// `.Release`.
    pub release: &'p ReleaseFacts,
    /// `.Capabilities`.
    pub capabilities: &'p Arc<Capabilities>,
    /// How strict to be.
    pub strictness: Strictness,
    /// What the whole render may use.
    pub limits: Limits,
}

/// A render under way on another thread.
pub struct Ahead(Receiver<Done>);

/// What was rendered ahead.
pub(super) struct Done {
    pub files: Vec<Rendered>,
    /// What it took of the limits.
    pub spent: Limits,
}

/// Charts with fewer templates take no longer than a second engine takes to get ready.
const WORTH_A_THREAD: usize = 64;
/// What goes ahead may use this part of the limits: when it is for nothing, little was lost.
const SHARE: u64 = 16;

impl Plan<'_> {
    fn is_worth_it(&self) -> bool {
        fn templates(chart: &Chart) -> usize {
            chart.templates.len()
                + chart.dependencies.iter().map(|sub| templates(sub)).sum::<usize>()
        }
        !self.strictness.is_lint() && templates(self.chart) >= WORTH_A_THREAD
    }
}

/// The first of the templates that go ahead: fewer than half, because the thread that renders them
/// begins later, and coalesces the values once more.
pub(super) fn split(templates: usize) -> usize {
    templates * 3 / 5
}

impl Ahead {
    /// Starts to render the last part of a chart, if it is large.
    pub fn start<'scope>(
        plan: Plan<'scope>,
        dns: Dns,
        scope: &'scope Scope<'scope, '_>,
    ) -> Option<Self> {
        if !plan.is_worth_it() {
            return None;
        }
        let (sender, receiver) = channel();
        stack::spawn_with_big_stack(scope, move || render(plan, dns, &sender))?;
        Some(Self(receiver))
    }

    /// What was rendered, unless a template failed or used an effect.
    pub(super) fn finish(self) -> Option<Done> {
        self.0.recv().ok()
    }
}

/// Sends what was rendered, if no effect was used, and only then frees what it took.
fn render(plan: Plan<'_>, dns: Dns, sender: &Sender<Done>) -> Option<()> {
    let Plan { chart, given, release, capabilities, strictness, limits } = plan;
    let engine = Engine::new(dns);
    let layout = engine.layout(chart, strictness.missing_key()).ok()?;
    let request = Request {
        chart,
        // The thread that renders the first part has said what there is to say.
        values: values::coalesce(chart, given, &mut Log::default()).ok()?,
        release,
        capabilities,
        strictness,
        facts: Facts::default(),
        effects: Vec::new(),
        limits,
        tracer: None,
    };
    let stage = Stage::set(&request, &Table::default());
    let own = Limits { fuel: limits.fuel / SHARE, made_bytes: limits.made_bytes / SHARE, ..limits };
    let effects = ::functions::effects::Effects::default();
    let progress = Progress::new(false, Facts::default());
    let mut parts: Vec<Box<dyn std::any::Any>> = vec![Box::new(progress), Box::new(effects)];
    let mut machine = Machine::new(layout.set(), &mut parts, own);
    machine.freeze(gotmpl::function::Effect::Cluster);
    let mut files = Vec::new();
    let places = split(layout.entries().len())..layout.entries().len();
    run(&mut machine, &layout, &stage.scopes, places, &mut |file| files.push(file)).ok()?;
    let left = machine.left();
    let spent =
        Limits { fuel: own.fuel - left.fuel, made_bytes: own.made_bytes - left.made_bytes, ..own };
    if machine.has_used_effects() {
        return None;
    }
    sender.send(Done { files, spent }).ok()
}
