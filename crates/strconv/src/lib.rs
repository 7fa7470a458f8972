//! Go's conversions between numbers, strings and bytes, exactly, and its categories of characters.
//!
//! The crate restates what Go's `strconv` package does: the same digits, the same quoting, the
//! same texts of errors. It knows nothing of templates, YAML or `fmt` verbs with flags and widths.
//! Text comes in as bytes, because a Go string may hold any bytes.

pub mod category;
mod float_format;
mod float_parse;
mod integer;
mod print_table;
mod quote;
mod unquote;

use std::borrow::Cow;

pub use float_format::{append_float, format_float};
pub use float_parse::parse_float;
pub use integer::{append_int, append_uint, format_int, format_uint, parse_int, parse_uint};
pub use quote::{Quoting, append_quote, is_print, quote, quote_rune, quote_to_ascii};
pub use unquote::{Unquoted, unquote, unquote_char};

/// Why a text is not a number. Cheap: no text is copied until [`Fault::of`] asks for Go's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The text is no number in the asked form. Go's value is then zero.
    #[error("invalid syntax")]
    Syntax,
    /// The number does not fit. Go's value is then the nearest one that does (for floats: ±Inf).
    #[error("value out of range")]
    Range,
    /// The base is neither zero nor within 2..=36.
    #[error("invalid base {0}")]
    Base(u32),
}

impl Fault {
    /// The error as Go prints it: `strconv.ParseInt: parsing "x": invalid syntax`.
    pub fn of(self, function: &'static str, input: &[u8]) -> NumError {
        NumError { function, input: quote(input), fault: self }
    }
}

/// Go's `*strconv.NumError`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("strconv.{function}: parsing {input}: {fault}")]
pub struct NumError {
    /// The Go function that would have failed, such as `ParseFloat`.
    pub function: &'static str,
    /// The input, quoted.
    pub input: String,
    /// What was wrong.
    pub fault: Fault,
}

/// Go's `ParseBool`: 1, t, T, TRUE, true, True and their opposites.
pub fn parse_bool(text: &[u8]) -> Result<bool, Fault> {
    match text {
        b"1" | b"t" | b"T" | b"TRUE" | b"true" | b"True" => Ok(true),
        b"0" | b"f" | b"F" | b"FALSE" | b"false" | b"False" => Ok(false),
        _ => Err(Fault::Syntax),
    }
}

/// The text with U+FFFD for every byte that is no UTF-8, as Go's JSON and its loops over strings
/// have it. (Rust's own replacement takes several bytes together.)
pub fn to_valid_utf8(text: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(text) {
        return Cow::Borrowed(text);
    }
    let mut valid = String::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        valid.push_str(chunk.valid());
        valid.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    Cow::Owned(valid)
}

/// Whether every underscore stands between digits, or between a base prefix and a digit.
fn underscores_are_placed_well(text: &[u8]) -> bool {
    #[derive(PartialEq)]
    enum Seen {
        Start,
        Digit,
        Underscore,
        Other,
    }
    let text = match text {
        [b'+' | b'-', rest @ ..] => rest,
        _ => text,
    };
    let (mut seen, hex, digits) = match text {
        [b'0', b'x' | b'X', rest @ ..] => (Seen::Digit, true, rest),
        [b'0', b'b' | b'B' | b'o' | b'O', rest @ ..] => (Seen::Digit, false, rest),
        _ => (Seen::Start, false, text),
    };
    for &byte in digits {
        if byte.is_ascii_digit() || hex && byte.is_ascii_hexdigit() {
            seen = Seen::Digit;
        } else if byte == b'_' {
            if seen != Seen::Digit {
                return false;
            }
            seen = Seen::Underscore;
        } else if seen == Seen::Underscore {
            return false;
        } else {
            seen = Seen::Other;
        }
    }
    seen != Seen::Underscore
}
