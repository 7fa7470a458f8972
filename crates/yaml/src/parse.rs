//! Tokens to events: the grammar of documents, collections and nodes.
//!
//! Not here: anchors' targets and the tree (`tree`), and the meaning of scalars (`resolve`).

mod flow;
mod node;

use std::borrow::Cow;

use crate::error::{Fault, Layer};
use crate::mark::{Mark, Span};
use crate::scan::{Scanner, Style, TagBytes, Token, TokenKind};

/// Anchor and tag, boxed because few nodes have them.
#[derive(Debug, Default)]
pub(crate) struct Properties<'a> {
    pub anchor: Option<&'a str>,
    /// The whole tag; empty where there is none.
    pub tag: TagBytes<'a>,
}

/// A step of the document.
#[derive(Debug)]
pub(crate) enum EventKind<'a> {
    StreamStart,
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias(&'a str),
    Scalar {
        value: Cow<'a, str>,
        style: Style,
        /// Without a tag and plain, or with the tag `!`.
        implicit: bool,
        properties: Option<Box<Properties<'a>>>,
    },
    SequenceStart(Option<Box<Properties<'a>>>),
    SequenceEnd,
    MappingStart(Option<Box<Properties<'a>>>),
    MappingEnd,
}

/// An event and its place.
#[derive(Debug)]
pub(crate) struct Event<'a> {
    pub kind: EventKind<'a>,
    pub span: Span,
}

/// What the grammar expects next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    StreamStart,
    ImplicitDocumentStart,
    DocumentStart,
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockSequenceEntry { first: bool },
    IndentlessSequenceEntry,
    BlockMappingKey { first: bool },
    BlockMappingValue,
    FlowSequenceEntry { first: bool },
    FlowPairKey,
    FlowPairValue,
    FlowPairEnd,
    FlowMappingKey { first: bool },
    FlowMappingValue { empty: bool },
    End,
}

/// Gives one event after another.
pub(crate) struct Parser<'a> {
    scanner: Scanner<'a>,
    state: State,
    states: Vec<State>,
    /// Where the open collections began, for messages.
    marks: Vec<Mark>,
    tag_directives: Vec<(TagBytes<'a>, TagBytes<'a>)>,
}

type Parsed<'a> = Result<Event<'a>, Fault>;

impl<'a> Parser<'a> {
    pub fn new(text: &'a str) -> Self {
        Self {
            scanner: Scanner::new(text),
            state: State::StreamStart,
            states: Vec::with_capacity(16),
            marks: Vec::with_capacity(16),
            tag_directives: Vec::new(),
        }
    }

    /// How far the text was looked at, in bytes.
    pub fn position(&self) -> usize {
        self.scanner.position()
    }

