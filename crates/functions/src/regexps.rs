//! Go's regular expressions on the `regex` crate.

use gotmpl::function::Function;

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[];
