//! Values printed by a verb, as Go's `printArg` and `printValue` do.

use std::rc::Rc;

use super::layout::Flags;
use crate::limits;
use crate::value::{Elem, Kind, List, Map, Object, Value};

/// Deeper values do not come from any file: a map that contains itself does.
const DEPTH: usize = 1000;

/// A value nested without end, or much longer than anybody needs: Go overflows its stack, or fills
/// the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("value is nested too deeply or too long to print: does it contain itself?")]
pub struct TooDeep;

pub(super) struct Printer<'o> {
    pub out: &'o mut Vec<u8>,
    pub flags: Flags,
    /// Printing the operand of a bad verb: methods are not called.
    erroring: bool,
    depth: usize,
    /// The depth at which a pointer is followed: where an operand starts, also that of a bad verb.
    top: usize,
    pub stopped: bool,
}

impl<'o> Printer<'o> {
    pub fn new(out: &'o mut Vec<u8>) -> Self {
        Self { out, flags: Flags::default(), erroring: false, depth: 0, top: 1, stopped: false }
    }

    pub fn finish(self) -> Result<(), TooDeep> {
        if self.stopped { Err(TooDeep) } else { Ok(()) }
    }

    /// Whether there is more output than anybody may hold.
    pub fn full(&self) -> bool {
        self.out.len() > limits::PRINTED_BYTES
    }

    /// What an object is, or what the pointer that it is points to.
    pub fn pointee(&mut self, value: &Value) {
        let start = self.out.len();
        self.arg(value, 'v');
        if self.out.get(start) == Some(&b'&') {
            self.out.remove(start);
        }
    }

    /// An operand by `verb`.
    pub fn arg(&mut self, value: &Value, verb: char) {
        match (value, verb) {
            (Value::Nil, 'T' | 'v') => self.pad(b"<nil>"),
            (Value::Nil, _) => self.bad_verb(value, verb),
            (_, 'T') => {
                let name = value.type_name();
                self.text(name.as_bytes(), 's');
            }
            (_, 'p') => self.pointer(value, 'p'),
            (Value::List(list), _) if list.elem() == Elem::Uint8 && !is_named(list) => {
                self.byte_slice(list, verb);
            }
            _ => self.value(value, verb),
        }
    }

    /// A value inside another, or an operand that is no byte slice.
    fn value(&mut self, value: &Value, verb: char) {
        let handled = match value {
            Value::Nil => {
                let nil: &[u8] = if self.flags.sharp_v { b"interface {}(nil)" } else { b"<nil>" };
                self.out.extend_from_slice(nil);
                true
            }
            Value::Bool(b) => self.boolean(*b, verb),
            Value::Int(n) | Value::Int64(n) => self.integer(*n as u64, true, verb),
            Value::Int32(n) => self.integer(i64::from(*n) as u64, true, verb),
            Value::Uint8(n) => self.integer(u64::from(*n), false, verb),
            Value::Uint64(n) => self.integer(*n, false, verb),
            Value::Float64(n) => self.float(*n, verb),
            Value::Complex(real, imaginary) => self.complex(*real, *imaginary, verb),
            Value::Str(text) => self.text(text, verb),
            Value::List(_) | Value::Map(_) | Value::Object(_) => {
                if self.depth >= DEPTH || self.full() {
                    self.stopped = true;
                }
                if !self.stopped {
                    self.depth += 1;
                    self.composite(value, verb);
                    self.depth -= 1;
                }
                true
            }
        };
        if !handled {
            self.bad_verb(value, verb);
        }
    }

    fn composite(&mut self, value: &Value, verb: char) {
        if verb == 'w' && !self.erroring {
            return self.bad_verb(value, verb);
        }
        match value {
            Value::List(list) => self.list(list, verb),
            Value::Map(map) => self.map(map, verb),
            Value::Object(object) => self.object(value, object, verb),
            _ => {}
        }
    }

    /// `%!verb(type=value)`.
    fn bad_verb(&mut self, value: &Value, verb: char) {
        let outer = (self.erroring, self.top);
        (self.erroring, self.top) = (true, self.depth + 1);
        self.out.extend_from_slice(b"%!");
        crate::rune::push(self.out, verb);
        self.out.push(b'(');
        if matches!(value, Value::Nil) {
            self.out.extend_from_slice(b"<nil>");
        } else {
            self.out.extend_from_slice(value.type_name().as_bytes());
            self.out.push(b'=');
            self.arg(value, 'v');
        }
        self.out.push(b')');
        (self.erroring, self.top) = outer;
    }

    fn byte_slice(&mut self, list: &List, verb: char) {
        match verb {
            'v' | 'd' if self.flags.sharp_v => {
                self.out.extend_from_slice(b"[]byte");
                self.elements(list, verb);
            }
            _ => self.list(list, verb),
        }
    }

