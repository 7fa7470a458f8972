//! An observer that remembers what a failing render read and printed: the values by their paths, the
//! place in a template of every stretch of output.

use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use gotmpl::program::Span;
use gotmpl::set::Template;
use gotmpl::trace::{Site, Tracer};
use gotmpl::value::{Map, SharedStr, Str, Value};

use crate::engine::{NO_VALUE, without_no_value};
use crate::explain::Moment;

/// Values remembered of one action. An action with more reads (an include of a whole helper) shows
/// its last ones, which are nearest to the fault.
const MAX_READS: usize = 64;

/// Stretches of output remembered per file: a release of 10 MiB has about a million.
const MAX_STRETCHES: usize = 1 << 20;

/// A value that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Read {
    /// Its path from the root, such as `.Values.image.tag`; from a dot of unknown origin it starts
    /// with `(…)`.
    pub path: String,
    /// What it is, in few words.
    pub what: String,
    /// Whether there is nothing.
    pub missing: bool,
    /// Whether it stands at the root, or so its name says.
    pub at_root: bool,
    /// Where there is nothing: the keys that the section does have.
    pub siblings: Vec<String>,
}

/// A stretch of a file's output and the node that printed it.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    /// Where it starts.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The file that the node stands in.
    pub file: String,
    /// The file's text.
    pub text: SharedStr,
    /// The node.
    pub span: Span,
    /// Whether the node is an action, not literal text.
    pub is_action: bool,
}

/// What was seen.
#[derive(Default)]
pub(super) struct Testimony {
    /// What the last action read.
    pub reads: Vec<Read>,
    /// What the last action before it that read anything has read.
    pub earlier: Vec<Read>,
    /// Who printed what, by file of the release.
    pub output: HashMap<String, Vec<Stretch>>,
    /// What was printed, by file of the release.
    pub files: HashMap<String, Str>,
    /// The function that failed, the innermost.
    pub call: Option<FailedCall>,
    /// What stood around the fault.
    pub moment: Option<Moment>,
    /// Where the values of the chart whose file failed stand among those given: `db.`.
    pub below: String,
}

/// A function that failed.
pub(super) struct FailedCall {
    /// Its name.
    pub name: String,
    /// What it was given, as far as that came about.
    pub arguments: Vec<Argument>,
}

/// What a function was given.
pub(super) struct Argument {
    /// The value itself.
    pub value: Value,
    /// What it is, in few words.
    pub what: String,
    /// Where it stands, when it is a value as it was given: `.Values.image.tag`.
    pub path: Option<String>,
}

impl Testimony {
    /// The path of a value as it can be given: `db.auth.user` for what a sub-chart reads as
    /// `.Values.auth.user`.
    pub(super) fn given_path(&self, read: &Read) -> Option<String> {
        let path = read.path.strip_prefix(".Values.")?;
        // What is global stands at the top.
        let is_global = path == "global" || path.starts_with("global.");
        Some(if is_global { path.to_owned() } else { format!("{}{path}", self.below) })
    }

    /// Keeps what a file printed, without Go's sign for missing values, which Helm takes out.
    fn finish(&mut self, file: String, text: &Str) {
        let signs: Vec<usize> = memchr::memmem::find_iter(text, NO_VALUE).collect();
        let moved = |place: usize| {
            let before = signs.partition_point(|at| *at < place);
            let last = signs[..before].last().map_or(0, |at| (place - at).min(NO_VALUE.len()));
            place - last - before.saturating_sub(1) * NO_VALUE.len()
        };
        for stretch in self.output.get_mut(&file).into_iter().flatten() {
            (stretch.start, stretch.end) = (moved(stretch.start), moved(stretch.end));
        }
        self.files.insert(file, Str::from(&*without_no_value(text)));
    }

