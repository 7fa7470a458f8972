//! Definitions: documents of a catalogue, read. What their expressions mean is checked elsewhere
//! (`contract`).

mod need;
mod option;
mod preset;
mod provisioner;
mod reader;
mod resource_type;
mod retired;
mod secret;
mod service;

pub use need::Need;
pub use option::OptionOf;
pub use preset::Preset;
pub use provisioner::Provisioner;
pub(crate) use reader::Reader;
pub use resource_type::{Output, Phase, ResourceType};
pub use retired::Retired;
pub use secret::{Secret, SecretKey};
pub use service::{Alternative, ChartReference, Requirement, Service};
