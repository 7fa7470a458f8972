//! Block scalars: literal (`|`) and folded (`>`) text.

use std::borrow::Cow;

use super::{Scanner, Style, Token, TokenKind};
use crate::error::Fault;
use crate::mark::{Mark, Span};

/// What becomes of the line breaks at the end.
#[derive(Clone, Copy, PartialEq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

/// What stands after `|` or `>`.
struct Header {
    chomping: Chomping,
    /// The indentation given as a digit, 0 where it is to be found out.
    increment: i64,
}

impl<'a> Scanner<'a> {
    pub(super) fn scan_block_scalar(&mut self, literal: bool) -> Result<Token<'a>, Fault> {
        let start = self.cursor.mark();
        self.cursor.advance(1);
        let header = self.scan_block_header(start)?;
        let mut indent = match header.increment {
            0 => 0,
            increment => self.indent.max(0) + increment,
        };
        let mut text = String::new();
        let mut leading = "";
        let mut trailing = String::new();
        let mut leading_blank = false;
        let mut end = self.scan_block_breaks(&mut indent, &mut trailing, start)?;
        while i64::from(self.cursor.column()) == indent && !self.cursor.at_end() {
            let blank = self.cursor.is_blank();
            if !literal && !leading_blank && !blank && leading == "\n" {
                if trailing.is_empty() {
                    text.push(' ');
                }
            } else {
                text.push_str(leading);
            }
            text.push_str(&trailing);
            trailing.clear();
            leading_blank = blank;
            let line = self.cursor.position();
            self.cursor.advance_to(self.cursor.find_line_end());
            text.push_str(self.cursor.since(line));
            leading = if self.cursor.is_break(0) { self.cursor.skip_line() } else { "" };
            end = self.scan_block_breaks(&mut indent, &mut trailing, start)?;
        }
        if header.chomping != Chomping::Strip {
            text.push_str(leading);
        }
        if header.chomping == Chomping::Keep {
            text.push_str(&trailing);
        }
        let style = if literal { Style::Literal } else { Style::Folded };
        let kind = TokenKind::Scalar(Cow::Owned(text), style);
        Ok(Token { kind, span: Span::new(start, end) })
    }

    /// The indicators, in either order, and the rest of their line.
    fn scan_block_header(&mut self, start: Mark) -> Result<Header, Fault> {
        let mut header = Header { chomping: Chomping::Clip, increment: 0 };
        if self.scan_chomping(&mut header) {
            self.scan_increment(&mut header, start)?;
        } else if self.scan_increment(&mut header, start)? {
            self.scan_chomping(&mut header);
        }
        self.cursor.skip_blanks(true);
        if self.cursor.byte(0) == b'#' {
            self.cursor.skip_comment();
        }
        if !self.cursor.is_breakz(0) {
            return Err(self.fault("did not find expected comment or line break", start));
        }
        self.cursor.skip_line();
        Ok(header)
    }

    fn scan_chomping(&mut self, header: &mut Header) -> bool {
        header.chomping = match self.cursor.byte(0) {
            b'+' => Chomping::Keep,
            b'-' => Chomping::Strip,
            _ => return false,
        };
        self.cursor.advance(1);
        true
    }

    fn scan_increment(&mut self, header: &mut Header, start: Mark) -> Result<bool, Fault> {
        match self.cursor.byte(0) {
            b'0' => Err(self.fault("found an indentation indicator equal to 0", start)),
            digit @ b'1'..=b'9' => {
                header.increment = i64::from(digit - b'0');
                self.cursor.advance(1);
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Passes indentation and empty lines, and finds the indentation out where it is 0. Gives the
    /// place after the last line break.
    fn scan_block_breaks(
        &mut self,
        indent: &mut i64,
        breaks: &mut String,
        start: Mark,
    ) -> Result<Mark, Fault> {
        let mut end = self.cursor.mark();
        let mut deepest = 0;
        loop {
            let mut column = i64::from(self.cursor.column());
            while (*indent == 0 || column < *indent) && self.cursor.byte(0) == b' ' {
                self.cursor.advance(1);
                column += 1;
            }
            deepest = deepest.max(column);
            if (*indent == 0 || column < *indent) && self.cursor.byte(0) == b'\t' {
                let problem = "found a tab character where an indentation space is expected";
                return Err(self.fault(problem, start));
            }
            if !self.cursor.is_break(0) {
                break;
            }
            breaks.push_str(self.cursor.skip_line());
            end = self.cursor.mark();
        }
        if *indent == 0 {
            *indent = deepest.max(self.indent + 1).max(1);
        }
        Ok(end)
    }
}
