//! `--explain`, `--unread` and `--format json`: where the fields of a release come from, told for
//! people and for programs.
//!
//! Not here: how it is found out (see `helm::explain`).

mod json;
mod text;

use std::sync::Arc;

use helm::chart::Chart;
use helm::dependency;
use helm::engine::Engine;
use helm::explain::{Layers, Recorder, Trace};
use helm::log::Log;
use helm::release::{self, Options, Release};
use helm::values::{self, Given, Table};
use serde_json::Value as Json;

use super::flags::{Arguments, FormatFlag};
use super::setup::Work;
use crate::context::Context;
use crate::error::CommandError;

/// A release with its trace, and what is needed to tell of it.
struct Told {
    release: Release,
    trace: Trace,
    values: Table,
    given: Table,
    chart: Arc<Chart>,
    /// The chart without the dependencies that are switched off.
    settled: Arc<Chart>,
    layers: Layers,
}

/// A chart with the values of one release of it.
pub struct Question<'a> {
    /// What all renders share.
    pub work: &'a Work,
    /// This thread's engine.
    pub engine: &'a Engine,
    /// The chart.
    pub chart: &'a Arc<Chart>,
    /// The values, as they were given.
    pub given: &'a Given,
    /// The values put together.
    pub table: Table,
    /// Name and namespace.
    pub options: &'a Options,
}

/// Whether the flags ask for any of this.
pub fn is_wanted(arguments: &Arguments) -> bool {
    let more = &arguments.more;
    !more.explain.is_empty() || more.unread || is_json(arguments)
}

/// Whether reports are for programs.
pub fn is_json(arguments: &Arguments) -> bool {
    arguments.more.format == Some(FormatFlag::Json)
}

/// What was found out.
enum Answer {
    /// For people.
    Text(String),
    /// For programs: what it is, and it.
    Json(&'static str, Json),
}

/// Renders one release with an observer and prints what was asked.
pub fn run(
    arguments: &Arguments,
    work: &Work,
    chart: &Arc<Chart>,
    given: &Given,
    context: &mut Context,
) -> Result<(), CommandError> {
    let table =
        given.combine(&mut |path| crate::source::read(path, context)).map_err(CommandError::of)?;
    let options = &work.options(work.name.clone());
    let engine = &work.engine();
    let question = Question { work, engine, chart, given, table, options };
    let mut log = Log::default();
    let answer = answer(arguments, question, &mut log);
    crate::source::print_log(&mut log, context);
    let text = match answer? {
        Answer::Text(text) => text,
        Answer::Json(_, json) => format!("{json:#}\n"),
    };
    context.print(text.as_bytes());
    Ok(())
}

/// Renders an instance with an observer, on this thread, whose stack must be big, and gives what
/// is to be printed for it: a heading and the text, or one line of JSON.
pub fn of_instance(
    arguments: &Arguments,
    question: Question<'_>,
    log: &mut Log,
) -> Result<String, CommandError> {
    let name = &question.options.name;
    Ok(match answer(arguments, question, log)? {
        // Nothing unread is nothing to say.
        Answer::Text(text) if text.is_empty() => text,
        Answer::Text(text) => format!("# Instance: {name}\n{text}"),
        Answer::Json(what, json) => json::line(name, what, &json),
    })
}

/// The line of JSON for an instance that failed.
pub fn failed_line(name: &str, words: &str) -> String {
    json::line(name, "error", &Json::from(words))
}

fn answer(
    arguments: &Arguments,
    question: Question<'_>,
    log: &mut Log,
) -> Result<Answer, CommandError> {
    let told = tell(arguments, question, log)?;
    let more = &arguments.more;
    let is_json = is_json(arguments);
    if !more.explain.is_empty() {
        return fields(&told, &more.explain, is_json);
    }
    if more.unread {
        let found = helm::explain::unread(&told.given, &told.trace, &told.chart, &told.settled);
        return Ok(if is_json {
            Answer::Json("unread", json::unread(&told, &found))
        } else {
            Answer::Text(text::unread(&told, &found))
        });
    }
    Ok(Answer::Json("release", json::all(&told)))
}

/// The fields that are asked for; for programs, several are a list.
fn fields(told: &Told, questions: &[String], is_json: bool) -> Result<Answer, CommandError> {
    let mut found = Vec::new();
    for question in questions {
        // As `--against` tells of objects that are called after their release.
        let question = &question.replace("{instance}", &told.release.name);
        let explained = helm::explain::explain(&told.release, &told.trace, &told.values, question);
        found.push(explained.map_err(CommandError::of)?);
    }
    Ok(match found.as_slice() {
        [one] if is_json => Answer::Json("field", json::field(told, one)),
        several if is_json => {
            let several = several.iter().map(|one| json::field(told, one));
            Answer::Json("fields", several.collect())
        }
        all => Answer::Text(all.iter().map(|one| text::field(told, one)).collect()),
    })
}

fn tell(
    arguments: &Arguments,
    question: Question<'_>,
    log: &mut Log,
) -> Result<Told, CommandError> {
    let Question { work, engine, chart, given, table, options } = question;
    // The render says again what these two have to say.
    let mut silent = Log::default();
    let processed = dependency::process(chart, &table, &mut silent).map_err(CommandError::of)?;
    let values =
        values::coalesce(&processed, &table, &mut silent).map_err(CommandError::of)?.freeze();
    let recorder = Box::new(Recorder::default());
    let effects = work.effects();
    let made = release::render(engine, chart, &table, options, effects, Some(recorder), log);
    let (mut release, tracer) = made.map_err(|failed| CommandError::of(failed.reason))?;
    let wanted = release.wanted_hooks(super::output::hooks(&arguments.helm)).cloned().collect();
    release.hooks = wanted;
    release.keep_only(&arguments.helm.show_only).map_err(CommandError::of)?;
    let recorder = tracer.and_then(|tracer| tracer.into_any().downcast::<Recorder>().ok());
    let mut trace = recorder.map(|recorder| recorder.finish()).unwrap_or_default();
    trace.add_definitions(&release);
    let layers = Layers::new(given, &processed, options);
    Ok(Told {
        release,
        trace,
        values,
        given: table,
        chart: Arc::clone(chart),
        settled: processed,
        layers,
    })
}
