//! Texts of one line, with and without quotes.

use std::borrow::Cow;

use memchr::{memchr2, memchr3};

use super::{Lines, MOST_KEY_BYTES, Step};

/// A text, and whether a `:` makes it a key; the `:` is passed then.
pub(super) enum Found<'a> {
    Key(Step<'a>),
    Value(Step<'a>),
}

/// Bytes that may end a plain text or have a meaning in it.
const STOP: u8 = 1;
/// Bytes that a plain text cannot begin with, or not always.
const NO_BEGINNING: u8 = 2;

static BYTES: [u8; 256] = {
    let mut table = [0; 256];
    let (stops, no_beginnings) = (b" \t\n:", b" \t\n-?:,[]{}#&*!|>'\"%@`");
    let mut at = 0;
    while at < stops.len() {
        table[stops[at] as usize] |= STOP;
        at += 1;
    }
    at = 0;
    while at < no_beginnings.len() {
        table[no_beginnings[at] as usize] |= NO_BEGINNING;
        at += 1;
    }
    table
};

impl<'a> Lines<'a> {
    /// A plain or quoted text that begins here.
    pub(super) fn scalar(&mut self) -> Option<Found<'a>> {
        let start = self.at;
        let found = match self.byte(0) {
            quote @ (b'"' | b'\'') => {
                let value = self.quoted(quote)?;
                let step = Step::Scalar { value, plain: false };
                if self.byte(0) == b':' && self.is_blank(1) {
                    self.at += 1;
                    Found::Key(step)
                } else {
                    Found::Value(step)
                }
            }
            _ => self.plain()?,
        };
        let too_long = matches!(found, Found::Key(_)) && self.at - start > MOST_KEY_BYTES;
        (!too_long).then_some(found)
    }

    fn plain(&mut self) -> Option<Found<'a>> {
        let first = self.byte(0);
        if BYTES[usize::from(first)] & NO_BEGINNING != 0 {
            // These begin a text where no blank follows.
            if !matches!(first, b'-' | b'?' | b':') || self.is_blank(1) {
                return None;
            }
        }
        self.plain_run(self.at)
    }

    /// A plain text from `start` on, up to where it ends on this line.
    fn plain_run(&mut self, start: usize) -> Option<Found<'a>> {
        loop {
            let rest = &self.bytes[self.at..];
            let length = rest.iter().position(|byte| BYTES[usize::from(*byte)] & STOP != 0);
            self.at += length.unwrap_or(rest.len());
            match self.byte(0) {
                b':' if self.is_blank(1) => {
                    let key = self.plain_step(start, self.at);
                    self.at += 1;
                    return Some(Found::Key(key));
                }
                b':' => self.at += 1,
                b' ' => {
                    let end = self.at;
                    self.skip_spaces();
                    match self.byte(0) {
                        b'\n' | b'#' => {
                            // What follows the text is looked at by the caller.
                            self.at = end;
                            return Some(Found::Value(self.plain_step(start, end)));
                        }
                        b':' if self.is_blank(1) => return None,
                        _ => {}
                    }
                }
                b'\t' => return None,
                _ => return Some(Found::Value(self.plain_step(start, self.at))),
            }
        }
    }

    /// A plain text goes on with the lines that are deeper than `outer`. `end` is where it ended
    /// so far; the place is at the next line that is no comment.
    pub(super) fn further_lines(
        &mut self,
        first: Step<'a>,
        mut end: usize,
        outer: i32,
    ) -> Option<Step<'a>> {
        let Step::Scalar { value, plain: true } = first else { return Some(first) };
        let mut value = value;
        while self.column > outer {
            // Empty lines and comments between the lines have their own rules.
            let between = &self.bytes[end..self.at];
            let lines = between.split(|byte| *byte == b'\n').count();
            if lines != 2 || between.contains(&b'#') {
                return None;
            }
            let start = self.at;
            let Found::Value(_) = self.plain_run(start)? else { return None };
            end = self.at;
            let text = value.to_mut();
            text.push(' ');
            text.push_str(self.text.get(start..end)?);
            self.end_of_line()?;
        }
        Some(Step::Scalar { value, plain: true })
    }

    fn plain_step(&self, start: usize, end: usize) -> Step<'a> {
        let value = Cow::Borrowed(self.text.get(start..end).unwrap_or_default());
        Step::Scalar { value, plain: true }
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
