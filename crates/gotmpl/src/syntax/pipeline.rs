//! The parser of pipelines: declarations, commands, operands.

use super::number;
use super::parse::{InScope, Parsed, Parser};
use super::token::{Kind, Token};
use crate::fmt::quoted;
use crate::limits;
use crate::program::{Command, ConstantId, Expr, ExprKind, Ids, Pipe, PipeId, Span, Variable};

impl<'t> Parser<'t> {
    /// A pipeline up to a token of kind `end`, which is read too.
    pub fn pipeline(&mut self, context: &str, end: Kind) -> Parsed<PipeId> {
        let start = self.peek_non_space().start;
        let mut pipe = Declared::default();
        self.declarations(context, &mut pipe)?;
        // Commands and operands under way stand in lists of the parser, innermost last: what is
        // in parentheses goes to the program first.
        let commands = self.commands.len();
        loop {
            let before = self.taken;
            let token = self.next_non_space();
            match token.kind {
                kind if kind == end => {
                    self.taken = before;
                    self.check_pipeline(commands, context)?;
                    self.bring_to_life(&mut pipe)?;
                    let pipe = self.close_pipe(start, pipe, commands);
                    self.taken = token.end;
                    return Ok(pipe);
                }
                Kind::Bool
                | Kind::CharConstant
                | Kind::Complex
                | Kind::Dot
                | Kind::Field
                | Kind::Identifier
                | Kind::Number
                | Kind::Nil
                | Kind::RawString
                | Kind::String
                | Kind::Variable
                | Kind::LeftParen => {
                    self.put_back();
                    self.taken = before;
                    let command = self.command()?;
                    self.commands.push(command);
                }
                _ => return Err(self.unexpected(token, context)),
            }
        }
    }

    /// Ends a pipeline of the commands under way from `commands` on.
    fn close_pipe(&mut self, start: usize, declared: Declared, commands: usize) -> PipeId {
        let first = Self::at(self.program.commands.len());
        self.program.commands.extend(self.commands.drain(commands..));
        let pipe = Pipe {
            span: self.span_from(start),
            pos: Self::at(start),
            assigns: declared.assigns,
            variables: declared.variables.into(),
            commands: first..Self::at(self.program.commands.len()),
        };
        self.program.pipes.push(pipe);
        Self::at(self.program.pipes.len() - 1)
    }

    /// `$x :=`, `$x =`, `$i, $x :=` (the latter in `range` only), or nothing.
    fn declarations(&mut self, context: &str, declared: &mut Declared) -> Parsed<()> {
        while self.peek_non_space().kind == Kind::Variable {
            let before = self.taken;
            let variable = self.next();
            let after = self.peek();
            let next = self.peek_non_space();
            let name = span(variable);
            match next.kind {
                Kind::Assign | Kind::Declare => {
                    declared.assigns = next.kind == Kind::Assign;
                    self.next_non_space();
                    declared.variables.push(Variable { name, slot: None });
                    self.enter_scope(declared);
                    return Ok(());
                }
                Kind::Char if next.text(self.source) == b"," => {
                    self.next_non_space();
                    declared.variables.push(Variable { name, slot: None });
                    if context != "range" || declared.variables.len() > 1 {
                        return Err(self.fail(format!("too many declarations in {context}")));
                    }
                    match self.peek_non_space().kind {
                        Kind::Variable | Kind::RightDelim | Kind::RightParen => {}
                        _ => return Err(self.fail("range can only initialize variables")),
                    }
                }
                _ => {
                    if after.kind == Kind::Space {
                        self.put_back_3(variable, after);
                    } else {
                        self.put_back_2(variable);
                    }
                    self.taken = before;
                    break;
                }
            }
        }
        self.enter_scope(declared);
        Ok(())
    }

    /// Puts the variables in scope: the assigned ones with their slots. The declared ones have none
    /// yet: in `$x := f $x` the second `$x` is an older variable, or none.
    fn enter_scope(&mut self, declared: &mut Declared) {
        declared.first = self.scope.variables.len();
        for variable in &mut declared.variables {
            if declared.assigns {
                variable.slot = self.slot_of(variable.name);
            }
            self.scope.push(self.name_at(variable.name), variable.slot);
        }
    }

