//! The answers told for people.

use std::fmt::Write as _;

use gotmpl::trace::Decision;
use helm::explain::{Certainty, Condition, Explained, Origin, Place, Setting, Unread, named};

use super::Told;

/// One field: its value, and for each piece of it the template, the chain and the values.
pub fn field(told: &Told, explained: &Explained) -> String {
    let mut out = String::new();
    let Explained { object, path, value, origins, because, .. } = explained;
    let _ = writeln!(out, "{object}  {path} = {}\n", first_lines(value));
    for origin in origins {
        origin_text(&mut out, told, origin);
    }
    if origins.is_empty() {
        out.push_str("  nothing is known about where this comes from\n");
    }
    for condition in because {
        condition_text(&mut out, told, condition);
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

fn origin_text(out: &mut String, told: &Told, origin: &Origin) {
    // A `String` takes any text.
    let _ = writeln!(out, "  printed by  {}", place(&origin.place));
    let _ = writeln!(out, "              {}", origin.place.line_text());
    for asked in origin.chain.iter().rev() {
        let _ = writeln!(out, "  used by     {}", place(asked));
        let _ = writeln!(out, "              {}", asked.line_text());
    }
    if let Some(taken) = &origin.taken {
        let _ = writeln!(out, "  taken by    {}", place(taken));
        let _ = writeln!(out, "              {}", taken.line_text());
    }
    for (path, certainty) in &origin.values {
        value(out, told, path, *certainty);
    }
    if origin.values.is_empty() {
        out.push_str(if origin.is_literal {
            "  text        of the template itself, no value\n"
        } else {
            "  unknown     no value is known to have part in it\n"
        });
    }
    out.push('\n');
}

/// What decided that the field is there.
fn condition_text(out: &mut String, told: &Told, condition: &Condition) {
    let how = match (condition.decision, condition.is_taken) {
        (Decision::If, true) => "if",
        (Decision::With, true) => "with",
        (Decision::Range, true) => "range",
        (_, false) => "else of",
    };
    let _ = writeln!(out, "  {how:<10}  {}", place(&condition.place));
    let _ = writeln!(out, "              {}", condition.place.line_text());
    for path in &condition.values {
        named_value(out, told, path, "because of", None);
    }
    if condition.values.is_empty() {
        out.push_str("  unknown     no value is known to have part in it\n");
    }
    out.push('\n');
}

fn value(out: &mut String, told: &Told, path: &str, certainty: Certainty) {
    let how = match certainty {
        Certainty::Exact => "value",
        Certainty::Within => "within",
        Certainty::TookPart => "perhaps",
        Certainty::KeyTookPart => "by key of",
        Certainty::PassedOver => "empty",
        Certainty::Changed => "changed",
        Certainty::Key => "key of",
    };
    let instead = match certainty {
        Certainty::PassedOver => Some("the template takes something else instead"),
        Certainty::Changed => Some("a template has set it anew"),
        Certainty::TookPart => Some("it took part, how is not known"),
        Certainty::KeyTookPart => Some("its key took part, how is not known"),
        Certainty::Exact | Certainty::Within | Certainty::Key => None,
    };
    named_value(out, told, path, how, instead);
}

fn named_value(out: &mut String, told: &Told, path: &str, how: &str, remark: Option<&str>) {
    let setting = told.layers.find(path);
    let shown = match setting.as_ref().map(|setting| setting.value.as_deref()) {
        None => " = not given",
        Some(None) => "",
        Some(Some("")) => " = \"\"",
        Some(Some(value)) => &format!(" = {value}"),
    };
    let _ = writeln!(out, "  {how:<10}  {}{shown}", named(path));
    let giver = setting.map(|setting| format!("given by {}", giver(&setting)));
    let remarks: Vec<String> = giver.into_iter().chain(remark.map(str::to_owned)).collect();
    if !remarks.is_empty() {
        let _ = writeln!(out, "              {}", remarks.join("; "));
    }
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

/// The values that nothing reads, a line each; those that no template has at all come first.
pub fn unread(told: &Told, found: &[Unread]) -> String {
    let mut out = String::new();
    for unread in found {
        let giver = told.layers.find(&unread.path).map(|setting| format!(" ({})", giver(&setting)));
        let (path, giver) = (named(&unread.path), giver.unwrap_or_default());
        let meant = unread.meant.as_ref().map(|meant| format!("; did you mean {}?", named(meant)));
        // A `String` takes any text.
        let _ = if unread.is_mentioned {
            writeln!(out, "not read with these values: {path}{giver}")
        } else {
            writeln!(out, "no template reads {path}{giver}{}", meant.unwrap_or_default())
        };
    }
    out
}

fn giver(setting: &Setting) -> String {
    let line = setting.line.map(|line| format!(":{line}")).unwrap_or_default();
    format!("{}{line}", setting.giver)
}
