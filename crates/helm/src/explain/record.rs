//! The observer of an instrumented render: which text came from where, which values were read.
//!
//! It follows each value: what is known of the last one goes to arguments, variables, the dot and the
//! output. Strings and tables are known by their addresses besides; each one that is known is kept
//! alive until the end, so that no address is used twice.

use std::any::Any;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use gotmpl::set::Template;
use gotmpl::trace::{Decision, Site, Tracer};
use gotmpl::value::{Map, Str, Value};

use super::elsewhere::is_elsewhere;
use super::lineage::{Containers, Lineage, Step, printed};
use super::{Certainty, Condition, Origin, Place, Segment};
use crate::release::Release;

/// What an instrumented render found out.
#[derive(Default)]
pub struct Trace {
    /// Per rendered file: its name, its text and where the pieces of that come from.
    pub(super) files: Vec<(String, Vec<u8>, Vec<Segment>)>,
    /// Paths of values that were read.
    pub(super) reads: BTreeSet<String>,
    /// Paths of tables and lists that were used as a whole.
    pub(super) wholes: BTreeSet<String>,
}

impl Trace {
    /// Adds the definitions of `crds/`, which no template prints.
    pub fn add_definitions(&mut self, release: &Release) {
        for definition in &release.crds {
            let (name, text) = (definition.source.to_string(), definition.content.clone());
            let origin = Origin {
                is_literal: true,
                is_printed: true,
                ..Origin::at(Place::of_file(&name, &text), Vec::new())
            };
            let segment = Segment { start: 0, end: text.len(), origin: Rc::new(origin) };
            self.files.push((name, text, vec![segment]));
        }
    }
}

/// The observer.
#[derive(Default)]
pub struct Recorder {
    /// Whether what is printed is let go: a fault needs only the values, and may come after much.
    lets_output_go: bool,
    pub(super) trace: Trace,
    pub(super) containers: Containers,
    pub(super) strings: HashMap<usize, (Str, Lineage)>,
    /// Values that a template has set anew (`set`).
    pub(super) changed: BTreeSet<String>,
    pub(super) frames: Vec<Frame>,
    actions: Vec<Action>,
    pub(super) calls: Vec<Call>,
    pub(super) decisions: Vec<Deciding>,
    /// What has been decided around what runs now, outermost first.
    pub(super) conditions: Vec<Rc<Condition>>,
    /// What is known of the last value.
    last: Lineage,
    /// What is known of the key and the element that a range has come to.
    at: (Lineage, Lineage),
}

/// A template under way.
pub(super) struct Frame {
    captured: bool,
    base: usize,
    segments: Vec<Segment>,
    pub asked_by: Option<Place>,
    printed: usize,
    slots: HashMap<u16, Lineage>,
    dots: Vec<Lineage>,
    /// The text that `tpl` runs.
    pub source: Lineage,
}

/// An action or a decision under way.
struct Action {
    begin: usize,
    place: Place,
    /// How many templates were under way.
    depth: usize,
}

/// A call under way.
pub(super) struct Call {
    name: String,
    is_method: bool,
    pub piped: Lineage,
    pub args: Vec<Lineage>,
}

/// An `if`, `with` or `range` under way.
pub(super) struct Deciding {
    pub place: Place,
    /// How many conditions stand around it.
    outside: usize,
    /// Whether it has a dot of its own.
    pub has_dot: bool,
    /// How many templates were under way.
    pub depth: usize,
}

impl Recorder {
    /// Makes a table of values known by its path.
    pub fn know(&mut self, map: &Map, path: &str) {
        self.containers.know(&Value::Map(map.clone()), path);
    }

    /// One that follows values and keeps nothing of what is printed.
    pub(crate) fn without_output() -> Self {
        Self { lets_output_go: true, ..Self::default() }
    }

    /// The findings.
    pub fn finish(self) -> Trace {
        self.trace
    }

    /// The action or decision under way.
    pub(super) fn here(&self) -> Option<Place> {
        let action = self.actions.last().map(|action| action.place.clone());
        action.or_else(|| self.decisions.last().map(|deciding| deciding.place.clone()))
    }

    /// How surely what a path gives is the value that was given there.
    pub(super) fn certainty(&self, path: &str) -> Certainty {
        if self.changed.contains(path) { Certainty::Changed } else { Certainty::Exact }
    }

