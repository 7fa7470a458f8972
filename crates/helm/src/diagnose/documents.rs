//! Faults of documents that no template wrote: values files, and what a schema says of values. And
//! doubts: what is accepted, but hardly meant.

use std::ops::Range;
use std::sync::Arc;

use super::given::locate_given;
use super::{
    Diagnostic, GivenFile, Severity, Subject, View, as_text, from_words, plain_file, quotes,
    replaced,
};
use crate::release::{Manifest, Release};
use crate::values::faulty_document;

/// A file that cannot be read as YAML, with the words of the error.
pub fn from_document(words: &str, file: &GivenFile) -> Diagnostic {
    let mut told = from_words(words);
    let (path, text) = (&*file.path, &*file.text);
    if let Some(start) = file.valid_up_to {
        plain_file::tell_encoding(&mut told);
        let is_utf16 = start == 0 && text.contains('\0');
        let label =
            if is_utf16 { "the file is UTF-16" } else { "from here on the file is not UTF-8" };
        let label = label.to_owned();
        told.views.push(view(path, text, start..start + 1, label));
        return told;
    }
    // Of a values file all documents count, of others the first.
    let is_one_of_several = words.contains("cannot unmarshal yaml document");
    let part = if is_one_of_several { faulty_document(text) } else { 0..text.len() };
    let views = tell_fault(&mut told, &text[part.clone()]);
    told.views.extend(views.into_iter().map(|(span, label)| {
        view(path, text, part.start + span.start..part.start + span.end, label)
    }));
    if part.start > 0 && words.contains("yaml: line ") {
        let note = "the message counts the lines from the `---` above the fault";
        told.notes.push(note.to_owned());
    }
    plain_file::tell_without_place(&mut told);
    told
}

/// The places at fault in a document, with what to say there.
fn tell_fault(told: &mut Diagnostic, text: &str) -> Vec<(Range<usize>, String)> {
    let mut views = Vec::new();
    let reader = yaml::Text::new(text.as_bytes());
    // A text that was changed on reading has other places.
    if reader.as_str() != text {
        return views;
    }
    let fault = reader.first_document().err();
    if let Some((fault, at)) = fault.and_then(|fault| Some((fault.to_string(), fault.at()?))) {
        let start = (at.offset as usize).min(text.len());
        let problem = fault.rsplit(": ").next().unwrap_or(&fault).to_owned();
        let quote = quotes::opened(text, start);
        let mut is_all = quote.as_ref().is_some_and(|quote| !quote.is_late);
        if let Some(quote) = quote {
            quotes::tell(told);
            views.push((quote.span, quote.label.to_owned()));
        } else if let Some((span, label)) = plain_file::tell(told, &problem, text, start) {
            is_all = span.contains(&start) || span.end == start;
            views.push((span, label));
        }
        if !is_all {
            views.push((start..start + 1, problem));
        }
    } else if let Some(start) = other_than_section(&reader) {
        let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        views.push((start..end, "this is no section".to_owned()));
    }
    views
}

/// Where a document starts that is no map.
fn other_than_section(reader: &yaml::Text<'_>) -> Option<usize> {
    let document = reader.first_document().ok()??;
    let root = document.node(document.root());
    let is_map = matches!(root.kind, yaml::NodeKind::Mapping(_));
    (!is_map).then_some(root.span.start.offset as usize)
}

pub(super) fn view(path: &str, text: &str, span: Range<usize>, label: String) -> View {
    View { caption: None, path: path.to_owned(), text: text.into(), span, label }
}

/// Values that do not fit the schema, each shown where it was given.
pub(super) fn schema(findings: &str, words: &str, subject: &Subject<'_>) -> Diagnostic {
    let mut told = from_words(words);
    let mut chart = "";
    for line in findings.lines() {
        let Some((path, problem)) = line.trim().strip_prefix("- at '").and_then(split) else {
            chart = line.strip_suffix(':').filter(|name| !name.starts_with(' ')).unwrap_or(chart);
            continue;
        };
        let path = path.trim_start_matches('/').replace('/', ".");
        if path.is_empty() {
            if chart == subject.chart.name() {
                told.notes.extend(missing_at_top(problem));
            }
            continue;
        }
        if let Some(mut view) = locate_given(&path, subject) {
            problem.clone_into(&mut view.label);
            told.views.push(view);
        }
        as_text::tell_schema(&mut told, &path, problem, subject);
        if let Some((note, remedy)) = as_text::made_section(&path, subject) {
            told.notes.push(note);
            told.remedies.insert(0, remedy);
        }
        if let Some(cause) = replaced::on_the_way(&path, subject)
            && !told.notes.contains(&cause.note)
        {
            told.notes.push(cause.note);
            told.remedies.insert(0, cause.remedy);
        }
    }
    told
}

