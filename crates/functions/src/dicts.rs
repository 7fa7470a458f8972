//! Maps: making, reading, changing, digging and copying them. Merging is in `merge`.

use gotmpl::function::Function;

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[];
