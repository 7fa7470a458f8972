//! Escapes: single runes, Perl's classes in their ASCII sense, Unicode's classes.

use std::fmt::Write as _;

use regex::Regex;

use super::super::parse_error;

/// Appends a rune so that it stands for itself, inside a class and outside.
pub fn append_literal(out: &mut String, rune: char) {
    if rune.is_ascii_alphanumeric() || rune == '_' || !rune.is_ascii() {
        out.push(rune);
    } else {
        // Writing to a string cannot fail.
        let _ = write!(out, "\\x{:02X}", u32::from(rune));
    }
}

/// Translates the escape at the beginning of `text`, and returns what follows it.
pub fn translate<'source>(text: &'source str, out: &mut String) -> Result<&'source str, String> {
    if let Some(rest) = class(text, out)? {
        return Ok(rest);
    }
    let (rune, rest) = rune(text)?;
    append_literal(out, rune);
    Ok(rest)
}

/// `\d`, `\pL` and their like, which may stand in brackets too; nothing for other escapes.
pub fn class<'source>(
    text: &'source str,
    out: &mut String,
) -> Result<Option<&'source str>, String> {
    let perl = match text.as_bytes().get(1) {
        Some(b'd') => "[0-9]",
        Some(b'D') => "[^0-9]",
        Some(b's') => r"[\t\n\x0C\r ]",
        Some(b'S') => r"[^\t\n\x0C\r ]",
        Some(b'w') => "[0-9A-Za-z_]",
        Some(b'W') => "[^0-9A-Za-z_]",
        Some(b'p' | b'P') => return unicode(text, out),
        _ => return Ok(None),
    };
    out.push_str(perl);
    Ok(Some(&text[2..]))
}

/// `\pL`, `\p{Greek}`, `\P{Greek}`, `\p{^Greek}`.
fn unicode<'source>(text: &'source str, out: &mut String) -> Result<Option<&'source str>, String> {
    let unknown = |sequence| Err(parse_error("invalid character class range", sequence));
    let Some(first) = text[2..].chars().next() else { return unknown(text) };
    let length = if first == '{' {
        match text.find('}') {
            Some(end) => end + 1,
            None => return unknown(text),
        }
    } else {
        2 + first.len_utf8()
    };
    let (sequence, rest) = text.split_at(length);
    let name = sequence[2..].trim_start_matches('{').trim_end_matches('}');
    let (name, inverted) = match name.strip_prefix('^') {
        Some(name) => (name, true),
        None => (name, false),
    };
    let negative = sequence.starts_with("\\P") != inverted;
    let translated = format!("\\{}{{{name}}}", if negative { 'P' } else { 'p' });
    let word = |rune: char| rune.is_ascii_alphanumeric() || rune == '_';
    if !name.chars().all(word) || Regex::new(&translated).is_err() {
        return unknown(sequence);
    }
    out.push_str(&translated);
    Ok(Some(rest))
}

/// The single rune that an escape stands for, and what follows.
pub fn rune(text: &str) -> Result<(char, &str), String> {
    let mut runes = text[1..].chars();
    let Some(first) = runes.next() else {
        return Err(parse_error("trailing backslash at end of expression", ""));
    };
    let code = match first {
        '0' => octal(first, &mut runes),
        '1'..='7' if runes.clone().next().is_some_and(|next| next.is_digit(8)) => {
            octal(first, &mut runes)
        }
        'x' => hexadecimal(&mut runes),
        'a' => Some(0x07),
        'f' => Some(0x0C),
        'n' => Some(0x0A),
        'r' => Some(0x0D),
        't' => Some(0x09),
        'v' => Some(0x0B),
        other if other.is_ascii() && !other.is_ascii_alphanumeric() => Some(u32::from(other)),
        _ => None,
    };
    let rest = runes.as_str();
    code.and_then(char::from_u32)
        .map(|rune| (rune, rest))
        .ok_or_else(|| parse_error("invalid escape sequence", &text[..text.len() - rest.len()]))
}

fn octal(first: char, runes: &mut std::str::Chars<'_>) -> Option<u32> {
    let mut code = first.to_digit(8)?;
    for _ in 0..2 {
        let Some(digit) = runes.clone().next().and_then(|next| next.to_digit(8)) else { break };
        runes.next();
        code = code * 8 + digit;
    }
    Some(code)
}

/// `x7F` or `x{10FFFF}`; the place is left where Go gives up.
fn hexadecimal(runes: &mut std::str::Chars<'_>) -> Option<u32> {
    let first = runes.next()?;
    if first != '{' {
        let high = first.to_digit(16);
        let low = runes.next().and_then(|rune| rune.to_digit(16));
        return Some(high? << 4 | low?);
    }
    let mut code = None;
    loop {
        let rune = runes.next()?;
        if rune == '}' {
            return code;
        }
        let digit = rune.to_digit(16)?;
        code = Some(code.unwrap_or(0) * 16 + digit).filter(|&code| code <= 0x10_FFFF);
        code?;
    }
}
