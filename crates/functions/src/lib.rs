//! The functions that a chart's templates may call: Sprig's and Helm's.
//!
//! Each module holds one table of [`Function`]s; [`all`] chains them. Adding a function is one entry
//! in one table and one file in the corpus of the `helm` crate.
//!
//! This crate must not know charts, releases, files or the command line. What needs a chart around
//! it (`include`, `tpl`, `required`, `fail`, `lookup`) is in the `helm` crate. Clock, randomness and
//! network reach it as effects that the caller grants.

mod bounds;
pub mod casing;
pub mod comparing;
pub mod crypto;
pub mod cutting;
pub mod date;
mod decimal;
pub mod defaults;
pub mod dicts;
pub mod durations;
pub mod effects;
pub mod encodings;
pub mod hashing;
pub mod json;
pub mod lists;
pub mod merging;
pub mod network;
mod numbers;
pub mod numeric;
pub mod path;
pub mod printing;
pub mod random;
pub mod reflection;
pub mod regexps;
mod runes;
pub mod sequences;
pub mod strings;
pub mod time;
pub mod toml;
pub mod url;
pub mod versions;
pub mod yaml;

use gotmpl::function::Function;

/// The table of every module, in the order of their names.
pub const TABLES: &[&[Function]] = &[
    casing::FUNCTIONS,
    comparing::FUNCTIONS,
    crypto::FUNCTIONS,
    cutting::FUNCTIONS,
    date::FUNCTIONS,
    defaults::FUNCTIONS,
    dicts::FUNCTIONS,
    durations::FUNCTIONS,
    encodings::FUNCTIONS,
    hashing::FUNCTIONS,
    json::FUNCTIONS,
    lists::FUNCTIONS,
    merging::FUNCTIONS,
    network::FUNCTIONS,
    numeric::FUNCTIONS,
    path::FUNCTIONS,
    printing::FUNCTIONS,
    random::FUNCTIONS,
    reflection::FUNCTIONS,
    regexps::FUNCTIONS,
    sequences::FUNCTIONS,
    strings::FUNCTIONS,
    toml::FUNCTIONS,
    url::FUNCTIONS,
    versions::FUNCTIONS,
    yaml::FUNCTIONS,
];

/// Every function of this crate. No name occurs twice.
pub fn all() -> impl Iterator<Item = &'static Function> {
    TABLES.iter().copied().flatten()
}
