//! Errors of templates: the innermost fault first, then the includes that led to it.

use std::ops::Range;
use std::sync::Arc;

use gotmpl::error::{Error, ExecError, ParseError, Place};
use gotmpl::function::Failure;

use super::given::{label_of, locate_given, steps};
use super::witness::{Read, Testimony};
use super::{
    Diagnostic, Subject, TEXT_RUN, View, absent, advice, as_text, blocks, builtin, comparison,
    concrete, dot, near, replaced,
};
use crate::engine::RenderError;

/// Includes shown at most: an endless recursion has a thousand.
const MAX_CHAIN: usize = 6;
/// Values shown at most.
const MAX_VALUES: usize = 4;

pub(super) fn tell(error: &RenderError, subject: &Subject<'_>, seen: &Testimony) -> Diagnostic {
    let mut chain = Vec::new();
    let fault = innermost(&error.cause, &mut chain);
    let mut told = match fault {
        Error::Exec(exec) => tell_exec(exec, subject, seen),
        Error::Parse(parse) => tell_parse(parse, subject),
        Error::NotFound { .. } => Diagnostic { title: fault.to_string(), ..Diagnostic::default() },
    };
    let message = match fault {
        Error::Exec(exec) => format!("<{}> {}", exec.context, message_of(exec)),
        other => other.to_string(),
    };
    let special = match fault {
        Error::Exec(exec) => comparison::tell(&mut told, exec, &message, subject, seen)
            .or_else(|| dot::tell(&mut told, exec, &chain, subject, seen))
            .or_else(|| {
                let name = exec.message.strip_prefix("template \"")?;
                absent::tell(&mut told, name.strip_suffix("\" not defined")?, subject);
                Some(())
            })
            .or_else(|| builtin::tell(&mut told, exec, seen)),
        Error::NotFound { name, .. } => {
            absent::tell(&mut told, &String::from_utf8_lossy(name), subject);
            Some(())
        }
        Error::Parse(_) => None,
    };
    if special.is_none() {
        let exec = match fault {
            Error::Exec(exec) => Some(&**exec),
            Error::Parse(_) | Error::NotFound { .. } => None,
        };
        advise(&mut told, exec, &message, subject, seen);
        told.remedies.splice(0..0, meant(seen));
        tell_replaced(&mut told, subject, seen);
    }
    told.views.extend(text_run(fault, subject, seen));
    add_chain(&mut told, &chain, subject);
    told
}

/// Where the text at fault, which `tpl` runs, was given.
fn text_run(fault: &Error, subject: &Subject<'_>, seen: &Testimony) -> Option<View> {
    let path = match fault {
        Error::Exec(exec) if exec.place.as_ref()?.template == TEXT_RUN => {
            seen.moment.as_ref()?.text_run.as_deref()
        }
        Error::Parse(parse) if parse.template == TEXT_RUN => {
            let call = seen.call.as_ref().filter(|call| call.name == "tpl")?;
            call.arguments.first()?.path.as_deref()?.strip_prefix(".Values")
        }
        _ => None,
    }?;
    let names = steps(path);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    locate_given(path, subject)
        // A section around it would not show the text.
        .filter(|view| view.label == label_of(&names, names.len()))
        .map(|view| View { label: "the text is given here".to_owned(), ..view })
}

/// What to do, by what the message says.
fn advise(
    told: &mut Diagnostic,
    exec: Option<&ExecError>,
    message: &str,
    subject: &Subject<'_>,
    seen: &Testimony,
) {
    if !told.code.is_empty() {
        return;
    }
    let advice = advice::find(message);
    told.code = advice.map_or("template.error", |advice| advice.code);
    let read =
        seen.reads.last().filter(|_| message.contains("wrong type for value; expected string"));
    let path = read.and_then(|read| seen.given_path(read));
    if let Some(path) = &path
        && let Some((note, remedy)) = as_text::made_section(path, subject)
    {
        told.notes.push(note);
        told.remedies.push(remedy);
        return;
    }
    let as_text = path.and_then(|path| as_text::at(&path, subject));
    if let (Some(as_text), Some(read)) = (as_text, read) {
        // What YAML has changed is not what the person wants in letters.
        if as_text.note.is_none() {
            let path = &read.path;
            told.remedies.push(format!("turn the value into text first: `{path} | toString | …`"));
        }
        told.notes.extend(as_text.note);
        told.remedies.extend(as_text.remedies);
        return;
    }
    let concrete = exec.and_then(|exec| concrete::remedies(exec, seen));
    told.remedies.extend(concrete.or(advice.map(advice::Advice::remedies)).unwrap_or_default());
}

