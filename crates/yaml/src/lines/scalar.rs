//! Texts of one line, with and without quotes.

use std::borrow::Cow;

use memchr::{memchr2, memchr3};

use super::{Lines, MOST_KEY_BYTES, Step};
use crate::walk::{is_odd_key, is_odd_number};

/// Whether a `:` makes a text a key; the `:` is passed then.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Found {
    Key,
    Value,
}

/// How far the next byte is that may end a plain text: a blank, a line break or a `:`. All bytes
/// up to the space are such, because others are no YAML.
#[inline]
fn find_stop(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGHEST: u64 = ONES << 7;
    let mut rest = bytes;
    // Eight bytes at a time: a difference borrows into the highest bit of the first such byte.
    while let Some((eight, after)) = rest.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*eight);
        let colons = word ^ (ONES * u64::from(b':'));
        let low = word.wrapping_sub(ONES * u64::from(b'!')) & !word;
        let found = (low | colons.wrapping_sub(ONES) & !colons) & HIGHEST;
        if found != 0 {
            return bytes.len() - rest.len() + found.trailing_zeros() as usize / 8;
        }
        rest = after;
    }
    let stop = rest.iter().position(|byte| matches!(byte, 0..=b' ' | b':'));
    bytes.len() - rest.len() + stop.unwrap_or(rest.len())
}

/// Whether a plain text cannot begin with a byte, or not always.
#[inline]
fn is_no_beginning(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t'
            | b'\n'
            | b'-'
            | b'?'
            | b':'
            | b','
            | b'['
            | b']'
            | b'{'
            | b'}'
            | b'#'
            | b'&'
            | b'*'
            | b'!'
            | b'|'
            | b'>'
            | b'\''
            | b'"'
            | b'%'
            | b'@'
            | b'`'
    )
}

impl<'a> Lines<'a> {
    /// A plain or quoted text that begins here, which becomes a step.
    pub(super) fn scalar(&mut self) -> Option<Found> {
        let start = self.at;
        let found = match self.byte(0) {
            quote @ (b'"' | b'\'') => {
                let value = self.quoted(quote)?;
                self.steps.push(Step::Scalar { value, plain: false });
                let key = self.byte(0) == b':' && self.is_blank(1);
                self.at += usize::from(key);
                if key { Found::Key } else { Found::Value }
            }
            first => {
                // Some signs begin a text where no blank follows.
                let may_begin = matches!(first, b'-' | b'?' | b':') && !self.is_blank(1);
                if is_no_beginning(first) && !may_begin {
                    return None;
                }
                let (text, found) = self.plain_run(start)?;
                let odd = match found {
                    Found::Key => is_odd_key(text),
                    Found::Value => is_odd_number(text),
                };
                if odd {
                    return None;
                }
                self.steps.push(Step::Scalar { value: Cow::Borrowed(text), plain: true });
                found
            }
        };
        let too_long = found == Found::Key && self.at - start > MOST_KEY_BYTES;
        (!too_long).then_some(found)
    }

    /// A plain text from `start` on, up to where it ends on this line.
    fn plain_run(&mut self, start: usize) -> Option<(&'a str, Found)> {
        loop {
            self.at += find_stop(&self.bytes[self.at..]);
            match self.byte(0) {
                b':' if self.is_blank(1) => {
                    let key = self.text.get(start..self.at)?;
                    self.at += 1;
                    return Some((key, Found::Key));
                }
                b':' => self.at += 1,
                b' ' => {
                    let end = self.at;
                    self.skip_spaces();
                    match self.byte(0) {
                        b'\n' | b'#' => {
                            // What follows the text is looked at by the caller.
                            self.at = end;
                            return Some((self.text.get(start..end)?, Found::Value));
                        }
                        b':' if self.is_blank(1) => return None,
                        _ => {}
                    }
                }
                b'\t' => return None,
                _ => return Some((self.text.get(start..self.at)?, Found::Value)),
            }
        }
    }

    /// The plain text that was the last step goes on with the lines that are deeper than `outer`.
    /// `end` is where it ended so far; the place is at the next line that is no comment.
    pub(super) fn further_lines(&mut self, mut end: usize, outer: i32) -> Option<()> {
        let Some(Step::Scalar { value, plain: true }) = self.steps.pop() else { return None };
        let mut text = value.into_owned();
        while self.column > outer {
            // Empty lines and comments between the lines have their own rules.
            let between = &self.bytes[end..self.at];
            let lines = between.split(|byte| *byte == b'\n').count();
            if lines != 2 || between.contains(&b'#') {
                return None;
            }
            let (line, Found::Value) = self.plain_run(self.at)? else { return None };
            end = self.at;
            text.push(' ');
            text.push_str(line);
            self.end_of_line()?;
        }
        self.steps.push(Step::Scalar { value: Cow::Owned(text), plain: true });
        Some(())
    }

    /// A text in quotes; stops after the closing one.
    pub(super) fn quoted(&mut self, quote: u8) -> Option<Cow<'a, str>> {
        self.at += 1;
        let mut start = self.at;
        let mut text = String::new();
        loop {
            let rest = &self.bytes[self.at..];
            self.at += match quote {
                b'\'' => memchr2(b'\'', b'\n', rest)?,
                _ => memchr3(b'"', b'\\', b'\n', rest)?,
            };
            let run = self.text.get(start..self.at)?;
            let escaped = match (self.byte(0), self.byte(1)) {
                (b'\'', b'\'') => '\'',
                (b'\\', b'"') => '"',
                (b'\\', b'\\') => '\\',
                (b'\\', b'n') => '\n',
                (b'\\', b't') => '\t',
                (b'\'' | b'"', _) => {
                    self.at += 1;
                    if text.is_empty() {
                        return Some(Cow::Borrowed(run));
                    }
                    text.push_str(run);
                    return Some(Cow::Owned(text));
                }
                _ => return None,
            };
            text.push_str(run);
            text.push(escaped);
            self.at += 2;
            start = self.at;
        }
    }
}
