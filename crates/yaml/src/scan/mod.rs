//! Characters to tokens, with libyaml's rules for simple keys and indentation as Go has them.
//!
//! Not here: the grammar over tokens (`parse`) and the meaning of scalars (`resolve`).

mod block;
mod cursor;
mod directive;
mod keys;
mod plain;
mod quoted;
mod tag;

use std::borrow::Cow;
use std::collections::VecDeque;

use crate::error::{Fault, Layer};
use crate::mark::{Mark, Span};
use cursor::Cursor;
use keys::SimpleKey;

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In `'…'`.
    SingleQuoted,
    /// In `"…"`.
    DoubleQuoted,
    /// After `|`.
    Literal,
    /// After `>`.
    Folded,
}

/// The bytes of a tag; escapes in it may spell anything.
pub(crate) type TagBytes<'a> = Cow<'a, [u8]>;

/// A token without its place.
#[derive(Debug)]
pub(crate) enum TokenKind<'a> {
    StreamStart,
    StreamEnd,
    Version {
        major: u8,
        minor: u8,
    },
    TagDirective(Box<(TagBytes<'a>, TagBytes<'a>)>),
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(&'a str),
    Anchor(&'a str),
    /// Handle and suffix.
    Tag(Box<(TagBytes<'a>, TagBytes<'a>)>),
    Scalar(Cow<'a, str>, Style),
}

/// A token and its place.
#[derive(Debug)]
pub(crate) struct Token<'a> {
    pub kind: TokenKind<'a>,
    pub span: Span,
}

/// Go has so many characters at hand before it takes a token.
const LOOKAHEAD: usize = 4;

/// How far the queue of tokens is.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Unstarted,
    /// The head may still become a key.
    Filling,
    /// The head is final.
    HeadReady,
    /// The last token was taken.
    Ended,
}

/// The scanner: a queue of tokens, filled as far as simple keys demand.
pub(crate) struct Scanner<'a> {
    cursor: Cursor<'a>,
    tokens: VecDeque<Token<'a>>,
    tokens_parsed: usize,
    stage: Stage,
    /// How far Go would have read to take the last token.
    wanted: usize,
    /// Brackets that are open.
    flow_level: usize,
    /// The column of the innermost block collection, -1 outside.
    indent: i64,
    indents: Vec<i64>,
    simple_key_allowed: bool,
    /// One per flow level, and one for the block context.
    simple_keys: Vec<SimpleKey>,
}

impl<'a> Scanner<'a> {
    pub fn new(text: &'a str) -> Self {
        Self {
            cursor: Cursor::new(text),
            tokens: VecDeque::with_capacity(16),
            tokens_parsed: 0,
            stage: Stage::Unstarted,
            wanted: 0,
            flow_level: 0,
            indent: -1,
            indents: Vec::with_capacity(16),
            simple_key_allowed: false,
            simple_keys: Vec::with_capacity(16),
        }
    }

    /// How far the text was looked at, in bytes.
    pub fn position(&self) -> usize {
        self.wanted.max(self.cursor.position() + 1)
    }

    /// Go has so many characters from here at hand before it goes on.
    fn want(&mut self, count: usize) {
        self.wanted = self.wanted.max(self.cursor.position() + count);
    }

