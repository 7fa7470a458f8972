//! Configurations: documents in YAML, TOML or INI as one kind of tree with places, laid over one
//! another, checked against a shape, evaluated with origins.
//!
//! The way of a setting: bytes → [`Node`] (`read`), layers → one tree ([`Node::overlay`]), older
//! versions → this one (`migrate`), tree against [`Shape`] → all faults at once, or a tree in which
//! every scalar has the type that is wanted ([`Shape::check`]); at last [`Node::evaluate`] gives the
//! values, each with the line that it comes from in the [`Ledger`].
//!
//! Catalogues are read by the same means: a service's definition is a document with a shape, too.
//!
//! The crate knows nothing of services, charts or Kubernetes, and opens no file.

mod check;
mod evaluate;
mod fault;
mod hidden;
mod json_schema;
mod ledger;
mod migrate;
mod overlay;
mod read;
mod shape;
mod source;
mod text_kind;
mod tree;

pub use check::Checking;
pub use diagnostic::Words;
pub use evaluate::{ValueFault, parsed};
pub use fault::Faults;
pub use ledger::Ledger;
pub use migrate::{NEWEST_VERSION, migrate};
pub use read::{Format, read};
pub use shape::{Choice, Field, Record, Shape, secret_type};
pub use source::{Place, SourceId, Sources};
pub use text_kind::TextKind;
pub use tree::{Entry, Node, NodeKind};
