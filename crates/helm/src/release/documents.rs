//! Rendered files and the objects in them, which are read while the next files still render: the
//! second half of a render is reading what the first has printed.
//!
//! Not here: order and hooks (see `sort`).

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Scope, ScopedJoinHandle};

use gotmpl::stack;

use super::alike::Models;
use super::head::Head;
use super::split::places;
use crate::engine::Rendered;
use crate::values::DocumentError;

/// Files by their paths.
pub(super) type Files = BTreeMap<Arc<str>, File>;

/// A rendered file, and what it holds.
pub(super) struct File {
    pub content: Vec<u8>,
    /// The objects, up to the first document that is none.
    pub documents: Vec<Document>,
    pub fault: Option<Unreadable>,
}

/// An object of a file.
pub(super) struct Document {
    /// Where it stands.
    pub place: Range<usize>,
    pub head: Head,
}

/// A document that cannot be read.
pub(super) struct Unreadable {
    pub place: Range<usize>,
    pub reason: DocumentError,
}

impl File {
    fn read(file: Rendered, models: Option<&Models>) -> Self {
        let Rendered { name, content, likeness } = file;
        let mut documents = Vec::new();
        let mut fault = None;
        for (index, place) in places(&content).into_iter().enumerate() {
            let text = &content[place.clone()];
            let head = match models {
                Some(models) => models.head((&name, likeness, index), text),
                None => Head::read(text),
            };
            match head {
                Ok(head) => documents.push(Document { place, head }),
                Err(reason) => {
                    fault = Some(Unreadable { place, reason });
                    break;
                }
            }
        }
        Self { content, documents, fault }
    }
}

/// Reads files as they come: here, or on a thread of its own.
pub(super) struct Reader<'scope, 'env> {
    /// Where a thread may be started.
    scope: Option<&'scope Scope<'scope, 'env>>,
    thread: Option<Thread<'scope>>,
    waiting: Vec<Rendered>,
    waiting_bytes: usize,
}

/// A thread that reads, and its way to the files.
struct Thread<'scope> {
    sender: Sender<Vec<Rendered>>,
    batches: Arc<Batches>,
    handle: ScopedJoinHandle<'scope, Files>,
}

/// Files to read, for whoever has time.
struct Batches(Mutex<Receiver<Vec<Rendered>>>);

impl Batches {
    /// The next files; waits for them as long as there may be some.
    fn next(&self) -> Option<Vec<Rendered>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
    }

    fn read(&self) -> Files {
        read(std::iter::from_fn(|| self.next()).flatten(), None)
    }
}

/// To read less than this takes no longer than to start a thread, or to wake it.
const WORTH_A_CHANGE: usize = 32 << 10;

impl<'scope, 'env> Reader<'scope, 'env> {
    pub fn new(scope: Option<&'scope Scope<'scope, 'env>>) -> Self {
        Self { scope, thread: None, waiting: Vec::new(), waiting_bytes: 0 }
    }

    /// Takes the next file.
    pub fn take(&mut self, file: Rendered) {
        self.waiting_bytes += file.content.len();
        self.waiting.push(file);
        if self.waiting_bytes < WORTH_A_CHANGE {
            return;
        }
        if let Some(scope) = self.scope.take() {
            let (sender, receiver) = channel();
            let batches = Arc::new(Batches(Mutex::new(receiver)));
            let own = Arc::clone(&batches);
            let handle = stack::spawn_with_big_stack(scope, move || own.read());
            self.thread = handle.map(|handle| Thread { sender, batches, handle });
        }
        if let Some(thread) = &self.thread {
            // What is sent can be received as long as this thread has `batches`, too.
            drop(thread.sender.send(std::mem::take(&mut self.waiting)));
            self.waiting_bytes = 0;
        }
    }

    /// All files, read by this thread and the other. The objects of those that wait are compared with `models`.
    pub fn finish(self, models: Option<&Models>) -> Files {
        let mut files = read(self.waiting, models);
        if let Some(Thread { sender, batches, handle }) = self.thread {
            drop(sender);
            files.extend(batches.read());
            let others = handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            files.extend(others);
        }
        files
    }
}

fn read(files: impl IntoIterator<Item = Rendered>, models: Option<&Models>) -> Files {
    let read = |file: Rendered| {
        let name = Arc::clone(&file.name);
        (name, File::read(file, models))
    };
    files.into_iter().map(read).collect()
}
