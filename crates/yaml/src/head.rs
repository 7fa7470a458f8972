//! Reading a document for a few of its values.
//!
//! Helm reads every rendered document only for its kind, name and annotations. The whole text is
//! still checked, so the faults are those of a full reading; but nothing is built of the rest.
//! Where anchors, tags, merges or odd keys occur, the document is read in full instead: they are
//! rare, and the full reader knows their rules.

use std::collections::BTreeMap;

use crate::data::{Data, DataBuilder};
use crate::decode::{Strictness, decode};
use crate::error::{Error, Fault};
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

    /// Those entries of the mapping at `key`. What is no mapping is kept, but lists are emptied.
    pub const fn some(key: &'static str, inner: &'static [Pick]) -> Self {
        Self { key, inner }
    }
}

/// The deepest nesting that is walked here; beyond, the full reader decides.
const MAX_DEPTH: usize = 500;

/// Reads the first document and keeps only what is picked; keys keep their spelling. A document
/// that is no mapping comes back as it is, lists without their items.
pub fn read_picked(bytes: &[u8], picks: &[Pick]) -> Result<Data, Error> {
    let text = Text::new(bytes);
    let mut parser = Parser::new(text.as_str());
    let mut walker = Walker { parser: &mut parser, depth: 0 };
    let result = match walker.document(picks) {
        Ok(data) => Ok(data),
        Err(Stop::Fault(fault)) => Err(fault.into()),
        Err(Stop::Unusual) => return read_in_full(&text, picks),
    };
    text.after(&parser, result)
}

fn read_in_full(text: &Text<'_>, picks: &[Pick]) -> Result<Data, Error> {
    let Some(document) = text.first_document()? else { return Ok(Data::Null) };
    Ok(keep(decode(&document, Strictness::Lenient, &mut DataBuilder)?, picks))
}

/// Keeps of a value what is picked.
fn keep(data: Data, picks: &[Pick]) -> Data {
    match data {
        Data::Map(map) => Data::Map(
            map.into_iter()
                .filter_map(|(key, value)| {
                    let pick = find(picks, &key)?;
                    let value = if pick.inner.is_empty() { value } else { keep(value, pick.inner) };
                    Some((key, value))
                })
                .collect(),
        ),
        Data::List(_) => Data::List(Vec::new()),
        other => other,
    }
}

fn find<'p>(picks: &'p [Pick], key: &str) -> Option<&'p Pick> {
    picks.iter().find(|pick| pick.key.eq_ignore_ascii_case(key))
}

/// Why the walk ends early.
enum Stop {
    Fault(Fault),
    /// Something that only the full reader handles.
    Unusual,
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

struct Walker<'p, 'a> {
    parser: &'p mut Parser<'a>,
    depth: usize,
}

/// How much of a value is wanted.
#[derive(Clone, Copy)]
enum Want<'p> {
    Nothing,
    Some(&'p [Pick]),
    Whole,
}

impl<'a> Walker<'_, 'a> {
    fn document(&mut self, picks: &[Pick]) -> Result<Data, Stop> {
        let mut event = self.parser.next_event()?;
        if matches!(event.kind, EventKind::StreamStart) {
            event = self.parser.next_event()?;
        }
        if !matches!(event.kind, EventKind::DocumentStart) {
            return Ok(Data::Null);
        }
        let root = self.parser.next_event()?;
        let data = self.value(root, Want::Some(picks))?;
        self.parser.next_event()?;
        Ok(data)
    }

    fn value(&mut self, event: Event<'a>, want: Want<'_>) -> Result<Data, Stop> {
        match event.kind {
            EventKind::Scalar { value, implicit, properties: None, .. } => {
                if !implicit {
                    return Ok(text_of(&value, want));
                }
                plain_value(&value, want)
            }
            EventKind::SequenceStart(None) => self.sequence(want),
            EventKind::MappingStart(None) => self.mapping(want),
            _ => Err(Stop::Unusual),
        }
    }

    fn enter(&mut self) -> Result<(), Stop> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(Stop::Unusual) } else { Ok(()) }
    }

    fn sequence(&mut self, want: Want<'_>) -> Result<Data, Stop> {
        self.enter()?;
        let whole = matches!(want, Want::Whole);
        let mut items = Vec::new();
        loop {
            let event = self.parser.next_event()?;
            if matches!(event.kind, EventKind::SequenceEnd) {
                break;
            }
            let item = self.value(event, if whole { want } else { Want::Nothing })?;
            if whole {
                items.push(item);
            }
        }
        self.depth -= 1;
        Ok(Data::List(items))
    }

    fn mapping(&mut self, want: Want<'_>) -> Result<Data, Stop> {
        self.enter()?;
        let mut map = BTreeMap::new();
        loop {
            let event = self.parser.next_event()?;
            let EventKind::Scalar { value: key, implicit, properties: None, .. } = event.kind
            else {
                if matches!(event.kind, EventKind::MappingEnd) {
                    break;
                }
                return Err(Stop::Unusual);
            };
            // Keys that are no texts, and merges, are left to the full reader.
            if implicit && (key == "<<" || !is_text(&key)) {
                return Err(Stop::Unusual);
            }
            let wanted = match want {
                Want::Nothing => Want::Nothing,
                Want::Whole => Want::Whole,
                Want::Some(picks) => match find(picks, &key) {
                    None => Want::Nothing,
                    Some(pick) if pick.inner.is_empty() => Want::Whole,
                    Some(pick) => Want::Some(pick.inner),
                },
            };
            let event = self.parser.next_event()?;
            let value = self.value(event, wanted)?;
            if !matches!(wanted, Want::Nothing) {
                map.insert(key.into_owned(), value);
            }
        }
        self.depth -= 1;
        Ok(Data::Map(map))
    }
}

fn is_text(text: &str) -> bool {
    matches!(resolve(text), Meaning::Text | Meaning::Timestamp)
}

fn text_of(text: &str, want: Want<'_>) -> Data {
    if matches!(want, Want::Nothing) { Data::Null } else { Data::Text(text.to_owned()) }
}

/// A plain scalar. Even an unwanted one may be a number that JSON cannot have.
fn plain_value(text: &str, want: Want<'_>) -> Result<Data, Stop> {
    let may_be_special = matches!(text.as_bytes().first(), Some(b'.' | b'+' | b'-'));
    if matches!(want, Want::Nothing) && !may_be_special {
        return Ok(Data::Null);
    }
    Ok(match resolve(text) {
        Meaning::Float(value) if !value.is_finite() => return Err(Stop::Unusual),
        Meaning::Null => Data::Null,
        Meaning::Bool(value) => Data::Bool(value),
        Meaning::Int(value) => Data::Int(value),
        Meaning::Uint(value) => Data::Uint(value),
        Meaning::Float(value) => Data::Float(value),
        Meaning::Timestamp | Meaning::Text => text_of(text, want),
    })
}
