//! The part of Kubernetes' path expressions that `helm show values --jsonpath` is used with: text, fields,
//! elements, slices, wildcards and ranges. Filters, unions and `..` are refused.

use functions::json;
use strconv::category;

use crate::values::{Plain, Table, go_value, thaw};

/// An expression that is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// As Kubernetes' library says it.
    #[error("error parsing jsonpath {0}: {1}")]
    Syntax(String, String),
    /// It knows this, we do not.
    #[error("--jsonpath: Socle knows no {0}; pipe the values through yq or jq instead")]
    Unknown(&'static str),
}

/// A step of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Text(String),
    Field(String),
    Slice { start: i64, end: Option<i64>, is_one: bool, step: Option<i64> },
    Wildcard,
    Range,
    End,
}

/// What a step leads to. `Nothing` stands for the element of a range over nothing.
#[derive(Clone, Copy)]
enum Found<'a> {
    Value(&'a Plain),
    Text(&'a str),
    Nothing,
}

/// What the expression prints of the values; nothing where a path leads nowhere, as Helm.
pub fn print(expression: &str, values: &Table) -> Result<Vec<u8>, PathError> {
    let actions = parse(expression)?;
    let root = Plain::Map(values.clone());
    let mut out = Vec::new();
    match run(&actions, 0, Found::Value(&root), 0, &mut out) {
        Some(_) => Ok(out),
        None => Ok(Vec::new()),
    }
}

fn parse(text: &str) -> Result<Vec<Vec<Step>>, PathError> {
    let mut actions = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        if !before.is_empty() {
            actions.push(vec![Step::Text(before.to_owned())]);
        }
        let mut parser = Parser { rest: after, whole: text, steps: Vec::new() };
        parser.action()?;
        rest = parser.rest;
        actions.push(parser.steps);
    }
    if !rest.is_empty() {
        actions.push(vec![Step::Text(rest.to_owned())]);
    }
    Ok(actions)
}

struct Parser<'t> {
    rest: &'t str,
    whole: &'t str,
    steps: Vec<Step>,
}

impl Parser<'_> {
    fn fault<T>(&self, reason: impl Into<String>) -> Result<T, PathError> {
        Err(PathError::Syntax(self.whole.to_owned(), reason.into()))
    }

    /// Up to the closing brace.
    fn action(&mut self) -> Result<(), PathError> {
        loop {
            if self.rest.starts_with("[?(") {
                return Err(PathError::Unknown("filters"));
            }
            if self.rest.starts_with("..") {
                return Err(PathError::Unknown("search with `..`"));
            }
            let Some(first) = self.rest.chars().next() else {
                return self.fault("unclosed action");
            };
            let after = &self.rest[first.len_utf8()..];
            match first {
                '}' => {
                    self.rest = after;
                    return Ok(());
                }
                '\n' | '\r' => return self.fault("unclosed action"),
                ' ' | '@' | '$' => self.rest = after,
                '.' => {
                    self.rest = after;
                    self.field();
                }
                '[' => {
                    self.rest = after;
                    self.brackets()?;
                }
                '"' | '\'' => {
                    self.rest = after;
                    self.quoted(first)?;
                }
                c if c.is_ascii_digit() || matches!(c, '+' | '-') => {
                    return Err(PathError::Unknown("numbers as steps"));
                }
                c if category::is_letter(c) || category::is_digit(c) || c == '_' => self.word()?,
                c => {
                    let code = c as u32;
                    return self
                        .fault(format!("unrecognized character in action: U+{code:04X} '{c}'"));
                }
            }
        }
    }

    /// Takes what stands before the next character that ends a name.
    fn name(&mut self) -> String {
        let ends = [' ', '\t', '\r', '\n', '.', ',', '[', ']', '$', '@', '{', '}'];
        let mut name = String::new();
        let mut chars = self.rest.char_indices();
        let end = loop {
            match chars.next() {
                Some((_, '\\')) => name.extend(chars.next().map(|(_, c)| c)),
                Some((at, c)) if ends.contains(&c) => break at,
                Some((_, c)) => name.push(c),
                None => break self.rest.len(),
            }
        };
        self.rest = &self.rest[end..];
        name
    }

    fn field(&mut self) {
        let name = self.name();
        self.steps.push(if name == "*" { Step::Wildcard } else { Step::Field(name) });
    }

    fn word(&mut self) -> Result<(), PathError> {
        match self.name().as_str() {
            "range" => self.steps.push(Step::Range),
            "end" => self.steps.push(Step::End),
            _ => return Err(PathError::Unknown("words but range and end")),
        }
        Ok(())
    }

    fn quoted(&mut self, mark: char) -> Result<(), PathError> {
        let mut end = None;
        for (at, _) in self.rest.match_indices(mark) {
            if !self.rest[..at].ends_with('\\') {
                end = Some(at);
                break;
            }
        }
        let Some(end) = end.filter(|end| !self.rest[..*end].contains('\n')) else {
            return self.fault("unterminated quoted string");
        };
        let inside = self.rest[..end].replace("\\'", "'").replace('"', "\\\"");
        let literal = format!("\"{}\"", inside.replace("\\\\\"", "\\\""));
        let Ok(text) = strconv::unquote(literal.as_bytes()) else {
            return self.fault(format!("unquote string {mark}{inside}{mark} error invalid syntax"));
        };
        self.steps.push(Step::Text(String::from_utf8_lossy(&text).into_owned()));
        self.rest = &self.rest[end + 1..];
        Ok(())
    }

    fn brackets(&mut self) -> Result<(), PathError> {
        let Some((inside, after)) = self.rest.split_once(']').filter(|(i, _)| !i.contains('\n'))
        else {
            return self.fault("unterminated array");
        };
        self.rest = after;
        if inside.contains(',') {
            return Err(PathError::Unknown("unions"));
        }
        let key = inside.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
        if let Some(key) = key.filter(|key| !key.contains('\'')) {
            // A key is read as a path, dots and all.
            let text = format!(".{key}}}");
            let mut parser = Parser { rest: &text, whole: self.whole, steps: Vec::new() };
            parser.action()?;
            self.steps.append(&mut parser.steps);
            return Ok(());
        }
        let parts: Vec<&str> =
            if inside == "*" { vec!["", ""] } else { inside.split(':').collect() };
        let is_number = |part: &&str| {
            part.strip_prefix('-').unwrap_or(part).bytes().all(|byte| byte.is_ascii_digit())
        };
        if parts.len() > 3 || !parts.iter().all(is_number) {
            return self.fault(format!("invalid array index {inside}"));
        }
        let number = |at: usize| match parts.get(at).copied().filter(|part| !part.is_empty()) {
            Some(part) => part
                .parse::<i64>()
                .map(Some)
                .or_else(|_| self.fault(format!("array index {part} is not a number"))),
            None => Ok(None),
        };
        let (start, end, step) = (number(0)?, number(1)?, number(2)?);
        let (is_one, start) = (parts.len() == 1, start.unwrap_or(0));
        let end = if is_one { start.checked_add(1) } else { end };
        self.steps.push(Step::Slice { start, end, is_one, step });
        Ok(())
    }
}

