//! `dependency list`, `update` and `build`: what a chart depends on, and filling its `charts/`.
//!
//! Follows Helm 4's `pkg/action/dependency.go`, `pkg/downloader/manager.go` and
//! `internal/resolver`: the same words, the same files, the same lock.

mod download;
mod error;
mod json;
mod list;
mod lock;
mod manager;
mod names;
mod place;
mod resolve;
mod table;

pub use error::DependencyError;
pub use list::list;
pub use lock::Timestamp;
pub use manager::{Manager, Options, Pack};
