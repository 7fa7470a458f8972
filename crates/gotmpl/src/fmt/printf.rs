//! The format string: flags, widths, precisions, argument numbers, verbs.

use super::layout::Flags;
use super::printer::Printer;
use crate::rune;
use crate::value::Value;

/// Go's bound on widths, precisions and argument numbers.
const LARGEST: i64 = 1_000_000;

/// A walk over a format string.
struct Cursor<'f> {
    format: &'f [u8],
    at: usize,
    /// The argument that the next verb takes.
    arg: usize,
    /// Whether an argument number such as `[3]` stood anywhere.
    reordered: bool,
    /// Whether the argument numbers of this verb were good.
    good: bool,
    /// Whether the last thing read was an argument number.
    after_index: bool,
}

impl Cursor<'_> {
    fn byte(&self) -> Option<u8> {
        self.format.get(self.at).copied()
    }

    /// Digits. As in Go, a number too large swallows the rest of the format.
    fn number(&mut self) -> Option<usize> {
        let mut value = None;
        while let Some(digit @ b'0'..=b'9') = self.byte() {
            let so_far = value.unwrap_or(0);
            if so_far > LARGEST {
                self.at = self.format.len();
                return None;
            }
            value = Some(so_far * 10 + i64::from(digit - b'0'));
            self.at += 1;
        }
        value.and_then(|value| usize::try_from(value).ok())
    }

    /// `[n]`.
    fn argument_number(&mut self, args: usize) {
        self.after_index = false;
        if self.byte() != Some(b'[') {
            return;
        }
        self.reordered = true;
        let rest = self.format.get(self.at..).unwrap_or_default();
        let close = if rest.len() < 3 { None } else { memchr::memchr(b']', rest) };
        let Some(close) = close else {
            self.good = false;
            self.at += 1;
            return;
        };
        let mut inner =
            Cursor { format: rest.get(..close).unwrap_or_default(), at: 1, ..Cursor::new(b"") };
        let index = inner.number().filter(|_| inner.at == close);
        self.at += close + 1;
        // A number out of range still counts as one; a malformed one does not.
        self.after_index = index.is_some();
        match index.and_then(|index| index.checked_sub(1)).filter(|index| *index < args) {
            Some(index) => self.arg = index,
            None => self.good = false,
        }
    }

    /// `*`: the width or precision is an argument.
    fn star(&mut self, args: &[Value]) -> Option<i64> {
        let arg = args.get(self.arg)?;
        self.arg += 1;
        let number = match arg {
            Value::Int(n) | Value::Int64(n) => *n,
            Value::Int32(n) => i64::from(*n),
            Value::Uint8(n) => i64::from(*n),
            Value::Uint64(n) => i64::try_from(*n).ok()?,
            _ => return None,
        };
        (-LARGEST..=LARGEST).contains(&number).then_some(number)
    }
}

impl<'f> Cursor<'f> {
    fn new(format: &'f [u8]) -> Self {
        Self { format, at: 0, arg: 0, reordered: false, good: true, after_index: false }
    }
}

