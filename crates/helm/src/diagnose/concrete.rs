//! Remedies with the very names of the template and the values, where these are known; the table of
//! `advice` has the general ones.

use gotmpl::error::ExecError;
use gotmpl::value::Value;

use super::witness::{Read, Testimony};

/// A chain of fields that breaks off: what is not set, and what was to be read of it.
pub(super) struct Broken<'c> {
    /// As it is written: `.Values.service.http`.
    pub above: &'c str,
    /// The names behind it: `port`.
    rest: &'c str,
}

impl Broken<'_> {
    /// The name that was to be read.
    pub fn field(&self) -> &str {
        self.rest.split('.').next().unwrap_or(self.rest)
    }
}

/// Where the chain of fields breaks off.
pub(super) fn broken<'c>(exec: &'c ExecError, seen: &Testimony) -> Option<Broken<'c>> {
    let context = exec.context.as_str();
    let (_, fault) = exec.message.split_once("nil pointer evaluating ")?;
    let field = fault.rsplit_once('.')?.1;
    let missing = seen.reads.last().filter(|read| read.missing);
    let missing = missing.and_then(|read| read.path.rsplit('.').next());
    let step = format!(".{field}");
    let mut places = context.match_indices(&step).filter(|(at, found)| {
        let (above, behind) = (&context[..*at], &context[at + found.len()..]);
        (behind.is_empty() || behind.starts_with('.'))
            && missing.is_none_or(|name| above.ends_with(&format!(".{name}")))
    });
    let (at, _) = places.next()?;
    let (above, rest) = (context.get(..at)?, context.get(at + 1..)?);
    (!above.is_empty() && !context.contains(' ')).then_some(Broken { above, rest })
}

/// What to do about it.
pub(super) fn remedies(exec: &ExecError, seen: &Testimony) -> Option<Vec<String>> {
    if let Some(unset) = of_unset_list(exec, seen) {
        return Some(unset);
    }
    if let Some(index) = of_index(seen) {
        return Some(index);
    }
    let broken = broken(exec, seen)?;
    let mut remedies = Vec::new();
    if let Some(path) = seen.reads.last().and_then(|read| seen.given_path(read)) {
        remedies.push(format!("give `{path}.{}`, in values.yaml or with -f", broken.rest));
    }
    let wrapped = broken
        .rest
        .split('.')
        .fold(broken.above.to_owned(), |inner, name| format!("({inner}).{name}"));
    remedies.push(format!(
        "or read it only when it is there: `{{{{ {wrapped} | default \"…\" }}}}`, where the \
         parentheses allow what is in them to be missing, or `{{{{ with {} }}}}…{{{{ end }}}}` around it",
        broken.above
    ));
    Some(remedies)
}

/// An index into what is not set at all.
fn of_unset_list(exec: &ExecError, seen: &Testimony) -> Option<Vec<String>> {
    exec.cause.as_ref()?.to_string().contains("index of untyped nil").then_some(())?;
    let read = seen.reads.last().filter(|read| read.missing)?;
    let path = seen.given_path(read)?;
    let inner = exec.context.replacen(&read.path, ".", 1);
    Some(vec![
        format!("give `{path}`, in values.yaml or with -f"),
        format!(
            "or ask only when it is there: `{{{{ with {} }}}}{{{{ {inner} }}}}{{{{ end }}}}`",
            read.path
        ),
    ])
}

/// An index behind the end of a list.
fn of_index(seen: &Testimony) -> Option<Vec<String>> {
    let call = seen.call.as_ref().filter(|call| call.name == "index")?;
    let [list, at] = call.arguments.as_slice() else { return None };
    let (Value::List(items), Value::Int(at) | Value::Int64(at)) = (&list.value, &at.value) else {
        return None;
    };
    let last = items.len().checked_sub(1);
    let has = match last {
        None => "the list has no items".to_owned(),
        Some(last) => format!("items are counted from 0: the last one is `{last}`"),
    };
    Some(vec![
        format!("{has}; ask for another than `{at}`, or give the list more items"),
        format!(
            "or look first whether there is one: `{{{{ if gt (len …) {at} }}}}`, or use `range`"
        ),
    ])
}

/// What a chart asks for by `required`.
pub(super) fn of_required(exec: &ExecError, read: &Read, seen: &Testimony) -> Option<String> {
    let path = seen.given_path(read).filter(|_| exec.context.starts_with("required "))?;
    Some(format!("give `{path}`, in a values file (-f) or with `--set {path}=…`"))
}

/// Where the values of the chart that a file belongs to stand: `db.` for `web/charts/db/templates/x`.
pub(super) fn below(file: &str) -> String {
    let chart = file.split_once("/templates/").map_or("", |(chart, _)| chart);
    chart.split("/charts/").skip(1).flat_map(|name| [name, "."]).collect()
}
