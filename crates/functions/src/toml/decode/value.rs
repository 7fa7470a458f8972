//! Single values of TOML: texts, numbers, dates.

use gotmpl::rune;
use gotmpl::value::{Str, Value};
use strconv::Fault;

use super::table::Node;
use super::{Item, Kind, Parser, SyntaxError};
use crate::time::{self, Zone};
use crate::toml::{LOCAL_DATE, LOCAL_DATETIME, LOCAL_TIME};

impl Parser<'_> {
    /// The value that an item is or begins.
    pub(super) fn value(&mut self, item: &Item<'_>, in_array: bool) -> Result<Node, SyntaxError> {
        Ok(Node::Leaf(match item.kind {
            Kind::Array => return self.array(item),
            Kind::InlineTableStart => return self.inline_table(item, in_array),
            Kind::Integer => self.integer(item)?,
            Kind::Float => self.float(item)?,
            Kind::Datetime => self.datetime(item)?,
            Kind::Bool => Value::Bool(item.text == b"true"),
            _ => Value::Str(self.text(item)?),
        }))
    }

    /// The text that an item in quotes, or a bare part of a key, stands for.
    pub(super) fn text(&self, item: &Item<'_>) -> Result<Str, SyntaxError> {
        Ok(match item.kind {
            Kind::Escaped => self.unescape(item, item.text)?.into(),
            Kind::Multiline => {
                let text = join_escaped_lines(without_first_break(item.text));
                self.unescape(item, &text)?.into()
            }
            Kind::RawMultiline => without_first_break(item.text).into(),
            _ => item.text.into(),
        })
    }

    fn unescape(&self, item: &Item<'_>, text: &[u8]) -> Result<Vec<u8>, SyntaxError> {
        let mut out = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = memchr::memchr(b'\\', rest) {
            out.extend_from_slice(&rest[..at]);
            rest = &rest[at + 1..];
            let letter = rest.first().copied().unwrap_or(b' ');
            let digits = match letter {
                b'x' => 2,
                b'u' => 4,
                b'U' => 8,
                _ => 0,
            };
            match letter {
                b'b' => out.push(0x08),
                b't' => out.push(b'\t'),
                b'n' => out.push(b'\n'),
                b'f' => out.push(0x0C),
                b'r' => out.push(b'\r'),
                b'e' => out.push(0x1B),
                b'"' | b'\\' => out.push(letter),
                b'x' | b'u' | b'U' => {
                    let code = String::from_utf8_lossy(rest.get(1..=digits).unwrap_or_default());
                    let number = u32::from_str_radix(&code, 16).ok();
                    let Some(found) = number.and_then(char::from_u32) else {
                        let message = format!("Escaped character '\\u{code}' is not valid UTF-8.");
                        return Err(self.fault(item.line, message));
                    };
                    rune::push(&mut out, found);
                }
                blank => {
                    let blank = char::from(blank);
                    return Err(self.fault(item.line, format!("invalid escape: '\\{blank}'")));
                }
            }
            rest = rest.get(1 + digits..).unwrap_or_default();
        }
        out.extend_from_slice(rest);
        Ok(out)
    }

    fn integer(&self, item: &Item<'_>) -> Result<Value, SyntaxError> {
        let shown = strconv::quote(item.text);
        let fail = |message: String| Err(self.fault(item.line, message));
        if !underscores_fit(item.text) {
            return fail(format!(
                "Invalid integer {shown}: underscores must be surrounded by digits"
            ));
        }
        if has_leading_zero(item.text) {
            return fail(format!("Invalid integer {shown}: cannot have leading zeroes"));
        }
        match strconv::parse_int(item.text, 0, 64) {
            Ok(number) => Ok(Value::Int64(number)),
            Err(_) => {
                let shown = String::from_utf8_lossy(item.text);
                fail(format!("{shown} is out of range for int64"))
            }
        }
    }

    fn float(&self, item: &Item<'_>) -> Result<Value, SyntaxError> {
        let literal = item.text;
        let shown = strconv::quote(literal);
        let fail = |message: String| Err(self.fault(item.line, message));
        let mut parts = literal.split(|byte| b".eE".contains(byte)).filter(|part| !part.is_empty());
        if !parts.clone().all(underscores_fit) {
            return fail(format!(
                "Invalid float {shown}: underscores must be surrounded by digits"
            ));
        }
        if parts.next().is_some_and(has_leading_zero) {
            return fail(format!("Invalid float {shown}: cannot have leading zeroes"));
        }
        let dangling = literal.windows(2).any(|pair| pair[0] == b'.' && !pair[1].is_ascii_digit());
        if dangling || literal.ends_with(b".") {
            return fail(format!(
                "Invalid float {shown}: '.' must be followed by one or more digits"
            ));
        }
        let plain: Vec<u8> = match literal {
            b"+nan" | b"-nan" => b"nan".to_vec(),
            _ => literal.iter().copied().filter(|byte| *byte != b'_').collect(),
        };
        match strconv::parse_float(&plain, 64) {
            Ok(number) if literal == b"-nan" => Ok(Value::Float64(-number)),
            Ok(number) => Ok(Value::Float64(number)),
            Err(Fault::Range) => {
                let shown = String::from_utf8_lossy(literal);
                fail(format!("{shown} is out of range for float64"))
            }
            Err(_) => fail(format!("Invalid float value: {shown}")),
        }
    }

    /// A date, a time, or both; what Go's library accepts as one, in the order in which it tries.
    fn datetime(&self, item: &Item<'_>) -> Result<Value, SyntaxError> {
        let replaced = |byte: &u8| match byte {
            b'z' => b'Z',
            b't' | b' ' => b'T',
            other => *other,
        };
        let literal: Vec<u8> = item.text.trim_ascii_end().iter().map(replaced).collect();
        for (layout, place) in DATETIMES {
            let local = place.map(local_zone);
            let zone = local.as_ref().unwrap_or(self.zone);
            if let Ok(time) = time::parse(layout, &literal, zone) {
                if missing_leading_zero(&literal, layout) {
                    break;
                }
                return Ok(time::time_value(time));
            }
        }
        let shown = strconv::quote(&literal);
        Err(self.fault(item.line, format!("invalid datetime: {shown}")))
    }
}