    /// The next event; after the last one, the end of the stream again.
    pub fn next_event(&mut self) -> Parsed<'a> {
        match self.state {
            State::StreamStart => {
                let span = self.skip()?;
                self.state = State::ImplicitDocumentStart;
                Ok(Event { kind: EventKind::StreamStart, span })
            }
            State::ImplicitDocumentStart => self.document_start(true),
            State::DocumentStart => self.document_start(false),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::BlockNode => self.node(true, false),
            State::BlockSequenceEntry { first } => self.block_sequence_entry(first),
            State::IndentlessSequenceEntry => self.indentless_sequence_entry(),
            State::BlockMappingKey { first } => self.block_mapping_key(first),
            State::BlockMappingValue => self.block_mapping_value(),
            State::FlowSequenceEntry { first } => self.flow_sequence_entry(first),
            State::FlowPairKey => self.flow_pair_key(),
            State::FlowPairValue => self.flow_pair_value(),
            State::FlowPairEnd => self.flow_pair_end(),
            State::FlowMappingKey { first } => self.flow_mapping_key(first),
            State::FlowMappingValue { empty } => self.flow_mapping_value(empty),
            State::End => {
                let span = self.peek()?.span;
                Ok(Event { kind: EventKind::StreamEnd, span })
            }
        }
    }

    fn peek(&mut self) -> Result<&Token<'a>, Fault> {
        self.scanner.peek()
    }

    /// Takes the next token for its place alone.
    fn skip(&mut self) -> Result<Span, Fault> {
        let span = self.peek()?.span;
        self.scanner.take();
        Ok(span)
    }

    fn pop_state(&mut self) {
        self.state = self.states.pop().unwrap_or(State::End);
    }

    fn fault(problem: &'static str, mark: Mark) -> Fault {
        Self::fault_in(Mark::default(), problem, mark)
    }

    fn fault_in(context: Mark, problem: &'static str, mark: Mark) -> Fault {
        Fault { layer: Layer::Parser, problem: problem.into(), mark, context }
    }

    fn document_start(&mut self, implicit: bool) -> Parsed<'a> {
        if !implicit {
            while matches!(self.peek()?.kind, TokenKind::DocumentEnd) {
                self.skip()?;
            }
        }
        let token = self.peek()?;
        let span = token.span;
        match token.kind {
            TokenKind::StreamEnd => {
                self.state = State::End;
                return Ok(Event { kind: EventKind::StreamEnd, span });
            }
            TokenKind::Version { .. } | TokenKind::TagDirective(_) | TokenKind::DocumentStart => {}
            _ if implicit => {
                self.process_directives()?;
                self.states.push(State::DocumentEnd);
                self.state = State::BlockNode;
                return Ok(Event { kind: EventKind::DocumentStart, span });
            }
            _ => {}
        }
        self.process_directives()?;
        let token = self.peek()?;
        if !matches!(token.kind, TokenKind::DocumentStart) {
            let mark = token.span.start;
            return Err(Self::fault("did not find expected <document start>", mark));
        }
        let end = self.skip()?.end;
        self.states.push(State::DocumentEnd);
        self.state = State::DocumentContent;
        Ok(Event { kind: EventKind::DocumentStart, span: Span::new(span.start, end) })
    }

    fn document_content(&mut self) -> Parsed<'a> {
        let token = self.peek()?;
        let mark = token.span.start;
        match token.kind {
            TokenKind::Version { .. }
            | TokenKind::TagDirective(_)
            | TokenKind::DocumentStart
            | TokenKind::DocumentEnd
            | TokenKind::StreamEnd => {
                self.pop_state();
                Ok(empty_scalar(mark))
            }
            _ => self.node(true, false),
        }
    }

    fn document_end(&mut self) -> Parsed<'a> {
        let token = self.peek()?;
        let mut span = Span::empty(token.span.start);
        if matches!(token.kind, TokenKind::DocumentEnd) {
            span = self.skip()?;
        }
        self.tag_directives.clear();
        self.state = State::DocumentStart;
        Ok(Event { kind: EventKind::DocumentEnd, span })
    }

    fn process_directives(&mut self) -> Result<(), Fault> {
        let mut version = false;
        loop {
            let token = self.peek()?;
            let mark = token.span.start;
            match token.kind {
                TokenKind::Version { major, minor } => {
                    if version {
                        return Err(Self::fault("found duplicate %YAML directive", mark));
                    }
                    if (major, minor) != (1, 1) {
                        return Err(Self::fault("found incompatible YAML document", mark));
                    }
                    version = true;
                    self.scanner.take();
                }
                TokenKind::TagDirective(_) => self.take_tag_directive(mark)?,
                _ => break,
            }
        }
        for (handle, prefix) in [(&b"!"[..], &b"!"[..]), (b"!!", b"tag:yaml.org,2002:")] {
            if !self.tag_directives.iter().any(|(known, _)| known.as_ref() == handle) {
                self.tag_directives.push((handle.into(), prefix.into()));
            }
        }
        Ok(())
    }

    fn take_tag_directive(&mut self, mark: Mark) -> Result<(), Fault> {
        if let Some(Token { kind: TokenKind::TagDirective(directive), .. }) = self.scanner.take() {
            if self.tag_directives.iter().any(|(handle, _)| *handle == directive.0) {
                return Err(Self::fault("found duplicate %TAG directive", mark));
            }
            self.tag_directives.push(*directive);
        }
        Ok(())
    }
}

/// The scalar that stands where nothing is written.
fn empty_scalar<'a>(mark: Mark) -> Event<'a> {
    let kind = EventKind::Scalar {
        value: Cow::Borrowed(""),
        style: Style::Plain,
        implicit: true,
        properties: None,
    };
    Event { kind, span: Span::empty(mark) }
}
