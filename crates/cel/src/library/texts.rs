//! Texts. Places and lengths count characters.

use regex::RegexBuilder;

use super::Run;
use super::operators::{LARGEST, too_large};
use crate::value::{Kind, Value};

/// How much memory a compiled pattern may take.
const LARGEST_PATTERN: usize = 1 << 20;

pub(super) const TABLE: &[(&str, Run)] = &[
    ("string.contains(string) -> bool", |v| Ok(Value::bool(text(v, 0).contains(text(v, 1))))),
    ("string.startsWith(string) -> bool", |v| Ok(Value::bool(text(v, 0).starts_with(text(v, 1))))),
    ("string.endsWith(string) -> bool", |v| Ok(Value::bool(text(v, 0).ends_with(text(v, 1))))),
    ("string.matches(string) -> bool", matches),
    ("matches(string, string) -> bool", matches),
    ("string.charAt(int) -> string", |v| {
        let at = number(v, 1);
        let count = text(v, 0).chars().count();
        let found = usize::try_from(at).ok().filter(|at| *at <= count);
        let found = found.ok_or_else(|| outside(at, count))?;
        let c = text(v, 0).chars().nth(found).map(String::from).unwrap_or_default();
        Ok(Value::string(c))
    }),
    ("string.indexOf(string) -> int", |v| index_of(text(v, 0), text(v, 1), 0)),
    ("string.indexOf(string, int) -> int", |v| index_of(text(v, 0), text(v, 1), number(v, 2))),
    ("string.lastIndexOf(string) -> int", |v| last_index_of(text(v, 0), text(v, 1), None)),
    ("string.lastIndexOf(string, int) -> int", |v| {
        last_index_of(text(v, 0), text(v, 1), Some(number(v, 2)))
    }),
    ("string.lowerAscii() -> string", |v| Ok(Value::string(text(v, 0).to_ascii_lowercase()))),
    ("string.upperAscii() -> string", |v| Ok(Value::string(text(v, 0).to_ascii_uppercase()))),
    ("string.replace(string, string) -> string", |v| replace(v, -1)),
    ("string.replace(string, string, int) -> string", |v| replace(v, number(v, 3))),
    ("string.split(string) -> list(string)", |v| split(v, -1)),
    ("string.split(string, int) -> list(string)", |v| split(v, number(v, 2))),
    ("string.substring(int) -> string", |v| substring(text(v, 0), number(v, 1), None)),
    ("string.substring(int, int) -> string", |v| {
        substring(text(v, 0), number(v, 1), Some(number(v, 2)))
    }),
    ("string.trim() -> string", |v| Ok(Value::string(text(v, 0).trim()))),
    ("string.reverse() -> string", |v| {
        Ok(Value::string(text(v, 0).chars().rev().collect::<String>()))
    }),
    ("strings.quote(string) -> string", |v| Ok(Value::string(quoted(text(v, 0))))),
    ("list(string).join() -> string", |v| join(v, "")),
    ("list(string).join(string) -> string", |v| join(v, text(v, 1))),
];

fn text(values: &[Value], at: usize) -> &str {
    values.get(at).and_then(Value::as_str).unwrap_or("")
}

fn number(values: &[Value], at: usize) -> i64 {
    match values.get(at).map(|value| &value.kind) {
        Some(Kind::Int(number)) => *number,
        _ => 0,
    }
}

fn outside(at: i64, count: usize) -> String {
    format!("the text has {count} characters, and no place {at}")
}

fn matches(values: &[Value]) -> Result<Value, String> {
    let pattern = RegexBuilder::new(text(values, 1))
        .size_limit(LARGEST_PATTERN)
        .dfa_size_limit(LARGEST_PATTERN)
        .build()
        .map_err(|_| format!("{} is no regular expression", values[1]))?;
    Ok(Value::bool(pattern.is_match(text(values, 0))))
}

/// The place of a part from a place on, both in characters; -1 when there is none.
fn index_of(whole: &str, part: &str, from: i64) -> Result<Value, String> {
    let count = whole.chars().count();
    let start = usize::try_from(from).map_err(|_| outside(from, count))?;
    if start > count {
        return Ok(Value::int(-1));
    }
    let skipped = byte_of(whole, start);
    let found = whole[skipped..].find(part);
    Ok(Value::int(found.map_or(-1, |at| characters(&whole[..skipped + at]))))
}

/// The last place of a part, that begins at a place or before it.
fn last_index_of(whole: &str, part: &str, upto: Option<i64>) -> Result<Value, String> {
    let count = whole.chars().count();
    let last = match upto {
        None => count,
        Some(upto) => usize::try_from(upto).map_err(|_| outside(upto, count))?,
    };
    if last > count {
        return Ok(Value::int(-1));
    }
    let limit = (byte_of(whole, last) + part.len()).min(whole.len());
    let found = whole[..whole.floor_char_boundary(limit)].rfind(part);
    Ok(Value::int(found.map_or(-1, |at| characters(&whole[..at]))))
}

fn characters(text: &str) -> i64 {
    text.chars().count() as i64
}

/// Where the character of a number begins.
fn byte_of(text: &str, at: usize) -> usize {
    text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte)
}

fn replace(values: &[Value], count: i64) -> Result<Value, String> {
    let (whole, old, new) = (text(values, 0), text(values, 1), text(values, 2));
    let possible =
        if old.is_empty() { whole.chars().count() + 1 } else { whole.matches(old).count() };
    let times = usize::try_from(count).map_or(possible, |count| count.min(possible));
    if whole.len() + times.saturating_mul(new.len()) > LARGEST {
        return Err(too_large());
    }
    Ok(Value::string(whole.replacen(old, new, times)))
}

fn split(values: &[Value], limit: i64) -> Result<Value, String> {
    let (whole, separator) = (text(values, 0), text(values, 1));
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let parts: Vec<&str> = match (separator, limit) {
        (_, 0) => Vec::new(),
        ("", _) => letters(whole, limit),
        _ => whole.splitn(limit, separator).collect(),
    };
    Ok(Value::list(parts.into_iter().map(Value::string).collect::<Vec<_>>()))
}

/// Each character for itself, and what is beyond the limit in the last part.
fn letters(whole: &str, limit: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = whole;
    while let Some(c) = rest.chars().next() {
        if parts.len() + 1 == limit {
            parts.push(rest);
            return parts;
        }
        let (one, after) = rest.split_at(c.len_utf8());
        parts.push(one);
        rest = after;
    }
    parts
}

fn substring(whole: &str, start: i64, end: Option<i64>) -> Result<Value, String> {
    let count = characters(whole);
    let end = end.unwrap_or(count);
    let place = |at: i64| usize::try_from(at).ok().filter(|_| at <= count);
    match (place(start), place(end)) {
        (Some(from), Some(to)) if from <= to => {
            Ok(Value::string(&whole[byte_of(whole, from)..byte_of(whole, to)]))
        }
        _ => Err(format!("the text has {count} characters, and no part from {start} to {end}")),
    }
}

fn join(values: &[Value], separator: &str) -> Result<Value, String> {
    let Kind::List(items) = &values[0].kind else { return Ok(Value::string("")) };
    let mut parts = Vec::with_capacity(items.len());
    let mut length = 0;
    for item in items.iter() {
        let part =
            item.as_str().ok_or_else(|| format!("join() wants texts, and {item} is none"))?;
        length += part.len() + separator.len();
        parts.push(part);
    }
    if length > LARGEST { Err(too_large()) } else { Ok(Value::string(parts.join(separator))) }
}

/// The text between quotes, with what cannot be seen as escapes.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x0b' => out.push_str("\\v"),
            '\\' | '"' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
