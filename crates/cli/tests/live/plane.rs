//! The control plane of this binary.

use std::sync::LazyLock;

use live::{ControlPlane, Options};

use crate::platform::KINDS;

/// Each test has namespaces of its own in it; it knows the kinds of operators, which do not run.
pub static PLANE: LazyLock<ControlPlane> = LazyLock::new(|| {
    let plane = ControlPlane::start(&Options::default()).unwrap();
    plane.define(KINDS).unwrap();
    plane
});
