//! Nodes with their properties, and block collections.

use super::{Event, EventKind, Parsed, Parser, Properties, State, empty_scalar};
use crate::error::Fault;
use crate::mark::{Mark, Span};
use crate::scan::{Style, TagBytes, Token, TokenKind};

/// The properties before a node, and their place.
struct Prefix<'a> {
    properties: Option<Box<Properties<'a>>>,
    span: Span,
}

impl<'a> Parser<'a> {
    /// A node; `block` and `indentless` say which collections may stand here.
    pub(super) fn node(&mut self, block: bool, indentless: bool) -> Parsed<'a> {
        let token = self.peek()?;
        let start = token.span.start;
        let prefix = match token.kind {
            TokenKind::Alias(name) => {
                self.pop_state();
                let span = self.skip()?;
                return Ok(Event { kind: EventKind::Alias(name), span });
            }
            TokenKind::Anchor(_) | TokenKind::Tag(_) => self.node_properties()?,
            _ => Prefix { properties: None, span: Span::empty(start) },
        };
        self.node_content(block, indentless, prefix)
    }

    fn node_content(&mut self, block: bool, indentless: bool, prefix: Prefix<'a>) -> Parsed<'a> {
        let Prefix { properties, span } = prefix;
        let token = self.peek()?;
        let whole = Span::new(span.start, token.span.end);
        let here = token.span.start;
        let state = match token.kind {
            TokenKind::Scalar(..) => return Ok(self.scalar(properties, whole)),
            TokenKind::BlockEntry if indentless => State::IndentlessSequenceEntry,
            TokenKind::FlowSequenceStart => State::FlowSequenceEntry { first: true },
            TokenKind::FlowMappingStart => State::FlowMappingKey { first: true },
            TokenKind::BlockSequenceStart if block => State::BlockSequenceEntry { first: true },
            TokenKind::BlockMappingStart if block => State::BlockMappingKey { first: true },
            _ => {
                if properties.is_none() {
                    let problem = "did not find expected node content";
                    return Err(Self::fault_in(span.start, problem, here));
                }
                self.pop_state();
                let mut event = empty_scalar(here);
                event.span = span;
                if let EventKind::Scalar { implicit, properties: place, .. } = &mut event.kind {
                    *implicit = properties.as_ref().is_none_or(|own| own.tag.is_empty());
                    *place = properties;
                }
                return Ok(event);
            }
        };
        self.state = state;
        let mapping = matches!(state, State::FlowMappingKey { .. } | State::BlockMappingKey { .. });
        let kind = if mapping {
            EventKind::MappingStart(properties)
        } else {
            EventKind::SequenceStart(properties)
        };
        Ok(Event { kind, span: whole })
    }

    fn scalar(&mut self, properties: Option<Box<Properties<'a>>>, span: Span) -> Event<'a> {
        self.pop_state();
        let Some(Token { kind: TokenKind::Scalar(value, style), .. }) = self.scanner.take() else {
            return empty_scalar(span.start);
        };
        let tag = properties.as_ref().map(|own| own.tag.as_ref()).unwrap_or_default();
        let implicit = tag.is_empty() && style == Style::Plain || tag == b"!";
        Event { kind: EventKind::Scalar { value, style, implicit, properties }, span }
    }

    /// An anchor, a tag, or both in either order.
    fn node_properties(&mut self) -> Result<Prefix<'a>, Fault> {
        let start = self.peek()?.span.start;
        let mut end = start;
        let mut properties = Properties::default();
        let mut tag: Option<(TagBytes<'a>, TagBytes<'a>, Mark)> = None;
        loop {
            let token = self.peek()?;
            let span = token.span;
            match token.kind {
                TokenKind::Anchor(name) if properties.anchor.is_none() => {
                    properties.anchor = Some(name);
                    self.scanner.take();
                }
                TokenKind::Tag(_) if tag.is_none() => {
                    if let Some(Token { kind: TokenKind::Tag(parts), .. }) = self.scanner.take() {
                        tag = Some((parts.0, parts.1, span.start));
                    }
                }
                _ => break,
            }
            end = span.end;
        }
        if let Some((handle, suffix, mark)) = tag {
            properties.tag = self
                .whole_tag(&handle, suffix)
                .ok_or_else(|| Self::fault_in(start, "found undefined tag handle", mark))?;
        }
        Ok(Prefix { properties: Some(Box::new(properties)), span: Span::new(start, end) })
    }

    fn whole_tag(&self, handle: &[u8], suffix: TagBytes<'a>) -> Option<TagBytes<'a>> {
        if handle.is_empty() {
            return Some(suffix);
        }
        let (_, prefix) = self.tag_directives.iter().find(|(known, _)| **known == *handle)?;
        let whole = [prefix, suffix.as_ref()].concat();
        (!whole.is_empty()).then(|| whole.into())
    }

    pub(super) fn block_sequence_entry(&mut self, first: bool) -> Parsed<'a> {
        if first {
            let mark = self.skip()?.start;
            self.marks.push(mark);
        }
        let span = self.peek()?.span;
        match self.peek()?.kind {
            TokenKind::BlockEntry => {
                self.skip()?;
                let next = State::BlockSequenceEntry { first: false };
                match self.peek()?.kind {
                    TokenKind::BlockEntry | TokenKind::BlockEnd => {
                        self.state = next;
                        Ok(empty_scalar(span.end))
                    }
                    _ => {
                        self.states.push(next);
                        self.node(true, false)
                    }
                }
            }
            TokenKind::BlockEnd => self.close(EventKind::SequenceEnd),
            _ => Err(self.unexpected("did not find expected '-' indicator", span.start)),
        }
    }

    pub(super) fn indentless_sequence_entry(&mut self) -> Parsed<'a> {
        let span = self.peek()?.span;
        if !matches!(self.peek()?.kind, TokenKind::BlockEntry) {
            self.pop_state();
            return Ok(Event { kind: EventKind::SequenceEnd, span: Span::empty(span.start) });
        }
        self.skip()?;
        match self.peek()?.kind {
            TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                self.state = State::IndentlessSequenceEntry;
                Ok(empty_scalar(span.end))
            }
            _ => {
                self.states.push(State::IndentlessSequenceEntry);
                self.node(true, false)
            }
        }
    }

    pub(super) fn block_mapping_key(&mut self, first: bool) -> Parsed<'a> {
        if first {
            let mark = self.skip()?.start;
            self.marks.push(mark);
        }
        let span = self.peek()?.span;
        match self.peek()?.kind {
            TokenKind::Key => {
                self.skip()?;
                self.block_mapping_part(State::BlockMappingValue, span.end)
            }
            TokenKind::BlockEnd => self.close(EventKind::MappingEnd),
            _ => Err(self.unexpected("did not find expected key", span.start)),
        }
    }

    pub(super) fn block_mapping_value(&mut self) -> Parsed<'a> {
        let next = State::BlockMappingKey { first: false };
        let span = self.peek()?.span;
        if !matches!(self.peek()?.kind, TokenKind::Value) {
            self.state = next;
            return Ok(empty_scalar(span.start));
        }
        self.skip()?;
        self.block_mapping_part(next, span.end)
    }

    /// What follows `?` or `:`, which may be nothing.
    fn block_mapping_part(&mut self, next: State, after: Mark) -> Parsed<'a> {
        match self.peek()?.kind {
            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                self.state = next;
                Ok(empty_scalar(after))
            }
            _ => {
                self.states.push(next);
                self.node(true, true)
            }
        }
    }

    /// The end of a collection, whose token is taken.
    pub(super) fn close(&mut self, kind: EventKind<'a>) -> Parsed<'a> {
        self.pop_state();
        self.marks.pop();
        let span = self.skip()?;
        Ok(Event { kind, span })
    }

    /// A fault inside the innermost collection.
    pub(super) fn unexpected(&mut self, problem: &'static str, mark: Mark) -> Fault {
        Self::fault_in(self.marks.pop().unwrap_or_default(), problem, mark)
    }
}
