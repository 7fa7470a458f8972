//! Classes in brackets, taken apart item by item: in Go's, nothing but `]`, `\`, `-` and `[:name:]`
//! means anything.

use super::super::parse_error;
use super::escape;

/// The names that may stand in `[:name:]`.
const POSIX: &[&str] = &[
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];

/// Translates the class at the beginning of `text`, and returns what follows it.
pub fn translate<'source>(text: &'source str, out: &mut String) -> Result<&'source str, String> {
    let mut rest = &text[1..];
    out.push('[');
    if let Some(tail) = rest.strip_prefix('^') {
        out.push('^');
        rest = tail;
    }
    let mut first = true;
    while first || !rest.starts_with(']') {
        first = false;
        if let Some(tail) = named(rest, out)? {
            rest = tail;
            continue;
        }
        if rest.starts_with('\\')
            && let Some(tail) = escape::class(rest, out)?
        {
            rest = tail;
            continue;
        }
        rest = range(text, rest, out)?;
    }
    out.push(']');
    Ok(&rest[1..])
}

/// `[:alpha:]` or `[:^alpha:]`; nothing when it is not of that form.
fn named<'source>(text: &'source str, out: &mut String) -> Result<Option<&'source str>, String> {
    let Some(inner) = text.strip_prefix("[:") else { return Ok(None) };
    let Some(end) = inner.find(":]") else { return Ok(None) };
    let name = &inner[..end];
    let (sequence, rest) = text.split_at(end + 4);
    if !POSIX.contains(&name.strip_prefix('^').unwrap_or(name)) {
        return Err(parse_error("invalid character class range", sequence));
    }
    out.push_str(sequence);
    Ok(Some(rest))
}

/// A rune or a range of them.
fn range<'source>(
    class: &str,
    text: &'source str,
    out: &mut String,
) -> Result<&'source str, String> {
    let (low, mut rest) = rune(class, text)?;
    escape::append_literal(out, low);
    let Some(tail) = rest.strip_prefix('-').filter(|tail| !tail.starts_with(']')) else {
        return Ok(rest);
    };
    if tail.is_empty() {
        return Ok(rest);
    }
    let (high, tail) = rune(class, tail)?;
    if high < low {
        let sequence = &text[..text.len() - tail.len()];
        return Err(parse_error("invalid character class range", sequence));
    }
    out.push('-');
    escape::append_literal(out, high);
    rest = tail;
    Ok(rest)
}

fn rune<'source>(class: &str, text: &'source str) -> Result<(char, &'source str), String> {
    match text.chars().next() {
        None => Err(parse_error("missing closing ]", class)),
        Some('\\') => escape::rune(text),
        Some(first) => Ok((first, &text[first.len_utf8()..])),
    }
}
