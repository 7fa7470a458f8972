//! Counts verdicts per repository, and writes the table into `docs/parity.md`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use anyhow::{Context, Result};

use super::compare::{VERDICTS, Verdict};
use crate::shell;

#[derive(Default)]
struct Counts {
    charts: usize,
    not_tried: usize,
    verdicts: BTreeMap<Verdict, usize>,
}

/// What was counted so far, by repository.
#[derive(Default)]
pub struct Tally(BTreeMap<String, Counts>);

impl Tally {
    /// One more chart.
    pub fn chart(&mut self, repository: &str) {
        self.of(repository).charts += 1;
    }

    /// One more chart whose dependencies cannot be had.
    pub fn not_tried(&mut self, repository: &str) {
        self.of(repository).not_tried += 1;
    }

    /// One more rendering.
    pub fn count(&mut self, repository: &str, verdict: Verdict) {
        *self.of(repository).verdicts.entry(verdict).or_default() += 1;
    }

    fn of(&mut self, repository: &str) -> &mut Counts {
        self.0.entry(repository.to_owned()).or_default()
    }

    /// The table, in Markdown.
    pub fn table(&self) -> String {
        let mut text = "| repository | charts | not tried | renderings |".to_owned();
        for verdict in VERDICTS {
            let _ = write!(text, " {} |", verdict.words());
        }
        text.push_str("\n|---|");
        text.push_str(&"--:|".repeat(3 + VERDICTS.len()));
        text.push('\n');
        let mut all = Counts::default();
        for (repository, counts) in &self.0 {
            row(&mut text, repository, counts);
            all.charts += counts.charts;
            all.not_tried += counts.not_tried;
            for (verdict, count) in &counts.verdicts {
                *all.verdicts.entry(*verdict).or_default() += count;
            }
        }
        row(&mut text, "**all**", &all);
        let get = |verdict: Verdict| all.verdicts.get(&verdict).copied().unwrap_or(0);
        let rendered = get(Verdict::Equal)
            + get(Verdict::SameObjects)
            + get(Verdict::Differ)
            + get(Verdict::OnlyOursFails);
        let share = 100.0 * get(Verdict::Equal) as f64 / rendered.max(1) as f64;
        let _ = writeln!(
            text,
            "\nByte-equal: {share:.2} % of the {rendered} deterministic \
             renderings that Helm does not refuse."
        );
        text
    }
}

fn row(text: &mut String, name: &str, counts: &Counts) {
    let total: usize = counts.verdicts.values().sum();
    let _ = write!(text, "| {name} | {} | {} | {total} |", counts.charts, counts.not_tried);
    for verdict in VERDICTS {
        let _ = write!(text, " {} |", counts.verdicts.get(&verdict).copied().unwrap_or(0));
    }
    text.push('\n');
}

/// Puts the table into the document, between the two lines with its name; the rest of the document
/// is for people to write.
pub fn write(table: &str, name: &str) -> Result<()> {
    let path = shell::root().join("docs/parity.md");
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let marks = (format!("<!-- {name}: begin -->"), format!("<!-- {name}: end -->"));
    let missing = || format!("docs/parity.md has no marks for the {name}");
    let (before, rest) = text.split_once(&marks.0).with_context(missing)?;
    let (_, after) = rest.split_once(&marks.1).with_context(missing)?;
    shell::write(&path, format!("{before}{}\n\n{table}\n{}{after}", marks.0, marks.1))
}
