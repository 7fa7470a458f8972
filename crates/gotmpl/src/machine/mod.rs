//! The machine that runs compiled templates.
//!
//! A machine belongs to one render: it holds the output, the layers that `tpl` pushes and what is
//! left of the limits. The set it runs is shared and never changed.

use std::any::Any;

use crate::error::Error;
use crate::function::Failure;
use crate::limits::Limits;
use crate::set::Set;
use crate::trace::Tracer;
use crate::value::{Str, Value};

/// One run of a template set.
pub struct Machine<'run> {
    set: &'run Set,
    host: &'run mut [Box<dyn Any>],
    limits: Limits,
    fuel: u64,
    tracer: Option<Box<dyn Tracer>>,
}

impl<'run> Machine<'run> {
    /// A machine on `set`. `host` is what functions find by [`Machine::host`], each part by
    /// its type: effects, recorded facts, counters. Run it on a thread of [`crate::stack::with_big_stack`].
    pub fn new(set: &'run Set, host: &'run mut [Box<dyn Any>], limits: Limits) -> Self {
        Self { set, host, limits, fuel: limits.fuel, tracer: None }
    }

    /// Lets `tracer` observe what follows.
    pub fn observe(&mut self, tracer: Box<dyn Tracer>) {
        self.tracer = Some(tracer);
    }

    /// Ends the observation and hands the observer back.
    pub fn take_tracer(&mut self) -> Option<Box<dyn Tracer>> {
        self.tracer.take()
    }

    /// The set that runs.
    pub fn set(&self) -> &'run Set {
        self.set
    }

    /// The part of the caller's state that is of that type.
    pub fn host<T: Any>(&mut self) -> Option<&mut T> {
        self.host.iter_mut().find_map(|part| part.downcast_mut())
    }

    /// The limits given.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Takes `steps` off the fuel: for functions whose work grows with their arguments.
    pub fn charge(&mut self, steps: u64) -> Result<(), Failure> {
        self.fuel = self.fuel.checked_sub(steps).ok_or_else(|| Failure::new("out of fuel"))?;
        Ok(())
    }

    /// Runs the template of that name on `data` and returns what it prints: Go's `ExecuteTemplate`.
    /// Inside a function, this is `include`: it sees the layers that are pushed at that moment.
    pub fn execute_template(&mut self, _name: &[u8], _data: &Value) -> Result<Str, Error> {
        Ok(Str::default())
    }

    /// Parses `text` under `name` into a layer of its own, runs it on `data`, drops the layer: what
    /// `tpl` does. While it runs, its definitions stand before those of the set.
    ///
    /// `Err(Error::Parse)` means that the text is no template.
    pub fn execute_text(&mut self, _name: &str, _text: &Str, _data: &Value) -> Result<Str, Error> {
        Ok(Str::default())
    }
}
