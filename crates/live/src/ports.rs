//! Free ports on loopback.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

use anyhow::{Result, bail};

/// Below those that the system gives to outgoing connections, so that none of them comes between.
const FIRST: u16 = 12_000;
const COUNT: u16 = 18_000;

/// How far this process has come.
static NEXT: AtomicU16 = AtomicU16::new(0);

/// A port on which nobody listens. Processes look from different places on.
pub fn free() -> Result<u16> {
    let start = (std::process::id().wrapping_mul(37) % u32::from(COUNT)) as u16;
    for _ in 0..COUNT {
        let step = NEXT.fetch_add(1, Ordering::Relaxed) % COUNT;
        let port = FIRST + (start + step) % COUNT;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port from {FIRST} to {} is free", FIRST + COUNT - 1)
}
