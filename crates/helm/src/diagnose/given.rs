//! Where a value was given: by a flag, in a values file, in the chart's defaults.

use std::ops::Range;
use std::sync::Arc;

use super::{Diagnostic, Subject, View, from_words};
use crate::chart::Chart;
pub(super) use crate::explain::steps;
use crate::values::{Flag, Plain, Table};

/// What the person gave, to be shown.
#[derive(Clone, Debug, Default)]
pub struct Givers {
    /// The values files, in the order given.
    pub files: Vec<GivenFile>,
    /// The `--set` flags, the weightiest last.
    pub flags: Vec<Flag>,
}

/// A file of given values.
#[derive(Clone, Debug)]
pub struct GivenFile {
    /// As the person named it.
    pub path: String,
    /// What is in it.
    pub text: Arc<str>,
    /// Up to where it is UTF-8, when it is not as a whole.
    pub valid_up_to: Option<usize>,
}

impl GivenFile {
    /// A file and what is in it.
    pub fn new(path: String, content: &[u8]) -> Self {
        let text = String::from_utf8_lossy(content).as_ref().into();
        let valid_up_to = std::str::from_utf8(content).err().map(|error| error.valid_up_to());
        Self { path, text, valid_up_to }
    }
}

/// An error that lies in an argument of the command line.
pub fn from_argument(words: &str, argument: &str, problem: &str) -> Diagnostic {
    let mut told = from_words(words);
    let (mut start, mut problem) = (0, problem);
    if argument.starts_with("--set-json ") {
        let json = argument.find(' ').map_or(0, |at| at + 1);
        // The whole of it is JSON when it begins like that.
        let is_whole = argument[json..].trim_start().starts_with('{');
        start = argument.find('=').filter(|_| !is_whole).map_or(json, |at| at + 1);
        problem = "this is no JSON";
    }
    let start = start.min(argument.len().saturating_sub(1));
    told.views.push(of_command_line(argument, start..argument.len(), problem.to_owned()));
    told
}

fn of_command_line(argument: &str, span: Range<usize>, label: String) -> View {
    let path = "(the command line)".to_owned();
    View { caption: None, path, text: argument.into(), span, label }
}

/// Where the value at a dotted path, or the section that should hold it, was given.
pub(super) fn locate_given(path: &str, subject: &Subject<'_>) -> Option<View> {
    let names = steps(path);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    // Of a list that is given nothing is left of the defaults.
    let is_replaced = (1..names.len())
        .any(|length| matches!(value_at(subject.given, &names[..length]), Some(Plain::List(_))));
    let most = subject.givers.files.len() + usize::from(!is_replaced);
    let sources: Vec<(String, Arc<str>)> = sources(subject).take(most).collect();
    // The longest part of the path that any source has counts.
    (1..=names.len()).rev().find_map(|length| {
        let label = label_of(&names, length);
        let in_file = sources.iter().find_map(|(file, text)| {
            let (span, is_section) = find(text, &names[..length], |document, node| {
                matches!(document.node(node).kind, yaml::NodeKind::Mapping(_))
            })?;
            let (path, text, caption) = (file.clone(), Arc::clone(text), None);
            Some((View { caption, path, text, span, label: label.clone() }, is_section))
        });
        let by_flag = by_flag(&names, length, subject);
        // A flag that gives something else in a section has given nothing here.
        let is_section = in_file.as_ref().is_some_and(|(_, is_section)| *is_section);
        let by_flag = by_flag.filter(|(_, value)| !is_section || !matches!(value, Plain::Map(_)));
        by_flag.map(|(view, _)| view).or(in_file.map(|(view, _)| view))
    })
}

/// The files that give values, the weightiest first, the chart's own at last.
pub(super) fn sources(subject: &Subject<'_>) -> impl Iterator<Item = (String, Arc<str>)> {
    let own = subject.chart.raw_file("values.yaml").map(|file| {
        let text = String::from_utf8_lossy(&file.data);
        (format!("{}/values.yaml", subject.location.trim_end_matches('/')), text.as_ref().into())
    });
    let files = subject.givers.files.iter().rev();
    files.map(|file| (file.path.clone(), file.text.clone())).chain(own)
}

pub(super) fn label_of(names: &[&str], length: usize) -> String {
    match names.get(length) {
        None => "the value is given here".to_owned(),
        Some(item) if item.parse::<usize>().is_ok() => format!("this list has no item {item}"),
        Some(name) => format!("this section has no `{name}`"),
    }
}

