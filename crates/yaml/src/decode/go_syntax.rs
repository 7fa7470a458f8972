//! Values as Go's `%#v` prints them: error messages about keys show them so.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::mapping::is_merge;
use super::{Value, base64, meaning_of};
use crate::resolve::Meaning;
use crate::tree::{Document, NodeId, NodeKind, Scalar};

/// The longest text worth printing: an error message shows no more.
const MOST_BYTES: usize = 64 * 1024;

/// A scalar's meaning; none for null, which prints differently inside and outside, and for text.
pub(super) fn of_meaning(meaning: Meaning) -> Option<String> {
    Some(match meaning {
        Meaning::Null | Meaning::Timestamp | Meaning::Text => return None,
        Meaning::Bool(value) => value.to_string(),
        Meaning::Int(value) => value.to_string(),
        Meaning::Uint(value) => format!("{value:#x}"),
        Meaning::Float(value) => strconv::format_float(value, b'g', None, 64),
    })
}

/// As the operand itself: null is `<nil>`.
pub(super) fn outer(document: &Document<'_>, id: NodeId) -> String {
    let text = inner(document, id);
    if text == "interface {}(nil)" { "<nil>".to_owned() } else { text }
}

/// As an element of something: null is `interface {}(nil)`.
pub(super) fn inner(document: &Document<'_>, id: NodeId) -> String {
    let mut text = String::new();
    append(&mut text, document, id);
    text
}

fn append(text: &mut String, document: &Document<'_>, id: NodeId) {
    if text.len() > MOST_BYTES {
        return;
    }
    match &document.node(id).kind {
        NodeKind::Scalar(scalar) => match meaning_of(scalar) {
            Ok(Value::Plain(Meaning::Null)) => text.push_str("interface {}(nil)"),
            Ok(Value::Plain(meaning)) if of_meaning(meaning).is_some() => {
                text.push_str(&of_meaning(meaning).unwrap_or_default());
            }
            _ => text.push_str(&strconv::quote(&bytes_of(scalar))),
        },
        NodeKind::Alias { target, .. } => append(text, document, *target),
        NodeKind::Sequence(_) => {
            text.push_str("[]interface {}{");
            for (place, &item) in document.children(id).iter().enumerate() {
                text.push_str(if place > 0 { ", " } else { "" });
                append(text, document, item);
            }
            text.push('}');
        }
        NodeKind::Mapping(_) => append_mapping(text, document, id),
    }
}

fn append_mapping(text: &mut String, document: &Document<'_>, id: NodeId) {
    let mut entries = BTreeMap::new();
    collect(&mut entries, document, id);
    text.push_str("map[interface {}]interface {}{");
    for (place, (_, (key, value))) in entries.into_iter().enumerate() {
        text.push_str(if place > 0 { ", " } else { "" });
        append(text, document, key);
        text.push(':');
        append(text, document, value);
    }
    text.push('}');
}

/// The entries of a mapping as Go holds them: merges are done, and of equal keys the last counts.
fn collect(entries: &mut BTreeMap<Rank, (NodeId, NodeId)>, document: &Document<'_>, id: NodeId) {
    for (key, value) in document.entries(id) {
        if !is_merge(document, key) {
            let rank = Rank::of(document, key, entries.len());
            entries.insert(rank, (key, value));
            continue;
        }
        let target = document.resolved(value);
        match document.node(target).kind {
            NodeKind::Sequence(_) => {
                for &item in document.children(target).iter().rev() {
                    collect(entries, document, document.resolved(item));
                }
            }
            _ => collect(entries, document, target),
        }
    }
}

/// Where Go prints a key among others: by the place of its type in memory, which is the same in all
/// builds seen so far, then by its value.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Nil,
    Text(Vec<u8>),
    Uint(u64),
    Int(i64),
    /// No two of these are equal; the number tells them apart.
    NotANumber(usize),
    /// Bits that are in order as the numbers are.
    Float(i64),
    Bool(bool),
}

impl Rank {
    fn of(document: &Document<'_>, key: NodeId, number: usize) -> Self {
        let NodeKind::Scalar(scalar) = &document.node(document.resolved(key)).kind else {
            return Self::Nil;
        };
        match meaning_of(scalar) {
            Ok(Value::Plain(Meaning::Null)) => Self::Nil,
            Ok(Value::Plain(Meaning::Bool(value))) => Self::Bool(value),
            Ok(Value::Plain(Meaning::Int(value))) => Self::Int(value),
            Ok(Value::Plain(Meaning::Uint(value))) => Self::Uint(value),
            Ok(Value::Plain(Meaning::Float(value))) if value.is_nan() => Self::NotANumber(number),
            Ok(Value::Plain(Meaning::Float(value))) => {
                let bits = (value + 0.0).to_bits().cast_signed();
                Self::Float(if bits < 0 { bits ^ i64::MAX } else { bits })
            }
            _ => Self::Text(bytes_of(scalar).into_owned()),
        }
    }
}

/// The bytes of a text; `!!binary` may spell any.
fn bytes_of<'s>(scalar: &'s Scalar<'_>) -> Cow<'s, [u8]> {
    let binary = *scalar.tag == *b"tag:yaml.org,2002:binary";
    let spelt = if binary { base64::decode(&scalar.value) } else { None };
    spelt.map_or(Cow::Borrowed(scalar.value.as_bytes()), Cow::Owned)
}
