//! Text: trimming, replacing, searching, repeating, indenting, wrapping.
//!
//! Cutting to a length is in `cutting`, upper and lower case in `casing`, values as text in
//! `printing`.

use gotmpl::function::{Call, Failure, Function, Param, Words};
use gotmpl::value::{Str, Value};
use memchr::memmem;

use crate::{bounds, runes};

const ONE: &[Param] = &[Param::Str];
const TWO: &[Param] = &[Param::Str, Param::Str];
const NUMBER_AND_TEXT: &[Param] = &[Param::Int, Param::Str];

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[
    Function::pure("contains", TWO, |call| {
        Ok(Value::Bool(memmem::find(call.text(1), call.text(0)).is_some()))
    }),
    Function::pure("hasPrefix", TWO, |call| {
        Ok(Value::Bool(call.text(1).starts_with(call.text(0))))
    }),
    Function::pure("hasSuffix", TWO, |call| Ok(Value::Bool(call.text(1).ends_with(call.text(0))))),
    Function::pure("hello", &[], |_| Ok(Value::from("Hello!"))),
    Function::pure("indent", NUMBER_AND_TEXT, |call| indent(call, false)).with_words(Words::Kept),
    Function::pure("nindent", NUMBER_AND_TEXT, |call| indent(call, true)).with_words(Words::Kept),
    Function::pure("nospace", ONE, nospace),
    Function::pure("plural", &[Param::Str, Param::Str, Param::Int], |call| {
        Ok(call.any(usize::from(call.int(2) != 1)).clone())
    }),
    Function::pure("repeat", NUMBER_AND_TEXT, repeat),
    Function::pure("replace", &[Param::Str, Param::Str, Param::Str], replace),
    Function::pure("trim", ONE, |call| part(call, 0, trim_space(call.text(0))))
        .with_words(Words::Kept),
    Function::pure("trimAll", TWO, trim_all),
    Function::pure("trimPrefix", TWO, |call| {
        let text = call.text(1);
        part(call, 1, text.strip_prefix(call.text(0)).unwrap_or(text))
    }),
    Function::pure("trimSuffix", TWO, |call| {
        let text = call.text(1);
        part(call, 1, text.strip_suffix(call.text(0)).unwrap_or(text))
    }),
    Function::pure("trimall", TWO, trim_all),
    Function::pure("wrap", NUMBER_AND_TEXT, |call| {
        wrap(call.text(1), call.int(0), b"\n", false).map(text)
    }),
    Function::pure("wrapWith", &[Param::Int, Param::Str, Param::Str], |call| {
        let separator = call.text(1);
        let separator = if separator.is_empty() { b"\n" } else { separator };
        wrap(call.text(2), call.int(0), separator, true).map(text)
    }),
];

/// A text as a value.
pub(crate) fn text(bytes: impl Into<Str>) -> Value {
    Value::Str(bytes.into())
}

/// A part of the text at `index`: the same string when it is the whole.
pub(crate) fn part(call: &Call<'_, '_>, index: usize, part: &[u8]) -> Result<Value, Failure> {
    let whole = call.any(index);
    Ok(if part.len() == call.text(index).len() { whole.clone() } else { text(part) })
}

/// `strings.TrimSpace`.
pub(crate) fn trim_space(bytes: &[u8]) -> &[u8] {
    // The quick way for nearly all there is.
    let mut bytes = bytes.trim_ascii();
    while let Some((rune, width)) = runes::first(bytes).filter(|(rune, _)| runes::is_space(*rune)) {
        debug_assert!(rune.len_utf8() == width);
        bytes = &bytes[width..];
    }
    while let Some((_, width)) = runes::last(bytes).filter(|(rune, _)| runes::is_space(*rune)) {
        bytes = &bytes[..bytes.len() - width];
    }
    bytes
}

fn trim_all(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let cutset: Vec<char> = runes::all(call.text(0)).collect();
    let mut bytes = call.text(1);
    while let Some((_, width)) = runes::first(bytes).filter(|(rune, _)| cutset.contains(rune)) {
        bytes = &bytes[width..];
    }
    while let Some((_, width)) = runes::last(bytes).filter(|(rune, _)| cutset.contains(rune)) {
        bytes = &bytes[..bytes.len() - width];
    }
    part(call, 1, bytes)
}

