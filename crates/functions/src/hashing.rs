//! Checksums: `sha1sum`, `sha256sum`, `sha512sum`, `adler32sum`.

use gotmpl::function::Function;

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[];
