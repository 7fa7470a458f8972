//! Block scalars: `|` and `>` with their text on the lines below.

use std::borrow::Cow;

use memchr::memchr;

use super::{Lines, Step};

impl Lines<'_> {
    /// A block scalar in a collection at the column `outer`, whose indicator stands here.
    pub(super) fn block_scalar(&mut self, literal: bool, outer: i32) -> Option<()> {
        self.at += 1;
        let chomping = self.byte(0);
        if matches!(chomping, b'-' | b'+') {
            self.at += 1;
        }
        self.skip_spaces();
        // Indentation given as a digit and comments are rare.
        if self.byte(0) != b'\n' {
            return None;
        }
        self.at = self.bytes.len().min(self.at + 1);
        let least = usize::try_from(outer + 1).ok()?.max(1);
        let (mut breaks, indent) = self.first_block_line(least)?;
        let mut text = String::new();
        let mut leading = "";
        if let Some(indent) = indent {
            let mut leading_blank = false;
            loop {
                let blank = matches!(self.byte(0), b' ' | b'\t');
                if !literal && !leading_blank && !blank && leading == "\n" {
                    text.push_str(if breaks == 0 { " " } else { "" });
                } else {
                    text.push_str(leading);
                }
                push_breaks(&mut text, breaks);
                leading_blank = blank;
                leading = self.push_line(&mut text)?;
                let column;
                (breaks, column) = self.block_breaks(indent)?;
                if column < indent || self.at >= self.bytes.len() {
                    self.at -= column;
                    break;
                }
            }
        }
        if chomping != b'-' {
            text.push_str(leading);
        }
        if chomping == b'+' {
            push_breaks(&mut text, breaks);
        }
        self.steps.push(Step::Scalar { value: Cow::Owned(text), plain: false });
        self.next_line()
    }

    /// Passes empty lines. Gives how many they were, and the indentation of the text, which is at
    /// least `least`; none where there is no text. Stops at the text, or at the line after it.
    fn first_block_line(&mut self, least: usize) -> Option<(usize, Option<usize>)> {
        let (mut breaks, mut deepest) = (0, 0);
        loop {
            let spaces = self.skip_spaces();
            match self.bytes.get(self.at) {
                Some(b'\n') => {
                    breaks += 1;
                    deepest = deepest.max(spaces);
                    self.at += 1;
                }
                Some(b'\t') => return None,
                Some(_) if spaces >= least => {
                    // An empty line that is longer would set the indentation.
                    return (deepest <= spaces).then_some((breaks, Some(spaces)));
                }
                _ => {
                    self.at -= spaces;
                    return Some((breaks, None));
                }
            }
        }
    }

    /// Adds the rest of the line and gives its break.
    fn push_line(&mut self, text: &mut String) -> Option<&'static str> {
        let rest = &self.bytes[self.at..];
        let length = memchr(b'\n', rest);
        let end = self.at + length.unwrap_or(rest.len());
        text.push_str(self.text.get(self.at..end)?);
        self.at = end + usize::from(length.is_some());
        Some(if length.is_some() { "\n" } else { "" })
    }

    /// Passes empty lines and the indentation of the next one; gives how many they were, and its
    /// column, which is at most `indent`.
    fn block_breaks(&mut self, indent: usize) -> Option<(usize, usize)> {
        let mut breaks = 0;
        loop {
            let mut column = 0;
            while column < indent && self.bytes.get(self.at) == Some(&b' ') {
                self.at += 1;
                column += 1;
            }
            match self.bytes.get(self.at) {
                Some(b'\n') => {
                    breaks += 1;
                    self.at += 1;
                }
                Some(b'\t') if column < indent => return None,
                _ => return Some((breaks, column)),
            }
        }
    }
}

fn push_breaks(text: &mut String, count: usize) {
    text.extend(std::iter::repeat_n('\n', count));
}
