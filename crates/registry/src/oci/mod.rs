//! Charts in OCI registries: references, logins, tokens, tags, manifests and layers.
//!
//! Only pulling is known here, by the OCI distribution specification; every digest is checked.

mod auth;
mod challenge;
mod client;
mod error;
mod login;
mod manifest;
mod reference;
mod versions;

pub use client::{Client, PulledChart, Retries};
pub use error::OciError;
pub use login::{Credential, Logins};
pub use reference::{Reference, SCHEME, is_oci};
pub use versions::{pick_version, versions_of};
