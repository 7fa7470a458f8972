//! The lexer: text outside of actions, tokens inside.
//!
//! Trim markers are dealt with here; the parser never sees them.

use super::token::{Kind, Token, of_word};
use crate::fmt::unicode_point;
use crate::rune;
use strconv::category;

const LEFT: &[u8] = b"{{";
const RIGHT: &[u8] = b"}}";
const LEFT_COMMENT: &[u8] = b"/*";
const RIGHT_COMMENT: &[u8] = b"*/";
/// A trim marker is a minus with a space on its inner side.
const MARKER: usize = 2;

pub(super) struct Lexer<'t> {
    text: &'t [u8],
    pos: usize,
    start: usize,
    line: usize,
    start_line: usize,
    parens: usize,
    inside: bool,
    /// What is wrong, once a token of kind `Error` has been given.
    pub error: String,
}

impl<'t> Lexer<'t> {
    pub fn new(text: &'t [u8]) -> Self {
        Self {
            text,
            pos: 0,
            start: 0,
            line: 1,
            start_line: 1,
            parens: 0,
            inside: false,
            error: String::new(),
        }
    }

    /// The next token.
    pub fn next(&mut self) -> Token {
        if self.inside { self.inside_action() } else { self.outside() }
    }

    fn rest(&self) -> &'t [u8] {
        self.text.get(self.pos..).unwrap_or_default()
    }

    fn token(&mut self, kind: Kind) -> Token {
        let token = Token { kind, start: self.start, end: self.pos, line: self.start_line };
        self.start = self.pos;
        self.start_line = self.line;
        token
    }

    fn fail(&mut self, message: impl Into<String>) -> Token {
        self.error = message.into();
        let token =
            Token { kind: Kind::Error, start: self.start, end: self.pos, line: self.start_line };
        // Nothing can follow an error: the rest of the text is forgotten.
        self.text = &[];
        self.pos = 0;
        self.start = 0;
        token
    }

    /// Moves over `bytes` bytes of text.
    fn skip(&mut self, bytes: usize) {
        let passed = self.rest().get(..bytes).unwrap_or_default();
        self.line += match passed {
            [only] => usize::from(*only == b'\n'),
            more => memchr::memchr_iter(b'\n', more).count(),
        };
        self.pos += passed.len();
    }

    fn drop_pending(&mut self) {
        self.start = self.pos;
        self.start_line = self.line;
    }

    fn peek(&self) -> Option<char> {
        match rune::decode(self.rest()) {
            (_, 0) => None,
            (rune, _) => Some(rune),
        }
    }

    fn advance(&mut self) -> Option<char> {
        let (rune, width) = rune::decode(self.rest());
        self.line += usize::from(rune == '\n');
        self.pos += width;
        (width > 0).then_some(rune)
    }

    fn accept(&mut self, valid: &str) -> bool {
        let found = self.peek().is_some_and(|rune| valid.contains(rune));
        if found {
            self.advance();
        }
        found
    }

    fn accept_run(&mut self, valid: &str) {
        while self.accept(valid) {}
    }

    fn outside(&mut self) -> Token {
        loop {
            let Some(found) = find_left(self.rest()) else {
                let rest = self.rest().len();
                self.skip(rest);
                let kind = if self.pos > self.start { Kind::Text } else { Kind::Eof };
                return self.token(kind);
            };
            if found > 0 {
                let after = self.rest().get(found + LEFT.len()..).unwrap_or_default();
                let before = self.rest().get(..found).unwrap_or_default();
                let kept = if left_marker(after) { trim_end(before) } else { found };
                self.skip(kept);
                let text = self.token(Kind::Text);
                self.skip(found - kept);
                self.drop_pending();
                if text.end > text.start {
                    return text;
                }
            }
            if let Some(token) = self.left_delim() {
                return token;
            }
        }
    }

    /// At `{{`: the delimiter, or nothing when it opened a comment that ended well.
    fn left_delim(&mut self) -> Option<Token> {
        self.pos += LEFT.len();
        let marker = if left_marker(self.rest()) { MARKER } else { 0 };
        if self.rest().get(marker..).is_some_and(|rest| rest.starts_with(LEFT_COMMENT)) {
            self.skip(marker);
            self.drop_pending();
            return self.comment();
        }
        let token = self.token(Kind::LeftDelim);
        self.inside = true;
        self.skip(marker);
        self.drop_pending();
        self.parens = 0;
        Some(token)
    }

    fn comment(&mut self) -> Option<Token> {
        self.pos += LEFT_COMMENT.len();
        let Some(length) = memchr::memmem::find(self.rest(), RIGHT_COMMENT) else {
            return Some(self.fail("unclosed comment"));
        };
        self.skip(length + RIGHT_COMMENT.len());
        let (delim, trims) = self.at_right_delim();
        if !delim {
            return Some(self.fail("comment ends before closing delimiter"));
        }
        if trims {
            self.skip(MARKER);
        }
        self.skip(RIGHT.len());
        if trims {
            self.skip(leading_space(self.rest()));
        }
        self.drop_pending();
        None
    }

    /// Whether a right delimiter is next, and whether it has a trim marker.
    #[inline]
    fn at_right_delim(&self) -> (bool, bool) {
        let rest = self.rest();
        if !rest.first().is_some_and(|first| *first == b'}' || is_space_byte(*first)) {
            return (false, false);
        }
        if right_marker(rest) && rest.get(MARKER..).is_some_and(|rest| rest.starts_with(RIGHT)) {
            return (true, true);
        }
        (rest.starts_with(RIGHT), false)
    }

    fn right_delim(&mut self) -> Token {
        let (_, trims) = self.at_right_delim();
        if trims {
            self.skip(MARKER);
            self.drop_pending();
        }
        self.pos += RIGHT.len();
        let token = self.token(Kind::RightDelim);
        if trims {
            self.skip(leading_space(self.rest()));
            self.drop_pending();
        }
        self.inside = false;
        token
    }

    fn inside_action(&mut self) -> Token {
        if self.at_right_delim().0 {
            if self.parens == 0 {
                return self.right_delim();
            }
            return self.fail("unclosed left paren");
        }
        let Some(rune) = self.peek() else { return self.fail("unclosed action") };
        match rune {
            ' ' | '\t' | '\r' | '\n' => return self.space(),
            '+' | '-' | '0'..='9' => return self.number(),
            '.' if self.rest().get(1).is_some_and(u8::is_ascii_digit) => return self.number(),
            _ if is_alphanumeric(rune) => return self.identifier(),
            _ => {}
        }
        self.advance();
        match rune {
            '=' => self.token(Kind::Assign),
            ':' if self.peek() == Some('=') => {
                self.advance();
                self.token(Kind::Declare)
            }
            ':' => {
                self.advance();
                self.fail("expected :=")
            }
            '|' => self.token(Kind::Pipe),
            '"' => self.quote(b'"', Kind::String, "unterminated quoted string"),
            '\'' => self.quote(b'\'', Kind::CharConstant, "unterminated character constant"),
            '`' => self.raw_quote(),
            '$' => self.field_or_variable(Kind::Variable, Kind::Variable),
            // A point at the very end of the text starts a number, as Go has it.
            '.' if self.rest().is_empty() => {
                self.pos -= 1;
                self.number()
            }
            '.' => self.field_or_variable(Kind::Field, Kind::Dot),
            '(' => {
                self.parens += 1;
                self.token(Kind::LeftParen)
            }
            ')' if self.parens == 0 => self.fail("unexpected right paren"),
            ')' => {
                self.parens -= 1;
                self.token(Kind::RightParen)
            }
            ' '..='~' => self.token(Kind::Char),
            _ => {
                let shown = unicode_point(rune);
                self.fail(format!("unrecognized character in action: {shown}"))
            }
        }
    }

    /// A run of spaces; the last may belong to a trim marker instead.
    fn space(&mut self) -> Token {
        let spaces = leading_space(self.rest());
        self.skip(spaces);
        let from_last = self.text.get(self.pos - 1..).unwrap_or_default();
        let ends = right_marker(from_last)
            && from_last.get(MARKER..).is_some_and(|rest| rest.starts_with(RIGHT));
        if ends {
            self.pos -= 1;
            self.line -= usize::from(self.rest().first() == Some(&b'\n'));
            if spaces == 1 {
                return self.right_delim();
            }
        }
        self.token(Kind::Space)
    }

    fn identifier(&mut self) -> Token {
        self.skip_word();
        let word = self.text.get(self.start..self.pos).unwrap_or_default();
        if self.at_terminator() { self.token(of_word(word)) } else { self.bad_character() }
    }

    /// A field or a variable whose first character has been read; `alone` when nothing follows it.
    fn field_or_variable(&mut self, kind: Kind, alone: Kind) -> Token {
        if self.at_terminator() {
            return self.token(alone);
        }
        self.skip_word();
        if self.at_terminator() { self.token(kind) } else { self.bad_character() }
    }

    fn skip_word(&mut self) {
        loop {
            self.pos += self.rest().iter().take_while(|byte| is_word_byte(**byte)).count();
            // Other letters than ASCII's are rare.
            match self.peek() {
                Some(rune) if !rune.is_ascii() && is_alphanumeric(rune) => self.advance(),
                _ => return,
            };
        }
    }

    fn bad_character(&mut self) -> Token {
        let shown = unicode_point(self.peek().unwrap_or(rune::ERROR));
        self.fail(format!("bad character {shown}"))
    }

    fn at_terminator(&self) -> bool {
        match self.rest().first() {
            None | Some(b' ' | b'\t' | b'\r' | b'\n' | b'.' | b',' | b'|' | b':' | b')' | b'(') => {
                true
            }
            Some(_) => self.rest().starts_with(RIGHT),
        }
    }

    fn quote(&mut self, mark: u8, kind: Kind, unterminated: &str) -> Token {
        loop {
            let ends = |byte: &u8| *byte == mark || matches!(byte, b'\\' | b'\n');
            let Some(length) = self.rest().iter().position(ends) else {
                return self.fail(unterminated);
            };
            self.pos += length;
            match self.rest() {
                [b'\\', escaped, ..] if *escaped != b'\n' => self.pos += 2,
                [b'\\' | b'\n', ..] | [] => return self.fail(unterminated),
                _ => {
                    self.pos += 1;
                    return self.token(kind);
                }
            }
        }
    }

    fn raw_quote(&mut self) -> Token {
        let Some(length) = memchr::memchr(b'`', self.rest()) else {
            let rest = self.rest().len();
            self.skip(rest);
            return self.fail("unterminated raw quoted string");
        };
        self.skip(length + 1);
        self.token(Kind::RawString)
    }

    /// A number, loosely: what is wrong with it, the parser will find.
    fn number(&mut self) -> Token {
        let mut good = self.scan_number();
        let mut kind = Kind::Number;
        if good && matches!(self.peek(), Some('+' | '-')) {
            kind = Kind::Complex;
            good = self.scan_number() && self.text.get(self.pos - 1) == Some(&b'i');
        }
        if good {
            return self.token(kind);
        }
        let text = self.text.get(self.start..self.pos).unwrap_or_default();
        self.fail(format!("bad number syntax: {}", crate::fmt::quoted(text)))
    }

    fn scan_number(&mut self) -> bool {
        let mut digits = "0123456789_";
        let mut exponent = "eE";
        self.accept("+-");
        if self.accept("0") {
            if self.accept("xX") {
                (digits, exponent) = ("0123456789abcdefABCDEF_", "pP");
            } else if self.accept("oO") {
                (digits, exponent) = ("01234567_", "");
            } else if self.accept("bB") {
                (digits, exponent) = ("01_", "");
            }
        }
        self.accept_run(digits);
        if self.accept(".") {
            self.accept_run(digits);
        }
        if self.accept(exponent) {
            self.accept("+-");
            self.accept_run("0123456789_");
        }
        self.accept("i");
        if self.peek().is_some_and(is_alphanumeric) {
            self.advance();
            return false;
        }
        true
    }
}

/// How far the next `{{` is. One brace alone is rare outside of actions.
fn find_left(text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'{', text).find(|at| text.get(at + 1) == Some(&b'{'))
}

fn is_space_byte(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn is_word_byte(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

fn is_alphanumeric(rune: char) -> bool {
    rune == '_' || category::is_letter(rune) || category::is_digit(rune)
}

fn left_marker(text: &[u8]) -> bool {
    matches!(text, [b'-', space, ..] if is_space_byte(*space))
}

fn right_marker(text: &[u8]) -> bool {
    matches!(text, [space, b'-', ..] if is_space_byte(*space))
}

fn trim_end(text: &[u8]) -> usize {
    text.iter().rposition(|byte| !is_space_byte(*byte)).map_or(0, |last| last + 1)
}

fn leading_space(text: &[u8]) -> usize {
    text.iter().position(|byte| !is_space_byte(*byte)).unwrap_or(text.len())
}
