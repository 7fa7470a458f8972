//! Float to text, as Go's `FormatFloat`. The digits come from Rust's own exact algorithms; where
//! the point stands and how the exponent looks is Go's.

use std::fmt::{self, Write};

use crate::{append_int, append_uint};

/// The digits a double can have before only zeros follow; asking for more just adds zeros.
const MOST_DIGITS: usize = 1100;

/// `value` in Go's format `e`, `E`, `f`, `F`, `g`, `G`, `x`, `X` or `b`.
///
/// `precision` is the number of digits as Go counts it for that format, `None` (Go's -1) the
/// shortest text that reads back as the same number of `bits` (32 or 64).
pub fn format_float(value: f64, format: u8, precision: Option<usize>, bits: u32) -> String {
    let mut text = Vec::with_capacity(24);
    append_float(&mut text, value, format, precision, bits);
    text.into_iter().map(char::from).collect()
}

/// Appends what [`format_float`] returns. An unknown format appends `%` and its letter, as Go.
pub fn append_float(
    out: &mut Vec<u8>,
    value: f64,
    format: u8,
    precision: Option<usize>,
    bits: u32,
) {
    let value = if bits == 32 { f64::from(value as f32) } else { value };
    if value.is_nan() {
        out.extend_from_slice(b"NaN");
        return;
    }
    if value.is_infinite() {
        out.extend_from_slice(if value > 0.0 { b"+Inf" } else { b"-Inf" });
        return;
    }
    match format {
        b'x' | b'X' => return append_hex(out, value, format, precision, bits),
        b'b' => return append_binary(out, value, bits),
        b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => {}
        _ => return out.extend_from_slice(&[b'%', format]),
    }
    if value.is_sign_negative() {
        out.push(b'-');
    }
    let value = value.abs();
    match (format, precision) {
        (_, None) => {
            let mut scratch = ShortText::default();
            append_shortest(out, &Digits::shortest(&mut scratch, value, bits), format);
        }
        (b'f' | b'F', Some(places)) => append_fixed(out, value, places),
        (b'e' | b'E', Some(places)) => {
            let mut scratch = Vec::new();
            let digits = Digits::rounded(&mut scratch, value, places.saturating_add(1));
            append_scientific(out, &digits, places, format);
        }
        (_, Some(count)) => {
            let mut scratch = Vec::new();
            let digits = Digits::rounded(&mut scratch, value, count.max(1));
            append_general(out, &digits, count.max(1), format);
        }
    }
}

/// A text of at most 32 bytes: seventeen digits, a point and an exponent fit.
#[derive(Default)]
struct ShortText {
    bytes: [u8; 32],
    length: usize,
}

impl ShortText {
    /// How many digits stand before the exponent.
    fn digits(&self) -> usize {
        let text = &self.bytes[..self.length];
        text.iter().take_while(|b| **b != b'e').filter(|b| b.is_ascii_digit()).count()
    }
}

impl fmt::Write for ShortText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.bytes.get_mut(self.length..self.length + text.len());
        room.ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length += text.len();
        Ok(())
    }
}

/// Decimal digits without trailing zeros; the value is `0.DIGITS × 10^point`, zero has no digit.
struct Digits<'a> {
    text: &'a [u8],
    point: i32,
}

impl<'a> Digits<'a> {
    fn shortest(scratch: &'a mut ShortText, value: f64, bits: u32) -> Self {
        // Thirty-two bytes always suffice, so the formatter cannot fail.
        let _ = if bits == 32 {
            write!(scratch, "{:e}", value as f32)
        } else {
            write!(scratch, "{value:e}")
        };
        Self::even_of_two(scratch, value, bits);
        Self::from_scientific(&mut scratch.bytes[..scratch.length])
    }

