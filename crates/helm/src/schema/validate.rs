//! Holding a value against a compiled schema.
//!
//! Below: the keywords of objects, of lists, and those that combine schemas. Not here: how faults are printed. The order of checks and of faults is that of the library
//! which Helm uses; where that goes through an object in no order, this goes by key.

mod combine;
mod list;
mod object;

use std::cell::Cell;
use std::collections::BTreeSet;

use gotmpl::value::SharedStr;

use super::compile::{Node, NodeId, Program, Type};
use super::fault::{Fault, Kind, pointer_step, quote};
use super::json::Json;
use super::number;
use crate::values::{Plain, Table};

/// Schemas within schemas at one point of a value, and values within values: a bound for the
/// stack. Values files nest a few dozen levels.
const MAX_DEPTH: usize = 700;
/// Steps that one validation may take. Schemas can be made that double the work at every level;
/// the largest real ones take some ten thousand.
const MAX_STEPS: u64 = 5_000_000;
/// What a fault that is told costs in steps: faults are kept until all are known.
const FAULT_STEPS: u64 = 20;
const TOO_LONG: &str = "the schema takes too long to apply";

/// Holds a value against the first schema of a program.
pub(super) fn validate(program: &Program, value: &Plain) -> Result<(), Fault> {
    let mut run = Run {
        program,
        pointer: String::new(),
        scope: Vec::new(),
        steps: Cell::new(0),
        quiet: false,
    };
    let result = run.check(0, None, value, 0, false).map(drop);
    // What was found until then is not what is wrong.
    if run.is_exhausted() { Err(run.fault(|| TOO_LONG.to_owned())) } else { result }
}

struct Run<'p> {
    program: &'p Program,
    /// Where in the value the run is.
    pointer: String,
    scope: Vec<Scope>,
    steps: Cell<u64>,
    /// Only whether the value fits is of interest, not why it does not.
    quiet: bool,
}

/// A schema that is being applied.
struct Scope {
    node: NodeId,
    /// The keyword that led here by reference.
    keyword: Option<&'static str>,
    /// Which value it is applied to: schemas of one value share the number.
    value: usize,
}

/// What no keyword has looked at yet, where somebody will ask.
#[derive(Default)]
struct Unevaluated {
    properties: BTreeSet<SharedStr>,
    items: BTreeSet<usize>,
}

impl Unevaluated {
    fn is_empty(&self) -> bool {
        self.properties.is_empty() && self.items.is_empty()
    }

    fn merge(&mut self, other: &Self) {
        self.properties.retain(|name| other.properties.contains(name));
        self.items.retain(|index| other.items.contains(index));
    }
}

type Found = Vec<Fault>;

