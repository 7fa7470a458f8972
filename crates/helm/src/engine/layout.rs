//! Which templates a chart and its sub-charts bring, under which names and in which order, and the
//! set that they make. Kept as long as the engine lives: instances of one chart share it.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use gotmpl::set::{MissingKey, Set};

use super::RenderError;
use super::programs::{End, Programs, Text};
use crate::chart::{Chart, File};

/// The templates of a chart, ready to run.
pub(super) struct Layout {
    entries: Vec<Entry>,
    set: Set,
}

/// One template file.
pub(super) struct Entry {
    /// Its path from the chart's name on.
    pub name: Arc<str>,
    /// `.Template.BasePath`.
    pub base_path: Arc<str>,
    /// Which chart it belongs to: its place in a walk that visits parents first.
    pub chart: usize,
    /// Whether it only defines.
    pub is_partial: bool,
}

impl Layout {
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(super) fn set(&self) -> &Set {
        &self.set
    }
}

/// The layouts made so far.
#[derive(Default)]
pub(super) struct Layouts {
    /// By the chart's address, which is its own as long as it is held here.
    known: HashMap<(usize, MissingKey), (Rc<Layout>, Arc<Chart>)>,
}

/// More than these are forgotten, not kept for ever.
const MAX_LAYOUTS: usize = 256;

impl Layouts {
    pub(super) fn of(
        &mut self,
        chart: &Arc<Chart>,
        programs: &Programs,
        begin: End,
        rule: MissingKey,
    ) -> Result<Rc<Layout>, RenderError> {
        let key = (Arc::as_ptr(chart) as usize, rule);
        if let Some((layout, _)) = self.known.get(&key) {
            return Ok(Rc::clone(layout));
        }
        let mut walk = Walk::default();
        walk.visit(chart, chart.name());
        let layout = Rc::new(assemble(&walk.files, programs, begin, rule)?);
        if self.known.len() >= MAX_LAYOUTS {
            self.known.clear();
        }
        self.known.insert(key, (Rc::clone(&layout), Arc::clone(chart)));
        Ok(layout)
    }
}

fn assemble(
    files: &BTreeMap<String, Found>,
    programs: &Programs,
    begin: End,
    rule: MissingKey,
) -> Result<Layout, RenderError> {
    let files = in_order(files);
    let texts: Vec<Text<'_>> =
        files.iter().map(|(name, found)| (name.as_str(), &found.file.data)).collect();
    let mut set = Set::new("gotpl", Arc::clone(programs.functions())).missing_key(rule);
    let mut entries = Vec::with_capacity(files.len());
    for ((name, found), program) in files.iter().zip(programs.of(&texts, begin)?) {
        set.add(name, program).map_err(|error| RenderError::parse(name, error))?;
        entries.push(Entry {
            name: name.as_str().into(),
            base_path: Arc::clone(&found.base_path),
            chart: found.chart,
            is_partial: base_name(name).starts_with('_'),
        });
    }
    Ok(Layout { entries, set })
}

/// Deep paths first, then by name backwards: what stands higher defines last and so counts.
fn in_order(files: &BTreeMap<String, Found>) -> Vec<(&String, &Found)> {
    let mut sorted: Vec<_> = files.iter().collect();
    let depth = |name: &str| name.bytes().filter(|b| *b == b'/').count();
    sorted.sort_by(|(a, _), (b, _)| depth(b).cmp(&depth(a)).then_with(|| b.cmp(a)));
    sorted
}

struct Found {
    file: File,
    base_path: Arc<str>,
    chart: usize,
}

#[derive(Default)]
struct Walk {
    charts: usize,
    files: BTreeMap<String, Found>,
}

impl Walk {
    /// What is found later at the same path takes the place of what was found before, as in Helm.
    fn visit(&mut self, chart: &Chart, path: &str) {
        let index = self.charts;
        self.charts += 1;
        let is_library = chart.metadata.is_library();
        for sub in &chart.dependencies {
            self.visit(sub, &sub.path_below(path));
        }
        let base_path: Arc<str> = clean(&format!("{path}/templates")).into();
        for file in chart.templates.iter() {
            if is_library && !base_name(&file.name).starts_with('_') {
                continue;
            }
            let name = clean(&format!("{path}/{}", file.name));
            let found =
                Found { file: file.clone(), base_path: Arc::clone(&base_path), chart: index };
            self.files.insert(name, found);
        }
    }
}

/// What Go's `path.Join` does to a path: no empty and no `.` parts, `..` takes the part before.
fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

pub(crate) fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
