//! File name patterns as Go's `path/filepath.Match` has them: `*`, `?`, `[a-z]`, `[^a-z]`, `\`.
//!
//! Not here: `**` and braces, which this language does not know.

/// A pattern that is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("syntax error in pattern")]
pub struct BadPattern;

/// Whether the whole of `name` matches. The whole pattern is checked even where a mismatch is
/// clear early. Time is bounded by the product of the lengths: no star is ever taken back once a
/// later one is reached.
pub fn matches(pattern: &[u8], name: &[u8]) -> Result<bool, BadPattern> {
    let (mut pattern, mut name) = (pattern, name);
    'chunks: while !pattern.is_empty() {
        let (star, chunk, rest) = next_chunk(pattern);
        pattern = rest;
        if star && chunk.is_empty() {
            return Ok(!name.contains(&b'/'));
        }
        if let Some(left) = match_chunk(chunk, name)?
            && (left.is_empty() || !pattern.is_empty())
        {
            name = left;
            continue;
        }
        if star {
            for skipped in 1..=name.len() {
                if name[skipped - 1] == b'/' {
                    break;
                }
                if let Some(left) = match_chunk(chunk, &name[skipped..])? {
                    if pattern.is_empty() && !left.is_empty() {
                        continue;
                    }
                    name = left;
                    continue 'chunks;
                }
            }
        }
        while !pattern.is_empty() {
            let (_, chunk, rest) = next_chunk(pattern);
            match_chunk(chunk, b"")?;
            pattern = rest;
        }
        return Ok(false);
    }
    Ok(name.is_empty())
}

/// The next stretch without a star, whether stars stand before it, and what follows it.
fn next_chunk(pattern: &[u8]) -> (bool, &[u8], &[u8]) {
    let stars = pattern.iter().take_while(|&&b| b == b'*').count();
    let pattern = &pattern[stars..];
    let mut in_class = false;
    let mut at = 0;
    while let Some(&byte) = pattern.get(at) {
        match byte {
            b'\\' if at + 1 < pattern.len() => at += 1,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'*' if !in_class => break,
            _ => {}
        }
        at += 1;
    }
    let (chunk, rest) = pattern.split_at(at);
    (stars > 0, chunk, rest)
}

/// Matches the start of `text` and gives what is left of it.
fn match_chunk<'t>(mut chunk: &[u8], text: &'t [u8]) -> Result<Option<&'t [u8]>, BadPattern> {
    let mut text = Some(text);
    while let Some(&first) = chunk.first() {
        let current = text.filter(|text| !text.is_empty());
        match first {
            b'[' => {
                let (rune, rest) = current.map_or((None, None), |text| {
                    let (rune, size) = first_rune(text);
                    (Some(rune), Some(&text[size..]))
                });
                let (hit, after) = match_class(&chunk[1..], rune)?;
                chunk = after;
                text = if hit { rest } else { None };
            }
            b'?' => {
                text =
                    current.filter(|text| text[0] != b'/').map(|text| &text[first_rune(text).1..]);
                chunk = &chunk[1..];
            }
            _ => {
                if first == b'\\' {
                    chunk = &chunk[1..];
                }
                let &wanted = chunk.first().ok_or(BadPattern)?;
                text = current.filter(|text| text[0] == wanted).map(|text| &text[1..]);
                chunk = &chunk[1..];
            }
        }
    }
    Ok(text)
}

/// Reads a class up to its `]` and says whether it holds `rune`.
fn match_class(mut chunk: &[u8], rune: Option<u32>) -> Result<(bool, &[u8]), BadPattern> {
    let negated = chunk.first() == Some(&b'^');
    if negated {
        chunk = &chunk[1..];
    }
    let mut hit = false;
    let mut ranges = 0_usize;
    loop {
        if chunk.first() == Some(&b']') && ranges > 0 {
            let found = rune.is_some() && hit != negated;
            return Ok((found, &chunk[1..]));
        }
        let (low, rest) = class_rune(chunk)?;
        let (high, rest) = if rest[0] == b'-' { class_rune(&rest[1..])? } else { (low, rest) };
        chunk = rest;
        hit |= rune.is_some_and(|rune| (low..=high).contains(&rune));
        ranges += 1;
    }
}

/// One character of a class; something must follow it.
fn class_rune(chunk: &[u8]) -> Result<(u32, &[u8]), BadPattern> {
    let chunk = match chunk.first() {
        None | Some(b'-' | b']') => return Err(BadPattern),
        Some(b'\\') => &chunk[1..],
        Some(_) => chunk,
    };
    if chunk.is_empty() {
        return Err(BadPattern);
    }
    let (rune, size) = first_rune(chunk);
    let rest = &chunk[size..];
    if (rune == REPLACEMENT && size == 1) || rest.is_empty() {
        return Err(BadPattern);
    }
    Ok((rune, rest))
}

const REPLACEMENT: u32 = 0xFFFD;

/// The first character of a non-empty text and its length; U+FFFD of length one where it is not
/// UTF-8.
fn first_rune(text: &[u8]) -> (u32, usize) {
    let longest = text.len().min(4);
    for size in 1..=longest {
        if let Ok(valid) = std::str::from_utf8(&text[..size])
            && let Some(rune) = valid.chars().next()
        {
            return (rune as u32, size);
        }
    }
    (REPLACEMENT, 1)
}
