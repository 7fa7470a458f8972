//! Random strings, numbers and identifiers, with the source as an effect.

use gotmpl::function::Function;

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[];
