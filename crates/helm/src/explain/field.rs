//! One field of an object of a release: its text, and the origins of that text.

use std::collections::HashMap;
use std::rc::Rc;

use yaml::{Document, NodeId, NodeKind, Text};

use super::named::find_object;
use super::objects::{Object, items, objects};
use super::record::Trace;
use super::{Certainty, Condition, Origin, Segment};
use crate::release::{Manifest, Release};
use crate::values::{Plain, Table};

/// A field explained.
pub struct Explained {
    /// `Deployment/web`.
    pub object: String,
    /// The namespace that it states.
    pub namespace: Option<String>,
    /// `spec.replicas`.
    pub path: String,
    /// Its text as it stands in the object.
    pub value: String,
    /// Where the pieces of the text come from, in order.
    pub origins: Vec<Rc<Origin>>,
    /// The conditions that these stand under, outermost first, but for those that ask for nothing but
    /// that the values told are there.
    pub because: Vec<Rc<Condition>>,
}

/// There is nothing to explain under that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFound {
    /// The question is not of the form `Kind/name:path`.
    #[error("{0} is not of the form Kind/name:path, for instance Deployment/web:spec.replicas")]
    Form(String),
    /// No such object.
    #[error("no object {wanted}; there are: {known}")]
    Object {
        /// What was asked for.
        wanted: String,
        /// What there is.
        known: String,
    },
    /// Several objects have that name.
    #[error("several objects are called {wanted}; name one by its {by}: {known}")]
    Ambiguous {
        /// What was asked for.
        wanted: String,
        /// What tells them apart.
        by: &'static str,
        /// What there is, each as it can be asked for.
        known: String,
    },
    /// The object has no such field.
    #[error("{object} has no field {path}; {hint}")]
    Field {
        /// The object.
        object: String,
        /// What was asked for.
        path: String,
        /// What is below the part of it that is there, or how the key there is written.
        hint: String,
    },
}

/// Explains `Kind/name:path` or `Kind/namespace/name:path`; before it may stand the file that the object
/// is in, with a colon, and behind the name `#2` for the second of that name.
pub fn explain(
    release: &Release,
    trace: &Trace,
    values: &Table,
    question: &str,
) -> Result<Explained, NotFound> {
    let all = objects(release);
    let (object, path) = find_object(release, &all, question)?;
    explain_field(trace, values, object, path)
}

/// Explains a field of an object that is at hand.
pub fn explain_field(
    trace: &Trace,
    values: &Table,
    object: &Object<'_>,
    path: &str,
) -> Result<Explained, NotFound> {
    let printed = Printed::of(trace, object.manifest);
    let told = object.read(|text, document, root| {
        let node = find_field(document, root, &object.short_name(), path)?;
        Ok(field(printed, values, object, text, document, (path, node)))
    });
    told.unwrap_or_else(|| Err(NotFound::Form(path.to_owned())))
}

/// Every scalar field of an object, explained; the objects in a list are objects of their own.
pub fn scalars(trace: &Trace, values: &Table, object: &Object<'_>) -> Vec<Explained> {
    let printed = Printed::of(trace, object.manifest);
    let told = object.read(|text, document, root| {
        let own = items(document, root).first().and_then(|_| document.get(root, "items"));
        let found = scalar_nodes(document, root, own);
        let tell = |(path, node): (String, NodeId)| {
            field(printed, values, object, text, document, (&path, node))
        };
        found.into_iter().map(tell).collect()
    });
    told.unwrap_or_default()
}

