//! Steps of a document to values, without a tree between: for all of it, or for a few values.
//!
//! Helm reads every rendered document only for its kind, name and annotations. The whole text is
//! still checked, so the faults are those of a full reading; but nothing is built of the rest.
//!
//! The steps come from [`lines`](crate::lines), which knows the plain common shape only, else from
//! the parser. Where anchors, tags, merges or odd keys occur, the document is read by way of its
//! tree instead: they are rare, and [`decode`](crate::decode) knows their rules.

use std::borrow::Cow;

use crate::decode::{Build, Strictness, decode};
use crate::error::{Error, Fault};
use crate::lines::{self, Step};
use crate::parse::{Event, EventKind, Parser};
use crate::read::Text;
use crate::resolve::{Meaning, resolve};

/// A key to keep, and what to keep of its value.
#[derive(Clone, Copy, Debug)]
pub struct Pick {
    /// The key; upper and lower case are the same, as for Go's JSON reader.
    pub key: &'static str,
    /// What to keep of a mapping there; nothing means the whole value, of whatever kind.
    pub inner: &'static [Pick],
}

impl Pick {
    /// The whole value at `key`.
    pub const fn whole(key: &'static str) -> Self {
        Self { key, inner: &[] }
    }

    /// Those entries of the mapping at `key`. What is no mapping is kept, but lists may be empty.
    pub const fn some(key: &'static str, inner: &'static [Pick]) -> Self {
        Self { key, inner }
    }
}

/// The deepest nesting that is walked here; beyond, the tree's reader decides.
const MAX_DEPTH: usize = 500;

/// Reads the first document and keeps at least what is picked; keys keep their spelling. A document
/// that is no mapping comes back as it is, but lists may be empty.
pub fn read_picked<B: Build>(
    bytes: &[u8],
    picks: &[Pick],
    build: &mut B,
) -> Result<B::Value, Error> {
    read_wanted(bytes, Want::Some(picks), build)
}

/// Reads the whole first document.
pub(crate) fn read_whole<B: Build>(bytes: &[u8], build: &mut B) -> Result<B::Value, Error> {
    read_wanted(bytes, Want::Whole, build)
}

fn read_wanted<B: Build>(bytes: &[u8], want: Want<'_>, build: &mut B) -> Result<B::Value, Error> {
    let text = Text::new(bytes);
    if let Some(steps) = text.without_fault().and_then(lines::recognise) {
        let mut walker = Walker { steps: steps.into_iter(), build, depth: 0 };
        return match walker.node(want) {
            Ok(value) => Ok(value),
            Err(_) => read_tree(&text, build),
        };
    }
    let mut parser = Parser::new(text.as_str());
    let result = match read_events(&mut parser, want, build) {
        Ok(value) => Ok(value),
        Err(Stop::Fault(fault)) => Err(fault.into()),
        Err(Stop::Unusual) => return read_tree(&text, build),
    };
    text.after(&parser, result)
}

fn read_events<B: Build>(
    parser: &mut Parser<'_>,
    want: Want<'_>,
    build: &mut B,
) -> Result<B::Value, Stop> {
    let mut event = parser.next_event()?;
    if matches!(event.kind, EventKind::StreamStart) {
        event = parser.next_event()?;
    }
    if !matches!(event.kind, EventKind::DocumentStart) {
        return Ok(build.null());
    }
    let value = Walker { steps: &mut *parser, build, depth: 0 }.node(want)?;
    // Go looks for the end of the document before it goes on, and so finds faults after it.
    parser.next_event()?;
    Ok(value)
}

fn read_tree<B: Build>(text: &Text<'_>, build: &mut B) -> Result<B::Value, Error> {
    match text.first_document()? {
        Some(document) => decode(&document, Strictness::Lenient, build),
        None => Ok(build.null()),
    }
}

/// Why the walk ends early.
enum Stop {
    Fault(Fault),
    /// Something that only the tree's reader handles.
    Unusual,
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Where steps come from.
trait Steps<'a> {
    /// Whether there are neither odd keys nor odd numbers among the steps.
    const CHECKED: bool;

    fn next_step(&mut self) -> Result<Step<'a>, Stop>;
}

impl<'a> Steps<'a> for std::vec::IntoIter<Step<'a>> {
    const CHECKED: bool = true;

    fn next_step(&mut self) -> Result<Step<'a>, Stop> {
        self.next().ok_or(Stop::Unusual)
    }
}

impl<'a> Steps<'a> for &mut Parser<'a> {
    const CHECKED: bool = false;

    fn next_step(&mut self) -> Result<Step<'a>, Stop> {
        Step::of_event(self.next_event()?).ok_or(Stop::Unusual)
    }
}

impl<'a> Step<'a> {
    /// How many more collections are open after it.
    fn depth(&self) -> i32 {
        match self {
            Step::Scalar { .. } => 0,
            Step::SequenceStart | Step::MappingStart => 1,
            Step::SequenceEnd | Step::MappingEnd => -1,
        }
    }