    /// Where the value lies halfway between two shortest texts, Rust takes the upper one, and Go
    /// the one whose last digit is even, as Rust's rounding to a number of digits does.
    fn even_of_two(scratch: &mut ShortText, value: f64, bits: u32) {
        let (digits, fewest) = (scratch.digits(), if bits == 32 { 6 } else { 15 });
        if digits < fewest {
            return;
        }
        let mut even = ShortText::default();
        let _ = write!(even, "{value:.*e}", digits - 1);
        let reads_back = std::str::from_utf8(&even.bytes[..even.length]).is_ok_and(|text| {
            if bits == 32 { text.parse() == Ok(value as f32) } else { text.parse() == Ok(value) }
        });
        if reads_back {
            *scratch = even;
        }
    }

    fn rounded(scratch: &'a mut Vec<u8>, value: f64, count: usize) -> Self {
        *scratch = format!("{value:.*e}", count.min(MOST_DIGITS) - 1).into_bytes();
        Self::from_scientific(scratch)
    }

    /// Takes `d.ddde±x` apart, closing the gap of the point.
    fn from_scientific(text: &'a mut [u8]) -> Self {
        let mark = text.iter().position(|b| *b == b'e').unwrap_or(text.len());
        let exponent = text
            .get(mark + 1..)
            .and_then(|e| std::str::from_utf8(e).ok())
            .and_then(|e| e.parse::<i32>().ok())
            .unwrap_or(0);
        let mut count = mark;
        if mark > 1 {
            text.copy_within(2..mark, 1);
            count = mark - 1;
        }
        while count > 0 && text[count - 1] == b'0' {
            count -= 1;
        }
        if count == 0 {
            return Self { text: &[], point: 0 };
        }
        Self { text: &text[..count], point: exponent + 1 }
    }

    /// The exponent of the first digit.
    fn exponent(&self) -> i32 {
        if self.text.is_empty() { 0 } else { self.point - 1 }
    }
}

fn append_shortest(out: &mut Vec<u8>, digits: &Digits, format: u8) {
    match format {
        b'e' | b'E' => append_scientific(out, digits, digits.text.len().saturating_sub(1), format),
        b'f' | b'F' => append_positional(out, digits),
        // The shortest form changes to an exponent at 1e21 only in `fmt`'s %v; here it is six.
        _ => append_by_exponent(out, digits, 6, format),
    }
}

fn append_general(out: &mut Vec<u8>, digits: &Digits, precision: usize, format: u8) {
    let count = digits.text.len();
    let all_before_point = i32::try_from(count).is_ok_and(|count| count >= digits.point);
    let limit = if precision > count && all_before_point { count } else { precision };
    append_by_exponent(out, digits, i32::try_from(limit).unwrap_or(i32::MAX), format);
}

/// The choice of `%g`: an exponent when it is below -4 or reaches `limit`.
fn append_by_exponent(out: &mut Vec<u8>, digits: &Digits, limit: i32, format: u8) {
    let exponent = digits.point - 1;
    if exponent < -4 || exponent >= limit {
        let places = digits.text.len().saturating_sub(1);
        append_scientific(out, digits, places, format - (b'g' - b'e'));
    } else {
        append_positional(out, digits);
    }
}

fn append_scientific(out: &mut Vec<u8>, digits: &Digits, places: usize, format: u8) {
    let (first, rest) = digits.text.split_first().unwrap_or((&b'0', &[]));
    out.push(*first);
    if places > 0 {
        out.push(b'.');
        let kept = rest.len().min(places);
        out.extend_from_slice(&rest[..kept]);
        out.resize(out.len() + (places - kept), b'0');
    }
    append_exponent(out, digits.exponent(), format);
}

/// `e+06`: the letter, the sign and at least two digits.
fn append_exponent(out: &mut Vec<u8>, exponent: i32, letter: u8) {
    out.push(letter);
    out.push(if exponent < 0 { b'-' } else { b'+' });
    if exponent.abs() < 10 {
        out.push(b'0');
    }
    append_uint(out, u64::from(exponent.unsigned_abs()));
}

