//! Path expressions from text to steps, as client-go's `parser.go` reads them.
//!
//! What stands in brackets is read as an action of its own. This nests at most a few levels: no
//! array holds a `]`, and of filters within a filter's quotes, each needs a kind of quote of its own.

use strconv::{Unquoted, category};

/// What stands between braces; a text between actions is an action of one step.
pub(super) type Action = Vec<Step>;

/// A step of an action.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    Text(Vec<u8>),
    Int(i64),
    Float(f64),
    Bool(bool),
    Field(String),
    Slice(Slice),
    Filter {
        left: Action,
        operator: Operator,
        right: Action,
    },
    Union(Vec<Action>),
    Wildcard,
    Recursive,
    /// `range`, `end`, or a word that means nothing.
    Word(String),
}

/// `[start:end:step]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    pub start: i64,
    pub end: Option<i64>,
    /// Whether the end follows from the start: `[3]`.
    pub is_one: bool,
    pub step: Option<i64>,
}

/// What a filter does with its sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Exists,
    Less,
    Greater,
    Equal,
    NotEqual,
    LessEqual,
    GreaterEqual,
    /// Any other row of `!<>=`, which is refused when it runs.
    Unknown,
}

/// The actions of an expression, or why there are none in client-go's words.
pub(super) fn parse(text: &str) -> Result<Vec<Action>, String> {
    let mut actions = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        if !before.is_empty() {
            actions.push(vec![Step::Text(before.into())]);
        }
        let mut parser = Parser { rest: after, steps: Vec::new() };
        parser.action()?;
        rest = parser.rest;
        actions.push(parser.steps);
    }
    if !rest.is_empty() {
        actions.push(vec![Step::Text(rest.into())]);
    }
    Ok(actions)
}

/// An action of its own. A brace in it ends it; what follows is read, and left.
fn parse_action(text: &str) -> Result<Action, String> {
    Ok(parse(&format!("{{{text}}}"))?.into_iter().next().unwrap_or_default())
}

struct Parser<'t> {
    rest: &'t str,
    steps: Action,
}

impl<'t> Parser<'t> {
    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let first = chars.next()?;
        self.rest = chars.as_str();
        Some(first)
    }

    /// Takes the next bytes.
    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// Up to the closing brace.
    fn action(&mut self) -> Result<(), String> {
        loop {
            if let Some(after) = self.rest.strip_prefix("[?(") {
                self.rest = after;
                self.filter()?;
                continue;
            }
            if let Some(after) = self.rest.strip_prefix("..") {
                self.rest = after;
                self.recursive()?;
                continue;
            }
            let before = self.rest;
            match self.next() {
                Some('}') => return Ok(()),
                None | Some('\n' | '\r') => return Err("unclosed action".to_owned()),
                Some(' ' | '@' | '$') => {}
                Some('.') => self.field(),
                Some('[') => self.array()?,
                Some(mark @ ('"' | '\'')) => self.quoted(mark, before)?,
                Some(c) if c == '+' || c == '-' || category::is_digit(c) => {
                    self.rest = before;
                    self.number()?;
                }
                Some(c) if is_alphanumeric(c) => {
                    self.rest = before;
                    self.word();
                }
                Some(c) => return Err(unrecognized(c)),
            }
        }
    }

    fn recursive(&mut self) -> Result<(), String> {
        if self.steps.last() == Some(&Step::Recursive) {
            return Err("invalid multiple recursive descent".to_owned());
        }
        self.steps.push(Step::Recursive);
        if self.rest.starts_with(is_alphanumeric) {
            self.field();
        }
        Ok(())
    }

    /// What stands before the next character that ends a name and is not escaped.
    fn field(&mut self) {
        let mut chars = self.rest.char_indices();
        let end = loop {
            match chars.next() {
                Some((_, '\\')) => drop(chars.next()),
                Some((at, c)) if ends_name(c) => break at,
                Some(_) => {}
                None => break self.rest.len(),
            }
        };
        let name = self.take(end);
        self.steps.push(match name {
            "*" => Step::Wildcard,
            _ => Step::Field(name.replace('\\', "")),
        });
    }

    fn word(&mut self) {
        let end = self.rest.find(ends_name).unwrap_or(self.rest.len());
        let word = self.take(end);
        self.steps.push(match word {
            "true" => Step::Bool(true),
            "false" => Step::Bool(false),
            word => Step::Word(word.to_owned()),
        });
    }

    fn number(&mut self) -> Result<(), String> {
        let sign = usize::from(self.rest.starts_with(['+', '-']));
        let digits = &self.rest[sign..];
        let length = digits.find(|c| c != '.' && !category::is_digit(c)).unwrap_or(digits.len());
        let number = self.take(sign + length);
        self.steps.push(if let Ok(int) = strconv::parse_int(number.as_bytes(), 10, 64) {
            Step::Int(int)
        } else if let Ok(float) = strconv::parse_float(number.as_bytes(), 64) {
            Step::Float(float)
        } else {
            return Err(format!("cannot parse number {number}"));
        });
        Ok(())
    }

    /// `before` begins with the opening mark, which has been taken.
    fn quoted(&mut self, mark: char, before: &str) -> Result<(), String> {
        let unterminated = || "unterminated quoted string".to_owned();
        let mut previous = mark;
        loop {
            match self.next() {
                None | Some('\n') => return Err(unterminated()),
                Some(c) if c == mark && previous != '\\' => break,
                Some(c) => previous = c,
            }
        }
        let literal = &before[..before.len() - self.rest.len()];
        let text = unquote(&literal[1..literal.len() - 1], mark)
            .map_err(|fault| format!("unquote string {literal} error {fault}"))?;
        self.steps.push(Step::Text(text));
        Ok(())
    }

    /// After `[`.
    fn array(&mut self) -> Result<(), String> {
        let end = self.rest.find([']', '\n']).filter(|end| self.rest[*end..].starts_with(']'));
        let end = end.ok_or_else(|| "unterminated array".to_owned())?;
        let inside = self.take(end);
        self.rest = &self.rest[1..];
        if inside.contains(',') {
            let parts = inside
                .split(',')
                .map(|part| parse_action(&format!("[{}]", part.trim_matches(' '))));
            self.steps.push(Step::Union(parts.collect::<Result<_, _>>()?));
            return Ok(());
        }
        let key = inside.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
        if let Some(key) = key.filter(|key| !key.contains('\'')) {
            // A key is read as a path, dots and all.
            self.steps.append(&mut parse_action(&format!(".{key}"))?);
            return Ok(());
        }
        self.steps.push(Step::Slice(parse_slice(if inside == "*" { ":" } else { inside })?));
        Ok(())
    }

    /// After `[?(`. A bracket within the first pair of quotes does not close it.
    fn filter(&mut self) -> Result<(), String> {
        let whole = self.rest;
        let (mut pair, mut is_paired, mut previous) = (None, false, '(');
        loop {
            let Some(c) = self.next().filter(|c| *c != '\n') else {
                return Err("unterminated filter".to_owned());
            };
            match c {
                '"' | '\'' if pair.is_none() => pair = Some(c),
                _ if Some(c) == pair && previous != '\\' => is_paired = true,
                ')' if pair.is_some() == is_paired => break,
                _ => {}
            }
            previous = c;
        }
        let inside = &whole[..whole.len() - self.rest.len() - 1];
        if self.next() != Some(']') {
            return Err("unclosed array expect ]".to_owned());
        }
        let (left, operator, right) = split_filter(inside);
        let (left, right) = (parse_action(left)?, right.map_or(Ok(Vec::new()), parse_action)?);
        self.steps.push(Step::Filter { left, operator, right });
        Ok(())
    }
}

