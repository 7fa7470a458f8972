//! Whole numbers to text and back, as Go's `FormatInt`, `ParseInt` and their unsigned kin do.

use crate::{Fault, underscores_are_placed_well};

/// The digits of base 36 in order.
const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Appends `value` in base 10: the fast path of every printer.
pub fn append_int(buffer: &mut Vec<u8>, value: i64) {
    if value < 0 {
        buffer.push(b'-');
    }
    append_uint(buffer, value.unsigned_abs());
}

/// Appends `value` in base 10.
pub fn append_uint(buffer: &mut Vec<u8>, mut value: u64) {
    if value < 10 {
        buffer.push(b'0' + value as u8);
        return;
    }
    // 20 digits hold u64::MAX.
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    while value > 0 {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
    }
    buffer.extend_from_slice(&digits[at..]);
}

/// `value` in `base`, which is 2..=36 and held to these bounds.
pub fn format_int(value: i64, base: u32) -> String {
    let digits = format_uint(value.unsigned_abs(), base);
    if value < 0 { format!("-{digits}") } else { digits }
}

/// `value` in `base`, which is 2..=36 and held to these bounds.
pub fn format_uint(mut value: u64, base: u32) -> String {
    let base = u64::from(base.clamp(2, 36));
    let mut reversed = Vec::with_capacity(20);
    loop {
        reversed.push(char::from(DIGITS[(value % base) as usize]));
        value /= base;
        if value == 0 {
            return reversed.iter().rev().collect();
        }
    }
}

/// Go's `ParseUint`. Base 0 reads prefixes (`0x`, `0o`, `0b`, `0`) and underscores; `bits` is
/// 8..=64, and 0 means 64. The function to name in a message is `ParseUint`.
pub fn parse_uint(text: &[u8], base: u32, bits: u32) -> Result<u64, Fault> {
    if text.is_empty() {
        return Err(Fault::Syntax);
    }
    let (radix, digits) = match (base, text) {
        (2..=36, _) => (u64::from(base), text),
        (0, [b'0', b'b' | b'B', rest @ ..]) if !rest.is_empty() => (2, rest),
        (0, [b'0', b'o' | b'O', rest @ ..]) if !rest.is_empty() => (8, rest),
        (0, [b'0', b'x' | b'X', rest @ ..]) if !rest.is_empty() => (16, rest),
        (0, [b'0', rest @ ..]) => (8, rest),
        (0, _) => (10, text),
        _ => return Err(Fault::Base(base)),
    };
    let max = max_of(bits);
    let mut value = 0_u64;
    let mut underscores = false;
    for &byte in digits {
        let digit = match byte {
            b'_' if base == 0 => {
                underscores = true;
                continue;
            }
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'z' => byte - b'a' + 10,
            b'A'..=b'Z' => byte - b'A' + 10,
            _ => return Err(Fault::Syntax),
        };
        if u64::from(digit) >= radix {
            return Err(Fault::Syntax);
        }
        value = value
            .checked_mul(radix)
            .and_then(|v| v.checked_add(u64::from(digit)))
            .filter(|v| *v <= max)
            .ok_or(Fault::Range)?;
    }
    if underscores && !underscores_are_placed_well(text) {
        return Err(Fault::Syntax);
    }
    Ok(value)
}

/// Go's `ParseInt`, and `Atoi` with base 10. On [`Fault::Range`], Go's value is the bound on the
/// side of the sign.
pub fn parse_int(text: &[u8], base: u32, bits: u32) -> Result<i64, Fault> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let magnitude = parse_uint(digits, base, bits)?;
    // 2^(bits-1), the first magnitude that only a negative number may have.
    let cutoff = (max_of(bits) >> 1) + 1;
    if negative {
        if magnitude > cutoff {
            return Err(Fault::Range);
        }
        return Ok((magnitude as i64).wrapping_neg());
    }
    if magnitude >= cutoff { Err(Fault::Range) } else { Ok(magnitude as i64) }
}

/// The greatest unsigned number of that many bits; 0 stands for 64.
fn max_of(bits: u32) -> u64 {
    match bits {
        1..=63 => (1 << bits) - 1,
        _ => u64::MAX,
    }
}
