//! Simple keys and indentation: the two places where the scanner looks back.
//!
//! A simple key is a node that a `:` may follow. It is known for a key only then, so tokens wait
//! in the queue until the question is settled.

use super::{Scanner, Token, TokenKind};
use crate::error::Fault;
use crate::mark::{Mark, Span};

/// The most open brackets, as in Go.
const MAX_FLOW_LEVEL: usize = 10_000;
/// The most block collections within each other, as in Go.
const MAX_INDENTS: usize = 10_000;
/// The longest simple key in characters, of the YAML specification.
const MAX_KEY_CHARACTERS: usize = 1024;

/// A place where a simple key may have begun.
#[derive(Clone, Default)]
pub(super) struct SimpleKey {
    possible: bool,
    /// In block context at the collection's own column, where only a key can stand.
    required: bool,
    /// Tokens wait for it in the queue.
    waited_for: bool,
    pub token_number: usize,
    pub mark: Mark,
    index: usize,
}

impl<'a> Scanner<'a> {
    /// Whether the token at the head of the queue may still turn out to be a key.
    pub(super) fn head_may_be_key(&mut self) -> Result<bool, Fault> {
        let head = self.tokens_parsed;
        // Numbers grow along the stack, so the place can be searched.
        let first = if self.simple_keys.len() < 8 {
            0
        } else {
            self.simple_keys.partition_point(|key| key.token_number < head)
        };
        for place in first..self.simple_keys.len() {
            let key = &self.simple_keys[place];
            if key.token_number > head {
                break;
            }
            if key.token_number == head && key.possible && key.waited_for {
                return self.is_valid(place);
            }
        }
        Ok(false)
    }

    /// A key ends on its line and within 1024 characters; a required one fails beyond.
    fn is_valid(&mut self, place: usize) -> Result<bool, Fault> {
        let key = &self.simple_keys[place];
        if !key.possible {
            return Ok(false);
        }
        if key.mark.line < self.cursor.line()
            || key.index + MAX_KEY_CHARACTERS < self.cursor.index()
        {
            if key.required {
                return Err(self.fault("could not find expected ':'", key.mark));
            }
            self.simple_keys[place].possible = false;
            return Ok(false);
        }
        Ok(true)
    }

    pub(super) fn save_simple_key(&mut self) -> Result<(), Fault> {
        if !self.simple_key_allowed {
            return Ok(());
        }
        let mark = self.cursor.mark();
        let key = SimpleKey {
            possible: true,
            required: self.flow_level == 0 && self.indent == i64::from(mark.column),
            waited_for: true,
            token_number: self.tokens_parsed + self.tokens.len(),
            mark,
            index: self.cursor.index(),
        };
        self.remove_simple_key()?;
        if let Some(last) = self.simple_keys.last_mut() {
            *last = key;
        }
        Ok(())
    }

    pub(super) fn remove_simple_key(&mut self) -> Result<(), Fault> {
        let Some(last) = self.simple_keys.last_mut() else { return Ok(()) };
        if !last.possible {
            return Ok(());
        }
        if last.required {
            let mark = last.mark;
            return Err(self.fault("could not find expected ':'", mark));
        }
        last.possible = false;
        Ok(())
    }

    /// The key that the `:` here belongs to.
    pub(super) fn take_valid_simple_key(&mut self) -> Result<Option<SimpleKey>, Fault> {
        let Some(place) = self.simple_keys.len().checked_sub(1) else { return Ok(None) };
        if !self.is_valid(place)? {
            return Ok(None);
        }
        let key = self.simple_keys[place].clone();
        self.simple_keys[place].possible = false;
        Ok(Some(key))
    }

    pub(super) fn increase_flow_level(&mut self) -> Result<(), Fault> {
        let mark = self.cursor.mark();
        self.simple_keys.push(SimpleKey {
            token_number: self.tokens_parsed + self.tokens.len(),
            mark,
            ..SimpleKey::default()
        });
        self.flow_level += 1;
        if self.flow_level > MAX_FLOW_LEVEL {
            return Err(self.fault(format!("exceeded max depth of {MAX_FLOW_LEVEL}"), mark));
        }
        Ok(())
    }

    pub(super) fn decrease_flow_level(&mut self) {
        if self.flow_level == 0 {
            return;
        }
        self.flow_level -= 1;
        let Some(closed) = self.simple_keys.pop() else { return };
        // Go forgets by token number here: an empty `[]` or `{}` carries the number of the key
        // that it may be itself, which is then no longer waited for.
        if let Some(outer) = self.simple_keys.last_mut()
            && outer.token_number == closed.token_number
        {
            outer.waited_for = false;
        }
    }

    /// Opens a block collection at the column of `mark` if that is deeper than the present one.
    /// `number` is the token to stand before.
    pub(super) fn roll_indent(
        &mut self,
        mark: Mark,
        number: Option<usize>,
        kind: TokenKind<'a>,
    ) -> Result<(), Fault> {
        let column = i64::from(mark.column);
        if self.flow_level > 0 || self.indent >= column {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column;
        if self.indents.len() > MAX_INDENTS {
            let context = self.simple_keys.last().map(|key| key.mark).unwrap_or_default();
            return Err(self.fault(format!("exceeded max depth of {MAX_INDENTS}"), context));
        }
        self.insert(number, Token { kind, span: Span::empty(mark) });
        Ok(())
    }

    /// Closes the block collections that are deeper than `column`.
    pub(super) fn unroll_indent(&mut self, column: i64) {
        if self.flow_level > 0 {
            return;
        }
        while self.indent > column {
            let mark = self.cursor.mark();
            self.push(TokenKind::BlockEnd, mark, mark);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }
}
