//! Nodes: text, actions, control structures, templates.

use super::operand::Operand;
use super::{At, Context, Fault, Machine, OUT_OF_FUEL, depth_message};
use crate::program::{Control, List, Node, NodeKind, PipeId, Span, Variable};
use crate::sketch;
use crate::stack;
use crate::trace::{Decision, Site};
use crate::value::{Elem, Kind, Map, Str, Value};

/// What a list asks of the range around it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Next,
    Break,
    Continue,
}

impl Machine<'_> {
    pub(super) fn walk(
        &mut self,
        cx: &Context<'_>,
        dot: &Operand,
        list: &List,
    ) -> Result<Flow, Fault> {
        for (id, node) in (list.nodes.start..).zip(cx.program.nodes(list)) {
            self.step(cx)?;
            self.at = At::Node(id);
            let flow = match &node.kind {
                NodeKind::Text => self.text(cx, node.span)?,
                NodeKind::Action(pipe) => self.action(cx, dot, id, node, *pipe)?,
                NodeKind::If(control) => self.branch(cx, dot, node, control, Decision::If)?,
                NodeKind::With(control) => self.branch(cx, dot, node, control, Decision::With)?,
                NodeKind::Range(control) => self.range(cx, dot, node, control)?,
                NodeKind::Template { name, pipe } => self.invoke(cx, dot, node, name, *pipe)?,
                NodeKind::Break => Flow::Break,
                NodeKind::Continue => Flow::Continue,
            };
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    /// Takes one step off the fuel.
    fn step(&mut self, cx: &Context<'_>) -> Result<(), Fault> {
        match self.fuel.checked_sub(1) {
            Some(left) => {
                self.fuel = left;
                Ok(())
            }
            None => Err(self.fault(cx, OUT_OF_FUEL)),
        }
    }

    fn text(&mut self, cx: &Context<'_>, span: Span) -> Result<Flow, Fault> {
        self.out.extend_from_slice(cx.program.at(span));
        if let Some(tracer) = &mut self.tracer {
            tracer.text(Site { template: cx.template, span }, self.out.len());
        }
        self.check_output(cx)
    }

    fn check_output(&self, cx: &Context<'_>) -> Result<Flow, Fault> {
        if self.out.len() <= self.limits.output_bytes {
            return Ok(Flow::Next);
        }
        let limit = self.limits.output_bytes;
        Err(self.fault(cx, format!("the output is larger than {limit} bytes")))
    }

    fn action(
        &mut self,
        cx: &Context<'_>,
        dot: &Operand,
        id: u32,
        node: &Node,
        pipe: PipeId,
    ) -> Result<Flow, Fault> {
        let site = Site { template: cx.template, span: node.span };
        if let Some(tracer) = &mut self.tracer {
            tracer.action_begin(site, self.out.len());
        }
        let value = self.pipeline(cx, dot, pipe)?.value;
        if cx.program.pipe(pipe).is_some_and(|pipe| !pipe.variables.is_empty()) {
            return Ok(Flow::Next);
        }
        self.at = At::Node(id);
        self.print(cx, &value)?;
        if let Some(tracer) = &mut self.tracer {
            tracer.action_end(site, &value, self.out.len());
        }
        self.check_output(cx)
    }

    fn print(&mut self, cx: &Context<'_>, value: &Value) -> Result<(), Fault> {
        match value {
            Value::Nil => self.out.extend_from_slice(b"<no value>"),
            Value::Str(text) if sketch::is_recording() => {
                self.note_marked(text);
                self.out.extend_from_slice(text.unread());
            }
            Value::Object(object) => match object.action_display() {
                Some(text) => self.out.extend_from_slice(text.as_bytes()),
                None if object.kind() == Kind::Func => {
                    let (shown, name) = (self.shown_node(cx), object.type_name());
                    return Err(self.fault(cx, format!("can't print {shown} of type {name}")));
                }
                None => {
                    let printed = crate::fmt::append_pointee(&mut self.out, value);
                    return printed.map_err(|error| self.too_deep(cx, error));
                }
            },
            _ => return self.format(cx, value),
        }
        Ok(())
    }

    fn format(&mut self, cx: &Context<'_>, value: &Value) -> Result<(), Fault> {
        crate::fmt::append(&mut self.out, value).map_err(|error| self.too_deep(cx, error))
    }

    fn shown_node(&self, cx: &Context<'_>) -> String {
        let At::Node(id) = self.at else { return String::new() };
        cx.program.nodes.get(id as usize).map_or_else(String::new, |n| cx.program.show_node(n))
    }

    /// An `if` or a `with`.
    fn branch(
        &mut self,
        cx: &Context<'_>,
        dot: &Operand,
        node: &Node,
        control: &Control,
        decision: Decision,
    ) -> Result<Flow, Fault> {
        self.deciding(cx, node);
        let value = self.pipeline(cx, dot, control.pipe)?;
        let is_taken = value.value.truth();
        self.decided(decision, is_taken);
        let flow = if is_taken {
            let dot = if decision == Decision::With { &value } else { dot };
            self.walk(cx, dot, &control.body)?
        } else {
            self.otherwise(cx, dot, control)?
        };
        self.decide_end();
        Ok(flow)
    }

    /// Tells the observer that the pipeline of an `if`, `with` or `range` comes next.
    #[inline]
    fn deciding(&mut self, cx: &Context<'_>, node: &Node) {
        if let Some(tracer) = &mut self.tracer {
            tracer.decide_begin(Site { template: cx.template, span: node.span });
        }
    }

    #[inline]
    fn decided(&mut self, decision: Decision, is_taken: bool) {
        if let Some(tracer) = &mut self.tracer {
            tracer.decided(decision, is_taken);
        }
    }

    #[inline]
    fn decide_end(&mut self) {
        if let Some(tracer) = &mut self.tracer {
            tracer.decide_end();
        }
    }

    fn otherwise(
        &mut self,
        cx: &Context<'_>,
        dot: &Operand,
        control: &Control,
    ) -> Result<Flow, Fault> {
        match &control.otherwise {
            Some(list) => self.walk(cx, dot, list),
            None => Ok(Flow::Next),
        }
    }

    fn range(
        &mut self,
        cx: &Context<'_>,
        dot: &Operand,
        node: &Node,
        control: &Control,
    ) -> Result<Flow, Fault> {
        self.deciding(cx, node);
        let over = self.pipeline(cx, dot, control.pipe)?.value.as_map_or_self();
        self.decided(Decision::Range, over.truth());
        let flow = if self.repeat(cx, control, over)? {
            self.otherwise(cx, dot, control)?
        } else {
            Flow::Next
        };
        self.decide_end();
        Ok(flow)
    }

    /// Runs the body for each element; says whether there was none.
    fn repeat(&mut self, cx: &Context<'_>, control: &Control, over: Value) -> Result<bool, Fault> {
        let variables = cx.program.pipe(control.pipe).map_or(&[][..], |pipe| &pipe.variables);
        let body = Body { variables, list: &control.body };
        Ok(match &over {
            Value::Nil => true,
            Value::List(list) => {
                let boxed = list.elem() == Elem::Any;
                for (index, item) in list.iter().enumerate() {
                    let element = Operand { value: item.clone(), boxed };
                    if self.iteration(cx, &body, &over, Value::Int(index as i64), &element)? {
                        break;
                    }
                }
                list.is_empty()
            }
            Value::Map(map) => self.range_map(cx, &body, &over, map)?,
            Value::Int(_)
            | Value::Int32(_)
            | Value::Int64(_)
            | Value::Uint8(_)
            | Value::Uint64(_) => self.range_integer(cx, &body, &over)?,
            other if other.as_object_integer().is_some() => self.range_integer(cx, &body, &over)?,
            _ => {
                let shown = crate::fmt::sprint(std::slice::from_ref(&over));
                let shown = String::from_utf8_lossy(&shown);
                return Err(self.fault(cx, format!("range can't iterate over {shown}")));
            }
        })
    }

    fn range_map(
        &mut self,
        cx: &Context<'_>,
        body: &Body<'_>,
        over: &Value,
        map: &Map,
    ) -> Result<bool, Fault> {
        self.charge(map.len() as u64 / 4).map_err(|failure| self.fault(cx, failure.to_string()))?;
        // Go sorts a copy of the entries first: the body may change the map.
        let entries: Vec<(Str, Value)> =
            map.entries().iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        let boxed = map.ty().elem == Elem::Any;
        let empty = entries.is_empty();
        for (key, value) in entries {
            if self.iteration(cx, body, over, Value::Str(key), &Operand { value, boxed })? {
                break;
            }
        }
        Ok(empty)
    }

    fn range_integer(
        &mut self,
        cx: &Context<'_>,
        body: &Body<'_>,
        over: &Value,
    ) -> Result<bool, Fault> {
        if body.variables.len() > 1 {
            let shown = crate::fmt::sprint(std::slice::from_ref(over));
            let shown = String::from_utf8_lossy(&shown);
            let message = format!("can't use {shown} to iterate over more than one variable");
            return Err(self.fault(cx, message));
        }
        let end = match over {
            Value::Int(n) | Value::Int64(n) => i128::from(*n),
            Value::Int32(n) => i128::from(*n),
            Value::Uint8(n) => i128::from(*n),
            Value::Uint64(n) => i128::from(*n),
            other => i128::from(other.as_object_integer().unwrap_or(0)),
        };
        let mut n = 0;
        while n < end {
            let value = match over {
                Value::Int(_) => Value::Int(n as i64),
                Value::Int32(_) => Value::Int32(n as i32),
                Value::Uint8(_) => Value::Uint8(n as u8),
                Value::Uint64(_) => Value::Uint64(n as u64),
                Value::Object(object) => object.like(n as i64),
                _ => Value::Int64(n as i64),
            };
            if self.iteration(cx, body, over, Value::Nil, &Operand::plain(value))? {
                break;
            }
            n += 1;
        }
        Ok(end <= 0)
    }

    /// Runs the body once; says whether to stop.
    fn iteration(
        &mut self,
        cx: &Context<'_>,
        body: &Body<'_>,
        over: &Value,
        key: Value,
        element: &Operand,
    ) -> Result<bool, Fault> {
        self.step(cx)?;
        if let Some(tracer) = &mut self.tracer {
            tracer.element(over, &key, &element.value);
        }
        match body.variables {
            [] => {}
            [only] => self.store(cx, only, element.clone())?,
            [first, second, ..] => {
                self.store(cx, first, Operand::plain(key))?;
                self.store(cx, second, element.clone())?;
            }
        }
        if let Some(tracer) = &mut self.tracer {
            match body.variables {
                [] => {}
                [only] => tracer.bound(None, only.slot),
                [first, second, ..] => tracer.bound(first.slot, second.slot),
            }
        }
        Ok(self.walk(cx, element, body.list)? == Flow::Break)
    }

    /// Sets a variable that a pipeline declares or assigns.
    pub(super) fn store(
        &mut self,
        cx: &Context<'_>,
        variable: &Variable,
        value: Operand,
    ) -> Result<(), Fault> {
        let slot = variable.slot.and_then(|slot| self.slots.get_mut(self.base + usize::from(slot)));
        let Some(slot) = slot else {
            let name = String::from_utf8_lossy(cx.program.at(variable.name));
            return Err(self.fault(cx, format!("undefined variable: {name}")));
        };
        *slot = Some(value);
        Ok(())
    }

    fn invoke(
        &mut self,
        cx: &Context<'_>,
        dot: &Operand,
        node: &Node,
        name: &[u8],
        pipe: Option<PipeId>,
    ) -> Result<Flow, Fault> {
        let Some(template) = self.find(name) else {
            let shown = crate::fmt::quoted(name);
            return Err(self.fault(cx, format!("template {shown} not defined")));
        };
        if self.depth >= self.limits.template_depth || stack::below(self.floor) {
            return Err(self.fault(cx, depth_message(self.limits.template_depth)));
        }
        let here = self.at;
        let data = match pipe {
            Some(pipe) => self.pipeline(cx, dot, pipe)?,
            None => Operand::NONE,
        };
        let at = self.at;
        self.depth += 1;
        let site = Site { template: cx.template, span: node.span };
        self.announce(&template, Some(site), false);
        let done = self.run(&template, &data);
        self.depth -= 1;
        if let Some(tracer) = &mut self.tracer {
            tracer.leave(&template, None, self.out.len());
        }
        if let Err(mut fault) = done {
            /// More would only repeat a recursion.
            const SHOWN_CALLS: usize = 50;
            if fault.calls.len() < SHOWN_CALLS {
                self.at = here;
                fault.calls.push(self.place(cx));
            }
            return Err(fault);
        }
        self.at = at;
        Ok(Flow::Next)
    }
}

/// What a range repeats.
struct Body<'t> {
    variables: &'t [Variable],
    list: &'t List,
}