    /// The next token, which stays in the queue. After the end of the stream: its last token's
    /// place as another end.
    pub fn peek(&mut self) -> Result<&Token<'a>, Fault> {
        if matches!(self.stage, Stage::Unstarted | Stage::Filling) {
            self.fetch_more()?;
        }
        if self.tokens.is_empty() {
            let span = Span::empty(self.cursor.mark());
            self.tokens.push_back(Token { kind: TokenKind::StreamEnd, span });
        }
        Ok(&self.tokens[0])
    }

    /// Takes the token that [`Self::peek`] showed.
    pub fn take(&mut self) -> Option<Token<'a>> {
        let token = self.tokens.pop_front()?;
        self.tokens_parsed += 1;
        let ended = matches!(token.kind, TokenKind::StreamEnd);
        self.stage = if ended { Stage::Ended } else { Stage::Filling };
        Some(token)
    }

    /// Fetches until the head of the queue cannot become a simple key any more.
    fn fetch_more(&mut self) -> Result<(), Fault> {
        while self.tokens.is_empty() || self.head_may_be_key()? {
            self.fetch_next()?;
        }
        self.stage = Stage::HeadReady;
        Ok(())
    }

    fn fetch_next(&mut self) -> Result<(), Fault> {
        if self.stage == Stage::Unstarted {
            self.stage = Stage::Filling;
            self.simple_keys.push(SimpleKey::default());
            self.simple_key_allowed = true;
            let mark = self.cursor.mark();
            self.push(TokenKind::StreamStart, mark, mark);
            return Ok(());
        }
        self.scan_to_next_token();
        self.unroll_indent(i64::from(self.cursor.column()));
        self.wanted = 0;
        self.want(LOOKAHEAD);
        if self.cursor.at_end() {
            return self.fetch_stream_end();
        }
        let byte = self.cursor.byte(0);
        if self.cursor.column() == 0 {
            if byte == b'%' {
                return self.fetch_directive();
            }
            if self.cursor.at_document_indicator() {
                return self.fetch_document_indicator(byte == b'-');
            }
        }
        self.fetch_by_first_byte(byte)
    }

    fn fetch_by_first_byte(&mut self, byte: u8) -> Result<(), Fault> {
        let flow = self.flow_level > 0;
        match byte {
            b'[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            b']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            b',' => self.fetch_flow_entry(),
            b'-' if self.cursor.is_blankz(1) => self.fetch_block_entry(),
            b'?' if flow || self.cursor.is_blankz(1) => self.fetch_key(),
            b':' if flow || self.cursor.is_blankz(1) => self.fetch_value(),
            b'*' => self.fetch_anchor(true),
            b'&' => self.fetch_anchor(false),
            b'!' => {
                self.save_simple_key()?;
                self.simple_key_allowed = false;
                let token = self.scan_tag()?;
                self.tokens.push_back(token);
                Ok(())
            }
            b'|' | b'>' if !flow => {
                self.remove_simple_key()?;
                self.simple_key_allowed = true;
                let token = self.scan_block_scalar(byte == b'|')?;
                self.tokens.push_back(token);
                Ok(())
            }
            b'\'' | b'"' => {
                self.save_simple_key()?;
                self.simple_key_allowed = false;
                let token = self.scan_quoted(byte == b'\'')?;
                self.tokens.push_back(token);
                Ok(())
            }
            b'|' | b'>' | b'#' | b'%' | b'@' | b'`' | b'\t' | b'\r' | b'\n' | b' ' => {
                Err(self.fault("found character that cannot start any token", self.cursor.mark()))
            }
            _ => {
                self.save_simple_key()?;
                self.simple_key_allowed = false;
                let token = self.scan_plain()?;
                self.tokens.push_back(token);
                Ok(())
            }
        }
    }

    fn fetch_stream_end(&mut self) -> Result<(), Fault> {
        self.cursor.close_line();
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        let mark = self.cursor.mark();
        self.push(TokenKind::StreamEnd, mark, mark);
        Ok(())
    }

    fn fetch_directive(&mut self) -> Result<(), Fault> {
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        let token = self.scan_directive()?;
        self.tokens.push_back(token);
        Ok(())
    }

    fn fetch_document_indicator(&mut self, start: bool) -> Result<(), Fault> {
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        let kind = if start { TokenKind::DocumentStart } else { TokenKind::DocumentEnd };
        self.push_indicator(kind, 3);
        Ok(())
    }

    fn fetch_flow_start(&mut self, kind: TokenKind<'a>) -> Result<(), Fault> {
        self.save_simple_key()?;
        self.increase_flow_level()?;
        self.simple_key_allowed = true;
        self.push_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: TokenKind<'a>) -> Result<(), Fault> {
        self.remove_simple_key()?;
        self.decrease_flow_level();
        self.simple_key_allowed = false;
        self.push_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_entry(&mut self) -> Result<(), Fault> {
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.push_indicator(TokenKind::FlowEntry, 1);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Result<(), Fault> {
        let mark = self.cursor.mark();
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                let problem = "block sequence entries are not allowed in this context";
                return Err(self.fault(problem, mark));
            }
            self.roll_indent(mark, None, TokenKind::BlockSequenceStart)?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.push_indicator(TokenKind::BlockEntry, 1);
        Ok(())
    }

    fn fetch_key(&mut self) -> Result<(), Fault> {
        let mark = self.cursor.mark();
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(self.fault("mapping keys are not allowed in this context", mark));
            }
            self.roll_indent(mark, None, TokenKind::BlockMappingStart)?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = self.flow_level == 0;
        self.push_indicator(TokenKind::Key, 1);
        Ok(())
    }

    fn fetch_value(&mut self) -> Result<(), Fault> {
        if let Some(key) = self.take_valid_simple_key()? {
            let span = Span::empty(key.mark);
            self.insert(Some(key.token_number), Token { kind: TokenKind::Key, span });
            self.roll_indent(key.mark, Some(key.token_number), TokenKind::BlockMappingStart)?;
            self.simple_key_allowed = false;
        } else {
            if self.flow_level == 0 {
                let mark = self.cursor.mark();
                if !self.simple_key_allowed {
                    return Err(self.fault("mapping values are not allowed in this context", mark));
                }
                self.roll_indent(mark, None, TokenKind::BlockMappingStart)?;
            }
            self.simple_key_allowed = self.flow_level == 0;
        }
        self.push_indicator(TokenKind::Value, 1);
        Ok(())
    }

    fn fetch_anchor(&mut self, alias: bool) -> Result<(), Fault> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.cursor.mark();
        self.cursor.advance(1);
        let name = self.cursor.take_word();
        let closed = self.cursor.is_blankz(0)
            || matches!(self.cursor.byte(0), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.is_empty() || !closed {
            return Err(self.fault("did not find expected alphabetic or numeric character", start));
        }
        let kind = if alias { TokenKind::Alias(name) } else { TokenKind::Anchor(name) };
        self.push(kind, start, self.cursor.mark());
        Ok(())
    }

    /// Skips blanks, comments and line breaks. A tab is a blank only where no key may begin.
    fn scan_to_next_token(&mut self) {
        self.cursor.skip_byte_order_mark();
        loop {
            let tabs = self.flow_level > 0 || !self.simple_key_allowed;
            self.cursor.skip_blanks(tabs);
            if self.cursor.byte(0) == b'#' {
                self.cursor.skip_comment();
            }
            if !self.cursor.is_break(0) {
                return;
            }
            self.cursor.skip_line();
            if self.flow_level == 0 {
                self.simple_key_allowed = true;
            }
        }
    }

    fn push(&mut self, kind: TokenKind<'a>, start: Mark, end: Mark) {
        self.tokens.push_back(Token { kind, span: Span::new(start, end) });
    }

    /// A token of `length` ASCII characters that stand here.
    fn push_indicator(&mut self, kind: TokenKind<'a>, length: usize) {
        let start = self.cursor.mark();
        self.cursor.advance(length);
        self.push(kind, start, self.cursor.mark());
    }

    /// Puts a token before the one of that number. Where the parser has taken that one already,
    /// Go puts it last, and so do we.
    fn insert(&mut self, number: Option<usize>, token: Token<'a>) {
        match number.and_then(|number| number.checked_sub(self.tokens_parsed)) {
            Some(place) if place <= self.tokens.len() => self.tokens.insert(place, token),
            _ => self.tokens.push_back(token),
        }
    }

    fn fault(&self, problem: impl Into<Cow<'static, str>>, context: Mark) -> Fault {
        Fault { layer: Layer::Scanner, problem: problem.into(), mark: self.cursor.mark(), context }
    }
}
