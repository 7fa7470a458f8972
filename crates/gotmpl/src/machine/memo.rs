//! Results of templates that are asked for again with the same data: charts include the same names
//! and labels dozens of times.
//!
//! A result may stand for a further run when the run has changed no map that was there before it,
//! has read nothing that differs each time (clock, chance, cluster, see [`age`]), and when no map that
//! it can have read has changed since. What it can have read was there when it ended, so any change
//! of a map born before that end drops the result; a map made later is out of its reach until an
//! older map is made to hold it, which is such a change.

use std::rc::Rc;

use foldhash::{HashMap, HashMapExt};

use crate::value::age::Time;
use crate::value::{Map, Str, Value};

/// A result.
#[derive(Clone)]
pub(super) struct Known {
    pub text: Str,
    /// How many templates deep the run went.
    pub height: usize,
    /// Held, because the key has addresses of what it holds.
    _data: Value,
}

/// The results of a machine.
pub(super) struct Memo {
    known: HashMap<Rc<[u8]>, Known>,
    /// The keys by the time when the run ended.
    ends: Vec<(Time, Rc<[u8]>)>,
    bytes: usize,
    /// The key of the question.
    key: Vec<u8>,
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
        Self { known: HashMap::new(), ends: Vec::new(), bytes: 0, key: Vec::new() }
    }

    /// Forgets what may have read a map of that birth.
    pub fn forget(&mut self, changed: Time) {
        while let Some((_, key)) = self.ends.pop_if(|(end, _)| *end >= changed) {
            if let Some(known) = self.known.remove(&key) {
                self.bytes -= key.len() + known.text.len() + ENTRY_BYTES;
            }
        }
    }

    /// Whether the question can be told from all others; [`Memo::find`] and [`Memo::key`] go by it.
    pub fn ask(&mut self, name: &[u8], data: &Value) -> bool {
        self.key.clear();
        text(&mut self.key, name);
        match data {
            Value::Map(map) if !map.is_unsteady() && map.len() < MANY => {
                self.key.push(b'{');
                number(&mut self.key, std::ptr::from_ref(map.ty()) as usize as u64);
                self.key.push(u8::from(map.is_nil()));
                map.entries().iter().all(|(key, value)| {
                    text(&mut self.key, key);
                    part(&mut self.key, value, true)
                })
            }
            other => part(&mut self.key, other, true),
        }
    }

    /// The answer to the question.
    pub fn find(&self) -> Option<&Known> {
        self.known.get(&*self.key)
    }

    /// The question's key, to keep its answer under.
    pub fn key(&self) -> Rc<[u8]> {
        Rc::from(&*self.key)
    }

    /// Keeps an answer whose run ended at that time, the latest so far.
    pub fn keep(&mut self, key: Rc<[u8]>, data: Value, text: Str, height: usize, end: Time) {
        if self.bytes > MAX_BYTES {
            self.forget(0);
        }
        self.bytes += key.len() + text.len() + ENTRY_BYTES;
        self.ends.push((end, Rc::clone(&key)));
        self.known.insert(key, Known { text, height, _data: data });
    }
}

fn number(key: &mut Vec<u8>, number: u64) {
    key.extend_from_slice(&number.to_ne_bytes());
}

fn text(key: &mut Vec<u8>, text: &[u8]) {
    number(key, text.len() as u64);
    key.extend_from_slice(text);
}

fn address(key: &mut Vec<u8>, kind: u8, address: usize) {
    key.push(kind);
    number(key, address as u64);
}

/// Adds a value to the key; false when it cannot be told from others.
fn part(key: &mut Vec<u8>, value: &Value, is_outer: bool) -> bool {
    let mut tagged = |tag: u8, value: u64| {
        key.push(tag);
        number(key, value);
    };
    match value {
        Value::Nil => key.push(b'0'),
        Value::Bool(flag) => tagged(b'b', u64::from(*flag)),
        Value::Int(value) => tagged(b'i', *value as u64),
        Value::Int32(value) => tagged(b'r', *value as u64),
        Value::Int64(value) => tagged(b'l', *value as u64),
        Value::Uint8(value) => tagged(b'c', u64::from(*value)),
        Value::Uint64(value) => tagged(b'u', *value),
        Value::Float64(value) => tagged(b'f', value.to_bits()),
        Value::Str(value) if value.len() < LONG_TEXT => {
            key.push(b's');
            text(key, value);
        }
        Value::Str(value) => {
            address(key, b'S', value.address());
            number(key, value.len() as u64);
        }
        Value::Map(map) => map_address(key, map),
        Value::List(list) if is_outer && list.len() < MANY => {
            address(key, b'[', std::ptr::from_ref(list.ty()) as usize);
            key.push(u8::from(list.is_nil()));
            number(key, list.len() as u64);
            return list.iter().all(|item| part(key, item, false));
        }
        Value::List(list) => {
            address(key, b'L', list.as_ptr() as usize);
            address(key, b't', std::ptr::from_ref(list.ty()) as usize);
            number(key, list.len() as u64);
        }
        Value::Object(object) => address(key, b'o', Rc::as_ptr(object).cast::<()>() as usize),
        Value::Complex(..) => return false,
    }
    true
}

fn map_address(key: &mut Vec<u8>, map: &Map) {
    address(key, b'm', map.address());
    number(key, std::ptr::from_ref(map.ty()) as usize as u64);
}
