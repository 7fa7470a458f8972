//! Two values that do not compare: which types they have, where each comes from, how to mend it.

use gotmpl::error::ExecError;
use gotmpl::value::Value;

use super::given::locate_given;
use super::witness::{Argument, FailedCall, Testimony};
use super::{Diagnostic, Subject};

/// Functions that compare their first argument with the others.
const COMPARING: [&str; 6] = ["eq", "ne", "lt", "le", "gt", "ge"];

/// One side of the comparison.
struct Side<'a> {
    argument: &'a Argument,
    /// As it is written in the template; nothing for what comes through a pipe.
    written: Option<String>,
    /// Which argument it is.
    at: usize,
}

/// Tells it, when it is that.
pub(super) fn tell(
    told: &mut Diagnostic,
    exec: &ExecError,
    message: &str,
    subject: &Subject<'_>,
    seen: &Testimony,
) -> Option<()> {
    let call = seen.call.as_ref().filter(|call| COMPARING.contains(&&*call.name))?;
    let signs = ["incompatible types for comparison", "non-comparable type", "invalid type for"];
    signs.iter().find(|sign| message.contains(**sign))?;
    let (one, other) = sides(call, &exec.context)?;
    told.code = "template.not-comparable";
    let (a, b) = (kind(&one.argument.value), kind(&other.argument.value));
    told.title = format!("`{}` compares {a} with {b}, which Go does not do", exec.context);
    told.notes = vec![note(&one), note(&other)];
    told.views.truncate(1);
    for side in [&one, &other] {
        let path = side.argument.path.as_deref();
        told.views
            .extend(path.and_then(|path| locate_given(path.strip_prefix(".Values")?, subject)));
    }
    told.remedies = remedies(&call.name, &one, &other);
    Some(())
}

/// The two that do not compare.
fn sides<'c>(call: &'c FailedCall, context: &str) -> Option<(Side<'c>, Side<'c>)> {
    let written = operands(context);
    let side = |at: usize| {
        let argument = call.arguments.get(at)?;
        Some(Side { argument, written: written.get(at + 1).cloned(), at })
    };
    let first = &call.arguments.first()?.value;
    let others = call.arguments.iter().enumerate().skip(1);
    let kinds_differ = |value: &Value| family(value) != family(first);
    let differing = others.map(|(at, other)| (at, &other.value)).find(|(_, v)| kinds_differ(v));
    Some((side(0)?, side(differing.map_or(1, |(at, _)| at))?))
}

/// The operands of a call as it is written, its name first.
fn operands(context: &str) -> Vec<String> {
    let (mut found, mut word) = (Vec::new(), String::new());
    let (mut depth, mut quote) = (0_usize, None);
    let mut is_escaped = false;
    for c in context.chars() {
        match quote {
            Some('"') if is_escaped || c == '\\' => is_escaped = !is_escaped,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '`') => quote = Some(c),
            None if c == ' ' && depth == 0 => {
                found.push(std::mem::take(&mut word));
                continue;
            }
            None => match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            },
        }
        word.push(c);
    }
    found.push(word);
    found
}

/// What compares with one another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Text,
    Fraction,
    Whole,
    Boolean,
    Nothing,
    Other,
}

fn family(value: &Value) -> Family {
    match value {
        Value::Str(_) => Family::Text,
        Value::Float64(_) => Family::Fraction,
        Value::Int(_) | Value::Int64(_) | Value::Int32(_) | Value::Uint8(_) | Value::Uint64(_) => {
            Family::Whole
        }
        Value::Bool(_) => Family::Boolean,
        Value::Nil => Family::Nothing,
        Value::Complex(..) | Value::List(_) | Value::Map(_) | Value::Object(_) => Family::Other,
    }
}

/// The type in plain words, with Go's name for it.
fn kind(value: &Value) -> String {
    let name = value.type_name();
    match value {
        Value::Nil => "what is not set".to_owned(),
        Value::Str(_) => "a text".to_owned(),
        Value::Bool(_) => "a boolean".to_owned(),
        Value::List(_) => "a list".to_owned(),
        Value::Map(_) => "a section".to_owned(),
        Value::Object(_) => format!("a value of type {name}"),
        _ => format!("a number of type {name}"),
    }
}

fn note(side: &Side<'_>) -> String {
    let Side { argument: Argument { what, path, value }, written, .. } = side;
    let name = written.clone().unwrap_or_else(|| "what comes through the pipe".to_owned());
    let of_type = match family(value) {
        Family::Fraction | Family::Whole => format!(", of type {}", value.type_name()),
        _ => String::new(),
    };
    match path {
        Some(path) if written.as_ref() == Some(path) => format!("`{path}` is {what}{of_type}"),
        Some(path) if written.is_none() => {
            format!("{name} is `{path}`, {what}{of_type}")
        }
        Some(path) => format!("`{name}` is `{path}`, {what}{of_type}"),
        None if is_literal(side) => format!("`{name}` stands in the template: {what}{of_type}"),
        None if written.is_none() => format!("{name} is {what}{of_type}"),
        None => format!("`{name}` is {what}{of_type}"),
    }
}

