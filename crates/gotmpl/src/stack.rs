//! Recursion without fear: how much of this thread's stack is left, and a thread with a lot of it.
//!
//! Templates nest: lists in lists, `include` in `include`. Counting levels would either refuse what
//! Go accepts or trust that a level never costs more than it did on the day of measurement. So the
//! parser and the machine look at the stack itself: the address of a local variable against a floor.

use std::cell::Cell;
use std::thread::{Scope, ScopedJoinHandle};

/// The stack of a thread made by [`with_big_stack`]: enough for Helm's thousand nested includes with
/// tens of nodes between two of them, in a debug build. Only touched pages cost memory.
pub const BIG_STACK_BYTES: usize = 256 << 20;

/// What a thread of unknown stack may use below the first check. Rust's test threads have 2 MiB.
const CAUTIOUS_BYTES: usize = 1 << 20;

/// What stays free for the functions called between two checks.
const RESERVE_BYTES: usize = 256 << 10;

thread_local! {
    static FLOOR: Cell<usize> = const { Cell::new(0) };
}

/// Runs `work` on a thread with a big stack and hands back what it returns, or `None` when the
/// system gives no such thread or `work` panicked.
pub fn with_big_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    std::thread::scope(|scope| spawn_with_big_stack(scope, work)?.join().ok())
}

/// Starts `work` on a thread with a big stack, if the system gives one.
pub fn spawn_with_big_stack<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> Option<ScopedJoinHandle<'scope, T>> {
    let run = move || {
        FLOOR.set(here().saturating_sub(BIG_STACK_BYTES - RESERVE_BYTES));
        work()
    };
    std::thread::Builder::new().stack_size(BIG_STACK_BYTES).spawn_scoped(scope, run).ok()
}

/// The address under which recursion on this thread must stop. Ask for it once, where the recursion
/// starts, and compare with [`below`] at each level.
pub fn floor() -> usize {
    match FLOOR.get() {
        0 => here().saturating_sub(CAUTIOUS_BYTES - RESERVE_BYTES),
        floor => floor,
    }
}

/// Whether the stack has come down to `floor`.
#[inline]
pub fn below(floor: usize) -> bool {
    here() < floor
}

#[inline]
fn here() -> usize {
    let marker = 0_u8;
    std::ptr::from_ref(&marker) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dive(floor: usize, depth: usize) -> usize {
        let ballast = std::hint::black_box([depth as u8; 512]);
        if below(floor) { depth } else { dive(floor, depth + 1).max(ballast.len()) }
    }

    #[test]
    fn recursion_ends_before_the_stack_does() {
        assert!(dive(floor(), 0) > 100);
        assert!(with_big_stack(|| dive(floor(), 0)).unwrap() > 100_000);
    }
}
