//! When maps were made, and which have changed since: what the machine must know before it uses a
//! result again (see `machine/memo.rs`).
//!
//! Times count the maps made on this thread. A map belongs to one thread, so do its times.

use std::cell::Cell;

/// A time; earlier ones are smaller.
pub(crate) type Time = u64;

/// Before every render: the birth of maps that last from one render to the next.
pub(super) const EVER: Time = 0;

/// What has happened to maps since the last [`take`].
#[derive(Clone, Copy)]
pub(crate) struct Changes {
    /// The birth of the oldest map that changed.
    pub oldest: Time,
    /// Whether something was read that is another thing each time.
    pub unsteady: bool,
    /// Whether something was read that is another thing in the next render.
    pub bound: bool,
}

const NONE: Changes = Changes { oldest: Time::MAX, unsteady: false, bound: false };

thread_local! {
    static NOW: Cell<Time> = const { Cell::new(EVER) };
    static CHANGES: Cell<Changes> = const { Cell::new(NONE) };
    static LATEST: Cell<Time> = const { Cell::new(Time::MAX) };
    static LASTING_CHANGED: Cell<bool> = const { Cell::new(false) };
}

/// The birth of a map that is being made.
pub(super) fn birth() -> Time {
    NOW.set(NOW.get() + 1);
    NOW.get()
}

/// The birth of the youngest map.
pub(crate) fn now() -> Time {
    NOW.get()
}

/// A map of that birth changes.
pub(super) fn changed(born: Time) {
    LATEST.set(LATEST.get().min(born));
    if born == EVER {
        LASTING_CHANGED.set(true);
    }
    add(Changes { oldest: born, ..NONE });
}

/// Something is read that is another thing each time.
pub(crate) fn unsteady() {
    add(Changes { unsteady: true, ..NONE });
}

/// Something is read that is another thing in the next render.
pub(crate) fn bound() {
    add(Changes { bound: true, ..NONE });
}

/// Forgets what has happened so far.
pub(crate) fn forget() {
    take();
    latest_changed();
    lasting_changed();
}

/// Whether a map that lasts has changed since this was last asked.
pub(crate) fn lasting_changed() -> bool {
    LASTING_CHANGED.replace(false)
}

/// The same, still there to be asked for.
pub(crate) fn has_lasting_changed() -> bool {
    LASTING_CHANGED.get()
}

/// The birth of the oldest map that changed since this was last asked.
pub(crate) fn latest_changed() -> Time {
    LATEST.replace(Time::MAX)
}

/// What has happened, forgotten here.
pub(crate) fn take() -> Changes {
    CHANGES.replace(NONE)
}

/// Adds to what has happened.
pub(crate) fn add(more: Changes) {
    let before = CHANGES.get();
    CHANGES.set(Changes {
        oldest: before.oldest.min(more.oldest),
        unsteady: before.unsteady | more.unsteady,
        bound: before.bound | more.bound,
    });
}
