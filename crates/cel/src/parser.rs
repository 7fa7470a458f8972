//! Tokens to a tree.

use std::ops::Range;
use std::sync::Arc;

use crate::ast::{Entry, Expression, Item, Node, NodeKind, Operator};
use crate::fault::Fault;
use crate::lexer::{self, Token, TokenKind};
use crate::macros::expand;
use crate::value::Value;

/// The longest text that is read.
const LONGEST: usize = 100_000;

/// How deep an expression may nest.
const DEEPEST: usize = 100;

/// Words that are kept for other languages or for CEL's future.
const RESERVED: &[&str] = &[
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
    "while",
];

/// Parses a text. A fault has its place in the text.
pub fn parse(text: &str) -> Result<Expression, Fault> {
    if text.len() > LONGEST {
        let message = format!("an expression has at most {LONGEST} bytes");
        return Err(Fault::syntax(0..text.len(), message));
    }
    let tokens = lexer::tokens(text)?;
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    let root = parser.expression()?;
    match &parser.peek().kind {
        TokenKind::End => Ok(Expression { root: Arc::new(root) }),
        _ => Err(parser.unexpected("the expression to end, or an operator")),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    /// The next token. The last one, the end, stays.
    fn peek(&self) -> &Token {
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn take(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek().kind, TokenKind::Sign(found) if found == sign)
    }

    fn accept(&mut self, sign: &str) -> bool {
        let is_there = self.is_sign(sign);
        self.at += usize::from(is_there);
        is_there
    }

    fn expect(&mut self, sign: &str) -> Result<Range<usize>, Fault> {
        if self.is_sign(sign) {
            Ok(self.take().span)
        } else {
            Err(self.unexpected(&format!("`{sign}`")))
        }
    }

    fn unexpected(&self, wanted: &str) -> Fault {
        let token = self.peek();
        if self.at > 0
            && matches!(token.kind, TokenKind::Sign("{"))
            && matches!(self.tokens[self.at - 1].kind, TokenKind::Name(_))
        {
            let message = "messages of a type are not made here";
            let fault = Fault::syntax(token.span.clone(), message);
            return fault.with_hint("a map is written `{'name': value}`, with nothing before it");
        }
        let found = match &token.kind {
            TokenKind::End => "the expression ends here".to_owned(),
            TokenKind::Sign(sign) => format!("`{sign}` stands here"),
            TokenKind::Name(name) => format!("`{name}` stands here"),
            TokenKind::Quoted(name) => format!("`` `{name}` `` stands here"),
            TokenKind::Literal(value) => format!("{value} stands here"),
            TokenKind::LeastInt => "`9223372036854775808` stands here".to_owned(),
        };
        Fault::syntax(token.span.clone(), format!("{found}, where one expects {wanted}"))
    }

    /// Runs a rule one level deeper.
    fn deeper<T>(&mut self, rule: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let message = format!("an expression nests at most {DEEPEST} levels");
            return Err(Fault::syntax(self.peek().span.clone(), message));
        }
        let outcome = rule(self);
        self.depth -= 1;
        outcome
    }

    fn expression(&mut self) -> Result<Node, Fault> {
        self.deeper(|parser| {
            let condition = parser.either()?;
            if !parser.accept("?") {
                return Ok(condition);
            }
            let yes = parser.either()?;
            parser.expect(":")?;
            let no = parser.expression()?;
            Ok(Node {
                span: condition.span.start..no.span.end,
                kind: NodeKind::Conditional {
                    condition: Box::new(condition),
                    yes: Box::new(yes),
                    no: Box::new(no),
                },
            })
        })
    }

    fn either(&mut self) -> Result<Node, Fault> {
        let mut all = vec![self.both()?];
        while self.accept("||") {
            all.push(self.both()?);
        }
        Ok(balanced(all, NodeKind::Or))
    }

    fn both(&mut self) -> Result<Node, Fault> {
        let mut all = vec![self.relation()?];
        while self.accept("&&") {
            all.push(self.relation()?);
        }
        Ok(balanced(all, NodeKind::And))
    }

    fn relation(&mut self) -> Result<Node, Fault> {
        self.binary(Self::sum, |kind| {
            Some(match kind {
                TokenKind::Sign("==") => Operator::Equal,
                TokenKind::Sign("!=") => Operator::Unequal,
                TokenKind::Sign("<") => Operator::Less,
                TokenKind::Sign("<=") => Operator::LessOrEqual,
                TokenKind::Sign(">") => Operator::Greater,
                TokenKind::Sign(">=") => Operator::GreaterOrEqual,
                TokenKind::Name(name) if name == "in" => Operator::In,
                _ => return None,
            })
        })
    }

    fn sum(&mut self) -> Result<Node, Fault> {
        self.binary(Self::product, |kind| {
            Some(match kind {
                TokenKind::Sign("+") => Operator::Add,
                TokenKind::Sign("-") => Operator::Subtract,
                _ => return None,
            })
        })
    }

    fn product(&mut self) -> Result<Node, Fault> {
        self.binary(Self::unary, |kind| {
            Some(match kind {
                TokenKind::Sign("*") => Operator::Multiply,
                TokenKind::Sign("/") => Operator::Divide,
                TokenKind::Sign("%") => Operator::Remainder,
                _ => return None,
            })
        })
    }

    /// Operands with operators of one rank between them, from the left.
    fn binary(
        &mut self,
        operand: fn(&mut Self) -> Result<Node, Fault>,
        operator: fn(&TokenKind) -> Option<Operator>,
    ) -> Result<Node, Fault> {
        let mut left = operand(self)?;
        let mut count = 0;
        while let Some(found) = operator(&self.peek().kind) {
            self.take();
            count += 1;
            if count > DEEPEST {
                let message = format!("at most {DEEPEST} operators of one rank stand in a row");
                return Err(Fault::syntax(left.span.clone(), message));
            }
            let right = operand(self)?;
            left = Node {
                span: left.span.start..right.span.end,
                kind: NodeKind::Binary {
                    operator: found,
                    left: Box::new(left),
                    right: Box::new(right),
                },
            };
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Node, Fault> {
        let start = self.peek().span.start;
        let sign = ["!", "-"].into_iter().find(|sign| self.is_sign(sign));
        let Some(sign) = sign else { return self.member() };
        let mut count = 0;
        while self.accept(sign) {
            count += 1;
        }
        if sign == "-"
            && count == 1
            && let Some(number) = self.negative(start)
        {
            return self.members_of(number);
        }
        let inner = self.member()?;
        if count % 2 == 0 {
            return Ok(inner);
        }
        let span = start..inner.span.end;
        let inner = Box::new(inner);
        let kind = if sign == "!" { NodeKind::Not(inner) } else { NodeKind::Negate(inner) };
        Ok(Node { span, kind })
    }

    /// The number after a minus.
    fn negative(&mut self, start: usize) -> Option<Node> {
        let token = self.peek();
        let value = match &token.kind {
            TokenKind::LeastInt => Value::int(i64::MIN),
            TokenKind::Literal(value) => match value.kind {
                crate::value::Kind::Int(number) => Value::int(-number),
                crate::value::Kind::Double(number) => Value::double(-number),
                _ => return None,
            },
            _ => return None,
        };
        let span = start..token.span.end;
        self.take();
        Some(Node { span, kind: NodeKind::Literal(value) })
    }

    fn member(&mut self) -> Result<Node, Fault> {
        let first = self.primary()?;
        self.members_of(first)
    }

    /// What follows an operand: fields, calls, indexes.
    fn members_of(&mut self, mut node: Node) -> Result<Node, Fault> {
        let mut count = 0;
        loop {
            count += 1;
            if count > DEEPEST {
                let message = format!("at most {DEEPEST} fields and indexes stand in a row");
                return Err(Fault::syntax(node.span.clone(), message));
            }
            let start = node.span.start;
            if self.accept(".") {
                node = self.field_or_call(node, start)?;
            } else if self.accept("[") {
                let optional = self.accept("?");
                let at = Box::new(self.expression()?);
                let end = self.expect("]")?.end;
                let kind = NodeKind::Index { of: Box::new(node), at, optional };
                node = Node { span: start..end, kind };
            } else {
                return Ok(node);
            }
        }
    }

    fn field_or_call(&mut self, of: Node, start: usize) -> Result<Node, Fault> {
        let optional = self.accept("?");
        let (name, span, is_quoted) = self.field_name()?;
        if !optional && !is_quoted && self.is_sign("(") {
            let (arguments, end) = self.arguments()?;
            return expand(Some(of), name, span, arguments, start..end);
        }
        let kind = NodeKind::Select { of: Box::new(of), name, optional };
        Ok(Node { span: start..span.end, kind })
    }

    fn field_name(&mut self) -> Result<(Arc<str>, Range<usize>, bool), Fault> {
        let is_word = |name: &str| !["true", "false", "null", "in"].contains(&name);
        match &self.peek().kind {
            TokenKind::Name(name) if is_word(name) => {
                let name = name.as_str().into();
                Ok((name, self.take().span, false))
            }
            TokenKind::Quoted(name) => {
                let name = name.as_str().into();
                Ok((name, self.take().span, true))
            }
            _ => Err(self.unexpected("the name of a field")),
        }
    }

    /// Arguments in parentheses, and where these end.
    fn arguments(&mut self) -> Result<(Vec<Node>, usize), Fault> {
        self.expect("(")?;
        let mut all = Vec::new();
        while !self.is_sign(")") {
            if !all.is_empty() {
                self.expect(",")?;
            }
            all.push(self.expression()?);
        }
        Ok((all, self.expect(")")?.end))
    }

    fn primary(&mut self) -> Result<Node, Fault> {
        // A dot before a name asks for the outermost one of that name.
        self.accept(".");
        let token = self.take();
        let start = token.span.start;
        let literal = |value| Ok(Node { span: token.span.clone(), kind: NodeKind::Literal(value) });
        match token.kind {
            TokenKind::Literal(value) => literal(value),
            TokenKind::LeastInt => Err(Fault::syntax(token.span, "no integer is that large")),
            TokenKind::Name(name) => match name.as_str() {
                "true" => literal(Value::bool(true)),
                "false" => literal(Value::bool(false)),
                "null" => literal(Value::null()),
                word if RESERVED.contains(&word) => {
                    let message = format!("`{word}` is a reserved word");
                    Err(Fault::syntax(token.span, message))
                }
                _ if self.is_sign("(") => {
                    let (arguments, end) = self.arguments()?;
                    expand(None, name.into(), token.span, arguments, start..end)
                }
                _ => Ok(Node { span: token.span, kind: NodeKind::Name(name.into()) }),
            },
            TokenKind::Sign("(") => {
                let inner = self.expression()?;
                let end = self.expect(")")?.end;
                Ok(Node { span: start..end, kind: inner.kind })
            }
            TokenKind::Sign("[") => self.list(start),
            TokenKind::Sign("{") => self.map(start),
            _ => {
                self.at -= 1;
                Err(self.unexpected("a value"))
            }
        }
    }

    fn list(&mut self, start: usize) -> Result<Node, Fault> {
        let mut items = Vec::new();
        while !self.is_sign("]") {
            let optional = self.accept("?");
            items.push(Item { value: self.expression()?, optional });
            if !self.accept(",") {
                break;
            }
        }
        let end = self.expect("]")?.end;
        Ok(Node { span: start..end, kind: NodeKind::List(items) })
    }

    fn map(&mut self, start: usize) -> Result<Node, Fault> {
        let mut entries = Vec::new();
        while !self.is_sign("}") {
            let optional = self.accept("?");
            let key = self.expression()?;
            self.expect(":")?;
            entries.push(Entry { key, value: self.expression()?, optional });
            if !self.accept(",") {
                break;
            }
        }
        let end = self.expect("}")?.end;
        Ok(Node { span: start..end, kind: NodeKind::Map(entries) })
    }
}

/// A row of operands as a tree that is as deep as the logarithm of their number.
fn balanced(mut all: Vec<Node>, join: fn(Box<Node>, Box<Node>) -> NodeKind) -> Node {
    while all.len() > 1 {
        let mut next = Vec::with_capacity(all.len().div_ceil(2));
        let mut rest = all.into_iter();
        while let Some(one) = rest.next() {
            next.push(match rest.next() {
                Some(two) => Node {
                    span: one.span.start..two.span.end,
                    kind: join(Box::new(one), Box::new(two)),
                },
                None => one,
            });
        }
        all = next;
    }
    // A row has at least one operand.
    all.remove(0)
}
