//! Go's own functions.

use crate::function::Function;

/// Go's own functions.
pub const FUNCTIONS: &[Function] = &[];
