//! Carries the origins of a function's arguments over to its result, by finding the one's text in
//! the other.
//!
//! Most text functions (`quote`, `printf`, `indent`, `trimSuffix`, `default`, …) leave long pieces of
//! their arguments as they were; where nothing is found again, all arguments took part.

use std::rc::Rc;

use super::{Origin, Segment};

/// An argument with known origins.
pub(super) struct Known<'a> {
    pub text: &'a [u8],
    pub segments: &'a [Segment],
}

/// The segments of `result`.
pub(super) fn align(result: &[u8], arguments: &[Known<'_>], fallback: &Origin) -> Vec<Segment> {
    let mut found = Vec::new();
    let mut cursor = 0;
    for argument in arguments {
        cursor = find(result, cursor, argument, &mut found);
    }
    if found.is_empty() {
        cut(result, arguments, &mut found);
    }
    if found.is_empty() {
        return vec![whole(result, arguments, fallback)];
    }
    found.sort_by_key(|segment: &Segment| segment.start);
    found
}

/// Finds an argument's text in the result, whole or line by line; gives the place after it.
fn find(result: &[u8], from: usize, argument: &Known<'_>, found: &mut Vec<Segment>) -> usize {
    let rest = result.get(from..).unwrap_or_default();
    if argument.text.is_empty() {
        return from;
    }
    if let Some(at) = memchr::memmem::find(rest, argument.text) {
        shift(argument.segments, 0..argument.text.len(), from + at, found);
        return from + at + argument.text.len();
    }
    let mut cursor = from;
    let mut start = 0;
    for line in argument.text.split_inclusive(|byte| *byte == b'\n') {
        let text = line.trim_ascii();
        let lead = line.len() - line.trim_ascii_start().len();
        let rest = result.get(cursor..).unwrap_or_default();
        if let Some(at) = memchr::memmem::find(rest, text).filter(|_| !text.is_empty()) {
            let range = start + lead..start + lead + text.len();
            shift(argument.segments, range, cursor + at, found);
            cursor += at + text.len();
        }
        start += line.len();
    }
    cursor
}

/// The result is a piece of the only argument (`trunc`, `trim`).
fn cut(result: &[u8], arguments: &[Known<'_>], found: &mut Vec<Segment>) {
    if let [argument] = arguments
        && !result.is_empty()
        && let Some(at) = memchr::memmem::find(argument.text, result)
    {
        shift(argument.segments, at..at + result.len(), 0, found);
    }
}

/// The segments within `range`, moved so that its start comes to stand at `to`.
pub(super) fn shift(
    segments: &[Segment],
    range: std::ops::Range<usize>,
    to: usize,
    found: &mut Vec<Segment>,
) {
    let inside = segments.iter().filter(|s| s.start < range.end && s.end > range.start);
    found.extend(inside.map(|segment| Segment {
        start: to + segment.start.max(range.start) - range.start,
        end: to + segment.end.min(range.end) - range.start,
        origin: Rc::clone(&segment.origin),
    }));
}

fn whole(result: &[u8], arguments: &[Known<'_>], fallback: &Origin) -> Segment {
    let mut origin = fallback.clone();
    let parts = arguments.iter().flat_map(|argument| argument.segments);
    for (path, certainty) in parts.flat_map(|segment| &segment.origin.values) {
        if !origin.values.iter().any(|(known, _)| known == path) {
            origin.values.push((path.clone(), certainty.once_used()));
        }
    }
    Segment { start: 0, end: result.len(), origin: Rc::new(origin) }
}