    /// An entry was read: gives what is known of it.
    pub(super) fn read(&mut self, of: &Value, step: &Step) -> Lineage {
        let value = step.entry(of).unwrap_or_default();
        let path = self.containers.path_of(of).map(|path| step.below(path));
        let kept = self.containers.kept(of, step).cloned();
        for (path, _) in kept.iter().flat_map(Lineage::values) {
            self.note_read(&path);
        }
        let Some(path) = path else {
            return kept.unwrap_or_else(|| self.lineage_by_address(&value));
        };
        self.note_read(&path);
        self.containers.know(&value, &path);
        let is_changed = self.changed.contains(&path);
        match kept {
            Some(kept) if is_changed => {
                let changed = (path, Certainty::Changed);
                kept.map(|origin| origin.values.push(changed.clone()))
            }
            Some(kept) => kept,
            None => self.lineage_at(&path, &value),
        }
    }

    fn note_read(&mut self, path: &str) {
        if !is_elsewhere(path) && !self.trace.reads.contains(path) {
            self.trace.reads.insert(path.to_owned());
        }
    }

    /// The key itself of an entry.
    pub(super) fn lineage_of_key(&self, of: &Value, step: &Step) -> Option<Lineage> {
        if let Some(kept) = self.containers.kept_key(of, step) {
            return Some(kept.clone());
        }
        let path = self.containers.path_of(of).map(|path| step.below(path));
        let values = match path {
            Some(path) => vec![(path, Certainty::Key)],
            None => {
                let own = self.lineage_of(of, step).values().into_iter();
                own.map(|(path, _)| (path, Certainty::TookPart)).collect()
            }
        };
        let length = match step {
            Step::Key(key) => key.len(),
            Step::Index(index) => index.to_string().len(),
        };
        (!values.is_empty()).then_some(())?;
        Some(Lineage::whole(length, Origin::at(self.here()?, values)))
    }

    /// What is known of the arguments of the call that ends, one for each.
    fn arguments(&mut self, count: usize) -> Vec<Lineage> {
        let Some(call) = self.calls.pop() else { return vec![Lineage::default(); count] };
        let mut known = call.args;
        if call.is_method {
            known.insert(0, Lineage::default());
        }
        if known.len() < count {
            known.push(call.piped);
        }
        known.resize(count, Lineage::default());
        known
    }

    /// The segments now go to the innermost template whose output is captured.
    fn add(&mut self, begin: usize, end: usize, segments: Vec<Segment>) {
        let Some(frame) = self.frames.iter_mut().rev().find(|frame| frame.captured) else { return };
        let moved = segments.into_iter().map(|segment| Segment {
            start: begin - frame.base + segment.start,
            end: begin - frame.base + segment.end,
            origin: segment.origin,
        });
        frame.segments.extend(moved);
        frame.printed = end;
    }

    /// An action that only sets a variable has no end; the next one on its level is past it.
    fn begin(&mut self, site: Site<'_>, offset: usize) {
        let depth = self.frames.len();
        self.actions.retain(|action| action.depth < depth);
        self.actions.push(Action { begin: offset, place: place(site), depth });
    }

    fn captured_end(&self) -> usize {
        self.frames.iter().rev().find(|frame| frame.captured).map_or(0, |frame| frame.printed)
    }

    fn set_slot(&mut self, slot: Option<u16>, lineage: Lineage) {
        if let (Some(slot), Some(frame)) = (slot, self.frames.last_mut()) {
            frame.slots.insert(slot, lineage);
        }
    }
}

pub(super) fn address(list: &[Value]) -> usize {
    list.as_ptr() as usize
}

pub(super) fn place(site: Site<'_>) -> Place {
    Place {
        file: site.template.parsed_as.clone(),
        template: site.template.name.clone(),
        text: site.template.program.text().clone(),
        span: site.span,
    }
}

/// A key below a path; a key that could be taken for several stands in brackets.
pub(super) fn below(path: &str, key: &[u8]) -> String {
    let key = String::from_utf8_lossy(key);
    if key.contains(['.', '[', ']']) {
        format!("{path}[\"{key}\"]")
    } else if path.is_empty() {
        key.into_owned()
    } else {
        format!("{path}.{key}")
    }
}

/// Adds the conditions that are not there yet.
pub(super) fn extend(known: &mut Vec<Rc<Condition>>, more: Vec<Rc<Condition>>) {
    for one in more {
        if !known.iter().any(|other| Rc::ptr_eq(other, &one)) {
            known.push(one);
        }
    }
}

