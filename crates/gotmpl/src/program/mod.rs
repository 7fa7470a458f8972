//! Compiled template text: trees whose variables are slots of a frame and whose functions are places
//! in a table.
//!
//! The trees live in flat arenas and refer to each other by index, so that a program is dropped
//! without recursion, and shared by threads (see [`Loaded`]). What is here is what both the parser writes and the machine reads; it
//! keeps the source text, because Go's errors quote nodes.

mod loaded;
mod print;

use std::ops::Range;

use crate::error::Error;
use crate::set::{FunctionId, Functions};
use crate::value::{SharedStr, Value};

pub use loaded::Loaded;

/// Bytes of a template's text, from `start` to before `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// After the last byte.
    pub end: u32,
}

/// A text compiled: its own body and the templates that it defines.
pub struct Program {
    pub(crate) text: SharedStr,
    pub(crate) nodes: Vec<Node>,
    pub(crate) pipes: Vec<Pipe>,
    pub(crate) commands: Vec<Command>,
    pub(crate) exprs: Vec<Expr>,
    /// The names in chains of fields, as places in the text.
    pub(crate) fields: Vec<Span>,
    /// The constant texts, as places in `unquoted`.
    pub(crate) constants: Vec<Span>,
    pub(crate) unquoted: Vec<u8>,
    pub(crate) main: Definition,
    pub(crate) definitions: Vec<(SharedStr, Definition)>,
    pub(crate) last_line: usize,
}

/// One body of a program.
#[derive(Clone, Debug, Default)]
pub(crate) struct Definition {
    pub list: List,
    /// How many variables are alive at most, `$` included.
    pub slots: u16,
    /// Whether there is nothing but white space and comments: such a body replaces no other.
    pub blank: bool,
    pub span: Span,
}

/// Indices into an arena.
pub(crate) type Ids = Range<u32>;

/// A list of nodes.
#[derive(Clone, Debug, Default)]
pub(crate) struct List {
    pub nodes: Ids,
}

pub(crate) struct Node {
    pub span: Span,
    /// Where Go says that the node is.
    pub pos: u32,
    pub kind: NodeKind,
}

pub(crate) enum NodeKind {
    Text,
    Action(PipeId),
    If(Control),
    With(Control),
    Range(Control),
    Template { name: SharedStr, pipe: Option<PipeId> },
    Break,
    Continue,
}

pub(crate) struct Control {
    pub pipe: PipeId,
    pub body: List,
    pub otherwise: Option<List>,
}

pub(crate) type PipeId = u32;
pub(crate) type CommandId = u32;
pub(crate) type ExprId = u32;
pub(crate) type ConstantId = u32;

pub(crate) struct Pipe {
    pub span: Span,
    pub pos: u32,
    pub assigns: bool,
    pub variables: Box<[Variable]>,
    pub commands: Ids,
}

/// A variable that a pipeline declares or assigns.
pub(crate) struct Variable {
    pub name: Span,
    /// `None` where an assignment names a variable that nothing declared.
    pub slot: Option<u16>,
}

pub(crate) struct Command {
    pub span: Span,
    pub pos: u32,
    pub args: Ids,
}

pub(crate) struct Expr {
    pub span: Span,
    pub pos: u32,
    pub kind: ExprKind,
}

pub(crate) enum ExprKind {
    Dot,
    Nil,
    Bool(bool),
    Number(Box<Number>),
    /// The value; the text with its quotes is the span.
    Text(ConstantId),
    Field(Ids),
    Variable {
        slot: Option<u16>,
        name: Span,
        fields: Ids,
    },
    Chain {
        of: ExprId,
        fields: Ids,
    },
    Function(FunctionId),
    Pipe(PipeId),
}

/// A numeric constant, with the forms that Go can give it where a type is asked for.
pub(crate) struct Number {
    /// Its value where no type is asked for; `None` where it overflows `int`.
    pub ideal: Option<Ideal>,
    pub int: Option<i64>,
    pub float: Option<f64>,
}

/// A number whose type is decided by how it is written.
#[derive(Clone, Copy)]
pub(crate) enum Ideal {
    Int(i64),
    Float(f64),
    Complex(f64, f64),
}

impl Ideal {
    pub(crate) fn value(self) -> Value {
        match self {
            Self::Int(number) => Value::Int(number),
            Self::Float(number) => Value::Float64(number),
            Self::Complex(real, imaginary) => Value::Complex(real, imaginary),
        }
    }
}

impl Program {
    /// Compiles `text`. `name` is only used in errors, so that one program serves every name.
    pub fn compile(name: &str, text: &SharedStr, functions: &Functions) -> Result<Self, Error> {
        crate::syntax::parse(name, text, functions)
    }

    /// A program of that text with nothing in it yet.
    pub(crate) fn empty(text: SharedStr) -> Self {
        Self {
            text,
            nodes: Vec::new(),
            pipes: Vec::new(),
            commands: Vec::new(),
            exprs: Vec::new(),
            fields: Vec::new(),
            constants: Vec::new(),
            unquoted: Vec::new(),
            main: Definition::default(),
            definitions: Vec::new(),
            last_line: 1,
        }
    }

    /// The source.
    pub fn text(&self) -> &SharedStr {
        &self.text
    }

    /// The names of the templates that the text defines, in order.
    pub fn defined_names(&self) -> impl Iterator<Item = &SharedStr> {
        self.definitions.iter().map(|(name, _)| name)
    }

    pub(crate) fn main(&self) -> &Definition {
        &self.main
    }

    pub(crate) fn definitions(&self) -> &[(SharedStr, Definition)] {
        &self.definitions
    }

    pub(crate) fn last_line(&self) -> usize {
        self.last_line
    }

    /// The line, from 1, and column, in bytes from 0, of a byte of the text.
    pub fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line = 1 + memchr::memchr_iter(b'\n', before).count();
        let start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        (line, before.len() - start)
    }

    /// What stands at that place of the text.
    pub(crate) fn at(&self, span: Span) -> &[u8] {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The names of a chain of fields.
    pub(crate) fn fields(&self, ids: &Ids) -> impl DoubleEndedIterator<Item = &[u8]> {
        slice(&self.fields, ids).iter().map(|span| self.at(*span))
    }

    fn constant(&self, id: ConstantId) -> &[u8] {
        let span = self.constants.get(id as usize).copied().unwrap_or_default();
        self.unquoted.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    pub(crate) fn nodes(&self, list: &List) -> &[Node] {
        slice(&self.nodes, &list.nodes)
    }
}

/// The elements of an arena that `ids` names. Ids come from the parser that filled the arena, so
/// none is ever out of range; an empty slice keeps that promise free of panics.
pub(crate) fn slice<'a, T>(arena: &'a [T], ids: &Ids) -> &'a [T] {
    arena.get(ids.start as usize..ids.end as usize).unwrap_or_default()
}
