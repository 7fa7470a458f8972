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

/// The scalars of a text and of the value that it is of; tables and lists that are a `unit` are not
/// entered.
fn written(text: &[u8], value: &Value, unit: impl Fn(&Value) -> bool) -> Vec<Written> {
    let text = Text::new(text);
    let mut found = Vec::new();
    let Ok(Some(document)) = text.first_document() else { return found };
    let mut open = vec![(document.root(), value.clone())];
    // An alias would multiply the nodes; it is not entered.
    while let Some((node, of)) = open.pop() {
        for (step, child) in children(&document, node) {
            let Some(value) = step.entry(&of) else { continue };
            let is_container = matches!(value, Value::Map(_) | Value::List(_));
            if is_container && !unit(&value) {
                open.push((child, value));
            } else {
                let start = document.node(child).span.start.offset as usize;
                let range = start..document.end_of(child).offset as usize;
                found.push(Written { range, of: of.clone(), step, value });
            }
        }
    }
    found.sort_by_key(|one| one.range.start);
    found
}

fn children(document: &Document<'_>, node: NodeId) -> Vec<(Step, NodeId)> {
    match &document.node(node).kind {
        NodeKind::Sequence(_) => {
            let items = document.children(node).iter().enumerate();
            items.map(|(index, item)| (Step::Index(index), *item)).collect()
        }
        NodeKind::Mapping(_) => {
            let entries = document.entries(node).filter_map(|(key, value)| {
                let NodeKind::Scalar(key) = &document.node(key).kind else { return None };
                Some((Step::Key(key.value.as_bytes().to_vec()), value))
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
        for one in written(text.as_bytes(), result, |_| false) {
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
        for one in written(text, value, |inner| self.containers.is_untouched(inner)) {
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
        Lineage::new(segments)
    }
}
