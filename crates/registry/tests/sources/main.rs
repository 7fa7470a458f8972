//! Charts from real servers: an HTTP directory, an OCI registry filled by the real Helm, and
//! servers that lie, never end or never answer.

mod bench;
mod dependencies;
mod oci;
mod repositories;
mod server;
