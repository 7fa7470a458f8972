//! Keys, certificates, hashes of passwords, encryption.

use gotmpl::function::Function;

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[];
