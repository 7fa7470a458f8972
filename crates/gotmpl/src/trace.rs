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

/// An observer of a run. Offsets are positions in the machine's output at that moment; what
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

    /// A list or map is ranged over; element `key` comes next.
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

    /// A function or method was called.
    fn call(&mut self, _site: Site<'_>, _name: &str, _args: &[Value], _result: &Value) {}

    /// For whoever gave the observer and wants its findings back.
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}
