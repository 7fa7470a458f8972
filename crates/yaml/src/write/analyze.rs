//! Which styles a text allows.

use super::Form;
use crate::resolve::{Meaning, resolve};

/// Traits of a text, one bit each, and the styles they allow.
#[derive(Clone, Copy, Default)]
pub(super) struct Traits(u16);

const INDICATORS: u16 = 1;
const LINE_BREAKS: u16 = 1 << 1;
const SPECIAL: u16 = 1 << 2;
const TABS: u16 = 1 << 3;
/// A space or a break at the beginning or at the end.
const EDGE: u16 = 1 << 4;
const TRAILING_SPACE: u16 = 1 << 5;
const BREAK_SPACE: u16 = 1 << 6;
const SPACE_BREAK: u16 = 1 << 7;
const EMPTY: u16 = 1 << 8;

impl Traits {
    fn any(self, bits: u16) -> bool {
        self.0 & bits != 0
    }

    fn note(&mut self, bit: u16, holds: bool) {
        if holds {
            self.0 |= bit;
        }
    }
}

impl Traits {
    pub fn is_multiline(self) -> bool {
        self.any(LINE_BREAKS)
    }

    pub fn allow_plain(self) -> bool {
        let spaces = EDGE | BREAK_SPACE | SPACE_BREAK | TABS;
        !self.any(spaces | SPECIAL | LINE_BREAKS | INDICATORS)
    }

    pub fn allow_single_quotes(self) -> bool {
        !self.any(BREAK_SPACE | SPACE_BREAK | SPECIAL | TABS)
    }

    pub fn allow_block(self) -> bool {
        !self.any(TRAILING_SPACE | SPACE_BREAK | SPECIAL | EMPTY)
    }
}

/// Whether a text is a short word that begins with a letter and has no sign that means anything, nor
/// a meaning as a whole: it is written without quotes, and it is this text wherever it is read.
pub fn is_word(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && bytes.len() <= super::MOST_KEY_BYTES
        && bytes.iter().all(|byte| WORD_BYTES[usize::from(*byte)] == HARMLESS)
        && bytes.last() != Some(&b':')
        && resolve(text) == Meaning::Text
}

/// Nearly all texts are decided by a look at each byte in a table.
pub(super) fn traits_of(text: &str, form: Form) -> Traits {
    let bytes = text.as_bytes();
    let blank_edge = bytes.first() == Some(&b' ') || bytes.last() == Some(&b' ');
    let harmless = bytes.iter().all(|byte| CLASSES[usize::from(*byte)] == HARMLESS);
    let first = bytes.first().map_or(HARMLESS, |byte| FIRSTS[usize::from(*byte)]);
    if harmless && first == HARMLESS && !blank_edge && !text.is_empty() {
        return Traits::default();
    }
    full_traits_of(text, form)
}

const HARMLESS: u8 = 0;
const NOTABLE: u8 = 1;

/// Bytes that are no letters, no digits and none of `-./:@_`.
static WORD_BYTES: [u8; 256] = table(b" !\"#$%&'()*+,;<=>?[\\]^`{|}~");
/// Bytes that mean something wherever they stand, but for a space at the edge.
static CLASSES: [u8; 256] = table(b":#");
/// Bytes that mean something, or may, where they stand first.
static FIRSTS: [u8; 256] = table(b":#?-,[]{}&*!|>'\"%@`.");

/// Those bytes are notable, and what is no printable ASCII.
const fn table(notable: &[u8]) -> [u8; 256] {
    let mut table = [HARMLESS; 256];
    let mut byte = 0;
    while byte < table.len() {
        if byte < 0x20 || byte > 0x7e {
            table[byte] = NOTABLE;
        }
        byte += 1;
    }
    let mut at = 0;
    while at < notable.len() {
        table[notable[at] as usize] = NOTABLE;
        at += 1;
    }
    table
}

