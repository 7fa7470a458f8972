//! The observer of the render that is diagnosed: what was read and printed (see `witness`), and where
//! each value comes from (see `crate::explain`).

use std::any::Any;

use gotmpl::set::Template;
use gotmpl::trace::{Decision, Site, Tracer};
use gotmpl::value::{Map, Value};

use super::witness::{Argument, FailedCall, Shared, Witness, describe};
use crate::explain::{Certainty, Recorder, named};

/// The observer.
pub(crate) struct Observer {
    witness: Witness,
    recorder: Recorder,
}

impl Observer {
    pub(super) fn new() -> (Self, Shared) {
        let (witness, testimony) = Witness::new();
        (Self { witness, recorder: Recorder::without_output() }, testimony)
    }

    /// That which follows values from where they stand.
    pub(crate) fn recorder(&mut self) -> &mut Recorder {
        &mut self.recorder
    }
}

/// An argument, and the value that it is, if it is one as given.
fn argument(value: &Value, known: Option<&Vec<(String, Certainty)>>) -> Argument {
    let path = match known.map(Vec::as_slice) {
        Some([(path, Certainty::Exact)]) => Some(named(path)),
        _ => None,
    };
    let name = path.as_deref().and_then(|path| path.rsplit('.').next()).unwrap_or_default();
    Argument { what: describe(name.as_bytes(), value), value: value.clone(), path }
}

impl Tracer for Observer {
    fn action_begin(&mut self, site: Site<'_>, offset: usize) {
        self.witness.action_begin(site, offset);
        self.recorder.action_begin(site, offset);
    }

    fn action_end(&mut self, site: Site<'_>, value: &Value, offset: usize) {
        self.witness.action_end(site, value, offset);
        self.recorder.action_end(site, value, offset);
    }

    fn text(&mut self, site: Site<'_>, offset: usize) {
        self.witness.text(site, offset);
        self.recorder.text(site, offset);
    }

    fn field(&mut self, map: &Map, key: &[u8], value: &Value) {
        self.witness.field(map, key, value);
        self.recorder.field(map, key, value);
    }

    fn object_field(&mut self, object: &Value, name: &[u8], value: &Value) {
        self.recorder.object_field(object, name, value);
    }

    fn pipeline_begin(&mut self) {
        self.recorder.pipeline_begin();
    }

    fn variable(&mut self, slot: Option<u16>) {
        self.recorder.variable(slot);
    }

    fn dot(&mut self) {
        self.recorder.dot();
    }

    fn assigned(&mut self, slot: Option<u16>, value: &Value) {
        self.recorder.assigned(slot, value);
    }

    fn decide_begin(&mut self, site: Site<'_>) {
        self.recorder.decide_begin(site);
    }

    fn decided(&mut self, decision: Decision, is_taken: bool) {
        self.recorder.decided(decision, is_taken);
    }

    fn decide_end(&mut self) {
        self.recorder.decide_end();
    }

    fn bound(&mut self, key: Option<u16>, element: Option<u16>) {
        self.recorder.bound(key, element);
    }

    fn element(&mut self, of: &Value, key: &Value, value: &Value) {
        self.witness.element(of, key, value);
        self.recorder.element(of, key, value);
    }

    fn enter(&mut self, template: &Template, site: Option<Site<'_>>, captured: bool, at: usize) {
        self.witness.enter(template, site, captured, at);
        self.recorder.enter(template, site, captured, at);
    }

    fn leave(&mut self, template: &Template, output: Option<&Value>, offset: usize) {
        self.witness.leave(template, output, offset);
        self.recorder.leave(template, output, offset);
    }

    fn call_begin(&mut self, name: &str, is_method: bool) {
        self.recorder.call_begin(name, is_method);
    }

    fn argument(&mut self) {
        self.recorder.argument();
    }

    fn chosen(&mut self, site: Site<'_>, is_written: bool, value: &Value) {
        self.recorder.chosen(site, is_written, value);
    }

    fn call(&mut self, site: Site<'_>, name: &str, args: &[Value], result: &Value) {
        self.witness.call(site, name, args, result);
        self.recorder.call(site, name, args, result);
    }

    fn call_failed(&mut self, name: &str, args: &[Value]) {
        let known = self.recorder.moment().arguments;
        let told = || FailedCall {
            name: name.to_owned(),
            arguments: args.iter().enumerate().map(|(at, v)| argument(v, known.get(at))).collect(),
        };
        self.witness.testimony(|testimony| {
            testimony.call.get_or_insert_with(told);
        });
    }

    fn failed(&mut self) {
        let moment = || self.recorder.moment();
        self.witness.testimony(|testimony| {
            testimony.moment.get_or_insert_with(moment);
        });
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
