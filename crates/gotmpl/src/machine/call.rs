//! Calls of functions and methods.

use super::eval::Arguments;
use super::operand::Operand;
use super::redraw::Recording;
use super::{At, Context, Fault, Machine};
use crate::builtins::Special;
use crate::function::{Call, Effect, Failure, Param, Words};
use crate::program::{Expr, ExprId, ExprKind, slice};
use crate::set::FunctionId;
use crate::sketch;
use crate::trace::Site;
use crate::value::{Method, Value};

/// What a function returns, or why it does not.
type Outcome = Result<Value, Failure>;

/// A function or method about to be called.
pub(super) struct Callee<'c> {
    name: &'c [u8],
    params: &'c [Param],
    variadic: bool,
    special: Special,
    effect: Effect,
    is_method: bool,
    words: Words,
    run: fn(&mut Call<'_, '_>) -> Outcome,
}

impl<'c> Callee<'c> {
    pub fn of_method(name: &'c [u8], method: &Method) -> Self {
        Self {
            name,
            params: method.params,
            variadic: method.variadic,
            special: Special::None,
            effect: Effect::Pure,
            is_method: true,
            words: Words::Read,
            run: method.run,
        }
    }

    /// A method that Go does not call, in these words.
    pub fn refused(name: &'c [u8], words: &'static str) -> Self {
        let run = |_: &mut Call<'_, '_>| Ok(Value::Nil);
        let method = Method { params: &[], variadic: false, run };
        Self { special: Special::Refused(words), ..Self::of_method(name, &method) }
    }

    #[cold]
    fn shown(&self) -> String {
        String::from_utf8_lossy(self.name).into_owned()
    }

    /// The parameter that takes the argument at `index`.
    #[inline]
    fn param(&self, index: usize) -> &'c Param {
        match self.params.get(index) {
            Some(param) => param,
            None => self.params.last().unwrap_or(&Param::Any),
        }
    }
}

