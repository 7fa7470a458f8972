//! Rendered text that is no object: shown as it was rendered, and where the template wrote it.

use gotmpl::value::Str;

use super::witness::{Stretch, Testimony};
use super::{Diagnostic, Subject, View, advice, given, plain_file, quotes, template, witness};
use crate::release::ParseError;
use crate::values::thaw;

pub(super) fn tell(error: &ParseError, subject: &Subject<'_>, seen: &Testimony) -> Diagnostic {
    let words = error.reason.to_string();
    let problem = problem(&words);
    let advice = advice::find(problem);
    let mut told = Diagnostic {
        code: advice.map_or("manifest.error", |advice| advice.code),
        title: format!("what the template printed is not a Kubernetes object: {problem}"),
        remedies: advice.map(advice::Advice::remedies).unwrap_or_default(),
        ..Diagnostic::default()
    };
    let document = String::from_utf8_lossy(&error.document);
    let is_indentation = matches!(told.code, "manifest.indentation" | "manifest.colon");
    let Some(mut at) = place(&document, &words) else { return told };
    let mut label = problem.to_owned();
    if problem.starts_with(INVALID_KEY) {
        "braces in braces are a map for a key, which Kubernetes does not have"
            .clone_into(&mut label);
    }
    if let Some(quote) = quotes::opened(&document, at) {
        quotes::tell(&mut told);
        quote.label.clone_into(&mut label);
        at = quote.span.start;
    }
    let mut is_word = false;
    if is_indentation
        && let Some((line, remedy)) = plain_file::without_colon(&document, at)
        && is_text(error, seen, &document, line.start)
    {
        told.code = "manifest.colon";
        told.remedies = vec![remedy];
        (at, is_word) = (line.start, true);
        "this line has no `: `".clone_into(&mut label);
    }
    if document.as_bytes().get(at) == Some(&b'\t') && told.code == "manifest.unquoted" {
        told.code = "manifest.tab";
        told.remedies = vec!["indent with spaces: YAML allows no tabs there".to_owned()];
    }
    let line = line_around(&document, at);
    // What the template wrote comes first: that is what can be mended.
    if let Some(start) = start_in_file(error, seen, &document) {
        let path = &error.source_path;
        let before = document[..line.start].trim_end().rfind('\n').map_or(0, |at| at + 1);
        let (writer, earlier) = seen.writers(path, start + before, start + at);
        if let Some(writer) = writer {
            let here = (&document[line.clone()], start + at);
            told.views.push(written(writer, Some(here), subject, "this wrote the line"));
            tell_values(writer, subject, &mut told);
            if writer.is_action && is_indentation {
                told.remedies.splice(0..0, indented(writer, seen.files.get(&**path)));
            }
        }
        if let Some(earlier) =
            earlier.filter(|_| !is_word && writer.is_none_or(|writer| !writer.is_action))
        {
            let mended = indented(earlier, seen.files.get(&**path)).filter(|_| is_indentation);
            told.remedies.splice(0..0, mended);
            told.views.push(written(earlier, None, subject, "this was printed just before"));
            tell_values(earlier, subject, &mut told);
        }
    }
    told.views.push(View {
        caption: Some("as it was rendered".to_owned()),
        path: error.source_path.to_string(),
        text: document.as_ref().into(),
        span: line,
        label,
    });
    told
}

/// What is wrong, without who says so and where.
fn problem(words: &str) -> &str {
    if let Some(at) = words.find(INVALID_KEY) {
        return &words[at..];
    }
    words.rsplit(": ").next().unwrap_or(words)
}

/// YAML's words for a key that is itself a map, which come without a line.
const INVALID_KEY: &str = "invalid map key";

/// Whether the template's own text, and no action, printed that byte of the document.
fn is_text(error: &ParseError, seen: &Testimony, document: &str, at: usize) -> bool {
    let Some(start) = start_in_file(error, seen, document) else { return false };
    let (writer, _) = seen.writers(&error.source_path, start + at, start + at);
    writer.is_some_and(|writer| !writer.is_action)
}

