//! What can go wrong in a template: `Display` words it exactly as Go does, and the parts are public
//! for those who word it otherwise (Helm's chain, the report for people).

use std::fmt;
use std::sync::Arc;

use crate::function::Failure;
use crate::program::Span;

/// A template error.
#[derive(Debug)]
pub enum Error {
    /// The text is not a template.
    Parse(Box<ParseError>),
    /// A template failed while it ran.
    Exec(Box<ExecError>),
    /// No template of that name in the set.
    NotFound {
        /// The name asked for.
        name: Vec<u8>,
        /// The name of the set.
        set: String,
    },
}

/// Why a text is not a template.
#[derive(Debug)]
pub struct ParseError {
    /// The name under which the text was parsed.
    pub template: String,
    /// The line, from 1, that Go names: the line of the last token read.
    pub line: usize,
    /// What is wrong, in Go's words.
    pub message: String,
    /// Where the last token stands in `text`.
    pub span: Span,
    /// The whole text.
    pub text: Arc<[u8]>,
}

/// A place in a template's text.
#[derive(Debug, Clone)]
pub struct Place {
    /// The name under which the text was parsed: a file's name, in Helm.
    pub template: String,
    /// The line, from 1.
    pub line: usize,
    /// The column as Go counts it: bytes from 0.
    pub column: usize,
    /// The bytes of the node.
    pub span: Span,
    /// The whole text.
    pub text: Arc<[u8]>,
}

/// Why a run failed.
#[derive(Debug)]
pub struct ExecError {
    /// The template that was running, by its name in the set.
    pub template: String,
    /// The node at fault; absent when the template never started.
    pub place: Option<Place>,
    /// The node's text, as Go prints it between `at <` and `>`.
    pub context: String,
    /// What is wrong, without the text of `cause`.
    pub message: String,
    /// What the function that was called said.
    pub cause: Option<Failure>,
    /// The `{{template}}` actions under way within this execution, innermost first. Go does not
    /// print them.
    pub calls: Vec<Place>,
}

/// A fleet renders on many threads and reports on one: errors hold nothing of the render's own.
const _: () = {
    const fn told_elsewhere<T: Send + Sync>() {}
    told_elsewhere::<Error>();
};

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parse(error) => error.fmt(f),
            Self::Exec(error) => error.fmt(f),
            Self::NotFound { name, set } => write!(
                f,
                "template: no template {} associated with template {}",
                crate::fmt::quoted(name),
                crate::fmt::quoted(set.as_bytes())
            ),
        }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "template: {}:{}: {}", self.template, self.line, self.message)
    }
}

impl fmt::Display for ExecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.template;
        match &self.place {
            None => write!(f, "template: {name}: {}", self.message)?,
            Some(place) => write!(
                f,
                "template: {}:{}:{}: executing {} at <{}>: {}",
                place.template,
                place.line,
                place.column,
                crate::fmt::quoted(name.as_bytes()),
                self.context,
                self.message
            )?,
        }
        self.cause.as_ref().map_or(Ok(()), |cause| write!(f, ": {cause}"))
    }
}

// `Display` follows Go, whose texts contain the text of what they wrap; `source` is therefore not
// given, so that a printer of chains does not say everything twice.
impl std::error::Error for Error {}
