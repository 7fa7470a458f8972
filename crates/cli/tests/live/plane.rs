//! The control plane of this binary.

use std::sync::LazyLock;

use live::{ControlPlane, KINDS, Options};

/// Each test has namespaces of its own in it; it knows the kinds of operators, which do not run.
pub static PLANE: LazyLock<ControlPlane> =
    LazyLock::new(|| ControlPlane::start(&Options { kinds: KINDS, ..Options::default() }).unwrap());
