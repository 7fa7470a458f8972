//! A large chart on two threads: the last part of its templates is rendered ahead of its turn, by
//! an engine of its own, on values of its own.
//!
//! Either part may change what others read, and the last may draw random numbers or fail; then what
//! was rendered ahead counts for nothing, and its turn comes as if nothing had been. So what a render gives
//! is the same with and without.

use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Scope;

use gotmpl::limits::Limits;
use gotmpl::machine::Machine;
use gotmpl::stack;

use super::functions::Progress;
use super::stage::Stage;
use super::{End, Engine, Facts, Programs, ReleaseFacts, Rendered, Request, Strictness, run};
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

/// A render under way on another thread. When this is dropped, it stops after the next template.
pub struct Ahead {
    done: Receiver<Done>,
    rest: Arc<Rest>,
}

/// The places of the templates that nobody has begun to render. The one thread takes them from the
/// front, the other from the back, until they meet.
#[derive(Default)]
pub(super) struct Rest(Mutex<Option<Range<usize>>>);

impl Rest {
    /// Takes one of `all` places.
    fn take(&self, all: usize, end: fn(&mut Range<usize>) -> Option<usize>) -> Option<usize> {
        let mut rest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        end(rest.get_or_insert(0..all))
    }

    /// Leaves nothing to take.
    fn end(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(0..0);
    }
}

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

impl Ahead {
    /// Starts to render the last part of a chart, if it is large.
    pub fn start<'scope>(
        plan: Plan<'scope>,
        programs: Arc<Programs>,
        scope: &'scope Scope<'scope, '_>,
    ) -> Option<Self> {
        if !plan.is_worth_it() {
            return None;
        }
        let (sender, done) = channel();
        let rest = Arc::<Rest>::default();
        let own = Arc::clone(&rest);
        stack::spawn_with_big_stack(scope, move || render(plan, programs, &own, &sender))?;
        Some(Self { done, rest })
    }

    /// The place of the next template that this thread is to render.
    pub(super) fn next(&self, all: usize) -> Option<usize> {
        self.rest.take(all, Range::next)
    }

    /// What the other thread has rendered, unless a template failed, changed what others see, or used
    /// an effect.
    pub(super) fn finish(self) -> Option<Done> {
        self.done.recv().ok()
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.rest.end();
    }
}

/// Sends what was rendered, if no effect was used, and only then frees what it took.
fn render(
    plan: Plan<'_>,
    programs: Arc<Programs>,
    rest: &Rest,
    sender: &Sender<Done>,
) -> Option<()> {
    let Plan { chart, given, release, capabilities, strictness, limits } = plan;
    let engine = Engine::sharing(programs);
    let layout = engine.layout(chart, End::Back, strictness.missing_key()).ok()?;
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
    while let Some(place) = rest.take(layout.entries().len(), Range::next_back) {
        run(&mut machine, &layout, &stage.scopes, [place], &mut |file| files.push(file)).ok()?;
        if machine.has_changed_what_lasts() {
            return None;
        }
    }
    files.reverse();
    let left = machine.left();
    let spent =
        Limits { fuel: own.fuel - left.fuel, made_bytes: own.made_bytes - left.made_bytes, ..own };
    if machine.has_used_effects() {
        return None;
    }
    sender.send(Done { files, spent }).ok()
}
