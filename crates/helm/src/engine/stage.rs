//! What the templates of a chart see, kept from one render to the next: instances of a fleet differ
//! in a few values, and what templates made of the others can be used again.
//!
//! Not here: the maps themselves (see `data`).

use std::slice;
use std::sync::Arc;

use gotmpl::machine::Memory;
use gotmpl::set::MissingKey;
use gotmpl::value::{Map, Str, Value};

use super::{Request, data};
use crate::capabilities::Capabilities;
use crate::chart::Chart;
use crate::values::{Plain, Table};

/// The maps of a render, and what a machine remembers of it.
pub(super) struct Stage {
    chart: Arc<Chart>,
    capabilities: Arc<Capabilities>,
    missing_key: MissingKey,
    is_lint: bool,
    knows_cluster: bool,
    release: Map,
    values: Map,
    /// `.` of the chart and its sub-charts, parents first.
    pub scopes: Vec<Map>,
    pub memory: Option<Memory>,
}

impl Stage {
    /// The maps made anew. What stands in `varying` is expected to be different in other renders.
    pub fn set(request: &Request<'_>, varying: &Table) -> Self {
        let (values, release) = (request.values.to_map(), data::release_map(request.release));
        let scopes = data::scopes(request.chart, &values, &release, request.capabilities);
        for key in ["Name", "Namespace"] {
            release.expect_change(&key.into());
        }
        expect_changes(&values, varying);
        if let Some(Plain::Map(varying)) = varying.get(b"global") {
            // What is global has a map of its own in each chart.
            for scope in &scopes {
                if let Some(global) = data::sub_values(scope, "Values.global") {
                    expect_changes(&global, varying);
                }
            }
        }
        Self {
            chart: Arc::clone(request.chart),
            capabilities: Arc::clone(request.capabilities),
            missing_key: request.strictness.missing_key(),
            is_lint: request.strictness.is_lint(),
            knows_cluster: !request.facts.0.is_empty(),
            scopes,
            release,
            values,
            memory: None,
        }
    }

    /// Whether it may be the stage of this render.
    pub fn is_for(&self, request: &Request<'_>) -> bool {
        Arc::ptr_eq(&self.chart, request.chart)
            && Arc::ptr_eq(&self.capabilities, request.capabilities)
            && self.missing_key == request.strictness.missing_key()
            && self.is_lint == request.strictness.is_lint()
            && self.knows_cluster != request.facts.0.is_empty()
    }

    /// The same maps with what is different in this render; nothing where they do not fit.
    pub fn renewed(mut self, request: &Request<'_>) -> Option<Self> {
        let mut is_new = request.values.renew(&self.values)?;
        for (key, value) in data::release_entries(request.release) {
            if !is_same(self.release.get(key.as_bytes()).as_ref(), &value) {
                is_new |= self.release.renew(&Str::from(key), Some(value));
            }
        }
        if is_new {
            self.memory = None;
        }
        has_values(&self.chart, &self.values, &mut self.scopes.iter()).then_some(self)
    }
}

fn expect_changes(map: &Map, varying: &Table) {
    for (key, value) in varying {
        match (value, map.get(key.as_bytes())) {
            (Plain::Map(varying), Some(Value::Map(below))) => expect_changes(&below, varying),
            _ => {
                map.expect_change(&key.into());
            }
        }
    }
}

/// Whether two of the few kinds that `.Release` has are the same.
fn is_same(old: Option<&Value>, new: &Value) -> bool {
    match (old, new) {
        (Some(Value::Str(old)), Value::Str(new)) => old == new,
        (Some(Value::Bool(old)), Value::Bool(new)) => old == new,
        (Some(Value::Int(old)), Value::Int(new)) => old == new,
        _ => false,
    }
}

/// Whether each scope still has its part of the values: another map may have taken the place of one.
fn has_values(chart: &Chart, values: &Map, scopes: &mut slice::Iter<'_, Map>) -> bool {
    let own = scopes.next().and_then(|scope| scope.get(b"Values"));
    matches!(own, Some(Value::Map(own)) if own.same(values))
        && chart.dependencies.iter().all(|sub| {
            data::sub_values(values, sub.name())
                .is_some_and(|below| has_values(sub, &below, scopes))
        })
}
