//! Scalars laid out by flags, width and precision.

use strconv::Quoting;

use super::printer::Printer;
use crate::rune;

/// Flags of one verb. Width and precision are absent or present; zero counts as present.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "these are Go's flag characters, one each")]
pub(super) struct Flags {
    pub width: Option<usize>,
    pub precision: Option<usize>,
    pub minus: bool,
    pub plus: bool,
    pub sharp: bool,
    pub space: bool,
    pub zero: bool,
    /// `%+v`.
    pub plus_v: bool,
    /// `%#v`.
    pub sharp_v: bool,
}

impl Printer<'_> {
    fn padding(&mut self, columns: usize) {
        let byte = if self.flags.zero && !self.flags.minus { b'0' } else { b' ' };
        self.out.resize(self.out.len() + columns, byte);
    }

    /// Appends `text`, padded to the width.
    pub fn pad(&mut self, text: &[u8]) {
        let missing = match self.flags.width {
            None | Some(0) => 0,
            Some(width) => width.saturating_sub(rune::count(text)),
        };
        if self.flags.minus {
            self.out.extend_from_slice(text);
            self.padding(missing);
        } else {
            self.padding(missing);
            self.out.extend_from_slice(text);
        }
    }

    /// Like [`Self::pad`], never with zeros.
    fn pad_with_spaces(&mut self, text: &[u8]) {
        let zero = std::mem::replace(&mut self.flags.zero, false);
        self.pad(text);
        self.flags.zero = zero;
    }

    /// `%U`.
    fn unicode(&mut self, code: u64) {
        let digits = self.flags.precision.unwrap_or(4).max(4);
        let mut text = format!("U+{code:0digits$X}").into_bytes();
        if let Some(rune) = u32::try_from(code).ok().and_then(char::from_u32)
            && self.flags.sharp
            && strconv::is_print(u32::from(rune))
        {
            text.extend_from_slice(b" '");
            rune::push(&mut text, rune);
            text.push(b'\'');
        }
        self.pad_with_spaces(&text);
    }

    /// An integer in base 2, 8, 10 or 16.
    fn integer_in(&mut self, magnitude: u64, negative: bool, base: u32, verb: char) {
        if self.flags.width.is_none()
            && self.flags.precision.is_none()
            && base == 10
            && !self.flags.plus
            && !self.flags.space
        {
            if negative {
                self.out.push(b'-');
            }
            return strconv::append_uint(self.out, magnitude);
        }
        let flags = self.flags;
        let signed = negative || flags.plus || flags.space;
        let digits_wanted = match flags.precision {
            Some(0) if magnitude == 0 => {
                let width = flags.width.unwrap_or(0);
                self.out.resize(self.out.len() + width, b' ');
                return;
            }
            Some(precision) => precision,
            None if flags.zero && !flags.minus => {
                flags.width.map_or(0, |width| width.saturating_sub(usize::from(signed)))
            }
            None => 0,
        };
        let mut digits = strconv::format_uint(magnitude, base);
        if verb == 'X' {
            digits.make_ascii_uppercase();
        }
        let zeros = digits_wanted.saturating_sub(digits.len());
        let mut text = Vec::with_capacity(digits.len() + zeros + 4);
        if negative {
            text.push(b'-');
        } else if flags.plus {
            text.push(b'+');
        } else if flags.space {
            text.push(b' ');
        }
        if verb == 'O' {
            text.extend_from_slice(b"0o");
        }
        if flags.sharp {
            text.extend_from_slice(match base {
                2 => b"0b",
                8 if zeros == 0 && !digits.starts_with('0') => b"0",
                16 if verb == 'X' => b"0X",
                16 => b"0x",
                _ => b"",
            });
        }
        text.resize(text.len() + zeros, b'0');
        text.extend_from_slice(digits.as_bytes());
        self.pad_with_spaces(&text);
    }

    /// An unsigned number as `%v` under `#` shows it.
    pub fn hex(&mut self, value: u64, leading_0x: bool) {
        let sharp = std::mem::replace(&mut self.flags.sharp, leading_0x);
        self.integer_in(value, false, 16, 'v');
        self.flags.sharp = sharp;
    }

    /// An integer by `verb`; false when the verb is not for integers.
    pub fn integer(&mut self, bits: u64, signed: bool, verb: char) -> bool {
        let negative = signed && (bits as i64) < 0;
        let magnitude = if negative { bits.wrapping_neg() } else { bits };
        match verb {
            'v' if self.flags.sharp_v && !signed => self.hex(bits, true),
            'v' | 'd' => self.integer_in(magnitude, negative, 10, verb),
            'b' => self.integer_in(magnitude, negative, 2, verb),
            'o' | 'O' => self.integer_in(magnitude, negative, 8, verb),
            'x' | 'X' => self.integer_in(magnitude, negative, 16, verb),
            'c' => {
                let mut text = Vec::new();
                rune::push(&mut text, to_rune(bits));
                self.pad(&text);
            }
            'q' => {
                let quoted = strconv::quote_rune(u32::from(to_rune(bits)), self.quoting());
                self.pad(quoted.as_bytes());
            }
            'U' => self.unicode(bits),
            _ => return false,
        }
        true
    }

    fn quoting(&self) -> Quoting {
        if self.flags.plus { Quoting::Ascii } else { Quoting::Printable }
    }

    /// A float by `verb`; false when the verb is not for floats.
    pub fn float(&mut self, value: f64, verb: char) -> bool {
        match verb {
            'v' => self.float_in(value, b'g', None),
            'b' | 'g' | 'G' | 'x' | 'X' => self.float_in(value, verb as u8, None),
            'f' | 'e' | 'E' => self.float_in(value, verb as u8, Some(6)),
            'F' => self.float_in(value, b'f', Some(6)),
            _ => return false,
        }
        true
    }

    fn float_in(&mut self, value: f64, format: u8, precision: Option<usize>) {
        let flags = self.flags;
        let plain = !(flags.plus || flags.sharp || flags.space);
        if plain && flags.width.is_none() && flags.precision.is_none() && format == b'g' {
            return append_plain_float(self.out, value);
        }
        let precision = flags.precision.or(precision);
        let mut text = vec![b'+'];
        strconv::append_float(&mut text, value, format, precision, 64);
        if matches!(text.get(1), Some(b'-' | b'+')) {
            text.remove(0);
        }
        if flags.space && text.starts_with(b"+") && !flags.plus {
            text[0] = b' ';
        }
        match text.get(1) {
            Some(b'N') if !flags.space && !flags.plus => return self.pad_with_spaces(b"NaN"),
            Some(b'I' | b'N') => return self.pad_with_spaces(&text),
            _ => {}
        }
        if flags.sharp && format != b'b' {
            text = with_point(&text, format, precision);
        }
        if !flags.plus && text[0] == b'+' {
            let unsigned = text.split_off(1);
            return self.pad(&unsigned);
        }
        match flags.width {
            // The sign goes before the zeros.
            Some(width) if flags.zero && !flags.minus && width > text.len() => {
                self.out.push(text[0]);
                self.padding(width - text.len());
                self.out.extend_from_slice(&text[1..]);
            }
            _ => self.pad(&text),
        }
    }

    /// A complex number by `verb`; false when the verb is not for these.
    pub fn complex(&mut self, real: f64, imaginary: f64, verb: char) -> bool {
        if !matches!(verb, 'v' | 'b' | 'g' | 'G' | 'x' | 'X' | 'f' | 'F' | 'e' | 'E') {
            return false;
        }
        self.out.push(b'(');
        self.float(real, verb);
        let plus = std::mem::replace(&mut self.flags.plus, true);
        self.float(imaginary, verb);
        self.flags.plus = plus;
        self.out.extend_from_slice(b"i)");
        true
    }

    /// A boolean by `verb`; false when the verb is not for these.
    pub fn boolean(&mut self, value: bool, verb: char) -> bool {
        if !matches!(verb, 't' | 'v') {
            return false;
        }
        self.pad(if value { b"true" } else { b"false" });
        true
    }

    /// A string by `verb`; false when the verb is not for strings.
    pub fn text(&mut self, text: &[u8], verb: char) -> bool {
        match verb {
            'v' if self.flags.sharp_v => self.quote(text),
            'v' | 's' => self.pad(self.truncated(text)),
            'x' | 'X' => self.hex_bytes(text, verb == 'X'),
            'q' => self.quote(text),
            _ => return false,
        }
        true
    }

    fn truncated<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        let Some(runes) = self.flags.precision else { return text };
        let mut end = 0;
        for _ in 0..runes {
            match rune::decode(text.get(end..).unwrap_or_default()) {
                (_, 0) => break,
                (_, width) => end += width,
            }
        }
        text.get(..end).unwrap_or(text)
    }

    fn quote(&mut self, text: &[u8]) {
        let text = self.truncated(text);
        let mut quoted = String::with_capacity(text.len() + 2);
        if self.flags.sharp && can_backquote(text) {
            quoted.push('`');
            quoted.push_str(&String::from_utf8_lossy(text));
            quoted.push('`');
        } else {
            strconv::append_quote(&mut quoted, text, b'"', self.quoting());
        }
        self.pad(quoted.as_bytes());
    }

    /// `%x` of bytes.
    fn hex_bytes(&mut self, bytes: &[u8], upper: bool) {
        const LOWER: &[u8; 16] = b"0123456789abcdef";
        const UPPER: &[u8; 16] = b"0123456789ABCDEF";
        let flags = self.flags;
        let length = flags.precision.unwrap_or(usize::MAX).min(bytes.len());
        if length == 0 {
            return self.padding(flags.width.unwrap_or(0));
        }
        let digits = if upper { UPPER } else { LOWER };
        let prefix: &[u8] = match (flags.sharp, upper) {
            (false, _) => b"",
            (true, false) => b"0x",
            (true, true) => b"0X",
        };
        let mut text = Vec::with_capacity(4 * length);
        for (index, byte) in bytes.iter().take(length).enumerate() {
            if index == 0 || flags.space {
                text.extend_from_slice(if index == 0 { b"" } else { b" " });
                text.extend_from_slice(prefix);
            }
            text.push(digits[usize::from(byte >> 4)]);
            text.push(digits[usize::from(byte & 15)]);
        }
        self.pad(&text);
    }
}

