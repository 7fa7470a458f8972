//! `--against CHART` and `--against-values FILE`: what would change, grouped by equal effect.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use helm::chart::Chart;
use helm::diagnose::GivenFile;
use helm::diff::{self, Change, Effect, Group};
use helm::engine::Engine;
use helm::log::Log;
use helm::values::read_values;
use serde_json::json;

use super::attempt::{Attempt, Fault};
use super::each::{self, Common, Instance};
use super::flags::{Arguments, FormatFlag};
use super::setup::{self, Work};
use crate::context::Context;
use crate::error::CommandError;
use crate::{people, source};

/// Whether the flags ask for a comparison.
pub fn is_wanted(arguments: &Arguments) -> bool {
    arguments.more.against.is_some() || arguments.more.against_values.is_some()
}

/// Compares, for one release or for every instance.
pub fn run(
    arguments: &Arguments,
    work: &Work,
    chart: &Arc<Chart>,
    context: &mut Context,
) -> Result<(), CommandError> {
    let other = match &arguments.more.against {
        Some(reference) => setup::chart(reference, arguments, context)?,
        None => Arc::clone(chart),
    };
    let further: Vec<_> = arguments.more.against_values.iter().cloned().collect();
    further.iter().try_for_each(|path| check(path))?;
    let common = Common::read(arguments, context)?;
    let instances = match &arguments.more.each {
        Some(dir) => each::instances(dir, context)?,
        None => vec![Instance { name: work.name.clone(), files: Vec::new() }],
    };
    let namespace = match &arguments.more.each {
        Some(_) => context.globals.namespace.clone().filter(|name| !name.is_empty()),
        None => Some(context.namespace()),
    };
    let is_for_people = context.speaks_to_people();
    let compare = |engine: &mut Engine, instance: &Instance| -> Result<Vec<Change>, Fault> {
        let options = &each::options(work, instance, namespace.as_deref());
        let (common, location) = (&common, work.reference.as_str());
        let before =
            Attempt { work, engine, chart, location, common, instance, options, is_for_people };
        let mut changed = instance.clone();
        changed.files.extend(further.iter().cloned());
        let location = arguments.more.against.as_deref().unwrap_or(location);
        let after = Attempt { chart: &other, location, instance: &changed, ..before };
        let log = &mut Log::default();
        Ok(diff::changes(&before.render(log, None)?, &after.render(log, None)?))
    };
    let mut all = Vec::new();
    let mut failed: Vec<(String, String)> = Vec::new();
    helm::fleet::each(
        &instances,
        each::threads(arguments),
        || work.engine(),
        compare,
        |instance, result| match result
            .unwrap_or_else(|| Err(Fault::from("rendering ended unexpectedly".to_owned())))
        {
            Ok(changes) => {
                let own = diff::texts(&Common::own(instance));
                all.push(Effect { instance: instance.name.clone(), own, changes });
            }
            Err(fault) => {
                fault.tell(&instance.name, context);
                failed.push((instance.name.clone(), fault.words));
            }
        },
    );
    let groups = diff::grouped(&all, &diff::texts(&common.shared(chart)));
    let text = match arguments.more.format {
        Some(FormatFlag::Json) => json_text(&groups, &failed),
        _ => text(&groups, instances.len() - failed.len()),
    };
    context.print(text.as_bytes());
    if failed.is_empty() {
        return Ok(());
    }
    context.flush();
    let (count, all) = (failed.len(), self::instances(instances.len()));
    context.warn(&format!("{count} of {all} could not be compared"));
    Err(CommandError::Reported(1))
}

/// Whether a values file that goes on top of every instance's own can be read: if not, that is told
/// once, not of each instance.
fn check(path: &Path) -> Result<(), CommandError> {
    let content = source::read_file(path).map_err(CommandError::new)?;
    let Err(error) = read_values(&content) else { return Ok(()) };
    let path = path.display().to_string();
    let fault = CommandError::new(format!("failed to parse {path}: {error}"));
    Err(people::of_files(fault, &[GivenFile::new(path, &content)]))
}

fn text(groups: &[Group], count: usize) -> String {
    if count == 0 {
        return String::new();
    }
    if groups.is_empty() {
        return format!("nothing changes in {}\n", instances(count));
    }
    let mut out = String::new();
    for (index, group) in groups.iter().enumerate() {
        let base = groups.get(..index).and_then(|before| part_of(group, before));
        let told: BTreeSet<&Change> = base.iter().flat_map(|base| &base.changes).collect();
        let also = base.map(|base| format!(" the same as {}, and also", named(base)));
        let _ = writeln!(out, "{}:{}", named(group), also.map_or_else(String::new, |a| a + ":"));
        for change in group.changes.iter().filter(|change| !told.contains(change)) {
            let _ = writeln!(out, "  {}", line(change));
        }
    }
    let touched: usize = groups.iter().map(|group| group.instances.len()).sum();
    if touched < count {
        let _ = writeln!(out, "{}: no change", instances(count - touched));
    }
    out
}

/// The group before it with most of what happens to a group, and with nothing else.
fn part_of<'g>(group: &Group, before: &'g [Group]) -> Option<&'g Group> {
    let all: BTreeSet<&Change> = group.changes.iter().collect();
    let is_part = |other: &&Group| {
        other.changes.len() < all.len() && other.changes.iter().all(|change| all.contains(change))
    };
    before.iter().filter(is_part).max_by_key(|other| other.changes.len())
}

fn named(group: &Group) -> String {
    let names: Vec<&str> = group.instances.iter().take(3).map(String::as_str).collect();
    let more = if group.instances.len() > names.len() { ", …" } else { "" };
    format!("{} ({}{more})", instances(group.instances.len()), names.join(", "))
}

fn instances(count: usize) -> String {
    if count == 1 { "1 instance".to_owned() } else { format!("{count} instances") }
}

fn line(change: &Change) -> String {
    let Change { object, path, before, after } = change;
    match (before, after) {
        (Some(_), None) if path.is_empty() => format!("{object}: removed"),
        (None, Some(_)) if path.is_empty() => format!("{object}: added"),
        (Some(before), Some(after)) => format!("{object}: {path}: {before} → {after}"),
        (Some(before), None) => format!("{object}: {path}: removed (was {before})"),
        (None, Some(after)) => format!("{object}: {path}: added: {after}"),
        (None, None) => format!("{object}: {path}"),
    }
}

fn json_text(groups: &[Group], failed: &[(String, String)]) -> String {
    let change = |change: &Change| {
        json!({
            "object": change.object,
            "path": change.path,
            "before": change.before,
            "after": change.after,
        })
    };
    let group = |group: &Group| {
        json!({
            "instances": group.instances,
            "changes": group.changes.iter().map(change).collect::<Vec<_>>(),
        })
    };
    let fault = |(name, words): &(String, String)| json!({ "instances": [name], "error": words });
    let all: Vec<_> = groups.iter().map(group).chain(failed.iter().map(fault)).collect();
    format!("{:#}\n", json!(all))
}
