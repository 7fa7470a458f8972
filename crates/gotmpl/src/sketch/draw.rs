//! Drawing: a sketch with the texts of the render under way.

use std::rc::Rc;

use super::book::{Book, Condition, ConditionId, Node, NodeId, Piece, Source, SourceId, Things};
use crate::function::Call;
use crate::machine::{Machine, Printed};
use crate::value::{Str, Value};

/// What is known of the render under way, by number.
#[derive(Default)]
pub(super) struct Now {
    values: Vec<Option<Known<Value>>>,
    texts: Vec<Option<Known<Str>>>,
    conditions: Vec<Option<bool>>,
}

/// What was looked for, if it is there.
type Known<T> = Option<T>;

impl Now {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.values.clear();
        self.texts.clear();
        self.conditions.clear();
    }

    /// What a text is, as far as that was found out.
    pub fn text(&self, node: NodeId) -> Option<&Str> {
        self.texts.get(node as usize)?.as_ref()?.as_ref()
    }

    /// Makes room.
    fn fit(&mut self, things: &Things) {
        self.values.resize(things.sources.len(), None);
        self.texts.resize(things.nodes.len(), None);
        self.conditions.resize(things.conditions.len(), None);
    }
}

/// Another text may be so much longer than the last.
const ROOM: usize = 64;

impl Book {
    /// What the template at that place prints in this render; nothing where no sketch of it stands.
    pub(crate) fn drawn(&mut self, place: usize, machine: &mut Machine<'_>) -> Option<Printed> {
        let page = self.pages.get_mut(&place)?;
        self.now.fit(&self.things);
        let mut drawing = Drawing { things: &self.things, now: &mut self.now, machine };
        let stands = page
            .sketches
            .iter()
            .position(|sketch| sketch.conditions.iter().all(|condition| drawing.holds(*condition)));
        let drawn = stands.and_then(|at| {
            page.sketches.get_mut(..=at)?.rotate_right(1);
            let sketch = page.sketches.first_mut()?;
            let mut text = Vec::with_capacity(sketch.length + ROOM);
            drawing.pieces(&sketch.pieces, &mut text)?;
            sketch.length = text.len();
            Some(Printed { text, sketch: Some(sketch.number) })
        });
        match drawn {
            Some(_) => page.drawn += 1,
            None => page.missed += 1,
        }
        drawn
    }

    /// What a run that answered this question before prints in this render, and how deep it went. The
    /// conditions count as part of the recording.
    pub(super) fn included_again(
        &mut self,
        question: &[u64],
        machine: &mut Machine<'_>,
    ) -> Option<(Str, usize)> {
        let answers = self.included.get_mut(question)?;
        self.now.fit(&self.things);
        let mut drawing = Drawing { things: &self.things, now: &mut self.now, machine };
        let at = answers.iter().position(|answer| {
            answer.conditions.iter().all(|condition| drawing.holds(*condition))
        })?;
        answers.get_mut(..=at)?.rotate_right(1);
        let answer = answers.first()?;
        let (text, node) = match &answer.text {
            Piece::Fixed(text) => (Str::from(&**text), None),
            Piece::Node(node) => (drawing.text(*node)?, Some(*node)),
        };
        let (height, conditions) = (answer.height, Rc::clone(&answer.conditions));
        self.again(&conditions);
        let text = match node {
            Some(node) => self.mark(text.unread(), node),
            None => text,
        };
        Some((text, height))
    }
}

struct Drawing<'d, 'm, 'run> {
    things: &'d Things,
    now: &'d mut Now,
    machine: &'m mut Machine<'run>,
}

impl Drawing<'_, '_, '_> {
    fn pieces(&mut self, pieces: &[Piece], out: &mut Vec<u8>) -> Option<()> {
        for piece in pieces {
            match piece {
                Piece::Fixed(text) => out.extend_from_slice(text),
                Piece::Node(node) => out.extend_from_slice(self.text(*node)?.unread()),
            }
        }
        Some(())
    }

    fn holds(&mut self, id: ConditionId) -> bool {
        if let Some(Some(known)) = self.now.conditions.get(id as usize) {
            return *known;
        }
        let holds = match self.things.conditions.get(id as usize).map(|known| &**known) {
            Some(Condition::Is(node, text)) => {
                self.text(*node).is_some_and(|other| *other.unread() == **text)
            }
            Some(Condition::Has(node, feature, answer)) => {
                self.text(*node).is_some_and(|text| feature.holds(text.unread()) == *answer)
            }
            Some(Condition::Passes(node, test)) => {
                self.text(*node).is_some_and(|text| (test.0)(text.unread()))
            }
            // A call that fails has no shape.
            Some(Condition::Shape(source, shape)) => {
                match self.things.sources.get(*source as usize) {
                    Some(Source::Entry { .. }) => shape.fits(self.value(*source).as_ref()),
                    _ => self.value(*source).is_some_and(|value| shape.fits(Some(&value))),
                }
            }
            None => false,
        };
        if let Some(slot) = self.now.conditions.get_mut(id as usize) {
            *slot = Some(holds);
        }
        holds
    }

    fn value(&mut self, id: SourceId) -> Option<Value> {
        if let Some(Some(known)) = self.now.values.get(id as usize) {
            return known.clone();
        }
        let value = match self.things.sources.get(id as usize)? {
            Source::Entry { map, key } => map.unread().get(key.unread()).cloned(),
            Source::Length(map) => Some(Value::Int(map.unread().len() as i64)),
            Source::Call { run, args, .. } => {
                let text = &mut |node| self.text(node);
                let args: Option<Vec<Value>> = args.iter().map(|arg| arg.filled(text)).collect();
                args.and_then(|args| run(&mut Call { args: &args, machine: self.machine }).ok())
            }
        };
        if let Some(slot) = self.now.values.get_mut(id as usize) {
            *slot = Some(value.clone());
        }
        value
    }

    /// Nothing where the text is not there: then a condition does not hold.
    fn text(&mut self, id: NodeId) -> Option<Str> {
        if let Some(Some(known)) = self.now.texts.get(id as usize) {
            return known.clone();
        }
        let text = match self.things.nodes.get(id as usize)? {
            Node::Part { source, path } => self.value(*source).and_then(|value| part(&value, path)),
            Node::Text { pieces, .. } => {
                let mut out = Vec::new();
                self.pieces(pieces, &mut out).map(|()| Str::from(out))
            }
        };
        if let Some(slot) = self.now.texts.get_mut(id as usize) {
            *slot = Some(text.clone());
        }
        text
    }
}

/// The text at the end of a path into a value.
fn part(value: &Value, path: &[u32]) -> Option<Str> {
    match (value, path) {
        (Value::Str(text), []) => Some(text.clone()),
        (Value::List(list), [index, rest @ ..]) => part(list.get(*index as usize)?, rest),
        (Value::Map(map), [index, rest @ ..]) => {
            part(map.unread().iter().nth(*index as usize)?.1, rest)
        }
        _ => None,
    }
}
