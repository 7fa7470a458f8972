//! base64 and base32. Structured formats have modules of their own.

use gotmpl::function::Function;

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[];
