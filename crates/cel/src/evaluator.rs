//! Finds the value of an expression, with its origins.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::ast::{Comprehension, Entry, Expression, Item, MacroKind, Node, NodeKind, Operator};
use crate::equality;
use crate::fault::Fault;
use crate::library;
use crate::origins::Origins;
use crate::value::{Key, Kind, Value};

/// How many nodes one evaluation may visit.
const MOST_STEPS: usize = 1_000_000;

/// How many bytes of a text that is made count as a step.
const BYTES_A_STEP: usize = 64;

/// Who knows the variables' values.
pub trait Scope {
    /// The value of a variable; nothing when there is none of that name.
    fn variable(&self, name: &str) -> Option<Result<Value, Fault>>;
}

/// The value of an expression. Check it first: then only values can be at fault.
pub fn evaluate(expression: &Expression, scope: &dyn Scope) -> Result<Value, Fault> {
    Machine { scope, local: Vec::new(), steps: 0 }.value_of(&expression.root)
}

struct Machine<'s> {
    scope: &'s dyn Scope,
    local: Vec<(Arc<str>, Value)>,
    steps: usize,
}

type Outcome = Result<Value, Fault>;

impl Machine<'_> {
    fn value_of(&mut self, node: &Node) -> Outcome {
        self.charge(1, &node.span)?;
        match &node.kind {
            NodeKind::Literal(value) => Ok(value.clone()),
            NodeKind::Name(name) => self.variable(name, &node.span),
            NodeKind::Select { of, name, optional } => {
                let of = self.value_of(of)?;
                let key = Value::string(name.clone());
                select(&of, &key, *optional, &node.span)
            }
            NodeKind::Index { of, at, optional } => {
                let of = self.value_of(of)?;
                let at = self.value_of(at)?;
                select(&of, &at, *optional, &node.span)
            }
            NodeKind::Has { of, name } => {
                let of = self.value_of(of)?;
                let found = find(&of, &Value::string(name.clone()), &node.span)?;
                Ok(Value::bool(found.is_some()).with(&of.origins))
            }
            NodeKind::Not(inner) => {
                let value = self.value_of(inner)?;
                let truth = truth(&value, &inner.span)?;
                Ok(Value::bool(!truth).with(&value.origins))
            }
            NodeKind::Negate(inner) => {
                let value = self.value_of(inner)?;
                library::negate(&value)
                    .map(|made| made.with(&value.origins))
                    .map_err(|message| Fault::of_value(node.span.clone(), message))
            }
            NodeKind::And(one, two) => self.logic(one, two, false),
            NodeKind::Or(one, two) => self.logic(one, two, true),
            NodeKind::Conditional { condition, yes, no } => {
                let decided = self.value_of(condition)?;
                let branch = if truth(&decided, &condition.span)? { yes } else { no };
                Ok(self.value_of(branch)?.with(&decided.origins))
            }
            NodeKind::Binary { operator, left, right } => {
                let left = self.value_of(left)?;
                let right = self.value_of(right)?;
                let made = binary(*operator, &left, &right, &node.span)?;
                self.charge_for(&made, &node.span)?;
                Ok(made)
            }
            NodeKind::Call { name, target, arguments, .. } => {
                let mut values = Vec::with_capacity(arguments.len() + 1);
                for one in target.iter().map(|target| &**target).chain(arguments) {
                    values.push(self.value_of(one)?);
                }
                let made = call(name, target.is_some(), &values, &node.span)?;
                self.charge_for(&made, &node.span)?;
                Ok(made)
            }
            NodeKind::List(items) => self.list(items),
            NodeKind::Map(entries) => self.map(entries),
            NodeKind::Bind { name, value, body } => {
                let value = self.value_of(value)?;
                self.within([(name.clone(), value)], |machine| machine.value_of(body))
            }
            NodeKind::OptionalMap { of, name, body, flat } => {
                self.optional_map(of, name, body, *flat)
            }
            NodeKind::Macro(inner) => self.comprehension(inner),
        }
    }

    fn list(&mut self, items: &[Item]) -> Outcome {
        let mut origins = Origins::default();
        let mut made = Vec::with_capacity(items.len());
        for item in items {
            let value = self.value_of(&item.value)?;
            made.extend(present(value, item.optional, &mut origins));
        }
        Ok(Value::list(made).with(&origins))
    }

    fn map(&mut self, entries: &[Entry]) -> Outcome {
        let mut origins = Origins::default();
        let mut made = BTreeMap::new();
        for entry in entries {
            let key_value = self.value_of(&entry.key)?;
            origins = origins.union(&key_value.origins);
            let value = self.value_of(&entry.value)?;
            let Some(value) = present(value, entry.optional, &mut origins) else {
                continue;
            };
            insert(&mut made, &key_value, value, &entry.key.span)?;
        }
        Ok(Value::map(made).with(&origins))
    }

    fn optional_map(&mut self, of: &Node, name: &Arc<str>, body: &Node, flat: bool) -> Outcome {
        let of_value = self.value_of(of)?;
        let Kind::Optional(inner) = &of_value.kind else {
            let message = format!("{} is no optional value", of_value.kind.type_name());
            return Err(Fault::of_value(of.span.clone(), message));
        };
        let Some(inner) = inner else { return Ok(of_value) };
        let variable = (name.clone(), (**inner).clone());
        let made = self.within([variable], |machine| machine.value_of(body))?;
        let made = if flat { made } else { Value::optional(Some(made)) };
        Ok(made.with(&of_value.origins))
    }

    /// Counts work; what is made counts by its size, so that memory is bounded with the time.
    fn charge(&mut self, steps: usize, span: &Range<usize>) -> Result<(), Fault> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > MOST_STEPS {
            let message = format!("an evaluation takes at most {MOST_STEPS} steps");
            return Err(Fault::of_value(span.clone(), message));
        }
        Ok(())
    }

    fn charge_for(&mut self, made: &Value, span: &Range<usize>) -> Result<(), Fault> {
        let steps = match &made.kind {
            Kind::String(text) => text.len() / BYTES_A_STEP,
            Kind::Bytes(bytes) => bytes.len() / BYTES_A_STEP,
            Kind::List(items) => items.len(),
            _ => 0,
        };
        self.charge(steps, span)
    }

    fn variable(&self, name: &Arc<str>, span: &Range<usize>) -> Outcome {
        if let Some((_, value)) = self.local.iter().rev().find(|(known, _)| known == name) {
            return Ok(value.clone());
        }
        match self.scope.variable(name) {
            // A fault elsewhere shows here, where it matters.
            Some(outcome) => outcome,
            None if library::is_type(name) => Ok(Value::new(Kind::Type(name.clone()))),
            None => Err(Fault::of_value(span.clone(), format!("nothing is called `{name}` here"))),
        }
    }

    fn within<const N: usize>(
        &mut self,
        variables: [(Arc<str>, Value); N],
        run: impl FnOnce(&mut Self) -> Outcome,
    ) -> Outcome {
        let outer = self.local.len();
        self.local.extend(variables);
        let outcome = run(self);
        self.local.truncate(outer);
        outcome
    }

    /// `&&` and `||`: the side that decides counts, even when the other one has a fault.
    fn logic(&mut self, one: &Node, two: &Node, deciding: bool) -> Outcome {
        let first = self.truth_of(one);
        if let Ok(value) = &first
            && matches!(value.kind, Kind::Bool(truth) if truth == deciding)
        {
            return first;
        }
        let second = self.truth_of(two);
        match (first, second) {
            (_, Ok(value)) if matches!(value.kind, Kind::Bool(truth) if truth == deciding) => {
                Ok(value)
            }
            (Ok(first), Ok(second)) => Ok(second.with(&first.origins)),
            (Err(fault), _) | (_, Err(fault)) => Err(fault),
        }
    }

    fn truth_of(&mut self, node: &Node) -> Outcome {
        let value = self.value_of(node)?;
        truth(&value, &node.span)?;
        Ok(value)
    }

    fn comprehension(&mut self, inner: &Comprehension) -> Outcome {
        let of = self.value_of(&inner.of)?;
        let rows = rows(&of, inner)?;
        match inner.kind {
            MacroKind::All => self.quantified(inner, &of, rows, false),
            MacroKind::Exists => self.quantified(inner, &of, rows, true),
            MacroKind::ExistsOne => {
                let mut count = 0;
                let mut origins = of.origins.clone();
                for row in rows {
                    let value = self.row(inner, &row, &inner.body)?;
                    origins = origins.union(&value.origins);
                    count += usize::from(truth(&value, &inner.body.span)?);
                }
                Ok(Value::bool(count == 1).with(&origins))
            }
            MacroKind::Filter | MacroKind::List => self.listed(inner, &of, rows),
            MacroKind::Map | MacroKind::Entries => self.mapped(inner, &of, rows),
        }
    }

    /// `all` and `exists`.
    fn quantified(
        &mut self,
        inner: &Comprehension,
        of: &Value,
        rows: Vec<Row>,
        deciding: bool,
    ) -> Outcome {
        let mut origins = of.origins.clone();
        let mut fault = None;
        for row in rows {
            let outcome = self.row(inner, &row, &inner.body).and_then(|value| {
                truth(&value, &inner.body.span).map(|truth| (truth, value.origins))
            });
            match outcome {
                Ok((truth, of_row)) => {
                    origins = origins.union(&of_row);
                    if truth == deciding {
                        return Ok(Value::bool(deciding).with(&origins));
                    }
                }
                Err(found) => fault = fault.or(Some(found)),
            }
        }
        match fault {
            Some(fault) => Err(fault),
            None => Ok(Value::bool(!deciding).with(&origins)),
        }
    }

    /// `filter`, `map` and `transformList`.
    fn listed(&mut self, inner: &Comprehension, of: &Value, rows: Vec<Row>) -> Outcome {
        let mut origins = of.origins.clone();
        let mut made = Vec::new();
        for row in rows {
            if inner.kind == MacroKind::Filter {
                let kept = self.row(inner, &row, &inner.body)?;
                origins = origins.union(&kept.origins);
                if truth(&kept, &inner.body.span)? {
                    made.push(row.into_first());
                }
            } else if self.passes(inner, &row, &mut origins)? {
                made.push(self.row(inner, &row, &inner.body)?);
            }
        }
        Ok(Value::list(made).with(&origins))
    }

    fn mapped(&mut self, inner: &Comprehension, of: &Value, rows: Vec<Row>) -> Outcome {
        let mut origins = of.origins.clone();
        let mut made = BTreeMap::new();
        for row in rows {
            if !self.passes(inner, &row, &mut origins)? {
                continue;
            }
            let value = self.row(inner, &row, &inner.body)?;
            match (&inner.kind, &value.kind) {
                (MacroKind::Entries, Kind::Map(entries)) => {
                    origins = origins.union(&value.origins);
                    for (key, value) in entries.iter() {
                        let key = key.to_value();
                        insert(&mut made, &key, value.clone(), &inner.body.span)?;
                    }
                }
                _ => insert(&mut made, &row.into_first(), value, &inner.of.span)?,
            }
        }
        Ok(Value::map(made).with(&origins))
    }

    fn passes(
        &mut self,
        inner: &Comprehension,
        row: &Row,
        origins: &mut Origins,
    ) -> Result<bool, Fault> {
        let Some(filter) = &inner.filter else { return Ok(true) };
        let kept = self.row(inner, row, filter)?;
        *origins = origins.union(&kept.origins);
        truth(&kept, &filter.span)
    }

    fn row(&mut self, inner: &Comprehension, row: &Row, node: &Node) -> Outcome {
        let outer = self.local.len();
        self.local.extend(inner.variables.iter().cloned().zip(row.0.iter().cloned()));
        let outcome = self.value_of(node);
        self.local.truncate(outer);
        outcome
    }
}