impl Printer<'_> {
    /// Prints `args` by `format`.
    pub fn print_format(&mut self, format: &[u8], args: &[Value]) {
        let mut cursor = Cursor::new(format);
        while cursor.at < format.len() {
            if self.full() {
                self.stopped = true;
                break;
            }
            let rest = format.get(cursor.at..).unwrap_or_default();
            let plain = memchr::memchr(b'%', rest).unwrap_or(rest.len());
            self.out.extend_from_slice(rest.get(..plain).unwrap_or_default());
            cursor.at += plain;
            if cursor.at >= format.len() {
                break;
            }
            cursor.at += 1;
            self.directive(&mut cursor, args);
        }
        if !cursor.reordered && cursor.arg < args.len() {
            self.extra(args.get(cursor.arg..).unwrap_or_default());
        }
    }

    /// One directive; its percent sign has been read.
    fn directive(&mut self, cursor: &mut Cursor<'_>, args: &[Value]) {
        self.flags = Flags::default();
        cursor.good = true;
        while let Some(byte) = cursor.byte() {
            match byte {
                b'#' => self.flags.sharp = true,
                b'0' => self.flags.zero = true,
                b'+' => self.flags.plus = true,
                b'-' => self.flags.minus = true,
                b' ' => self.flags.space = true,
                b'a'..=b'z' if cursor.arg < args.len() => {
                    // The common case: a verb without width, precision or number.
                    cursor.at += 1;
                    return self.verb(char::from(byte), cursor, args);
                }
                _ => break,
            }
            cursor.at += 1;
        }
        cursor.argument_number(args.len());
        self.width(cursor, args);
        self.precision(cursor, args);
        if !cursor.after_index {
            cursor.argument_number(args.len());
        }
        let (verb, size) = rune::decode(cursor.format.get(cursor.at..).unwrap_or_default());
        if size == 0 {
            self.out.extend_from_slice(b"%!(NOVERB)");
            return;
        }
        cursor.at += size;
        if verb == '%' {
            self.out.push(b'%');
        } else if !cursor.good {
            self.broken(verb, b"(BADINDEX)");
        } else if cursor.arg >= args.len() {
            self.broken(verb, b"(MISSING)");
        } else {
            self.verb(verb, cursor, args);
        }
    }

    fn broken(&mut self, verb: char, what: &[u8]) {
        self.out.extend_from_slice(b"%!");
        rune::push(self.out, verb);
        self.out.extend_from_slice(what);
    }

    fn width(&mut self, cursor: &mut Cursor<'_>, args: &[Value]) {
        if cursor.byte() != Some(b'*') {
            self.flags.width = cursor.number();
            // A width after an argument number: "%[3]2d".
            cursor.good &= !(cursor.after_index && self.flags.width.is_some());
            return;
        }
        cursor.at += 1;
        let given = cursor.star(args);
        if given.is_none() {
            self.out.extend_from_slice(b"%!(BADWIDTH)");
        }
        if given.is_some_and(i64::is_negative) {
            self.flags.minus = true;
            self.flags.zero = false;
        }
        self.flags.width = given.and_then(|width| usize::try_from(width.unsigned_abs()).ok());
        cursor.after_index = false;
    }

    fn precision(&mut self, cursor: &mut Cursor<'_>, args: &[Value]) {
        if cursor.byte() != Some(b'.') || cursor.at + 1 >= cursor.format.len() {
            return;
        }
        cursor.at += 1;
        // A precision after an argument number: "%[3].2d".
        cursor.good &= !cursor.after_index;
        cursor.argument_number(args.len());
        if cursor.byte() != Some(b'*') {
            self.flags.precision = Some(cursor.number().unwrap_or(0));
            return;
        }
        cursor.at += 1;
        self.flags.precision = cursor.star(args).and_then(|given| usize::try_from(given).ok());
        if self.flags.precision.is_none() {
            self.out.extend_from_slice(b"%!(BADPREC)");
        }
        cursor.after_index = false;
    }

    fn verb(&mut self, verb: char, cursor: &mut Cursor<'_>, args: &[Value]) {
        if matches!(verb, 'v' | 'w') {
            self.flags.sharp_v = std::mem::take(&mut self.flags.sharp);
            self.flags.plus_v = std::mem::take(&mut self.flags.plus);
        }
        if let Some(arg) = args.get(cursor.arg) {
            self.arg(arg, verb);
        }
        cursor.arg += 1;
    }

    /// `%!(EXTRA type=value, …)`.
    fn extra(&mut self, args: &[Value]) {
        self.flags = Flags::default();
        self.out.extend_from_slice(b"%!(EXTRA ");
        for (index, arg) in args.iter().enumerate() {
            self.out.extend_from_slice(if index > 0 { b", " } else { b"" });
            if !matches!(arg, Value::Nil) {
                self.out.extend_from_slice(arg.type_name().as_bytes());
                self.out.push(b'=');
            }
            self.arg(arg, 'v');
        }
        self.out.push(b')');
    }
}
