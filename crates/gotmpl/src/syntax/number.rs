//! Numeric constants, and the forms that Go can give each where a type is asked for.

use strconv::Unquoted;

use super::token::Kind;
use crate::fmt::quoted;
use crate::program::{Ideal, Number};

/// What the constant means; the error is Go's message.
pub(super) fn parse(text: &[u8], kind: Kind) -> Result<Number, String> {
    let shown = String::from_utf8_lossy(text);
    match kind {
        Kind::CharConstant => return character(text, &shown),
        Kind::Complex => return complex_pair(text),
        _ => {}
    }
    if let Some(imaginary) = shown.strip_suffix('i').and_then(float) {
        return Ok(complex(0.0, imaginary));
    }
    let uint = strconv::parse_uint(text, 0, 64).ok();
    let int = strconv::parse_int(text, 0, 64).ok();
    let uint = if int == Some(0) { Some(0) } else { uint };
    if int.is_some() || uint.is_some() {
        let float = int.map(|n| n as f64).or(uint.map(|n| n as f64));
        return Ok(Number { ideal: ideal(&shown, int, float), int, float });
    }
    let Some(value) = float(&shown) else {
        return Err(format!("illegal number syntax: {}", quoted(text)));
    };
    if !shown.contains(['.', 'e', 'E', 'p', 'P']) {
        return Err(format!("integer overflow: {}", quoted(text)));
    }
    let int = whole(value);
    Ok(Number { ideal: ideal(&shown, int, Some(value)), int, float: Some(value) })
}

fn character(text: &[u8], shown: &str) -> Result<Number, String> {
    let inner = text.get(1..).unwrap_or_default();
    let (unquoted, tail) =
        strconv::unquote_char(inner, b'\'').map_err(|fault| fault.to_string())?;
    if tail != b"'" {
        return Err(format!("malformed character constant: {shown}"));
    }
    let rune = match unquoted {
        Unquoted::Byte(byte) => u32::from(byte),
        Unquoted::Rune(rune) => u32::from(rune),
    };
    Ok(Number {
        ideal: Some(Ideal::Int(i64::from(rune))),
        int: Some(i64::from(rune)),
        float: Some(f64::from(rune)),
    })
}

/// The value where no type is asked for: the look of the constant decides.
fn ideal(text: &str, int: Option<i64>, float: Option<f64>) -> Option<Ideal> {
    let hex_integer = text.len() > 2
        && (text.starts_with("0x") || text.starts_with("0X"))
        && !text.contains(['p', 'P']);
    match float {
        Some(value) if !hex_integer && text.contains(['.', 'e', 'E', 'p', 'P']) => {
            Some(Ideal::Float(value))
        }
        _ => int.map(Ideal::Int),
    }
}

fn complex(real: f64, imaginary: f64) -> Number {
    let float = (imaginary == 0.0).then_some(real);
    let int = float.and_then(whole);
    Number { ideal: Some(Ideal::Complex(real, imaginary)), int, float }
}

/// Two parts with a sign between them and an `i` behind, as `fmt.Sscan` takes them apart.
fn complex_pair(text: &[u8]) -> Result<Number, String> {
    let (real, rest) = text.split_at(float_token(text));
    let after_sign = rest.strip_prefix(b"+").or(rest.strip_prefix(b"-"));
    let imaginary = after_sign.map(|part| 1 + float_token(part));
    match imaginary.and_then(|end| rest.split_at_checked(end)) {
        Some((imaginary, [b'i', ..])) => Ok(complex(scanned(real)?, scanned(imaginary)?)),
        _ => Err("syntax error scanning complex number".to_owned()),
    }
}

/// How many bytes at the beginning `fmt.Sscan` takes for a number.
fn float_token(text: &[u8]) -> usize {
    let mut rest = text.strip_prefix(b"+").or(text.strip_prefix(b"-")).unwrap_or(text);
    let skip = |rest: &mut &[u8], belongs: fn(u8) -> bool, most: usize| {
        let taken = rest.iter().take(most).take_while(|byte| belongs(**byte)).count();
        *rest = &rest[taken..];
        taken > 0
    };
    // It looks for `Inf`, and does not give back what it has taken.
    skip(&mut rest, |byte| byte == b'i', 1);
    let decimal: fn(u8) -> bool = |byte| byte.is_ascii_digit() || byte == b'_';
    let hexadecimal: fn(u8) -> bool = |byte| byte.is_ascii_hexdigit() || byte == b'_';
    let is_hex = matches!(rest, [b'0', b'x' | b'X', ..]);
    let digits = if is_hex { hexadecimal } else { decimal };
    if is_hex {
        rest = &rest[2..];
    }
    skip(&mut rest, digits, usize::MAX);
    if skip(&mut rest, |byte| byte == b'.', 1) {
        skip(&mut rest, digits, usize::MAX);
    }
    let exponent: fn(u8) -> bool =
        if is_hex { |byte| matches!(byte, b'p' | b'P') } else { |byte| b"eEpP".contains(&byte) };
    if skip(&mut rest, exponent, 1) {
        skip(&mut rest, |byte| matches!(byte, b'+' | b'-'), 1);
        skip(&mut rest, decimal, usize::MAX);
    }
    text.len() - rest.len()
}

fn scanned(text: &[u8]) -> Result<f64, String> {
    strconv::parse_float(text, 64)
        .map_err(|fault| format!("strconv.ParseFloat: parsing {}: {fault}", quoted(text)))
}

/// The same number as `int64`, where it is whole and fits.
fn whole(value: f64) -> Option<i64> {
    /// 2^63.
    const END: f64 = 9_223_372_036_854_775_808.0;
    (value.trunc() == value && (-END..END).contains(&value)).then_some(value as i64)
}

/// A finite floating-point constant.
fn float(text: &str) -> Option<f64> {
    strconv::parse_float(text.as_bytes(), 64).ok()
}
