//! Kubernetes' path expressions, which `helm show values --jsonpath` prints parts of the values with: text,
//! fields, elements, slices, wildcards, unions, filters, `..` and ranges.
//!
//! Follows `util/jsonpath` of Kubernetes' client-go, the accidents too. Where that goes through a map by
//! chance (`.*`, `..`), the order here is that of the keys. Where it stops while it looks up (a key is
//! missing, a filter compares what does not compare), Helm drops the reason and prints nothing.

mod evaluate;
mod operand;
mod parse;

use crate::values::{Plain, Table};
use evaluate::{Evaluator, Stop};
use operand::Found;

/// Why an expression prints nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// It is not understood; as Kubernetes' library says it.
    #[error("error parsing jsonpath {0}: {1}")]
    Syntax(String, String),
    /// It asks for more than this program is ready to give.
    #[error("--jsonpath: the expression {0}")]
    Limit(Limit),
}

/// What an expression may not exceed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Limit {
    /// Values visited.
    #[error("visits more than {MAX_STEPS} values")]
    Steps,
    /// Bytes printed.
    #[error("prints more than {MAX_OUTPUT_BYTES} bytes")]
    Output,
    /// Ranges within ranges.
    #[error("nests more than {MAX_RANGES} ranges")]
    Ranges,
}

/// `..` and wildcards one after the other multiply.
const MAX_STEPS: usize = 5_000_000;
const MAX_OUTPUT_BYTES: usize = 256 << 20;
const MAX_RANGES: usize = 200;

/// What the expression prints of the values; nothing where a path leads nowhere, as Helm.
pub fn print(expression: &str, values: &Table) -> Result<Vec<u8>, PathError> {
    let actions = parse::parse(expression)
        .map_err(|reason| PathError::Syntax(expression.to_owned(), reason))?;
    let root = Plain::Map(values.clone());
    match Evaluator::new(&actions).print(Found::Value(&root)) {
        Ok(text) => Ok(text),
        Err(Stop::Fault(_)) => Ok(Vec::new()),
        Err(Stop::Limit(limit)) => Err(PathError::Limit(limit)),
    }
}
