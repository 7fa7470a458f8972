//! Go's regular expressions on the `regex` crate, which shares their theory: linear time, leftmost
//! first match.
//!
//! `syntax` turns Go's notation into the crate's and words its errors; the iteration here is Go's,
//! because both libraries differ in where empty matches may stand.

mod replace;
mod syntax;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use gotmpl::function::{Call, Failure, Function, Param};
use gotmpl::value::{Elem, List, Str, Value};
use regex::bytes::{Captures, Match, Regex, RegexBuilder};

use crate::bounds;
use crate::runes;
use crate::strings::text;

const TWO: &[Param] = &[Param::Str, Param::Str];
const THREE: &[Param] = &[Param::Str, Param::Str, Param::Str];
const COUNTED: &[Param] = &[Param::Str, Param::Str, Param::Int];

/// The functions of this module. Sprig's plain ones panic on a bad pattern, so its text is longer.
pub const FUNCTIONS: &[Function] = &[
    Function::pure("mustRegexFind", TWO, |call| Ok(find(call, &compile(call.text(0))?))),
    Function::pure("mustRegexFindAll", COUNTED, |call| Ok(find_all(call, &compile(call.text(0))?))),
    Function::pure("mustRegexMatch", TWO, |call| {
        Ok(Value::Bool(compile(call.text(0))?.regex.is_match(call.text(1))))
    }),
    Function::pure("mustRegexReplaceAll", THREE, |call| {
        replace::expanding(call, &compile(call.text(0))?)
    }),
    Function::pure("mustRegexReplaceAllLiteral", THREE, |call| {
        replace::literally(call, &compile(call.text(0))?)
    }),
    Function::pure("mustRegexSplit", COUNTED, |call| Ok(split(call, &compile(call.text(0))?))),
    Function::pure("regexFind", TWO, |call| Ok(find(call, &must_compile(call.text(0))?))),
    Function::pure("regexFindAll", COUNTED, |call| {
        Ok(find_all(call, &must_compile(call.text(0))?))
    }),
    Function::pure("regexMatch", TWO, |call| {
        Ok(Value::Bool(
            compile(call.text(0)).is_ok_and(|pattern| pattern.regex.is_match(call.text(1))),
        ))
    }),
    Function::pure("regexQuoteMeta", &[Param::Str], |call| Ok(text(quote_meta(call.text(0))))),
    Function::pure("regexReplaceAll", THREE, |call| {
        replace::expanding(call, &must_compile(call.text(0))?)
    }),
    Function::pure("regexReplaceAllLiteral", THREE, |call| {
        replace::literally(call, &must_compile(call.text(0))?)
    }),
    Function::pure("regexSplit", COUNTED, |call| Ok(split(call, &must_compile(call.text(0))?))),
];

/// A compiled expression: the groups of ours have no names, so theirs are kept here.
struct Pattern {
    regex: Regex,
    /// The name of each group, group 0 included; empty for groups without one.
    names: Vec<String>,
}

/// How many compiled expressions a thread keeps. Charts use a few dozen.
const CACHED_PATTERNS: usize = 256;

/// The most memory that a compiled expression may take. Go's bound is ten times as high and its
/// programs are smaller; no expression of a real chart comes near either.
const MAX_PROGRAM_BYTES: usize = 32 << 20;

thread_local! {
    /// Compiling costs a thousand times more than most matches, and templates match in loops.
    static CACHE: RefCell<BTreeMap<Str, Rc<Pattern>>> = const { RefCell::new(BTreeMap::new()) };
}

/// What `regexp.Compile` says against a pattern.
fn parse_error(code: &str, expression: &str) -> String {
    format!("error parsing regexp: {code}: `{expression}`")
}

fn build(pattern: &[u8]) -> Result<Pattern, String> {
    let source = std::str::from_utf8(pattern).map_err(|error| {
        let rest = pattern.get(error.valid_up_to()..).unwrap_or_default();
        parse_error("invalid UTF-8", &String::from_utf8_lossy(rest))
    })?;
    let translated = syntax::translate(source)?;
    let regex = RegexBuilder::new(&translated.pattern)
        .size_limit(MAX_PROGRAM_BYTES)
        .nest_limit(syntax::MAX_DEPTH * 2)
        .build()
        .map_err(|_| parse_error("expression too large", source))?;
    Ok(Pattern { regex, names: translated.names })
}

