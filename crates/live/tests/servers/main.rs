//! Contracts in reality: what a platform of the built-in catalogue says is done with real servers,
//! as a cluster would do it.
//!
//! `platform` composes the platform and plays the cluster's part: Secrets are drawn, environments
//! are those of the rendered containers. Only addresses of the cluster are replaced by those on
//! loopback.

#[cfg(test)]
mod http;
#[cfg(test)]
mod keycloak;
#[cfg(test)]
mod place;
#[cfg(test)]
mod platform;
#[cfg(test)]
mod postgresql;
#[cfg(test)]
mod realm;
#[cfg(test)]
mod servers;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod sources;