/// All the digits and no exponent.
fn append_positional(out: &mut Vec<u8>, digits: &Digits) {
    let count = digits.text.len();
    let Ok(point) = usize::try_from(digits.point) else {
        out.extend_from_slice(b"0.");
        out.resize(out.len() + digits.point.unsigned_abs() as usize, b'0');
        return out.extend_from_slice(digits.text);
    };
    let whole = point.min(count);
    out.extend_from_slice(&digits.text[..whole]);
    out.resize(out.len() + (point - whole), b'0');
    if point == 0 {
        out.push(b'0');
    }
    if count > whole {
        out.push(b'.');
        out.extend_from_slice(&digits.text[whole..]);
    }
}

fn append_fixed(out: &mut Vec<u8>, value: f64, places: usize) {
    let exact = places.min(MOST_DIGITS);
    out.extend_from_slice(format!("{value:.exact$}").as_bytes());
    out.resize(out.len() + (places - exact), b'0');
}

/// The mantissa with its implicit bit, and the exponent of its last bit.
fn take_apart(value: f64, bits: u32) -> (u64, i32, u32) {
    let (raw, mantissa_bits, excess) = if bits == 32 {
        (u64::from((value as f32).to_bits()) & 0x7fff_ffff, 23, 127)
    } else {
        (value.to_bits() & (u64::MAX >> 1), 52, 1023)
    };
    let exponent = (raw >> mantissa_bits) as i32;
    let fraction = raw & ((1 << mantissa_bits) - 1);
    if exponent == 0 {
        (fraction, 1 - excess, mantissa_bits)
    } else {
        (fraction | 1 << mantissa_bits, exponent - excess, mantissa_bits)
    }
}

/// `%b`: the mantissa as a whole number and a power of two.
fn append_binary(out: &mut Vec<u8>, value: f64, bits: u32) {
    let (mantissa, exponent, mantissa_bits) = take_apart(value, bits);
    if value.is_sign_negative() {
        out.push(b'-');
    }
    append_uint(out, mantissa);
    let exponent = exponent - mantissa_bits as i32;
    out.push(b'p');
    if exponent >= 0 {
        out.push(b'+');
    }
    append_int(out, i64::from(exponent));
}

/// `%x`: `0x1.8p+01`, the leading digit normalised to 1.
fn append_hex(out: &mut Vec<u8>, value: f64, format: u8, precision: Option<usize>, bits: u32) {
    // The leading one is kept at this bit, so that fifteen hexadecimal digits follow it.
    const LEAD: u32 = 60;
    let (mantissa, mut exponent, mantissa_bits) = take_apart(value, bits);
    let mut mantissa = mantissa << (LEAD - mantissa_bits);
    if mantissa == 0 {
        exponent = 0;
    } else {
        let shift = mantissa.leading_zeros() - (63 - LEAD);
        mantissa <<= shift;
        exponent -= shift as i32;
    }
    if let Some(places @ 0..15) = precision {
        let shift = places as u32 * 4;
        let extra = (mantissa << shift) & ((1 << LEAD) - 1);
        mantissa >>= LEAD - shift;
        mantissa += u64::from(extra | (mantissa & 1) > 1 << (LEAD - 1));
        mantissa <<= LEAD - shift;
        if mantissa >> (LEAD + 1) != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    if value.is_sign_negative() {
        out.push(b'-');
    }
    out.extend_from_slice(&[b'0', format, b'0' + (mantissa >> LEAD & 1) as u8]);
    mantissa <<= 4;
    let digits = if format == b'X' { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
    let places = precision.unwrap_or_else(|| (64 - mantissa.trailing_zeros() as usize).div_ceil(4));
    if places > 0 {
        out.push(b'.');
    }
    for _ in 0..places {
        out.push(digits[(mantissa >> LEAD & 15) as usize]);
        mantissa <<= 4;
    }
    append_exponent(out, exponent, if format == b'X' { b'P' } else { b'p' });
}
