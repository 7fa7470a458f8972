//! Templates of a chart that is rendered again and again: recorded once, then drawn (see
//! [`crate::sketch`]).

use std::rc::Rc;

use super::Machine;
use super::memo::Question;
use crate::error::Error;
use crate::function::Call;
use crate::sketch::{self, Callee, ConditionId};
use crate::value::{Str, Value, age};

/// What a template printed.
pub struct Printed {
    /// The text.
    pub text: Vec<u8>,
    /// Texts with one number differ in nothing but the texts that they are made of.
    pub sketch: Option<u64>,
}

impl Machine<'_> {
    /// Runs the template of that name as [`Machine::execute_template`] does, unless an earlier render
    /// tells what it prints. `place` tells the templates apart: one that ran there is the same one, on
    /// the same data, in each render that remembers others (see [`Machine::remember`]).
    pub fn redraw_template(
        &mut self,
        place: usize,
        name: &[u8],
        data: &Value,
    ) -> Result<Printed, Error> {
        // What has changed may be read by what follows, and nothing of it is kept.
        let book = self.book.take().filter(|_| !age::has_lasting_changed());
        let Some(mut book) = book else {
            let text = self.execute_template(name, data)?.unread().to_vec();
            return Ok(Printed { text, sketch: None });
        };
        let drawn = book.drawn(place, self);
        if let Some(drawn) = drawn.filter(|drawn| drawn.text.len() <= self.limits.output_bytes) {
            self.book = Some(book);
            return Ok(drawn);
        }
        if !book.wants(place) {
            let result = self.execute_template(name, data);
            self.book = Some(book);
            return Ok(Printed { text: result?.unread().to_vec(), sketch: None });
        }
        sketch::start(book);
        let result = self.execute_template(name, data);
        self.places.clear();
        let book = sketch::stop();
        let text = result?;
        let sketch = book.and_then(|mut book| {
            let number = book.keep(place, &text, age::has_lasting_changed());
            self.book = Some(book);
            number
        });
        Ok(Printed { text: text.unread().to_vec(), sketch })
    }

    /// What an `include` prints by what was recorded of it in another render.
    pub(super) fn include_of_other_render(
        &mut self,
        recording: &Recording,
        question: Option<&Question>,
    ) -> Option<Str> {
        let can_draw = recording.position.is_some() && !age::has_lasting_changed();
        let key = question.filter(|_| can_draw)?.lasting()?;
        let (text, height) = sketch::included_again(key, self)?;
        age::bound();
        self.deepest = self.deepest.max(self.nested + height);
        Some(text)
    }

    /// The result of a function that was called with these arguments when `recording` began.
    #[cold]
    pub(super) fn returned(
        &mut self,
        recording: &Recording,
        callee: Callee,
        args: &[Value],
        result: Value,
    ) -> Value {
        let Some(position) = recording.position else { return result };
        let (fuel, made_left) = (self.fuel, self.made_left);
        let mut again = |args: &[Value]| (callee.run)(&mut Call { args, machine: self }).ok();
        let result = sketch::returned(callee, args, result, position, &mut again);
        // Calling once more is no step of the template.
        (self.fuel, self.made_left) = (fuel, made_left);
        result
    }

    /// Notes where a marked text is about to be printed.
    #[cold]
    pub(super) fn note_marked(&mut self, text: &Str) {
        if let Some(node) = sketch::node_of(text) {
            let start = self.out.len();
            self.places.push(sketch::Place { start, end: start + text.unread().len(), node });
        }
    }

    /// What was printed since `start`, which is taken off the output.
    pub(super) fn taken(&mut self, start: usize) -> Str {
        let text = self.out.get(start..).unwrap_or_default();
        let output = if sketch::is_recording() {
            let first = self.places.partition_point(|place| place.start < start);
            let mut places = self.places.split_off(first);
            for place in &mut places {
                place.start -= start;
                place.end -= start;
            }
            sketch::printed(text, &places)
        } else {
            Str::from(text)
        };
        self.out.truncate(start);
        output
    }
}

/// The part of the machine's state that tells what a run stands under.
pub(super) struct Recording {
    position: Option<usize>,
}

impl Recording {
    pub fn begin() -> Self {
        Self { position: sketch::is_recording().then(sketch::position) }
    }

    /// Whether something is recorded.
    #[inline]
    pub fn is_under_way(&self) -> bool {
        self.position.is_some()
    }

    /// What the run stands under; nothing when it was not recorded from beginning to end.
    pub fn end(&self) -> Option<Rc<[ConditionId]>> {
        self.position.and_then(sketch::since)
    }
}
