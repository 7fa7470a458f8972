//! YAML in and out, as Go's YAML packages read and write it, with positions.
//!
//! Reading goes in layers: bytes to checked text (`input`), characters to tokens (`scan`), tokens
//! to events (`parse`), events to a tree with places (`tree`), the tree to values (`decode`). The
//! reader is that of `sigs.k8s.io/yaml` over go-yaml v2: its YAML 1.1, its messages, its limits.
//! Texts of the plain common shape take shorter ways: `lines` reads them without tokens, `walk`
//! makes values without a tree.
//!
//! Writing is a [`Writer`] driven by calls, which equals go-yaml's emitters byte for byte.
//!
//! The crate knows nothing of charts, templates or Kubernetes, and opens no file.

mod data;
mod decode;
mod error;
mod input;
mod lines;
mod mark;
mod order;
mod parse;
mod read;
mod resolve;
mod scan;
mod timestamp;
mod tree;
mod walk;
mod write;

pub use data::{Data, DataBuilder};
pub use decode::{Build, Strictness};
pub use error::Error;
pub use mark::{Mark, Span};
pub use order::{comes_before, sort_keys};
pub use read::{Text, read, read_strict, read_with};
pub use resolve::{Meaning, resolve};
pub use scan::Style;
pub use tree::{Children, Document, Node, NodeId, NodeKind, Scalar};
pub use walk::{Pick, read_picked};
pub use write::{Form, Writer, is_word};
