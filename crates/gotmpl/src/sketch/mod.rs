//! Sketches: what a template has printed, with places for the texts that are others in the next
//! render of the same chart, and what must hold there for all the rest to be the same.
//!
//! The instances of a fleet differ in names and domains that most templates do nothing with but print
//! them, cut or joined. While a template is recorded, each text that may be another one in the next
//! render is *marked*: it is known where it comes from. Printing and moving a marked text keeps the
//! mark; a function's result is marked as that function's result; whatever else reads the text (see
//! [`crate::value::Str`]) or another value that varies (see [`crate::value::Map::renew`]) adds the
//! condition that it is the same again. So nothing need be known about functions and nothing can
//! be forgotten: what is not followed is compared.
//!
//! A sketch whose conditions hold is drawn again with the texts of its render, without running the
//! template. What has effects or changes what lasts has no sketch.
//!
//! Not here: when to record (see `machine/redraw.rs`).

mod book;
mod draw;
mod mark;
mod pattern;
mod record;
mod shape;
mod splice;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::function::{Call, Failure, Words};
use crate::machine::Machine;
use crate::value::{Feature, Map, Str, Value};

pub(crate) use book::{Book, ConditionId, NodeId};

/// A function of the table.
pub(crate) type Run = fn(&mut Call<'_, '_>) -> Result<Value, Failure>;

/// A function that is called.
#[derive(Clone, Copy)]
pub(crate) struct Callee {
    pub run: Run,
    pub words: Words,
}

/// A place of a marked text in what was printed.
pub(crate) struct Place {
    pub start: usize,
    pub end: usize,
    pub node: NodeId,
}

thread_local! {
    static IS_RECORDING: Cell<bool> = const { Cell::new(false) };
    static BOOK: RefCell<Option<Box<Book>>> = const { RefCell::new(None) };
}

/// Whether a template is recorded on this thread.
#[inline]
pub(crate) fn is_recording() -> bool {
    IS_RECORDING.get()
}

/// Begins a recording.
pub(crate) fn start(mut book: Box<Book>) {
    book.restart();
    BOOK.set(Some(book));
    IS_RECORDING.set(true);
}

/// Ends it.
pub(crate) fn stop() -> Option<Box<Book>> {
    IS_RECORDING.set(false);
    BOOK.take()
}

/// Does `work` with the book, during which nothing is recorded; nothing when there is none.
fn with<R>(work: impl FnOnce(&mut Book) -> R) -> Option<R> {
    if !IS_RECORDING.replace(false) {
        return None;
    }
    let result = BOOK.with_borrow_mut(|book| book.as_deref_mut().map(work));
    IS_RECORDING.set(true);
    result
}

/// The template does what cannot be repeated: the recording is worth nothing.
#[cold]
pub(crate) fn spoil() {
    with(Book::spoil);
}

/// The text at that address is read.
#[cold]
pub(crate) fn read_text(address: usize) {
    with(|book| book.read_text(address));
}

/// The text at that address was asked, and gave that answer.
#[cold]
pub(crate) fn ask_text(address: usize, feature: Feature, answer: bool) {
    with(|book| book.ask_text(address, feature, answer));
}

/// The value at a key of the map, where other renders have another one, is about to be read.
pub(crate) fn read_entry(map: &Map, key: &Str) {
    with(|book| book.read_entry(map, key));
}

/// The number of the map's entries, which is another one in other renders, is about to be read.
pub(crate) fn read_length(map: &Map) {
    with(|book| book.read_length(map));
}

/// Where the recording stands.
pub(crate) fn position() -> usize {
    with(|book| book.position()).unwrap_or_default()
}

/// What must hold for what was done since then; nothing when nothing is recorded.
pub(crate) fn since(position: usize) -> Option<Rc<[ConditionId]>> {
    with(|book| book.since(position)).flatten()
}

/// What was done under these conditions counts as done again.
pub(crate) fn again(conditions: &[ConditionId]) {
    with(|book| book.again(conditions));
}

/// Keeps what a run printed that was recorded from beginning to end.
pub(crate) fn keep_included(
    question: &Rc<[u64]>,
    text: &Str,
    conditions: &Rc<[ConditionId]>,
    height: usize,
) {
    with(|book| book.keep_included(question, text, conditions, height));
}

/// What a run that answered this question in another render prints in this one, and how many
/// templates deep it went.
pub(crate) fn included_again(question: &[u64], machine: &mut Machine<'_>) -> Option<(Str, usize)> {
    let mut book = stop()?;
    let found = book.included_again(question, machine);
    BOOK.set(Some(book));
    IS_RECORDING.set(true);
    found
}

/// Where a marked text comes from.
pub(crate) fn node_of(text: &Str) -> Option<NodeId> {
    with(|book| book.node_of(text.address())).flatten()
}

/// A text that was printed, with what was marked in it.
pub(crate) fn printed(text: &[u8], places: &[Place]) -> Str {
    with(|book| book.printed(text, places)).unwrap_or_else(|| text.into())
}

/// What a function returned for these arguments, having begun at that position, marked as its result
/// if it has read marked texts. `again` calls it again.
pub(crate) fn returned(
    callee: Callee,
    args: &[Value],
    result: Value,
    position: usize,
    again: &mut dyn FnMut(&[Value]) -> Option<Value>,
) -> Value {
    with(|book| book.returned(callee, args, &result, position, again)).flatten().unwrap_or(result)
}
