//! Templates under names, and the functions that they may call.
//!
//! A set is built once and read by any number of machines of its thread. What a run adds
//! (`tpl`) lives in layers of its machine and never touches the set.

use std::cell::RefCell;
use std::collections::hash_map::Entry;
use std::rc::Rc;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use crate::builtins::{self, Special};
use crate::error::{Error, ParseError};
use crate::function::Function;
use crate::program::{Definition, Loaded, Program};
use crate::value::{SharedStr, Str};

/// A function's place in a table.
pub type FunctionId = u16;

/// The functions that templates may call: the given ones before Go's own.
pub struct Functions {
    table: Vec<(Function, Special)>,
    names: HashMap<&'static str, FunctionId>,
}

impl Functions {
    /// A table of these functions and Go's own. Of two with one name, the first given counts, and
    /// Go's own count last.
    pub fn new<'f>(given: impl IntoIterator<Item = &'f Function>) -> Self {
        let mut table = Vec::new();
        let mut names = HashMap::new();
        let given = given.into_iter().map(|function| (*function, Special::None));
        for (function, special) in given.chain(builtins::all()) {
            let Ok(id) = FunctionId::try_from(table.len()) else { break };
            if let Entry::Vacant(free) = names.entry(function.name) {
                free.insert(id);
                table.push((function, special));
            }
        }
        Self { table, names }
    }

    /// The function of that name.
    pub fn find(&self, name: &[u8]) -> Option<FunctionId> {
        self.names.get(std::str::from_utf8(name).ok()?).copied()
    }

    /// The function at that place.
    pub fn get(&self, id: FunctionId) -> Option<&Function> {
        self.table.get(usize::from(id)).map(|(function, _)| function)
    }

    pub(crate) fn entry(&self, id: FunctionId) -> Option<(&Function, Special)> {
        self.table.get(usize::from(id)).map(|(function, special)| (function, *special))
    }

    /// The names, in the order of the table.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.table.iter().map(|(function, _)| function.name)
    }
}

/// What a field of a map is when the map has no such key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MissingKey {
    /// Go's default: no value.
    #[default]
    Invalid,
    /// The zero value of the map's element type (`missingkey=zero`).
    Zero,
    /// An error (`missingkey=error`).
    Error,
}

/// A template: a name and a body.
#[derive(Clone)]
pub struct Template {
    /// Its name in the set.
    pub name: Str,
    /// The name under which its text was parsed: the file's, in Helm.
    pub parsed_as: Str,
    /// The program that holds the body.
    pub program: Rc<Loaded>,
    /// Which part of the program it is.
    pub(crate) body: Definition,
}

/// Templates under names.
#[derive(Clone)]
pub struct Set {
    /// The name of the set: Go's errors mention it.
    name: Str,
    functions: Arc<Functions>,
    missing_key: MissingKey,
    templates: HashMap<Str, Template>,
    texts: RefCell<Texts>,
}

/// A text compiled while a machine runs, as `tpl` does: its own body, and what it defines for as long
/// as it runs.
pub(crate) struct Text {
    pub own: Template,
    /// The text's own body is one of them.
    pub defined: Vec<Rc<Template>>,
}

/// Texts compiled so far: charts have the same ones rendered again and again, in each release.
#[derive(Clone, Default)]
struct Texts {
    known: HashMap<Str, Rc<Text>>,
    bytes: usize,
}

/// More text than this is forgotten: a chart may make ever new ones.
const MAX_KNOWN_BYTES: usize = 4 << 20;
/// What a text counts for besides its bytes.
const TEXT_BYTES: usize = 64;

impl Set {
    /// An empty set.
    pub fn new(name: &str, functions: Arc<Functions>) -> Self {
        Self {
            name: name.into(),
            functions,
            missing_key: MissingKey::default(),
            templates: HashMap::new(),
            texts: RefCell::default(),
        }
    }