/// A list that was replaced is the cause where something of it is missing.
fn tell_replaced(told: &mut Diagnostic, subject: &Subject<'_>, seen: &Testimony) {
    let reads = seen.reads.iter().rev().chain(seen.earlier.iter().rev());
    let paths = reads.filter_map(|read| seen.given_path(read));
    let found = paths.filter_map(|path| replaced::on_the_way(&path, subject));
    let Some(cause) = found.into_iter().find(|replaced| replaced.is_cause) else { return };
    told.notes.push(cause.note);
    told.remedies.insert(0, cause.remedy);
    told.views.retain(|view| view.path != cause.view.path || view.span != cause.view.span);
    told.views.push(cause.view);
}

/// Follows the causes to the last error that has a place; `chain` gets those before it.
fn innermost<'e>(error: &'e Error, chain: &mut Vec<&'e ExecError>) -> &'e Error {
    let mut current = error;
    loop {
        let Error::Exec(exec) = current else { return current };
        match exec.cause.as_ref().and_then(template_cause) {
            Some(inner) => {
                chain.push(exec);
                current = inner;
            }
            None => return current,
        }
    }
}

fn template_cause(failure: &Failure) -> Option<&Error> {
    match failure {
        Failure::Template(inner) => Some(inner),
        Failure::Context { source, .. } => template_cause(source),
        Failure::Message(_) | Failure::Refused(_) => None,
    }
}

fn refusal(failure: &Failure) -> Option<&str> {
    match failure {
        Failure::Refused(words) => Some(words),
        Failure::Context { source, .. } => refusal(source),
        Failure::Message(_) | Failure::Template(_) => None,
    }
}

fn message_of(exec: &ExecError) -> String {
    match &exec.cause {
        Some(cause) => format!("{}: {cause}", exec.message),
        None => exec.message.clone(),
    }
}

fn tell_exec(exec: &ExecError, subject: &Subject<'_>, seen: &Testimony) -> Diagnostic {
    let message = message_of(exec);
    let label = message.lines().next().unwrap_or_default().to_owned();
    let views = exec.place.iter().map(|place| view(place, subject, label.clone())).collect();
    let refused = exec.cause.as_ref().and_then(refusal);
    // `fail` reads nothing: what the condition before it has read made it run.
    let reads = match refused {
        Some(_) if seen.reads.is_empty() => &seen.earlier,
        _ => &seen.reads,
    };
    let notes = values_involved(reads);
    let mut told =
        Diagnostic { title: title(exec, &message, seen), views, notes, ..Diagnostic::default() };
    if let Some(words) = refused {
        told.code = "template.refused";
        told.title = format!("the chart refuses these values: {words}");
        let concrete = reads.last().and_then(|read| concrete::of_required(exec, read, seen));
        let general = || "give the values that the message asks for".to_owned();
        told.remedies.push(concrete.unwrap_or_else(general));
    }
    told.views.extend(reads.last().and_then(|read| given_at(read, subject, seen)));
    told
}

fn title(exec: &ExecError, message: &str, seen: &Testimony) -> String {
    let context = &exec.context;
    if message.contains("nil pointer evaluating") {
        return match concrete::broken(exec, seen) {
            Some(broken) => {
                let (above, field) = (broken.above, broken.field());
                format!("`{above}` is not set, so `.{field}` of it cannot be read")
            }
            None => format!("`{context}` is read from something that is not set"),
        };
    }
    if message.contains("can't evaluate field Values") {
        return format!("`{context}` looks for `.Values` in something that is not the root");
    }
    if message.contains("can't evaluate field") {
        return format!("`{context}` reads a field of a value that has none");
    }
    let is_literal = context.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '"' | '`'));
    if is_literal && message.contains("invalid value; expected") {
        return format!("the value that comes to the function with `{context}` is not set");
    }
    format!("`{context}` fails")
}

