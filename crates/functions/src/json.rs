//! JSON as Go's `encoding/json` writes and reads it.

use gotmpl::function::Function;

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[];
