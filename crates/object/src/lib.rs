//! Kubernetes objects: what they are called, what they refer to, in which order they come.
//!
//! - [`Object`]: a tree of JSON with an [`Id`]; [`read`] and [`Object::to_yaml`] are the way in and out.
//! - [`references`]: which other objects an object needs, and under which path it says so; [`makes`]:
//!   which objects come into being through it.
//! - [`pods`]: the pods that an object runs, whatever its kind.
//! - [`quantity`]: an amount, as a number.
//! - [`order`]: things with edges between them as waves, and within a wave in order; or the cycle.
//!
//! The crate knows nothing of clients, clusters or charts, and never waits.

mod identity;
mod kinds;
mod order;
mod pods;
mod quantity;
mod read;
mod reference;
mod selector;
mod write;

pub use identity::{Id, Object};
pub use kinds::{is_cluster_scoped, rank};
pub use order::{Cycle, Edge, Order, Strength, order};
pub use pods::{Pods, pods};
pub use quantity::{quantity, quantity_of};
pub use read::{ReadError, read};
pub use reference::{Reference, Target, makes, references};
pub use selector::Selector;
