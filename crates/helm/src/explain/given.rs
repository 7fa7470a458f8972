//! Who gave a value: a flag, a values file, or a chart's defaults.

use super::field::{line_of, look_up};
use crate::chart::Chart;
use crate::values::strvals::{self, Reading};
use crate::values::{Given, Plain, Table, read_values};

/// Where a value was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The value, as text.
    pub value: String,
    /// The flag, the file or the chart, for people: `prod.yaml`, `--set`, `defaults of chart db`.
    pub giver: String,
    /// The line in a file, from 1.
    pub line: Option<usize>,
}

/// Everything that gives values, the weightiest first.
pub struct Layers<'a> {
    given: &'a Given,
    chart: &'a Chart,
}

impl<'a> Layers<'a> {
    /// The flags and files given, over the defaults of the chart.
    pub fn new(given: &'a Given, chart: &'a Chart) -> Self {
        Self { given, chart }
    }

    /// Who gave the value at that path.
    pub fn find(&self, path: &str) -> Option<Setting> {
        self.flags(path).or_else(|| self.files(path)).or_else(|| defaults(self.chart, path))
    }

    fn flags(&self, path: &str) -> Option<Setting> {
        let flags: [(&str, &[String], fn() -> Reading<'static>); 4] = [
            ("--set-literal", &self.given.literal, || Reading::Literal),
            ("--set-string", &self.given.text, || Reading::Text),
            ("--set", &self.given.set, || Reading::Typed),
            ("--set-json", &self.given.json, || Reading::Json),
        ];
        flags.iter().find_map(|(flag, texts, reading)| {
            texts.iter().rev().find_map(|text| {
                let alone = strvals::set(&Table::default(), text, reading()).ok()?;
                let value = shown(&look_up(&alone, path)?);
                Some(Setting { value, giver: format!("{flag} {text}"), line: None })
            })
        })
    }

    fn files(&self, path: &str) -> Option<Setting> {
        self.given.files.iter().rev().find_map(|(name, content)| {
            let value = shown(&look_up(&read_values(content).ok()?, path)?);
            Some(Setting { value, giver: name.clone(), line: line_of(content, path) })
        })
    }
}

/// A parent's defaults count before those of its sub-chart.
fn defaults(chart: &Chart, path: &str) -> Option<Setting> {
    let own = || {
        let value = shown(&look_up(&chart.values, path)?);
        let line = chart.raw_file("values.yaml").and_then(|file| line_of(&file.data, path));
        let giver = format!("values.yaml of chart {}", chart.name());
        Some(Setting { value, giver, line })
    };
    own().or_else(|| {
        let (name, rest) = path.split_once('.')?;
        let sub = chart.dependencies.iter().find(|sub| sub.name() == name)?;
        defaults(sub, rest)
    })
}

/// A value as a line of text.
pub(super) fn shown(value: &Plain) -> String {
    match value {
        Plain::Null => "null".to_owned(),
        Plain::List(items) => format!("a list of {}", items.len()),
        Plain::Map(table) => format!("a table of {}", table.len()),
        scalar => crate::values::go_value(scalar),
    }
}
