//! Pipelines, commands, operands and field chains.

use super::call::Callee;
use super::operand::Operand;
use super::{At, Context, Fault, Machine};
use crate::program::{Command, Expr, ExprId, ExprKind, Ids, PipeId, slice};
use crate::set::MissingKey;
use crate::stack;
use crate::value::{Elem, Value};

/// The arguments of a command: expressions, and what came through the pipe.
pub(super) struct Arguments<'a> {
    pub exprs: Ids,
    /// Taken by whoever uses it; behind a reference because arguments pass through many hands.
    pub last: &'a mut Option<Operand>,
}

impl<'a> Arguments<'a> {
    /// No arguments; `nothing` is a `None`.
    pub fn none(nothing: &'a mut Option<Operand>) -> Self {
        Self { exprs: 0..0, last: nothing }
    }

    fn is_empty(&self) -> bool {
        self.exprs.is_empty() && self.last.is_none()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.exprs.len() + usize::from(self.last.is_some())
    }
}

impl Machine<'_> {
    /// The value of a pipeline, which is never in an interface; its variables are set.
    pub(super) fn pipeline(
        &mut self,
        cx: &Context<'_>,
        dot: &Operand,
        id: PipeId,
    ) -> Result<Operand, Fault> {
        let Some(pipe) = cx.program.pipe(id) else { return Ok(Operand::NONE) };
        self.at = At::Pipe(id);
        if let Some(tracer) = &mut self.tracer {
            tracer.pipeline_begin();
        }
        if stack::below(self.floor) {
            return Err(self.fault(cx, "templates or expressions are nested too deeply"));
        }
        let commands = slice(&cx.program.commands, &pipe.commands);
        if let ([command], []) = (commands, &*pipe.variables) {
            let mut value = self.command(cx, dot, pipe.commands.start, command, &mut None)?;
            value.boxed = false;
            return Ok(value);
        }
        let mut last = None;
        for (id, command) in (pipe.commands.start..).zip(commands) {
            let mut value = self.command(cx, dot, id, command, &mut last)?;
            value.boxed = false;
            last = Some(value);
        }
        let value = last.unwrap_or(Operand::NONE);
        for variable in &pipe.variables {
            self.store(cx, variable, value.clone())?;
            if let Some(tracer) = &mut self.tracer {
                tracer.assigned(variable.slot, &value.value);
            }
        }
        Ok(value)
    }

    fn command(
        &mut self,
        cx: &Context<'_>,
        dot: &Operand,
        id: u32,
        command: &Command,
        last: &mut Option<Operand>,
    ) -> Result<Operand, Fault> {
        let first = command.args.start;
        let Some(word) = cx.program.exprs.get(first as usize) else { return Ok(Operand::NONE) };
        let args = Arguments { exprs: first + 1..command.args.end, last };
        match &word.kind {
            ExprKind::Field(_) | ExprKind::Chain { .. } | ExprKind::Variable { .. } => {
                return self.access(cx, dot, first, word, args);
            }
            ExprKind::Function(function) => {
                self.at = At::Expr(first);
                return self.function(cx, dot, *function, At::Command(id), args);
            }
            ExprKind::Pipe(pipe) => {
                self.refuse_arguments(cx, word, &args)?;
                return self.pipeline(cx, dot, *pipe);
            }
            _ => {}
        }
        self.at = At::Expr(first);
        self.refuse_arguments(cx, word, &args)?;
        match &word.kind {
            ExprKind::Dot => Ok(self.dot(dot)),
            ExprKind::Nil => Err(self.fault(cx, "nil is not a command")),
            _ => self.constant(cx, word),
        }
    }

    /// The dot, used as a value.
    #[inline]
    pub(super) fn dot(&mut self, dot: &Operand) -> Operand {
        if let Some(tracer) = &mut self.tracer {
            tracer.dot();
        }
        dot.clone()
    }

    /// A constant where no type is asked for.
    pub(super) fn constant(&self, cx: &Context<'_>, word: &Expr) -> Result<Operand, Fault> {
        let value = match &word.kind {
            ExprKind::Bool(value) => Value::Bool(*value),
            ExprKind::Text(text) => Value::Str(cx.program.text_of(*text)),
            ExprKind::Number(number) => {
                let Some(ideal) = number.ideal else {
                    let shown = cx.program.show_expr(word);
                    return Err(self.fault(cx, format!("{shown} overflows int")));
                };
                ideal.value()
            }
            _ => Value::Nil,
        };
        Ok(Operand::plain(value))
    }

    fn refuse_arguments(
        &self,
        cx: &Context<'_>,
        word: &Expr,
        args: &Arguments<'_>,
    ) -> Result<(), Fault> {
        if args.is_empty() {
            return Ok(());
        }
        let shown = cx.program.show_expr(word);
        Err(self.fault(cx, format!("can't give argument to non-function {shown}")))
    }

    /// A field, a variable or a chain, with the arguments of the method at its end, if any.
    pub(super) fn access(
        &mut self,
        cx: &Context<'_>,
        dot: &Operand,
        id: ExprId,
        expr: &Expr,
        args: Arguments<'_>,
    ) -> Result<Operand, Fault> {
        self.at = At::Expr(id);
        match &expr.kind {
            ExprKind::Field(fields) => self.fields(cx, dot, dot, id, fields, args),
            ExprKind::Variable { slot, name, fields } => {
                let held = slot.and_then(|slot| self.slots.get(self.base + usize::from(slot)));
                let Some(Some(value)) = held else {
                    let name = String::from_utf8_lossy(cx.program.at(*name));
                    return Err(self.fault(cx, format!("undefined variable: {name}")));
                };
                let value = value.clone();
                if fields.is_empty() {
                    self.refuse_arguments(cx, expr, &args)?;
                    if let Some(tracer) = &mut self.tracer {
                        tracer.variable(*slot);
                    }
                    return Ok(value);
                }
                self.fields(cx, dot, &value, id, fields, args)
            }
            ExprKind::Chain { of, fields } => {
                let start = self.chain_start(cx, dot, *of)?;
                self.fields(cx, dot, &start, id, fields, args)
            }
            _ => Ok(Operand::NONE),
        }
    }

    fn chain_start(
        &mut self,
        cx: &Context<'_>,
        dot: &Operand,
        of: ExprId,
    ) -> Result<Operand, Fault> {
        self.at = At::Expr(of);
        match cx.program.exprs.get(of as usize).map(|expr| &expr.kind) {
            Some(ExprKind::Pipe(pipe)) => self.pipeline(cx, dot, *pipe),
            Some(ExprKind::Function(function)) => {
                self.function(cx, dot, *function, At::Expr(of), Arguments::none(&mut None))
            }
            _ => Ok(Operand::NONE),
        }
    }

    fn fields(
        &mut self,
        cx: &Context<'_>,
        dot: &Operand,
        start: &Operand,
        id: ExprId,
        fields: &Ids,
        args: Arguments<'_>,
    ) -> Result<Operand, Fault> {
        let mut names = cx.program.fields(fields);
        let Some(last) = names.next_back() else { return Ok(start.clone()) };
        let mut reached = None;
        for field in names {
            let receiver = reached.as_ref().unwrap_or(start);
            let found = match self.entry(receiver, field) {
                Some(found) => found,
                None => self.field(cx, dot, receiver, id, field, Arguments::none(&mut None))?,
            };
            reached = Some(found);
        }
        let receiver = reached.as_ref().unwrap_or(start);
        if args.is_empty()
            && let Some(found) = self.entry(receiver, last)
        {
            return Ok(found);
        }
        self.field(cx, dot, receiver, id, last, args)
    }

    /// The most frequent fields, by a short way: those of maps, unless a method could be meant, a
    /// missing one is an error or somebody observes.
    #[inline]
    fn entry(&self, receiver: &Operand, name: &[u8]) -> Option<Operand> {
        let Value::Map(map) = &receiver.value else { return None };
        let may_be_method = !map.ty().methods.is_empty() && name.first()?.is_ascii_uppercase();
        if may_be_method || self.tracer.is_some() {
            return None;
        }
        let boxed = map.ty().elem == Elem::Any;
        match map.get(name) {
            Some(value) => Some(Operand { value, boxed }),
            None if boxed && self.missing_key == MissingKey::Zero => {
                Some(Operand { value: Value::Nil, boxed })
            }
            None => None,
        }
    }

    fn field(
        &mut self,
        cx: &Context<'_>,
        dot: &Operand,
        receiver: &Operand,
        id: ExprId,
        name: &[u8],
        args: Arguments<'_>,
    ) -> Result<Operand, Fault> {
        match &receiver.value {
            Value::Map(map) => {
                let methods = map.ty().methods;
                if let Some((_, method)) = methods.iter().find(|m| m.0.as_bytes() == name) {
                    let callee = Callee::of_method(name, method);
                    return self.method(cx, dot, &callee, receiver, id, args);
                }
                if !args.is_empty() {
                    let name = String::from_utf8_lossy(name);
                    let message = format!("{name} is not a method but has arguments");
                    return Err(self.fault(cx, message));
                }
                let boxed = map.ty().elem == Elem::Any;
                let found = match map.get(name) {
                    Some(value) => Operand { value, boxed },
                    None => self.missing(cx, name, map.ty().elem)?,
                };
                if let Some(tracer) = &mut self.tracer {
                    tracer.field(map, name, &found.value);
                }
                Ok(found)
            }
            Value::Object(_) => self.object_field(cx, dot, receiver, id, name, args),
            Value::List(list) => match list.method(&String::from_utf8_lossy(name)) {
                Some(method) => {
                    let callee = Callee::of_method(name, &method);
                    self.method(cx, dot, &callee, receiver, id, args)
                }
                None => Err(self.no_field(cx, receiver, name)),
            },
            Value::Nil => self.field_of_nothing(cx, receiver, name),
            _ => Err(self.no_field(cx, receiver, name)),
        }
    }

    fn missing(&self, cx: &Context<'_>, name: &[u8], elem: Elem) -> Result<Operand, Fault> {
        match self.missing_key {
            MissingKey::Invalid => Ok(Operand::NONE),
            MissingKey::Zero => Ok(Operand { value: elem.zero(), boxed: elem == Elem::Any }),
            MissingKey::Error => {
                let shown = crate::fmt::quoted(name);
                Err(self.fault(cx, format!("map has no entry for key {shown}")))
            }
        }
    }

    fn field_of_nothing(
        &self,
        cx: &Context<'_>,
        receiver: &Operand,
        name: &[u8],
    ) -> Result<Operand, Fault> {
        if receiver.boxed {
            let name = String::from_utf8_lossy(name);
            return Err(self.fault(cx, format!("nil pointer evaluating interface {{}}.{name}")));
        }
        if self.missing_key == MissingKey::Error {
            let shown = crate::fmt::quoted(name);
            return Err(self.fault(cx, format!("nil data; no entry for key {shown}")));
        }
        Ok(Operand::NONE)
    }

    fn object_field(
        &mut self,
        cx: &Context<'_>,
        dot: &Operand,
        receiver: &Operand,
        id: ExprId,
        name: &[u8],
        args: Arguments<'_>,
    ) -> Result<Operand, Fault> {
        let Value::Object(object) = &receiver.value else { return Ok(Operand::NONE) };
        let text = String::from_utf8_lossy(name);
        if let Some(method) = object.method(&text) {
            let callee = Callee::of_method(name, &method);
            return self.method(cx, dot, &callee, receiver, id, args);
        }
        if let Some(words) = object.refusal(&text) {
            let callee = Callee::refused(name, words);
            return self.method(cx, dot, &callee, receiver, id, args);
        }
        if let Some(map) = object.as_map() {
            let as_map = Operand { value: Value::Map(map), boxed: receiver.boxed };
            return self.field(cx, dot, &as_map, id, name, args);
        }
        let Some(value) = object.field(&text) else {
            return Err(self.no_field(cx, receiver, name));
        };
        if !args.is_empty() {
            let message = format!("{text} has arguments but cannot be invoked as function");
            return Err(self.fault(cx, message));
        }
        if let Some(tracer) = &mut self.tracer {
            tracer.object_field(&receiver.value, name, &value);
        }
        let boxed = matches!(value, Value::Nil);
        Ok(Operand { value, boxed })
    }

    fn no_field(&self, cx: &Context<'_>, receiver: &Operand, name: &[u8]) -> Fault {
        let (name, of) = (String::from_utf8_lossy(name), receiver.type_name());
        let message = match &receiver.value {
            Value::Object(object) if object.hides(&name) => {
                format!("{name} is an unexported field of struct type {of}")
            }
            _ => format!("can't evaluate field {name} in type {of}"),
        };
        self.fault(cx, message)
    }
}