/// How an action is written whose lines belong below a key, or beside another one, and are not
/// indented like that.
fn indented(action: &Stretch, printed: Option<&Str>) -> Option<String> {
    let printed = printed?.to_text();
    let lead = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let (above, own) = (printed.get(..action.start)?, printed.get(action.start..action.end)?);
    let own = own.trim_end();
    let same_line = above.rsplit('\n').next().unwrap_or(above);
    // What follows a key on its line is no block.
    if !same_line.trim().is_empty() && !own.starts_with('\n') {
        return None;
    }
    let before = above.lines().rev().find(|line| !line.trim().is_empty())?.trim_end();
    let (place, wanted) =
        if before.ends_with(':') { ("below", lead(before) + 2) } else { ("beside", lead(before)) };
    // The first line may stand behind blanks of the template.
    let mut lines = own.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let is_less =
        lines.any(|(at, line)| lead(line) + if at == 0 { same_line.len() } else { 0 } < wanted);
    if !is_less {
        return None;
    }
    let text = String::from_utf8_lossy(action.text.get(template::range(action.span))?).into_owned();
    let inside = text.trim_start_matches("{{").trim_end_matches("}}").trim_matches('-').trim();
    let steps = inside.split(" | ").filter(|step| {
        let name = step.split_whitespace().next().unwrap_or_default();
        !matches!(name, "indent" | "nindent")
    });
    Some(format!(
        "what belongs {place} `{}` wants {wanted} blanks before each of its lines: \
         `{{{{- {} | nindent {wanted} }}}}`",
        before.trim(),
        steps.collect::<Vec<_>>().join(" | ")
    ))
}

/// The values that an action names, where they are the chart's own.
fn tell_values(writer: &Stretch, subject: &Subject<'_>, told: &mut Diagnostic) {
    let own = format!("{}/templates/", subject.chart.name());
    let action = writer.text.get(template::range(writer.span)).unwrap_or_default();
    if !writer.is_action || !writer.file.starts_with(&own) {
        return;
    }
    let values = subject.chart.values.merged_with(subject.given);
    let action = String::from_utf8_lossy(action);
    for rest in action.split(".Values.").skip(1) {
        let is_name = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '.');
        let path: String = rest.chars().take_while(is_name).collect();
        let names: Vec<&str> = path.split('.').collect();
        let Some(value) = given::value_at(&values, &names) else { continue };
        let name = names.last().copied().unwrap_or_default();
        let what = witness::describe(name.as_bytes(), &thaw(&value));
        told.notes.push(format!("`.Values.{path}` is {what}"));
        told.views.extend(given::locate_given(&path, subject));
    }
}

/// Where the fault is: where the reader stopped, which is more exact than the line that Go names.
fn place(document: &str, words: &str) -> Option<usize> {
    let reader = yaml::Text::new(document.as_bytes());
    if reader.as_str() == document
        && let Err(error) = reader.first_document()
        && let Some(mark) = error.at()
    {
        return Some((mark.offset as usize).min(document.len()));
    }
    if words.contains(INVALID_KEY) {
        return ["{{", "{ {"].iter().filter_map(|braces| document.find(braces)).min();
    }
    let line: usize = words.split_once("line ")?.1.split(':').next()?.parse().ok()?;
    let starts = std::iter::once(0).chain(document.match_indices('\n').map(|(at, _)| at + 1));
    starts.take(line).last()
}

/// The line with that byte; the one before when the reader stopped at the start of one.
fn line_around(text: &str, at: usize) -> std::ops::Range<usize> {
    let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
    let end = text[at..].find('\n').map_or(text.len(), |after| at + after);
    start..end
}

/// Where the document starts in the file's output.
fn start_in_file(error: &ParseError, seen: &Testimony, document: &str) -> Option<usize> {
    let printed = seen.files.get(&*error.source_path)?;
    memchr::memmem::find(printed, document.as_bytes())
}

/// Of literal text the line itself, or what of it the text has from the place in the output on;
/// otherwise the whole action.
fn written(
    writer: &Stretch,
    here: Option<(&str, usize)>,
    subject: &Subject<'_>,
    label: &str,
) -> View {
    let whole = template::range(writer.span);
    let text = template::text_of(&writer.text);
    let span = here.filter(|_| !writer.is_action).and_then(|(line, at)| {
        let inside = text.get(whole.clone())?;
        let line = line.trim();
        let from = at.saturating_sub(writer.start).min(inside.len());
        if let Some(found) = same_line(inside, line, from) {
            return Some(whole.start + found..whole.start + found + line.len());
        }
        let rest = inside.get(from..)?;
        let end = rest.find('\n').map_or(inside.len(), |end| from + end);
        Some(whole.start + from..whole.start + end)
    });
    let (path, label) = (subject.path_of(&writer.file), label.to_owned());
    View { caption: None, path, text, span: span.unwrap_or(whole), label }
}

/// Where the line stands in a text: as a whole line rather than within one, and near the place.
fn same_line(text: &str, line: &str, near: usize) -> Option<usize> {
    let is_within = |at: usize| {
        let before = text[..at].trim_end_matches([' ', '\t']);
        let after = text[at + line.len()..].trim_start_matches([' ', '\t', '\r']);
        !(before.is_empty() || before.ends_with('\n'))
            || !(after.is_empty() || after.starts_with('\n'))
    };
    let found = text.match_indices(line).map(|(at, _)| at).filter(|_| !line.is_empty());
    found.min_by_key(|at| (is_within(*at), at.abs_diff(near)))
}
