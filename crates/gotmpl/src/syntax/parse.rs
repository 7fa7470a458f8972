//! The parser of lists and control structures.

use std::collections::HashMap;

use super::lex::Lexer;
use super::token::{Keyword, Kind, Token};
use crate::error::ParseError;
use crate::fmt::quoted;
use crate::program::{
    Command, Control, Definition, Expr, List, Node, NodeKind, PipeId, Program, Span,
};
use crate::set::Functions;
use crate::stack;
use crate::value::SharedStr;

/// A parse that failed.
pub(super) struct Failed(pub Box<ParseError>);
pub(super) type Parsed<T> = Result<T, Failed>;

pub(super) struct Parser<'t> {
    name: &'t str,
    pub source: &'t SharedStr,
    pub functions: &'t Functions,
    lexer: Lexer<'t>,
    /// Tokens looked at and put back, as Go keeps them: index 0 is the last one lexed.
    tokens: [Token; 3],
    peeked: usize,
    /// Where the last token that was taken ends.
    pub taken: usize,
    pub program: Program,
    /// The commands of the pipelines under way.
    pub commands: Vec<Command>,
    /// The operands of the commands under way.
    pub operands: Vec<Expr>,
    /// Where each definition stands in the program.
    defined: HashMap<SharedStr, usize>,
    pub scope: Scope<'t>,
    /// The line of the action being parsed, 0 outside.
    action_line: usize,
    floor: usize,
}

/// What belongs to one body.
pub(super) struct Scope<'t> {
    pub variables: Vec<InScope<'t>>,
    pub slots: u16,
    pub ranges: usize,
    pub parentheses: usize,
}

/// A variable that an expression may name.
pub(super) struct InScope<'t> {
    pub name: &'t [u8],
    /// `None` for a name that was assigned without being declared, and for one that was declared in
    /// the branch before this one: Go notices that at run time.
    pub slot: Option<u16>,
    /// How many slots are taken by this variable and those before it.
    live: u16,
}

impl<'t> Scope<'t> {
    fn new() -> Self {
        let mut scope = Self { variables: Vec::new(), slots: 1, ranges: 0, parentheses: 0 };
        scope.push(b"$", Some(0));
        scope
    }

    pub fn push(&mut self, name: &'t [u8], slot: Option<u16>) {
        let live = self.live_slots().max(slot.map_or(0, |slot| slot.saturating_add(1)));
        self.variables.push(InScope { name, slot, live });
    }

    /// The variables from the one at `first` on end their lives, but not their scope: an `{{else}}`
    /// may name what the branch before it declared, and means an older variable then, or none.
    fn end_lives(&mut self, first: usize) {
        let (kept, ended) = self.variables.split_at_mut(first);
        let live = kept.last().map_or(0, |last| last.live);
        for variable in ended {
            (variable.slot, variable.live) = (None, live);
        }
    }

    /// How many slots are taken by the variables in scope.
    pub fn live_slots(&self) -> u16 {
        self.variables.last().map_or(0, |last| last.live)
    }
}

/// What one step of a list gives.
enum Item {
    Node(Node),
    End,
    /// `{{else}}`; for `{{else if` and `{{else with`, the keyword is still to be read.
    Else,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ControlKind {
    If,
    With,
    Range,
}

impl ControlKind {
    fn word(self) -> &'static str {
        match self {
            Self::If => "if",
            Self::With => "with",
            Self::Range => "range",
        }
    }
}

impl<'t> Parser<'t> {
    pub fn new(name: &'t str, source: &'t SharedStr, functions: &'t Functions) -> Self {
        Self {
            name,
            source,
            functions,
            lexer: Lexer::new(source),
            tokens: [Token::NONE; 3],
            peeked: 0,
            taken: 0,
            program: Program::empty(source.clone()),
            commands: Vec::new(),
            operands: Vec::new(),
            defined: HashMap::new(),
            scope: Scope::new(),
            action_line: 0,
            floor: stack::floor(),
        }
    }

