//! `--explain`, `--unread` and `--format json`: where the fields of a release come from, told for
//! people and for programs.

use std::fmt::Write as _;
use std::sync::Arc;

use helm::chart::Chart;
use helm::dependency;
use helm::explain::{Certainty, Explained, Layers, Origin, Place, Recorder, Trace};
use helm::log::Log;
use helm::release::{self, Options, Release};
use helm::values::{self, Given, Table};
use serde_json::{Value as Json, json};

use super::flags::{Arguments, FormatFlag};
use super::setup::Work;
use crate::context::Context;
use crate::error::CommandError;

/// A release with its trace, and what is needed to tell of it.
struct Told<'a> {
    release: Release,
    trace: Trace,
    values: Table,
    given: Table,
    chart: Arc<Chart>,
    layers: Layers<'a>,
}

/// Renders with an observer and answers what was asked.
pub fn run(
    arguments: &Arguments,
    work: &Work,
    chart: &Arc<Chart>,
    given: &Given,
    context: &mut Context,
) -> Result<(), CommandError> {
    let table =
        given.combine(&mut |path| crate::source::read(path, context)).map_err(CommandError::of)?;
    let options = work.options(work.name.clone());
    let answer = gotmpl::stack::with_big_stack(|| {
        let told = tell(work, chart, given, table, &options)?;
        answer(arguments, &told)
    });
    let text = answer.ok_or_else(|| CommandError::new("rendering ended unexpectedly"))??;
    context.print(text.as_bytes());
    Ok(())
}

fn tell<'a>(
    work: &Work,
    chart: &'a Arc<Chart>,
    given: &'a Given,
    table: Table,
    options: &Options,
) -> Result<Told<'a>, CommandError> {
    let mut log = Log::default();
    let processed = dependency::process(chart, &table, &mut log).map_err(CommandError::of)?;
    let values = values::coalesce(&processed, &table, &mut log).map_err(CommandError::of)?.freeze();
    let recorder = Box::new(Recorder::default());
    let made = work.render_traced(chart, &table, options, recorder, &mut log);
    let (release, tracer) = made.map_err(|failed| CommandError::of(failed.reason))?;
    let recorder = tracer.and_then(|tracer| tracer.into_any().downcast::<Recorder>().ok());
    let trace = recorder.map(|recorder| recorder.finish()).unwrap_or_default();
    let layers = Layers::new(given, chart);
    Ok(Told { release, trace, values, given: table, chart: processed, layers })
}

fn answer(arguments: &Arguments, told: &Told<'_>) -> Result<String, CommandError> {
    let more = &arguments.more;
    let is_json = more.format == Some(FormatFlag::Json);
    if let Some(question) = &more.explain {
        let explained = helm::explain::explain(&told.release, &told.trace, &told.values, question)
            .map_err(CommandError::of)?;
        return Ok(if is_json {
            format!("{:#}\n", field_json(told, &explained))
        } else {
            field_text(told, &explained)
        });
    }
    if more.unread {
        return Ok(unread(told, is_json));
    }
    Ok(format!("{:#}\n", all_json(told)))
}

fn field_text(told: &Told<'_>, explained: &Explained) -> String {
    let mut out = String::new();
    let Explained { object, path, value, origins } = explained;
    let _ = writeln!(out, "{object}  {path} = {}\n", first_lines(value));
    for origin in origins {
        origin_text(&mut out, told, origin);
    }
    if origins.is_empty() {
        out.push_str("  nothing is known about where this comes from\n");
    }
    out
}

/// Values of many lines are shown by their first ones.
fn first_lines(value: &str) -> String {
    const LINES: usize = 6;
    let shown: Vec<&str> = value.lines().take(LINES).collect();
    let more = if value.lines().count() > LINES { "\n…" } else { "" };
    shown.join("\n") + more
}

fn origin_text(out: &mut String, told: &Told<'_>, origin: &Origin) {
    // A `String` takes any text.
    let _ = writeln!(out, "  printed by  {}", place(&origin.place));
    let _ = writeln!(out, "              {}", origin.place.line_text());
    for asked in origin.chain.iter().rev() {
        let _ = writeln!(out, "  used by     {}", place(asked));
        let _ = writeln!(out, "              {}", asked.line_text());
    }
    for (path, certainty) in &origin.values {
        let how = match certainty {
            Certainty::Exact => "value",
            Certainty::Within => "within",
            Certainty::TookPart => "perhaps",
        };
        let setting = told.layers.find(path);
        let shown = setting.as_ref().map_or("not given", |setting| setting.value.as_str());
        let _ = writeln!(out, "  {how:<10}  .Values.{path} = {shown}");
        if let Some(setting) = setting {
            let line = setting.line.map(|line| format!(":{line}")).unwrap_or_default();
            let _ = writeln!(out, "              given by {}{line}", setting.giver);
        }
    }
    out.push('\n');
}