    /// The node that printed the byte at `offset` of a file's output, and the last action before it
    /// that printed anything from `since` on.
    pub(super) fn writers(
        &self,
        file: &str,
        since: usize,
        offset: usize,
    ) -> (Option<&Stretch>, Option<&Stretch>) {
        let Some(stretches) = self.output.get(file) else { return (None, None) };
        let at = stretches.partition_point(|stretch| stretch.end <= offset);
        let before = stretches[..at.min(stretches.len())]
            .iter()
            .rev()
            .take_while(|stretch| stretch.end > since)
            .find(|stretch| stretch.is_action);
        (stretches.get(at), before)
    }
}

/// The testimony, while it is being given.
#[derive(Clone, Default)]
pub(super) struct Shared(Rc<RefCell<Testimony>>);

impl Shared {
    pub(super) fn take(&self) -> Testimony {
        std::mem::take(&mut self.0.borrow_mut())
    }
}

/// The observer.
pub(super) struct Witness {
    testimony: Shared,
    /// Paths of maps and lists by address. They are kept so that no address is used twice.
    paths: HashMap<usize, (String, Value)>,
    /// The file being rendered, and where its output starts.
    file: Option<(String, usize)>,
    /// How many captured executions (`include`, `tpl`) are under way below that file.
    captured: usize,
}

impl Witness {
    pub(super) fn new() -> (Self, Shared) {
        let testimony = Shared::default();
        let witness =
            Self { testimony: testimony.clone(), paths: HashMap::new(), file: None, captured: 0 };
        (witness, testimony)
    }

    fn printed(&self, site: Site<'_>, offset: usize, is_action: bool) {
        let Some((file, start)) = self.file.as_ref().filter(|_| self.captured == 0) else { return };
        let mut testimony = self.testimony.0.borrow_mut();
        let stretches = testimony.output.entry(file.clone()).or_default();
        if stretches.len() < MAX_STRETCHES {
            stretches.push(Stretch {
                start: stretches.last().map_or(0, |before| before.end),
                end: offset.saturating_sub(*start),
                file: site.template.parsed_as.to_text().into_owned(),
                text: site.template.program.text().clone(),
                span: site.span,
                is_action,
            });
        }
    }

    fn know(&mut self, value: &Value, path: &str) {
        if let Some(address) = address(value) {
            self.paths.insert(address, (path.to_owned(), value.clone()));
        }
    }

    fn path_of(&self, value: &Value) -> Option<&String> {
        self.paths.get(&address(value)?).map(|(path, _)| path)
    }

    /// An entry of a map or list was taken.
    fn taken(&mut self, of: &Value, key: &Value, value: &Value) {
        let Some(path) = self.path_of(of) else { return };
        let path = match key {
            Value::Str(key) => format!("{path}.{}", key.to_text()),
            Value::Int(index) | Value::Int64(index) => format!("{path}[{index}]"),
            _ => return,
        };
        self.know(value, &path);
    }

    pub(super) fn testimony(&self, add: impl FnOnce(&mut Testimony)) {
        add(&mut self.testimony.0.borrow_mut());
    }
}

impl Tracer for Witness {
    fn action_begin(&mut self, _site: Site<'_>, _offset: usize) {
        let mut testimony = self.testimony.0.borrow_mut();
        let reads = std::mem::take(&mut testimony.reads);
        if !reads.is_empty() {
            testimony.earlier = reads;
        }
    }

    fn action_end(&mut self, site: Site<'_>, _value: &Value, offset: usize) {
        self.printed(site, offset, true);
    }

    fn text(&mut self, site: Site<'_>, offset: usize) {
        self.printed(site, offset, false);
    }

    fn field(&mut self, map: &Map, key: &[u8], value: &Value) {
        let parent = match self.paths.get(&map.address()) {
            Some((path, _)) => path.clone(),
            // Helm's own names start with a capital letter; whatever else has no known origin was
            // made by the template (`dict`, `fromYaml`).
            None if key.first().is_some_and(u8::is_ascii_uppercase) => String::new(),
            None => "(…)".to_owned(),
        };
        let path = format!("{parent}.{}", String::from_utf8_lossy(key));
        self.know(value, &path);
        let mut testimony = self.testimony.0.borrow_mut();
        if testimony.reads.len() >= MAX_READS {
            testimony.reads.remove(0);
        }
        let (what, missing) = (describe(key, value), matches!(value, Value::Nil));
        let siblings = if missing { keys(map, MAX_SIBLINGS) } else { Vec::new() };
        let at_root = parent.is_empty() && map.get(b"Values").is_some();
        testimony.reads.push(Read { path, what, missing, at_root, siblings });
    }

