//! Charts from real servers: an HTTP directory, an OCI registry filled by the real Helm, and
//! servers that lie, never end or never answer.

#[cfg(test)]
mod bench;
#[cfg(test)]
mod dependencies;
#[cfg(test)]
mod oci;
#[cfg(test)]
mod repositories;
#[cfg(test)]
mod server;
#[cfg(test)]
mod words;
