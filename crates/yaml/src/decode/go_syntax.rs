//! Values as Go's `%#v` prints them: error messages about keys show them so.

use std::fmt::Write;

use super::{Value, meaning_of};
use crate::resolve::Meaning;
use crate::tree::{Document, NodeId, NodeKind};

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
            Ok(Value::Binary(data)) => text.push_str(&strconv::quote(data.as_bytes())),
            _ => text.push_str(&strconv::quote(scalar.value.as_bytes())),
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
    let mut entries: Vec<(String, NodeId)> =
        document.entries(id).map(|(key, value)| (inner(document, key), value)).collect();
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    text.push_str("map[interface {}]interface {}{");
    for (place, (key, value)) in entries.into_iter().enumerate() {
        let separator = if place > 0 { ", " } else { "" };
        // Writing to a string cannot fail.
        let _ = write!(text, "{separator}{key}:");
        append(text, document, value);
    }
    text.push('}');
}
