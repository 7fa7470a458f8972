//! Plain scalars: text without quotes, over one line or several.

use std::borrow::Cow;

use super::{Scanner, Style, Token, TokenKind};
use crate::error::Fault;
use crate::mark::{Mark, Span};

/// Bytes that may end a run of plain characters, in block and in flow context.
static STOPS: [u8; 256] = stops();
const IN_BLOCK: u8 = 1;
const IN_FLOW: u8 = 2;

const fn stops() -> [u8; 256] {
    let mut table = [0; 256];
    let everywhere = b" \t\r\n:\xc2\xe2";
    let mut at = 0;
    while at < everywhere.len() {
        table[everywhere[at] as usize] = IN_BLOCK | IN_FLOW;
        at += 1;
    }
    let flow = b",?[]{}";
    at = 0;
    while at < flow.len() {
        table[flow[at] as usize] = IN_FLOW;
        at += 1;
    }
    table
}

/// The line breaks between two runs of characters, and how they fold.
#[derive(Default)]
pub(super) struct Gap<'a> {
    /// The first line break; empty after an escaped one.
    pub leading: &'a str,
    /// The others.
    pub trailing: String,
}

impl Gap<'_> {
    /// One line break becomes a space, of several the first is dropped; LS and PS stay.
    pub fn fold_into(&mut self, text: &mut String) {
        if self.leading != "\n" {
            text.push_str(self.leading);
        } else if self.trailing.is_empty() {
            text.push(' ');
        }
        text.push_str(&self.trailing);
        self.leading = "";
        self.trailing.clear();
    }
}

impl<'a> Scanner<'a> {
    pub(super) fn scan_plain(&mut self) -> Result<Token<'a>, Fault> {
        let start = self.cursor.mark();
        let mut end = start;
        let indent = self.indent + 1;
        // A slice of the text while it is one line, a string once lines are joined.
        let mut value = Cow::Borrowed("");
        let mut gap = Gap::default();
        let mut broken = false;
        loop {
            if self.cursor.byte(0) == b'#'
                || self.cursor.column() == 0 && self.cursor.at_document_indicator()
            {
                break;
            }
            let first = self.cursor.position();
            self.cursor.advance_to(self.find_plain_end());
            if self.cursor.position() > first {
                if broken {
                    gap.fold_into(value.to_mut());
                    value.to_mut().push_str(self.cursor.since(first));
                    broken = false;
                } else if let Cow::Owned(text) = &mut value {
                    text.push_str(self.cursor.since(end.offset as usize));
                } else {
                    value = Cow::Borrowed(self.cursor.since(start.offset as usize));
                }
                end = self.cursor.mark();
            }
            if !self.cursor.is_blank() && !self.cursor.is_break(0) {
                break;
            }
            broken = self.skip_plain_gap(&mut gap, indent, start)?;
            if self.flow_level == 0 && i64::from(self.cursor.column()) < indent {
                break;
            }
        }
        if broken {
            self.simple_key_allowed = true;
        }
        let kind = TokenKind::Scalar(value, Style::Plain);
        Ok(Token { kind, span: Span::new(start, end) })
    }

    fn find_plain_end(&self) -> usize {
        let mask = if self.flow_level > 0 { IN_FLOW } else { IN_BLOCK };
        let mut ahead = 0;
        loop {
            let byte = self.cursor.byte(ahead);
            if byte == 0 {
                break;
            }
            if STOPS[usize::from(byte)] & mask != 0 {
                let goes_on = match byte {
                    b':' => !self.cursor.is_blankz(ahead + 1),
                    0xc2 | 0xe2 => !self.cursor.is_break(ahead),
                    _ => false,
                };
                if !goes_on {
                    break;
                }
            }
            ahead += 1;
        }
        self.cursor.position() + ahead
    }

    /// Passes blanks and line breaks; tells whether there were line breaks.
    fn skip_plain_gap(
        &mut self,
        gap: &mut Gap<'a>,
        indent: i64,
        start: Mark,
    ) -> Result<bool, Fault> {
        let mut broken = false;
        loop {
            if self.cursor.is_blank() {
                let short = i64::from(self.cursor.column()) < indent;
                if broken && short && self.cursor.byte(0) == b'\t' {
                    let problem = "found a tab character that violates indentation";
                    return Err(self.fault(problem, start));
                }
                self.cursor.advance(1);
            } else if self.cursor.is_break(0) {
                let line_break = self.cursor.skip_line();
                if broken {
                    gap.trailing.push_str(line_break);
                } else {
                    gap.leading = line_break;
                    broken = true;
                }
            } else {
                return Ok(broken);
            }
        }
    }
}
