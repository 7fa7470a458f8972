//! The control plane of this binary.

use std::sync::LazyLock;

use live::{ControlPlane, Options};

/// Each test has namespaces of its own in it.
pub static PLANE: LazyLock<ControlPlane> =
    LazyLock::new(|| ControlPlane::start(&Options::default()).unwrap());
