//! Origins through YAML and JSON: what a template writes as text (`toYaml`) and what it reads back
//! (`include … | fromYaml`), scalar by scalar, by their places in the text.

use std::ops::Range;

use gotmpl::value::{Str, Value};
use yaml::{Document, NodeId, NodeKind, Text};

use super::align::{Known, align, shift};
use super::lineage::{Lineage, Step, printed};
use super::record::Recorder;
use super::{Certainty, Origin, Segment};

/// A scalar in a text, or what stands for itself, with its place in the value that the text is of.
struct Written {
    range: Range<usize>,
    of: Value,
    step: Step,
    value: Value,
}

/// A key in a text, with its table.
struct WrittenKey {
    range: Range<usize>,
    of: Value,
    step: Step,
}

/// The scalars of a text and of the value that it is of, and the keys of its tables; tables and lists
/// that are a `unit` are not entered.
fn written(
    text: &[u8],
    value: &Value,
    unit: impl Fn(&Value) -> bool,
) -> (Vec<Written>, Vec<WrittenKey>) {
    let text = Text::new(text);
    let (mut found, mut keys) = (Vec::new(), Vec::new());
    let Ok(Some(document)) = text.first_document() else { return (found, keys) };
    let range = |node: NodeId| {
        document.node(node).span.start.offset as usize..document.end_of(node).offset as usize
    };
    let mut open = vec![(document.root(), value.clone())];
    // An alias would multiply the nodes; it is not entered.
    while let Some((node, of)) = open.pop() {
        for (step, key, child) in children(&document, node) {
            let Some(value) = step.entry(&of) else { continue };
            if let Some(key) = key {
                keys.push(WrittenKey { range: range(key), of: of.clone(), step: step.clone() });
            }
            let is_container = matches!(value, Value::Map(_) | Value::List(_));
            if is_container && !unit(&value) {
                open.push((child, value));
            } else {
                found.push(Written { range: range(child), of: of.clone(), step, value });
            }
        }
    }
    found.sort_by_key(|one| one.range.start);
    (found, keys)
}

/// The entries below a node: the step, the node of the key, that of the value.
fn children(document: &Document<'_>, node: NodeId) -> Vec<(Step, Option<NodeId>, NodeId)> {
    match &document.node(node).kind {
        NodeKind::Sequence(_) => {
            let items = document.children(node).iter().enumerate();
            items.map(|(index, item)| (Step::Index(index), None, *item)).collect()
        }
        NodeKind::Mapping(_) => {
            let entries = document.entries(node).filter_map(|(id, value)| {
                let NodeKind::Scalar(key) = &document.node(id).kind else { return None };
                Some((Step::Key(key.value.as_bytes().to_vec()), Some(id), value))
            });
            entries.collect()
        }
        NodeKind::Scalar(_) | NodeKind::Alias { .. } => Vec::new(),
    }
}

impl Recorder {
    /// `text` was read and has given `result`: each of its scalars has the origins of the text there.
    pub(super) fn note_read_back(&mut self, text: &Str, lineage: &Lineage, result: &Value) {
        if lineage.is_empty() {
            return;
        }
        let Some(place) = self.here() else { return };
        let (values, keys) = written(text.as_bytes(), result, |_| false);
        for key in keys {
            let Step::Key(name) = &key.step else { continue };
            let mut there = Vec::new();
            shift(lineage, key.range.clone(), 0, &mut there);
            let own = text.as_bytes().get(key.range).unwrap_or_default();
            let known = Known { text: own, segments: &there };
            let fallback = Origin::at(place.clone(), Vec::new());
            let segments = align(name, &[known], &fallback);
            self.containers.keep_key(&key.of, name, Lineage::new(segments));
        }
        for one in values {
            let mut there = Vec::new();
            shift(lineage, one.range.clone(), 0, &mut there);
            let own = text.as_bytes().get(one.range).unwrap_or_default();
            let known = Known { text: own, segments: &there };
            let fallback = Origin::at(place.clone(), Vec::new());
            let segments = align(&printed(&one.value), &[known], &fallback);
            self.containers.keep(&one.of, one.step, Lineage::new(segments));
        }
    }

    /// `value` was written as `text`.
    pub(super) fn lineage_written(&self, text: &[u8], value: &Value, fallback: &Origin) -> Lineage {
        let mut segments: Vec<Segment> = Vec::new();
        let (values, keys) = written(text, value, |inner| self.containers.is_untouched(inner));
        for one in values {
            let own = text.get(one.range.clone()).unwrap_or_default();
            let lineage = self.lineage_of(&one.of, &one.step);
            if lineage.is_empty() {
                continue;
            }
            if matches!(one.value, Value::Map(_) | Value::List(_)) {
                let within = |origin: &mut Origin| {
                    for (_, certainty) in &mut origin.values {
                        *certainty = Certainty::Within;
                    }
                };
                let length = own.trim_ascii_end().len();
                segments.extend(lineage.map(within).iter().map(|segment| Segment {
                    start: one.range.start,
                    end: one.range.start + length,
                    origin: segment.origin.clone(),
                }));
                continue;
            }
            let printed = printed(&one.value);
            let known = Known { text: &printed, segments: &lineage };
            let found = align(own, &[known], fallback);
            segments.extend(found.into_iter().map(|segment| Segment {
                start: one.range.start + segment.start,
                end: one.range.start + segment.end,
                origin: segment.origin,
            }));
        }
        if segments.is_empty() {
            return Lineage::default();
        }
        for key in keys {
            let Some(lineage) = self.lineage_of_key(&key.of, &key.step) else { continue };
            let (Step::Key(name), Some(own)) = (&key.step, text.get(key.range.clone())) else {
                continue;
            };
            let known = Known { text: name, segments: &lineage };
            let start = key.range.start;
            segments.extend(align(own, &[known], fallback).into_iter().map(|segment| Segment {
                start: start + segment.start,
                end: start + segment.end,
                origin: segment.origin,
            }));
        }
        segments.sort_by_key(|segment| segment.start);
        Lineage::new(segments)
    }
}
