//! Recording: what is read while a template runs, and what is made of it.

use std::rc::Rc;

use foldhash::{HashSet, HashSetExt};

use super::book::{Book, Condition, ConditionId, Included, NodeId, Page, Piece, Sketch};
use super::mark::is_fresh;
use super::pattern::Patterns;
use super::shape::Shape;
use super::{Callee, Place};
use crate::value::{Feature, Map, Str, Value};

/// A template has no more sketches than this.
const MAX_SKETCHES: usize = 64;

impl Book {
    pub(super) fn spoil(&mut self) {
        self.is_spoilt = true;
    }

    pub(super) fn position(&self) -> usize {
        self.log.len()
    }

    pub(super) fn since(&self, position: usize) -> Option<Rc<[ConditionId]>> {
        let log = self.log.get(position..).filter(|_| !self.is_spoilt);
        log.map(|log| once(log).into())
    }

    pub(super) fn again(&mut self, conditions: &[ConditionId]) {
        for condition in conditions {
            self.log(*condition);
        }
    }

    pub(super) fn node_of(&self, address: usize) -> Option<NodeId> {
        self.marks.get(&address).map(|(node, _)| *node)
    }

    pub(super) fn read_text(&mut self, address: usize) {
        if self.is_spoilt {
            return;
        }
        let Some((node, text)) = self.marks.get(&address) else { return };
        let condition = Condition::Is(*node, text.unread().into());
        self.add(condition);
    }

    pub(super) fn ask_text(&mut self, address: usize, feature: Feature, answer: bool) {
        if let Some(node) = self.node_of(address) {
            self.add(Condition::Has(node, feature, answer));
        }
    }

    /// Within a render the value at a key of a map that lasts is the same; where it is not, nothing of
    /// the render is kept.
    pub(super) fn read_entry(&mut self, map: &Map, key: &Str) {
        let source = self.entry(map, key);
        if let Some(condition) = self.entries_read.get(&source) {
            let condition = *condition;
            self.log(condition);
            return;
        }
        let value = map.unread().get(key.unread()).cloned();
        let shape = match &value {
            None => Some(Shape::Absent),
            Some(value) => Shape::of(value, 0),
        };
        let is_marked = value.is_none_or(|value| {
            let marked = self.marked(source, &value);
            let entries = map.unchanged();
            marked.zip(entries).is_some_and(|(marked, mut entries)| {
                entries.get_mut(key.unread()).map(|value| *value = marked).is_some()
            })
        });
        match shape.filter(|_| is_marked) {
            Some(shape) => {
                let condition = self.condition(Condition::Shape(source, shape));
                self.entries_read.insert(source, condition);
                self.log(condition);
            }
            None => self.spoil(),
        }
    }

    pub(super) fn read_length(&mut self, map: &Map) {
        let source = self.length(map);
        match Shape::of(&Value::Int(map.unread().len() as i64), 0) {
            Some(shape) => self.add(Condition::Shape(source, shape)),
            None => self.spoil(),
        }
    }

    fn add(&mut self, condition: Condition) {
        let id = self.condition(condition);
        if self.log.last() != Some(&id) {
            self.log(id);
        }
    }

    pub(super) fn printed(&mut self, text: &[u8], places: &[Place]) -> Str {
        if places.is_empty() || self.is_spoilt {
            return text.into();
        }
        match self.text(pieces(text, places)) {
            Some(node) => self.mark(text, node),
            None => {
                for place in places {
                    let is = text.get(place.start..place.end).unwrap_or_default();
                    self.add(Condition::Is(place.node, is.into()));
                }
                text.into()
            }
        }
    }

