//! From rendered files to what an installation would send: objects, hooks, notes, in Helm's order.
//!
//! Not here: rendering (see `engine`), any writing of files. Follows Helm 4's `pkg/action`
//! (`renderResources`), `pkg/release/v1/util` and `pkg/cmd/template.go`.

mod alike;
mod documents;
mod head;
mod name;
mod order;
mod print;
mod sort;
mod split;
mod template;

pub use alike::Models;
pub use head::Head;
pub use name::name_from_template;
pub use print::{Hooks, NoSuchTemplate, Piece, print as print_piece, show_only};
pub use sort::{Hook, Manifest, ParseError};
pub use split::{split, trim};
pub use template::{Failed, Options, Reason, Threads, render};

/// What a chart would install.
#[derive(Clone, Debug, Default)]
pub struct Release {
    /// The release's name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// The custom resource definitions of `crds/`, with the paths that Helm prints, when they were
    /// asked for.
    pub crds: Vec<Manifest>,
    /// The objects, in the order of installation.
    pub manifests: Vec<Manifest>,
    /// The hooks, in the same order.
    pub hooks: Vec<Hook>,
    /// What NOTES.txt of the chart says.
    pub notes: Vec<u8>,
}
