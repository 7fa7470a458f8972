//! Quoting of Go strings and runes: `%q`, `%+q`, and the escapes inside.

use crate::print_table::FLIPS;

/// Which runes stay themselves in a quoted text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// Whatever Go calls printable.
    Printable,
    /// Printable ASCII only: `QuoteToASCII`.
    Ascii,
}

/// Go's `Quote`: double quotes, escapes for what is not printable, `\x..` for what is not UTF-8.
pub fn quote(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    append_quote(&mut out, text, b'"', Quoting::Printable);
    out
}

/// Go's `QuoteToASCII`.
pub fn quote_to_ascii(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    append_quote(&mut out, text, b'"', Quoting::Ascii);
    out
}

/// Go's `QuoteRune` and `QuoteRuneToASCII`: a code point that is no character becomes U+FFFD.
pub fn quote_rune(rune: u32, quoting: Quoting) -> String {
    let mut out = String::from("'");
    let rune = char::from_u32(rune).unwrap_or(char::REPLACEMENT_CHARACTER);
    append_escaped_char(&mut out, rune, b'\'', quoting);
    out.push('\'');
    out
}

/// Appends `text` between two `mark`s (an ASCII quote).
pub fn append_quote(out: &mut String, text: &[u8], mark: u8, quoting: Quoting) {
    out.push(char::from(mark));
    for chunk in text.utf8_chunks() {
        for rune in chunk.valid().chars() {
            append_escaped_char(out, rune, mark, quoting);
        }
        for &byte in chunk.invalid() {
            out.push_str("\\x");
            append_hex(out, u32::from(byte), 2);
        }
    }
    out.push(char::from(mark));
}

fn append_escaped_char(out: &mut String, rune: char, mark: u8, quoting: Quoting) {
    if rune == char::from(mark) || rune == '\\' {
        out.push('\\');
        return out.push(rune);
    }
    let stays = match quoting {
        Quoting::Ascii => (' '..='~').contains(&rune),
        Quoting::Printable => is_print(u32::from(rune)),
    };
    if stays {
        return out.push(rune);
    }
    let letter = match rune {
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\u{c}' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\u{b}' => 'v',
        _ => return append_escaped_code(out, u32::from(rune)),
    };
    out.push('\\');
    out.push(letter);
}

fn append_escaped_code(out: &mut String, code: u32) {
    let (letter, width) = match code {
        0..0x20 | 0x7f => ("\\x", 2),
        0x20..0x1_0000 => ("\\u", 4),
        _ => ("\\U", 8),
    };
    out.push_str(letter);
    append_hex(out, code, width);
}

fn append_hex(out: &mut String, code: u32, width: u32) {
    for place in (0..width).rev() {
        out.extend(char::from_digit(code >> (4 * place) & 15, 16));
    }
}

/// Go's `IsPrint`: letters, marks, numbers, punctuation, symbols and the ASCII space.
pub fn is_print(code: u32) -> bool {
    if code < 0x7f {
        return code >= 0x20;
    }
    FLIPS.partition_point(|flip| *flip <= code) % 2 == 1
}
