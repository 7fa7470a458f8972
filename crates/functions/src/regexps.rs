//! Go's regular expressions on the `regex` crate, which shares their theory: linear time, leftmost
//! first match.
//!
//! `syntax` turns Go's notation into the crate's and words its errors; the iteration here is Go's,
//! because both libraries differ in where empty matches may stand.

mod effort;
mod replace;
mod syntax;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use gotmpl::function::{Call, Failure, Function, Param};
use gotmpl::machine::Machine;
use gotmpl::value::{Elem, List, Str, Value};
use regex::bytes::{Match, Regex, RegexBuilder};

use crate::bounds;
use crate::runes;
use crate::strings::text;
use effort::{Effort, Meter};

const TWO: &[Param] = &[Param::Str, Param::Str];
const THREE: &[Param] = &[Param::Str, Param::Str, Param::Str];
const COUNTED: &[Param] = &[Param::Str, Param::Str, Param::Int];

/// The functions of this module. Sprig's plain ones panic on a bad pattern, so its text is longer.
pub const FUNCTIONS: &[Function] = &[
    Function::pure("mustRegexFind", TWO, |call| {
        let pattern = compile(call)?;
        find(call, &pattern)
    }),
    Function::pure("mustRegexFindAll", COUNTED, |call| {
        let pattern = compile(call)?;
        find_all(call, &pattern)
    }),
    Function::pure("mustRegexMatch", TWO, |call| {
        let pattern = compile(call)?;
        is_match(call, &pattern)
    }),
    Function::pure("mustRegexReplaceAll", THREE, |call| {
        let pattern = compile(call)?;
        replace::expanding(call, &pattern)
    }),
    Function::pure("mustRegexReplaceAllLiteral", THREE, |call| {
        let pattern = compile(call)?;
        replace::literally(call, &pattern)
    }),
    Function::pure("mustRegexSplit", COUNTED, |call| {
        let pattern = compile(call)?;
        split(call, &pattern)
    }),
    Function::pure("regexFind", TWO, |call| {
        let pattern = must_compile(call)?;
        find(call, &pattern)
    }),
    Function::pure("regexFindAll", COUNTED, |call| {
        let pattern = must_compile(call)?;
        find_all(call, &pattern)
    }),
    Function::pure("regexMatch", TWO, |call| match cached(call)? {
        Ok(pattern) => is_match(call, &pattern),
        Err(_) => Ok(Value::Bool(false)),
    }),
    Function::pure("regexQuoteMeta", &[Param::Str], |call| Ok(text(quote_meta(call.text(0))))),
    Function::pure("regexReplaceAll", THREE, |call| {
        let pattern = must_compile(call)?;
        replace::expanding(call, &pattern)
    }),
    Function::pure("regexReplaceAllLiteral", THREE, |call| {
        let pattern = must_compile(call)?;
        replace::literally(call, &pattern)
    }),
    Function::pure("regexSplit", COUNTED, |call| {
        let pattern = must_compile(call)?;
        split(call, &pattern)
    }),
];