fn scalar_nodes(
    document: &Document<'_>,
    root: NodeId,
    left_out: Option<NodeId>,
) -> Vec<(String, NodeId)> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), root)];
    // Aliases could multiply nodes without end; each node is told once, under its own path.
    while let Some((path, node)) = open.pop() {
        if Some(node) == left_out {
            continue;
        }
        match &document.node(node).kind {
            NodeKind::Scalar(_) => found.push((path, node)),
            NodeKind::Alias { .. } => {}
            NodeKind::Sequence(_) => {
                for (index, item) in document.children(node).iter().enumerate().rev() {
                    open.push((format!("{path}[{index}]"), *item));
                }
            }
            NodeKind::Mapping(_) => {
                let entries: Vec<_> = document.entries(node).collect();
                for (key, value) in entries.into_iter().rev() {
                    if let NodeKind::Scalar(key) = &document.node(key).kind {
                        open.push((super::record::below(&path, key.value.as_bytes()), value));
                    }
                }
            }
        }
    }
    found
}

/// The path as a template has it; what does not come from values begins with a dot or a parenthesis.
pub fn named(path: &str) -> String {
    match path.chars().next() {
        None => ".Values".to_owned(),
        Some('.' | '(') => path.to_owned(),
        Some('[') => format!(".Values{path}"),
        Some(_) => format!(".Values.{path}"),
    }
}

/// The steps of a path: `a.b[0].c`; a key with dots stands in brackets: `data["a.b"]`.
pub fn steps(path: &str) -> Vec<String> {
    let mut steps = Vec::new();
    let mut step = String::new();
    let mut quoted = false;
    for c in path.chars() {
        match c {
            '"' | '\'' => quoted = !quoted,
            '.' | '[' | ']' if !quoted => steps.extend(Some(std::mem::take(&mut step))),
            other => step.push(other),
        }
    }
    steps.push(step);
    steps.retain(|step| !step.is_empty());
    steps
}

fn find_field(
    document: &Document<'_>,
    root: NodeId,
    object: &str,
    path: &str,
) -> Result<NodeId, NotFound> {
    let mut node = document.resolved(root);
    let mut above = String::new();
    let asked = steps(path);
    for (at, step) in asked.iter().enumerate() {
        let next = match &document.node(node).kind {
            NodeKind::Sequence(_) => {
                step.parse::<usize>().ok().and_then(|i| document.children(node).get(i).copied())
            }
            _ => document.get(node, step),
        };
        let Some(next) = next else {
            return Err(NotFound::Field {
                object: object.to_owned(),
                path: path.to_owned(),
                hint: hint(document, node, &above, &asked[at..]),
            });
        };
        above = match &document.node(node).kind {
            NodeKind::Sequence(_) => format!("{above}[{step}]"),
            _ => super::record::below(&above, step.as_bytes()),
        };
        node = document.resolved(next);
    }
    Ok(node)
}

/// What to ask for instead, where the steps lead nowhere below a node.
fn hint(document: &Document<'_>, node: NodeId, above: &str, steps: &[String]) -> String {
    let keys: Vec<String> =
        document.entries(node).filter_map(|(key, _)| scalar(document, key)).collect();
    let dotted = (2..=steps.len()).find_map(|count| {
        let (first, rest) = steps.split_at_checked(count)?;
        Some((first.join("."), rest)).filter(|(key, _)| keys.contains(key))
    });
    if let Some((key, rest)) = dotted {
        let key = super::record::below(above, key.as_bytes());
        let written =
            rest.iter().fold(key, |path, step| super::record::below(&path, step.as_bytes()));
        return format!("a key with dots stands in brackets: {written}");
    }
    let item = |(index, item): (usize, &NodeId)| {
        let name = document.get(document.resolved(*item), "name");
        let name = name.and_then(|name| scalar(document, name));
        let name = name.map(|name| format!(" (name: {name})")).unwrap_or_default();
        format!("[{index}]{name}")
    };
    let known: Vec<String> = match &document.node(node).kind {
        NodeKind::Sequence(_) => document.children(node).iter().enumerate().map(item).collect(),
        _ => keys.iter().map(|key| super::record::below("", key.as_bytes())).collect(),
    };
    let above = if above.is_empty() { "the object" } else { above };
    if known.is_empty() {
        return format!("there is nothing below {above}");
    }
    format!("below {above} there are: {}", known.join(", "))
}

