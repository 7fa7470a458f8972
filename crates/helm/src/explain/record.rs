//! The observer of an instrumented render: which text came from where, which values were read.
//!
//! Strings and maps are known by their addresses. Each one that is known is kept alive until the
//! end, so that no address is used twice.

use std::any::Any;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use gotmpl::set::Template;
use gotmpl::trace::{Site, Tracer};
use gotmpl::value::{Map, Str, Value};

use super::align::{Known, align};
use super::{Certainty, Origin, Place, Segment};

/// What an instrumented render found out.
#[derive(Default)]
pub struct Trace {
    /// Per rendered file: its name, its text and where the pieces of that come from.
    pub(super) files: Vec<(String, Str, Vec<Segment>)>,
    /// Paths of values that were read.
    pub(super) reads: BTreeSet<String>,
    /// Paths of tables and lists that were used as a whole.
    pub(super) wholes: BTreeSet<String>,
}

/// The observer.
#[derive(Default)]
pub struct Recorder {
    trace: Trace,
    maps: HashMap<usize, (String, Value)>,
    lists: HashMap<usize, (String, Value)>,
    strings: HashMap<usize, (Str, Vec<Segment>)>,
    frames: Vec<Frame>,
    actions: Vec<Action>,
    /// Values that a template has set anew (`set`).
    changed: BTreeSet<String>,
}

/// A template under way.
struct Frame {
    captured: bool,
    base: usize,
    segments: Vec<Segment>,
    asked_by: Option<Place>,
    printed: usize,
}

/// A printing action under way.
struct Action {
    begin: usize,
    place: Place,
    /// How many templates were under way.
    depth: usize,
    reads: Vec<(String, Value)>,
    /// Values that were empty, so that a default took their place.
    passed: Vec<(String, Certainty)>,
}

/// Functions that look into a table without using the whole of it.
const LOOKING: [&str; 14] = [
    "include", "tpl", "get", "index", "hasKey", "dig", "dict", "list", "set", "default", "empty",
    "kindIs", "and", "or",
];

impl Recorder {
    /// Makes a table of values known by its path.
    pub fn know(&mut self, map: &Map, path: &str) {
        let keep = Value::Map(map.clone());
        self.maps.insert(map.address(), (path.to_owned(), keep));
    }

    /// The findings.
    pub fn finish(self) -> Trace {
        self.trace
    }

    fn origin(&self, place: Place, values: Vec<(String, Certainty)>) -> Origin {
        let chain = self.frames.iter().filter_map(|frame| frame.asked_by.clone()).collect();
        Origin { place, chain, is_literal: false, values }
    }

    /// The path of a table or list of values.
    fn path_of(&self, value: &Value) -> Option<&String> {
        match value {
            Value::Map(map) => self.maps.get(&map.address()).map(|(path, _)| path),
            Value::List(list) => self.lists.get(&address(list)).map(|(path, _)| path),
            _ => None,
        }
    }

    /// A value was reached under a path: what hangs below it is known from now on.
    fn reached(&mut self, path: String, value: &Value) {
        match value {
            Value::Map(map) => self.know(map, &path),
            Value::List(list) => {
                self.lists.insert(address(list), (path.clone(), value.clone()));
            }
            // What a template has set anew keeps the origins that it had there.
            Value::Str(text)
                if self.changed.contains(&path) && self.strings.contains_key(&text.address()) => {}
            Value::Str(text) => {
                if let Some(place) = self.actions.last().map(|action| action.place.clone()) {
                    let values = vec![(path.clone(), self.certainty(&path))];
                    let origin = Rc::new(self.origin(place, values));
                    let segment = Segment { start: 0, end: text.len(), origin };
                    self.strings.insert(text.address(), (text.clone(), vec![segment]));
                }
            }
            _ => {}
        }
        if !path.starts_with('.') {
            self.trace.reads.insert(path.clone());
        }
        if let Some(action) = self.actions.last_mut() {
            action.reads.push((path, value.clone()));
        }
    }