/// What a macro's variables stand for, one time.
struct Row(Vec<Value>);

impl Row {
    fn into_first(self) -> Value {
        self.0.into_iter().next().unwrap_or_else(Value::null)
    }
}

fn rows(of: &Value, inner: &Comprehension) -> Result<Vec<Row>, Fault> {
    let pairs = inner.variables.len() == 2;
    match &of.kind {
        Kind::List(items) => Ok(items
            .iter()
            .enumerate()
            .map(|(at, item)| {
                Row(if pairs {
                    vec![Value::int(at as i64), item.clone()]
                } else {
                    vec![item.clone()]
                })
            })
            .collect()),
        Kind::Map(entries) => Ok(entries
            .iter()
            .map(|(key, value)| {
                let key = key.to_value().with(&of.origins);
                Row(if pairs { vec![key, value.clone()] } else { vec![key] })
            })
            .collect()),
        other => {
            let message = format!("{} is neither list nor map", other.type_name());
            Err(Fault::of_value(inner.of.span.clone(), message))
        }
    }
}

fn truth(value: &Value, span: &Range<usize>) -> Result<bool, Fault> {
    match value.kind {
        Kind::Bool(truth) => Ok(truth),
        _ => {
            let message =
                format!("a truth value is wanted, and this is {}", value.kind.type_name());
            Err(Fault::of_value(span.clone(), message))
        }
    }
}

