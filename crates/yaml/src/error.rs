//! What can be wrong with a YAML text, in the words of Go's packages.
//!
//! `Display` gives what `yaml.Unmarshal` and `json.Marshal` say. Kubernetes' `sigs.k8s.io/yaml`
//! puts `error converting YAML to JSON: ` before it; whoever speaks for that package adds that.

use std::borrow::Cow;

use crate::mark::Mark;

/// Why a text could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is no YAML, or its parts do not fit together.
    #[error("yaml: {}{problem}", place(*.line))]
    Syntax {
        /// The line that Go names. It is often the line before the fault, because Go counts from
        /// zero for some faults and from one for others; none stands for the first line.
        line: Option<u32>,
        /// What is wrong.
        problem: Cow<'static, str>,
        /// Where it really is, when known.
        at: Option<Mark>,
    },
    /// Faults that do not stop the reading, such as keys given twice in strict mode.
    #[error("yaml: unmarshal errors:\n  {}", .0.join("\n  "))]
    Type(Vec<String>),
    /// A mapping key that JSON cannot have.
    #[error("unsupported map key of type: {kind}, key: {key}, value: {value}")]
    UnsupportedKey {
        /// The Go type of the key.
        kind: &'static str,
        /// The key in Go's syntax.
        key: String,
        /// The value in Go's syntax.
        value: String,
    },
    /// A number that JSON cannot have: `NaN`, `+Inf`, `-Inf`.
    #[error("json: unsupported value: {0}")]
    UnsupportedValue(&'static str),
}

impl Error {
    /// A fault that Go reports without a line.
    pub(crate) fn plain(problem: impl Into<Cow<'static, str>>, at: Option<Mark>) -> Self {
        Self::Syntax { line: None, problem: problem.into(), at }
    }

    /// Where the fault is, when known.
    pub fn at(&self) -> Option<Mark> {
        match self {
            Self::Syntax { at, .. } => *at,
            _ => None,
        }
    }
}

/// What Go says of a quote that the text does not close.
pub(crate) const TEXT_ENDS: &str = "found unexpected end of stream";
/// What Go says of a quote that its document does not close.
pub(crate) const DOCUMENT_ENDS: &str = "found unexpected document indicator";

fn place(line: Option<u32>) -> String {
    line.map(|line| format!("line {line}: ")).unwrap_or_default()
}

/// Which layer found a fault: Go counts lines differently in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layer {
    /// Characters to tokens.
    Scanner,
    /// Tokens to events.
    Parser,
}

/// A fault with its marks, before it is put into Go's words.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub layer: Layer,
    pub problem: Cow<'static, str>,
    pub mark: Mark,
    pub context: Mark,
}

impl From<Fault> for Error {
    /// Go names the line of the fault, else of its context, and neither when both are the first.
    /// Only the scanner's lines are turned into lines counted from one.
    fn from(fault: Fault) -> Self {
        let line = match (fault.mark.line, fault.layer) {
            (0, _) => fault.context.line,
            (line, Layer::Scanner) => line + 1,
            (line, Layer::Parser) => line,
        };
        // A quote that nothing closes is at fault where it opens, not where the text ends.
        let is_unclosed = [TEXT_ENDS, DOCUMENT_ENDS].contains(&&*fault.problem);
        let at = Some(if is_unclosed { fault.context } else { fault.mark });
        Self::Syntax { line: (line != 0).then_some(line), problem: fault.problem, at }
    }
}
