//! Dates and times: formatting, parsing, arithmetic, with the clock as an effect.

use gotmpl::function::Function;

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[];