/// The sides of a comparison, or the whole.
fn split_filter(text: &str) -> (&str, Operator, Option<&str>) {
    let is_sign = |c| matches!(c, '!' | '<' | '>' | '=');
    let whole = (text, Operator::Exists, None);
    let Some(start) = text.find(is_sign).filter(|start| *start > 0) else { return whole };
    let after = &text[start..];
    // Signs up to the end leave the last one to the right side, which is never empty.
    let length = after.find(|c| !is_sign(c)).unwrap_or(after.len() - 1);
    if length == 0 {
        return whole;
    }
    let (signs, right) = after.split_at(length);
    let operator = match signs {
        "<" => Operator::Less,
        ">" => Operator::Greater,
        "==" => Operator::Equal,
        "!=" => Operator::NotEqual,
        "<=" => Operator::LessEqual,
        ">=" => Operator::GreaterEqual,
        _ => Operator::Unknown,
    };
    (&text[..start], operator, Some(right))
}

fn parse_slice(text: &str) -> Result<Slice, String> {
    let parts: Vec<&str> = text.split(':').collect();
    let is_number = |part: &&str| {
        part.strip_prefix('-').unwrap_or(part).bytes().all(|byte| byte.is_ascii_digit())
    };
    if parts.len() > 3 || !parts.iter().all(is_number) {
        return Err(format!("invalid array index {text}"));
    }
    let number = |at: usize| match parts.get(at).copied().filter(|part| !part.is_empty()) {
        Some(part) => strconv::parse_int(part.as_bytes(), 10, 64)
            .map(Some)
            .map_err(|_| format!("array index {part} is not a number")),
        None => Ok(None),
    };
    let (start, end, step) = (number(0)?.unwrap_or(0), number(1)?, number(2)?);
    let is_one = parts.len() == 1;
    Ok(Slice { start, end: if is_one { Some(start.wrapping_add(1)) } else { end }, is_one, step })
}

/// What stands between quotes.
fn unquote(inside: &str, mark: char) -> Result<Vec<u8>, strconv::Fault> {
    if !inside.contains('\\') {
        return Ok(inside.into());
    }
    let mut text = Vec::with_capacity(inside.len());
    let mut rest = inside.as_bytes();
    while !rest.is_empty() {
        let (unquoted, after) = strconv::unquote_char(rest, mark as u8)?;
        match unquoted {
            Unquoted::Byte(byte) => text.push(byte),
            Unquoted::Rune(rune) => {
                text.extend_from_slice(rune.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        rest = after;
    }
    Ok(text)
}

/// Go's `%#U`.
fn unrecognized(c: char) -> String {
    let code = u32::from(c);
    let shown = if strconv::is_print(code) { format!(" '{c}'") } else { String::new() };
    format!("unrecognized character in action: U+{code:04X}{shown}")
}

fn is_alphanumeric(c: char) -> bool {
    c == '_' || category::is_letter(c) || category::is_digit(c)
}

fn ends_name(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}')
}
