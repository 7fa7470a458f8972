//! Texts in the style that suits them.

use super::analyze::{Traits, is_break, is_printable};
use super::{Form, Place, Writer};
use crate::resolve::{Meaning, resolve};

/// Lines are folded at the first space after so many columns.
const WIDTH: usize = 80;

enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
}

impl Writer {
    /// Writes a text where only its text counts, so that it reads back as the same text.
    pub(super) fn write_string(&mut self, text: &str, traits: Traits, place: Place) {
        let style = select_style(text, traits, place, self.form);
        let outer = self.indent;
        // Further lines stand deeper than the collection that the text is in.
        self.indent = if outer < 0 { 2 } else { outer + 2 };
        let fold = place != Place::SimpleKey && self.form == Form::Kubernetes;
        match style {
            Style::Plain => self.write_plain(text, fold),
            Style::SingleQuoted => self.write_single_quoted(text, fold),
            Style::DoubleQuoted => self.write_double_quoted(text, fold),
            Style::Literal => self.write_literal(text),
        }
        self.indent = outer;
    }

    fn write_plain(&mut self, text: &str, fold: bool) {
        self.space_before();
        self.write_folded(text, fold);
        self.whitespace = false;
        self.indention = false;
    }

    /// Text without line breaks; a single space past the width becomes a line break.
    fn write_folded(&mut self, text: &str, fold: bool) {
        if !fold || self.column + text.len() <= WIDTH {
            self.put_text(text);
            return;
        }
        let mut after_space = false;
        let mut rest = text;
        while let Some(rune) = rest.chars().next() {
            let tail = &rest[rune.len_utf8()..];
            if rune == ' ' {
                let alone = !after_space && !tail.starts_with(' ') && !tail.is_empty();
                if alone && self.column > WIDTH && rest.len() < text.len() {
                    self.write_indent();
                } else {
                    self.put(" ", 1);
                }
                after_space = true;
            } else {
                self.put(&rest[..rune.len_utf8()], 1);
                self.indention = false;
                after_space = false;
            }
            rest = tail;
        }
    }

    fn write_single_quoted(&mut self, text: &str, fold: bool) {
        self.write_indicator("'", true, false);
        self.write_single_quoted_lines(text, fold);
        self.write_indicator("'", false, false);
        self.whitespace = false;
        self.indention = false;
    }

    fn write_single_quoted_lines(&mut self, text: &str, fold: bool) {
        let (mut after_space, mut after_break) = (false, false);
        let mut runes = text.char_indices().peekable();
        while let Some((at, rune)) = runes.next() {
            let next = runes.peek().map(|(_, rune)| *rune);
            if rune == ' ' {
                let alone = !after_space && at > 0 && next.is_some_and(|rune| rune != ' ');
                if fold && alone && self.column > WIDTH {
                    self.write_indent();
                } else {
                    self.put(" ", 1);
                }
                after_space = true;
            } else if is_break(rune) {
                if !after_break && rune == '\n' {
                    self.line_break();
                }
                self.write_break(rune);
                after_break = true;
            } else {
                if after_break {
                    self.write_indent();
                }
                if rune == '\'' {
                    self.put("'", 1);
                }
                self.put(rune.encode_utf8(&mut [0; 4]), 1);
                self.indention = false;
                after_space = false;
                after_break = false;
            }
        }
    }

    fn write_break(&mut self, rune: char) {
        if rune == '\n' {
            return self.line_break();
        }
        self.out.push(rune);
        self.column = 0;
        self.indention = true;
    }

    fn write_double_quoted(&mut self, text: &str, fold: bool) {
        self.write_indicator("\"", true, false);
        // Go looks for the mark at the beginning of the text, wherever it stands.
        let marked = text.starts_with('\u{feff}');
        let mut after_space = false;
        let mut runes = text.char_indices().peekable();
        while let Some((at, rune)) = runes.next() {
            if marked || !is_printable(rune) || is_break(rune) || matches!(rune, '"' | '\\') {
                self.write_escape(rune);
                after_space = false;
            } else if rune == ' ' {
                let next = runes.peek().map(|(_, rune)| *rune);
                if fold && !after_space && self.column > WIDTH && at > 0 && next.is_some() {
                    self.write_indent();
                    if next == Some(' ') {
                        self.put("\\", 1);
                    }
                } else {
                    self.put(" ", 1);
                }
                after_space = true;
            } else {
                self.put(rune.encode_utf8(&mut [0; 4]), 1);
                after_space = false;
            }
        }
        self.write_indicator("\"", false, false);
        self.whitespace = false;
        self.indention = false;
    }

