//! Scalars in single and double quotes, with their escapes.

use std::borrow::Cow;

use super::plain::Gap;
use super::{LOOKAHEAD, Scanner, Style, Token, TokenKind};
use crate::error::{DOCUMENT_ENDS, Fault, TEXT_ENDS};
use crate::mark::{Mark, Span};

impl<'a> Scanner<'a> {
    pub(super) fn scan_quoted(&mut self, single: bool) -> Result<Token<'a>, Fault> {
        let start = self.cursor.mark();
        let style = if single { Style::SingleQuoted } else { Style::DoubleQuoted };
        self.cursor.advance(1);
        let value = match self.take_simple_quoted(single) {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(self.scan_folded_quoted(single, start)?),
        };
        self.cursor.advance(1);
        let kind = TokenKind::Scalar(value, style);
        Ok(Token { kind, span: Span::new(start, self.cursor.mark()) })
    }

    /// A text of one line without escapes needs no copy. Stops at the closing quote.
    fn take_simple_quoted(&mut self, single: bool) -> Option<&'a str> {
        let first = self.cursor.position();
        let mut ahead = 0;
        loop {
            match self.cursor.byte(ahead) {
                b'\'' if single => {
                    if self.cursor.byte(ahead + 1) == b'\'' {
                        return None;
                    }
                    break;
                }
                b'"' if !single => break,
                b'\\' if !single => return None,
                0 | b'\n' | b'\r' => return None,
                0xc2 | 0xe2 if self.cursor.is_break(ahead) => return None,
                _ => ahead += 1,
            }
        }
        self.cursor.advance_to(first + ahead);
        Some(self.cursor.since(first))
    }

    fn scan_folded_quoted(&mut self, single: bool, start: Mark) -> Result<String, Fault> {
        let quote = if single { b'\'' } else { b'"' };
        let mut text = String::new();
        let mut gap = Gap::default();
        loop {
            self.want(LOOKAHEAD);
            if self.cursor.column() == 0 && self.cursor.at_document_indicator() {
                return Err(self.fault(DOCUMENT_ENDS, start));
            }
            if self.cursor.at_end() {
                return Err(self.fault(TEXT_ENDS, start));
            }
            let mut broken = self.scan_quoted_run(single, &mut text, start)?;
            if self.cursor.byte(0) == quote {
                return Ok(text);
            }
            let blanks = self.cursor.position();
            let mut blanks_end = blanks;
            while self.cursor.is_blank() || self.cursor.is_break(0) {
                if self.cursor.is_blank() {
                    self.cursor.advance(1);
                    blanks_end = self.cursor.position();
                } else {
                    let line_break = self.cursor.skip_line();
                    if broken {
                        gap.trailing.push_str(line_break);
                    } else {
                        gap.leading = line_break;
                        broken = true;
                    }
                }
            }
            if broken {
                gap.fold_into(&mut text);
            } else {
                text.push_str(self.cursor.slice(blanks, blanks_end));
            }
        }
    }

    /// Takes characters up to a blank, a break or the closing quote; tells whether it ended with
    /// an escaped line break.
    fn scan_quoted_run(
        &mut self,
        single: bool,
        text: &mut String,
        start: Mark,
    ) -> Result<bool, Fault> {
        loop {
            let first = self.cursor.position();
            let mut end = first;
            let limit = self.cursor.find_blankz();
            let stop = if single { [b'\'', b'\''] } else { [b'"', b'\\'] };
            while end < limit && !stop.contains(&self.cursor.byte(end - first)) {
                end += 1;
            }
            self.cursor.advance_to(end);
            text.push_str(self.cursor.since(first));
            if end >= limit {
                return Ok(false);
            }
            self.want(2);
            match (self.cursor.byte(0), self.cursor.byte(1)) {
                (b'\'', b'\'') if single => {
                    text.push('\'');
                    self.cursor.advance(2);
                }
                (b'\\', _) if self.cursor.is_break(1) => {
                    self.cursor.advance(1);
                    self.cursor.skip_line();
                    return Ok(true);
                }
                (b'\\', letter) => self.scan_escape(letter, text, start)?,
                _ => return Ok(false),
            }
        }
    }

    fn scan_escape(&mut self, letter: u8, text: &mut String, start: Mark) -> Result<(), Fault> {
        let rune = match letter {
            b'0' => '\0',
            b'a' => '\u{7}',
            b'b' => '\u{8}',
            b't' | b'\t' => '\t',
            b'n' => '\n',
            b'v' => '\u{b}',
            b'f' => '\u{c}',
            b'r' => '\r',
            b'e' => '\u{1b}',
            b' ' => ' ',
            b'"' => '"',
            b'\'' => '\'',
            b'\\' => '\\',
            b'N' => '\u{85}',
            b'_' => '\u{a0}',
            b'L' => '\u{2028}',
            b'P' => '\u{2029}',
            b'x' => return self.scan_code(2, text, start),
            b'u' => return self.scan_code(4, text, start),
            b'U' => return self.scan_code(8, text, start),
            _ => return Err(self.fault("found unknown escape character", start)),
        };
        self.cursor.advance(2);
        text.push(rune);
        Ok(())
    }

    fn scan_code(&mut self, digits: usize, text: &mut String, start: Mark) -> Result<(), Fault> {
        self.cursor.advance(2);
        self.want(digits);
        let mut code = 0_u32;
        for ahead in 0..digits {
            let Some(digit) = char::from(self.cursor.byte(ahead)).to_digit(16) else {
                return Err(self.fault("did not find expected hexdecimal number", start));
            };
            code = code << 4 | digit;
        }
        let Some(rune) = char::from_u32(code) else {
            return Err(self.fault("found invalid Unicode character escape code", start));
        };
        text.push(rune);
        self.cursor.advance(digits);
        Ok(())
    }
}
