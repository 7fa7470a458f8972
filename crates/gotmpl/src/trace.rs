//! What an observer of a run may hear: which text came from which action of which template, and
//! which values were read for it. A machine without an observer pays one null check per event.

use std::any::Any;

use crate::program::Span;
use crate::set::Template;
use crate::value::{Map, Value};

/// A node of a template.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    /// The template that runs.
    pub template: &'a Template,
    /// The node's bytes in the template's text.
    pub span: Span,
}

/// What decides whether its body runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// `{{if}}`.
    If,
    /// `{{with}}`.
    With,
    /// `{{range}}`.
    Range,
}

/// An observer of a run. Each value comes to be by events that end with one of [`Tracer::field`],
/// [`Tracer::object_field`], [`Tracer::variable`], [`Tracer::dot`] and [`Tracer::call`], or by none where it is a constant; so
/// an observer that keeps what it knows of the last value knows it of each argument, of what is stored
/// in variables and of what an action prints. Offsets are positions in the machine's output at that moment; what
/// `include` and `tpl` print is appended to the same output, then taken off and returned as a
/// string, between [`Tracer::enter`] and [`Tracer::leave`] with `captured`.
pub trait Tracer: Any {
    /// An action that prints starts.
    fn action_begin(&mut self, _site: Site<'_>, _offset: usize) {}

    /// It has printed `value`; what it printed stands between its first offset and this one.
    fn action_end(&mut self, _site: Site<'_>, _value: &Value, _offset: usize) {}

    /// Literal text has been printed and ends at `offset`.
    fn text(&mut self, _site: Site<'_>, _offset: usize) {}

    /// A field of a map was read (nil when missing).
    fn field(&mut self, _map: &Map, _key: &[u8], _value: &Value) {}

    /// A field of an object was read.
    fn object_field(&mut self, _object: &Value, _name: &[u8], _value: &Value) {}

    /// A pipeline starts: nothing is known of a value yet.
    fn pipeline_begin(&mut self) {}

    /// The last value is that of the variable.
    fn variable(&mut self, _slot: Option<u16>) {}

    /// The last value is the dot.
    fn dot(&mut self) {}

    /// The last value is stored in a variable.
    fn assigned(&mut self, _slot: Option<u16>, _value: &Value) {}

    /// An `if`, `with` or `range` starts with its pipeline.
    fn decide_begin(&mut self, _site: Site<'_>) {}

    /// The last value has decided whether the body runs; for `with`, it is the dot there.
    fn decided(&mut self, _decision: Decision, _is_taken: bool) {}

    /// The `if`, `with` or `range` is over.
    fn decide_end(&mut self) {}

    /// The key and the element that come next are stored in variables.
    fn bound(&mut self, _key: Option<u16>, _element: Option<u16>) {}

    /// A list or map is ranged over; element `key` comes next, and is the dot.
    fn element(&mut self, _of: &Value, _key: &Value, _value: &Value) {}

    /// A template starts: by `{{template}}` (`captured` false) or by `include`, `tpl` or from
    /// outside (`captured` true). `site` is the node that asked for it.
    fn enter(
        &mut self,
        _template: &Template,
        _site: Option<Site<'_>>,
        _captured: bool,
        _offset: usize,
    ) {
    }

    /// It has ended. With `captured`, what it printed is `output`.
    fn leave(&mut self, _template: &Template, _output: Option<&Value>, _offset: usize) {}

    /// A call starts. What came through the pipe is the last value.
    fn call_begin(&mut self, _name: &str, _is_method: bool) {}

    /// The last value is the call's next argument.
    fn argument(&mut self) {}

    /// `and` or `or` has taken the last of its arguments looked at; when `is_written` is false, that
    /// may be what came through the pipe.
    fn chosen(&mut self, _site: Site<'_>, _is_written: bool, _value: &Value) {}

    /// A function or method was called.
    fn call(&mut self, _site: Site<'_>, _name: &str, _args: &[Value], _result: &Value) {}

    /// A function or method has failed, or the evaluation of its arguments, of which these were there
    /// already. What called it fails next.
    fn call_failed(&mut self, _name: &str, _args: &[Value]) {}

    /// What was asked from outside, or by `include` or `tpl`, has failed and is left; what is around
    /// it fails next.
    fn failed(&mut self) {}

    /// For whoever gave the observer and wants its findings back.
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}
