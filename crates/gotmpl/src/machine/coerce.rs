//! Arguments made to fit their parameters, with Go's rules and words.

use super::eval::Arguments;
use super::operand::Operand;
use super::{At, Context, Fault, Machine};
use crate::function::Param;
use crate::program::{Expr, ExprId, ExprKind, Number};
use crate::value::{Elem, List, Map, MapType, Value};

impl Param {
    /// The Go type, as its errors print it.
    pub fn type_name(self) -> String {
        match self {
            Self::Any => "interface {}".to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::Int => "int".to_owned(),
            Self::Int64 => "int64".to_owned(),
            Self::Float64 => "float64".to_owned(),
            Self::Str => "string".to_owned(),
            Self::List(elem) => format!("[]{}", elem.type_name()),
            Self::Map(elem) => format!("map[string]{}", elem.type_name()),
            Self::Named(name) => name.to_owned(),
            Self::Reflect => "reflect.Value".to_owned(),
        }
    }

    /// The nil of this type, where there is one.
    fn nil(self) -> Option<Value> {
        match self {
            Self::Any | Self::Reflect => Some(Value::Nil),
            Self::List(elem) => Some(Value::List(List::nil(elem))),
            Self::Map(Elem::Str) => Some(Value::Map(Map::nil(&MapType::STRINGS))),
            Self::Map(_) => Some(Value::Map(Map::nil(&MapType::ANY))),
            // Pointers, and the one interface that a method asks for.
            Self::Named(name) if name.starts_with('*') || name == "io.Writer" => Some(Value::Nil),
            _ => None,
        }
    }

    /// Whether Go can assign the value to a parameter of this type.
    #[inline]
    pub(super) fn takes(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Any | Self::Reflect, _)
            | (Self::Bool, Value::Bool(_))
            | (Self::Int, Value::Int(_))
            | (Self::Int64, Value::Int64(_))
            | (Self::Float64, Value::Float64(_))
            | (Self::Str, Value::Str(_)) => true,
            (Self::List(elem), Value::List(list)) => list.elem() == elem,
            (Self::Map(elem), Value::Map(map)) => map.ty().elem == elem,
            // A pointer is followed once.
            (Self::Named(name), Value::Object(object)) => {
                let found = object.type_name();
                found == name || found.strip_prefix('*') == Some(name)
            }
            _ => false,
        }
    }

    /// A value that the parameter takes, as the function sees it: Go converts a named map type
    /// (`common.Values`) to the parameter's own, so that what comes back has that type.
    #[inline]
    pub(super) fn seen(self, value: Value) -> Value {
        match (self, value) {
            (Self::Map(Elem::Str), Value::Map(map)) => map.seen_as(&MapType::STRINGS).into(),
            (Self::Map(_), Value::Map(map)) => map.seen_as(&MapType::ANY).into(),
            (_, value) => value,
        }
    }
}

impl Machine<'_> {
    /// The value as an argument for `param`: Go's `validateType`.
    #[inline]
    pub(super) fn validated(
        &self,
        cx: &Context<'_>,
        operand: Operand,
        param: &Param,
    ) -> Result<Operand, Fault> {
        match param {
            Param::Reflect => return Ok(operand),
            Param::Any => return Ok(operand.without_address()),
            _ => {}
        }
        self.converted(cx, operand, *param)
    }

    fn converted(
        &self,
        cx: &Context<'_>,
        operand: Operand,
        param: Param,
    ) -> Result<Operand, Fault> {
        if operand.is_none() {
            return match param.nil() {
                Some(Value::Nil) => Ok(operand),
                Some(nil) => Ok(Operand::plain(nil)),
                None => {
                    let wanted = param.type_name();
                    Err(self.fault(cx, format!("invalid value; expected {wanted}")))
                }
            };
        }
        if param.takes(&operand.value) {
            return Ok(Operand { value: param.seen(operand.value), ..operand });
        }
        let wanted = param.type_name();
        let found = match operand.value {
            Value::Nil => operand.type_name(),
            value => value.type_name(),
        };
        Err(self.fault(cx, format!("wrong type for value; expected {wanted}; got {found}")))
    }

    /// An argument that is written out: Go's `evalArg`.
    pub(super) fn argument(
        &mut self,
        cx: &Context<'_>,
        dot: &Operand,
        param: &Param,
        id: ExprId,
        expr: &Expr,
    ) -> Result<Operand, Fault> {
        self.at = At::Expr(id);
        let operand = match &expr.kind {
            ExprKind::Dot => self.dot(dot),
            ExprKind::Nil => {
                return param.nil().map(Operand::plain).ok_or_else(|| {
                    let wanted = param.type_name();
                    self.fault(cx, format!("cannot assign nil to {wanted}"))
                });
            }
            ExprKind::Field(_) | ExprKind::Variable { .. } | ExprKind::Chain { .. } => {
                self.access(cx, dot, id, expr, Arguments::none(&mut None))?
            }
            ExprKind::Pipe(pipe) => self.pipeline(cx, dot, *pipe)?,
            ExprKind::Function(function) => {
                self.function(cx, dot, *function, At::Expr(id), Arguments::none(&mut None))?
            }
            ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Text(_) => {
                return self.constant_for(cx, param, expr);
            }
        };
        self.validated(cx, operand, param)
    }

    fn constant_for(&self, cx: &Context<'_>, param: &Param, expr: &Expr) -> Result<Operand, Fault> {
        let number = |pick: fn(&Number) -> Option<Value>| match &expr.kind {
            ExprKind::Number(number) => pick(number),
            _ => None,
        };
        let (value, wanted) = match param {
            Param::Any | Param::Reflect => return self.constant(cx, expr),
            Param::Bool => match &expr.kind {
                ExprKind::Bool(value) => (Some(Value::Bool(*value)), "bool"),
                _ => (None, "bool"),
            },
            Param::Str => match &expr.kind {
                ExprKind::Text(text) => (Some(Value::Str(cx.program.text_of(*text))), "string"),
                _ => (None, "string"),
            },
            Param::Int => (number(|n| n.int.map(Value::Int)), "integer"),
            Param::Int64 => (number(|n| n.int.map(Value::Int64)), "integer"),
            Param::Float64 => (number(|n| n.float.map(Value::Float64)), "float"),
            Param::List(_) | Param::Map(_) | Param::Named(_) => {
                let (shown, wanted) = (cx.program.show_expr(expr), param.type_name());
                let message = format!("can't handle {shown} for arg of type {wanted}");
                return Err(self.fault(cx, message));
            }
        };
        value.map(Operand::plain).ok_or_else(|| {
            let shown = cx.program.show_expr(expr);
            self.fault(cx, format!("expected {wanted}; found {shown}"))
        })
    }
}