impl Machine<'_> {
    /// Calls a function of the table. A failure of the function is reported at `node`.
    pub(super) fn function(
        &mut self,
        cx: &Context<'_>,
        dot: &Operand,
        id: FunctionId,
        node: At,
        args: Arguments<'_>,
    ) -> Result<Operand, Fault> {
        let functions = self.functions;
        let Some((function, special)) = functions.entry(id) else { return Ok(Operand::NONE) };
        let callee = Callee {
            name: function.name.as_bytes(),
            params: function.params,
            variadic: function.variadic,
            special,
            effect: function.effect,
            is_method: false,
            words: function.words,
            run: function.run,
        };
        let values = self.spare.pop().unwrap_or_default();
        self.call(cx, dot, &callee, values, node, args)
    }

    /// Calls a method. A failure of it is reported at the expression `id`.
    pub(super) fn method(
        &mut self,
        cx: &Context<'_>,
        dot: &Operand,
        callee: &Callee<'_>,
        receiver: &Operand,
        id: ExprId,
        args: Arguments<'_>,
    ) -> Result<Operand, Fault> {
        let mut values = self.spare.pop().unwrap_or_default();
        values.push(receiver.value.clone());
        self.call(cx, dot, callee, values, At::Expr(id), args)
    }

    /// `values` holds the receiver of a method, else nothing.
    fn call(
        &mut self,
        cx: &Context<'_>,
        dot: &Operand,
        callee: &Callee<'_>,
        mut values: Vec<Value>,
        node: At,
        mut args: Arguments<'_>,
    ) -> Result<Operand, Fault> {
        let (given, wanted) = (args.count(), callee.params.len());
        if given != wanted && !(callee.variadic && given + 1 >= wanted) {
            return Err(self.wrong_count(cx, callee, &args));
        }
        if let Some(tracer) = &mut self.tracer {
            tracer.call_begin(&callee.shown(), callee.is_method);
        }
        match callee.special {
            Special::And => return self.short_circuit(cx, dot, node, &mut args, false),
            Special::Or => return self.short_circuit(cx, dot, node, &mut args, true),
            Special::Refused(words) => return Err(self.fault(cx, words.to_owned())),
            Special::Call | Special::Length | Special::None => {}
        }
        let exprs = slice(&cx.program.exprs, &args.exprs);
        let outcome = match self.gather(cx, dot, callee, &mut args, &mut values) {
            Err(fault) => Err(fault),
            Ok(first_is_none) => match callee.special {
                Special::Length if first_is_none => {
                    let message = "reflect: call of reflect.Value.Type on zero Value";
                    Err(self.failed_call(cx, node, callee, Failure::new(message)))
                }
                Special::Call => {
                    let failure = not_callable(cx, exprs.first(), values.first());
                    Err(self.failed_call(cx, node, callee, failure))
                }
                _ => self.run_function(cx, callee, node, &values),
            },
        };
        if let Some(tracer) = &mut self.tracer {
            let (_, span) = node.locate(cx.program);
            let name = String::from_utf8_lossy(callee.name);
            let site = Site { template: cx.template, span };
            match &outcome {
                Ok(result) => tracer.call(site, &name, &values, &result.value),
                Err(_) => tracer.call_failed(&name, &values),
            }
        }
        values.clear();
        self.spare.push(values);
        outcome
    }

    #[inline]
    fn run_function(
        &mut self,
        cx: &Context<'_>,
        callee: &Callee<'_>,
        node: At,
        values: &[Value],
    ) -> Result<Operand, Fault> {
        if callee.effect != Effect::Pure && self.frozen != Some(callee.effect) {
            self.mark_unsteady();
        }
        let at = self.at;
        let (recording, runs) = (Recording::begin(), self.runs);
        let mut result = self
            .charge_for(values)
            .and_then(|()| (callee.run)(&mut Call { args: values, machine: self }))
            .and_then(|value| self.count_made(value));
        // What runs templates is recorded within them.
        if !callee.is_method && recording.is_under_way() && self.runs == runs {
            let callee = sketch::Callee { run: callee.run, words: callee.words };
            result = result.map(|value| self.returned(&recording, callee, values, value));
        }
        self.at = at;
        match result {
            // A nil comes back in the interface that the function declares as its result.
            Ok(value) => Ok(Operand { boxed: matches!(value, Value::Nil), value }),
            Err(failure) => Err(self.failed_call(cx, node, callee, failure)),
        }
    }

    #[cold]
    fn wrong_count(&self, cx: &Context<'_>, callee: &Callee<'_>, args: &Arguments<'_>) -> Fault {
        let (name, wanted) = (callee.shown(), callee.params.len());
        let message = if callee.variadic {
            let (least, written) = (wanted.saturating_sub(1), args.exprs.len());
            format!("wrong number of args for {name}: want at least {least} got {written}")
        } else {
            let given = args.count();
            format!("wrong number of args for {name}: want {wanted} got {given}")
        };
        self.fault(cx, message)
    }

    /// `and` and `or`: the first argument that decides, or the last.
    fn short_circuit(
        &mut self,
        cx: &Context<'_>,
        dot: &Operand,
        node: At,
        args: &mut Arguments<'_>,
        wanted: bool,
    ) -> Result<Operand, Fault> {
        let mut value = Operand::NONE;
        let mut is_decided = false;
        for (id, expr) in (args.exprs.start..).zip(slice(&cx.program.exprs, &args.exprs)) {
            value = self.argument(cx, dot, &Param::Reflect, id, expr)?;
            if let Some(tracer) = &mut self.tracer {
                tracer.argument();
            }
            is_decided = value.value.truth() == wanted;
            if is_decided {
                break;
            }
        }
        if !is_decided {
            value = args.last.take().unwrap_or(value);
        }
        if let Some(tracer) = &mut self.tracer {
            let (_, span) = node.locate(cx.program);
            tracer.chosen(Site { template: cx.template, span }, is_decided, &value.value);
        }
        Ok(value)
    }

    /// The most frequent arguments, by a short way: present values of the right type.
    #[inline]
    fn simple(&self, cx: &Context<'_>, dot: &Operand, param: &Param, expr: &Expr) -> Option<Value> {
        let value = match &expr.kind {
            ExprKind::Text(text) if matches!(param, Param::Str | Param::Any | Param::Reflect) => {
                return Some(Value::Str(cx.program.text_of(*text)));
            }
            ExprKind::Number(number) => {
                return match (param, number.ideal) {
                    (Param::Any | Param::Reflect, Some(ideal)) => Some(ideal.value()),
                    (Param::Int, _) => number.int.map(Value::Int),
                    _ => None,
                };
            }
            ExprKind::Dot => &dot.value,
            ExprKind::Variable { slot: Some(slot), fields, .. } if fields.is_empty() => {
                &self.slots.get(self.base + usize::from(*slot))?.as_ref()?.value
            }
            _ => return None,
        };
        (!matches!(value, Value::Nil) && param.takes(value)).then(|| param.seen(value.clone()))
    }

    /// Evaluates and checks the arguments. Says whether the first is no value at all.
    fn gather(
        &mut self,
        cx: &Context<'_>,
        dot: &Operand,
        callee: &Callee<'_>,
        args: &mut Arguments<'_>,
        values: &mut Vec<Value>,
    ) -> Result<bool, Fault> {
        let exprs = slice(&cx.program.exprs, &args.exprs);
        let mut first_is_none = false;
        for (index, expr) in exprs.iter().enumerate() {
            let (id, param) = (args.exprs.start + index as u32, callee.param(index));
            if self.tracer.is_none()
                && let Some(value) = self.simple(cx, dot, param, expr)
            {
                self.at = At::Expr(id);
                values.push(value);
                continue;
            }
            let value = self.argument(cx, dot, param, id, expr)?;
            if let Some(tracer) = &mut self.tracer {
                tracer.argument();
            }
            first_is_none |= index == 0 && value.is_none();
            values.push(value.value);
        }
        if let Some(last) = args.last.take() {
            first_is_none |= exprs.is_empty() && last.is_none();
            let value = self.validated(cx, last, callee.param(exprs.len()))?;
            values.push(value.value);
        }
        Ok(first_is_none)
    }

    /// What a failed function leaves: an error at `node`.
    #[cold]
    fn failed_call(
        &mut self,
        cx: &Context<'_>,
        node: At,
        callee: &Callee<'_>,
        cause: Failure,
    ) -> Fault {
        self.at = node;
        self.call_fault(cx, &callee.shown(), cause)
    }
}

/// `call` of what templates can hold: never a function.
fn not_callable(cx: &Context<'_>, named: Option<&Expr>, value: Option<&Value>) -> Failure {
    let Some(value) = value.filter(|value| !matches!(value, Value::Nil)) else {
        return Failure::new("call of nil");
    };
    let type_name = value.type_name();
    let name = match (named, value) {
        (Some(expr), _) => cx.program.show_expr(expr),
        (None, Value::Str(text)) => text.to_text().into_owned(),
        (None, _) => format!("<{type_name} Value>"),
    };
    Failure::new(format!("non-function {name} of type {type_name}"))
}
