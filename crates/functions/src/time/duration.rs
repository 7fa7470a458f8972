//! Go's `time.Duration`: 64-bit nanoseconds, and how they are written and read.

/// Nanoseconds of a microsecond.
pub const MICROSECOND: i64 = 1_000;
/// Nanoseconds of a millisecond.
pub const MILLISECOND: i64 = 1_000 * MICROSECOND;
/// Nanoseconds of a second.
pub const SECOND: i64 = 1_000 * MILLISECOND;
/// Nanoseconds of a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Nanoseconds of an hour.
pub const HOUR: i64 = 60 * MINUTE;

/// The first magnitude that no duration has.
const OVERFLOW: u64 = 1 << 63;

/// Why a text is no duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// Not of the form of durations, or too long.
    #[error("time: invalid duration {0}")]
    Invalid(String),
    /// A number without a unit.
    #[error("time: missing unit in duration {0}")]
    MissingUnit(String),
    /// A unit that does not exist.
    #[error("time: unknown unit {0} in duration {1}")]
    UnknownUnit(String, String),
}

/// `time.ParseDuration`: `1h30m`, `-1.5s`, `300ms`, `0`; the result is in nanoseconds.
pub fn parse(text: &[u8]) -> Result<i64, DurationError> {
    let invalid = || DurationError::Invalid(quote(text));
    let (negative, mut rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if rest == b"0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (whole, after) = leading_integer(rest).ok_or_else(invalid)?;
        let mut has_digits = after.len() < rest.len();
        let (mut fraction, mut scale) = (0, 1.0);
        rest = after;
        if let [b'.', digits @ ..] = rest {
            (fraction, scale, rest) = leading_fraction(digits);
            has_digits |= rest.len() < digits.len();
        }
        if !has_digits {
            return Err(invalid());
        }
        let length = rest.iter().take_while(|b| **b != b'.' && !b.is_ascii_digit()).count();
        let (name, after) = rest.split_at(length);
        rest = after;
        let unit = match name {
            b"" => return Err(DurationError::MissingUnit(quote(text))),
            b"ns" => 1,
            b"us" | b"\xc2\xb5s" | b"\xce\xbcs" => MICROSECOND,
            b"ms" => MILLISECOND,
            b"s" => SECOND,
            b"m" => MINUTE,
            b"h" => HOUR,
            _ => return Err(DurationError::UnknownUnit(quote(name), quote(text))),
        } as u64;
        // The fraction goes through floating point in Go too.
        let part = (fraction as f64 * (unit as f64 / scale)) as u64;
        total = whole
            .checked_mul(unit)
            .and_then(|whole| whole.checked_add(part))
            .filter(|sum| *sum <= OVERFLOW)
            .and_then(|sum| total.checked_add(sum))
            .filter(|sum| *sum <= OVERFLOW)
            .ok_or_else(invalid)?;
    }
    if negative {
        return Ok((total as i64).wrapping_neg());
    }
    i64::try_from(total).map_err(|_| invalid())
}

/// The number at the beginning, 0 where there are no digits; `None` where it is too large.
fn leading_integer(text: &[u8]) -> Option<(u64, &[u8])> {
    let length = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(length);
    let mut number: u64 = 0;
    for digit in digits {
        number = number.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
        if number > OVERFLOW {
            return None;
        }
    }
    Some((number, rest))
}

/// The digits after a point, as a number and what to divide it by; digits past 64 bits are dropped.
fn leading_fraction(text: &[u8]) -> (u64, f64, &[u8]) {
    let length = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(length);
    let (mut number, mut scale) = (0_u64, 1.0);
    for digit in digits {
        if number > (OVERFLOW - 1) / 10 {
            break;
        }
        let next = number * 10 + u64::from(digit - b'0');
        if next > OVERFLOW {
            break;
        }
        number = next;
        scale *= 10.0;
    }
    (number, scale, rest)
}

/// `Duration.String`: `1h2m3.5s`, `1.5ms`, `0s`.
pub fn format(nanoseconds: i64) -> String {
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let magnitude = nanoseconds.unsigned_abs();
    if magnitude == 0 {
        return "0s".to_owned();
    }
    if magnitude < SECOND as u64 {
        let (unit, digits) = match magnitude {
            0..1_000 => ("ns", 0),
            1_000..1_000_000 => ("µs", 3),
            _ => ("ms", 6),
        };
        return format!("{sign}{}{unit}", with_point(magnitude, digits));
    }
    let whole = magnitude / SECOND as u64;
    let nanoseconds_of_minute = magnitude % MINUTE as u64;
    let seconds = with_point(nanoseconds_of_minute, 9);
    let (hours, minutes) = (whole / 3600, whole / 60 % 60);
    match (hours, minutes) {
        (0, 0) => format!("{sign}{seconds}s"),
        (0, _) => format!("{sign}{minutes}m{seconds}s"),
        _ => format!("{sign}{hours}h{minutes}m{seconds}s"),
    }
}

/// The number divided by 10 to the power of `digits`, without zeros at its end.
fn with_point(number: u64, digits: u32) -> String {
    let divisor = 10_u64.pow(digits);
    let (whole, fraction) = (number / divisor, number % divisor);
    if fraction == 0 {
        return whole.to_string();
    }
    let fraction = format!("{fraction:0width$}", width = digits as usize);
    format!("{whole}.{}", fraction.trim_end_matches('0'))
}

/// `Duration.Round`: to the nearest multiple, halves away from zero.
pub fn round(nanoseconds: i64, multiple: i64) -> i64 {
    if multiple <= 0 {
        return nanoseconds;
    }
    let rest = nanoseconds % multiple;
    let down = nanoseconds - rest;
    if rest.unsigned_abs() < (multiple - rest.abs()).unsigned_abs() {
        return down;
    }
    if nanoseconds < 0 { down.saturating_sub(multiple) } else { down.saturating_add(multiple) }
}

/// `Duration.Truncate`: to the multiple towards zero.
pub fn truncate(nanoseconds: i64, multiple: i64) -> i64 {
    if multiple <= 0 { nanoseconds } else { nanoseconds - nanoseconds % multiple }
}

/// The quoting of Go's `time` package, which is not that of `strconv`: every byte beyond printable
/// ASCII is written in hexadecimal.
pub(super) fn quote(text: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut quoted = String::from("\"");
    for &byte in text {
        match byte {
            b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
            b' '..=0x7f => quoted.push(char::from(byte)),
            // Writing to a string cannot fail.
            _ => drop(write!(quoted, "\\x{byte:02x}")),
        }
    }
    quoted.push('"');
    quoted
}