    /// None for events with anchors and tags, and for those outside of a document.
    fn of_event(event: Event<'a>) -> Option<Self> {
        Some(match event.kind {
            EventKind::Scalar { value, implicit, properties: None, .. } => {
                Step::Scalar { value, plain: implicit }
            }
            EventKind::SequenceStart(None) => Step::SequenceStart,
            EventKind::SequenceEnd => Step::SequenceEnd,
            EventKind::MappingStart(None) => Step::MappingStart,
            EventKind::MappingEnd => Step::MappingEnd,
            _ => return None,
        })
    }
}

/// How much of a value is wanted.
#[derive(Clone, Copy)]
enum Want<'p> {
    Nothing,
    Some(&'p [Pick]),
    Whole,
}

impl Want<'_> {
    /// What is wanted of the value at that key.
    fn of(self, key: &str) -> Self {
        let Self::Some(picks) = self else { return self };
        match picks.iter().find(|pick| pick.key.eq_ignore_ascii_case(key)) {
            None => Self::Nothing,
            Some(pick) if pick.inner.is_empty() => Self::Whole,
            Some(pick) => Self::Some(pick.inner),
        }
    }
}

struct Walker<'b, S, B> {
    steps: S,
    build: &'b mut B,
    depth: usize,
}

impl<'a, S: Steps<'a>, B: Build> Walker<'_, S, B> {
    fn node(&mut self, want: Want<'_>) -> Result<B::Value, Stop> {
        let step = self.steps.next_step()?;
        self.value(step, want)
    }

    fn value(&mut self, step: Step<'a>, want: Want<'_>) -> Result<B::Value, Stop> {
        if S::CHECKED && matches!(want, Want::Nothing) {
            self.skip(&step)?;
            return Ok(self.build.null());
        }
        match step {
            Step::Scalar { value, plain } => self.scalar(value, plain, want),
            Step::SequenceStart => self.sequence(want),
            Step::MappingStart => self.mapping(want),
            Step::SequenceEnd | Step::MappingEnd => Err(Stop::Unusual),
        }
    }

    /// Passes the rest of a value.
    fn skip(&mut self, first: &Step<'a>) -> Result<(), Stop> {
        let mut open = first.depth();
        while open > 0 {
            open += self.steps.next_step()?.depth();
        }
        Ok(())
    }

    fn enter(&mut self) -> Result<(), Stop> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(Stop::Unusual) } else { Ok(()) }
    }

    fn sequence(&mut self, want: Want<'_>) -> Result<B::Value, Stop> {
        self.enter()?;
        let mut items = Vec::new();
        loop {
            let step = self.steps.next_step()?;
            if matches!(step, Step::SequenceEnd) {
                break;
            }
            if matches!(want, Want::Whole) {
                items.push(self.value(step, want)?);
            } else {
                self.value(step, Want::Nothing)?;
            }
        }
        self.depth -= 1;
        Ok(match want {
            Want::Nothing => self.build.null(),
            _ => self.build.list(items),
        })
    }

    fn mapping(&mut self, want: Want<'_>) -> Result<B::Value, Stop> {
        self.enter()?;
        let mut entries = Vec::new();
        loop {
            let (key, plain) = match self.steps.next_step()? {
                Step::Scalar { value, plain } => (value, plain),
                Step::MappingEnd => break,
                _ => return Err(Stop::Unusual),
            };
            if !S::CHECKED && plain && is_odd_key(&key) {
                return Err(Stop::Unusual);
            }
            let wanted = want.of(&key);
            let value = self.node(wanted)?;
            if !matches!(wanted, Want::Nothing) {
                entries.push((key, value));
            }
        }
        self.depth -= 1;
        Ok(match want {
            Want::Nothing => self.build.null(),
            _ => self.build.map(entries),
        })
    }

    fn scalar(
        &mut self,
        text: Cow<'a, str>,
        plain: bool,
        want: Want<'_>,
    ) -> Result<B::Value, Stop> {
        if !S::CHECKED && plain && is_odd_number(&text) {
            return Err(Stop::Unusual);
        }
        if matches!(want, Want::Nothing) {
            return Ok(self.build.null());
        }
        let meaning = if plain { resolve(&text) } else { Meaning::Text };
        Ok(match meaning {
            Meaning::Null => self.build.null(),
            Meaning::Bool(value) => self.build.bool(value),
            Meaning::Int(value) => self.build.int(value),
            Meaning::Uint(value) => self.build.uint(value),
            Meaning::Float(value) => self.build.float(value),
            Meaning::Timestamp | Meaning::Text => self.build.text(text),
        })
    }
}

/// Keys that are no texts, and merges, are left to the tree's reader.
pub(crate) fn is_odd_key(text: &str) -> bool {
    text == "<<" || !matches!(resolve(text), Meaning::Text | Meaning::Timestamp)
}

/// Numbers that JSON cannot have.
pub(crate) fn is_odd_number(text: &str) -> bool {
    matches!(text.as_bytes().first(), Some(b'.' | b'+' | b'-'))
        && matches!(resolve(text), Meaning::Float(value) if !value.is_finite())
}
