//! Steps over values, as client-go's `jsonpath.go` takes them.

use functions::json;

use super::operand::{Found, compare};
use super::parse::{Action, Operator, Slice, Step};
use super::{Limit, MAX_OUTPUT_BYTES, MAX_RANGES, MAX_STEPS};
use crate::values::{Plain, go_value, thaw};

/// Why an evaluation stopped.
pub(super) enum Stop<'a> {
    /// A path leads nowhere, or a step does not fit. What was found so far goes with it, because
    /// a filter that asks whether something exists looks at this and not at the fault.
    Fault(Vec<Found<'a>>),
    /// It would take too much.
    Limit(Limit),
}

type Walked<'a> = Result<Vec<Found<'a>>, Stop<'a>>;

/// The state of one evaluation.
pub(super) struct Evaluator<'a> {
    actions: &'a [Action],
    /// Ranges that a step has asked for and that have not begun.
    begun: usize,
    /// Ranges around the current action.
    inside: usize,
    /// Ends that a step has asked for and that have ended no range yet.
    ended: usize,
    /// Where the last range ended.
    last_end: Option<usize>,
    steps: usize,
    out: Vec<u8>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(actions: &'a [Action]) -> Self {
        let (begun, inside, ended, steps) = (0, 0, 0, 0);
        Self { actions, begun, inside, ended, last_end: None, steps, out: Vec::new() }
    }

    /// What the actions print of the value.
    pub(super) fn print(mut self, value: Found<'a>) -> Result<Vec<u8>, Stop<'a>> {
        self.block(0, value)?;
        Ok(self.out)
    }

    /// Runs the actions from `at` on, up to the end of the range that they stand in.
    fn block(&mut self, mut at: usize, value: Found<'a>) -> Result<(), Stop<'a>> {
        let actions = self.actions;
        while let Some(action) = actions.get(at) {
            self.count(0)?;
            let found = self.walk(vec![value], action)?;
            if self.ended > 0 && self.ended <= self.inside {
                self.ended -= 1;
                self.last_end = Some(at);
                return Ok(());
            }
            if self.begun > 0 {
                self.begun -= 1;
                self.range(at + 1, found)?;
                // Without an end, the actions of the range run once more, on what is around it.
                at = self.last_end.filter(|end| *end > at).unwrap_or(at);
            } else {
                self.show(&found)?;
            }
            at += 1;
        }
        Ok(())
    }

    fn range(&mut self, at: usize, found: Vec<Found<'a>>) -> Result<(), Stop<'a>> {
        if self.inside == MAX_RANGES {
            return Err(Stop::Limit(Limit::Ranges));
        }
        self.inside += 1;
        if found.is_empty() {
            // Only to see where it ends.
            let length = self.out.len();
            self.block(at, Found::Nothing)?;
            self.out.truncate(length);
        }
        for element in found {
            match element {
                Found::Nothing => return Err(Stop::Fault(Vec::new())),
                _ if element.is_null() => self.block(at, Found::Nothing)?,
                _ => self.block(at, element)?,
            }
        }
        self.inside -= 1;
        Ok(())
    }

    fn walk(&mut self, mut found: Vec<Found<'a>>, action: &'a [Step]) -> Walked<'a> {
        for step in action {
            found = self.step(found, step)?;
            self.count(found.len())?;
        }
        Ok(found)
    }

    fn count(&mut self, values: usize) -> Result<(), Stop<'a>> {
        self.steps = self.steps.saturating_add(values).saturating_add(1);
        if self.steps > MAX_STEPS { Err(Stop::Limit(Limit::Steps)) } else { Ok(()) }
    }

    fn step(&mut self, found: Vec<Found<'a>>, step: &'a Step) -> Walked<'a> {
        match step {
            Step::Text(text) => Ok(vec![Found::Text(text)]),
            Step::Int(number) => Ok(vec![Found::Int(*number); found.len()]),
            Step::Float(number) => Ok(vec![Found::Float(*number); found.len()]),
            Step::Bool(flag) => Ok(vec![Found::Bool(*flag); found.len()]),
            Step::Field(name) => field(&found, name),
            Step::Slice(slice) => self.slice(found, slice),
            Step::Filter { left, operator, right } => self.filter(found, left, *operator, right),
            Step::Union(parts) => self.union(found, parts),
            Step::Wildcard => {
                let mut next = Vec::new();
                for value in found {
                    let mut children = value.children();
                    self.count(children.len())?;
                    next.append(&mut children);
                }
                Ok(next)
            }
            Step::Recursive => {
                let mut next = Vec::new();
                self.descend(&found, &mut next)?;
                Ok(next)
            }
            Step::Word(word) => self.word(found, word),
        }
    }

    fn word(&mut self, found: Vec<Found<'a>>, word: &str) -> Walked<'a> {
        match word {
            "range" => {
                self.begun += 1;
                Ok(found)
            }
            "end" if self.inside > 0 => {
                self.ended += 1;
                Ok(Vec::new())
            }
            "end" => Err(Stop::Fault(Vec::new())),
            _ => Err(Stop::Fault(found)),
        }
    }

    /// Whatever has something within, before what is within it.
    fn descend(&mut self, found: &[Found<'a>], next: &mut Vec<Found<'a>>) -> Result<(), Stop<'a>> {
        for value in found {
            if value.text().is_some_and(|text| !text.is_empty()) {
                // Its bytes have nothing within.
                next.push(*value);
                continue;
            }
            let children = value.children();
            self.count(children.len())?;
            if !children.is_empty() {
                next.push(*value);
                self.descend(&children, next)?;
            }
        }
        Ok(())
    }

    fn slice(&mut self, found: Vec<Found<'a>>, slice: &Slice) -> Walked<'a> {
        let mut next = Vec::new();
        for value in &found {
            if value.is_null() {
                continue;
            }
            let Some(part) = value.list().and_then(|list| part(list, slice)) else {
                return Err(Stop::Fault(found));
            };
            // Nothing asked of one list ends the search in the others.
            if part.is_empty() {
                break;
            }
            let step = usize::try_from(slice.step.unwrap_or(1)).ok().filter(|step| *step > 0);
            let Some(step) = step else { return Err(Stop::Fault(found)) };
            self.count(part.len())?;
            next.extend(part.iter().step_by(step).map(Found::Value));
        }
        Ok(next)
    }

    fn union(&mut self, found: Vec<Found<'a>>, parts: &'a [Action]) -> Walked<'a> {
        let mut next = Vec::new();
        for part in parts {
            match self.walk(found.clone(), part) {
                Ok(mut more) => next.append(&mut more),
                Err(Stop::Fault(_)) => return Err(Stop::Fault(found)),
                Err(limit) => return Err(limit),
            }
        }
        Ok(next)
    }

    fn filter(
        &mut self,
        found: Vec<Found<'a>>,
        left: &'a [Step],
        operator: Operator,
        right: &'a [Step],
    ) -> Walked<'a> {
        let mut next = Vec::new();
        for value in &found {
            let Some(list) = value.list() else { return Err(Stop::Fault(found)) };
            for element in list.iter().map(Found::Value) {
                self.count(0)?;
                let passes = match operator {
                    Operator::Exists => match self.walk(vec![element], left) {
                        Ok(found) | Err(Stop::Fault(found)) => !found.is_empty(),
                        Err(limit) => return Err(limit),
                    },
                    _ => {
                        let Some(left) = self.one(element, left, &found)? else { continue };
                        let Some(right) = self.one(element, right, &found)? else { continue };
                        match compare(left, operator, right) {
                            Ok(passes) => passes,
                            Err(_) => return Err(Stop::Fault(next)),
                        }
                    }
                };
                if passes {
                    next.push(element);
                }
            }
        }
        Ok(next)
    }

    /// What a side of a comparison leads to: one element at most.
    fn one(
        &mut self,
        element: Found<'a>,
        side: &'a [Step],
        input: &[Found<'a>],
    ) -> Result<Option<Found<'a>>, Stop<'a>> {
        match self.walk(vec![element], side) {
            Ok(found) if found.len() < 2 => Ok(found.first().copied()),
            Ok(_) | Err(Stop::Fault(_)) => Err(Stop::Fault(input.to_vec())),
            Err(limit) => Err(limit),
        }
    }

    fn show(&mut self, found: &[Found<'a>]) -> Result<(), Stop<'a>> {
        let out = &mut self.out;
        for (index, value) in found.iter().enumerate() {
            if index > 0 {
                out.push(b' ');
            }
            match value {
                Found::Value(value @ (Plain::Map(_) | Plain::List(_))) => {
                    let text = json::encode(&thaw(value), json::Style::COMPACT);
                    out.extend_from_slice(&text.map_err(|_| Stop::Fault(Vec::new()))?);
                }
                Found::Value(Plain::Null) => out.extend_from_slice(b"null"),
                Found::Value(Plain::Str(text)) => out.extend_from_slice(text.as_bytes()),
                Found::Value(value) => out.extend_from_slice(go_value(value).as_bytes()),
                Found::Text(text) => out.extend_from_slice(text),
                Found::Int(number) => strconv::append_int(out, *number),
                Found::Float(number) => {
                    out.extend_from_slice(go_value(&Plain::Float(*number)).as_bytes());
                }
                Found::Bool(flag) => out.extend_from_slice(flag.to_string().as_bytes()),
                Found::Byte(byte) => strconv::append_uint(out, u64::from(*byte)),
                Found::Nothing => out.extend_from_slice(b"<no value>"),
            }
            if out.len() > MAX_OUTPUT_BYTES {
                return Err(Stop::Limit(Limit::Output));
            }
        }
        Ok(())
    }
}

fn field<'a>(found: &[Found<'a>], name: &str) -> Walked<'a> {
    let mut next = Vec::new();
    for value in found {
        if let Found::Value(Plain::Map(table)) = value {
            next.extend(table.get(name.as_bytes()).map(Found::Value));
        }
    }
    if next.is_empty() && !found.is_empty() { Err(Stop::Fault(next)) } else { Ok(next) }
}

/// The elements that the slice asks for, whatever the step; nothing when the list does not have them.
fn part<'a>(list: &'a [Plain], slice: &Slice) -> Option<&'a [Plain]> {
    let length = i64::try_from(list.len()).ok()?;
    let start = if slice.start < 0 { slice.start + length } else { slice.start };
    let end = match slice.end {
        None => length,
        Some(end) if end < 0 || end == 0 && slice.is_one => end + length,
        Some(end) => end,
    };
    if start == end {
        return Some(&[]);
    }
    let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
    list.get(start..end)
}
