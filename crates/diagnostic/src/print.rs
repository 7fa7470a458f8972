//! A diagnostic as text for a terminal or a file: excerpt, caret, notes, remedies.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Language, Severity, Tell, View};

/// Whether the text may carry colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// For a terminal.
    On,
    /// For files, pipes and tests.
    Off,
}

/// The widest line shown of a file; a longer one is cut around the fault.
const MAX_WIDTH: usize = 160;

/// The diagnostic as text in a language, without a line break at its end.
pub fn print<T: Tell>(diagnostic: &Diagnostic<T>, colour: Colour, language: Language) -> String {
    let renderer = match colour {
        Colour::On => Renderer::styled(),
        Colour::Off => Renderer::plain(),
    };
    let said = |words: &T| words.tell(language);
    let paths: Vec<String> = diagnostic.views.iter().map(path_of).collect();
    let labels: Vec<String> = diagnostic.views.iter().map(|view| said(&view.label)).collect();
    let level = match diagnostic.severity {
        Severity::Error => named(Level::ERROR, "erreur", language),
        Severity::Warning => named(Level::WARNING, "attention", language),
    };
    let title = level.primary_title(said(&diagnostic.title)).id(diagnostic.code);
    let mut groups = Vec::new();
    let mut group = Group::with_title(title);
    let views = diagnostic.views.iter().zip(&paths).zip(&labels);
    for (at, ((view, path), label)) in views.enumerate() {
        let kind = if at == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let annotation = kind.span(clamped(view)).label(&**label);
        group = group.element(Snippet::source(&*view.text).path(path).annotation(annotation));
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(said(note)));
    }
    for remedy in &diagnostic.remedies {
        group = group.element(named(Level::HELP, "aide", language).message(said(remedy)));
    }
    groups.push(group);
    renderer.term_width(MAX_WIDTH).render(&groups)
}

/// A level by its name in the language.
fn named(level: Level<'static>, french: &'static str, language: Language) -> Level<'static> {
    match language {
        Language::English => level,
        Language::French => level.with_name(french),
    }
}

fn path_of<T>(view: &View<T>) -> String {
    match &view.caption {
        Some(caption) => format!("{} ({caption})", view.path),
        None => view.path.clone(),
    }
}

/// The span within the text, on character boundaries, on one line, and not empty where it can be
/// helped.
fn clamped<T>(view: &View<T>) -> Range<usize> {
    let text = &*view.text;
    let floor = |at: usize| {
        (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
    };
    let (start, mut end) = (floor(view.span.start), floor(view.span.end));
    if let Some(line) = text[start..end.max(start)].find('\n').filter(|at| *at > 0) {
        end = start + line;
    }
    if end <= start {
        end = text[start..].chars().next().map_or(start, |c| start + c.len_utf8());
    }
    start..end.max(start)
}
