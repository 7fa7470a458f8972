//! Replacing matches, and Go's templates for what takes their place: `$1`, `${name}`, `$$`.

use std::rc::Rc;

use gotmpl::function::{Call, Failure};
use gotmpl::value::Value;
use regex::bytes::Captures;

use super::Pattern;
use crate::bounds;
use crate::runes;
use crate::strings::text;
use strconv::category;

/// `ReplaceAllString`.
pub fn expanding(call: &mut Call<'_, '_>, pattern: &Rc<Pattern>) -> Result<Value, Failure> {
    let replacement = call.text(2);
    if !replacement.contains(&b'$') {
        return literally(call, pattern);
    }
    let bytes = call.text(1);
    replace(call, pattern, Groups::Wanted, |out, at| {
        if let Some(captures) = pattern.regex.captures_at(bytes, at) {
            expand(out, replacement, &captures, &pattern.names);
        }
    })
}

/// `ReplaceAllLiteralString`.
pub fn literally(call: &mut Call<'_, '_>, pattern: &Rc<Pattern>) -> Result<Value, Failure> {
    let replacement = call.text(2);
    replace(call, pattern, Groups::Ignored, |out, _| out.extend_from_slice(replacement))
}

/// Whether what takes a match's place needs its groups.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Groups {
    Wanted,
    Ignored,
}

/// Go's replacing walk: no empty match right after another, one rune on after each. Each match is
/// given to `append` by where its search began.
fn replace(
    call: &mut Call<'_, '_>,
    pattern: &Rc<Pattern>,
    groups: Groups,
    mut append: impl FnMut(&mut Vec<u8>, usize),
) -> Result<Value, Failure> {
    let bytes = call.text(1);
    let mut meter = pattern.effort.meter(call.machine, bytes)?;
    let mut out = Vec::with_capacity(bytes.len());
    let (mut last_end, mut at) = (0, 0);
    let mut replaced = false;
    while at <= bytes.len() {
        meter.look(call.machine, at)?;
        let Some(found) = pattern.regex.find_at(bytes, at) else { break };
        out.extend_from_slice(&bytes[last_end..found.start()]);
        if found.end() > last_end || found.start() == 0 {
            if groups == Groups::Wanted {
                meter.groups(call.machine, found.len())?;
            }
            append(&mut out, at);
            replaced = true;
            bounds::check_text(Some(out.len()))?;
        }
        last_end = found.end();
        let width = runes::first(&bytes[at..]).map_or(0, |(_, width)| width);
        at = if at + width > last_end { at + width } else { last_end.max(at + 1) };
    }
    if !replaced {
        return Ok(call.any(1).clone());
    }
    out.extend_from_slice(&bytes[last_end..]);
    Ok(text(out))
}

/// Appends the template with its variables replaced by groups.
fn expand(out: &mut Vec<u8>, mut template: &[u8], captures: &Captures<'_>, names: &[String]) {
    while let Some(dollar) = memchr::memchr(b'$', template) {
        out.extend_from_slice(&template[..dollar]);
        template = &template[dollar + 1..];
        if let Some(rest) = template.strip_prefix(b"$") {
            out.push(b'$');
            template = rest;
            continue;
        }
        let Some((name, rest)) = variable(template) else {
            // No variable: Go keeps the dollar.
            out.push(b'$');
            continue;
        };
        template = rest;
        let group = match number(name) {
            Some(number) => captures.get(number),
            None => names
                .iter()
                .enumerate()
                .filter(|(_, candidate)| candidate.as_bytes() == name)
                .find_map(|(index, _)| captures.get(index)),
        };
        if let Some(group) = group {
            out.extend_from_slice(group.as_bytes());
        }
    }
    out.extend_from_slice(template);
}

/// The name after a dollar and what follows it; the longest run of letters, digits and underscores.
fn variable(template: &[u8]) -> Option<(&[u8], &[u8])> {
    let (body, braced) = match template.strip_prefix(b"{") {
        Some(body) => (body, true),
        None => (template, false),
    };
    let mut end = 0;
    while let Some((rune, width)) = runes::first(&body[end..]) {
        if !(rune == '_' || category::is_letter(rune) || category::is_digit(rune)) {
            break;
        }
        end += width;
    }
    let (name, rest) = body.split_at(end);
    let rest = if braced { rest.strip_prefix(b"}")? } else { rest };
    (end > 0).then_some((name, rest))
}

/// The group's number, when the name is one without leading zeros.
fn number(name: &[u8]) -> Option<usize> {
    if name.len() > 1 && name[0] == b'0' || name.len() > 9 {
        return None;
    }
    std::str::from_utf8(name).ok()?.bytes().try_fold(0, |number, byte| {
        byte.is_ascii_digit().then(|| number * 10 + usize::from(byte - b'0'))
    })
}
