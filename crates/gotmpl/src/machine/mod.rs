//! The machine that runs compiled templates.
//!
//! A machine belongs to one render: it holds the output, the layers that `tpl` pushes and what is
//! left of the limits. The set it runs is shared and never changed.

mod call;
mod coerce;
mod eval;
mod fault;
mod memo;
mod operand;
mod redraw;
mod walk;
mod weigh;

use std::any::Any;
use std::rc::Rc;

use crate::error::{Error, ExecError};
use crate::function::{Effect, Failure};
use crate::limits::Limits;
use crate::program::Loaded;
use crate::set::{Functions, MissingKey, Set, Template, Text};
use crate::sketch::{self, Book, Place};
use crate::stack;
use crate::trace::{Site, Tracer};
use crate::value::{Str, Value, age};

pub use redraw::Printed;
pub use weigh::ENTRY_BYTES;

use fault::Fault;
use memo::{Memo, Run};
use operand::Operand;
use redraw::Recording;

/// One run of a template set.
pub struct Machine<'run> {
    set: &'run Set,
    host: &'run mut [Box<dyn Any>],
    functions: &'run Functions,
    missing_key: MissingKey,
    limits: Limits,
    fuel: u64,
    /// What functions may still make.
    made_left: u64,
    /// Where recursion must stop: see [`stack`].
    floor: usize,
    tracer: Option<Box<dyn Tracer>>,
    out: Vec<u8>,
    /// The variables of all templates under way; those of the innermost start at `base`.
    slots: Vec<Option<Operand>>,
    base: usize,
    /// The node that Go would name if something failed now.
    at: At,
    /// Nested `{{template}}` actions of this execution.
    depth: usize,
    layers: Vec<Rc<Text>>,
    /// Argument lists that are not in use.
    spare: Vec<Vec<Value>>,
    memo: Memo,
    /// See [`Machine::kept`].
    kept: Vec<Box<dyn Any>>,
    /// Nested [`Machine::include`]s under way.
    nested: usize,
    /// The most there have been since the innermost began.
    deepest: usize,
    /// Templates run so far.
    runs: u64,
    /// What was learned of templates, when there are renders to learn from.
    book: Option<Box<Book>>,
    /// The marked texts in the output.
    places: Vec<Place>,
    /// What always gives the same.
    frozen: Option<Effect>,
    /// Whether an effect was used.
    is_unsteady: bool,
}

/// Results of one render that may be used again in the next.
pub struct Memory(Memo, Option<Box<Book>>);

/// A node of a program.
#[derive(Clone, Copy)]
enum At {
    Node(u32),
    Pipe(u32),
    Command(u32),
    Expr(u32),
}

/// The template that runs.
#[derive(Clone, Copy)]
struct Context<'t> {
    template: &'t Template,
    program: &'t Loaded,
}

impl<'t> Context<'t> {
    fn of(template: &'t Template) -> Self {
        Self { template, program: &template.program }
    }
}

/// A template found by name.
enum Found<'run> {
    InSet(&'run Template),
    InLayer(Rc<Template>),
}

impl std::ops::Deref for Found<'_> {
    type Target = Template;
    fn deref(&self) -> &Template {
        match self {
            Self::InSet(template) => template,
            Self::InLayer(template) => template,
        }
    }
}

impl<'run> Machine<'run> {
    /// A machine on `set`. `host` is what functions find by [`Machine::host`], each part by its
    /// type: effects, recorded facts, counters. Run it on a thread of
    /// [`crate::stack::with_big_stack`].
    pub fn new(set: &'run Set, host: &'run mut [Box<dyn Any>], limits: Limits) -> Self {
        // What was changed while the maps were put together does not count.
        age::forget();
        Self {
            set,
            host,
            functions: set.functions(),
            missing_key: set.missing_key_rule(),
            limits,
            fuel: limits.fuel,
            made_left: limits.made_bytes,
            floor: stack::floor(),
            tracer: None,
            out: Vec::new(),
            slots: Vec::new(),
            base: 0,
            at: At::Node(0),
            depth: 0,
            layers: Vec::new(),
            spare: Vec::new(),
            memo: Memo::new(),
            kept: Vec::new(),
            nested: 0,
            deepest: 0,
            runs: 0,
            book: None,
            places: Vec::new(),
            frozen: None,
            is_unsteady: false,
        }
    }

    /// Says that what has this effect gives the same for the same arguments, in this render and in
    /// others that begin with what it remembers.
    pub fn freeze(&mut self, effect: Effect) {
        self.frozen = Some(effect);
    }

    /// Begins with what a machine on the same set remembered, of a render that saw the same maps.
    pub fn remember(&mut self, memory: Memory) {
        self.memo = memory.0;
        self.memo.retain_lasting();
        let mut book = memory.1.unwrap_or_default();
        book.begin();
        self.book = Some(book);
    }

