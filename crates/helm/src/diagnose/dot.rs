//! The lost dot: a template looks for what only the root has, in a dot that is something else.

use gotmpl::error::ExecError;

use super::template::{range, text_of};
use super::witness::Testimony;
use super::{Diagnostic, Subject, View};

/// What Helm puts at the root.
pub(super) const AT_ROOT: [&str; 7] =
    ["Values", "Release", "Chart", "Capabilities", "Files", "Template", "Subcharts"];

/// The first name of a chain of fields that starts at the dot, when only the root has it.
fn name_at_root(context: &str) -> Option<&str> {
    let name = context.strip_prefix('.')?.split('.').next()?;
    AT_ROOT.contains(&name).then_some(name)
}

/// Tells it, when it is that. `chain` holds the includes that led there, outermost first.
pub(super) fn tell(
    told: &mut Diagnostic,
    exec: &ExecError,
    chain: &[&ExecError],
    subject: &Subject<'_>,
    seen: &Testimony,
) -> Option<()> {
    let context = &exec.context;
    let name = name_at_root(context)?;
    let is_lost = exec.message.contains(&format!("can't evaluate field {name} in type"))
        || seen.reads.last().is_some_and(|read| {
            read.missing && read.path.rsplit('.').next() == Some(name) && !read.at_root
        });
    if !is_lost {
        return None;
    }
    told.code = "template.dot-is-not-the-root";
    told.title = format!("`{context}` looks for `.{name}` in something that is not the root");
    // The path of what is not there says what the dot is.
    told.views.truncate(1);
    told.notes.clear();
    let read = seen.reads.last().filter(|read| read.missing);
    let dot = read.and_then(|read| read.path.strip_suffix(name)?.strip_suffix('.'));
    if let Some(dot) = dot.filter(|dot| dot.starts_with(".Values")) {
        told.notes.push(format!("there the dot is `{dot}`"));
    }
    let moment = seen.moment.as_ref()?;
    if let Some(place) = &moment.changed_dot {
        let (text, span) = place.in_text();
        let word = word_of(text.get(range(span)).unwrap_or_default());
        let label = match word {
            "with" => "within this `with`, the dot is its value",
            _ => "within this `range`, the dot is each element in turn",
        };
        let path = subject.path_of(&place.file.to_text());
        let (text, span) = (text_of(text), range(span));
        let label = label.to_owned();
        told.views.push(View { caption: None, path, text, span, label });
        told.remedies.push(format!(
            "write `${context}`: `$` is still {}",
            if moment.is_included {
                "what the named template was given, be it the root"
            } else {
                "the root, wherever it stands in the file"
            }
        ));
    }
    if moment.is_included {
        let asked = chain.last().map(|exec| &exec.context);
        let given = asked.map(|context| format!(", here `{context}`")).unwrap_or_default();
        told.remedies.push(format!(
            "in a named template the dot, and `$` too, is what `include` was given{given}: give it \
             the root as its last argument (`.`, or `$` inside `range` and `with`), or both in a \
             dictionary: `include \"name\" (dict \"root\" $ \"item\" .)`, and then read \
             `.root{context}`"
        ));
    }
    Some(())
}

/// Whether an action is a `with`, a `range` or another.
fn word_of(action: &[u8]) -> &str {
    let text = action.strip_prefix(b"{{").unwrap_or(action);
    let text = text.strip_prefix(b"-").unwrap_or(text).trim_ascii_start();
    if text.starts_with(b"with") { "with" } else { "range" }
}
