//! Whole-number and decimal arithmetic, rounding and conversion.

use gotmpl::function::Function;

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[];