    fn list(&mut self, list: &List, verb: char) {
        if list.elem() == Elem::Uint8 && matches!(verb, 's' | 'q' | 'x' | 'X') {
            let bytes: Vec<u8> = list.iter().filter_map(as_byte).collect();
            self.text(&bytes, verb);
            return;
        }
        if self.flags.sharp_v {
            self.out.extend_from_slice(list.type_name().as_bytes());
        }
        self.elements(list, verb);
    }

    fn elements(&mut self, list: &List, verb: char) {
        if self.flags.sharp_v && list.is_nil() {
            self.out.extend_from_slice(b"(nil)");
            return;
        }
        self.out.push(if self.flags.sharp_v { b'{' } else { b'[' });
        for (index, item) in list.iter().enumerate() {
            if index > 0 {
                self.separator();
            }
            self.value(item, verb);
        }
        self.out.push(if self.flags.sharp_v { b'}' } else { b']' });
    }

    fn map(&mut self, map: &Map, verb: char) {
        if self.flags.sharp_v {
            self.out.extend_from_slice(map.ty().name.as_bytes());
            if map.is_nil() {
                self.out.extend_from_slice(b"(nil)");
                return;
            }
            self.out.push(b'{');
        } else {
            self.out.extend_from_slice(b"map[");
        }
        for (index, (key, item)) in map.entries().iter().enumerate() {
            if index > 0 {
                self.separator();
            }
            self.value(&Value::Str(key.clone()), verb);
            self.out.push(b':');
            self.value(item, verb);
        }
        self.out.push(if self.flags.sharp_v { b'}' } else { b']' });
    }

    fn separator(&mut self) {
        self.out.extend_from_slice(if self.flags.sharp_v { b", " } else { b" " });
    }

    fn object(&mut self, value: &Value, object: &Rc<dyn Object>, verb: char) {
        let methods = !self.erroring && !self.flags.sharp_v;
        if methods
            && matches!(verb, 'v' | 's' | 'x' | 'X' | 'q')
            && let Some(text) = object.display()
        {
            self.text(text.as_bytes(), verb);
            return;
        }
        if let Some(map) = object.as_map() {
            return self.map(&map, verb);
        }
        match object.kind() {
            Kind::Struct => self.fields(object, object.type_name(), verb),
            Kind::Ptr if self.depth == self.top => {
                self.out.push(b'&');
                self.fields(object, object.type_name().trim_start_matches('*'), verb);
            }
            Kind::Ptr | Kind::Func => self.pointer(value, verb),
            _ => match object.to_plain() {
                // The type is its own, whatever it is made of.
                Some(Value::Int(number) | Value::Int64(number)) => {
                    if !self.integer(number as u64, true, verb) {
                        self.bad_verb(value, verb);
                    }
                }
                Some(plain) => self.value(&plain, verb),
                None => self.fields(object, object.type_name(), verb),
            },
        }
    }

    fn fields(&mut self, object: &Rc<dyn Object>, type_name: &str, verb: char) {
        if self.flags.sharp_v {
            self.out.extend_from_slice(type_name.as_bytes());
        }
        self.out.push(b'{');
        for (index, (name, _, value)) in object.fields().iter().enumerate() {
            if index > 0 {
                self.separator();
            }
            if self.flags.plus_v || self.flags.sharp_v {
                self.out.extend_from_slice(name.as_bytes());
                self.out.push(b':');
            }
            self.value(value, verb);
        }
        self.out.push(b'}');
    }

    /// An address. Go's differ from run to run, so ours only have the form.
    fn pointer(&mut self, value: &Value, verb: char) {
        let address = match value {
            Value::Map(map) if map.is_nil() => 0,
            Value::Map(map) => map.address(),
            Value::List(list) if list.is_nil() => 0,
            Value::List(list) => list.as_ptr() as usize,
            Value::Object(object) if matches!(object.kind(), Kind::Ptr | Kind::Func) => {
                Rc::as_ptr(object).cast::<()>() as usize
            }
            _ => return self.bad_verb(value, verb),
        };
        match verb {
            'v' if self.flags.sharp_v => {
                let name = value.type_name();
                self.out.extend_from_slice(format!("({name})(").as_bytes());
                self.hex(address as u64, true);
                self.out.push(b')');
            }
            'v' | 'p' => {
                let leading = !self.flags.sharp;
                self.hex(address as u64, leading);
            }
            'b' | 'o' | 'd' | 'x' | 'X' => {
                self.integer(address as u64, false, verb);
            }
            _ => self.bad_verb(value, verb),
        }
    }
}

fn as_byte(value: &Value) -> Option<u8> {
    match value {
        Value::Uint8(byte) => Some(*byte),
        _ => None,
    }
}

fn is_named(list: &List) -> bool {
    !list.type_name().starts_with("[]")
}
