//! Defaults and truth: `default`, `empty`, `coalesce`, `ternary`, `all`, `any`.

use gotmpl::function::Function;

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[];