impl Tracer for Recorder {
    fn action_begin(&mut self, site: Site<'_>, offset: usize) {
        self.begin(site, offset);
    }

    fn action_end(&mut self, _site: Site<'_>, value: &Value, offset: usize) {
        let Some(action) = self.actions.pop() else { return };
        let own = std::mem::take(&mut self.last);
        if self.lets_output_go {
            return;
        }
        let is_text = matches!(value, Value::Str(_));
        self.note_whole(value, true);
        let segments = self.printed(&own, &action.place, offset - action.begin, is_text);
        self.add(action.begin, offset, segments);
    }

    fn text(&mut self, site: Site<'_>, offset: usize) {
        if self.lets_output_go {
            return;
        }
        let begin = self.captured_end();
        let chain = self.frames.iter().filter_map(|frame| frame.asked_by.clone()).collect();
        let origin = Rc::new(Origin {
            chain,
            is_literal: true,
            is_printed: true,
            because: self.conditions.clone(),
            ..Origin::at(place(site), Vec::new())
        });
        let mut segments = self.text_of_values(site);
        super::print::fill(&mut segments, offset.saturating_sub(begin), &origin);
        self.add(begin, offset, segments);
    }

    fn pipeline_begin(&mut self) {
        self.last = Lineage::default();
    }

    fn field(&mut self, map: &Map, key: &[u8], value: &Value) {
        // Each file has its own.
        if key == b"Template" && map.get(b"Release").is_some() {
            self.containers.know(value, ".Template");
        }
        self.last = self.read(&Value::Map(map.clone()), &Step::Key(key.to_vec()));
    }

    fn object_field(&mut self, object: &Value, name: &[u8], value: &Value) {
        self.last = self.read_of_object(object, name, value);
    }

    fn variable(&mut self, slot: Option<u16>) {
        let known = slot.and_then(|slot| self.frames.last()?.slots.get(&slot));
        self.last = known.cloned().unwrap_or_default();
    }

    fn dot(&mut self) {
        let known = self.frames.last().and_then(|frame| frame.dots.last());
        self.last = known.cloned().unwrap_or_default();
    }

    fn assigned(&mut self, slot: Option<u16>, value: &Value) {
        let Some(here) = self.here() else { return };
        let mut known = self.last.clone();
        if known.is_empty() {
            let origin = Origin::at(here.clone(), Vec::new());
            known = Lineage::whole(printed(value).len(), origin);
        }
        let known = known.map(|origin| {
            if !origin.is_printed {
                origin.taken.get_or_insert_with(|| here.clone());
                extend(&mut origin.because, self.conditions.clone());
            }
        });
        self.set_slot(slot, known);
    }

    fn decide_begin(&mut self, site: Site<'_>) {
        self.begin(site, 0);
        let outside = self.conditions.len();
        let (place, depth) = (place(site), self.frames.len());
        self.decisions.push(Deciding { place, outside, has_dot: false, depth });
    }

    fn decided(&mut self, decision: Decision, is_taken: bool) {
        let known = std::mem::take(&mut self.last);
        let Some(deciding) = self.decisions.last_mut() else { return };
        for segment in known.iter() {
            extend(&mut self.conditions, segment.origin.because.clone());
        }
        let values = known.values().into_iter().map(|(path, _)| path).collect();
        let place = deciding.place.clone();
        self.conditions.push(Rc::new(Condition { place, decision, is_taken, values }));
        let has_dot = is_taken && decision != Decision::If;
        deciding.has_dot = has_dot;
        if let Some(frame) = self.frames.last_mut().filter(|_| has_dot) {
            frame.dots.push(known);
        }
    }

    fn decide_end(&mut self) {
        let Some(deciding) = self.decisions.pop() else { return };
        self.conditions.truncate(deciding.outside);
        if let Some(frame) = self.frames.last_mut().filter(|_| deciding.has_dot) {
            frame.dots.pop();
        }
    }

    fn element(&mut self, of: &Value, key: &Value, _value: &Value) {
        let (key, element) = match Step::of(key) {
            Some(step) => {
                let key = self.lineage_of_key(of, &step).unwrap_or_default();
                (key, self.read(of, &step))
            }
            // A number counts.
            None => (Lineage::default(), Lineage::default()),
        };
        if let Some(deciding) = self.decisions.last()
            && !element.is_empty()
        {
            self.conditions.truncate(deciding.outside);
            let place = deciding.place.clone();
            let values = element.values().into_iter().map(|(path, _)| path).collect();
            let condition = Condition { place, decision: Decision::Range, is_taken: true, values };
            self.conditions.push(Rc::new(condition));
        }
        if let Some(dot) = self.frames.last_mut().and_then(|frame| frame.dots.last_mut()) {
            *dot = element.clone();
        }
        self.at = (key, element);
    }

