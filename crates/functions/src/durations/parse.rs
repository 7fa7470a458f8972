//! `time.ParseDuration`: `1h15m30.918s`, `-1.5h`, `300ms`.

use std::fmt::Write as _;

use super::{Duration, HOUR, MINUTE, SECOND};

/// What is wrong with a duration. The first three are Go's, the others Helm's; texts are quoted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// Not of the form, or too long.
    #[error("time: invalid duration {0}")]
    Invalid(String),
    /// A number without a unit.
    #[error("time: missing unit in duration {0}")]
    MissingUnit(String),
    /// A unit that does not exist.
    #[error("time: unknown unit {unit} in duration {text}")]
    UnknownUnit {
        /// The unit.
        unit: String,
        /// The whole text.
        text: String,
    },
    /// Nothing at all.
    #[error("invalid duration")]
    Nil,
    /// A blank text.
    #[error("empty duration")]
    Empty,
    /// A text that is neither a duration nor a number.
    #[error("could not parse duration {0}")]
    Unreadable(String),
    /// NaN or infinity.
    #[error("invalid duration seconds: {0}")]
    NotFinite(String),
    /// More seconds than fit.
    #[error("duration seconds overflow: {0}")]
    SecondsOverflow(String),
    /// A type that is no duration.
    #[error("unsupported duration type {0}")]
    Unsupported(String),
}

/// Reads a duration.
pub fn parse(text: &[u8]) -> Result<Duration, DurationError> {
    let invalid = || DurationError::Invalid(quote(text));
    let negative = text.starts_with(b"-");
    let mut rest = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    if rest == b"0" {
        return Ok(Duration(0));
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (amount, tail) = Amount::read(rest).ok_or_else(invalid)?;
        let length =
            tail.iter().take_while(|byte| **byte != b'.' && !byte.is_ascii_digit()).count();
        let (unit, tail) = tail.split_at(length);
        if unit.is_empty() {
            return Err(DurationError::MissingUnit(quote(text)));
        }
        let scale = unit_scale(unit)
            .ok_or_else(|| DurationError::UnknownUnit { unit: quote(unit), text: quote(text) })?;
        let nanoseconds = amount.scaled(scale).ok_or_else(invalid)?;
        total = total.checked_add(nanoseconds).filter(|sum| *sum <= 1 << 63).ok_or_else(invalid)?;
        rest = tail;
    }
    if negative {
        return Ok(Duration((total as i64).wrapping_neg()));
    }
    i64::try_from(total).map(Duration).map_err(|_| invalid())
}

fn unit_scale(unit: &[u8]) -> Option<i64> {
    Some(match unit {
        b"ns" => 1,
        b"us" => 1_000,
        b"ms" => 1_000_000,
        b"s" => SECOND,
        b"m" => MINUTE,
        b"h" => HOUR,
        _ if unit == "µs".as_bytes() || unit == "μs".as_bytes() => 1_000,
        _ => return None,
    })
}

/// A number before a unit: whole part, digits of the fraction, and their power of ten.
struct Amount {
    whole: u64,
    fraction: u64,
    scale: f64,
}

impl Amount {
    /// Reads digits with an optional fraction; nothing when there is no digit or the number is too
    /// large.
    fn read(text: &[u8]) -> Option<(Self, &[u8])> {
        let mut amount = Self { whole: 0, fraction: 0, scale: 1.0 };
        let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        for byte in &text[..digits] {
            let next = amount.whole.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?;
            amount.whole = Some(next).filter(|next| *next <= 1 << 63)?;
        }
        let Some(tail) = text[digits..].strip_prefix(b".") else {
            return (digits > 0).then_some((amount, &text[digits..]));
        };
        let places = tail.iter().take_while(|byte| byte.is_ascii_digit()).count();
        for byte in &tail[..places] {
            // Digits beyond what fits are dropped, as in Go.
            let next = amount.fraction.checked_mul(10);
            let next = next.map(|next| next + u64::from(byte - b'0'));
            let Some(next) = next.filter(|next| i64::try_from(*next).is_ok()) else { break };
            amount.fraction = next;
            amount.scale *= 10.0;
        }
        (digits + places > 0).then_some((amount, &tail[places..]))
    }

    fn scaled(&self, unit: i64) -> Option<u64> {
        let unit = unit.unsigned_abs();
        let whole = self.whole.checked_mul(unit).filter(|whole| *whole <= 1 << 63)?;
        if self.fraction == 0 {
            return Some(whole);
        }
        let part = (self.fraction as f64 * (unit as f64 / self.scale)) as u64;
        whole.checked_add(part).filter(|sum| *sum <= 1 << 63)
    }
}

/// The `time` package's own quoting: what is not printable ASCII as bytes in hexadecimal.
pub(crate) fn quote(text: &[u8]) -> String {
    let mut out = String::from("\"");
    for &byte in text {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out.push('"');
    out
}
