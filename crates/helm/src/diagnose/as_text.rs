//! A number or a boolean where a text is wanted: how to write it so that it is one, in the letters
//! of the person, which YAML may have taken for another value.

use super::given::{by_flag, default_at, scalar_at, sources, steps, value_at};
use super::witness::{describe, plain};
use super::{Diagnostic, Subject};
use crate::values::{Plain, thaw};

/// How a value can be given as a text.
pub(super) struct AsText {
    /// What was made of it, where it is not what was written.
    pub note: Option<String>,
    /// What to write instead.
    pub remedies: Vec<String>,
}

/// The number or boolean at a path (without `.Values.`) as a text.
pub(super) fn at(path: &str, subject: &Subject<'_>) -> Option<AsText> {
    let names = steps(path);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let name = names.last()?;
    let value = value_at(subject.given, &names).or_else(|| default_at(subject.chart, &names))?;
    let value = thaw(&value);
    let read = plain(&value)?;
    let flag = by_flag(&names, names.len(), subject).map(|(view, _)| view);
    let written = match &flag {
        Some(view) => view.text.get(view.span.clone()).and_then(|text| of_flag(text, name)),
        None => in_files(&names, subject),
    };
    let written = written.unwrap_or_else(|| read.clone());
    let note = (written != read)
        .then(|| format!("YAML takes `{written}`, without quotes, for {}", describe(b"", &value)));
    let quoted = match name.parse::<usize>() {
        Ok(_) => format!("`- \"{written}\"`"),
        Err(_) => format!("`{name}: \"{written}\"`"),
    };
    // A flag for an item would replace the whole list.
    let flagged = (!path.contains('[')).then(|| format!("`--set-string {path}={written}`"));
    let remedy = match (flag, flagged) {
        (Some(_), Some(flagged)) => {
            format!("give it as text: {flagged}, or in quotes in a values file: {quoted}")
        }
        (_, flagged) => {
            let flagged = flagged.map(|flagged| format!(", {flagged}")).unwrap_or_default();
            format!("give it as text, in quotes: {quoted} in a values file{flagged}")
        }
    };
    Some(AsText { note, remedies: vec![remedy] })
}

/// What a schema says of a value that should be a text.
pub(super) fn tell_schema(told: &mut Diagnostic, path: &str, problem: &str, subject: &Subject<'_>) {
    let Some((got, wanted)) = problem.split_once(", want ") else { return };
    if !matches!(got, "got number" | "got boolean") || !wanted.contains("string") {
        return;
    }
    let Some(as_text) = at(path, subject) else { return };
    told.notes.extend(as_text.note);
    let first = told.remedies.len().saturating_sub(1);
    told.remedies.splice(first..first, as_text.remedies);
}

/// What a flag gives at a name, as it is written: all behind the `=`.
fn of_flag(text: &str, name: &str) -> Option<String> {
    let (left, written) = text.split_once('=')?;
    left.trim_end_matches(']').ends_with(name).then(|| written.to_owned())
}

/// The value as it is written in the file that counts.
fn in_files(names: &[&str], subject: &Subject<'_>) -> Option<String> {
    let text = sources(subject).find_map(|(_, text)| scalar_at(&text, names));
    text.or_else(|| in_sub_chart(names, subject))
}

/// The same in the values.yaml of a dependency.
fn in_sub_chart(names: &[&str], subject: &Subject<'_>) -> Option<String> {
    let (mut chart, mut rest) = (subject.chart, names);
    loop {
        let (first, below) = rest.split_first()?;
        let alias = chart.metadata.dependencies().find(|entry| entry.alias == *first);
        let name = alias.map_or(*first, |entry| &entry.name);
        chart = chart.dependencies.iter().find(|sub| sub.name() == name)?;
        rest = below;
        let file = chart.raw_file("values.yaml");
        let text = file.map(|file| String::from_utf8_lossy(&file.data).into_owned());
        let found = text.and_then(|text| scalar_at(&text, rest));
        if found.is_some() {
            return found;
        }
    }
}

/// A flag that makes a section of what is one value without it: what to say, and what to do.
pub(super) fn made_section(path: &str, subject: &Subject<'_>) -> Option<(String, String)> {
    let names = steps(path);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (view, Plain::Map(_)) = by_flag(&names, names.len(), subject)? else { return None };
    let before = default_at(subject.chart, &names)
        .filter(|value| !matches!(value, Plain::Map(_) | Plain::Null))?;
    let what = describe(names.last()?.as_bytes(), &thaw(&before));
    let (flag, _) = view.text.split_once(' ')?;
    Some((
        format!(
            "`{}` makes a section of `.Values.{path}`, which is {what} in the chart's defaults",
            view.text
        ),
        format!("give it one value: `{flag} {path}=…`, with no name behind it"),
    ))
}
