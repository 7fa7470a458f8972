//! Texts in quotes: where they end, and what may follow a backslash. What escapes stand for is the
//! parser's business.

use super::place::Base;
use super::{END, Kind, LexFault, Lexer, State, Step, is_break};

const NEWLINE: &str = "strings cannot contain newlines";

impl Lexer<'_> {
    /// One or three quotes; the first is taken.
    pub(super) fn opening_quotes(&mut self, quote: char) -> Step {
        if self.place.accept(quote)? {
            if self.place.accept(quote)? {
                self.place.ignore();
                let double = quote == '"';
                return Ok(if double { State::Multiline } else { State::RawMultiline });
            }
            self.place.back();
        }
        self.place.ignore();
        Ok(if quote == '"' { State::Quoted } else { State::Raw })
    }

    pub(super) fn quoted(&mut self) -> Step {
        loop {
            match self.place.next()? {
                END => return Err(self.place.fault("unexpected EOF; expected '\"'")),
                '\\' => self.escape()?,
                '"' => {
                    let kind = if self.escaped { Kind::Escaped } else { Kind::Quoted };
                    self.escaped = false;
                    return self.close(kind, 1);
                }
                next if is_break(next) => {
                    return Err(self.place.fault_on(Base::LineBefore, NEWLINE));
                }
                _ => {}
            }
        }
    }

    pub(super) fn raw(&mut self) -> Step {
        loop {
            match self.place.next()? {
                END => return Err(self.place.fault("unexpected EOF; expected \"'\"")),
                '\'' => return self.close(Kind::Raw, 1),
                next if is_break(next) => {
                    return Err(self.place.fault_on(Base::LineBefore, NEWLINE));
                }
                _ => {}
            }
        }
    }

    pub(super) fn multiline(&mut self) -> Step {
        loop {
            match self.place.next()? {
                END => return Err(self.place.fault("unexpected EOF; expected '\"\"\"'")),
                '\\' if !is_break(self.place.next()?) => {
                    self.place.back();
                    self.escape()?;
                }
                '"' if self.closes('"')? => {
                    self.escaped = false;
                    return self.close(Kind::Multiline, 3);
                }
                _ => {}
            }
        }
    }

    pub(super) fn raw_multiline(&mut self) -> Step {
        loop {
            match self.place.next()? {
                END => return Err(self.place.fault("unexpected EOF; expected \"'''\"")),
                '\'' if self.closes('\'')? => return self.close(Kind::RawMultiline, 3),
                _ => {}
            }
        }
    }

    /// Whether three quotes stand here, the first of them taken, and no fourth: up to two may stand
    /// before the closing three.
    fn closes(&mut self, quote: char) -> Result<bool, LexFault> {
        if !self.place.accept(quote)? {
            return Ok(false);
        }
        if !self.place.accept(quote)? {
            self.place.back();
            return Ok(false);
        }
        if self.place.peek()? != quote {
            return Ok(true);
        }
        let pending = self.place.pending();
        if quote == '\'' && pending.ends_with(b"'''''") {
            return Err(self.place.fault("unexpected \"''''''\""));
        }
        // The first of five may be escaped.
        if pending.ends_with(br#"""""""#) && !pending.ends_with(br#"\""""""#) {
            return Err(self.place.fault("unexpected '\"\"\"\"\"\"'"));
        }
        self.place.back();
        self.place.back();
        Ok(false)
    }

    /// Leaves the text before its closing quotes, which were taken, and passes them over.
    fn close(&mut self, kind: Kind, quotes: usize) -> Step {
        for _ in 0..quotes {
            self.place.back();
        }
        let next = self.emit_and_pop(kind);
        for _ in 0..quotes {
            self.place.next()?;
        }
        self.place.ignore();
        Ok(next)
    }

    /// What follows a backslash.
    fn escape(&mut self) -> Result<(), LexFault> {
        self.escaped = true;
        match self.place.next()? {
            // A backslash and blanks may stand at the end of a line of several.
            'e' | 'b' | 't' | 'n' | 'f' | 'r' | '"' | ' ' | '\t' | '\\' => Ok(()),
            'x' => self.digits(2, r"two hexadecimal digits after '\x'"),
            'u' => self.digits(4, r"four hexadecimal digits after '\u'"),
            'U' => self.digits(8, r"eight hexadecimal digits after '\U'"),
            other => Err(self.place.fault_early(format!("invalid escape in string '\\{other}'"))),
        }
    }

    fn digits(&mut self, count: usize, wanted: &str) -> Result<(), LexFault> {
        for _ in 0..count {
            if !self.place.next()?.is_ascii_hexdigit() {
                let found = strconv::quote(self.place.pending());
                return Err(self
                    .place
                    .fault(format!("expected {wanted}, but got {found} instead")));
            }
        }
        Ok(())
    }
}