    fn element(&mut self, of: &Value, key: &Value, value: &Value) {
        self.taken(of, key, value);
    }

    fn call(&mut self, _site: Site<'_>, name: &str, args: &[Value], result: &Value) {
        match (name, args) {
            ("index" | "get", [of, key]) => self.taken(of, key, result),
            ("first" | "mustFirst", [of]) => self.taken(of, &Value::Int(0), result),
            _ => {}
        }
    }

    fn enter(
        &mut self,
        template: &Template,
        _site: Option<Site<'_>>,
        captured: bool,
        offset: usize,
    ) {
        match &self.file {
            None => self.file = Some((template.name.to_text().into_owned(), offset)),
            Some(_) if captured => self.captured += 1,
            Some(_) => {}
        }
    }

    fn leave(&mut self, template: &Template, output: Option<&Value>, _offset: usize) {
        let outermost = self.file.as_ref().is_some_and(|(file, _)| {
            self.captured == 0 && file.as_bytes() == template.name.as_bytes()
        });
        if outermost {
            if let (Some((file, _)), Some(Value::Str(text))) = (self.file.take(), output) {
                self.testimony.0.borrow_mut().finish(file, text);
            }
        } else if output.is_some() {
            self.captured = self.captured.saturating_sub(1);
        }
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

fn address(value: &Value) -> Option<usize> {
    match value {
        Value::Map(map) => Some(map.address()),
        // All lists without items have one address.
        Value::List(list) if !list.is_empty() => Some(list.as_ptr() as usize),
        _ => None,
    }
}

/// The longest text shown of a value.
const MAX_SHOWN: usize = 60;

/// Parts of names whose values are not shown.
const SECRET: [&str; 6] = ["password", "passwd", "secret", "token", "credential", "key"];

/// A number or a boolean, as it is written in a values file.
pub(super) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Bool(b) => Some(b.to_string()),
        Value::Int(n) | Value::Int64(n) => Some(n.to_string()),
        Value::Float64(n) => Some(strconv::format_float(*n, b'f', None, 64)),
        _ => None,
    }
}

/// A value in few words; of what its name calls a secret, the length alone.
pub(super) fn describe(name: &[u8], value: &Value) -> String {
    let name = String::from_utf8_lossy(name).to_lowercase();
    match value {
        Value::Str(text) if !text.is_empty() && SECRET.iter().any(|part| name.contains(part)) => {
            format!("a text of {}, not shown here", counted(text.len(), "byte", "bytes"))
        }
        Value::Nil => "not set".to_owned(),
        Value::Bool(b) => format!("the boolean {b}"),
        Value::Int(n) | Value::Int64(n) => format!("the number {n}"),
        Value::Float64(n) => format!("the number {}", strconv::format_float(*n, b'f', None, 64)),
        Value::Str(text) if text.is_empty() => "an empty text".to_owned(),
        Value::Str(text) => {
            let shown: String = text.to_text().chars().take(MAX_SHOWN).collect();
            let more = if shown.len() < text.len() { "…" } else { "" };
            format!("the text {}{more}", strconv::quote(shown.as_bytes()))
        }
        Value::List(list) => format!("a list of {}", counted(list.len(), "item", "items")),
        Value::Map(map) if map.is_empty() => "an empty section".to_owned(),
        Value::Map(map) => {
            let keys = keys(map, 6);
            let more = if map.len() > keys.len() { ", …" } else { "" };
            format!("a section with the keys {}{more}", keys.join(", "))
        }
        other => format!("a value of type {}", other.type_name()),
    }
}

/// Keys among which a misspelt one is looked for.
const MAX_SIBLINGS: usize = 200;

fn keys(map: &Map, most: usize) -> Vec<String> {
    map.entries().keys().take(most).map(|key| key.to_text().into_owned()).collect()
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
