//! Go's `time.Duration` and Helm's functions on it.

use gotmpl::function::Function;

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[];
