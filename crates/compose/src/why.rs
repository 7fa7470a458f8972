//! Why a field is what it is: back to the template's line, the chart's value, and the lines of the
//! catalogue and the configuration.

use std::sync::Arc;

use cel::{Key, Kind, Origins, Value};
use config::{Ledger, Place};
use gotmpl::trace::Tracer;
use helm::chart::Chart;
use helm::engine::{Dns, Engine};
use helm::explain::{Explained, NotFound, Recorder, Trace, Unread, explain, steps};
use helm::log::Log;
use helm::{dependency, release, values};

use crate::release::{Release, effects};

/// Why a field is what it is.
pub struct Reason {
    /// What the chart has to say: the template's lines and the values in them.
    pub explained: Explained,
    /// Where the values come from.
    pub sources: Vec<Source>,
}

/// Where a value of the chart comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The path below `.Values`.
    pub path: String,
    /// The lines of the catalogue and the configuration; none when it is the chart's own default.
    pub places: Vec<Place>,
}

/// Answers for a field of an object: `Deployment/web:spec.replicas`. The release is rendered once
/// more under observation.
pub fn why(release: &Release, ledger: &Ledger, question: &str) -> Result<Reason, NotFound> {
    let (trace, processed) = observed(release);
    let (given, log) = (&release.values, &mut Log::default());
    let values = processed.and_then(|chart| values::coalesce(&chart, given, log).ok());
    let values = values.map(|values| values.freeze()).unwrap_or_default();
    let explained = explain(&release.rendered, &trace, &values, question)?;
    let mut sources: Vec<Source> = Vec::new();
    for (path, _) in explained.origins.iter().flat_map(|origin| &origin.values) {
        let is_value = !path.starts_with(['.', '(']);
        if is_value && sources.iter().all(|known| known.path != *path) {
            let origins = at(&release.traced, &steps(path)).unwrap_or_default();
            let places = origins.as_slice().iter().filter_map(|one| ledger.place(*one)).cloned();
            sources.push(Source { path: path.clone(), places: places.collect() });
        }
    }
    Ok(Reason { explained, sources })
}

/// The release rendered once more under observation, and its chart as it counts.
fn observed(release: &Release) -> (Trace, Option<Arc<Chart>>) {
    let engine = Engine::new(Dns::Off);
    let log = &mut Log::default();
    let recorder = Some(Box::new(Recorder::default()) as Box<dyn Tracer>);
    let (chart, given, options) = (&release.chart, &release.values, release.options());
    let made = release::render(&engine, chart, given, &options, effects(), recorder, log);
    // It was rendered before, and so it is now.
    let tracer = made.ok().and_then(|(_, tracer)| tracer);
    let recorder = tracer.and_then(|tracer| tracer.into_any().downcast::<Recorder>().ok());
    let mut trace = recorder.map(|recorder| recorder.finish()).unwrap_or_default();
    trace.add_definitions(&release.rendered);
    let processed = dependency::process(chart, given, log).ok();
    (trace, processed)
}

/// The values that were given and that no template reads, each with the line that gives it.
pub fn unread(release: &Release, ledger: &Ledger) -> Vec<(Unread, Option<Place>)> {
    let (trace, processed) = observed(release);
    let Some(settled) = processed else { return Vec::new() };
    let found = helm::explain::unread(&release.values, &trace, &release.chart, &settled);
    let place = |unread: &Unread| {
        let origins = at(&release.traced, &steps(&unread.path))?;
        origins.as_slice().iter().rev().find_map(|one| ledger.place(*one)).cloned()
    };
    found.into_iter().map(|unread| (unread.clone(), place(&unread))).collect()
}

/// The origins of the value at a path; nothing when nobody gave it.
fn at(value: &Value, path: &[String]) -> Option<Origins> {
    let Some((first, rest)) = path.split_first() else { return Some(value.all_origins()) };
    let inner = match &value.kind {
        Kind::Map(entries) => entries.get(&Key::from(first.as_str()))?,
        Kind::List(items) => items.get(first.parse::<usize>().ok()?)?,
        _ => return None,
    };
    Some(at(inner, rest)?.union(&value.origins))
}
