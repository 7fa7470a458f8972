//! Tags: `!`, `!local`, `!!type`, `!handle!type` and `!<uri>`.

use super::{Scanner, TagBytes, Token, TokenKind};
use crate::error::Fault;
use crate::mark::{Mark, Span};

impl<'a> Scanner<'a> {
    pub(super) fn scan_tag(&mut self) -> Result<Token<'a>, Fault> {
        let start = self.cursor.mark();
        let (handle, suffix): (TagBytes, TagBytes) = if self.cursor.byte(1) == b'<' {
            self.cursor.advance(2);
            let uri = self.scan_tag_uri("", start)?;
            if self.cursor.byte(0) != b'>' {
                return Err(self.fault("did not find the expected '>'", start));
            }
            self.cursor.advance(1);
            (TagBytes::default(), uri.into())
        } else {
            let handle = self.scan_tag_handle(false, start)?;
            if handle.len() > 1 && handle.ends_with('!') {
                (handle.as_bytes().into(), self.scan_tag_uri("", start)?.into())
            } else {
                let suffix = self.scan_tag_uri(handle, start)?;
                // A lone `!` is a tag of its own, without a handle.
                if suffix.is_empty() {
                    (TagBytes::default(), b"!".into())
                } else {
                    (b"!".into(), suffix.into())
                }
            }
        };
        if !self.cursor.is_blankz(0) {
            return Err(self.fault("did not find expected whitespace or line break", start));
        }
        let kind = TokenKind::Tag(Box::new((handle, suffix)));
        Ok(Token { kind, span: Span::new(start, self.cursor.mark()) })
    }

    /// `!`, `!word` or `!word!`. A directive takes no `!word`.
    pub(super) fn scan_tag_handle(
        &mut self,
        directive: bool,
        start: Mark,
    ) -> Result<&'a str, Fault> {
        let first = self.cursor.position();
        if self.cursor.byte(0) != b'!' {
            return Err(self.fault("did not find expected '!'", start));
        }
        self.cursor.advance(1);
        let word = self.cursor.take_word();
        if self.cursor.byte(0) == b'!' {
            self.cursor.advance(1);
        } else if directive && !word.is_empty() {
            return Err(self.fault("did not find expected '!'", start));
        }
        Ok(self.cursor.since(first))
    }

    /// The rest of a tag. `head` is what was taken for a handle and turned out to be the beginning.
    pub(super) fn scan_tag_uri(&mut self, head: &str, start: Mark) -> Result<Vec<u8>, Fault> {
        let mut uri = head.as_bytes().get(1..).unwrap_or_default().to_vec();
        let mut found = !head.is_empty();
        loop {
            match self.cursor.byte(0) {
                b'%' => self.scan_uri_escapes(&mut uri, start)?,
                byte @ (b'0'..=b'9'
                | b'A'..=b'Z'
                | b'a'..=b'z'
                | b'_'
                | b'-'
                | b';'
                | b'/'
                | b'?'
                | b':'
                | b'@'
                | b'&'
                | b'='
                | b'+'
                | b'$'
                | b','
                | b'.'
                | b'!'
                | b'~'
                | b'*'
                | b'\''
                | b'('
                | b')'
                | b'['
                | b']') => {
                    uri.push(byte);
                    self.cursor.advance(1);
                }
                _ => break,
            }
            found = true;
        }
        if found { Ok(uri) } else { Err(self.fault("did not find expected tag URI", start)) }
    }

    /// The escapes of one character.
    fn scan_uri_escapes(&mut self, uri: &mut Vec<u8>, start: Mark) -> Result<(), Fault> {
        let mut left = 0;
        loop {
            let digit = |ahead| char::from(self.cursor.byte(ahead)).to_digit(16);
            let (b'%', Some(high), Some(low)) = (self.cursor.byte(0), digit(1), digit(2)) else {
                return Err(self.fault("did not find URI escaped octet", start));
            };
            let octet = (high << 4 | low) as u8;
            if left == 0 {
                left = match octet {
                    0..0x80 => 1,
                    0xc0..0xe0 => 2,
                    0xe0..0xf0 => 3,
                    0xf0..0xf8 => 4,
                    _ => {
                        let problem = "found an incorrect leading UTF-8 octet";
                        return Err(self.fault(problem, start));
                    }
                };
            } else if octet & 0xc0 != 0x80 {
                return Err(self.fault("found an incorrect trailing UTF-8 octet", start));
            }
            uri.push(octet);
            self.cursor.advance(3);
            left -= 1;
            if left == 0 {
                return Ok(());
            }
        }
    }
}
