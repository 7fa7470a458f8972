//! Bytes to checked text: encodings, invalid sequences, forbidden characters.
//!
//! Go reads its input in pieces and finds such faults piece by piece, so a fault of grammar in an
//! earlier piece is reported first. [`Input`] keeps what precedes the faulty piece, and the fault.

use std::borrow::Cow;

use memchr::memmem;

use crate::error::Error;

/// The bytes that Go reads at a time.
const PIECE: usize = 512;

const INCOMPLETE: &str = "incomplete UTF-8 octet sequence";

/// Positions are kept in 32 bits; no manifest comes near.
const MOST_BYTES: usize = 1 << 30;

/// A text fit for the scanner.
pub(crate) struct Input<'a> {
    /// The text, or what of it precedes the piece with the fault.
    pub text: Cow<'a, str>,
    /// What is wrong after `text`.
    pub fault: Option<Error>,
}

impl<'a> Input<'a> {
    /// Checks `bytes`, which are UTF-8 unless a byte order mark says UTF-16.
    pub fn new(bytes: &'a [u8]) -> Self {
        if bytes.len() > MOST_BYTES {
            let fault = Error::plain("document is larger than 1 GiB", None);
            return Self { text: Cow::Borrowed(""), fault: Some(fault) };
        }
        match bytes {
            [0xff, 0xfe, rest @ ..] => Self::from_utf16(rest, u16::from_le_bytes),
            [0xfe, 0xff, rest @ ..] => Self::from_utf16(rest, u16::from_be_bytes),
            [0xef, 0xbb, 0xbf, rest @ ..] => Self::from_utf8(rest, PIECE - 3),
            _ => Self::from_utf8(bytes, PIECE),
        }
    }

    fn from_utf8(bytes: &'a [u8], first_piece: usize) -> Self {
        let (valid, invalid) = match std::str::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let (valid, rest) = bytes.split_at(error.valid_up_to());
                (std::str::from_utf8(valid).unwrap_or_default(), Some(name_invalid(rest)))
            }
        };
        let (at, problem) = match (find_forbidden(valid), invalid) {
            (Some(at), _) => (at, "control characters are not allowed"),
            (None, Some(problem)) => (valid.len(), problem),
            (None, None) => return Self { text: Cow::Borrowed(valid), fault: None },
        };
        // What is cut off at the end is only missed when it is wanted.
        let piece = match problem {
            INCOMPLETE => at,
            _ => piece_with(bytes, at, first_piece),
        };
        let text = valid.get(..piece).unwrap_or(valid);
        Self { text: Cow::Borrowed(text), fault: Some(Error::plain(problem, None)) }
    }

    fn from_utf16(bytes: &[u8], decode: fn([u8; 2]) -> u16) -> Self {
        let mut units =
            bytes.chunks(2).map(|pair| <[u8; 2]>::try_from(pair).map(decode).map_err(|_| ()));
        let mut text = String::with_capacity(bytes.len());
        let problem = loop {
            let unit = match units.next() {
                None => break None,
                Some(Err(())) => break Some("incomplete UTF-16 character"),
                Some(Ok(unit)) => unit,
            };
            let code = match unit {
                0xdc00..=0xdfff => break Some("unexpected low surrogate area"),
                0xd800..=0xdbff => match units.next() {
                    Some(Ok(low @ 0xdc00..=0xdfff)) => {
                        0x1_0000 + (u32::from(unit & 0x3ff) << 10) + u32::from(low & 0x3ff)
                    }
                    Some(Ok(_)) => break Some("expected low surrogate area"),
                    _ => break Some("incomplete UTF-16 surrogate pair"),
                },
                _ => u32::from(unit),
            };
            match char::from_u32(code) {
                Some(rune) if !is_forbidden(rune) => text.push(rune),
                _ => break Some("control characters are not allowed"),
            }
        };
        if let Some(problem) = problem {
            // Such texts are rare: the whole is taken as one piece.
            let fault = Some(Error::plain(problem, None));
            return Self { text: Cow::Borrowed(""), fault };
        }
        Self { text: Cow::Owned(text), fault: None }
    }
}

/// Where the piece that Go would read with the byte at `at` begins.
fn piece_with(bytes: &[u8], at: usize, first_piece: usize) -> usize {
    let (mut start, mut end) = (0, first_piece);
    while end < bytes.len() {
        // A character cut by the end of the piece moves to the next one.
        // What follows in it need not be a part of it: Go looks at that when all is there.
        let tail = &bytes[end.saturating_sub(3).max(start)..end];
        let mut cut = 0;
        for (back, &byte) in (1..).zip(tail.iter().rev()) {
            let width = match byte {
                0xc0..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf7 => 4,
                _ => 1,
            };
            if width > back {
                cut = back;
            }
        }
        end -= cut;
        if at < end {
            break;
        }
        start = end;
        end += PIECE;
    }
    start
}

/// Go's words for the invalid UTF-8 sequence that `bytes` begin with.
fn name_invalid(bytes: &[u8]) -> &'static str {
    let first = bytes.first().copied().unwrap_or_default();
    let (width, least) = match first {
        0xc0..=0xdf => (2, 0x80),
        0xe0..=0xef => (3, 0x800),
        0xf0..=0xf7 => (4, 0x1_0000),
        _ => return "invalid leading UTF-8 octet",
    };
    let Some(trailing) = bytes.get(1..width) else {
        return INCOMPLETE;
    };
    if trailing.iter().any(|byte| byte & 0xc0 != 0x80) {
        return "invalid trailing UTF-8 octet";
    }
    let lead = u32::from(first) & (0x7f >> width);
    let code = trailing.iter().fold(lead, |code, byte| code << 6 | u32::from(byte & 0x3f));
    if code < least { "invalid length of a UTF-8 sequence" } else { "invalid Unicode character" }
}

/// The first character that YAML forbids.
fn find_forbidden(text: &str) -> Option<usize> {
    // One pass without branches over the bytes settles nearly every text.
    let suspicious = |byte: u8| (byte < 0x20 && !matches!(byte, 9 | 10 | 13)) || byte == 0x7f;
    let bytes = text.as_bytes();
    let clean =
        bytes.chunks(4096).all(|chunk| !chunk.iter().fold(false, |s, b| s | suspicious(*b)));
    let c1_or_last = |bytes: &[u8]| {
        memchr::memchr(0xc2, bytes).is_some() || memmem::find(bytes, b"\xef\xbf").is_some()
    };
    if clean && !c1_or_last(bytes) {
        return None;
    }
    text.char_indices().find(|(_, rune)| is_forbidden(*rune)).map(|(at, _)| at)
}

fn is_forbidden(rune: char) -> bool {
    !matches!(rune,
        '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}'
        | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
