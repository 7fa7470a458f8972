//! Which styles a text allows.

use super::Form;

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

pub(super) fn traits_of(text: &str, form: Form) -> Traits {
    let mut traits = Traits::default();
    traits.note(EMPTY, text.is_empty());
    traits.note(INDICATORS, text.starts_with("---") || text.starts_with("..."));
    let (mut after_space, mut after_break, mut after_blank) = (false, false, true);
    let mut runes = text.char_indices().peekable();
    while let Some((at, rune)) = runes.next() {
        let next = runes.peek().map(|(_, rune)| *rune);
        let before_blank = next.is_none_or(|rune| matches!(rune, ' ' | '\t'));
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