fn scalar(document: &Document<'_>, node: NodeId) -> Option<String> {
    match &document.node(document.resolved(node)).kind {
        NodeKind::Scalar(scalar) => Some(scalar.value.clone().into_owned()),
        _ => None,
    }
}

fn field(
    printed: Printed<'_>,
    values: &Table,
    object: &Object<'_>,
    text: &Text<'_>,
    document: &Document<'_>,
    (path, node): (&str, NodeId),
) -> Explained {
    let (start, end) =
        (document.node(node).span.start.offset as usize, document.end_of(node).offset as usize);
    let shown = text.as_str().get(start..end).unwrap_or_default().trim_end().to_owned();
    let scalar = match &document.node(node).kind {
        NodeKind::Scalar(scalar) => Some(scalar.value.clone().into_owned()),
        _ => None,
    };
    let segments = printed.between(start, start + shown.len());
    let mut origins: Vec<Rc<Origin>> = Vec::new();
    for (segment, skipped) in segments {
        if segment.origin.is_literal {
            let place = segment.origin.place.moved(skipped);
            origins.push(Rc::new(Origin { place, ..Origin::clone(&segment.origin) }));
        } else if !origins.iter().any(|known| Rc::ptr_eq(known, &segment.origin)) {
            origins.push(Rc::clone(&segment.origin));
        }
    }
    // Quotes and colons between values say nothing that the values do not say.
    if origins.iter().any(|origin| !origin.values.is_empty()) {
        origins.retain(|origin| {
            !origin.values.is_empty() || !(origin.is_literal || origin.is_between)
        });
    }
    let mut origins = by_place(origins);
    if let Some(scalar) = &scalar {
        for origin in &mut origins {
            sharpen(origin, values, path, scalar);
        }
    }
    let (object, namespace) = (object.short_name(), object.namespace.clone());
    let because = because(&origins);
    Explained { object, namespace, path: path.to_owned(), value: shown, origins, because }
}

/// What one node has printed in one go is one origin with all its values.
fn by_place(origins: Vec<Rc<Origin>>) -> Vec<Rc<Origin>> {
    let mut found: Vec<Rc<Origin>> = Vec::new();
    for origin in origins {
        let is_same = |known: &&mut Rc<Origin>| {
            let (one, other) = (&known.chain, &origin.chain);
            known.place.is_same(&origin.place)
                && one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| one.is_same(other))
        };
        let Some(known) = found.iter_mut().find(is_same).filter(|_| !origin.is_literal) else {
            found.push(origin);
            continue;
        };
        let mut both = Origin::clone(known);
        both.values.retain(|value| !origin.values.contains(value));
        both.values.extend(origin.values.iter().cloned());
        both.taken = both.taken.or_else(|| origin.taken.clone());
        super::record::extend(&mut both.because, origin.because.clone());
        *known = Rc::new(both);
    }
    found
}

