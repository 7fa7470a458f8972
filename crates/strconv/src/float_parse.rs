//! Text to float, as Go's `ParseFloat`: decimal, hexadecimal, infinities, underscores.

use crate::{Fault, underscores_are_placed_well};

/// Go's `ParseFloat`, rounded to `bits` (32 or 64) and returned as `f64`.
///
/// On [`Fault::Range`], Go's value is the infinity of the text's sign.
pub fn parse_float(text: &[u8], bits: u32) -> Result<f64, Fault> {
    if let Some(special) = parse_special(text) {
        return Ok(special);
    }
    let shape = Shape::read(text)?;
    if shape.underscores && !underscores_are_placed_well(text) {
        return Err(Fault::Syntax);
    }
    if shape.hex {
        return parse_hex(text, bits);
    }
    let plain;
    let digits = if shape.underscores {
        plain = text.iter().copied().filter(|b| *b != b'_').collect::<Vec<_>>();
        &plain
    } else {
        text
    };
    let digits = std::str::from_utf8(digits).map_err(|_| Fault::Syntax)?;
    let value = if bits == 32 {
        f64::from(digits.parse::<f32>().map_err(|_| Fault::Syntax)?)
    } else {
        digits.parse::<f64>().map_err(|_| Fault::Syntax)?
    };
    if value.is_infinite() { Err(Fault::Range) } else { Ok(value) }
}

fn parse_special(text: &[u8]) -> Option<f64> {
    let (sign, name) = match text {
        [b'-', rest @ ..] => (-1.0, rest),
        [b'+', rest @ ..] => (1.0, rest),
        _ => (1.0, text),
    };
    // The first letter decides in nearly every case, and costs nothing.
    match name.first()? {
        b'i' | b'I' => {
            let infinite =
                name.eq_ignore_ascii_case(b"inf") || name.eq_ignore_ascii_case(b"infinity");
            infinite.then_some(sign * f64::INFINITY)
        }
        // Go takes no sign before NaN.
        b'n' | b'N' if name.len() == text.len() => {
            name.eq_ignore_ascii_case(b"nan").then_some(f64::NAN)
        }
        _ => None,
    }
}

/// What a first pass over the text found.
struct Shape {
    hex: bool,
    underscores: bool,
}

impl Shape {
    fn read(text: &[u8]) -> Result<Self, Fault> {
        let mut rest = match text {
            [b'+' | b'-', rest @ ..] => rest,
            _ => text,
        };
        let hex = rest.len() > 2 && rest[0] == b'0' && rest[1] | 0x20 == b'x';
        if hex {
            rest = &rest[2..];
        }
        let (mut underscores, mut dots, mut digits) = (false, 0, 0_usize);
        let mantissa = rest
            .iter()
            .take_while(|byte| {
                match byte {
                    b'_' => underscores = true,
                    b'.' => dots += 1,
                    b'0'..=b'9' => digits += 1,
                    b'a'..=b'f' | b'A'..=b'F' if hex => digits += 1,
                    _ => return false,
                }
                true
            })
            .count();
        if digits == 0 || dots > 1 {
            return Err(Fault::Syntax);
        }
        match &rest[mantissa..] {
            [] if !hex => {}
            [mark, exponent @ ..] if mark | 0x20 == if hex { b'p' } else { b'e' } => {
                let exponent = match exponent {
                    [b'+' | b'-', digits @ ..] => digits,
                    _ => exponent,
                };
                if !exponent.first().is_some_and(u8::is_ascii_digit)
                    || !exponent.iter().all(|b| b.is_ascii_digit() || *b == b'_')
                {
                    return Err(Fault::Syntax);
                }
                underscores |= exponent.contains(&b'_');
            }
            _ => return Err(Fault::Syntax),
        }
        Ok(Self { hex, underscores })
    }
}

/// The value of a hexadecimal float whose shape is known to be right.
fn parse_hex(text: &[u8], bits: u32) -> Result<f64, Fault> {
    // More is out of range or zero whatever the mantissa, and the sum stays far from overflow.
    const EXPONENT_CAP: i64 = 1 << 40;
    let negative = text.first() == Some(&b'-');
    let (mut mantissa, mut exponent, mut lost) = (0_u64, 0_i64, false);
    let (mut after_dot, mut scale, mut scale_sign, mut in_exponent) = (false, 0_i64, 1, false);
    let start = usize::from(matches!(text.first(), Some(b'+' | b'-'))) + 2;
    for &byte in text.get(start..).unwrap_or_default() {
        match (in_exponent, byte) {
            (false, b'.') => after_dot = true,
            (false, b'p' | b'P') => in_exponent = true,
            (true, b'-') => scale_sign = -1,
            (true, b'0'..=b'9') => {
                scale = (scale * 10 + i64::from(byte - b'0')).min(EXPONENT_CAP);
            }
            (false, _) => {
                let Some(digit) = char::from(byte).to_digit(16) else { continue };
                exponent -= if after_dot { 4 } else { 0 };
                if mantissa >> 60 == 0 {
                    mantissa = mantissa << 4 | u64::from(digit);
                } else {
                    lost |= digit != 0;
                    exponent += 4;
                }
            }
            _ => {}
        }
    }
    let value = scale_binary(mantissa, lost, exponent + scale_sign * scale, bits);
    if value.is_infinite() {
        return Err(Fault::Range);
    }
    Ok(if negative { -value } else { value })
}

/// `mantissa × 2^exponent`, rounded to nearest even; `lost` tells of bits already dropped below.
fn scale_binary(mantissa: u64, lost: bool, exponent: i64, bits: u32) -> f64 {
    let (precision, min_exponent) = if bits == 32 { (24_i64, -149_i64) } else { (53, -1074) };
    if mantissa == 0 {
        return 0.0;
    }
    let shift_up = mantissa.leading_zeros();
    let mantissa = mantissa << shift_up;
    let exponent = exponent - i64::from(shift_up);
    // Now the leading bit is at 63. Drop to the precision, or further for a subnormal.
    let drop = (64 - precision).max(min_exponent - exponent);
    if drop > 64 {
        return 0.0;
    }
    let wide = u128::from(mantissa) << 1 | u128::from(lost);
    let drop_wide = drop as u32 + 1;
    let kept = (wide >> drop_wide) as u64;
    let rest = wide & ((1 << drop_wide) - 1);
    let half = 1_u128 << (drop_wide - 1);
    let kept = kept + u64::from(rest > half || rest == half && kept & 1 == 1);
    let value = power_of_two(kept as f64, exponent + drop);
    if bits == 32 && value > f64::from(f32::MAX) { f64::INFINITY } else { value }
}

/// `value × 2^exponent` in steps that stay exact.
fn power_of_two(mut value: f64, exponent: i64) -> f64 {
    // One step is the greatest power both of whose signs are normal numbers.
    const STEP: i64 = 1000;
    let step_up = f64::from_bits(((STEP + 1023) as u64) << 52);
    let step_down = f64::from_bits(((1023 - STEP) as u64) << 52);
    let mut left = exponent.clamp(-4 * STEP, 4 * STEP);
    while left > STEP {
        value *= step_up;
        left -= STEP;
    }
    while left < -STEP {
        value *= step_down;
        left += STEP;
    }
    value * f64::from_bits(((left + 1023) as u64) << 52)
}
