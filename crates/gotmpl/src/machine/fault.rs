//! Failures of a run, with the node that Go would name.

use super::{At, Context, Machine};
use crate::error::{ExecError, Place};
use crate::fmt::TooDeep;
use crate::function::Failure;
use crate::program::{Program, Span};

/// A run that failed.
pub(super) type Fault = Box<ExecError>;

impl Machine<'_> {
    /// A failure at the current node.
    #[cold]
    pub(super) fn fault(&self, cx: &Context<'_>, message: impl Into<String>) -> Fault {
        let program = cx.program;
        Box::new(ExecError {
            template: cx.template.name.to_text().into_owned(),
            place: Some(self.place(cx)),
            context: self.at.show(program),
            message: message.into(),
            cause: None,
            calls: Vec::new(),
        })
    }

    /// A failure of a function that was called.
    #[cold]
    pub(super) fn call_fault(&self, cx: &Context<'_>, name: &str, cause: Failure) -> Fault {
        let mut fault = self.fault(cx, format!("error calling {name}"));
        fault.cause = Some(cause);
        fault
    }

    #[cold]
    pub(super) fn too_deep(&self, cx: &Context<'_>, error: TooDeep) -> Fault {
        self.fault(cx, error.to_string())
    }

    /// The current node's place.
    #[cold]
    pub(super) fn place(&self, cx: &Context<'_>) -> Place {
        let (pos, span) = self.at.locate(cx.program);
        let (line, column) = cx.program.line_and_column(pos);
        Place {
            template: cx.template.parsed_as.to_text().into_owned(),
            line,
            column,
            span,
            text: cx.program.text().as_bytes().into(),
        }
    }
}

impl At {
    fn show(self, program: &Program) -> String {
        match self {
            Self::Node(id) => {
                program.nodes.get(id as usize).map_or_else(String::new, |n| program.show_node(n))
            }
            Self::Pipe(id) => program.show_pipe(id),
            Self::Command(id) => program.show_command(id),
            Self::Expr(id) => program.show_expr_id(id),
        }
    }

    /// Where Go says that the node is, and the bytes that it takes.
    pub(super) fn locate(self, program: &Program) -> (usize, Span) {
        let found = match self {
            Self::Node(id) => program.nodes.get(id as usize).map(|node| (node.pos, node.span)),
            Self::Pipe(id) => program.pipes.get(id as usize).map(|pipe| (pipe.pos, pipe.span)),
            Self::Command(id) => {
                program.commands.get(id as usize).map(|command| (command.pos, command.span))
            }
            Self::Expr(id) => program.exprs.get(id as usize).map(|expr| (expr.pos, expr.span)),
        };
        let (pos, span) = found.unwrap_or_default();
        (pos as usize, span)
    }
}