fn place(place: &Place) -> String {
    let (line, column) = place.line_and_column();
    let named = if place.file == place.template {
        String::new()
    } else {
        format!(" (template {})", strconv::quote(&place.template))
    };
    format!("{}:{line}:{column}{named}", place.file.to_text())
}

fn place_json(place: &Place) -> Json {
    let (line, column) = place.line_and_column();
    json!({
        "file": place.file.to_text(),
        "template": place.template.to_text(),
        "line": line,
        "column": column,
    })
}

fn origin_json(told: &Told<'_>, origin: &Origin) -> Json {
    let values = origin.values.iter().map(|(path, certainty)| {
        let setting = told.layers.find(path);
        json!({
            "path": path,
            "certainty": match certainty {
                Certainty::Exact => "exact",
                Certainty::Within => "within",
                Certainty::TookPart => "took-part",
            },
            "givenBy": setting.as_ref().map(|setting| &setting.giver),
            "line": setting.as_ref().and_then(|setting| setting.line),
        })
    });
    json!({
        "printedBy": place_json(&origin.place),
        "usedBy": origin.chain.iter().rev().map(place_json).collect::<Vec<_>>(),
        "values": values.collect::<Vec<_>>(),
    })
}

fn field_json(told: &Told<'_>, explained: &Explained) -> Json {
    let origins = explained.origins.iter().map(|origin| origin_json(told, origin));
    json!({
        "object": explained.object,
        "path": explained.path,
        "value": explained.value,
        "origins": origins.collect::<Vec<_>>(),
    })
}

fn all_json(told: &Told<'_>) -> Json {
    let hooks = told.release.hooks.iter().map(|hook| &hook.manifest);
    let objects = told.release.manifests.iter().chain(hooks).map(|manifest| {
        let fields = helm::explain::scalars(&told.trace, &told.values, manifest);
        json!({
            "apiVersion": manifest.head.api_version,
            "kind": manifest.head.kind,
            "name": manifest.head.name,
            "source": &*manifest.source,
            "fields": fields.iter().map(|field| field_json(told, field)).collect::<Vec<_>>(),
        })
    });
    json!({
        "release": told.release.name,
        "namespace": told.release.namespace,
        "objects": objects.collect::<Vec<_>>(),
    })
}

fn unread(told: &Told<'_>, is_json: bool) -> String {
    let found = helm::explain::unread(&told.given, &told.trace, &told.chart);
    if is_json {
        let list: Vec<Json> = found
            .iter()
            .map(|unread| json!({ "path": unread.path, "meant": unread.meant }))
            .collect();
        return format!("{:#}\n", Json::Array(list));
    }
    let mut out = String::new();
    for unread in found {
        let setting = told.layers.find(&unread.path);
        let line = |line: usize| format!(":{line}");
        let giver = setting.map(|setting| {
            format!(" ({}{})", setting.giver, setting.line.map(line).unwrap_or_default())
        });
        let meant = unread.meant.map(|meant| format!("; did you mean .Values.{meant}?"));
        let _ = writeln!(
            out,
            "no template reads .Values.{}{}{}",
            unread.path,
            giver.unwrap_or_default(),
            meant.unwrap_or_default()
        );
    }
    out
}

/// Whether the flags ask for any of this.
pub fn is_wanted(arguments: &Arguments) -> bool {
    let more = &arguments.more;
    let reports = more.against.is_some() || more.against_values.is_some();
    more.explain.is_some()
        || more.unread
        || (more.format == Some(FormatFlag::Json) && !reports && more.each.is_none())
}

impl Work {
    fn render_traced(
        &self,
        chart: &Arc<Chart>,
        given: &Table,
        options: &Options,
        recorder: Box<Recorder>,
        log: &mut Log,
    ) -> Result<(Release, Option<Box<dyn gotmpl::trace::Tracer>>), release::Failed> {
        let effects = self.effects();
        release::render(self.engine(), chart, given, options, effects, Some(recorder), log)
    }
}