/// What stands under a key; nothing when there is none.
fn find(of: &Value, at: &Value, span: &Range<usize>) -> Result<Option<Value>, Fault> {
    let unfit = |message: String| Err(Fault::of_value(span.clone(), message));
    let found = match &of.kind {
        Kind::Map(entries) => equality::key_of(at).and_then(|key| entries.get(&key)).cloned(),
        Kind::List(items) => match equality::key_of(at) {
            Some(Key::Int(at)) => usize::try_from(at).ok().and_then(|at| items.get(at)).cloned(),
            Some(Key::Uint(at)) => usize::try_from(at).ok().and_then(|at| items.get(at)).cloned(),
            _ => return unfit(format!("a list is not indexed by {}", at.kind.type_name())),
        },
        Kind::Object(object) => match at.as_str().and_then(|name| object.field(name)) {
            Some(outcome) => Some(outcome?),
            None => None,
        },
        Kind::Optional(Some(inner)) => find(inner, at, span)?,
        Kind::Optional(None) => None,
        other => return unfit(format!("a value of type {} has no fields", other.type_name())),
    };
    Ok(found.map(|value| value.with(&of.origins).with(&at.origins)))
}

fn select(of: &Value, at: &Value, optional: bool, span: &Range<usize>) -> Outcome {
    if optional || matches!(of.kind, Kind::Optional(_)) {
        let has_none = has_no_fields(of);
        let found = if has_none { None } else { find(of, at, span)? };
        let origins = of.origins.union(&at.origins);
        return Ok(Value::optional(found).with(&origins));
    }
    find(of, at, span)?.ok_or_else(|| {
        let what = match &of.kind {
            Kind::List(items) => format!("the list has {} items, and none at {at}", items.len()),
            _ => format!("there is no key {at}"),
        };
        Fault::of_value(span.clone(), what)
    })
}