    /// Gives the declared variables their slots, at the end of their pipeline. They hide those that
    /// the pipeline declared in parentheses.
    fn bring_to_life(&mut self, declared: &mut Declared) -> Parsed<()> {
        if declared.assigns {
            // What the pipeline declared in parentheses is alive now, and nearer.
            for variable in &mut declared.variables {
                variable.slot = self.slot_of(variable.name);
            }
            return Ok(());
        }
        if declared.variables.is_empty() {
            return Ok(());
        }
        let mut free = self.scope.live_slots();
        let own = declared.first..declared.first + declared.variables.len();
        self.scope.variables.drain(own);
        for variable in &mut declared.variables {
            let slot = free;
            free = free.checked_add(1).ok_or_else(|| self.fail("too many variables"))?;
            variable.slot = Some(slot);
            self.scope.push(self.name_at(variable.name), variable.slot);
        }
        self.scope.slots = self.scope.slots.max(free);
        Ok(())
    }

    fn name_at(&self, span: Span) -> &'t [u8] {
        self.source.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    fn slot_of(&self, name: Span) -> Option<u16> {
        self.find_variable(self.name_at(name)).and_then(|known| known.slot)
    }

    /// The innermost variable of that name, preferably one with a slot.
    fn find_variable(&self, name: &[u8]) -> Option<&InScope<'t>> {
        let mut named = self.scope.variables.iter().rev().filter(|known| known.name == name);
        let innermost = named.next()?;
        if innermost.slot.is_some() {
            Some(innermost)
        } else {
            named.find(|n| n.slot.is_some()).or(Some(innermost))
        }
    }

    fn check_pipeline(&self, commands: usize, context: &str) -> Parsed<()> {
        let commands = self.commands.get(commands..).unwrap_or_default();
        if commands.is_empty() {
            return Err(self.fail(format!("missing value for {context}")));
        }
        for (index, command) in commands.iter().enumerate().skip(1) {
            let first = self.program.exprs.get(command.args.start as usize);
            if first.is_some_and(|expr| is_operand(&expr.kind)) {
                let stage = index + 1;
                return Err(self.fail(format!("non executable command in pipeline stage {stage}")));
            }
        }
        Ok(())
    }

    fn command(&mut self) -> Parsed<Command> {
        let start = self.peek_non_space().start;
        let args = self.operands.len();
        let end;
        loop {
            self.peek_non_space();
            if let Some(operand) = self.operand()? {
                self.operands.push(operand);
            }
            let before = self.taken;
            let token = self.next();
            match token.kind {
                Kind::Space => continue,
                Kind::RightDelim | Kind::RightParen => {
                    self.put_back();
                    self.taken = before;
                }
                Kind::Pipe => {}
                _ => return Err(self.unexpected(token, "operand")),
            }
            end = before;
            break;
        }
        if self.operands.len() == args {
            return Err(self.fail("empty command"));
        }
        let first = Self::at(self.program.exprs.len());
        self.program.exprs.extend(self.operands.drain(args..));
        let mut span = self.span_from(start);
        span.end = Self::at(end.max(start));
        let args = first..Self::at(self.program.exprs.len());
        Ok(Command { span, pos: Self::at(start), args })
    }

    /// A term and the fields that follow it.
    fn operand(&mut self) -> Parsed<Option<Expr>> {
        let Some(mut term) = self.term()? else { return Ok(None) };
        if self.peek().kind != Kind::Field {
            return Ok(Some(term));
        }
        let pos = Self::at(self.peek().start);
        let start = term.span.start as usize;
        let mut first = Self::at(self.program.fields.len());
        while self.peek().kind == Kind::Field {
            let token = self.next();
            self.field(token);
        }
        let span = self.span_from(start);
        if is_operand(&term.kind) {
            let shown = quoted(self.program.show_expr(&term).as_bytes());
            return Err(self.fail(format!("unexpected . after term {shown}")));
        }
        if let ExprKind::Field(fields) = &term.kind {
            // The first name stands before the others.
            first = fields.start;
        }
        let fields = first..Self::at(self.program.fields.len());
        let kind = match term.kind {
            ExprKind::Field(_) => ExprKind::Field(fields),
            ExprKind::Variable { slot, name, .. } => ExprKind::Variable { slot, name, fields },
            other => {
                term.kind = other;
                self.program.exprs.push(term);
                let of = Self::at(self.program.exprs.len() - 1);
                ExprKind::Chain { of, fields }
            }
        };
        Ok(Some(Expr { span, pos, kind }))
    }

    /// Adds a name to the fields of the program.
    fn field(&mut self, token: Token) -> Ids {
        let first = Self::at(self.program.fields.len());
        let Span { start, end } = span(token);
        self.program.fields.push(Span { start: start + 1, end });
        first..first + 1
    }

    /// Adds a text to the constants of the program.
    fn constant(&mut self, token: Token) -> Parsed<ConstantId> {
        let text = self.unquote(token)?;
        let start = Self::at(self.program.unquoted.len());
        self.program.unquoted.extend_from_slice(&text);
        self.program.constants.push(Span { start, end: Self::at(self.program.unquoted.len()) });
        Ok(Self::at(self.program.constants.len() - 1))
    }

    fn term(&mut self) -> Parsed<Option<Expr>> {
        let before = self.taken;
        let token = self.next_non_space();
        let text = token.text(self.source);
        let kind = match token.kind {
            Kind::Identifier => match self.functions.find(text) {
                Some(function) => ExprKind::Function(function),
                None => return Err(self.fail(format!("function {} not defined", quoted(text)))),
            },
            Kind::Dot => ExprKind::Dot,
            Kind::Nil => ExprKind::Nil,
            Kind::Variable => self.variable(token)?,
            Kind::Field => ExprKind::Field(self.field(token)),
            Kind::Bool => ExprKind::Bool(text == b"true"),
            Kind::CharConstant | Kind::Complex | Kind::Number => {
                let number = number::parse(text, token.kind).map_err(|error| self.fail(error))?;
                ExprKind::Number(Box::new(number))
            }
            Kind::LeftParen => {
                if self.scope.parentheses >= limits::PARENTHESES {
                    return Err(self.fail("max expression depth exceeded"));
                }
                self.check_depth()?;
                self.scope.parentheses += 1;
                let pipe = self.pipeline("parenthesized pipeline", Kind::RightParen)?;
                self.scope.parentheses -= 1;
                let pos = self.program.pipes.get(pipe as usize).map_or(0, |pipe| pipe.pos);
                let span = self.span_from(token.start);
                return Ok(Some(Expr { span, pos, kind: ExprKind::Pipe(pipe) }));
            }
            Kind::String | Kind::RawString => ExprKind::Text(self.constant(token)?),
            _ => {
                self.put_back();
                self.taken = before;
                return Ok(None);
            }
        };
        let span = self.span_from(token.start);
        Ok(Some(Expr { span, pos: span.start, kind }))
    }

    fn variable(&self, token: Token) -> Parsed<ExprKind> {
        let name = token.text(self.source);
        match self.find_variable(name) {
            Some(known) => {
                Ok(ExprKind::Variable { slot: known.slot, name: span(token), fields: 0..0 })
            }
            None => Err(self.fail(format!("undefined variable {}", quoted(name)))),
        }
    }
}

/// The variables at the head of a pipeline.
#[derive(Default)]
struct Declared {
    assigns: bool,
    /// Where they begin among the variables in scope.
    first: usize,
    variables: Vec<Variable>,
}

/// Whether the term is a value that takes neither fields nor arguments.
fn is_operand(kind: &ExprKind) -> bool {
    matches!(
        kind,
        ExprKind::Bool(_) | ExprKind::Text(_) | ExprKind::Number(_) | ExprKind::Nil | ExprKind::Dot
    )
}

fn span(token: Token) -> Span {
    Span { start: Parser::at(token.start), end: Parser::at(token.end) }
}
