//! Blocks of a template that do not match: which one is open, and which action lost a brace.

use std::ops::Range;

use super::{Diagnostic, View};

/// What the parser says where blocks do not match.
const SIGNS: [&str; 4] =
    ["unexpected EOF", "unexpected {{end}}", "unexpected {{else}}", "unexpected <define>"];
/// The words at which the text of a file is an action with a brace too few.
const WORDS: [&str; 7] = ["if", "else", "end", "range", "with", "define", "block"];

/// Shows the block that is open and the action that has one brace, in a text of which the first view
/// shows the fault.
pub(super) fn tell(told: &mut Diagnostic, message: &str) {
    if !SIGNS.iter().any(|sign| message.contains(sign)) {
        return;
    }
    let Some(fault) = told.views.first_mut() else { return };
    let text = std::sync::Arc::clone(&fault.text);
    let path = fault.path.clone();
    let also = |span, label: &str| View {
        caption: None,
        path: path.clone(),
        text: std::sync::Arc::clone(&text),
        span,
        label: label.to_owned(),
    };
    let mut more = Vec::new();
    if message.contains("unexpected EOF") {
        if let Some(opener) = unclosed(&text) {
            "this block is never closed".clone_into(&mut fault.label);
            fault.span = opener;
        }
    } else if message.contains("unexpected <define>") {
        let before = text.get(..fault.span.start).unwrap_or_default();
        let start = before.rfind("{{").unwrap_or(before.len());
        let opener = unclosed(&before[..start]);
        more.extend(opener.map(|span| also(span, "this block is still open there")));
    }
    if let Some(action) = one_brace(&text) {
        let remedy = format!("an action begins with two braces: `{{{}`", &text[action.clone()]);
        told.remedies.push(remedy);
        more.push(also(action, "this has only one brace, and so is no action"));
    }
    told.views.extend(more);
}

/// The last block of the text that has no `end`.
fn unclosed(text: &str) -> Option<Range<usize>> {
    let mut open: Vec<Range<usize>> = Vec::new();
    for action in actions(text) {
        match word(&text[action.start + 2..]) {
            "if" | "range" | "with" | "define" | "block" => open.push(action),
            "end" => drop(open.pop()),
            _ => {}
        }
    }
    open.pop()
}

/// The actions of a text, whose braces they have around them.
fn actions(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text.get(from..)?.find("{{")?;
        from = text[start..].find("}}").map_or(text.len(), |at| start + at + 2);
        Some(start..from)
    })
}

/// The word that an action begins with.
fn word(inside: &str) -> &str {
    let inside = inside.trim_start_matches('-').trim_start();
    inside.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default()
}

/// The first place outside of actions that looks like one but for its first brace.
fn one_brace(text: &str) -> Option<Range<usize>> {
    let ends = actions(text).map(|action| action.end);
    let starts = actions(text).map(|action| action.start).chain([text.len()]);
    std::iter::once(0).chain(ends).zip(starts).find_map(|(from, to)| {
        let outside = text.get(from..to)?;
        outside.match_indices('{').find_map(|(at, _)| {
            let line = outside[at..].lines().next()?;
            let end = line.find("}}")? + 2;
            WORDS.contains(&word(&line[1..])).then(|| from + at..from + at + end)
        })
    })
}
