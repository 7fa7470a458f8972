//! Results of templates that are asked for again with the same data: charts include the same names
//! and labels dozens of times.
//!
//! A result may stand for a further run when the run has changed no map that was there before it,
//! has read nothing that differs each time (clock, chance, cluster, see [`age`]), and when no map that
//! it can have read has changed since. What it can have read was there when it ended, so any change
//! of a map born before that end drops the result; a map made later is out of its reach until an
//! older map is made to hold it, which is such a change.
//!
//! A result may even stand in the next render, of the same chart for another instance, when its
//! question speaks of nothing but what lasts, and when the run has read no key whose value is another
//! one there (see [`Map::renew`]).

use std::rc::Rc;

use foldhash::{HashMap, HashMapExt};

use crate::sketch::{self, ConditionId};
use crate::value::age::Time;
use crate::value::{Str, Value};

/// A run.
#[derive(Clone)]
pub(super) struct Run {
    /// What it printed.
    pub text: Str,
    /// How many templates deep it went.
    pub height: usize,
    /// Whether it read what is another thing in the next render.
    pub bound: bool,
    /// What it stands under, if it was recorded.
    pub conditions: Option<Rc<[ConditionId]>>,
}

impl Run {
    /// Whether all is known of it that must be known now.
    pub fn tells_enough(&self) -> bool {
        !sketch::is_recording() || !self.bound || self.conditions.is_some()
    }

    /// Whether it is the same in the next render.
    fn lasts(&self) -> bool {
        !self.bound && self.conditions.as_ref().is_none_or(|conditions| conditions.is_empty())
    }
}

/// A result.
pub(super) struct Known {
    pub run: Run,
    /// See [`Key::lasts`].
    lasts: bool,
    /// Held, because the key has addresses of what it holds.
    _data: Value,
}

impl Known {
    fn bytes(&self, key: &Rc<[u64]>) -> usize {
        size_of_val(&**key) + self.run.text.unread().len() + ENTRY_BYTES
    }
}

/// The results of a machine.
pub(super) struct Memo {
    known: HashMap<Rc<[u64]>, Known>,
    /// The keys by the time when the run ended.
    ends: Vec<(Time, Rc<[u64]>)>,
    bytes: usize,
    /// The question asked last.
    key: Key,
}

/// More than this is forgotten: a chart may include ever new things.
const MAX_BYTES: usize = 16 << 20;
/// What an entry takes besides its key and its text.
const ENTRY_BYTES: usize = 128;
/// Strings from here on are told apart by address.
const LONG_TEXT: usize = 128;
/// Maps and lists from here on are told apart by address.
const MANY: usize = 9;

impl Memo {
    pub fn new() -> Self {
        let key = Key { words: Vec::new(), lasts: true, has_nodes: false };
        Self { known: HashMap::new(), ends: Vec::new(), bytes: 0, key }
    }

    /// Forgets what says nothing of the next render.
    pub fn retain_lasting(&mut self) {
        self.known.retain(|_, known| known.lasts && known.run.lasts());
        self.ends.retain(|(_, key)| self.known.contains_key(key));
        self.bytes = self.known.iter().map(|(key, known)| known.bytes(key)).sum();
    }

    /// Forgets what may have read a map of that birth.
    pub fn forget(&mut self, changed: Time) {
        while let Some((_, key)) = self.ends.pop_if(|(end, _)| *end >= changed) {
            if let Some(known) = self.known.remove(&key) {
                self.bytes -= known.bytes(&key);
            }
        }
    }

    /// Whether the question can be told from all others; [`Memo::find`] and [`Memo::key`] go by it.
    pub fn ask(&mut self, name: &[u8], data: &Value) -> bool {
        self.key.restart();
        self.key.text(name);
        match data {
            Value::Map(map) if !map.is_special() && map.len() < MANY => {
                self.key.words.push(u64::from(b'{'));
                self.key.words.push(std::ptr::from_ref(map.ty()) as usize as u64);
                self.key.words.push(u64::from(map.is_nil()));
                map.unread().iter().all(|(key, value)| {
                    self.key.text(key.unread());
                    self.key.part(value, true)
                })
            }
            other => self.key.part(other, true),
        }
    }

