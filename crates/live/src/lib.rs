//! A real control plane with simulated nodes: for tests, and for a person to play with
//! (`cargo xtask bed`). The product does not depend on this crate.
//!
//! [`ControlPlane`] starts the real etcd, API server, controller manager and scheduler, and KWOK,
//! which plays the nodes: everything that is decided in a cluster is decided by the real programs,
//! and only containers are not run. What happens to a pod is a **stage** of ours (`stages/`): it
//! becomes ready after a moment, a Job's pod completes, a claim gets its volume. A pod's **fate**,
//! a label or annotation named [`FATE`], chooses another end: [`FATES`] lists them.
//! [`ControlPlane::fate`] gives one to the pods of a name without touching what creates them.
//!
//! Everything of one control plane is in one temporary directory, on loopback, on ports that were
//! free. A guard process holds the read end of a pipe whose write end is ours alone: when that
//! closes, because the value is dropped, or the process ends, panics or is killed, the guard kills
//! every part hard and removes the directory. The parts are not asked to stop, because an API
//! server that is asked waits for an etcd that may be gone.
//!
//! What a test is given ([`ControlPlane::kubectl`], [`ControlPlane::command`]) sees this control
//! plane and no other cluster, whatever the environment says: the environment does not get there.
//! Custom resources are known to it by [`Options::kinds`] or [`ControlPlane::define`], which
//! controller-gen makes of the operators' own Go types. Operators do not run: of those that
//! somebody waits for, a stage says what they would (`stages/operators/`).
//!
//! Other servers (Keycloak, databases and their like) need no control plane: a [`Guard`] ends them
//! with the test, and `tests/servers` starts them.
//!
//! The crate knows nothing of charts, catalogues or releases; its tests bring them.

mod control_plane;
mod definitions;
mod guard;
mod parts;
mod ports;
mod random;
mod tools;

pub use control_plane::{ControlPlane, FATE, FATES, KINDS, Options, fresh_directory};
pub use guard::Guard;
pub use ports::free as free_port;
pub use random::text as random_text;
pub use tools::tools;
