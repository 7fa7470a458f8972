//! Many renders at once: a fixed number of threads, results in the order of the work, and no more of
//! them in memory than a window.
//!
//! Not here: what is done for an instance; the caller brings it.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Finished results that may wait for an earlier one, per thread. A result is some hundred
/// kilobytes of YAML; a slow instance in front must not fill the memory with what comes after it.
const WINDOW_PER_THREAD: usize = 4;

/// Does `work` for every item on `threads` threads with big stacks, and gives each result to `sink`
/// on this thread, in the order of the items. Each thread makes a bench of its own, what its items
/// share. `None` stands for work that ended in a panic.
pub fn each<I: Sync, B, T: Send>(
    items: &[I],
    threads: usize,
    bench: impl Fn() -> B + Sync,
    work: impl Fn(&mut B, &I) -> T + Sync,
    mut sink: impl FnMut(&I, Option<T>),
) {
    let threads = threads.clamp(1, items.len().max(1));
    let desk = Desk::new(items.len(), threads * WINDOW_PER_THREAD);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| serve(&desk, items, &bench, &work));
        }
        for item in items {
            sink(item, desk.collect());
        }
    });
}

/// Takes work until there is none. A panic ends the thread below; a new one takes its place.
fn serve<I: Sync, B, T: Send>(
    desk: &Desk<T>,
    items: &[I],
    bench: &(impl Fn() -> B + Sync),
    work: &(impl Fn(&mut B, &I) -> T + Sync),
) {
    let unfinished = Mutex::new(None);
    let note = |index| *unfinished.lock().unwrap_or_else(PoisonError::into_inner) = index;
    loop {
        let ended = gotmpl::stack::with_big_stack(|| {
            let mut bench = bench();
            while let Some(index) = desk.take() {
                note(Some(index));
                let result = items.get(index).map(|item| work(&mut bench, item));
                desk.put(index, result);
                note(None);
            }
        });
        let left = unfinished.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (ended, left) {
            (Some(()), _) => return,
            (None, Some(index)) => desk.put(index, None),
            // No thread is to be had: say so for what is left.
            (None, None) => {
                while let Some(index) = desk.take() {
                    desk.put(index, None);
                }
                return;
            }
        }
    }
}

/// Where work is taken and results are put.
struct Desk<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
    count: usize,
    window: usize,
}

struct State<T> {
    taken: usize,
    collected: usize,
    ready: BTreeMap<usize, Option<T>>,
}

impl<T> Desk<T> {
    fn new(count: usize, window: usize) -> Self {
        let state = State { taken: 0, collected: 0, ready: BTreeMap::new() };
        Self { state: Mutex::new(state), changed: Condvar::new(), count, window }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'g>(&self, guard: MutexGuard<'g, State<T>>) -> MutexGuard<'g, State<T>> {
        self.changed.wait(guard).unwrap_or_else(PoisonError::into_inner)
    }

    /// The next piece of work, once the window has room for its result.
    fn take(&self) -> Option<usize> {
        let mut state = self.lock();
        while state.taken < self.count && state.taken >= state.collected + self.window {
            state = self.wait(state);
        }
        if state.taken >= self.count {
            return None;
        }
        state.taken += 1;
        Some(state.taken - 1)
    }

    fn put(&self, index: usize, result: Option<T>) {
        self.lock().ready.insert(index, result);
        self.changed.notify_all();
    }

    /// The next result in order.
    fn collect(&self) -> Option<T> {
        let mut state = self.lock();
        let index = state.collected;
        loop {
            if let Some(result) = state.ready.remove(&index) {
                state.collected += 1;
                drop(state);
                self.changed.notify_all();
                return result;
            }
            state = self.wait(state);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_panics_stay_alone() {
        let items: Vec<usize> = (0..200).collect();
        for threads in [1, 2, 7] {
            let mut got = Vec::new();
            let work = |done: &mut usize, n: &usize| {
                assert_ne!(*n, 13);
                *done += 1;
                n * n
            };
            each(&items, threads, || 0, work, |n, result| got.push((*n, result)));
            let wanted: Vec<_> = items.iter().map(|n| (*n, (*n != 13).then_some(n * n))).collect();
            assert_eq!(got, wanted);
        }
    }
}