/// `%v` of a float. Most numbers of a values file are small and whole, and then look like integers.
pub(super) fn append_plain_float(out: &mut Vec<u8>, value: f64) {
    /// From here on, Go writes whole numbers with an exponent.
    const EXPONENT: f64 = 1e6;
    if value.abs() < EXPONENT
        && value.trunc() == value
        && !(value == 0.0 && value.is_sign_negative())
    {
        return strconv::append_int(out, value as i64);
    }
    strconv::append_float(out, value, b'g', None, 64);
}

/// The rune of a number, U+FFFD when there is none.
fn to_rune(bits: u64) -> char {
    u32::try_from(bits).ok().and_then(char::from_u32).unwrap_or(rune::ERROR)
}

/// Whether Go would put the text between back quotes.
fn can_backquote(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| {
        text.chars().all(|rune| {
            rune != '\u{FEFF}' && rune != '`' && rune != '\u{7F}' && (rune >= ' ' || rune == '\t')
        })
    })
}

/// A float's text (with its sign) under the `#` flag: always a point, and for `%g` the zeros that
/// it leaves out.
fn with_point(text: &[u8], format: u8, precision: Option<usize>) -> Vec<u8> {
    let mut digits = match format {
        b'g' | b'G' | b'x' => precision.unwrap_or(6),
        _ => 0,
    };
    let is_hex = matches!(format, b'x' | b'X');
    let exponent = |byte: &u8| match byte {
        b'p' | b'P' => true,
        b'e' | b'E' => !is_hex,
        _ => false,
    };
    let end = text.iter().position(exponent).unwrap_or(text.len());
    let (number, tail) = text.split_at(end);
    let mut seen_nonzero = false;
    for byte in number.iter().skip(1).filter(|byte| **byte != b'.') {
        seen_nonzero |= *byte != b'0';
        digits = digits.saturating_sub(usize::from(seen_nonzero));
    }
    let mut out = number.to_vec();
    if !number.contains(&b'.') {
        if number.len() == 2 && number[1] == b'0' {
            digits = digits.saturating_sub(1);
        }
        out.push(b'.');
    }
    out.resize(out.len() + digits, b'0');
    out.extend_from_slice(tail);
    out
}
