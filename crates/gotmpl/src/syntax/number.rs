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
        Kind::Complex => {
            return complex_pair(&shown)
                .ok_or_else(|| "syntax error scanning complex number".to_owned());
        }
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

fn complex_pair(text: &str) -> Option<Number> {
    let body = text.strip_suffix('i')?;
    // The sign between the parts is the last one that does not belong to an exponent.
    let hex = body.contains(['x', 'X']);
    let split = body.char_indices().skip(1).filter(|(at, sign)| {
        let before = body.as_bytes().get(at - 1);
        let exponent = match before {
            Some(b'p' | b'P') => true,
            Some(b'e' | b'E') => !hex,
            _ => false,
        };
        matches!(sign, '+' | '-') && !exponent
    });
    let (at, _) = split.last()?;
    Some(complex(float(body.get(..at)?)?, float(body.get(at..)?)?))
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