/// The conditions that say more than that the values of the origins are there.
fn because(origins: &[Rc<Origin>]) -> Vec<Rc<Condition>> {
    let mut all = Vec::new();
    for origin in origins {
        super::record::extend(&mut all, origin.because.clone());
    }
    let is_told = |wanted: &String| {
        let told = origins.iter().flat_map(|origin| &origin.values);
        told.filter_map(|(path, _)| path.strip_prefix(wanted.as_str()))
            .any(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    all.retain(|condition| {
        let says_nothing = !condition.values.is_empty() && condition.values.iter().all(is_told);
        !(condition.is_taken && says_nothing)
    });
    all
}

/// What is known of a manifest: the pieces of its file, and where it begins in that.
#[derive(Clone, Copy)]
struct Printed<'t> {
    segments: &'t [Segment],
    base: usize,
}

impl<'t> Printed<'t> {
    fn of(trace: &'t Trace, manifest: &Manifest) -> Self {
        let file = trace.files.iter().find(|(name, ..)| **name == *manifest.source);
        let found = file.and_then(|(_, text, segments)| {
            Some(Self { segments, base: position(text, &manifest.content)? })
        });
        found.unwrap_or(Self { segments: &[], base: 0 })
    }

    /// The pieces that overlap bytes of the manifest, and how much of each stands before them.
    fn between(self, start: usize, end: usize) -> Vec<(&'t Segment, usize)> {
        let (start, end) = (self.base + start, self.base + end.max(start + 1));
        let overlapping = self.segments.iter().filter(|s| s.start < end && s.end > start);
        let found: Vec<_> =
            overlapping.map(|segment| (segment, start.saturating_sub(segment.start))).collect();
        if !found.is_empty() {
            return found;
        }
        // A null at the end of a file is what stands there before it.
        let before = self.segments.iter().rev().find(|segment| segment.end <= start);
        let last = |segment: &'t Segment| (segment, segment.end - segment.start);
        before.map(last).into_iter().collect()
    }
}

/// Where a manifest stands in its file.
fn position(file: &[u8], manifest: &[u8]) -> Option<usize> {
    memchr::memmem::find(file, manifest)
}

/// Where a whole table was printed, finds the value in it: the longest end of the field's path that
/// leads to the same text from the table on.
fn sharpen(origin: &mut Rc<Origin>, values: &Table, path: &str, scalar: &str) {
    let steps = steps(path);
    let better = |table: &str| {
        (0..steps.len()).find_map(|from| {
            let (mut at, mut name) = (look_up(values, table)?.clone(), table.to_owned());
            for step in &steps[from..] {
                at = match &at {
                    Plain::Map(map) => {
                        name = super::record::below(&name, step.as_bytes());
                        map.get(step.as_bytes())?.clone()
                    }
                    Plain::List(items) => {
                        name = format!("{name}[{step}]");
                        items.get(step.parse::<usize>().ok()?)?.clone()
                    }
                    _ => return None,
                };
            }
            (super::given::shown(&at) == scalar).then_some(name)
        })
    };
    let sharpened: Vec<(String, Certainty)> = origin
        .values
        .iter()
        .map(|(table, certainty)| match (certainty, better(table)) {
            (Certainty::Within, Some(name)) => (name, Certainty::Exact),
            _ => (table.clone(), *certainty),
        })
        .collect();
    if sharpened != origin.values {
        let mut made = Origin::clone(origin);
        made.values = sharpened;
        *origin = Rc::new(made);
    }
}

/// The value at a path such as `a.b[0].c`.
pub(super) fn look_up(values: &Table, path: &str) -> Option<Plain> {
    let mut at = Plain::Map(values.clone());
    for step in steps(path) {
        at = match &at {
            Plain::Map(map) => map.get(step.as_bytes())?.clone(),
            Plain::List(items) => items.get(step.parse::<usize>().ok()?)?.clone(),
            _ => return None,
        };
    }
    Some(at)
}

/// The lines of a values file at which the key or the item of each path stands, from 1.
pub(super) fn lines_of(content: &[u8]) -> HashMap<String, usize> {
    let text = Text::new(content);
    let Ok(Some(document)) = text.first_document() else { return HashMap::new() };
    let line = |node: NodeId| document.node(node).span.start.line as usize + 1;
    let mut lines = HashMap::new();
    let mut open = vec![(String::new(), document.root(), line(document.root()))];
    // Each node is visited once, under the path where it is written.
    while let Some((path, node, own)) = open.pop() {
        match &document.node(node).kind {
            NodeKind::Sequence(_) => {
                let items = document.children(node).iter().enumerate();
                open.extend(
                    items.map(|(index, item)| (format!("{path}[{index}]"), *item, line(*item))),
                );
            }
            NodeKind::Mapping(_) => {
                open.extend(document.entries(node).filter_map(|(id, value)| {
                    let NodeKind::Scalar(key) = &document.node(id).kind else { return None };
                    let below = super::record::below(&path, key.value.as_bytes());
                    Some((below, value, line(id)))
                }));
            }
            NodeKind::Scalar(_) | NodeKind::Alias { .. } => {}
        }
        lines.insert(path, own);
    }
    lines
}
