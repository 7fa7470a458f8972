//! Faults of Chart.yaml, each shown where it is.

use std::ops::Range;

use super::documents::view;
use super::given::{is_text, locate};
use super::{Diagnostic, Subject, from_words};

/// An error about what Chart.yaml says, with the file's text.
pub fn from_chart_file(words: &str, path: &str, text: &str) -> Diagnostic {
    let mut told = from_words(words);
    told.views.extend(places(words, text).into_iter().map(|(span, label)| {
        let span = span.start.min(text.len())..span.end.min(text.len());
        view(path, text, span, label)
    }));
    told
}

/// The same for the chart that is being rendered.
pub(super) fn of_subject(words: &str, subject: &Subject<'_>) -> Diagnostic {
    let Some(file) = subject.chart.raw_file("Chart.yaml") else { return from_words(words) };
    let path = format!("{}/Chart.yaml", subject.location.trim_end_matches('/'));
    from_chart_file(words, &path, &String::from_utf8_lossy(&file.data))
}

type Place = (Range<usize>, String);

fn places(words: &str, text: &str) -> Vec<Place> {
    if words.contains("chart requires kubeVersion") {
        let span = locate(text, &["kubeVersion"]);
        return span
            .map(|span| (span, "this is what it requires".to_owned()))
            .into_iter()
            .collect();
    }
    if let Some((_, names)) = words.split_once("missing in charts/ directory: ") {
        let place =
            |name: &str| Some((dependency(text, name)?, "this is not in charts/".to_owned()));
        return names.split(", ").filter_map(place).collect();
    }
    let Some((_, field)) = words.split_once("chart.metadata.") else { return Vec::new() };
    let field: String = field.chars().take_while(char::is_ascii_alphanumeric).collect();
    match locate(text, &[&field]) {
        Some(span) => vec![(span, format!("this `{field}` is not valid"))],
        None => vec![(0..1, format!("there is no `{field}` in this file"))],
    }
}

/// The name of a dependency.
fn dependency(text: &str, name: &str) -> Option<Range<usize>> {
    let reader = yaml::Text::new(text.as_bytes());
    let document = (reader.as_str() == text).then(|| reader.first_document().ok()).flatten()??;
    let entry = |node, key: &str| {
        let mut entries = document.entries(document.resolved(node));
        entries.find(|(found, _)| is_text(document.node(*found), key)).map(|(_, value)| value)
    };
    let list = entry(document.root(), "dependencies")?;
    document.children(document.resolved(list)).iter().find_map(|item| {
        let value = document.node(entry(*item, "name")?);
        let span = value.span.start.offset as usize..value.span.end.offset as usize;
        is_text(value, name).then_some(span)
    })
}