    /// The answer to the question.
    pub fn find(&self) -> Option<&Known> {
        self.known.get(&*self.key.words)
    }

    /// The question, to keep its answer under.
    pub fn question(&self) -> Question {
        let Key { words, lasts, has_nodes } = &self.key;
        Question { key: Rc::from(&**words), lasts: *lasts, has_nodes: *has_nodes }
    }

    /// Keeps an answer whose run ended at that time, the latest so far.
    pub fn keep(&mut self, question: Question, data: Value, run: Run, end: Time) {
        if self.bytes > MAX_BYTES {
            self.forget(0);
        }
        let Question { key, lasts, has_nodes } = question;
        let known = Known { run, lasts: lasts && !has_nodes, _data: data };
        self.bytes += known.bytes(&key);
        self.ends.push((end, Rc::clone(&key)));
        self.known.insert(key, known);
    }
}

/// A question that was asked.
pub(super) struct Question {
    key: Rc<[u64]>,
    /// See [`Key::lasts`].
    lasts: bool,
    /// See [`Key::has_nodes`].
    has_nodes: bool,
}

impl Question {
    /// The question, where it means the same in the next render.
    pub fn lasting(&self) -> Option<&Rc<[u64]>> {
        Some(&self.key).filter(|_| self.lasts)
    }
}

/// A question as numbers.
struct Key {
    words: Vec<u64>,
    /// Whether it means the same in the next render: it has no addresses of what this one made.
    lasts: bool,
    /// Whether it speaks of marked texts (see [`crate::sketch`]).
    has_nodes: bool,
}

impl Key {
    fn restart(&mut self) {
        self.words.clear();
        self.lasts = true;
        self.has_nodes = false;
    }

    fn text(&mut self, text: &[u8]) {
        self.words.push(text.len() as u64);
        let (words, rest) = text.as_chunks::<8>();
        self.words.extend(words.iter().map(|word| u64::from_ne_bytes(*word)));
        if !rest.is_empty() {
            self.words.push(rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)));
        }
    }

    fn tagged(&mut self, tag: u8, value: u64) {
        self.words.extend([u64::from(tag), value]);
    }

    fn address(&mut self, tag: u8, address: usize) {
        self.tagged(tag, address as u64);
        self.lasts = false;
    }

    /// Adds a value; false when it cannot be told from others.
    fn part(&mut self, value: &Value, is_outer: bool) -> bool {
        match value {
            Value::Nil => self.words.push(u64::from(b'0')),
            Value::Bool(flag) => self.tagged(b'b', u64::from(*flag)),
            Value::Int(value) => self.tagged(b'i', *value as u64),
            Value::Int32(value) => self.tagged(b'r', *value as u64),
            Value::Int64(value) => self.tagged(b'l', *value as u64),
            Value::Uint8(value) => self.tagged(b'c', u64::from(*value)),
            Value::Uint64(value) => self.tagged(b'u', *value),
            Value::Float64(value) => self.tagged(b'f', value.to_bits()),
            Value::Str(value) if let Some(node) = sketch::node_of(value) => {
                self.tagged(b'n', u64::from(node));
                self.has_nodes = true;
            }
            Value::Str(value) if value.unread().len() < LONG_TEXT => {
                self.words.push(u64::from(b's'));
                self.text(value.unread());
            }
            Value::Str(value) => {
                self.address(b'S', value.address());
                self.words.push(value.unread().len() as u64);
            }
            Value::Map(map) => {
                self.tagged(b'm', map.address() as u64);
                self.words.push(std::ptr::from_ref(map.ty()) as usize as u64);
                self.lasts &= map.lasts();
            }
            Value::List(list) if is_outer && list.len() < MANY => {
                self.tagged(b'[', std::ptr::from_ref(list.ty()) as usize as u64);
                self.words.push(u64::from(list.is_nil()));
                self.words.push(list.len() as u64);
                return list.iter().all(|item| self.part(item, false));
            }
            Value::List(list) => {
                self.address(b'L', list.as_ptr() as usize);
                self.words.push(std::ptr::from_ref(list.ty()) as usize as u64);
                self.words.push(list.len() as u64);
            }
            Value::Object(object) => self.address(b'o', Rc::as_ptr(object).cast::<()>() as usize),
            Value::Complex(..) => return false,
        }
        true
    }
}