    /// The same set with another rule for missing keys.
    #[must_use]
    pub fn missing_key(mut self, rule: MissingKey) -> Self {
        self.missing_key = rule;
        self
    }

    /// The rule for missing keys.
    pub fn missing_key_rule(&self) -> MissingKey {
        self.missing_key
    }

    /// The set's name.
    pub fn name(&self) -> &Str {
        &self.name
    }

    /// The functions that the templates may call.
    pub fn functions(&self) -> &Arc<Functions> {
        &self.functions
    }

    /// The template of that name.
    pub fn get(&self, name: &[u8]) -> Option<&Template> {
        self.templates.get(name)
    }

    /// Parses `text` under `name`, or finds what was made of it before; nothing is added.
    pub(crate) fn text(&self, name: &str, text: &Str) -> Result<Rc<Text>, Error> {
        let known = self.texts.borrow().known.get(text).map(Rc::clone);
        if let Some(known) = known.filter(|known| known.own.name.as_bytes() == name.as_bytes()) {
            return Ok(known);
        }
        let (own, defined) = parts(name, self.compiled(name, text)?)?;
        let made = Rc::new(Text { own, defined: defined.into_iter().map(Rc::new).collect() });
        let mut texts = self.texts.borrow_mut();
        if texts.bytes > MAX_KNOWN_BYTES {
            *texts = Texts::default();
        }
        texts.bytes += text.len() + TEXT_BYTES;
        texts.known.insert(text.clone(), Rc::clone(&made));
        Ok(made)
    }

    /// Parses `text` and adds what it defines; its own body goes by `name`.
    pub fn parse(&mut self, name: &str, text: &Str) -> Result<Template, Error> {
        self.add(name, self.compiled(name, text)?)
    }

    fn compiled(&self, name: &str, text: &Str) -> Result<Arc<Program>, Error> {
        let text = SharedStr::from(text.as_bytes());
        Program::compile(name, &text, &self.functions).map(Arc::new)
    }

    /// Adds what `program` defines; its own body goes by `name`. The template returned is that body,
    /// which is not in the set when it is blank and the set has one of that name.
    pub fn add(&mut self, name: &str, program: Arc<Program>) -> Result<Template, Error> {
        let (own, defined) = parts(name, program)?;
        for template in defined {
            if !(template.body.blank && self.templates.contains_key(&template.name)) {
                self.templates.insert(template.name.clone(), template);
            }
        }
        Ok(own)
    }
}

/// The templates of a program whose own body goes by `name`: that body, and all to be installed.
fn parts(name: &str, program: Arc<Program>) -> Result<(Template, Vec<Template>), Error> {
    let (name, program): (Str, _) = (name.into(), Rc::new(Loaded::new(program)));
    let make = |own: Str, body: &Definition| Template {
        name: own,
        parsed_as: name.clone(),
        program: Rc::clone(&program),
        body: body.clone(),
    };
    let own = make(name.clone(), program.main());
    let mut all: Vec<Template> =
        program.definitions().iter().map(|(named, body)| make(named.into(), body)).collect();
    match all.iter_mut().find(|template| template.name == name) {
        None => all.push(own.clone()),
        // Go adds the text's own body last: it replaces a blank definition of its name, gives way to
        // another when it is blank itself, and is refused otherwise.
        Some(rival) if rival.body.blank => *rival = own.clone(),
        Some(rival) if own.body.blank => return Ok((rival.clone(), all)),
        Some(_) => return Err(redefined(&name, &program)),
    }
    Ok((own, all))
}

fn redefined(name: &Str, program: &Program) -> Error {
    let quoted = crate::fmt::quoted(name);
    Error::Parse(Box::new(ParseError {
        template: name.to_text().into_owned(),
        line: program.last_line(),
        message: format!("template: multiple definition of template {quoted}"),
        span: program.main().span,
        text: program.text().as_bytes().into(),
    }))
}
