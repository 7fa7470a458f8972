//! What a scalar means: YAML 1.1 as Go's YAML package reads it.

use crate::timestamp::is_timestamp;

/// What a text stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Meaning {
    /// `null`, `~`, nothing.
    Null,
    /// `true`, `yes`, `on`, `y` and their opposites.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number beyond the signed ones.
    Uint(u64),
    /// A number with a point or an exponent, or one too large otherwise.
    Float(f64),
    /// A text that looks like a date; it stays a text.
    Timestamp,
    /// Just text.
    Text,
}

impl Meaning {
    /// The short tag, as Go's messages show it.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::Null => "!!null",
            Self::Bool(_) => "!!bool",
            Self::Int(_) | Self::Uint(_) => "!!int",
            Self::Float(_) => "!!float",
            Self::Timestamp => "!!timestamp",
            Self::Text => "!!str",
        }
    }
}

/// What a plain text means without a tag.
pub fn resolve(text: &str) -> Meaning {
    resolve_with(text, true)
}

/// `timestamps` says whether dates are looked for: only without a tag or with `!!timestamp`.
pub(crate) fn resolve_with(text: &str, timestamps: bool) -> Meaning {
    let Some(&first) = text.as_bytes().first() else { return Meaning::Null };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => {
            resolve_word(text)
        }
        b'.' => match resolve_special_float(text) {
            Some(value) => Meaning::Float(value),
            None => strconv::parse_float(text.as_bytes(), 64).map_or(Meaning::Text, Meaning::Float),
        },
        b'0'..=b'9' | b'+' | b'-' => resolve_number(text, timestamps),
        _ => Meaning::Text,
    }
}

fn resolve_word(text: &str) -> Meaning {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Meaning::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Meaning::Bool(false)
        }
        "~" | "null" | "Null" | "NULL" => Meaning::Null,
        _ => Meaning::Text,
    }
}

fn resolve_special_float(text: &str) -> Option<f64> {
    let (negative, signed, name) = match text.as_bytes() {
        [b'-', name @ ..] => (true, true, name),
        [b'+', name @ ..] => (false, true, name),
        name => (false, false, name),
    };
    match name {
        b".inf" | b".Inf" | b".INF" => {
            Some(if negative { f64::NEG_INFINITY } else { f64::INFINITY })
        }
        b".nan" | b".NaN" | b".NAN" if !signed => Some(f64::NAN),
        _ => None,
    }
}

fn resolve_number(text: &str, timestamps: bool) -> Meaning {
    if let Some(value) = resolve_special_float(text) {
        return Meaning::Float(value);
    }
    if timestamps && is_timestamp(text) {
        return Meaning::Timestamp;
    }
    let without_underscores;
    let plain = if text.contains('_') {
        without_underscores = text.replace('_', "");
        without_underscores.as_bytes()
    } else {
        text.as_bytes()
    };
    if let Ok(value) = strconv::parse_int(plain, 0, 64) {
        return Meaning::Int(value);
    }
    if let Ok(value) = strconv::parse_uint(plain, 0, 64) {
        return Meaning::Uint(value);
    }
    if is_float_form(plain)
        && let Ok(value) = strconv::parse_float(plain, 64)
    {
        return Meaning::Float(value);
    }
    // Go reads the digits after `0b` once more by themselves, which lets a sign stand there.
    if let Some(digits) = plain.strip_prefix(b"0b") {
        if let Ok(value) = strconv::parse_int(digits, 2, 64) {
            return Meaning::Int(value);
        }
        if let Ok(value) = strconv::parse_uint(digits, 2, 64) {
            return Meaning::Uint(value);
        }
    }
    Meaning::Text
}

/// A sign, digits with a point anywhere, an exponent: `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)(e…)?`.
fn is_float_form(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut rest = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    let whole = digits(rest);
    rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let count = digits(fraction);
        if whole + count == 0 {
            return false;
        }
        rest = &fraction[count..];
    } else if whole == 0 {
        return false;
    }
    match rest {
        [] => true,
        [b'e' | b'E', exponent @ ..] => {
            let exponent = match exponent {
                [b'-' | b'+', digits @ ..] => digits,
                _ => exponent,
            };
            !exponent.is_empty() && digits(exponent) == exponent.len()
        }
        _ => false,
    }
}
