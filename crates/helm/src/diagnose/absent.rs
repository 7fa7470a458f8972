//! A named template that nobody defines: names that are near, and charts that would define it.

use std::sync::Arc;

use super::{Diagnostic, Subject, near};
use crate::chart::{Chart, Dependency};
use crate::dependency;
use crate::log::Log;

/// Names offered at most.
const MAX_NEAR: usize = 3;

/// Tells it.
pub(super) fn tell(told: &mut Diagnostic, name: &str, subject: &Subject<'_>) {
    told.code = "template.unknown-template";
    told.title = format!(
        "no template is called {}: neither the chart nor a dependency in use has a `define` of that \
         name",
        strconv::quote(name.as_bytes())
    );
    let used = dependency::process(subject.chart, subject.given, &mut Log::default());
    let used = used.unwrap_or_else(|_| Arc::clone(subject.chart));
    if let Some(off) = switched_off(subject.chart, &used, name) {
        told.remedies.push(off);
        return;
    }
    let known = defined(&used);
    let near = near::all(name, known.iter().map(String::as_str));
    let near: Vec<String> = near.iter().take(MAX_NEAR).map(|name| format!("`{name}`")).collect();
    if !near.is_empty() {
        told.remedies.push(format!("did you mean {}?", near.join(" or ")));
    }
    told.remedies.push(format!(
        "define it, as in `{{{{ define {} }}}}…{{{{ end }}}}` in a file of templates/",
        strconv::quote(name.as_bytes())
    ));
    if let Some(library) = missing_library(subject.chart, &used, name, near.is_empty()) {
        told.remedies.push(library);
    }
}

/// The dependency that defines it and is not in use.
fn switched_off(chart: &Chart, used: &Chart, name: &str) -> Option<String> {
    let is_used = |sub: &Chart| {
        used.dependencies.iter().any(|other| {
            other.name() == sub.name() || Arc::ptr_eq(&other.templates, &sub.templates)
        })
    };
    for sub in &chart.dependencies {
        if is_used(sub) {
            let other = used.dependencies.iter().find(|other| other.name() == sub.name());
            let below = other.and_then(|other| switched_off(sub, other, name));
            if below.is_some() {
                return below;
            }
        } else if defined(sub).iter().any(|known| known == name) {
            let reason = chart.metadata.dependencies().find_map(|entry| why_off(entry, sub.name()));
            return Some(format!(
                "the dependency `{}` defines it, but is not in use: {}",
                sub.name(),
                reason?
            ));
        }
    }
    None
}

/// Only a condition or tags take a chart of charts/ out of use.
fn why_off(entry: &Dependency, name: &str) -> Option<String> {
    if entry.name != name {
        return None;
    }
    match (entry.condition.as_str(), entry.tags.as_slice()) {
        ("", []) => None,
        ("", tags) => {
            Some(format!("its tags are switched off; set `tags.{}=true`", tags.join("` or `tags.")))
        }
        (condition, _) => Some(format!(
            "its condition in Chart.yaml is false; set `{}=true`",
            condition.split(',').next().unwrap_or_default().trim()
        )),
    }
}

/// A library chart is called like the first part of its templates' names.
fn missing_library(chart: &Chart, used: &Chart, name: &str, nothing_near: bool) -> Option<String> {
    let (library, _) = name.split_once('.')?;
    let is_own = library == chart.name() || used.dependencies.iter().any(|s| s.name() == library);
    let is_known = defined(used).iter().any(|known| known.starts_with(&format!("{library}.")));
    (!is_own && !is_known && nothing_near).then(|| {
        format!(
            "or, if a library chart (`{library}`, by its name) should define it: name that under \
             `dependencies` in Chart.yaml, and fetch it with `socle chart dependency update CHART`"
        )
    })
}

/// The names that a chart and those below it define.
fn defined(chart: &Chart) -> Vec<String> {
    let mut names = Vec::new();
    for file in chart.templates.iter() {
        let text = String::from_utf8_lossy(&file.data);
        for word in ["define", "block"] {
            let after = text.split(word).skip(1).map(str::trim_start);
            let quoted = after.filter_map(|rest| {
                let quote = rest.chars().next().filter(|c| matches!(c, '"' | '`'))?;
                rest.get(1..)?.split_once(quote)
            });
            names.extend(quoted.map(|(name, _)| name.to_owned()));
        }
    }
    names.extend(chart.dependencies.iter().flat_map(|sub| defined(sub)));
    names
}