    fn bound(&mut self, key: Option<u16>, element: Option<u16>) {
        let (known_key, known_element) = std::mem::take(&mut self.at);
        self.set_slot(key, known_key);
        self.set_slot(element, known_element);
    }

    fn enter(
        &mut self,
        _template: &Template,
        site: Option<Site<'_>>,
        captured: bool,
        offset: usize,
    ) {
        let asking = self.actions.last().filter(|action| action.depth == self.frames.len());
        let action = asking.map(|action| action.place.clone());
        let asked_by = site.map(place).or(action);
        let call = self.calls.last().filter(|call| captured && !call.is_method);
        let argument = |index: usize| call.and_then(|call| call.args.get(index)).cloned();
        let (dot, source) = match call {
            None if captured => (Lineage::default(), Lineage::default()),
            None => (std::mem::take(&mut self.last), Lineage::default()),
            Some(call) => {
                let source = argument(0).filter(|_| call.name == "tpl").unwrap_or_default();
                (argument(1).unwrap_or_else(|| call.piped.clone()), source)
            }
        };
        self.frames.push(Frame {
            captured,
            base: offset,
            segments: Vec::new(),
            asked_by,
            printed: offset,
            slots: HashMap::from([(0, dot.clone())]),
            dots: vec![dot],
            source,
        });
    }

    fn leave(&mut self, template: &Template, output: Option<&Value>, _offset: usize) {
        let Some(frame) = self.frames.pop() else { return };
        let depth = self.frames.len();
        self.actions.retain(|action| action.depth <= depth);
        let Some(Value::Str(text)) = output else { return };
        if self.frames.is_empty() {
            let name = template.name.to_text().into_owned();
            let (text, segments) =
                super::print::without_no_value(text.as_bytes().to_vec(), frame.segments);
            self.trace.files.push((name, text, segments));
        } else if !text.is_empty() {
            let lineage = Lineage::new(frame.segments);
            self.strings.insert(text.address(), (text.clone(), lineage));
        }
    }

    fn call_begin(&mut self, name: &str, is_method: bool) {
        let piped = std::mem::take(&mut self.last);
        self.calls.push(Call { name: name.to_owned(), is_method, piped, args: Vec::new() });
    }

    fn argument(&mut self) {
        let known = std::mem::take(&mut self.last);
        if let Some(call) = self.calls.last_mut() {
            call.args.push(known);
        }
    }

    fn chosen(&mut self, _site: Site<'_>, is_written: bool, _value: &Value) {
        let Some(call) = self.calls.pop() else { return };
        let mut known = call.args;
        if !is_written && !call.piped.is_empty() {
            known.push(call.piped);
        }
        let Some(last) = known.pop() else { return };
        let mut others: Vec<(String, Certainty)> = Vec::new();
        // What is empty is passed over by `or`; `and` takes note of it.
        let part = if call.name == "or" { Certainty::PassedOver } else { Certainty::TookPart };
        for (path, _) in known.iter().flat_map(Lineage::values) {
            others.push((path, part));
        }
        let Some(here) = self.here().filter(|_| !others.is_empty()) else {
            self.last = last;
            return;
        };
        let last =
            if last.is_empty() { Lineage::whole(0, Origin::at(here, Vec::new())) } else { last };
        self.last = last.map(|origin| {
            let is_known = |path: &str| origin.values.iter().any(|(known, _)| known == path);
            let new: Vec<_> = others.iter().filter(|(path, _)| !is_known(path)).cloned().collect();
            origin.values.extend(new);
        });
    }

    fn call(&mut self, site: Site<'_>, name: &str, args: &[Value], result: &Value) {
        let known = self.arguments(args.len());
        let lineage = self.called(site, name, args, &known, result);
        if let Value::Str(text) = result
            && !text.is_empty()
            && !lineage.is_empty()
            && !args
                .iter()
                .any(|arg| matches!(arg, Value::Str(own) if own.address() == text.address()))
        {
            // What is handed through is known better by what handed it.
            self.strings.insert(text.address(), (text.clone(), lineage.clone()));
        }
        self.last = lineage;
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