    /// Parses the whole text.
    pub fn run(mut self) -> Parsed<Program> {
        let mut nodes = Vec::new();
        while self.peek().kind != Kind::Eof {
            if self.peek().kind == Kind::LeftDelim {
                let delim = self.next();
                if self.next_non_space().kind == Kind::Keyword(Keyword::Define) {
                    self.definition()?;
                    continue;
                }
                self.put_back_2(delim);
            }
            match self.text_or_action()? {
                Item::Node(node) => nodes.push(node),
                Item::End => return Err(self.fail("unexpected {{end}}")),
                Item::Else => return Err(self.fail("unexpected {{else}}")),
            }
        }
        let end = self.source.len();
        self.program.main = self.close_body(nodes, 0, end);
        self.program.last_line = self.tokens[0].line;
        Ok(self.program)
    }

    /// The position of the byte, as programs keep it. Texts over 4 GiB are refused beforehand.
    pub fn at(position: usize) -> u32 {
        position as u32
    }

    pub fn span_from(&self, start: usize) -> Span {
        Span { start: Self::at(start), end: Self::at(self.taken.max(start)) }
    }

    // Tokens.

    pub fn next(&mut self) -> Token {
        if self.peeked > 0 {
            self.peeked -= 1;
        } else {
            self.tokens[0] = self.lexer.next();
        }
        let token = self.tokens[self.peeked.min(2)];
        if token.kind != Kind::Space {
            self.taken = token.end;
        }
        token
    }

    pub fn peek(&mut self) -> Token {
        if self.peeked == 0 {
            self.tokens[0] = self.lexer.next();
            self.peeked = 1;
        }
        self.tokens[self.peeked.clamp(1, 3) - 1]
    }

    pub fn put_back(&mut self) {
        self.peeked += 1;
    }

    pub fn put_back_2(&mut self, before: Token) {
        self.tokens[1] = before;
        self.peeked = 2;
    }

    pub fn put_back_3(&mut self, first: Token, second: Token) {
        self.tokens[1] = second;
        self.tokens[2] = first;
        self.peeked = 3;
    }

    pub fn next_non_space(&mut self) -> Token {
        loop {
            let token = self.next();
            if token.kind != Kind::Space {
                return token;
            }
        }
    }

    pub fn peek_non_space(&mut self) -> Token {
        let before = self.taken;
        let token = self.next_non_space();
        self.put_back();
        self.taken = before;
        token
    }

    // Failure.

    pub fn fail(&self, message: impl Into<String>) -> Failed {
        let last = self.tokens[0];
        Failed(Box::new(ParseError {
            template: self.name.to_owned(),
            line: last.line,
            message: message.into(),
            span: Span { start: Self::at(last.start), end: Self::at(last.end.max(last.start)) },
            text: self.source.as_bytes().into(),
        }))
    }

    pub fn unexpected(&self, token: Token, context: &str) -> Failed {
        if token.kind != Kind::Error {
            let shown = token.describe(self.source);
            return self.fail(format!("unexpected {shown} in {context}"));
        }
        let error = &self.lexer.error;
        if self.action_line == 0 || self.action_line == token.line {
            return self.fail(error.clone());
        }
        // "unclosed action started at", not "unclosed action in action started at".
        let link = if error.ends_with(" action") { "" } else { " in action" };
        let started = format!("{}:{}", self.name, self.action_line);
        self.fail(format!("{error}{link} started at {started}"))
    }

    fn expect_right_delim(&mut self, context: &str) -> Parsed<()> {
        let token = self.next_non_space();
        if token.kind == Kind::RightDelim { Ok(()) } else { Err(self.unexpected(token, context)) }
    }

    /// Refuses to go deeper when the stack is nearly used up.
    pub fn check_depth(&self) -> Parsed<()> {
        if stack::below(self.floor) {
            return Err(self.fail("max expression depth exceeded"));
        }
        Ok(())
    }

    // Bodies.

    fn definition(&mut self) -> Parsed<()> {
        let token = self.next_non_space();
        if !matches!(token.kind, Kind::String | Kind::RawString) {
            return Err(self.unexpected(token, "define clause"));
        }
        let name = self.unquote(token)?.into();
        self.expect_right_delim("define clause")?;
        self.body(name, "define clause", None)
    }

    /// Parses the body of a definition, in a scope of its own, up to its end. An `{{else}}` is
    /// refused at `else_line`, or where it is.
    fn body(&mut self, name: SharedStr, context: &str, else_line: Option<usize>) -> Parsed<()> {
        let start = self.taken;
        let outer = std::mem::replace(&mut self.scope, Scope::new());
        let outer_line = std::mem::take(&mut self.action_line);
        let (nodes, end) = self.items()?;
        if matches!(end, Item::Else) {
            let mut failed = self.fail(format!("unexpected {{{{else}}}} in {context}"));
            failed.0.line = else_line.unwrap_or(failed.0.line);
            return Err(failed);
        }
        let definition = self.close_body(nodes, start, self.taken);
        self.scope = outer;
        self.action_line = outer_line;
        self.define(name, definition)
    }