impl Run<'_> {
    fn fault(&self, text: impl FnOnce() -> String) -> Fault {
        self.spend(if self.quiet { 1 } else { FAULT_STEPS });
        let text = if self.quiet { String::new() } else { text() };
        Fault { at: self.pointer.clone(), kind: Kind::Text(text), causes: Vec::new() }
    }

    fn spend(&self, steps: u64) {
        self.steps.set(self.steps.get().saturating_add(steps));
    }

    fn is_exhausted(&self) -> bool {
        self.steps.get() > MAX_STEPS
    }

    /// Applies a schema; gives what it has not looked at.
    fn check(
        &mut self,
        id: NodeId,
        keyword: Option<&'static str>,
        value: &Plain,
        number: usize,
        caller_asks: bool,
    ) -> Result<Unevaluated, Fault> {
        self.spend(1);
        if self.is_exhausted() {
            return Err(self.fault(String::new));
        }
        if self.scope.len() >= MAX_DEPTH {
            return Err(self.fault(|| format!("{TOO_LONG}: it is nested too deeply")));
        }
        self.scope.push(Scope { node: id, keyword, value: number });
        let result = self.check_in_scope(id, value, number, caller_asks);
        self.scope.pop();
        result
    }

    fn check_in_scope(
        &mut self,
        id: NodeId,
        value: &Plain,
        number: usize,
        caller_asks: bool,
    ) -> Result<Unevaluated, Fault> {
        let node = &self.program.nodes[id];
        let mut unevaluated = unevaluated_at_start(value, node, caller_asks);
        match node.verdict {
            Some(true) => return Ok(unevaluated),
            Some(false) => return Err(self.fault(|| "false schema".to_owned())),
            None => {}
        }
        if let Some(text) = self.cycle() {
            return Err(self.fault(|| text));
        }
        self.check_identity(node, value)?;
        let mut found = Found::new();
        if let Some(target) = node.reference {
            let result = self.reference(target, "$ref", value, number, &mut unevaluated);
            if node.ref_stands_alone {
                return result.map(|()| unevaluated);
            }
            found.extend(result.err());
        }
        match value {
            Plain::Map(table) => {
                self.object(node, value, table, number, &mut unevaluated, &mut found);
            }
            Plain::List(items) => {
                self.list(node, items, number, &mut unevaluated, &mut found);
            }
            Plain::Str(text) => self.text(node, &text.to_text(), &mut found),
            Plain::Int(n) => self.number(node, *n as f64, &mut found),
            Plain::Float(n) => self.number(node, *n, &mut found),
            Plain::Null | Plain::Bool(_) => {}
        }
        if found.is_empty() || !self.quiet {
            self.dynamic_references(node, value, number, &mut unevaluated, &mut found);
            self.combinations(node, value, number, &mut unevaluated, &mut found);
            self.rest(node, value, number, &mut unevaluated, &mut found);
        }
        match found.len() {
            0 => Ok(unevaluated),
            1 => Err(found.remove(0)),
            _ => Err(Fault { at: self.pointer.clone(), kind: Kind::Group, causes: found }),
        }
    }

    /// `type`, `const`, `enum`, `format`: each alone is reason enough to stop.
    fn check_identity(&self, node: &Node, value: &Plain) -> Result<(), Fault> {
        let kind = type_of(value);
        let is_whole = || match value {
            Plain::Int(_) => true,
            Plain::Float(n) => n.fract() == 0.0,
            _ => false,
        };
        let types = &node.types;
        let fits = types.is_empty()
            || types.contains(&kind)
            || types.contains(&Type::Integer) && is_whole();
        if !fits {
            let wanted: Vec<_> = types.iter().map(|wanted| wanted.name()).collect();
            return Err(self.fault(|| format!("got {}, want {}", kind.name(), wanted.join(" or "))));
        }
        if let Some(constant) = &node.constant
            && !equals(value, constant)
        {
            return Err(self.fault(|| match constant {
                Json::List(_) | Json::Object(_) => "'const' failed".to_owned(),
                scalar => format!("value must be {}", display(scalar)),
            }));
        }
        self.spend(node.choices.as_ref().map_or(0, |choices| choices.len() as u64 / 8));
        if let Some(choices) = &node.choices
            && !choices.iter().any(|choice| equals(value, choice))
        {
            return Err(self.fault(|| not_a_choice(choices)));
        }
        if let (Some(format), Plain::Str(text)) = (&node.format, value) {
            let text = text.to_text();
            if let Err(reason) = format.check(&text) {
                return Err(self
                    .fault(|| format!("{} is not valid {}: {reason}", quote(&text), format.name)));
            }
        }
        Ok(())
    }

    /// A schema that comes by itself again at the same value would do so for ever.
    fn cycle(&self) -> Option<String> {
        let (current, above) = self.scope.split_last()?;
        let same = |scope: &&Scope| scope.value == current.value;
        let back =
            above.iter().rev().take_while(same).position(|scope| scope.node == current.node)?;
        let at = above.len() - 1 - back;
        let url = strconv::quote(self.program.nodes[current.node].location.as_bytes());
        Some(format!(
            "both {} and {} resolve to {url} causing reference cycle",
            self.keyword_path(self.scope.len() - 1),
            self.keyword_path(at),
        ))
    }

    fn keyword_path(&self, upto: usize) -> String {
        let mut path = String::new();
        for index in 1..=upto {
            let scope = &self.scope[index];
            match scope.keyword {
                Some(keyword) => path.push_str(&pointer_step(keyword)),
                None => {
                    let above = &self.program.nodes[self.scope[index - 1].node].location;
                    let here = &self.program.nodes[scope.node].location;
                    path.push_str(here.get(above.len()..).unwrap_or_default());
                }
            }
        }
        path
    }

    fn reference(
        &mut self,
        target: NodeId,
        keyword: &'static str,
        value: &Plain,
        number: usize,
        unevaluated: &mut Unevaluated,
    ) -> Result<(), Fault> {
        let at = self.pointer.clone();
        self.same_value(target, Some(keyword), value, number, unevaluated).map_err(|fault| {
            let causes = match fault.kind {
                Kind::Group => fault.causes,
                _ => vec![fault],
            };
            Fault { at, kind: Kind::Reference, causes }
        })
    }

    fn same_value(
        &mut self,
        target: NodeId,
        keyword: Option<&'static str>,
        value: &Plain,
        number: usize,
        unevaluated: &mut Unevaluated,
    ) -> Result<(), Fault> {
        let asks = !unevaluated.is_empty();
        let left = self.check(target, keyword, value, number, asks)?;
        unevaluated.merge(&left);
        Ok(())
    }

    /// Whether a schema fits the same value, without a word about why not.
    fn fits(
        &mut self,
        target: NodeId,
        value: &Plain,
        number: usize,
        unevaluated: &mut Unevaluated,
    ) -> bool {
        let quiet = std::mem::replace(&mut self.quiet, true);
        let fits = self.same_value(target, None, value, number, unevaluated).is_ok();
        self.quiet = quiet;
        fits
    }

    fn inner_value(
        &mut self,
        target: NodeId,
        step: &str,
        value: &Plain,
        number: usize,
    ) -> Result<(), Fault> {
        let length = self.pointer.len();
        self.pointer.push_str(&pointer_step(step));
        let result = self.check(target, None, value, number + 1, false);
        self.pointer.truncate(length);
        result.map(drop)
    }

    fn bounds(
        &self,
        what: &str,
        got: usize,
        min: Option<usize>,
        max: Option<usize>,
        found: &mut Found,
    ) {
        let show = number::show_count;
        let text = |bound: &str, want: usize| {
            format!("{bound}{what}: got {}, want {}", show(got), show(want))
        };
        if let Some(min) = min.filter(|min| got < *min) {
            found.push(self.fault(|| text("min", min)));
        }
        if let Some(max) = max.filter(|max| got > *max) {
            found.push(self.fault(|| text("max", max)));
        }
    }

    fn text(&self, node: &Node, text: &str, found: &mut Found) {
        let rules = &node.texts;
        if rules.min.is_some() || rules.max.is_some() {
            self.bounds("Length", text.chars().count(), rules.min, rules.max, found);
        }
        if let Some((source, pattern)) = &rules.pattern
            && !pattern.is_match(text.as_bytes())
        {
            found.push(
                self.fault(|| format!("{} does not match pattern {}", quote(text), quote(source))),
            );
        }
    }

    fn number(&self, node: &Node, got: f64, found: &mut Found) {
        let rules = &node.numbers;
        type Bound = (&'static str, Option<f64>, fn(f64, f64) -> bool);
        let fails: [Bound; 5] = [
            ("minimum", rules.min, |got, want| got < want),
            ("maximum", rules.max, |got, want| got > want),
            ("exclusiveMinimum", rules.above, |got, want| got <= want),
            ("exclusiveMaximum", rules.below, |got, want| got >= want),
            ("multipleOf", rules.multiple_of, |got, want| !number::is_multiple(got, want)),
        ];
        for (name, want, fails) in fails {
            if let Some(want) = want.filter(|want| fails(got, *want)) {
                found.push(self.fault(|| {
                    format!("{name}: got {}, want {}", number::show(got), number::show(want))
                }));
            }
        }
    }
}