fn view(place: &Place, subject: &Subject<'_>, label: String) -> View {
    View {
        caption: None,
        path: subject.path_of(&place.template),
        text: text_of(&place.text),
        span: range(place.span),
        label,
    }
}

pub(super) fn text_of(text: &[u8]) -> Arc<str> {
    String::from_utf8_lossy(text).as_ref().into()
}

pub(super) fn range(span: gotmpl::program::Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

fn given_at(read: &Read, subject: &Subject<'_>, seen: &Testimony) -> Option<View> {
    locate_given(&seen.given_path(read)?, subject)
}

/// The last values read before the fault, those on the way to them left out.
fn values_involved(reads: &[Read]) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for (at, read) in reads.iter().enumerate().rev() {
        let is_on_the_way = reads[at + 1..]
            .iter()
            .any(|later| !later.missing && later.path.starts_with(&format!("{}.", read.path)));
        let line = format!("`{}` is {}", read.path, read.what);
        if read.path != ".Values" && !is_on_the_way && !told.contains(&line) {
            told.push(line);
        }
        if told.len() == MAX_VALUES {
            break;
        }
    }
    told.reverse();
    told
}

fn tell_parse(parse: &ParseError, subject: &Subject<'_>) -> Diagnostic {
    let mut span = range(parse.span);
    let label = parse.message.clone();
    let text = text_of(&parse.text);
    let path = subject.path_of(&parse.template);
    let (mut remedies, mut views) = (Vec::new(), Vec::new());
    if let Some((name, _)) =
        parse.message.strip_prefix("undefined variable \"").and_then(|rest| rest.split_once('"'))
    {
        // Where it stands, and where it is declared too late, or in a block that has ended.
        let before = text.get(..span.end.min(text.len())).unwrap_or(&text);
        span = before.rfind(name).map_or(span, |at| at..at + name.len());
        let declared = text.find(&format!("{name} :=")).filter(|at| *at != span.start);
        views.extend(declared.map(|at| View {
            caption: None,
            path: path.clone(),
            text: text.clone(),
            span: at..at + name.len(),
            label: if at < span.start {
                "it is declared here, and ends with the block around it".to_owned()
            } else {
                "it is declared only here".to_owned()
            },
        }));
    }
    if let Some(name) = unknown_function(&parse.message) {
        let known = subject.engine.programs().functions().names();
        if dot::AT_ROOT.contains(&name) {
            remedies.push(format!("did you mean `.{name}`? It is read with a dot before it"));
        } else if let Some(meant) = near::nearest(name, known) {
            remedies.push(format!("did you mean `{meant}`?"));
        }
    }
    views.insert(0, View { caption: None, path, text, span, label });
    let title = format!("the template cannot be read: {}", parse.message);
    let mut told = Diagnostic { title, views, remedies, ..Diagnostic::default() };
    blocks::tell(&mut told, &parse.message);
    told
}

fn unknown_function(message: &str) -> Option<&str> {
    message.strip_prefix("function \"")?.strip_suffix("\" not defined")
}

/// The name of a value that the person may have meant.
fn meant(seen: &Testimony) -> Option<String> {
    let read = seen.reads.last()?;
    let (above, name) = read.path.rsplit_once('.')?;
    let meant = near::nearest(name, read.siblings.iter().map(String::as_str))?;
    Some(format!("did you mean `{above}.{meant}`?"))
}

fn add_chain(told: &mut Diagnostic, chain: &[&ExecError], subject: &Subject<'_>) {
    let mut hidden = 0;
    for exec in chain.iter().rev() {
        let Some(place) = &exec.place else { continue };
        let shown = view(place, subject, format!("`{}` was being executed here", exec.context));
        let is_known =
            told.views.iter().any(|view| view.path == shown.path && view.span == shown.span);
        if is_known || told.views.len() > MAX_CHAIN {
            hidden += 1;
        } else {
            told.views.push(shown);
        }
    }
    if hidden > 0 {
        told.notes.push(format!("{hidden} more calls of this kind led here"));
    }
}