fn cached(pattern: &[u8]) -> Result<Rc<Pattern>, String> {
    if let Some(found) = CACHE.with_borrow(|cache| cache.get(pattern).cloned()) {
        return Ok(found);
    }
    let built = Rc::new(build(pattern)?);
    CACHE.with_borrow_mut(|cache| {
        if cache.len() >= CACHED_PATTERNS {
            cache.clear();
        }
        cache.insert(pattern.into(), built.clone());
    });
    Ok(built)
}

fn compile(pattern: &[u8]) -> Result<Rc<Pattern>, Failure> {
    cached(pattern).map_err(Failure::new)
}

/// `regexp.MustCompile`, whose panic repeats the pattern.
fn must_compile(pattern: &[u8]) -> Result<Rc<Pattern>, Failure> {
    cached(pattern).map_err(|error| {
        let backquotable =
            |rune: char| rune == '\t' || !(rune.is_control() || rune == '`' || rune == '\u{FEFF}');
        let quoted = match std::str::from_utf8(pattern) {
            Ok(source) if source.chars().all(backquotable) => format!("`{source}`"),
            _ => strconv::quote(pattern),
        };
        Failure::new(format!("regexp: Compile({quoted}): {error}"))
    })
}

/// Go's walk over all matches: an empty match right after another does not count, and after one the
/// search goes on a rune further.
struct Matches<'walk> {
    regex: &'walk Regex,
    bytes: &'walk [u8],
    at: usize,
    previous_end: Option<usize>,
}

impl<'walk> Matches<'walk> {
    fn new(regex: &'walk Regex, bytes: &'walk [u8]) -> Self {
        Self { regex, bytes, at: 0, previous_end: None }
    }
}

impl<'walk> Iterator for Matches<'walk> {
    type Item = Match<'walk>;

    fn next(&mut self) -> Option<Match<'walk>> {
        while self.at <= self.bytes.len() {
            let found = self.regex.find_at(self.bytes, self.at)?;
            let mut counts = true;
            if found.end() == self.at {
                counts = Some(found.start()) != self.previous_end;
                self.at += runes::first(&self.bytes[self.at..]).map_or(1, |(_, width)| width);
            } else {
                self.at = found.end();
            }
            self.previous_end = Some(found.end());
            if counts {
                return Some(found);
            }
        }
        None
    }
}

/// At most `limit` matches, all when it is negative.
fn limited(limit: i64) -> usize {
    usize::try_from(limit).unwrap_or(bounds::MAX_ELEMENTS).min(bounds::MAX_ELEMENTS)
}

fn find(call: &Call<'_, '_>, pattern: &Rc<Pattern>) -> Value {
    text(pattern.regex.find(call.text(1)).map_or(&b""[..], |found| found.as_bytes()))
}

fn find_all(call: &Call<'_, '_>, pattern: &Rc<Pattern>) -> Value {
    let matches = Matches::new(&pattern.regex, call.text(1)).take(limited(call.int(2)));
    let found: Vec<Str> = matches.map(|found| found.as_bytes().into()).collect();
    if found.is_empty() { List::nil(Elem::Str).into() } else { List::strings(found).into() }
}

fn split(call: &Call<'_, '_>, pattern: &Rc<Pattern>) -> Value {
    let (bytes, limit) = (call.text(1), call.int(2));
    if limit == 0 {
        return List::nil(Elem::Str).into();
    }
    if bytes.is_empty() && !call.text(0).is_empty() {
        return List::strings([""]).into();
    }
    let most = limited(limit);
    let mut parts: Vec<Str> = Vec::new();
    let (mut start, mut end) = (0, 0);
    for found in Matches::new(&pattern.regex, bytes).take(most) {
        if parts.len() + 1 >= most {
            break;
        }
        end = found.start();
        if found.end() != 0 {
            parts.push(bytes[start..end].into());
        }
        start = found.end();
    }
    if end != bytes.len() {
        parts.push(bytes[start..].into());
    }
    List::strings(parts).into()
}

fn quote_meta(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 8);
    for &byte in bytes {
        if br"\.+*?()|[]{}^$".contains(&byte) {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out
}

/// The whole match of some captures.
fn whole<'text>(captures: &Captures<'text>) -> Option<Match<'text>> {
    captures.get(0)
}
