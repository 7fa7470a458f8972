//! Cutting text to a length, and taking it apart at a separator.

use gotmpl::function::{Call, Failure, Function, Param};
use gotmpl::value::{List, Map, MapType, Str, Value};
use memchr::memmem;

use crate::strings::{part, text};
use crate::{bounds, runes};

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[
    Function::pure("abbrev", &[Param::Int, Param::Str], |call| {
        let width = call.int(0);
        if width < 4 {
            return Ok(call.any(1).clone());
        }
        Ok(text(abbreviate(call.text(1), 0, width)))
    }),
    Function::pure("abbrevboth", &[Param::Int, Param::Int, Param::Str], |call| {
        let (left, right) = (call.int(0), call.int(1));
        if right < 4 || left > 0 && right < 7 {
            return Ok(call.any(2).clone());
        }
        Ok(text(abbreviate(call.text(2), left, right)))
    }),
    Function::pure("initials", &[Param::Str], initials),
    Function::pure("split", &[Param::Str, Param::Str], |call| {
        Ok(numbered(split(call.text(1), call.text(0), -1)?))
    }),
    Function::pure("splitList", &[Param::Str, Param::Str], |call| {
        Ok(List::strings(split(call.text(1), call.text(0), -1)?).into())
    }),
    Function::pure("splitn", &[Param::Str, Param::Int, Param::Str], |call| {
        Ok(numbered(split(call.text(2), call.text(0), call.int(1))?))
    }),
    Function::pure("substr", &[Param::Int, Param::Int, Param::Str], substr),
    Function::pure("trunc", &[Param::Int, Param::Str], trunc),
];

fn trunc(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let (count, bytes) = (call.int(0), call.text(1));
    let length = bytes.len() as i64;
    let kept = if count < 0 && length.saturating_add(count) > 0 {
        &bytes[(length + count) as usize..]
    } else if count >= 0 && length > count {
        &bytes[..count as usize]
    } else {
        bytes
    };
    part(call, 1, kept)
}

fn substr(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let (start, end, bytes) = (call.int(0), call.int(1), call.text(2));
    let kept = if start < 0 {
        bounds::slice_text(bytes, None, Some(end))?
    } else if end < 0 || end > bytes.len() as i64 {
        if start > bytes.len() as i64 {
            let length = bytes.len();
            return Err(Failure::new(format!(
                "runtime error: slice bounds out of range [{start}:{length}]"
            )));
        }
        &bytes[start as usize..]
    } else {
        bounds::slice_text(bytes, Some(start), Some(end))?
    };
    part(call, 2, kept)
}

/// goutils' abbreviation with an ellipsis at the end, or at both ends with an offset. It works on
/// bytes; where it reports an error, Sprig drops the error and keeps the empty result.
fn abbreviate(bytes: &[u8], offset: i64, width: i64) -> Vec<u8> {
    let length = bytes.len() as i64;
    if length <= width {
        return bytes.to_vec();
    }
    let mut offset = offset.min(length);
    if length - offset < width - 3 {
        offset = length - (width - 3);
    }
    if offset <= 4 {
        return [&bytes[..(width - 3) as usize], b"..."].concat();
    }
    if width < 7 {
        return Vec::new();
    }
    if offset + width - 3 < length {
        let inner = abbreviate(&bytes[offset as usize..], 0, width - 3);
        return [&b"..."[..], &inner].concat();
    }
    [b"...", &bytes[(length - (width - 3)) as usize..]].concat()
}

/// The first byte of each word, each byte taken for a Latin-1 rune as goutils does.
fn initials(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let mut out = String::new();
    let mut after_gap = true;
    for rune in call.text(0).iter().map(|&byte| char::from(byte)) {
        if runes::is_space(rune) {
            after_gap = true;
        } else if std::mem::take(&mut after_gap) {
            out.push(rune);
        }
    }
    Ok(text(out))
}

/// `strings.SplitN`: at most `limit` parts, all when it is negative; each rune for itself when the
/// separator is empty.
fn split(bytes: &[u8], separator: &[u8], limit: i64) -> Result<Vec<Str>, Failure> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut parts: Vec<Str> = Vec::new();
    if limit == 0 || separator.is_empty() && bytes.is_empty() {
        return Ok(parts);
    }
    let mut start = 0;
    while parts.len() + 1 < limit {
        let rest = &bytes[start..];
        let (end, next) = if separator.is_empty() {
            match runes::first(rest) {
                Some((_, width)) if width < rest.len() => (width, width),
                _ => break,
            }
        } else {
            match memmem::find(rest, separator) {
                Some(at) => (at, at + separator.len()),
                None => break,
            }
        };
        parts.push(rest[..end].into());
        start += next;
        if parts.len() > bounds::MAX_ELEMENTS {
            return Err(Failure::new("the text has too many parts"));
        }
    }
    parts.push(bytes[start..].into());
    Ok(parts)
}

/// The parts under the keys `_0`, `_1`, …
fn numbered(parts: Vec<Str>) -> Value {
    let entry = |(index, part)| (Str::from(format!("_{index}")), Value::Str(part));
    Map::typed(&MapType::STRINGS, parts.into_iter().enumerate().map(entry).collect()).into()
}