/// Whether a value, or what an optional one holds, has no fields whatever they are called.
fn has_no_fields(of: &Value) -> bool {
    match &of.kind {
        Kind::Map(_) | Kind::List(_) | Kind::Object(_) | Kind::Optional(None) => false,
        Kind::Optional(Some(inner)) => has_no_fields(inner),
        _ => true,
    }
}

/// The value of an item; of an optional one what it holds, if anything.
fn present(value: Value, optional: bool, origins: &mut Origins) -> Option<Value> {
    match &value.kind {
        Kind::Optional(inner) if optional => {
            *origins = origins.union(&value.origins);
            inner.as_deref().cloned()
        }
        _ => Some(value),
    }
}

fn insert(
    made: &mut BTreeMap<Key, Value>,
    key: &Value,
    value: Value,
    span: &Range<usize>,
) -> Result<(), Fault> {
    let Some(found) = Key::of(key) else {
        let message = format!("{} cannot be the key of a map", key.kind.type_name());
        return Err(Fault::of_value(span.clone(), message));
    };
    if made.insert(found, value).is_some() {
        return Err(Fault::of_value(span.clone(), format!("the map has two entries {key}")));
    }
    Ok(())
}

fn binary(operator: Operator, left: &Value, right: &Value, span: &Range<usize>) -> Outcome {
    let outcome = match operator {
        Operator::Equal => Ok(Value::bool(equality::equal(left, right))),
        Operator::Unequal => Ok(Value::bool(!equality::equal(left, right))),
        Operator::In => library::is_in(left, right),
        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
            library::compare(operator, left, right)
        }
        _ => library::arithmetic(operator, left, right),
    };
    let origins = left.all_or_own(right, operator);
    outcome
        .map(|value| value.with(&origins))
        .map_err(|message| Fault::of_value(span.clone(), message))
}

fn call(name: &str, is_method: bool, values: &[Value], span: &Range<usize>) -> Outcome {
    let outcome = library::call(name, is_method, values);
    outcome.map_err(|message| Fault::of_value(span.clone(), message))
}

impl Value {
    /// What the result of an operator was computed from: of lists that are put together, what
    /// decided their length; of what is compared, everything.
    fn all_or_own(&self, other: &Self, operator: Operator) -> Origins {
        if operator == Operator::Add {
            return self.origins.union(&other.origins);
        }
        self.all_origins().union(&other.all_origins())
    }
}