/// A flag that names an item of a list and replaces the whole of it.
fn list_replaced(replaced: replaced::Replaced) -> Diagnostic {
    Diagnostic {
        severity: Severity::Warning,
        code: "values.list-replaced",
        title: replaced.note,
        views: vec![replaced.view],
        notes: Vec::new(),
        remedies: vec![replaced.remedy],
    }
}

fn split(rest: &str) -> Option<(&str, &str)> {
    rest.split_once("': ")
}

/// What no section lacks, but the values as a whole.
fn missing_at_top(problem: &str) -> Option<String> {
    let names = problem.strip_prefix("missing propert")?.split_once(' ')?.1.replace('\'', "`");
    Some(format!("no file and no flag gives {names}, at the top of the values"))
}

/// What is accepted but hardly meant: keys given twice in values files and in rendered objects, lists
/// replaced by a flag that names one item, objects without a kind.
pub fn doubts(release: &Release, subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let own = subject.chart.raw_file("values.yaml").map(|file| {
        let path = format!("{}/values.yaml", subject.location.trim_end_matches('/'));
        (path, Arc::from(String::from_utf8_lossy(&file.data)))
    });
    let given = subject.givers.files.iter().map(|file| (file.path.clone(), Arc::clone(&file.text)));
    for (path, text) in own.into_iter().chain(given) {
        found.extend(keys_given_twice(&path, &text));
    }
    found.extend(replaced::by_flags(subject).into_iter().map(list_replaced));
    for manifest in release.manifests.iter().chain(release.hooks.iter().map(|hook| &hook.manifest))
    {
        let text = String::from_utf8_lossy(&manifest.content);
        let path = format!("{} (as it was rendered)", manifest.source);
        found.extend(keys_given_twice(&path, &text));
        found.extend(without_kind(manifest, &path, &text));
    }
    found
}

fn keys_given_twice(path: &str, text: &str) -> Vec<Diagnostic> {
    let Err(yaml::Error::Type(faults)) = yaml::read_strict(text.as_bytes()) else {
        return Vec::new();
    };
    let told = |fault: &String| {
        let (line, words) = fault.strip_prefix("line ")?.split_once(": ")?;
        let start = start_of_line(text, line.parse().ok()?);
        let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        Some(Diagnostic {
            severity: Severity::Warning,
            code: "yaml.key-given-twice",
            title: format!("a key is given twice: {words}"),
            views: vec![view(path, text, start..end, "only the last one counts".to_owned())],
            notes: Vec::new(),
            remedies: vec!["remove one of the two".to_owned()],
        })
    };
    faults.iter().filter_map(told).collect()
}

fn start_of_line(text: &str, line: usize) -> usize {
    let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    starts.take(line.max(1)).last().unwrap_or(0)
}

fn without_kind(manifest: &Manifest, path: &str, text: &str) -> Option<Diagnostic> {
    let says = |line: &str| !matches!(line.trim().bytes().next(), None | Some(b'#'));
    let missing = match (manifest.head.kind.is_empty(), manifest.head.api_version.is_empty()) {
        (true, _) => "kind",
        (false, true) => "apiVersion",
        (false, false) => return None,
    };
    // Comments alone are no object.
    if !text.lines().any(says) {
        return None;
    }
    let beside = if missing == "kind" { "apiVersion" } else { "kind" };
    let code = if missing == "kind" { "manifest.no-kind" } else { "manifest.no-api-version" };
    let end = text.find('\n').unwrap_or(text.len());
    Some(Diagnostic {
        severity: Severity::Warning,
        code,
        title: format!("an object has no `{missing}`, so that no cluster will take it"),
        views: vec![view(path, text, 0..end, "this object".to_owned())],
        notes: Vec::new(),
        remedies: vec![format!("write `{missing}:` beside `{beside}:`")],
    })
}

#[cfg(test)]
mod tests {
    use super::from_document;
    use crate::diagnose::{Colour, GivenFile, print};

    fn told(content: &[u8]) -> String {
        let file = GivenFile::new("v.yaml".to_owned(), content);
        print(
            &from_document("failed to parse v.yaml", &file),
            Colour::Off,
            diagnostic::Language::English,
        )
    }

    #[test]
    fn a_file_of_another_encoding_is_shown_from_where_it_is_not_utf_8() {
        let latin = told(b"a: 1\nb: caf\xe9\n");
        assert!(latin.contains("v.yaml:2:7"), "{latin}");
        assert!(latin.contains("save the file as UTF-8"), "{latin}");
        assert!(told(b"\xff\xfea\0:\0").contains("the file is UTF-16"));
    }
}
