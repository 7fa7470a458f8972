//! The flags and variables of the network, tried on servers that speak TLS, want logins or stand
//! behind a proxy: the binary and the real Helm reach the same charts and fail in the same cases.

#[cfg(test)]
mod flags;
#[cfg(test)]
mod indexes;
#[cfg(test)]
mod platform;
#[cfg(test)]
mod provenance;
#[cfg(test)]
mod server;
#[cfg(test)]
mod world;