/// One line break after the opening quotes does not count.
fn without_first_break(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\n").or(text.strip_prefix(b"\r\n")).unwrap_or(text)
}

/// A backslash at the end of a line takes the white space after it away.
fn join_escaped_lines(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        let tail = &rest[at + 1..];
        let blanks = tail.iter().take_while(|byte| b" \t\r\n".contains(byte)).count();
        let (kept, next) = if tail.first() == Some(&b'\\') {
            (at + 2, at + 2)
        } else if tail[..blanks].contains(&b'\n') {
            (at, at + 1 + blanks)
        } else {
            (at + 1, at + 1)
        };
        out.extend_from_slice(&rest[..kept]);
        rest = &rest[next..];
    }
    out.extend_from_slice(rest);
    out
}

/// Layouts, each with the zone that stands for what the text leaves open; without one, the local.
const DATETIMES: [(&[u8], Option<&str>); 7] = [
    (b"2006-01-02T15:04:05.999999999Z07:00", None),
    (b"2006-01-02T15:04:05.999999999", Some(LOCAL_DATETIME)),
    (b"2006-01-02", Some(LOCAL_DATE)),
    (b"15:04:05.999999999", Some(LOCAL_TIME)),
    (b"2006-01-02T15:04Z07:00", None),
    (b"2006-01-02T15:04", Some(LOCAL_DATETIME)),
    (b"15:04", Some(LOCAL_TIME)),
];

/// Go shifts these by what the local clock is ahead today; here they are always at UTC, so that a
/// render does not depend on the day.
fn local_zone(name: &str) -> Zone {
    Zone::fixed(name, 0)
}

/// Go's `time.Parse` takes numbers without their zero, TOML does not: separators out of place show
/// it.
fn missing_leading_zero(text: &[u8], layout: &[u8]) -> bool {
    let fixed = layout.iter().take_while(|byte| !matches!(byte, b'.' | b'Z'));
    fixed.enumerate().any(|(at, byte)| !byte.is_ascii_digit() && text.get(at) != Some(byte))
}

fn has_leading_zero(literal: &[u8]) -> bool {
    match literal {
        [b'0', second, ..] => !matches!(second, b'b' | b'o' | b'x'),
        [b'-' | b'+', b'0', _, ..] => true,
        _ => false,
    }
}

/// Whether each underscore stands between digits, and a digit at the end.
fn underscores_fit(literal: &[u8]) -> bool {
    if matches!(literal, b"nan" | b"+nan" | b"-nan" | b"inf" | b"+inf" | b"-inf") {
        return true;
    }
    let mut accept = false;
    for byte in literal {
        if *byte == b'_' && !accept {
            return false;
        }
        accept = byte.is_ascii_hexdigit();
    }
    accept
}
