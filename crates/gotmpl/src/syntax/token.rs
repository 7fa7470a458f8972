//! What the lexer hands to the parser.

use crate::fmt::quoted;
use crate::rune;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Error,
    Bool,
    Char,
    CharConstant,
    Complex,
    Assign,
    Declare,
    Eof,
    Field,
    Identifier,
    LeftDelim,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelim,
    RightParen,
    Space,
    String,
    Text,
    Variable,
    Dot,
    Nil,
    Keyword(Keyword),
}

/// Words with a meaning at the start of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keyword {
    Block,
    Break,
    Continue,
    Define,
    Else,
    End,
    If,
    Range,
    Template,
    With,
}

/// A token: a kind and a stretch of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
    /// The line on which it starts.
    pub line: usize,
}

impl Token {
    pub const NONE: Self = Self { kind: Kind::Eof, start: 0, end: 0, line: 0 };

    pub fn text<'t>(&self, source: &'t [u8]) -> &'t [u8] {
        source.get(self.start..self.end).unwrap_or_default()
    }

    /// As Go's messages name it. An error's text is in the lexer, not here.
    pub fn describe(&self, source: &[u8]) -> String {
        /// Longer tokens are cut.
        const SHOWN_RUNES: usize = 10;
        let text = self.text(source);
        match self.kind {
            Kind::Eof => "EOF".to_owned(),
            Kind::Keyword(_) | Kind::Dot | Kind::Nil => {
                format!("<{}>", String::from_utf8_lossy(text))
            }
            _ if text.len() > SHOWN_RUNES => {
                let mut cut = 0;
                for _ in 0..SHOWN_RUNES {
                    cut += rune::decode(text.get(cut..).unwrap_or_default()).1;
                }
                format!("{}...", quoted(text.get(..cut).unwrap_or(text)))
            }
            _ => quoted(text),
        }
    }
}

/// The keyword or other meaning of a word.
pub(super) fn of_word(word: &[u8]) -> Kind {
    let keyword = match word {
        b"true" | b"false" => return Kind::Bool,
        b"nil" => return Kind::Nil,
        b"block" => Keyword::Block,
        b"break" => Keyword::Break,
        b"continue" => Keyword::Continue,
        b"define" => Keyword::Define,
        b"else" => Keyword::Else,
        b"end" => Keyword::End,
        b"if" => Keyword::If,
        b"range" => Keyword::Range,
        b"template" => Keyword::Template,
        b"with" => Keyword::With,
        _ => return Kind::Identifier,
    };
    Kind::Keyword(keyword)
}