    /// How surely what a path gives is the value that was given there.
    fn certainty(&self, path: &str) -> Certainty {
        if self.changed.contains(path) { Certainty::Changed } else { Certainty::Exact }
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
    fn drop_stale(&mut self) {
        let depth = self.frames.len();
        self.actions.retain(|action| action.depth < depth);
    }

    fn captured_end(&self) -> usize {
        self.frames.iter().rev().find(|frame| frame.captured).map_or(0, |frame| frame.printed)
    }
}

fn address(list: &[Value]) -> usize {
    list.as_ptr() as usize
}

fn place(site: Site<'_>) -> Place {
    Place {
        file: site.template.parsed_as.clone(),
        template: site.template.name.clone(),
        program: Rc::clone(&site.template.program),
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

impl Tracer for Recorder {
    fn action_begin(&mut self, site: Site<'_>, offset: usize) {
        self.drop_stale();
        let depth = self.frames.len();
        self.actions.push(Action {
            begin: offset,
            place: place(site),
            depth,
            reads: Vec::new(),
            passed: Vec::new(),
        });
    }

    fn action_end(&mut self, _site: Site<'_>, value: &Value, offset: usize) {
        let Some(action) = self.actions.pop() else { return };
        let known = match value {
            Value::Str(text) => {
                self.strings.get(&text.address()).map(|(_, segments)| segments.clone())
            }
            _ => None,
        };
        let segments = known.unwrap_or_else(|| {
            let values = self.values_of(&action, value);
            let origin = Rc::new(self.origin(action.place.clone(), values));
            vec![Segment { start: 0, end: offset - action.begin, origin }]
        });
        self.add(action.begin, offset, segments);
        if let Some(outer) = self.actions.last_mut() {
            outer.reads.extend(action.reads);
            outer.passed.extend(action.passed);
        }
    }

    fn text(&mut self, site: Site<'_>, offset: usize) {
        let begin = self.captured_end();
        let literal = Origin { is_literal: true, ..self.origin(place(site), Vec::new()) };
        let origin = Rc::new(literal);
        let end = offset.saturating_sub(begin);
        self.add(begin, offset, vec![Segment { start: 0, end, origin }]);
    }

    fn field(&mut self, map: &Map, key: &[u8], value: &Value) {
        if let Some((path, _)) = self.maps.get(&map.address()) {
            let path = below(path, key);
            self.reached(path, value);
        }
    }

    fn element(&mut self, of: &Value, key: &Value, value: &Value) {
        let Some(path) = self.path_of(of) else { return };
        let path = match key {
            Value::Str(key) => below(path, key),
            Value::Int(index) => format!("{path}[{index}]"),
            _ => return,
        };
        self.reached(path, value);
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
        let frame =
            Frame { captured, base: offset, segments: Vec::new(), asked_by, printed: offset };
        self.frames.push(frame);
    }

    fn leave(&mut self, template: &Template, output: Option<&Value>, _offset: usize) {
        let Some(frame) = self.frames.pop() else { return };
        let depth = self.frames.len();
        self.actions.retain(|action| action.depth <= depth);
        let Some(Value::Str(text)) = output else { return };
        if self.frames.is_empty() {
            let name = template.name.to_text().into_owned();
            self.trace.files.push((name, text.clone(), frame.segments));
        } else {
            self.strings.insert(text.address(), (text.clone(), frame.segments));
        }
    }

    fn call(&mut self, site: Site<'_>, name: &str, args: &[Value], result: &Value) {
        self.note_use(name, args, result);
        self.note_passed_over(site, name, args, result);
        let Value::Str(text) = result else { return };
        // A function that hands an argument through (`default`) adds nothing to what is known of it.
        let is_argument =
            |arg: &Value| matches!(arg, Value::Str(own) if own.address() == text.address());
        let is_known = self.strings.contains_key(&text.address());
        if text.is_empty() || is_known || args.iter().any(is_argument) {
            return;
        }
        let mut values = Vec::new();
        for path in args.iter().filter_map(|arg| self.path_of(arg)) {
            values.push((path.clone(), Certainty::Within));
        }
        let fallback = self.origin(place(site), values);
        let known: Vec<Known<'_>> = args
            .iter()
            .filter_map(|arg| match arg {
                Value::Str(text) => self.strings.get(&text.address()),
                _ => None,
            })
            .map(|(text, segments)| Known { text, segments })
            .collect();
        if known.is_empty() && fallback.values.is_empty() {
            return;
        }
        let segments = align(text, &known, &fallback);
        self.strings.insert(text.address(), (text.clone(), segments));
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

impl Recorder {
    fn note_use(&mut self, name: &str, args: &[Value], result: &Value) {
        if matches!(name, "get" | "index" | "hasKey") {
            let step = match (args.first().and_then(|of| self.path_of(of)), args.get(1)) {
                (Some(path), Some(Value::Str(key))) => Some(below(path, key)),
                (Some(path), Some(Value::Int(index))) => Some(format!("{path}[{index}]")),
                _ => None,
            };
            match step {
                Some(path) if name == "hasKey" => {
                    self.trace.reads.insert(path);
                }
                Some(path) if args.len() == 2 => self.reached(path, result),
                _ => {}
            }
        }
        if let ("set", [table, Value::Str(key), _]) = (name, args)
            && let Some(path) = self.path_of(table)
        {
            self.changed.insert(below(path, key));
        }
        if let ("mergeOverwrite" | "mustMergeOverwrite", [table, over @ ..]) = (name, args)
            && let Some(path) = self.path_of(table).cloned()
        {
            for over in over {
                self.note_overwritten(&path, over, 0);
            }
        }
        if !LOOKING.contains(&name) {
            let used: Vec<String> =
                args.iter().filter_map(|arg| self.path_of(arg)).cloned().collect();
            self.trace.wholes.extend(used);
        }
        // Copies of tables (`merge`, `deepCopy`, `pick`, …) stand for the first table in them.
        if let Value::Map(made) = result
            && !self.maps.contains_key(&made.address())
            && !matches!(name, "dict" | "fromYaml" | "fromJson" | "fromToml")
            && let Some(path) = args.iter().find_map(|arg| self.path_of(arg)).cloned()
        {
            self.know(made, &path);
        }
    }

    /// What a merge has written over the table at a path.
    fn note_overwritten(&mut self, path: &str, over: &Value, depth: usize) {
        /// Tables of values nest no deeper than this.
        const MAX_DEPTH: usize = 64;
        let Value::Map(over) = over else {
            self.changed.insert(path.to_owned());
            return;
        };
        if depth < MAX_DEPTH {
            for (key, value) in over.entries().iter() {
                self.note_overwritten(&below(path, key), value, depth + 1);
            }
        }
    }

    /// The values in what an action has printed, when it is not known as a string: a number, or
    /// the result of a function that gives no text.
    fn values_of(&self, action: &Action, printed: &Value) -> Vec<(String, Certainty)> {
        let is_passed = |path: &str| action.passed.iter().any(|(passed, _)| passed == path);
        let reads = || action.reads.iter().filter(|(path, _)| !is_passed(path));
        let mut values = match reads().rev().find(|(_, read)| is_same(read, printed)) {
            Some((path, _)) => vec![(path.clone(), self.certainty(path))],
            None => reads().map(|(path, _)| (path.clone(), Certainty::TookPart)).collect(),
        };
        values.extend(action.passed.iter().cloned());
        values
    }

    /// `default` and `coalesce` take another value where one is empty: that belongs to the origins
    /// of what they give.
    fn note_passed_over(&mut self, site: Site<'_>, name: &str, args: &[Value], result: &Value) {
        let given = match name {
            "default" => args.get(1..2).unwrap_or_default(),
            "coalesce" => args,
            _ => return,
        };
        let empty = given.iter().take_while(|value| !value.truth());
        let passed: Vec<(String, Certainty)> =
            empty.filter_map(|value| Some((self.read_as(value)?, Certainty::PassedOver))).collect();
        if passed.is_empty() {
            return;
        }
        if let Some(action) = self.actions.last_mut() {
            action.passed.extend(passed.clone());
        }
        let Value::Str(text) = result else { return };
        if text.is_empty() {
            return;
        }
        let unknown = || {
            let origin = Rc::new(self.origin(place(site), Vec::new()));
            vec![Segment { start: 0, end: text.len(), origin }]
        };
        let known = self.strings.get(&text.address());
        let mut segments = known.map_or_else(unknown, |(_, segments)| segments.clone());
        for segment in &mut segments {
            let mut origin = Origin::clone(&segment.origin);
            let new = passed.iter().filter(|one| !segment.origin.values.contains(one));
            origin.values.extend(new.cloned());
            segment.origin = Rc::new(origin);
        }
        self.strings.insert(text.address(), (text.clone(), segments));
    }

    /// The path under which an empty value was read last.
    fn read_as(&self, value: &Value) -> Option<String> {
        match value {
            Value::Str(text) => {
                let (_, segments) = self.strings.get(&text.address())?;
                let (path, _) = segments.first()?.origin.values.first()?;
                Some(path.clone())
            }
            Value::Map(_) | Value::List(_) => self.path_of(value).cloned(),
            _ => {
                let reads = &self.actions.last()?.reads;
                let same = |read: &Value| read.kind() == value.kind() && !read.truth();
                reads.iter().rev().find(|(_, read)| same(read)).map(|(path, _)| path.clone())
            }
        }
    }
}

/// Whether what was read is what was printed: the same text, or a table or list.
fn is_same(read: &Value, printed: &Value) -> bool {
    let is_scalar = |value: &Value| !matches!(value, Value::Map(_) | Value::List(_));
    let text = |value: &Value| {
        let mut text = Vec::new();
        gotmpl::fmt::print(&mut text, value);
        text
    };
    match (is_scalar(read), is_scalar(printed)) {
        (true, true) => text(read) == text(printed),
        (false, false) => read.kind() == printed.kind(),
        _ => false,
    }
}
