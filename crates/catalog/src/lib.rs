//! Catalogues: what services require and provide, and how that is satisfied.
//!
//! A **service** requires resources of **types**; a **provisioner** satisfies a type, by a service
//! of the platform or without one; a **binding** is one requirement satisfied. Types declare typed
//! outputs, each known when the platform is built or in the cluster only. Every expression of every
//! definition is checked when the catalogue loads: what a service asks of a binding is there and of
//! the right type before any platform exists.
//!
//! The way of a definition: files → documents (`config`) → [`Service`], [`ResourceType`],
//! [`Provisioner`] (`definition`) → all expressions checked (`contract`) → [`Catalogue`].
//!
//! The crate knows nothing of rendering, charts' contents or clusters, and opens no file.

mod bind;
mod bundles;
mod catalogue;
mod contract;
mod definition;
mod external;
mod facts;
mod names;
mod scope;

pub use bind::{
    Administrator, Binding, Bound, Certificate, Extra, Layer, MadeSecret, Operation, Patch,
    Platform, SecretPart, Setting, bind,
};
pub use bundles::Bundle;
pub use catalogue::{Catalogue, File};
pub use definition::{
    Alternative, ChartReference, Need, OptionOf, Output, Phase, Preset, Provisioner, Requirement,
    ResourceType, Retired, Secret, SecretKey, Service,
};
