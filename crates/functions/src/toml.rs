//! TOML as the `BurntSushi` library writes and reads it.

mod decode;
mod encode;
mod lexer;

use gotmpl::function::{Function, Param};
use gotmpl::value::{Map, Value};

pub use decode::{SyntaxError, decode};
pub use encode::{TomlError, encode};

use crate::strings::text;
use crate::time::Zone;
use crate::{bounds, effects};

/// The zones by which times of TOML without an offset are known, and written again as they were.
const LOCAL_DATETIME: &str = "datetime-local";
const LOCAL_DATE: &str = "date-local";
const LOCAL_TIME: &str = "time-local";

const ANY: &[Param] = &[Param::Any];

/// The functions of this module. `toToml` gives the error's text as its result, `fromToml`
/// a map with the text under `Error`.
pub const FUNCTIONS: &[Function] = &[
    Function::pure("fromToml", &[Param::Str], |call| {
        bounds::charge_document(call, Some(2 * call.text(0).len()))?;
        let zone = Zone::local(&effects::of(call)?.local_zone);
        Ok(decode(call.text(0), &zone).unwrap_or_else(|error| fault(&error)).into())
    }),
    Function::pure("mustToToml", ANY, |call| {
        let written = encode(call.any(0))?;
        bounds::charge_document(call, Some(written.len()))?;
        Ok(text(written))
    }),
    Function::pure("toToml", ANY, |call| match encode(call.any(0)) {
        Err(fatal @ (TomlError::Panic(_) | TomlError::TooDeep | TomlError::TooLong)) => {
            Err(fatal.into())
        }
        result => {
            bounds::charge_document(call, result.as_ref().ok().map(Vec::len))?;
            Ok(text(result.unwrap_or_else(|error| error.to_string().into_bytes())))
        }
    }),
];

fn fault(error: &SyntaxError) -> Map {
    let map = Map::new();
    map.insert("Error", Value::from(error.to_string()));
    map
}
