//! A place in a TOML text that moves by runes, and the item that is pending before it.

use gotmpl::rune;

use super::{END, LexFault};

/// Which line a fault names.
#[derive(Clone, Copy)]
pub enum Base {
    /// This one.
    Line,
    /// The one before: a line break was taken that belongs to it.
    LineBefore,
}

/// The place.
pub struct Place<'text> {
    text: &'text [u8],
    /// Where the pending item begins.
    start: usize,
    at: usize,
    line: i64,
    /// The end was taken as if it were a rune.
    ended: bool,
}

impl<'text> Place<'text> {
    pub fn new(text: &'text [u8]) -> Self {
        Self { text, start: 0, at: 0, line: 1, ended: false }
    }

    pub fn line(&self) -> i64 {
        self.line
    }

    pub fn offset(&self) -> usize {
        self.at
    }

    /// What was taken since an offset.
    pub fn since(&self, offset: usize) -> &'text [u8] {
        self.text.get(offset..self.at).unwrap_or_default()
    }

    /// What was taken since the last item.
    pub fn pending(&self) -> &'text [u8] {
        self.since(self.start)
    }

    pub fn take_pending(&mut self) -> &'text [u8] {
        let taken = self.pending();
        self.ignore();
        taken
    }

    /// What was taken so far belongs to no item.
    pub fn ignore(&mut self) {
        self.start = self.at;
    }

    /// Takes a rune, [`END`] at the end. Bytes that no TOML text may have are faults.
    pub fn next(&mut self) -> Result<char, LexFault> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let (found, width) = rune::decode(rest);
        if width == 0 {
            self.ended = true;
            return Ok(END);
        }
        if found == '\n' {
            self.line += 1;
        }
        let byte = rest[0];
        if found == rune::ERROR && width == 1 {
            return Err(self.named(Base::Line, format!("invalid UTF-8 byte: 0x{byte:02x}")));
        }
        let forbidden = match byte {
            b'\t' | b'\n' => false,
            b'\r' => rest.get(1) != Some(&b'\n'),
            _ => byte.is_ascii_control(),
        };
        if forbidden {
            let message = format!("TOML files cannot contain control characters: '0x{byte:02x}'");
            return Err(self.named(Base::Line, message));
        }
        self.at += width;
        Ok(found)
    }

    /// Steps back by what [`Self::next`] took last.
    pub fn back(&mut self) {
        if self.ended {
            self.ended = false;
            return;
        }
        self.at -= rune::decode_last(self.text.get(..self.at).unwrap_or_default()).1;
        if self.text.get(self.at) == Some(&b'\n') {
            self.line -= 1;
        }
    }

    /// The next rune, not taken.
    pub fn peek(&mut self) -> Result<char, LexFault> {
        let next = self.next()?;
        self.back();
        Ok(next)
    }

    /// Takes the next rune when it is that one.
    pub fn accept(&mut self, wanted: char) -> Result<bool, LexFault> {
        let found = self.next()? == wanted;
        if !found {
            self.back();
        }
        Ok(found)
    }

    /// Takes runes as long as they belong.
    pub fn skip_while(&mut self, belongs: impl Fn(char) -> bool) -> Result<(), LexFault> {
        while belongs(self.next()?) {}
        self.back();
        Ok(())
    }

    /// Spaces and tabs belong to no item.
    pub fn skip_spaces(&mut self) -> Result<(), LexFault> {
        self.skip_while(super::is_space)?;
        self.ignore();
        Ok(())
    }

    /// A fault here; at the end of a text that ends with a line break, in the last line with
    /// something on it.
    pub fn fault(&self, message: impl Into<String>) -> LexFault {
        let after_break = self.at > 0 && self.text.get(self.at - 1) == Some(&b'\n');
        let base = if self.ended && after_break { Base::LineBefore } else { Base::Line };
        self.named(base, message)
    }

    /// A fault here, with its line.
    pub fn fault_on(&self, base: Base, message: impl Into<String>) -> LexFault {
        self.named(base, message)
    }

    /// Some faults are always put on the line before when they are met at the end.
    pub fn fault_early(&self, message: impl Into<String>) -> LexFault {
        let base = if self.ended { Base::LineBefore } else { Base::Line };
        self.named(base, message)
    }

    fn named(&self, base: Base, message: impl Into<String>) -> LexFault {
        let line = match base {
            Base::Line => self.line,
            Base::LineBefore => self.line - 1,
        };
        LexFault { line, message: message.into() }
    }
}