/// Ranges nest no deeper than this.
const MAX_DEPTH: usize = 64;

/// Runs the actions from `at` on, up to the end of the range that they stand in; gives where that
/// is, or nothing when a path leads nowhere.
fn run(
    actions: &[Vec<Step>],
    mut at: usize,
    value: Found<'_>,
    depth: usize,
    out: &mut Vec<u8>,
) -> Option<usize> {
    while let Some(action) = actions.get(at) {
        let mut found = vec![value];
        for step in action {
            found = walk(&found, step)?;
        }
        if action.contains(&Step::End) {
            return (depth > 0).then_some(at);
        }
        if action.contains(&Step::Range) {
            if depth == MAX_DEPTH {
                return None;
            }
            let mut end = None;
            for element in &found {
                end = Some(run(actions, at + 1, *element, depth + 1, out)?);
            }
            at = match end {
                Some(end) => end,
                None => run(actions, at + 1, Found::Nothing, depth + 1, &mut Vec::new())?,
            };
        } else {
            show(&found, out)?;
        }
        at += 1;
    }
    Some(at)
}

fn walk<'a>(found: &[Found<'a>], step: &'a Step) -> Option<Vec<Found<'a>>> {
    let mut next = Vec::new();
    match step {
        Step::Text(text) => next.push(Found::Text(text)),
        Step::Range => next.extend_from_slice(found),
        Step::End => {}
        Step::Field(name) => {
            for value in found {
                if let Found::Value(Plain::Map(table)) = value {
                    next.extend(table.get(name.as_bytes()).map(Found::Value));
                }
            }
            if next.is_empty() && !found.is_empty() {
                return None;
            }
        }
        Step::Wildcard => {
            for value in found {
                match value {
                    Found::Value(Plain::Map(table)) => {
                        next.extend(table.iter().map(|(_, value)| Found::Value(value)));
                    }
                    Found::Value(Plain::List(list)) => next.extend(list.iter().map(Found::Value)),
                    _ => {}
                }
            }
        }
        Step::Slice { start, end, is_one, step } => {
            for value in found {
                match value {
                    Found::Value(Plain::List(list)) => {
                        let part = slice(list, *start, *end, *is_one)?;
                        let step =
                            usize::try_from(step.unwrap_or(1)).ok().filter(|step| *step > 0)?;
                        next.extend(part.iter().step_by(step).map(Found::Value));
                    }
                    Found::Value(Plain::Null) => {}
                    _ => return None,
                }
            }
        }
    }
    Some(next)
}

fn slice(list: &[Plain], start: i64, end: Option<i64>, is_one: bool) -> Option<&[Plain]> {
    let length = i64::try_from(list.len()).ok()?;
    let start = if start < 0 { start + length } else { start };
    let end = match end {
        None => length,
        Some(end) if end < 0 || end == 0 && is_one => end + length,
        Some(end) => end,
    };
    if start == end {
        return Some(&[]);
    }
    let within = (0..length).contains(&start) && (start..=length).contains(&end);
    list.get(usize::try_from(start).ok().filter(|_| within)?..usize::try_from(end).ok()?)
}

fn show(found: &[Found<'_>], out: &mut Vec<u8>) -> Option<()> {
    for (index, value) in found.iter().enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        match value {
            Found::Text(text) => out.extend_from_slice(text.as_bytes()),
            Found::Value(value @ (Plain::Map(_) | Plain::List(_))) => {
                out.extend_from_slice(&json::encode(&thaw(value), json::Style::COMPACT).ok()?);
            }
            Found::Value(Plain::Null) => out.extend_from_slice(b"null"),
            Found::Value(value) => out.extend_from_slice(go_value(value).as_bytes()),
            // Only where nothing is printed.
            Found::Nothing => {}
        }
    }
    Some(())
}