/// A values file given that has something at the path, the weightiest.
pub(super) fn file_with(names: &[&str], subject: &Subject<'_>) -> Option<View> {
    subject.givers.files.iter().rev().find_map(|file| {
        let span = locate(&file.text, names)?;
        let (path, text, label) = (file.path.clone(), Arc::clone(&file.text), String::new());
        Some(View { caption: None, path, text, span, label })
    })
}

/// What a chart, or a sub-chart of it, has at the path by default.
pub(super) fn default_at(chart: &Chart, names: &[&str]) -> Option<Plain> {
    let own = value_at(&chart.values, names);
    own.or_else(|| {
        let (first, rest) = names.split_first().filter(|(_, rest)| !rest.is_empty())?;
        let alias = chart.metadata.dependencies().find(|entry| entry.alias == *first);
        let name = alias.map_or(*first, |entry| &entry.name);
        default_at(chart.dependencies.iter().find(|sub| sub.name() == name)?, rest)
    })
}

/// The weightiest flag that gives something at the first names of a path.
pub(super) fn by_flag(
    names: &[&str],
    length: usize,
    subject: &Subject<'_>,
) -> Option<(View, Plain)> {
    let (flag, value) = subject.givers.flags.iter().rev().find_map(|flag| {
        let value = value_at(flag.table.as_ref().ok()?, &names[..length])?;
        Some((flag, value))
    })?;
    let label = match &value {
        Plain::Map(_) | Plain::List(_) => label_of(names, length),
        _ if length < names.len() => "this gives one value, and no section".to_owned(),
        _ => "the value is given here".to_owned(),
    };
    // Of a flag with several values, the one.
    let start = format!("{}=", written(&names[..length]));
    let from = flag.text.find(&start).unwrap_or(0);
    let rest = flag.text[from..].split(',').next().unwrap_or_default();
    let end = if from == 0 { flag.text.len() } else { from + rest.len() };
    Some((of_command_line(&flag.text, from..end, label), value))
}

/// The names as `--set` has them: `a.b[0].c`.
fn written(names: &[&str]) -> String {
    let mut text = String::new();
    for name in names {
        match name.parse::<usize>() {
            Ok(index) if !text.is_empty() => text.push_str(&format!("[{index}]")),
            _ if text.is_empty() => text.push_str(name),
            _ => text.push_str(&format!(".{name}")),
        }
    }
    text
}

pub(super) fn value_at(table: &Table, names: &[&str]) -> Option<Plain> {
    let mut at = Plain::Map(table.clone());
    for name in names {
        at = match &at {
            Plain::Map(table) => table.get(name.as_bytes())?.clone(),
            Plain::List(items) => items.get(name.parse::<usize>().ok()?)?.clone(),
            _ => return None,
        };
    }
    Some(at)
}

/// The bytes of a key in a YAML file.
pub(super) fn locate(text: &str, names: &[&str]) -> Option<Range<usize>> {
    find(text, names, |_, _| ()).map(|(span, ())| span)
}

/// A single value in a YAML file, as it is written.
pub(super) fn scalar_at(text: &str, names: &[&str]) -> Option<String> {
    find(text, names, |document, node| match &document.node(node).kind {
        yaml::NodeKind::Scalar(scalar) => Some(scalar.value.clone().into_owned()),
        _ => None,
    })?
    .1
}

/// The bytes of a key in a YAML file, and what `look` finds of its value.
fn find<T>(
    text: &str,
    names: &[&str],
    look: impl FnOnce(&yaml::Document<'_>, yaml::NodeId) -> T,
) -> Option<(Range<usize>, T)> {
    let reader = yaml::Text::new(text.as_bytes());
    // A text that was changed on reading has other places.
    if reader.as_str() != text {
        return None;
    }
    let document = reader.first_document().ok()??;
    let mut node = document.root();
    let mut key = None;
    for name in names {
        node = document.resolved(node);
        if matches!(document.node(node).kind, yaml::NodeKind::Sequence(_)) {
            node = *document.children(node).get(name.parse::<usize>().ok()?)?;
            key = Some(node);
            continue;
        }
        let is_it = |(key, _): &(yaml::NodeId, _)| is_text(document.node(*key), name);
        let (found, value) = document.entries(node).filter(is_it).last()?;
        (key, node) = (Some(found), value);
    }
    let span = document.node(key?).span;
    let found = look(&document, document.resolved(node));
    Some((span.start.offset as usize..span.end.offset as usize, found))
}

pub(super) fn is_text(node: &yaml::Node<'_>, text: &str) -> bool {
    matches!(&node.kind, yaml::NodeKind::Scalar(scalar) if scalar.value == text)
}
