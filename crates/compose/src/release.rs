//! Services to releases.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use catalog::{Bound, ChartReference, Platform};
use cel::Value;
use config::Ledger;
use functions::effects::Effects;
use helm::chart::Chart;
use helm::engine::{Dns, Engine};
use helm::log::Log;
use helm::release::{self, Failed, Options};
use helm::values::Table;

use crate::charts::Charts;
use crate::values;

/// What random functions of charts start from: two builds of the same input are the same. What they
/// make is known to everybody, and no secret.
const SEED: u64 = 0;

/// A service, rendered.
pub struct Release {
    /// The service's name, which is the release's.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// The chart.
    pub chart: Arc<Chart>,
    /// The values that the chart was given.
    pub values: Table,
    /// The same with their origins.
    pub traced: Value,
    /// What the chart makes of them.
    pub rendered: release::Release,
    /// What it makes of them with other random values, where it draws some.
    pub varied: Option<release::Release>,
}

/// A service has no release.
#[derive(Debug, thiserror::Error)]
pub enum ComposeFault {
    /// The catalogue does not bring the chart.
    #[error(
        "{service} wants the chart {chart}, which the catalogue does not bring; it has {known}"
    )]
    NoChart {
        /// The service.
        service: String,
        /// The chart.
        chart: String,
        /// The charts that there are.
        known: String,
    },
    /// The chart fails.
    #[error("{service}: {}", .failed.reason)]
    Render {
        /// The service.
        service: String,
        /// Why.
        failed: Box<Failed>,
    },
}

/// Renders every service of a platform, in the order of their names. Run it on a thread with a big
/// stack.
pub fn compose(
    platform: &Platform,
    charts: &Charts,
    ledger: &mut Ledger,
) -> Result<Vec<Release>, ComposeFault> {
    let engine = Engine::new(Dns::Off);
    let one = |service: &Bound| composed(service, platform, charts, &engine, ledger);
    platform.services.iter().map(one).collect()
}

fn composed(
    service: &Bound,
    platform: &Platform,
    charts: &Charts,
    engine: &Engine,
    ledger: &mut Ledger,
) -> Result<Release, ComposeFault> {
    let (found, wanted) = match &service.chart {
        ChartReference::Nothing => (charts.nothing(), ""),
        ChartReference::Own(wanted) | ChartReference::Elsewhere { reference: wanted, .. } => {
            (charts.get(wanted), wanted.as_str())
        }
    };
    let chart = found.ok_or_else(|| ComposeFault::NoChart {
        service: service.name.clone(),
        chart: wanted.to_owned(),
        known: charts.names().collect::<Vec<_>>().join(", "),
    })?;
    let mut traced = service.values.clone();
    if let Some(raw) = &service.raw {
        traced = values::with_raw(traced, raw, ledger);
    }
    let release = Release {
        name: service.name.clone(),
        namespace: platform.namespace.clone(),
        chart: chart.clone(),
        values: values::table(&traced),
        traced,
        rendered: release::Release::default(),
        varied: None,
    };
    let options = release.options();
    let render = |effects: Effects| {
        let effects: Vec<Box<dyn Any>> = vec![Box::new(effects)];
        let log = &mut Log::default();
        let made = release::render(engine, chart, &release.values, &options, effects, None, log);
        made.map(|(rendered, _)| rendered).map_err(|failed| ComposeFault::Render {
            service: service.name.clone(),
            failed: Box::new(failed),
        })
    };
    let (watched, is_drawn) = Effects::seeded_and_watched(SEED);
    let rendered = render(watched)?;
    let is_drawn = is_drawn.load(Ordering::Relaxed);
    let varied = if is_drawn { Some(render(Effects::seeded(SEED + 1))?) } else { None };
    Ok(Release { rendered, varied, ..release })
}

impl Release {
    /// What the release is rendered with.
    pub(crate) fn options(&self) -> Options {
        Options {
            name: self.name.clone(),
            namespace: self.namespace.clone(),
            include_crds: true,
            ..Options::default()
        }
    }
}

/// A frozen clock, seeded randomness, no network.
pub(crate) fn effects() -> Vec<Box<dyn Any>> {
    vec![Box::new(Effects::seeded(SEED))]
}
