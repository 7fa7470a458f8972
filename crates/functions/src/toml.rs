//! TOML as `BurntSushi`'s library writes and reads it.

use gotmpl::function::Function;

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[];