fn is_literal(side: &Side<'_>) -> bool {
    let first = side.written.as_deref().and_then(|text| text.chars().next());
    first.is_some_and(|c| matches!(c, '"' | '`' | '\'' | '-' | '+') || c.is_ascii_digit())
        || matches!(side.written.as_deref(), Some("true" | "false"))
}

fn remedies(function: &str, one: &Side<'_>, other: &Side<'_>) -> Vec<String> {
    let families = (family(&one.argument.value), family(&other.argument.value));
    let written = |one: String, other: String| format!("`{function} {one} {other}`");
    let either = |side: &Side<'_>| side.written.clone().unwrap_or_else(|| shown(side));
    match families {
        (Family::Fraction, Family::Whole) | (Family::Whole, Family::Fraction) => vec![format!(
            "every number of a values file is a float64, one of `--set` an int64, and a plain `1` in \
             a template an int: make both the same, as in {}",
            written(as_number(one, other), as_number(other, one))
        )],
        (Family::Text, Family::Fraction | Family::Whole) => number_and_text(function, other, one),
        (Family::Fraction | Family::Whole, Family::Text) => number_and_text(function, one, other),
        (Family::Boolean, Family::Text) | (Family::Text, Family::Boolean) => vec![
            format!("compare two texts: {}", written(as_text(one), as_text(other))),
            "or make both a boolean: `true` and `false` are written without quotes, in a template, \
             in a values file and with `--set`"
                .to_owned(),
        ],
        (Family::Nothing, _) | (_, Family::Nothing) => {
            let missing = if families.0 == Family::Nothing { one } else { other };
            let (call, counts) = match families {
                (Family::Text, _) | (_, Family::Text) => ("toString", "no text"),
                _ => ("int", "0"),
            };
            let made = |side: &Side<'_>| match family(&side.argument.value) {
                _ if is_literal(side) => either(side),
                Family::Text => either(side),
                _ => format!("({call} {})", either(side)),
            };
            vec![
                format!("give `{}`, in values.yaml or with -f", either(missing)),
                format!(
                    "or let what is not set count as {counts}: {}",
                    written(made(one), made(other))
                ),
            ]
        }
        (Family::Other, _) | (_, Family::Other) => vec![
            "compare a single value: name a field of the section, an item of the list, or its length \
             (`len`)"
                .to_owned(),
            "or compare the whole with `deepEqual`; whether there is anything in it says `if` alone"
                .to_owned(),
        ],
        _ => vec![format!("compare two texts: {}", written(as_text(one), as_text(other)))],
    }
}

/// A number beside a text: the text is made a number if it is one.
fn number_and_text(function: &str, number: &Side<'_>, text: &Side<'_>) -> Vec<String> {
    let content = match &text.argument.value {
        Value::Str(text) => text.to_text().into_owned(),
        _ => String::new(),
    };
    let in_order = |one: String, other: String| {
        let (one, other) = if number.at < text.at { (one, other) } else { (other, one) };
        format!("`{function} {one} {other}`")
    };
    if content.parse::<f64>().is_err() {
        let texts = in_order(as_text(number), as_text(text));
        return match &text.argument.path {
            Some(path) => vec![
                format!("give a number for `{path}`, without quotes"),
                format!("or compare two texts: {texts}"),
            ],
            None => vec![format!("compare two texts: {texts}")],
        };
    }
    let call = if content.contains('.') { "float64" } else { "int" };
    let made = |side: &Side<'_>| match &side.written {
        _ if is_literal(side) => content.clone(),
        Some(written) => format!("({call} {written})"),
        None => format!("({call} {})", shown(side)),
    };
    let number_made =
        if is_literal(number) { number.written.clone().unwrap_or_default() } else { made(number) };
    let numbers = in_order(number_made, made(text));
    vec![format!("compare two numbers: {numbers}")]
}

/// The side as a number of the same type as the other, which may be a literal.
fn as_number(side: &Side<'_>, other: &Side<'_>) -> String {
    let written = side.written.clone().unwrap_or_else(|| shown(side));
    let is_whole = |side: &Side<'_>| match &side.argument.value {
        Value::Float64(n) => n.fract() == 0.0,
        _ => true,
    };
    let call = if is_whole(side) && is_whole(other) { "int" } else { "float64" };
    if is_literal(side) && (call == "int" || written.contains('.')) {
        return written;
    }
    format!("({call} {written})")
}

fn as_text(side: &Side<'_>) -> String {
    match (&side.written, &side.argument.value) {
        (Some(written), Value::Str(_)) => written.clone(),
        (Some(written), _) if is_literal(side) => format!("\"{written}\""),
        (Some(written), _) => format!("(toString {written})"),
        (None, Value::Str(_)) => shown(side),
        (None, _) => format!("(toString {})", shown(side)),
    }
}

/// What came through a pipe, by where it stands.
fn shown(side: &Side<'_>) -> String {
    side.argument.path.clone().unwrap_or_else(|| "…".to_owned())
}