    fn define(&mut self, name: SharedStr, definition: Definition) -> Parsed<()> {
        let known = self.defined.get(&name).copied();
        match known.and_then(|index| self.program.definitions.get_mut(index)) {
            None => {
                self.defined.insert(name.clone(), self.program.definitions.len());
                self.program.definitions.push((name, definition));
            }
            Some((_, old)) if old.blank => *old = definition,
            Some(_) if definition.blank => {}
            Some(_) => {
                let shown = quoted(&name);
                return Err(self.fail(format!("template: multiple definition of template {shown}")));
            }
        }
        Ok(())
    }

    fn close_body(&mut self, nodes: Vec<Node>, start: usize, end: usize) -> Definition {
        let list = self.close_list(nodes);
        let blank = self.program.nodes(&list).iter().all(|node| {
            matches!(node.kind, NodeKind::Text) && is_blank(self.program.at(node.span))
        });
        let span = Span { start: Self::at(start), end: Self::at(end) };
        Definition { list, slots: self.scope.slots, blank, span }
    }

    fn close_list(&mut self, nodes: Vec<Node>) -> List {
        let start = Self::at(self.program.nodes.len());
        self.program.nodes.extend(nodes);
        List { nodes: start..Self::at(self.program.nodes.len()) }
    }

    /// Nodes up to an end or an else.
    fn items(&mut self) -> Parsed<(Vec<Node>, Item)> {
        self.check_depth()?;
        let mut nodes = Vec::new();
        while self.peek_non_space().kind != Kind::Eof {
            match self.text_or_action()? {
                Item::Node(node) => nodes.push(node),
                end => return Ok((nodes, end)),
            }
        }
        Err(self.fail("unexpected EOF"))
    }

    fn text_or_action(&mut self) -> Parsed<Item> {
        let token = self.next_non_space();
        match token.kind {
            Kind::Text => {
                let span = Span { start: Self::at(token.start), end: Self::at(token.end) };
                Ok(Item::Node(Node { span, pos: span.start, kind: NodeKind::Text }))
            }
            Kind::LeftDelim => {
                self.action_line = token.line;
                let item = self.action(token.start)?;
                self.action_line = 0;
                Ok(item)
            }
            _ => Err(self.unexpected(token, "input")),
        }
    }

    /// An action whose left delimiter, at `start`, has been read.
    fn action(&mut self, start: usize) -> Parsed<Item> {
        let token = self.next_non_space();
        let Kind::Keyword(keyword) = token.kind else {
            self.put_back();
            return self.command_action(start);
        };
        match keyword {
            Keyword::Define => {
                self.put_back();
                self.command_action(start)
            }
            Keyword::Block => self.block(start),
            Keyword::Break => self.leave(start, token, NodeKind::Break, "{{break}}"),
            Keyword::Continue => self.leave(start, token, NodeKind::Continue, "{{continue}}"),
            Keyword::Else => {
                let next = self.peek_non_space().kind;
                let chained = Kind::Keyword(Keyword::If) == next;
                if !chained && Kind::Keyword(Keyword::With) != next {
                    self.expect_right_delim("else")?;
                }
                Ok(Item::Else)
            }
            Keyword::End => {
                self.expect_right_delim("end")?;
                Ok(Item::End)
            }
            Keyword::If => self.control(start, ControlKind::If).map(Item::Node),
            Keyword::Range => self.control(start, ControlKind::Range).map(Item::Node),
            Keyword::With => self.control(start, ControlKind::With).map(Item::Node),
            Keyword::Template => self.template(start),
        }
    }

    fn command_action(&mut self, start: usize) -> Parsed<Item> {
        let pos = Self::at(self.peek().start);
        let pipe = self.pipeline("command", Kind::RightDelim)?;
        let span = self.span_from(start);
        Ok(Item::Node(Node { span, pos, kind: NodeKind::Action(pipe) }))
    }

