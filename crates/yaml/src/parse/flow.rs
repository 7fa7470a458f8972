//! Flow collections: `[…]` and `{…}`.

use super::{Event, EventKind, Parsed, Parser, State, empty_scalar};
use crate::mark::Span;
use crate::scan::TokenKind;

impl<'a> Parser<'a> {
    pub(super) fn flow_sequence_entry(&mut self, first: bool) -> Parsed<'a> {
        if first {
            let mark = self.skip()?.start;
            self.marks.push(mark);
        }
        if matches!(self.peek()?.kind, TokenKind::FlowSequenceEnd) {
            return self.close(EventKind::SequenceEnd);
        }
        if !first {
            self.flow_separator("did not find expected ',' or ']'")?;
        }
        let span = self.peek()?.span;
        match self.peek()?.kind {
            TokenKind::Key => {
                self.state = State::FlowPairKey;
                self.skip()?;
                Ok(Event { kind: EventKind::MappingStart(None), span })
            }
            TokenKind::FlowSequenceEnd => self.close(EventKind::SequenceEnd),
            _ => {
                self.states.push(State::FlowSequenceEntry { first: false });
                self.node(false, false)
            }
        }
    }

    fn flow_separator(&mut self, problem: &'static str) -> Result<(), crate::error::Fault> {
        let mark = self.peek()?.span.start;
        if !matches!(self.peek()?.kind, TokenKind::FlowEntry) {
            return Err(self.unexpected(problem, mark));
        }
        self.skip()?;
        Ok(())
    }

    pub(super) fn flow_pair_key(&mut self) -> Parsed<'a> {
        match self.peek()?.kind {
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd => {
                // Go takes the token here, too.
                let span = self.skip()?;
                self.state = State::FlowPairValue;
                Ok(empty_scalar(span.end))
            }
            _ => {
                self.states.push(State::FlowPairValue);
                self.node(false, false)
            }
        }
    }

    pub(super) fn flow_pair_value(&mut self) -> Parsed<'a> {
        // Go takes the place before `:` for the empty value, though it looks past it.
        let mark = self.peek()?.span.start;
        if matches!(self.peek()?.kind, TokenKind::Value) {
            self.skip()?;
            if !matches!(self.peek()?.kind, TokenKind::FlowEntry | TokenKind::FlowSequenceEnd) {
                self.states.push(State::FlowPairEnd);
                return self.node(false, false);
            }
        }
        self.state = State::FlowPairEnd;
        Ok(empty_scalar(mark))
    }

    pub(super) fn flow_pair_end(&mut self) -> Parsed<'a> {
        let span = Span::empty(self.peek()?.span.start);
        self.state = State::FlowSequenceEntry { first: false };
        Ok(Event { kind: EventKind::MappingEnd, span })
    }

    pub(super) fn flow_mapping_key(&mut self, first: bool) -> Parsed<'a> {
        if first {
            let mark = self.skip()?.start;
            self.marks.push(mark);
        }
        if matches!(self.peek()?.kind, TokenKind::FlowMappingEnd) {
            return self.close(EventKind::MappingEnd);
        }
        if !first {
            self.flow_separator("did not find expected ',' or '}'")?;
        }
        match self.peek()?.kind {
            TokenKind::Key => {
                self.skip()?;
                self.flow_mapping_part(State::FlowMappingValue { empty: false })
            }
            TokenKind::FlowMappingEnd => self.close(EventKind::MappingEnd),
            _ => {
                self.states.push(State::FlowMappingValue { empty: true });
                self.node(false, false)
            }
        }
    }

    /// What follows `?`, which may be nothing.
    fn flow_mapping_part(&mut self, next: State) -> Parsed<'a> {
        let mark = self.peek()?.span.start;
        match self.peek()?.kind {
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd => {
                self.state = next;
                Ok(empty_scalar(mark))
            }
            _ => {
                self.states.push(next);
                self.node(false, false)
            }
        }
    }

    pub(super) fn flow_mapping_value(&mut self, empty: bool) -> Parsed<'a> {
        let next = State::FlowMappingKey { first: false };
        let mut mark = self.peek()?.span.start;
        if !empty && matches!(self.peek()?.kind, TokenKind::Value) {
            self.skip()?;
            let token = self.peek()?;
            mark = token.span.start;
            if !matches!(token.kind, TokenKind::FlowEntry | TokenKind::FlowMappingEnd) {
                self.states.push(next);
                return self.node(false, false);
            }
        }
        self.state = next;
        Ok(empty_scalar(mark))
    }
}