/// A compiled expression: the groups of ours have no names, so theirs are kept here.
struct Pattern {
    regex: Regex,
    /// The name of each group, group 0 included; empty for groups without one.
    names: Vec<String>,
    /// See [`syntax::Translated::size`].
    size: u64,
    effort: Effort,
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

/// The expressions that a render has paid for, as many as a thread keeps.
#[derive(Default)]
struct Met(BTreeSet<Str>);

/// What `regexp.Compile` says against a pattern.
fn parse_error(code: &str, expression: &str) -> String {
    format!("error parsing regexp: {code}: `{expression}`")
}

/// How deep groups may nest once they are translated.
const NEST_LIMIT: u32 = syntax::MAX_DEPTH * 2;

/// Compiles an expression in Go's notation to a program of at most `max_bytes`, or says what
/// `regexp.Compile` says against it.
pub fn compiled(pattern: &str, max_bytes: usize) -> Result<Regex, String> {
    built(&syntax::translate(pattern)?, pattern, max_bytes)
}

fn built(translated: &syntax::Translated, source: &str, max_bytes: usize) -> Result<Regex, String> {
    RegexBuilder::new(&translated.pattern)
        .size_limit(max_bytes)
        .nest_limit(NEST_LIMIT)
        .build()
        .map_err(|_| parse_error("expression too large", source))
}

fn build(pattern: &[u8]) -> Result<Pattern, String> {
    let source = std::str::from_utf8(pattern).map_err(|error| {
        let rest = pattern.get(error.valid_up_to()..).unwrap_or_default();
        parse_error("invalid UTF-8", &String::from_utf8_lossy(rest))
    })?;
    let translated = syntax::translate(source)?;
    let regex = built(&translated, source, MAX_PROGRAM_BYTES)?;
    let syntax::Translated { pattern, names, size } = translated;
    let effort = Effort::new(pattern, NEST_LIMIT, size, names.len());
    Ok(Pattern { regex, names, size, effort })
}

/// The expression of the first argument, or what Go says against it.
fn cached(call: &mut Call<'_, '_>) -> Result<Result<Rc<Pattern>, String>, Failure> {
    /// What compiling the smallest expression costs.
    const STEPS: u64 = 500;
    let pattern = call.text(0);
    // Whether this render has met it is what counts, not whether the thread has.
    let is_known = call.machine.kept::<Met>().is_some_and(|met| met.0.contains(pattern));
    if !is_known {
        call.machine.charge(STEPS + pattern.len() as u64)?;
    }
    let found = CACHE.with_borrow(|cache| cache.get(pattern).cloned());
    let built = match found.map_or_else(|| build(pattern).map(Rc::new), Ok) {
        Ok(built) => built,
        Err(error) => return Ok(Err(error)),
    };
    if is_known {
        return Ok(Ok(built));
    }
    call.machine.charge(built.size)?;
    if let Some(met) = call.machine.kept::<Met>() {
        if met.0.len() >= CACHED_PATTERNS {
            met.0.clear();
        }
        met.0.insert(pattern.into());
    }
    CACHE.with_borrow_mut(|cache| {
        if cache.len() >= CACHED_PATTERNS {
            cache.clear();
        }
        cache.insert(pattern.into(), built.clone());
    });
    Ok(Ok(built))
}

fn compile(call: &mut Call<'_, '_>) -> Result<Rc<Pattern>, Failure> {
    cached(call)?.map_err(Failure::new)
}

/// `regexp.MustCompile`, whose panic repeats the pattern.
fn must_compile(call: &mut Call<'_, '_>) -> Result<Rc<Pattern>, Failure> {
    let pattern = call.text(0);
    cached(call)?.map_err(|error| {
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
    meter: Meter<'walk>,
    bytes: &'walk [u8],
    at: usize,
    previous_end: Option<usize>,
}

impl<'walk> Matches<'walk> {
    fn new(
        machine: &mut Machine<'_>,
        bytes: &'walk [u8],
        pattern: &'walk Pattern,
    ) -> Result<Self, Failure> {
        let meter = pattern.effort.meter(machine, bytes)?;
        Ok(Self { regex: &pattern.regex, meter, bytes, at: 0, previous_end: None })
    }

    fn next(&mut self, machine: &mut Machine<'_>) -> Result<Option<Match<'walk>>, Failure> {
        while self.at <= self.bytes.len() {
            self.meter.look(machine, self.at)?;
            let Some(found) = self.regex.find_at(self.bytes, self.at) else { break };
            let mut counts = true;
            if found.end() == self.at {
                counts = Some(found.start()) != self.previous_end;
                self.at += runes::first(&self.bytes[self.at..]).map_or(1, |(_, width)| width);
            } else {
                self.at = found.end();
            }
            self.previous_end = Some(found.end());
            if counts {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

/// At most `limit` matches, all when it is negative.
fn limited(limit: i64) -> usize {
    usize::try_from(limit).unwrap_or(bounds::MAX_ELEMENTS).min(bounds::MAX_ELEMENTS)
}

fn is_match(call: &mut Call<'_, '_>, pattern: &Rc<Pattern>) -> Result<Value, Failure> {
    pattern.effort.meter(call.machine, call.text(1))?.look(call.machine, 0)?;
    Ok(Value::Bool(pattern.regex.is_match(call.text(1))))
}

fn find(call: &mut Call<'_, '_>, pattern: &Rc<Pattern>) -> Result<Value, Failure> {
    pattern.effort.meter(call.machine, call.text(1))?.look(call.machine, 0)?;
    Ok(text(pattern.regex.find(call.text(1)).map_or(&b""[..], |found| found.as_bytes())))
}

fn find_all(call: &mut Call<'_, '_>, pattern: &Rc<Pattern>) -> Result<Value, Failure> {
    let bytes = call.text(1);
    let mut matches = Matches::new(call.machine, bytes, pattern)?;
    let most = limited(call.int(2));
    let mut found: Vec<Str> = Vec::new();
    while found.len() < most
        && let Some(one) = matches.next(call.machine)?
    {
        found.push(one.as_bytes().into());
    }
    Ok(if found.is_empty() { List::nil(Elem::Str).into() } else { List::strings(found).into() })
}

fn split(call: &mut Call<'_, '_>, pattern: &Rc<Pattern>) -> Result<Value, Failure> {
    let (bytes, limit) = (call.text(1), call.int(2));
    if limit == 0 {
        return Ok(List::nil(Elem::Str).into());
    }
    if bytes.is_empty() && !call.text(0).is_empty() {
        return Ok(List::strings([""]).into());
    }
    let most = limited(limit);
    let mut parts: Vec<Str> = Vec::new();
    let (mut start, mut end) = (0, 0);
    let mut matches = Matches::new(call.machine, bytes, pattern)?;
    while parts.len() + 1 < most
        && let Some(found) = matches.next(call.machine)?
    {
        end = found.start();
        if found.end() != 0 {
            parts.push(bytes[start..end].into());
        }
        start = found.end();
    }
    if end != bytes.len() {
        parts.push(bytes[start..].into());
    }
    Ok(List::strings(parts).into())
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
