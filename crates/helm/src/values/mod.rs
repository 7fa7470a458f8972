//! Values: frozen trees, how files of them are read, how those of a chart and its sub-charts come
//! together, and how templates get them.
//!
//! Not here: the `--set` grammar's details (see `strvals`) and schemas (see `schema`).

mod coalesce;
mod given;
mod plain;
mod read;
mod renew;
mod shared;
mod show;
pub mod strvals;
mod work;
mod write;

pub use coalesce::{TypeMismatch, coalesce, coalesce_tables, merge};
pub use given::{Flag, Given, GivenError};
pub use plain::{NoTable, Plain, Table};
pub use read::{
    DocumentError, faulty_document, merge_documents, read_document, read_document_strictly,
    read_picked, read_value, read_values,
};
pub use shared::{Endless, Sharing};
pub use show::{go_type, go_value, go_verb_t};
pub(crate) use work::thaw_lasting;
pub use work::{Work, thaw};
pub use write::write_yaml;
