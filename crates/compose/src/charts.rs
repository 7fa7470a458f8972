//! The charts that a catalogue brings, loaded.

use std::collections::BTreeMap;
use std::sync::Arc;

use helm::chart::{self, Chart, File, LoadError};
use helm::log::Log;

/// Charts by name.
#[derive(Clone, Debug, Default)]
pub struct Charts {
    loaded: BTreeMap<String, Arc<Chart>>,
}

/// The name of the chart that renders nothing: no directory is called so.
const NOTHING: &str = "";

/// Its `Chart.yaml`.
const OF_NOTHING: &str = "apiVersion: v2\nname: nothing\nversion: 0.0.0\n";

/// A chart of a catalogue cannot be loaded.
#[derive(Debug, thiserror::Error)]
#[error("the chart {name} of the catalogue: {reason}")]
pub struct ChartFault {
    /// The chart.
    pub name: String,
    /// Why, in Helm's words.
    pub reason: LoadError,
}

impl Charts {
    /// Loads charts from the files below the catalogue's `charts/`: path from there on, content.
    pub fn load<'f>(
        files: impl IntoIterator<Item = (&'f str, &'f [u8])>,
    ) -> Result<Self, ChartFault> {
        let mut by_chart: BTreeMap<String, Vec<File>> = BTreeMap::new();
        for (path, data) in files {
            let Some((name, inside)) = path.split_once('/') else { continue };
            by_chart.entry(name.to_owned()).or_default().push(File {
                name: Arc::from(inside),
                modified: None,
                data: data.into(),
            });
        }
        let load = |(name, files): (String, Vec<File>)| match chart::from_files(
            files,
            &mut Log::default(),
        ) {
            Ok(chart) => Ok((name, Arc::new(chart))),
            Err(reason) => Err(ChartFault { name, reason }),
        };
        let nothing = File {
            name: Arc::from("Chart.yaml"),
            modified: None,
            data: OF_NOTHING.as_bytes().into(),
        };
        by_chart.insert(NOTHING.to_owned(), vec![nothing]);
        Ok(Self { loaded: by_chart.into_iter().map(load).collect::<Result<_, _>>()? })
    }

    /// A chart by name.
    pub fn get(&self, name: &str) -> Option<&Arc<Chart>> {
        self.loaded.get(name)
    }

    /// Takes a chart that is known by a reference.
    pub fn add(&mut self, reference: &str, chart: Arc<Chart>) {
        self.loaded.insert(reference.to_owned(), chart);
    }

    /// The chart of services without one: it renders nothing.
    pub(crate) fn nothing(&self) -> Option<&Arc<Chart>> {
        self.loaded.get(NOTHING)
    }

    /// The names of all charts.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.loaded.keys().map(String::as_str).filter(|name| *name != NOTHING)
    }
}
