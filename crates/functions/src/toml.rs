//! TOML as the `BurntSushi` library writes and reads it.

mod encode;

use gotmpl::function::{Function, Param};

pub use encode::{TomlError, encode};

use crate::strings::text;

const ANY: &[Param] = &[Param::Any];

/// The functions of this module. `toToml` gives the error's text as its result.
pub const FUNCTIONS: &[Function] = &[
    Function::pure("mustToToml", ANY, |call| Ok(text(encode(call.any(0))?))),
    Function::pure("toToml", ANY, |call| match encode(call.any(0)) {
        Err(panic @ TomlError::Panic(_)) => Err(panic.into()),
        result => Ok(text(result.unwrap_or_else(|error| error.to_string().into_bytes()))),
    }),
];