    /// Ends the run. Gives what is worth remembering for the next one, if that may see the same maps:
    /// none of those that last has changed.
    pub fn into_memory(self) -> Option<Memory> {
        (!age::lasting_changed()).then_some(Memory(self.memo, self.book))
    }

    /// Lets `tracer` observe what follows.
    pub fn observe(&mut self, tracer: Box<dyn Tracer>) {
        self.tracer = Some(tracer);
    }

    /// Ends the observation and hands the observer back.
    pub fn take_tracer(&mut self) -> Option<Box<dyn Tracer>> {
        self.tracer.take()
    }

    /// The observer, for functions that have something to tell it.
    pub fn tracer(&mut self) -> Option<&mut dyn Tracer> {
        match &mut self.tracer {
            Some(tracer) => Some(tracer.as_mut()),
            None => None,
        }
    }

    /// The set that runs.
    pub fn set(&self) -> &'run Set {
        self.set
    }

    /// The part of the caller's state that is of that type.
    pub fn host<T: Any>(&mut self) -> Option<&mut T> {
        self.host.iter_mut().find_map(|part| part.downcast_mut())
    }

    /// What functions keep for the length of this run: one of each type, empty at first.
    pub fn kept<T: Any + Default>(&mut self) -> Option<&mut T> {
        if !self.kept.iter().any(|part| part.is::<T>()) {
            self.kept.push(Box::<T>::default());
        }
        self.kept.iter_mut().find_map(|part| part.downcast_mut())
    }

    /// The limits given.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Takes `steps` off the fuel: for functions whose work grows with their arguments.
    pub fn charge(&mut self, steps: u64) -> Result<(), Failure> {
        match self.fuel.checked_sub(steps) {
            Some(left) => {
                self.fuel = left;
                Ok(())
            }
            None => Err(Failure::new(OUT_OF_FUEL)),
        }
    }

    /// Runs the template of that name as [`Machine::execute_template`] does, or uses what it printed
    /// before, when that must be the same: what `include` does. It sees the layers that are pushed
    /// at that moment.
    pub fn include(&mut self, name: &[u8], data: &Value) -> Result<Str, Error> {
        // What happens to maps within this run decides whether it can be used again, and then
        // belongs to what happens in the run around it.
        let outer = age::take();
        self.memo.forget(age::latest_changed());
        let result = self.include_anew_or_again(name, data);
        age::add(outer);
        result
    }

    /// Says that the function that runs does more than return a value: the runs around it are not
    /// used again.
    pub fn mark_unsteady(&mut self) {
        age::unsteady();
        sketch::spoil();
        self.is_unsteady = true;
    }

    /// Whether a template has used an effect: another machine would get something else.
    pub fn has_used_effects(&self) -> bool {
        self.is_unsteady
    }

    /// Whether a template has changed a map that was there before it ran.
    pub fn has_changed_what_lasts(&self) -> bool {
        age::has_lasting_changed()
    }

    /// What is left of the limits.
    pub fn left(&self) -> Limits {
        Limits { fuel: self.fuel, made_bytes: self.made_left, ..self.limits }
    }

    /// Takes what another machine has spent off the limits, if that machine has seen what this one would
    /// see: no map that lasts has changed here, and the limits allow it.
    pub fn can_add(&mut self, spent: &Limits) -> bool {
        let fuel = self.fuel.checked_sub(spent.fuel);
        let made_left = self.made_left.checked_sub(spent.made_bytes);
        let (Some(fuel), Some(made_left)) = (fuel, made_left) else { return false };
        if self.has_changed_what_lasts() {
            return false;
        }
        (self.fuel, self.made_left) = (fuel, made_left);
        true
    }

    fn include_anew_or_again(&mut self, name: &[u8], data: &Value) -> Result<Str, Error> {
        // An observer wants to see every run; a layer may define the names anew.
        let can_reuse = self.tracer.is_none()
            && self.layers.is_empty()
            && self.nested < REUSED_DEPTH
            && self.memo.ask(name, data);
        let known = if can_reuse { self.memo.find() } else { None };
        if let Some(known) = known.filter(|known| known.run.tells_enough()) {
            self.deepest = self.deepest.max(self.nested + known.run.height);
            if known.run.bound {
                age::bound();
            }
            if let Some(conditions) = &known.run.conditions {
                sketch::again(conditions);
            }
            return Ok(known.run.text.clone());
        }
        let recording = Recording::begin();
        let question = can_reuse.then(|| self.memo.question());
        if let Some(text) = self.include_of_other_render(&recording, question.as_ref()) {
            return Ok(text);
        }
        let start = age::now();
        self.nested += 1;
        let around = std::mem::replace(&mut self.deepest, self.nested);
        let result = self.execute_template(name, data);
        self.nested -= 1;
        let height = self.deepest - self.nested;
        self.deepest = self.deepest.max(around);
        let changes = age::take();
        self.memo.forget(age::latest_changed());
        age::add(changes);
        let is_steady = !changes.unsteady && changes.oldest > start;
        if let (Some(question), Ok(text)) = (question, &result)
            && is_steady
            && height < REUSED_DEPTH
        {
            let (text, conditions) = (text.clone(), recording.end());
            if let (Some(key), Some(conditions)) = (question.lasting(), &conditions) {
                sketch::keep_included(key, &text, conditions, height);
            }
            let run = Run { text, height, bound: changes.bound, conditions };
            self.memo.keep(question, data.clone(), run, age::now());
        }
        result
    }

    /// Runs the template of that name on `data` and returns what it prints: Go's `ExecuteTemplate`.
    pub fn execute_template(&mut self, name: &[u8], data: &Value) -> Result<Str, Error> {
        let Some(template) = self.find(name) else {
            return Err(Error::NotFound {
                name: name.into(),
                set: self.set.name().to_text().into_owned(),
            });
        };
        self.execute(&template, data)
    }

    /// Parses `text` under `name` into a layer of its own, runs it on `data`, drops the layer: what
    /// `tpl` does. While it runs, its definitions stand before those of the set.
    ///
    /// `Err(Error::Parse)` means that the text is no template.
    pub fn execute_text(&mut self, name: &str, text: &Str, data: &Value) -> Result<Str, Error> {
        // Running out of steps is found out by the next step.
        let steps = COMPILE_STEPS + text.len() as u64 / 4;
        self.fuel = self.fuel.saturating_sub(steps);
        let text = self.set.text(name, text)?;
        self.layers.push(Rc::clone(&text));
        let result = self.execute(&text.own, data);
        self.layers.pop();
        result
    }

    /// A blank definition of a layer stands back behind any of its name below.
    fn find(&self, name: &[u8]) -> Option<Found<'run>> {
        let mut blank = None;
        for layer in self.layers.iter().rev() {
            let Some(template) = layer.defined.iter().find(|t| *t.name == *name) else { continue };
            if !template.body.blank {
                return Some(Found::InLayer(Rc::clone(template)));
            }
            blank = Some(template);
        }
        let in_set = self.set.get(name).map(Found::InSet);
        in_set.or_else(|| blank.map(|template| Found::InLayer(Rc::clone(template))))
    }

    /// Runs a template whose output is taken off the machine's output.
    fn execute(&mut self, template: &Template, data: &Value) -> Result<Str, Error> {
        let start = self.out.len();
        let (at, depth) = (self.at, std::mem::take(&mut self.depth));
        self.announce(template, None, true);
        let done = self.run(template, &Operand::plain(data.clone()));
        self.at = at;
        self.depth = depth;
        let output = self.taken(start);
        self.runs += 1;
        if let Some(tracer) = &mut self.tracer {
            if done.is_err() {
                tracer.failed();
            }
            tracer.leave(template, Some(&Value::Str(output.clone())), start);
        }
        match done {
            Ok(()) => Ok(output),
            Err(fault) => Err(Error::Exec(fault)),
        }
    }

    fn announce(&mut self, template: &Template, site: Option<Site<'_>>, captured: bool) {
        if let Some(tracer) = &mut self.tracer {
            tracer.enter(template, site, captured, self.out.len());
        }
    }

    /// Runs a template's body in a frame of its own.
    fn run(&mut self, template: &Template, dot: &Operand) -> Result<(), Fault> {
        let cx = Context::of(template);
        if stack::below(self.floor) {
            return Err(nameless(template, depth_message(self.limits.template_depth)));
        }
        let outer = std::mem::replace(&mut self.base, self.slots.len());
        let top = self.base + usize::from(template.body.slots.max(1));
        self.slots.resize(top, None);
        if let Some(dollar) = self.slots.get_mut(self.base) {
            *dollar = Some(dot.clone());
        }
        let done = self.walk(&cx, dot, &template.body.list);
        self.slots.truncate(self.base);
        self.base = outer;
        done.map(|_| ())
    }
}

/// What is nested deeper is always run: Helm ends a recursion by counting, and must count it all.
const REUSED_DEPTH: usize = 400;

/// What compiling the shortest text costs.
const COMPILE_STEPS: u64 = 50;

const OUT_OF_FUEL: &str = "the template takes too many steps";

fn depth_message(depth: usize) -> String {
    format!("exceeded maximum template depth ({depth})")
}

/// A failure before any node was reached.
fn nameless(template: &Template, message: String) -> Fault {
    Box::new(ExecError {
        template: template.name.to_text().into_owned(),
        place: None,
        context: String::new(),
        message,
        cause: None,
        calls: Vec::new(),
    })
}
