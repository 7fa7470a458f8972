//! Flow collections on one line: `[]`, `["a", b]`, `{cpu: 1, "memory": 2Gi}`.

use std::borrow::Cow;

use super::{Lines, MOST_KEY_BYTES, Step};
use crate::walk::{is_odd_key, is_odd_number};

impl<'a> Lines<'a> {
    /// The collection whose bracket stands here; stops after the closing one.
    pub(super) fn flow_collection(&mut self) -> Option<()> {
        self.enter()?;
        let (close, start, end) = match self.byte(0) {
            b'[' => (b']', Step::SequenceStart, Step::SequenceEnd),
            _ => (b'}', Step::MappingStart, Step::MappingEnd),
        };
        self.at += 1;
        self.steps.push(start);
        self.skip_spaces();
        let mut empty = true;
        while self.byte(0) != close || !empty {
            if close == b'}' {
                self.flow_key()?;
            }
            self.flow_value()?;
            empty = false;
            self.skip_spaces();
            match self.byte(0) {
                b',' => self.at += 1,
                byte if byte == close => break,
                _ => return None,
            }
            self.skip_spaces();
        }
        self.at += 1;
        self.steps.push(end);
        self.depth -= 1;
        Some(())
    }

    /// A key, its `:` and what blanks follow. After quotes the `:` needs none.
    fn flow_key(&mut self) -> Option<()> {
        let start = self.at;
        let key = self.flow_scalar(is_odd_key)?;
        let quoted = matches!(key, Step::Scalar { plain: false, .. });
        if self.byte(0) != b':' || !quoted && self.byte(1) != b' ' {
            return None;
        }
        self.at += 1;
        self.skip_spaces();
        self.steps.push(key);
        (self.at - start <= MOST_KEY_BYTES).then_some(())
    }

    fn flow_value(&mut self) -> Option<()> {
        if matches!(self.byte(0), b'[' | b'{') {
            return self.flow_collection();
        }
        let value = self.flow_scalar(is_odd_number)?;
        self.steps.push(value);
        Some(())
    }

    /// A text in quotes, or one word of letters, digits and signs that mean nothing.
    fn flow_scalar(&mut self, is_odd: fn(&str) -> bool) -> Option<Step<'a>> {
        if let quote @ (b'"' | b'\'') = self.byte(0) {
            return Some(Step::Scalar { value: self.quoted(quote)?, plain: false });
        }
        let sign = |byte: &u8| matches!(byte, b'-' | b'_' | b'.' | b'/' | b'+' | b'=' | b'$');
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && !sign(byte))?;
        if length == 0 || length == 1 && rest[0] == b'-' {
            return None;
        }
        self.at += length;
        let text = self.text.get(self.at - length..self.at)?;
        (!is_odd(text)).then_some(Step::Scalar { value: Cow::Borrowed(text), plain: true })
    }
}