    fn write_escape(&mut self, rune: char) {
        let letter = match rune {
            '\0' => "\\0",
            '\u{7}' => "\\a",
            '\u{8}' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\u{b}' => "\\v",
            '\u{c}' => "\\f",
            '\r' => "\\r",
            '\u{1b}' => "\\e",
            '"' => "\\\"",
            '\\' => "\\\\",
            '\u{85}' => "\\N",
            '\u{a0}' => "\\_",
            '\u{2028}' => "\\L",
            '\u{2029}' => "\\P",
            _ => {
                let code = u32::from(rune);
                let escape = match code {
                    0..=0xff => format!("\\x{code:02X}"),
                    0x100..=0xffff => format!("\\u{code:04X}"),
                    _ => format!("\\U{code:08X}"),
                };
                return self.put(&escape, escape.len());
            }
        };
        self.put(letter, letter.len());
    }

    pub(super) fn write_literal(&mut self, text: &str) {
        self.write_indicator("|", true, false);
        if text.starts_with(|rune| rune == ' ' || is_break(rune)) {
            self.write_indicator("2", false, false);
        }
        let mut backwards = text.chars().rev();
        match backwards.next() {
            Some(last) if is_break(last) => {
                if backwards.next().is_none_or(is_break) {
                    self.write_indicator("+", false, false);
                }
            }
            _ => self.write_indicator("-", false, false),
        }
        self.line_break();
        self.whitespace = true;
        let mut after_break = true;
        let mut rest = text;
        while !rest.is_empty() {
            let (line, after) = rest.split_at(first_line(rest));
            rest = after;
            let content = line.trim_end_matches(is_break);
            if !content.is_empty() {
                if after_break {
                    self.write_indent();
                }
                self.put_text(content);
                self.indention = false;
                after_break = false;
            }
            if let Some(rune) = line[content.len()..].chars().next() {
                self.write_break(rune);
                after_break = true;
            }
        }
    }
}

/// The bytes of the first line, with its break.
fn first_line(text: &str) -> usize {
    let bytes = text.as_bytes();
    // The first bytes of all breaks; others begin with the same ones.
    let mut from = 0;
    while let Some(at) =
        bytes[from..].iter().position(|byte| matches!(byte, b'\n' | b'\r' | 0xc2 | 0xe2))
    {
        from += at;
        let Some(rune) = text[from..].chars().next() else { break };
        from += rune.len_utf8();
        if is_break(rune) {
            return from;
        }
    }
    text.len()
}

fn select_style(text: &str, traits: Traits, place: Place, form: Form) -> Style {
    let simple_key = place == Place::SimpleKey;
    if traits.is_multiline() && text.contains('\n') {
        let block = traits.allow_block() && !simple_key;
        return if block { Style::Literal } else { Style::DoubleQuoted };
    }
    if !reads_as_text(text, form) || simple_key && traits.is_multiline() {
        return Style::DoubleQuoted;
    }
    if traits.allow_plain() {
        Style::Plain
    } else if traits.allow_single_quotes() {
        Style::SingleQuoted
    } else {
        Style::DoubleQuoted
    }
}

/// Whether the text stays a text without quotes, here and for readers who know numbers to base 60.
pub(super) fn reads_as_text(text: &str, form: Form) -> bool {
    resolve(text) == Meaning::Text
        && !is_base60(text)
        && !(form == Form::Pretty && is_signed_octal(text))
}

/// `0o+17`, which go-yaml v3 reads as a number.
fn is_signed_octal(text: &str) -> bool {
    text.starts_with('0')
        && text
            .replace('_', "")
            .strip_prefix("0o")
            .is_some_and(|digits| strconv::parse_int(digits.as_bytes(), 8, 64).is_ok())
}

/// `12:30:45.6`: a sign, digits, then groups of sixty.
fn is_base60(text: &str) -> bool {
    if !matches!(text.as_bytes(), [b'0'..=b'9', ..] | [b'-' | b'+', b'0'..=b'9', ..]) {
        return false;
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (groups, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let mut groups = groups.split(':');
    let first = groups.next().unwrap_or_default();
    let mut count = 0;
    let all_sixty = groups.all(|group| {
        count += 1;
        match group.as_bytes() {
            [digit] => digit.is_ascii_digit(),
            [tens, digit] => matches!(tens, b'0'..=b'5') && digit.is_ascii_digit(),
            _ => false,
        }
    });
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    count > 0 && all_sixty && digits(first) && digits(fraction)
}
