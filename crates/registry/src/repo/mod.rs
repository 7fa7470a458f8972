//! Chart repositories over HTTP: the list of known ones, their indexes, and the cache of those.

mod entries;
mod index;
mod slice;
mod update;

pub use entries::{Repository, load_repositories};
pub use index::{ChartVersion, Index, IndexError};
pub use update::{cached_index, download_index, index_file_name, store_index};
