//! Text to tokens.

use std::ops::Range;

use crate::fault::Fault;
use crate::literal;
use crate::value::Value;

/// A token with its place.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub kind: TokenKind,
    pub span: Range<usize>,
}

#[derive(Clone, Debug)]
pub(crate) enum TokenKind {
    /// A name, or a word of the language.
    Name(String),
    /// A name between backquotes, which only a field may be.
    Quoted(String),
    /// A number or a text.
    Literal(Value),
    /// The digits of the least integer: only a minus before them makes them a number.
    LeastInt,
    /// Brackets and operators.
    Sign(&'static str),
    End,
}

/// All signs, longer ones before their beginnings.
const SIGNS: &[&str] = &[
    "&&", "||", "==", "!=", "<=", ">=", "(", ")", "[", "]", "{", "}", ".", ",", ":", "?", "!", "-",
    "+", "*", "/", "%", "<", ">",
];

/// The tokens of a text, up to its end.
pub(crate) fn tokens(text: &str) -> Result<Vec<Token>, Fault> {
    let mut all = Vec::new();
    let mut at = 0;
    loop {
        let token = next(text, at)?;
        at = token.span.end;
        let is_end = matches!(token.kind, TokenKind::End);
        all.push(token);
        if is_end {
            return Ok(all);
        }
    }
}

/// The token at or after a place.
pub(crate) fn next(text: &str, from: usize) -> Result<Token, Fault> {
    let start = skip_blanks(text, from);
    let rest = &text[start..];
    let Some(first) = rest.chars().next() else {
        return Ok(Token { kind: TokenKind::End, span: start..start });
    };
    if let Some((kind, length)) = literal::text(rest, start)? {
        return Ok(Token { kind, span: start..start + length });
    }
    if first.is_ascii_digit() || starts_with_fraction(rest) {
        let (kind, length) = literal::number(rest, start)?;
        return Ok(Token { kind, span: start..start + length });
    }
    if first.is_ascii_alphabetic() || first == '_' {
        let is_inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let length = rest.find(|c| !is_inside(c)).unwrap_or(rest.len());
        let kind = TokenKind::Name(rest[..length].to_owned());
        return Ok(Token { kind, span: start..start + length });
    }
    if first == '`' {
        return quoted(rest, start);
    }
    match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        Some(sign) => Ok(Token { kind: TokenKind::Sign(sign), span: start..start + sign.len() }),
        None => Err(unknown_character(rest, first, start)),
    }
}

fn skip_blanks(text: &str, mut at: usize) -> usize {
    loop {
        let rest = &text[at..];
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\x0c']).len();
        at += blanks;
        if text[at..].starts_with("//") {
            at += text[at..].find('\n').unwrap_or(text.len() - at);
        } else if blanks == 0 {
            return at;
        }
    }
}

fn starts_with_fraction(rest: &str) -> bool {
    let mut chars = rest.chars();
    chars.next() == Some('.') && chars.next().is_some_and(|c| c.is_ascii_digit())
}

fn quoted(rest: &str, start: usize) -> Result<Token, Fault> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "_.-/ ".contains(c);
    match rest[1..].find('`') {
        Some(length) if length > 0 && rest[1..=length].chars().all(is_allowed) => {
            let kind = TokenKind::Quoted(rest[1..=length].to_owned());
            Ok(Token { kind, span: start..start + length + 2 })
        }
        _ => {
            let message = "a name between backquotes holds letters, digits, `_`, `.`, `-`, `/`, \
                           blanks and nothing else";
            Err(Fault::syntax(start..start + 1, message))
        }
    }
}

fn unknown_character(rest: &str, first: char, start: usize) -> Fault {
    let fault = Fault::syntax(
        start..start + first.len_utf8(),
        format!("`{first}` has no meaning in an expression"),
    );
    match first {
        '=' => fault.with_hint("`==` compares"),
        '&' | '|' => fault.with_hint(format!("write `{first}{first}`")),
        '$' if rest.starts_with("${") => {
            fault.with_hint("expressions do not nest: inside `${ … }` name the value directly")
        }
        '‘' | '’' | '“' | '”' => fault.with_hint("texts stand between straight quotes"),
        _ => fault,
    }
}
