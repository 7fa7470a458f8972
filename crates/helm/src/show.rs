//! What `helm show` prints of a chart.
//!
//! Not here: where the chart comes from. Follows Helm 4's `pkg/action/show.go`.

use crate::chart::Chart;

/// What to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Everything below, in this order.
    All,
    /// Chart.yaml, as Helm writes it back.
    Chart,
    /// values.yaml, as it is.
    Values,
    /// The README.
    Readme,
    /// The files of `crds/`, those of sub-charts too.
    Crds,
}

/// The bytes that Helm prints.
pub fn show(chart: &Chart, part: Part) -> Vec<u8> {
    let mut out = Vec::new();
    let wants = |this: Part| part == this || part == Part::All;
    if wants(Part::Chart) {
        line(&mut out, chart.metadata.to_yaml().as_bytes());
    }
    if wants(Part::Values)
        && let Some(values) = chart.raw_file("values.yaml")
    {
        separate(&mut out, part);
        line(&mut out, &values.data);
    }
    if wants(Part::Readme)
        && let Some(readme) = chart.readme()
    {
        separate(&mut out, part);
        line(&mut out, &readme.data);
    }
    if wants(Part::Crds) {
        for (_, file) in chart.crds() {
            if !file.data.starts_with(b"---") {
                line(&mut out, b"---");
            }
            line(&mut out, &file.data);
        }
    }
    out
}

fn separate(out: &mut Vec<u8>, part: Part) {
    if part == Part::All {
        line(out, b"---");
    }
}

fn line(out: &mut Vec<u8>, text: &[u8]) {
    out.extend_from_slice(text);
    out.push(b'\n');
}
