//! Numbers, dates and times, to a first approximation: which characters belong to them. What they
//! mean, and whether they mean anything, is the parser's business.

use super::{Kind, LexFault, Lexer, Step};

impl Lexer<'_> {
    /// A value that begins with a digit, which is taken.
    pub(super) fn number_or_date(&mut self, first: char) -> Step {
        if first == '0' {
            return self.based_number_or_date();
        }
        self.digits_or_date()
    }

    /// After a zero. No date begins with one digit.
    fn based_number_or_date(&mut self) -> Step {
        match self.place.next()? {
            '0'..='9' => self.digits_or_date(),
            '_' => self.decimal(),
            '.' | 'e' | 'E' => self.float(),
            'b' => self.based("a binary", |c| matches!(c, '0' | '1')),
            'o' => self.based("an octal", |c| matches!(c, '0'..='7')),
            'x' => self.based("a hexadecimal", |c| c.is_ascii_hexdigit()),
            _ => {
                self.place.back();
                Ok(self.emit_and_pop(Kind::Integer))
            }
        }
    }

    fn based(&mut self, kind: &str, is_digit: fn(char) -> bool) -> Step {
        let next = self.place.peek()?;
        if !is_digit(next) {
            let taken = String::from_utf8_lossy(self.place.pending());
            return Err(self.place.fault(format!("not {kind} number: '{taken}{next}'")));
        }
        self.rest(Kind::Integer, |c| is_digit(c) || c == '_')
    }

    fn digits_or_date(&mut self) -> Step {
        self.place.skip_while(|c| c.is_ascii_digit())?;
        match self.place.next()? {
            '-' | ':' => self.datetime(),
            '_' => self.decimal(),
            '.' | 'e' | 'E' => self.float(),
            _ => {
                self.place.back();
                Ok(self.emit_and_pop(Kind::Integer))
            }
        }
    }

    fn datetime(&mut self) -> Step {
        let belongs = |c: char| c.is_ascii_digit() || "-:Tt .Zz+".contains(c);
        self.rest(Kind::Datetime, belongs)
    }

    fn decimal(&mut self) -> Step {
        self.place.skip_while(|c| c.is_ascii_digit() || c == '_')?;
        match self.place.next()? {
            '.' | 'e' | 'E' => self.float(),
            _ => {
                self.place.back();
                Ok(self.emit_and_pop(Kind::Integer))
            }
        }
    }

    fn float(&mut self) -> Step {
        self.rest(Kind::Float, |c| c.is_ascii_digit() || "_.-+eE".contains(c))
    }

    fn rest(&mut self, kind: Kind, belongs: impl Fn(char) -> bool) -> Step {
        self.place.skip_while(belongs)?;
        Ok(self.emit_and_pop(kind))
    }

    /// After a sign.
    pub(super) fn signed_number(&mut self) -> Step {
        let next = self.place.next()?;
        match next {
            'i' | 'n' => {
                let (second, third) = if next == 'i' { ('n', 'f') } else { ('a', 'n') };
                if self.place.accept(second)? && self.place.accept(third)? {
                    return Ok(self.emit_and_pop(Kind::Float));
                }
                let taken = String::from_utf8_lossy(self.place.pending());
                Err(self.place.fault(format!("invalid float: '{taken}'")))
            }
            '0' => match self.place.peek()? {
                base @ ('b' | 'o' | 'x') => {
                    let taken = String::from_utf8_lossy(self.place.pending());
                    Err(self.place.fault(format!(
                        "cannot use sign with non-decimal numbers: '{taken}{base}'"
                    )))
                }
                _ => self.decimal(),
            },
            '1'..='9' => self.decimal(),
            '.' => Err(self.place.fault("floats must start with a digit, not '.'")),
            _ => {
                let found = super::show(next);
                Err(self.place.fault(format!("expected a digit but got {found}")))
            }
        }
    }

    /// The rest of `inf` or `nan`. What fits of it stays taken where the word goes on otherwise.
    pub(super) fn accept_rest_of_float(&mut self) -> Result<bool, LexFault> {
        Ok((self.place.accept('n')? && self.place.accept('f')?)
            || (self.place.accept('a')? && self.place.accept('n')?))
    }
}
