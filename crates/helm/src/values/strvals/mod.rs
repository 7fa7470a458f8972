//! The grammar of `--set`, `--set-string`, `--set-json`, `--set-file` and `--set-literal`.
//!
//! Restates Helm's `pkg/strvals`, oddities included: `a[0]` without a value makes an empty list,
//! `a[0` is ignored, `a={}` is a list of one empty string. Not here: the order in which the flags
//! count and where files are read.

mod json;
mod node;
mod parser;
mod scanner;
#[cfg(test)]
mod tests;

use crate::values::plain::{Plain, Table};
pub use json::{JsonError, parse_json};

/// The largest list index that may be set: Helm's own bound.
pub const MAX_INDEX: i64 = 65_536;

/// The most dots in one key: Helm's own bound.
pub const MAX_NESTED_NAME_LEVEL: usize = 30;

/// The most indices, one in another (`a[0][0]…`), in one key. Helm has no bound and its stack
/// grows; ours does not, and nobody nests lists a hundred deep by hand.
pub const MAX_NESTED_LISTS: usize = 500;

/// The most elements that all keys together may add to lists. An index makes all that are missing
/// before it, so that a line of a few kilobytes could ask for gigabytes; Helm has no such bound.
pub const MAX_ELEMENTS: usize = 1_000_000;

/// How many elements keys may still add to lists.
pub struct Room(usize);

impl Default for Room {
    fn default() -> Self {
        Self(MAX_ELEMENTS)
    }
}

/// How the text after `=` is read.
pub enum Reading<'run> {
    /// `--set`: booleans, nulls and integers are recognised, `{a,b}` is a list.
    Typed,
    /// `--set-string`: every value is a string.
    Text,
    /// `--set-json`: values are JSON.
    Json,
    /// `--set-literal`: one key, whose value is all the rest, commas and backslashes included.
    Literal,
    /// `--set-file`: values name files; the function reads one or says why it cannot.
    File(&'run mut dyn FnMut(&str) -> Result<Plain, String>),
}

/// Why a text is not of the grammar. Texts in messages are quoted as Go quotes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetError {
    /// The text ends within a key.
    #[error("key {0} has no value")]
    NoValue(String),
    /// A comma stands where `=` should.
    #[error("key {0} has no value (cannot end with ,)")]
    EndsWithComma(String),
    /// `a.` with nothing set below.
    #[error("key map {0} has no value")]
    EmptyMap(String),
    /// More dots than [`MAX_NESTED_NAME_LEVEL`].
    #[error(
        "value name nested level is greater than maximum supported nested level of \
         {MAX_NESTED_NAME_LEVEL}"
    )]
    TooManyNames,
    /// More nested indices than [`MAX_NESTED_LISTS`]; ours alone, see there.
    #[error("more than {MAX_NESTED_LISTS} list indices are nested in one key")]
    TooManyLists,
    /// An index is no number.
    #[error("error parsing index: {0}")]
    Index(String),
    /// An index is below 0.
    #[error("negative {0} index not allowed")]
    NegativeIndex(i64),
    /// An index is over [`MAX_INDEX`].
    #[error("index of {0} is greater than maximum supported index of {MAX_INDEX}")]
    IndexTooLarge(i64),
    /// More elements than [`MAX_ELEMENTS`]; ours alone, see there.
    #[error("the indices in all keys together make more than {MAX_ELEMENTS} list elements")]
    TooManyElements,
    /// Something else than `[`, `.` or `=` after an index.
    #[error("unexpected data at end of array index: {0}")]
    AfterIndex(String),
    /// A path goes through a value of another type.
    #[error("unable to parse key: interface conversion: interface {{}} is {found}, not {wanted}")]
    WrongType {
        /// The Go type that is there.
        found: &'static str,
        /// The Go type that the path needs.
        wanted: &'static str,
    },
    /// `{` without `}`.
    #[error("list must terminate with '}}'")]
    OpenList,
    /// A value is not JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// A file could not be read.
    #[error("{0}")]
    File(String),
}

/// Sets in `values` what `text` says (`name1=value1,name2=value2`), as Helm's `ParseInto` family.
pub fn set(
    values: &Table,
    text: &str,
    reading: Reading<'_>,
    room: &mut Room,
) -> Result<Table, SetError> {
    let mut root = node::thaw_table(values);
    parser::Parser::new(text, reading, room).parse(&mut root)?;
    Ok(node::freeze_table(root))
}