fn unevaluated_at_start(value: &Plain, node: &Node, caller_asks: bool) -> Unevaluated {
    let mut unevaluated = Unevaluated::default();
    match value {
        Plain::Map(table) => {
            let rules = &node.objects;
            if rules.additional.is_none() && (caller_asks || rules.unevaluated.is_some()) {
                unevaluated.properties = table.iter().map(|(key, _)| key.clone()).collect();
            }
        }
        Plain::List(items) => {
            let rules = &node.lists;
            let all = rules.additional.is_some() || rules.rest.is_some();
            if !all && (caller_asks || rules.unevaluated.is_some()) {
                unevaluated.items = (rules.first.len()..items.len()).collect();
            }
        }
        _ => {}
    }
    unevaluated
}

fn type_of(value: &Plain) -> Type {
    match value {
        Plain::Null => Type::Null,
        Plain::Bool(_) => Type::Boolean,
        Plain::Int(_) | Plain::Float(_) => Type::Number,
        Plain::Str(_) => Type::String,
        Plain::List(_) => Type::Array,
        Plain::Map(_) => Type::Object,
    }
}

fn missing_in<'n>(table: &Table, names: &'n [String]) -> Vec<&'n str> {
    let is_missing = |name: &&String| table.get(name.as_bytes()).is_none();
    names.iter().filter(is_missing).map(String::as_str).collect()
}

