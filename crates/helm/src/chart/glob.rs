//! The patterns of `.Files.Glob`, as `gobwas/glob` reads them with `/` as separator: `*` and `?`
//! stop at a slash, `**` does not, `[a-z]`, `[!abc]`, `{this,that}`, `\` takes the next character
//! as it is.
//!
//! Not here: `.helmignore` and `--show-only`, whose patterns follow Go's `filepath.Match` (see
//! `pattern`). Matching keeps the set of places reached, so its time is bounded by the lengths of
//! pattern and path multiplied.

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::str::Chars;

/// A pattern.
#[derive(Debug)]
pub struct Glob {
    parts: Vec<Part>,
}

/// The text is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the pattern is not closed")]
pub struct BadGlob;

#[derive(Debug)]
enum Part {
    Text(String),
    One,
    Any,
    Super,
    OneOf { chars: String, not: bool },
    Range { from: char, to: char, not: bool },
    Alternatives(Vec<Vec<Part>>),
}

/// Nested braces: real patterns have one level; the bound keeps hostile ones off the stack.
const MAX_NESTING: usize = 32;

type Input<'t> = Peekable<Chars<'t>>;

impl Glob {
    /// Reads a pattern.
    ///
    /// The library takes a replacement character, and so every broken one, for an error, and a zero
    /// for the end.
    pub fn parse(text: &str) -> Result<Self, BadGlob> {
        let text = text.split('\0').next().unwrap_or_default();
        if text.contains(char::REPLACEMENT_CHARACTER) {
            return Err(BadGlob);
        }
        let mut input = text.chars().peekable();
        let (parts, _) = sequence(&mut input, 0)?;
        Ok(Self { parts })
    }

    /// Whether the whole path fits.
    pub fn matches(&self, path: &str) -> bool {
        let reached = advance(&self.parts, path, BTreeSet::from([0]));
        reached.contains(&path.len())
    }
}

/// How a sequence ended.
#[derive(PartialEq, Eq)]
enum End {
    Input,
    Comma,
    Brace,
}

fn sequence(input: &mut Input<'_>, depth: usize) -> Result<(Vec<Part>, End), BadGlob> {
    let mut parts = Vec::new();
    while let Some(c) = input.next() {
        let part = match c {
            '*' if input.next_if_eq(&'*').is_some() => Part::Super,
            '*' => Part::Any,
            '?' => Part::One,
            '[' => range(input)?,
            '{' if depth < MAX_NESTING => alternatives(input, depth + 1)?,
            '{' => return Err(BadGlob),
            ',' if depth > 0 => return Ok((parts, End::Comma)),
            '}' if depth > 0 => return Ok((parts, End::Brace)),
            '\\' => {
                // A lone backslash at the end stands for nothing.
                push_text(&mut parts, input.next());
                continue;
            }
            other => {
                push_text(&mut parts, Some(other));
                continue;
            }
        };
        parts.push(part);
    }
    Ok((parts, End::Input))
}

fn push_text(parts: &mut Vec<Part>, c: Option<char>) {
    match (parts.last_mut(), c) {
        (Some(Part::Text(text)), Some(c)) => text.push(c),
        (_, Some(c)) => parts.push(Part::Text(c.to_string())),
        (_, None) => {}
    }
}

fn alternatives(input: &mut Input<'_>, depth: usize) -> Result<Part, BadGlob> {
    let mut all = Vec::new();
    loop {
        let (parts, end) = sequence(input, depth)?;
        all.push(parts);
        match end {
            End::Comma => {}
            // The end closes all braces.
            End::Brace | End::Input => return Ok(Part::Alternatives(all)),
        }
    }
}

fn range(input: &mut Input<'_>) -> Result<Part, BadGlob> {
    let not = input.next_if_eq(&'!').is_some();
    let mut ahead = input.clone();
    let first = ahead.next().ok_or(BadGlob)?;
    if ahead.next() == Some('-') {
        let to = ahead.next().ok_or(BadGlob)?;
        *input = ahead;
        return match input.next() {
            Some(']') if first <= to => Ok(Part::Range { from: first, to, not }),
            _ => Err(BadGlob),
        };
    }
    let mut chars = String::new();
    loop {
        match input.next().ok_or(BadGlob)? {
            ']' if chars.is_empty() => return Err(BadGlob),
            ']' => return Ok(Part::OneOf { chars, not }),
            '\\' => chars.push(input.next().ok_or(BadGlob)?),
            c => chars.push(c),
        }
    }
}

/// The places in `path` that the parts reach from the given ones.
fn advance(parts: &[Part], path: &str, from: BTreeSet<usize>) -> BTreeSet<usize> {
    let mut places = from;
    for part in parts {
        if places.is_empty() {
            break;
        }
        places = step(part, path, &places);
    }
    places
}

fn step(part: &Part, path: &str, from: &BTreeSet<usize>) -> BTreeSet<usize> {
    let rest = |at: usize| path.get(at..).unwrap_or_default();
    let one = |fits: &dyn Fn(char) -> bool| {
        let next =
            |at: &usize| rest(*at).chars().next().filter(|c| fits(*c)).map(|c| at + c.len_utf8());
        from.iter().filter_map(next).collect()
    };
    match part {
        Part::Text(text) => {
            let fits = from.iter().filter(|at| rest(**at).starts_with(text.as_str()));
            fits.map(|at| at + text.len()).collect()
        }
        Part::One => one(&|c| c != '/'),
        Part::OneOf { chars, not } => one(&|c| chars.contains(c) != *not),
        Part::Range { from: low, to, not } => one(&|c| (*low..=*to).contains(&c) != *not),
        Part::Any => spread(path, from, |c| c != '/'),
        Part::Super => spread(path, from, |_| true),
        Part::Alternatives(all) => {
            all.iter().flat_map(|parts| advance(parts, path, from.clone())).collect()
        }
    }
}

/// Every place that is reached by any number of fitting characters.
fn spread(path: &str, from: &BTreeSet<usize>, fits: impl Fn(char) -> bool) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut alive = false;
    for (at, c) in path.char_indices() {
        alive |= from.contains(&at);
        if alive {
            reached.insert(at);
        }
        alive &= fits(c);
    }
    if alive || from.contains(&path.len()) {
        reached.insert(path.len());
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_as_gobwas_does() {
        let table = [
            ("files/*", "files/a.txt", true),
            ("files/*", "files/b/a.txt", false),
            ("files/**", "files/b/a.txt", true),
            ("**.yaml", "a/b.yaml", true),
            ("{a,b", "b", true),
            ("{a,b}/?.txt", "b/x.txt", true),
            ("{a,b}/?.txt", "c/x.txt", false),
            ("[!a-c]x", "dx", true),
            ("[!a-c]x", "bx", false),
            ("[ab-]x", "-x", true),
            ("a\\*b", "a*b", true),
            ("a\\*b", "axb", false),
            ("**/**/**/**/**/**x", "a/a/a/a/a/a/a/a/a/a", false),
            ("", "", true),
            ("*", "", true),
        ];
        for (pattern, path, wanted) in table {
            assert_eq!(Glob::parse(pattern).unwrap().matches(path), wanted, "{pattern} on {path}");
        }
        for bad in ["[a", "{a,[", "[]", "[a-cx]"] {
            let error = Glob::parse(bad).unwrap_err();
            assert_eq!(error.to_string(), "the pattern is not closed", "{bad}");
        }
    }
}
