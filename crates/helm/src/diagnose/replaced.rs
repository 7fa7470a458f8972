//! Lists of a chart's defaults that given values have replaced: Helm merges sections, lists it takes
//! as a whole, so that `--set list[0].a=1` leaves nothing of what the chart has in that list.

use super::given::{by_flag, default_at, file_with, steps};
use super::{Subject, View};
use crate::values::{Plain, Table};

/// A list that was replaced.
pub(super) struct Replaced {
    /// What to say.
    pub note: String,
    /// What to do.
    pub remedy: String,
    /// Where it was given.
    pub view: View,
    /// What the chart had at the path asked for.
    pub is_cause: bool,
}

/// The list on the way to a path (without `.Values.`) that was replaced.
pub(super) fn on_the_way(path: &str, subject: &Subject<'_>) -> Option<Replaced> {
    let names = steps(path);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    (1..=names.len()).find_map(|length| {
        let Plain::List(had) = default_at(subject.chart, &names[..length])? else { return None };
        let Some(Plain::List(has)) = value_in(subject.given, &names[..length]) else { return None };
        let is_cause = default_at(subject.chart, &names).is_some() || has.len() < had.len();
        let list = names[..length].join(".");
        told(&list, &names[..length], &had, &has, subject)
            .map(|replaced| Replaced { is_cause, ..replaced })
    })
}

fn value_in(table: &Table, names: &[&str]) -> Option<Plain> {
    super::given::value_at(table, names)
}

fn told(
    list: &str,
    names: &[&str],
    had: &[Plain],
    has: &[Plain],
    subject: &Subject<'_>,
) -> Option<Replaced> {
    let lost = lost(had, has)?;
    let label = "this replaces the whole list of the chart's defaults".to_owned();
    let (view, giver) = match file_with(names, subject) {
        Some(view) => (View { label, ..view.clone() }, view.path),
        None => {
            let (view, _) = by_flag(names, names.len(), subject)?;
            (View { label, ..view.clone() }, view.text.to_string())
        }
    };
    Some(Replaced {
        note: format!(
            "`{giver}` replaces the list `.Values.{list}` of the chart's defaults as a whole, for \
             Helm does not merge lists: {lost} not there any more"
        ),
        remedy: format!(
            "give the list `{list}` in full, with all that the chart's values.yaml has in it, in a \
             values file"
        ),
        view,
        is_cause: true,
    })
}

/// What a list had and has not now.
fn lost(had: &[Plain], has: &[Plain]) -> Option<String> {
    let mut keys: Vec<String> = Vec::new();
    for (before, now) in had.iter().zip(has) {
        let (Plain::Map(before), Plain::Map(now)) = (before, now) else { continue };
        for (key, _) in before.iter() {
            let name = String::from_utf8_lossy(key.as_ref()).into_owned();
            if now.get(key.as_ref()).is_none() && !keys.contains(&name) {
                keys.push(name);
            }
        }
    }
    let fewer = had.len().saturating_sub(has.len());
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    let items = match fewer {
        0 => None,
        1 => Some("one of its items".to_owned()),
        n => Some(format!("{n} of its items")),
    };
    let parts: Vec<String> =
        [(!keys.is_empty()).then(|| keys.join(", ")), items].into_iter().flatten().collect();
    let is = if keys.len() + fewer == 1 { "is" } else { "are" };
    (!parts.is_empty()).then(|| format!("{} {is}", parts.join(" and ")))
}

/// Flags that replace a list of the chart's defaults although they look as if they changed one item
/// of it.
pub(super) fn by_flags(subject: &Subject<'_>) -> Vec<Replaced> {
    let mut found: Vec<Replaced> = Vec::new();
    for flag in &subject.givers.flags {
        for path in indexed(&flag.text) {
            let replaced = on_the_way(&path, subject);
            found.extend(replaced.filter(|new| !found.iter().any(|old| old.note == new.note)));
        }
    }
    found
}

/// The lists of which a flag names an item: `a.b` of `a.b[0].c=1`.
fn indexed(flag: &str) -> Vec<String> {
    let (_, text) = flag.split_once(' ').unwrap_or(("", flag));
    let list = |part: &str| Some(part.split_once('=')?.0.split_once('[')?.0.to_owned());
    text.split(',').filter_map(list).collect()
}
