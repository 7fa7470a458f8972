//! `%YAML` and `%TAG` lines.

use super::{Scanner, Token, TokenKind};
use crate::error::Fault;
use crate::mark::{Mark, Span};

impl<'a> Scanner<'a> {
    pub(super) fn scan_directive(&mut self) -> Result<Token<'a>, Fault> {
        let start = self.cursor.mark();
        self.cursor.advance(1);
        let name = self.cursor.take_word();
        if name.is_empty() {
            return Err(self.fault("could not find expected directive name", start));
        }
        if !self.cursor.is_blankz(0) {
            return Err(self.fault("found unexpected non-alphabetical character", start));
        }
        let kind = match name {
            "YAML" => self.scan_version(start)?,
            "TAG" => self.scan_tag_directive(start)?,
            _ => return Err(self.fault("found unknown directive name", start)),
        };
        let span = Span::new(start, self.cursor.mark());
        self.cursor.skip_blanks(true);
        if self.cursor.byte(0) == b'#' {
            self.cursor.skip_comment();
        }
        if !self.cursor.is_breakz(0) {
            return Err(self.fault("did not find expected comment or line break", start));
        }
        self.cursor.skip_line();
        Ok(Token { kind, span })
    }

    fn scan_version(&mut self, start: Mark) -> Result<TokenKind<'a>, Fault> {
        self.cursor.skip_blanks(true);
        let major = self.scan_version_number(start)?;
        if self.cursor.byte(0) != b'.' {
            return Err(self.fault("did not find expected digit or '.' character", start));
        }
        self.cursor.advance(1);
        let minor = self.scan_version_number(start)?;
        Ok(TokenKind::Version { major, minor })
    }

    fn scan_version_number(&mut self, start: Mark) -> Result<u8, Fault> {
        let mut value = 0;
        let mut length = 0;
        while let digit @ b'0'..=b'9' = self.cursor.byte(0) {
            length += 1;
            if length > 2 {
                return Err(self.fault("found extremely long version number", start));
            }
            value = value * 10 + (digit - b'0');
            self.cursor.advance(1);
        }
        if length == 0 {
            return Err(self.fault("did not find expected version number", start));
        }
        Ok(value)
    }

    fn scan_tag_directive(&mut self, start: Mark) -> Result<TokenKind<'a>, Fault> {
        self.cursor.skip_blanks(true);
        let handle = self.scan_tag_handle(true, start)?;
        if !self.cursor.is_blank() {
            return Err(self.fault("did not find expected whitespace", start));
        }
        self.cursor.skip_blanks(true);
        let prefix = self.scan_tag_uri("", start)?;
        if !self.cursor.is_blankz(0) {
            return Err(self.fault("did not find expected whitespace or line break", start));
        }
        Ok(TokenKind::TagDirective(Box::new((handle.as_bytes().into(), prefix.into()))))
    }
}