    fn leave(&mut self, start: usize, word: Token, kind: NodeKind, shown: &str) -> Parsed<Item> {
        let token = self.next_non_space();
        if token.kind != Kind::RightDelim {
            return Err(self.unexpected(token, shown));
        }
        if self.scope.ranges == 0 {
            return Err(self.fail(format!("{shown} outside {{{{range}}}}")));
        }
        let span = self.span_from(start);
        Ok(Item::Node(Node { span, pos: Self::at(word.start), kind }))
    }

    fn control(&mut self, start: usize, kind: ControlKind) -> Parsed<Node> {
        let visible = self.scope.variables.len();
        let alive = self.scope.live_slots();
        let pipe = self.pipeline(kind.word(), Kind::RightDelim)?;
        let span = self.span_from(start);
        self.scope.ranges += usize::from(kind == ControlKind::Range);
        let inner = self.scope.variables.len();
        let (nodes, end) = self.items()?;
        self.scope.ranges -= usize::from(kind == ControlKind::Range);
        self.scope.end_lives(inner);
        let body = self.close_list(nodes);
        let otherwise = match end {
            Item::Else => Some(self.otherwise(kind)?),
            _ => None,
        };
        self.scope.variables.truncate(visible);
        debug_assert_eq!(alive, self.scope.live_slots());
        let control = Control { pipe, body, otherwise };
        let pos = self.program.pipes.get(pipe as usize).map_or(span.start, |pipe| pipe.pos);
        let kind = match kind {
            ControlKind::If => NodeKind::If(control),
            ControlKind::With => NodeKind::With(control),
            ControlKind::Range => NodeKind::Range(control),
        };
        Ok(Node { span, pos, kind })
    }

    /// What follows `{{else`: a list, or one more control structure that shares the end.
    fn otherwise(&mut self, kind: ControlKind) -> Parsed<List> {
        let chained = match (kind, self.peek().kind) {
            (ControlKind::If, Kind::Keyword(Keyword::If)) => Some(ControlKind::If),
            (ControlKind::With, Kind::Keyword(Keyword::With)) => Some(ControlKind::With),
            _ => None,
        };
        if let Some(chained) = chained {
            self.check_depth()?;
            let word = self.next();
            let node = self.control(word.start, chained)?;
            return Ok(self.close_list(vec![node]));
        }
        let (nodes, end) = self.items()?;
        if matches!(end, Item::Else) {
            return Err(self.fail("expected end; found {{else}}"));
        }
        Ok(self.close_list(nodes))
    }

    fn block(&mut self, start: usize) -> Parsed<Item> {
        let token = self.next_non_space();
        let name = self.template_name(token, "block clause")?;
        let pipe = self.pipeline("block clause", Kind::RightDelim)?;
        let span = self.span_from(start);
        // Go reads the body with another parser, and looks at its end with this one.
        let line = self.tokens[0].line;
        self.body(name.clone(), "block clause", Some(line))?;
        Ok(Item::Node(template_node(span, token, name, Some(pipe))))
    }

    fn template(&mut self, start: usize) -> Parsed<Item> {
        let token = self.next_non_space();
        let name = self.template_name(token, "template clause")?;
        let mut pipe = None;
        if self.next_non_space().kind != Kind::RightDelim {
            self.put_back();
            pipe = Some(self.pipeline("template clause", Kind::RightDelim)?);
        }
        let span = self.span_from(start);
        Ok(Item::Node(template_node(span, token, name, pipe)))
    }

    fn template_name(&mut self, token: Token, context: &str) -> Parsed<SharedStr> {
        match token.kind {
            Kind::String | Kind::RawString => self.unquote(token).map(SharedStr::from),
            _ => Err(self.unexpected(token, context)),
        }
    }

    pub fn unquote(&self, token: Token) -> Parsed<Vec<u8>> {
        strconv::unquote(token.text(self.source)).map_err(|fault| self.fail(fault.to_string()))
    }
}

fn template_node(span: Span, name_token: Token, name: SharedStr, pipe: Option<PipeId>) -> Node {
    let pos = Parser::at(name_token.start);
    Node { span, pos, kind: NodeKind::Template { name, pipe } }
}

/// Whether there is nothing but Unicode white space.
fn is_blank(text: &[u8]) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        let (rune, width) = crate::rune::decode(rest);
        if !rune.is_whitespace() {
            return false;
        }
        rest = rest.get(width..).unwrap_or_default();
    }
    true
}
