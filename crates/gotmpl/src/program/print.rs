//! Nodes as Go prints them back: spaces normalised, constants as written.

use super::{
    Command, CommandId, Expr, ExprId, ExprKind, Ids, Node, NodeKind, Pipe, PipeId, Program, slice,
};
use crate::fmt::quoted;

/// Longer texts are cut: a message is for reading. Go has no such limit, and no chart comes near.
const SHOWN_BYTES: usize = 64 << 10;

impl Program {
    pub(crate) fn show_node(&self, node: &Node) -> String {
        let mut out = String::new();
        let (word, pipe) = match &node.kind {
            NodeKind::Text => ("", None),
            NodeKind::Action(pipe) => ("", Some(*pipe)),
            NodeKind::If(control) => ("if ", Some(control.pipe)),
            NodeKind::With(control) => ("with ", Some(control.pipe)),
            NodeKind::Range(control) => ("range ", Some(control.pipe)),
            NodeKind::Template { name, pipe } => {
                out.push_str("{{template ");
                out.push_str(&quoted(name));
                if let Some(pipe) = pipe {
                    out.push(' ');
                    self.write_pipe(&mut out, *pipe);
                }
                out.push_str("}}");
                return out;
            }
            NodeKind::Break => ("break", None),
            NodeKind::Continue => ("continue", None),
        };
        out.push_str("{{");
        out.push_str(word);
        if let Some(pipe) = pipe {
            self.write_pipe(&mut out, pipe);
        }
        out.push_str("}}");
        out
    }

    pub(crate) fn show_pipe(&self, pipe: PipeId) -> String {
        let mut out = String::new();
        self.write_pipe(&mut out, pipe);
        out
    }

    pub(crate) fn show_command(&self, command: CommandId) -> String {
        let mut out = String::new();
        if let Some(command) = self.commands.get(command as usize) {
            self.write_command(&mut out, command);
        }
        out
    }

    pub(crate) fn show_expr_id(&self, expr: ExprId) -> String {
        self.exprs.get(expr as usize).map_or_else(String::new, |expr| self.show_expr(expr))
    }

    pub(crate) fn show_expr(&self, expr: &Expr) -> String {
        let mut out = String::new();
        self.write_expr(&mut out, expr);
        out
    }

    fn write_pipe(&self, out: &mut String, pipe: PipeId) {
        let Some(pipe) = self.pipes.get(pipe as usize) else { return };
        if out.len() > SHOWN_BYTES {
            return;
        }
        for (index, variable) in pipe.variables.iter().enumerate() {
            out.push_str(if index > 0 { ", " } else { "" });
            out.push_str(&String::from_utf8_lossy(self.at(variable.name)));
        }
        if !pipe.variables.is_empty() {
            out.push_str(if pipe.assigns { " = " } else { " := " });
        }
        for (index, command) in slice(&self.commands, &pipe.commands).iter().enumerate() {
            out.push_str(if index > 0 { " | " } else { "" });
            self.write_command(out, command);
        }
    }

    fn write_command(&self, out: &mut String, command: &Command) {
        for (index, arg) in slice(&self.exprs, &command.args).iter().enumerate() {
            out.push_str(if index > 0 { " " } else { "" });
            self.write_operand(out, arg);
        }
    }

    /// An expression, a pipeline in its parentheses.
    fn write_operand(&self, out: &mut String, expr: &Expr) {
        if matches!(expr.kind, ExprKind::Pipe(_)) {
            out.push('(');
            self.write_expr(out, expr);
            out.push(')');
        } else {
            self.write_expr(out, expr);
        }
    }

    fn write_expr(&self, out: &mut String, expr: &Expr) {
        match &expr.kind {
            ExprKind::Dot => out.push('.'),
            ExprKind::Nil => out.push_str("nil"),
            ExprKind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            ExprKind::Number(_) | ExprKind::Text(_) | ExprKind::Function(_) => {
                out.push_str(&String::from_utf8_lossy(self.at(expr.span)));
            }
            ExprKind::Field(fields) => self.write_fields(out, fields),
            ExprKind::Variable { name, fields, .. } => {
                out.push_str(&String::from_utf8_lossy(self.at(*name)));
                self.write_fields(out, fields);
            }
            ExprKind::Chain { of, fields } => {
                if let Some(of) = self.exprs.get(*of as usize) {
                    self.write_operand(out, of);
                }
                self.write_fields(out, fields);
            }
            ExprKind::Pipe(pipe) => self.write_pipe(out, *pipe),
        }
    }

    fn write_fields(&self, out: &mut String, fields: &Ids) {
        for field in self.fields(fields) {
            out.push('.');
            out.push_str(&String::from_utf8_lossy(field));
        }
    }

    /// What a pipeline is called in a message of ours.
    pub(crate) fn pipe(&self, pipe: PipeId) -> Option<&Pipe> {
        self.pipes.get(pipe as usize)
    }
}
