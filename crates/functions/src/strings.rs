//! Text: trimming, cutting, wrapping, indenting, quoting, joining and splitting.

use gotmpl::function::Function;

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[];
