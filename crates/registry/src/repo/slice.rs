//! One chart's part of a large index, cut out by its lines.
//!
//! Public indexes hold thousands of versions of hundreds of charts in tens of megabytes; one chart
//! is wanted. Indexes are written by programs in block style, where the charts' names are the lines
//! at one indentation below `entries:`. Where a file looks otherwise, nothing is cut out and the
//! caller reads the whole: the result is the same, only later.

use memchr::{memchr, memmem};

/// A document with the named chart's entry only; nothing when in doubt.
pub fn cut_out(index: &[u8], chart: &str) -> Option<Vec<u8>> {
    let mut found: Option<(usize, usize)> = None;
    let keys = keys(index)?;
    for (number, key) in keys.iter().enumerate() {
        if key.name == chart.as_bytes() {
            let end = keys.get(number + 1).map_or(key.block_end, |next| next.start);
            // A name that comes twice is an error, which the full reader words.
            if found.replace((key.start, end)).is_some() {
                return None;
            }
        }
    }
    let (start, end) = found?;
    let mut document = b"apiVersion: v1\nentries:\n".to_vec();
    document.extend_from_slice(index.get(start..end)?);
    Some(document)
}

/// The names of all charts; nothing when in doubt.
pub fn names(index: &[u8]) -> Option<Vec<String>> {
    let keys = keys(index)?;
    keys.iter().map(|key| std::str::from_utf8(key.name).ok().map(ToOwned::to_owned)).collect()
}

struct Key<'a> {
    name: &'a [u8],
    /// Where its line begins.
    start: usize,
    /// Where the block of all charts ends.
    block_end: usize,
}

fn keys(index: &[u8]) -> Option<Vec<Key<'_>>> {
    let has_version =
        index.starts_with(b"apiVersion:") || memmem::find(index, b"\napiVersion:").is_some();
    let (begin, end) = entries_block(index)?;
    if !has_version {
        return None;
    }
    let mut keys = Vec::new();
    let mut indent = None;
    for (start, line) in lines(index, begin, end) {
        let depth = line.iter().position(|byte| *byte != b' ').unwrap_or(line.len());
        let rest = line.get(depth..)?;
        match rest.first() {
            None | Some(b'#' | b'\r') => continue,
            // Tabs, flow style, anchors, tags and explicit keys are not what programs write here.
            Some(b'\t' | b'{' | b'[' | b'&' | b'!' | b'?' | b'*') if indent.is_none() => {
                return None;
            }
            _ => {}
        }
        let indent = *indent.get_or_insert(depth);
        if depth < indent || indent == 0 {
            return None;
        }
        if depth > indent || rest.first() == Some(&b'-') {
            continue;
        }
        let name = rest.trim_ascii_end().strip_suffix(b":")?;
        let plain = name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte));
        if !plain {
            return None;
        }
        keys.push(Key { name, start, block_end: end });
    }
    Some(keys)
}

/// The bytes below `entries:`, up to the next line that begins in the first column.
fn entries_block(index: &[u8]) -> Option<(usize, usize)> {
    let mut begin = None;
    for (start, line) in lines(index, 0, index.len()) {
        match (begin, line.first()) {
            (None, Some(b'e')) if line.trim_ascii_end() == b"entries:" => {
                begin = Some(start + line.len() + 1);
            }
            (Some(begin), Some(first)) if !matches!(first, b' ' | b'#' | b'\r') => {
                return Some((begin, start));
            }
            _ => {}
        }
    }
    begin.map(|begin| (begin.min(index.len()), index.len()))
}

/// The lines of a part of a text, each with where it begins and without its end.
fn lines(text: &[u8], from: usize, to: usize) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = from;
    std::iter::from_fn(move || {
        let rest = text.get(at..to).filter(|rest| !rest.is_empty())?;
        let length = memchr(b'\n', rest).unwrap_or(rest.len());
        let start = at;
        at += length + 1;
        Some((start, &rest[..length]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const INDEX: &[u8] = b"apiVersion: v1\nentries:\n  a:\n  - version: 1.0.0\n    description: |\n      b:\n  b:\n  - version: 2.0.0\n\n  # c\n  c-d:\n  - version: 3.0.0\ngenerated: now\n";

    #[test]
    fn cuts_one_chart() {
        let expected = b"apiVersion: v1\nentries:\n  b:\n  - version: 2.0.0\n\n  # c\n";
        assert_eq!(cut_out(INDEX, "b").as_deref(), Some(&expected[..]));
        assert_eq!(cut_out(INDEX, "x"), None);
        assert_eq!(names(INDEX).unwrap(), ["a", "b", "c-d"]);
    }

    #[test]
    fn gives_up_when_in_doubt() {
        for index in [
            "entries:\n  a:\n  - version: 1\n",
            "apiVersion: v1\nentries: {a: [{version: 1}]}\n",
            "apiVersion: v1\nentries:\n  \"a b\":\n  - version: 1\n",
            "apiVersion: v1\nentries:\n  a: [{version: 1}]\n",
            "apiVersion: v1\nentries:\n  a:\n  - version: 1\n  a:\n  - version: 2\n",
            "apiVersion: v1\nentries:\n    a:\n    - version: 1\n  b:\n  - version: 2\n",
            "{}",
            "",
        ] {
            assert_eq!(cut_out(index.as_bytes(), "a"), None, "{index}");
        }
    }
}
