//! Errors told for people: what happened, where, with which values, and what to do about it.
//!
//! Helm's own words stay in the errors themselves (`Display`); this module works on their parts and
//! adds what a stranger to the chart needs. Not here: any printing to a terminal, and any decision
//! about which of the two forms a person gets.

mod absent;
mod advice;
mod as_text;
mod blocks;
mod builtin;
mod chart_file;
mod comparison;
mod concrete;
mod documents;
mod dot;
mod given;
mod manifest;
mod observer;
mod plain_file;
mod quotes;
mod replaced;
mod template;
mod witness;

use std::any::Any;
use std::sync::Arc;

use diagnostic::near;

use crate::chart::Chart;
use crate::engine::Engine;
use crate::log::Log;
use crate::release::{self, Failed, Options, Reason};
use crate::values::Table;

pub use diagnostic::{Colour, Diagnostic, Severity, View, print};

pub use chart_file::from_chart_file;
pub use documents::{doubts, from_document};
pub use given::{GivenFile, Givers, from_argument};
pub(crate) use observer::Observer;

/// The name of the set, under which Helm parses the texts given to `tpl`.
const TEXT_RUN: &str = "gotpl";

/// What was being rendered when a release failed.
pub struct Subject<'a> {
    /// The engine that failed.
    pub engine: &'a Engine,
    /// The chart, before the processing of its dependencies.
    pub chart: &'a Arc<Chart>,
    /// Where the chart is, as the person named it: stands for the chart's name in paths.
    pub location: &'a str,
    /// The given values.
    pub given: &'a Table,
    /// Where they came from.
    pub givers: &'a Givers,
    /// What the release was made with.
    pub options: &'a Options,
}

/// Tells why there is no release. Where it helps, the release is rendered once more under
/// observation, with `effects` as at the first time. Run it on a thread with a big stack.
pub fn diagnose(failed: &Failed, subject: &Subject<'_>, effects: Vec<Box<dyn Any>>) -> Diagnostic {
    match &failed.reason {
        Reason::Render(error) => {
            let mut seen = observe(subject, effects);
            seen.below = concrete::below(&error.file);
            template::tell(error, subject, &seen)
        }
        Reason::Parse(error) => {
            let seen = observe(subject, effects);
            manifest::tell(error, subject, &seen)
        }
        Reason::Schema(words) => documents::schema(words, &failed.reason.to_string(), subject),
        other => chart_file::of_subject(&other.to_string(), subject),
    }
}

/// Tells an error of which only the words are known.
pub fn from_words(words: &str) -> Diagnostic {
    let words = words.strip_prefix("Error: ").unwrap_or(words).trim_end();
    let (title, rest) = words.split_once('\n').unwrap_or((words, ""));
    let advice = advice::find(words);
    Diagnostic {
        severity: Severity::Error,
        code: advice.map_or("error", |advice| advice.code),
        title: title.trim_end_matches(':').to_owned(),
        views: Vec::new(),
        notes: rest.lines().map(|line| line.trim().to_owned()).filter(|l| !l.is_empty()).collect(),
        remedies: advice.map(advice::Advice::remedies).unwrap_or_default(),
    }
}

/// Renders once more and listens.
fn observe(subject: &Subject<'_>, effects: Vec<Box<dyn Any>>) -> witness::Testimony {
    let (observer, testimony) = observer::Observer::new();
    let tracer = Some(Box::new(observer) as Box<dyn gotmpl::trace::Tracer>);
    // The result is known already: it failed.
    let _ = release::render(
        subject.engine,
        subject.chart,
        subject.given,
        subject.options,
        effects,
        tracer,
        &mut Log::default(),
    );
    testimony.take()
}

impl Subject<'_> {
    /// A template's path as the person can open it.
    fn path_of(&self, template: &str) -> String {
        if template == TEXT_RUN {
            return "(the text given to tpl)".to_owned();
        }
        let own = template.split_once('/').filter(|(name, _)| *name == self.chart.name());
        own.map_or_else(
            || template.to_owned(),
            |(_, rest)| format!("{}/{rest}", self.location.trim_end_matches('/')),
        )
    }
}