    /// What was read of the arguments stands in the call, which is made again in another render, or in
    /// the places that they have in the result. Gives the result marked.
    pub(super) fn returned(
        &mut self,
        callee: Callee,
        args: &[Value],
        result: &Value,
        position: usize,
        again: &mut dyn FnMut(&[Value]) -> Option<Value>,
    ) -> Option<Value> {
        let since = self.log.get(position..)?;
        let node_read = |id: &ConditionId| match self.things.conditions.get(*id as usize)?.as_ref()
        {
            Condition::Is(node, _) => Some(*node),
            _ => None,
        };
        let has_read = since.iter().any(|id| node_read(id).is_some());
        if !has_read || self.is_spoilt || !is_fresh(result, 0) {
            return None;
        }
        let node_of = |address| self.node_of(address);
        let mut patterns = Patterns::new(&node_of);
        let made: Box<[_]> = args.iter().map(|arg| patterns.of(arg, 0)).collect::<Option<_>>()?;
        let (name, nodes) = (patterns.name, patterns.nodes);
        let read_from: HashSet<NodeId> = nodes.iter().copied().collect();
        let is_other =
            |id: &ConditionId| match self.things.conditions.get(*id as usize).map(|c| &**c) {
                Some(Condition::Is(node, _) | Condition::Has(node, ..)) => {
                    !read_from.contains(node)
                }
                _ => true,
            };
        let mut kept: Vec<ConditionId> = since.iter().copied().filter(is_other).collect();
        let spliced = self.spliced(callee.words, &made, &nodes, result, again, &mut kept);
        let marked = match spliced {
            Some(spliced) => spliced,
            None => {
                let shape = Shape::of(result, 0)?;
                let source = self.call(callee.run, name, made, &nodes)?;
                kept.push(self.condition(Condition::Shape(source, shape)));
                self.marked(source, result)?
            }
        };
        self.log.truncate(position);
        self.log.extend(kept);
        Some(marked)
    }

    /// Keeps what a run within the recording printed, and what it stands under.
    pub(super) fn keep_included(
        &mut self,
        question: &Rc<[u64]>,
        text: &Str,
        conditions: &Rc<[ConditionId]>,
        height: usize,
    ) {
        let (text, conditions) = (self.piece(text), Rc::clone(conditions));
        let answers = self.included.entry(Rc::clone(question)).or_default();
        answers.truncate(MAX_SKETCHES - 1);
        answers.insert(0, Included { conditions, text, height });
    }

    fn piece(&self, text: &Str) -> Piece {
        match self.node_of(text.address()) {
            Some(node) => Piece::Node(node),
            None => Piece::Fixed(text.unread().into()),
        }
    }

    /// Keeps the recording of what a template printed, unless it cannot be repeated. Gives the
    /// sketch's number.
    pub(crate) fn keep(
        &mut self,
        place: usize,
        text: &Str,
        has_changed_others: bool,
    ) -> Option<u64> {
        let pieces = self.flat(&self.piece(text));
        self.is_spoilt |= pieces.is_none();
        let pieces: Box<[Piece]> = pieces.unwrap_or_default().into();
        let (number, length) = (self.sketches, text.unread().len());
        let sketch = Sketch { number, conditions: once(&self.log).into(), pieces, length };
        self.sketches += 1;
        let page = self.pages.entry(place).or_default();
        page.is_spoilt |= self.is_spoilt || has_changed_others;
        if page.is_spoilt {
            page.sketches.clear();
            return None;
        }
        page.sketches.truncate(MAX_SKETCHES - 1);
        page.sketches.insert(0, sketch);
        Some(number)
    }

    /// Whether it is worth while to record what stands there.
    pub(crate) fn wants(&self, place: usize) -> bool {
        !self.is_full && self.pages.get(&place).is_none_or(Page::is_promising)
    }
}

impl Page {
    fn is_promising(&self) -> bool {
        !self.is_spoilt && self.missed <= MAX_SKETCHES + 2 * self.drawn
    }
}

/// The same conditions, each once.
fn once(conditions: &[ConditionId]) -> Vec<ConditionId> {
    let mut seen = HashSet::with_capacity(conditions.len());
    conditions.iter().copied().filter(|id| seen.insert(*id)).collect()
}

fn pieces(text: &[u8], places: &[Place]) -> Rc<[Piece]> {
    let mut pieces = Vec::with_capacity(places.len() * 2 + 1);
    let mut at = 0;
    let fixed = |pieces: &mut Vec<Piece>, from: usize, to: usize| {
        if let Some(text) = text.get(from..to).filter(|text| !text.is_empty()) {
            pieces.push(Piece::Fixed(text.into()));
        }
    };
    for place in places {
        fixed(&mut pieces, at, place.start);
        pieces.push(Piece::Node(place.node));
        at = place.end;
    }
    fixed(&mut pieces, at, text.len());
    pieces.into()
}