fn indent(call: &mut Call<'_, '_>, on_new_line: bool) -> Result<Value, Failure> {
    let bytes = call.text(1);
    let spaces = repeat_count(call.int(0))?;
    let lines = memchr::memchr_iter(b'\n', bytes).count() + 1;
    let pads = spaces.checked_mul(lines);
    let first = usize::from(on_new_line);
    let size = bounds::check_text(pads.and_then(|pads| pads.checked_add(bytes.len() + first)))?;
    let mut out = vec![b' '; size];
    out[..first].fill(b'\n');
    let mut at = first;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        at += spaces;
        out[at..at + line.len()].copy_from_slice(line);
        at += line.len();
    }
    Ok(text(out))
}

fn repeat_count(count: i64) -> Result<usize, Failure> {
    usize::try_from(count).map_err(|_| Failure::new("strings: negative Repeat count"))
}

fn repeat(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let bytes = call.text(1);
    let count = repeat_count(call.int(0))?;
    bounds::check_text(bytes.len().checked_mul(count))?;
    Ok(if bytes.is_empty() { text(&b""[..]) } else { text(bytes.repeat(count)) })
}

/// `strings.ReplaceAll`; an empty `old` stands before every rune and at the end.
fn replace(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let (old, new, bytes) = (call.text(0), call.text(1), call.text(2));
    let count = if old.is_empty() {
        runes::all(bytes).count() + 1
    } else {
        memmem::find_iter(bytes, old).count()
    };
    if count == 0 || old == new {
        return Ok(call.any(2).clone());
    }
    let size = bounds::check_text(count.checked_mul(new.len()).map(|size| size + bytes.len()))?;
    let mut out = Vec::with_capacity(size);
    let mut rest = bytes;
    if old.is_empty() {
        while let Some((_, width)) = runes::first(rest) {
            out.extend_from_slice(new);
            out.extend_from_slice(&rest[..width]);
            rest = &rest[width..];
        }
        out.extend_from_slice(new);
    } else {
        let mut start = 0;
        for found in memmem::find_iter(bytes, old) {
            out.extend_from_slice(&bytes[start..found]);
            out.extend_from_slice(new);
            start = found + old.len();
        }
        rest = &bytes[start..];
        out.extend_from_slice(rest);
    }
    Ok(text(out))
}

/// Go's goutils looks at bytes as if they were Latin-1 runes, and writes them as UTF-8 when it
/// removed any.
fn nospace(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let bytes = call.text(0);
    let kept: Vec<char> =
        bytes.iter().map(|&byte| char::from(byte)).filter(|&rune| !runes::is_space(rune)).collect();
    if kept.len() == bytes.len() {
        return Ok(call.any(0).clone());
    }
    Ok(text(kept.into_iter().collect::<String>()))
}

/// goutils' word wrapping: by bytes, at the last space that fits, long words broken or not.
fn wrap(bytes: &[u8], width: i64, newline: &[u8], break_words: bool) -> Result<Vec<u8>, Failure> {
    let width = usize::try_from(width.max(1)).unwrap_or(usize::MAX);
    let lines = bytes.len() / width + 1;
    bounds::check_text(lines.checked_mul(newline.len()))?;
    let mut out = Vec::with_capacity(bytes.len() + lines);
    let mut offset = 0;
    while bytes.len() - offset > width {
        if bytes[offset] == b' ' {
            offset += 1;
            continue;
        }
        let space = memchr::memrchr(b' ', &bytes[offset..=offset + width]).map(|at| offset + at);
        let (end, next) = if let Some(space) = space {
            (space, space + 1)
        } else if break_words {
            (offset + width, offset + width)
        } else if let Some(at) = memchr::memchr(b' ', &bytes[offset + width..]) {
            (offset + width + at, offset + width + at + 1)
        } else {
            break;
        };
        out.extend_from_slice(&bytes[offset..end]);
        out.extend_from_slice(newline);
        bounds::check_text(Some(out.len()))?;
        offset = next;
    }
    out.extend_from_slice(&bytes[offset..]);
    Ok(out)
}
