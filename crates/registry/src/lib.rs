//! Where charts come from: chart repositories, OCI registries, logins, the content cache.
//!
//! This is the network edge of the chart engine: it turns what a user writes (`REPO/NAME`,
//! `oci://…`, a URL, a directory) into a chart on disk, and fills a chart's `charts/` folder.
//! It follows Helm 4's files, flags and rules, so that a machine set up for Helm needs nothing new.
//!
//! It must not know templates, values or clusters. It reads no environment variable by itself:
//! the caller hands over an [`Environment`]. Every body that it reads is bounded in size and time.

mod atomic;
pub mod content;
pub mod dependency;
mod digest;
mod environment;
mod error;
mod files;
pub mod http;
pub mod locate;
mod network;
pub mod oci;
pub mod provenance;
pub mod repo;
pub mod url;

pub use digest::Digest;
pub use environment::{Environment, Settings};
pub use error::{Error, FileError};
pub use network::{Access, Network};
pub use url::{Url, UrlError};