fn equals(value: &Plain, wanted: &Json) -> bool {
    match (value, wanted) {
        (Plain::Null, Json::Null) => true,
        (Plain::Bool(a), Json::Bool(b)) => a == b,
        (Plain::Int(a), Json::Number(_)) => wanted.number() == Some(*a as f64),
        (Plain::Float(a), Json::Number(_)) => wanted.number() == Some(*a),
        (Plain::Str(a), Json::Text(b)) => a.as_bytes() == b.as_bytes(),
        (Plain::List(a), Json::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equals(a, b))
        }
        (Plain::Map(a), Json::Object(b)) => {
            let same = |(key, wanted): &(Box<str>, Json)| {
                a.get(key.as_bytes()).is_some_and(|value| equals(value, wanted))
            };
            a.len() == b.len() && b.iter().all(same)
        }
        _ => false,
    }
}

/// The first item that is equal to an earlier one, with that one.
fn duplicates(items: &[Plain]) -> Option<(usize, usize)> {
    let mut seen = std::collections::BTreeMap::new();
    for (index, item) in items.iter().enumerate() {
        let spelled = format!("{:?}", item.clone().with_floats());
        if let Some(first) = seen.insert(spelled, index) {
            return Some((first, index));
        }
    }
    None
}

fn not_a_choice(choices: &[Json]) -> String {
    if choices.iter().any(|choice| matches!(choice, Json::List(_) | Json::Object(_))) {
        return "'enum' failed".to_owned();
    }
    let shown: Vec<_> = choices.iter().map(display).collect();
    match shown.as_slice() {
        [one] => format!("value must be {one}"),
        many => format!("value must be one of {}", many.join(", ")),
    }
}

/// A scalar of a schema, numbers in their own spelling.
fn display(scalar: &Json) -> String {
    match scalar {
        Json::Null => "<nil>".to_owned(),
        Json::Bool(flag) => flag.to_string(),
        Json::Number(text) => text.to_string(),
        Json::Text(text) => quote(text),
        Json::List(_) | Json::Object(_) => "value".to_owned(),
    }
}