fn full_traits_of(text: &str, form: Form) -> Traits {
    let mut traits = Traits::default();
    traits.note(EMPTY, text.is_empty());
    traits.note(INDICATORS, text.starts_with("---") || text.starts_with("..."));
    let bytes = text.as_bytes();
    let (mut after_space, mut after_break, mut after_blank) = (false, false, true);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if at > 0 && byte != b' ' && CLASSES[usize::from(byte)] == HARMLESS {
            (after_space, after_break, after_blank) = (false, false, false);
            at += 1;
            continue;
        }
        let rune = match byte {
            0..0x80 => char::from(byte),
            _ => text[at..].chars().next().unwrap_or_default(),
        };
        let next = bytes.get(at + rune.len_utf8());
        let before_blank = next.is_none_or(|byte| matches!(byte, b' ' | b'\t'));
        let last = next.is_none();
        traits.note(INDICATORS, is_indicator(rune, at == 0, after_blank, before_blank));
        if rune == '\t' && form == Form::Pretty {
            traits.note(TABS, true);
        } else {
            traits.note(SPECIAL, !is_printable(rune));
        }
        let (space, line_break) = (rune == ' ', is_break(rune));
        traits.note(EDGE, (space || line_break) && (at == 0 || last));
        traits.note(TRAILING_SPACE, space && last);
        traits.note(BREAK_SPACE, space && after_break);
        traits.note(LINE_BREAKS, line_break);
        traits.note(SPACE_BREAK, line_break && after_space);
        after_space = space;
        after_break = line_break;
        after_blank = space || line_break || rune == '\t';
        at += rune.len_utf8();
    }
    traits
}

/// Whether this character would mean something else without quotes.
fn is_indicator(rune: char, first: bool, after_blank: bool, before_blank: bool) -> bool {
    match rune {
        ':' => before_blank,
        '#' => first || after_blank,
        '?' | '-' => first && before_blank,
        ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@'
        | '`' => first,
        _ => false,
    }
}

pub(super) fn is_break(rune: char) -> bool {
    matches!(rune, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What go-yaml writes without an escape: no tabs, and nothing beyond the basic plane.
pub(super) fn is_printable(rune: char) -> bool {
    matches!(rune,
        '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
        && rune != '\u{feff}'
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rules, character by character.
    fn slowly(text: &str, form: Form) -> u16 {
        let mut traits = Traits::default();
        traits.note(EMPTY, text.is_empty());
        traits.note(INDICATORS, text.starts_with("---") || text.starts_with("..."));
        let runes: Vec<char> = text.chars().collect();
        let blank = |at: usize| runes.get(at).is_none_or(|rune| matches!(rune, ' ' | '\t'));
        for (at, &rune) in runes.iter().enumerate() {
            let before = at.checked_sub(1).map(|at| runes[at]);
            let (first, last) = (at == 0, at + 1 == runes.len());
            let after_blank = before.is_none_or(|rune| blank(at - 1) || is_break(rune));
            traits.note(INDICATORS, is_indicator(rune, first, after_blank, blank(at + 1)));
            let tab = rune == '\t' && form == Form::Pretty;
            traits.note(TABS, tab);
            traits.note(SPECIAL, !tab && !is_printable(rune));
            traits.note(EDGE, (rune == ' ' || is_break(rune)) && (first || last));
            traits.note(TRAILING_SPACE, rune == ' ' && last);
            traits.note(BREAK_SPACE, rune == ' ' && before.is_some_and(is_break));
            traits.note(LINE_BREAKS, is_break(rune));
            traits.note(SPACE_BREAK, is_break(rune) && before == Some(' '));
        }
        traits.0
    }

    #[test]
    fn the_table_says_what_the_rules_say() {
        let runes: Vec<char> =
            (' '..='~').chain("\t\n\r\0\u{7f}\u{85}\u{a0}é\u{2028}\u{feff}😀".chars()).collect();
        let check = |text: &str| {
            if is_word(text) {
                assert!(crate::write::scalar::reads_as_text(text, Form::Pretty), "{text:?}");
                assert_eq!(slowly(text, Form::Kubernetes), 0, "{text:?}");
            }
            for form in [Form::Kubernetes, Form::Pretty] {
                assert_eq!(traits_of(text, form).0, slowly(text, form), "{text:?} {form:?}");
            }
        };
        for word in [
            "",
            "yes",
            "False",
            "null",
            "offset",
            "trues",
            "a.b/c_d-9",
            "a:b@c",
            "a:",
            "=",
            "<<",
            "0x1",
        ] {
            check(word);
        }
        for &a in &runes {
            for &b in &runes {
                for around in ["", "x", " ", "\n", "--", ".."] {
                    check(&format!("{around}{a}{b}"));
                    check(&format!("{a}{b}{around}"));
                    check(&format!("{a}{around}{b}"));
                }
            }
        }
    }
}
