//! Numbers and texts as they are written.

use crate::fault::Fault;
use crate::lexer::TokenKind;
use crate::value::Value;

/// A number at the start of the text, and how long it is.
pub(crate) fn number(rest: &str, start: usize) -> Result<(TokenKind, usize), Fault> {
    let bytes = rest.as_bytes();
    let digits = |from: usize| {
        bytes[from.min(bytes.len())..].iter().take_while(|b| b.is_ascii_digit()).count()
    };
    if rest.starts_with("0x") {
        let length = bytes[2..].iter().take_while(|b| b.is_ascii_hexdigit()).count();
        return integer(rest, start, 2 + length, u64::from_str_radix(&rest[2..2 + length], 16));
    }
    let whole = digits(0);
    let mut length = whole;
    let fraction = if bytes.get(length) == Some(&b'.') { digits(length + 1) } else { 0 };
    if fraction > 0 {
        length += 1 + fraction;
    }
    let exponent = exponent(&rest[length..]);
    length += exponent;
    if fraction == 0 && exponent == 0 {
        return integer(rest, start, whole, rest[..whole].parse());
    }
    let value: f64 = rest[..length].parse().unwrap_or(f64::INFINITY);
    if value.is_infinite() {
        return Err(Fault::syntax(start..start + length, "no double is that large"));
    }
    Ok((TokenKind::Literal(Value::double(value)), length))
}

/// How long the exponent at the start of the text is.
fn exponent(rest: &str) -> usize {
    let Some(after) = rest.strip_prefix(['e', 'E']) else { return 0 };
    let unsigned = after.strip_prefix(['+', '-']).unwrap_or(after);
    let digits = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 { 0 } else { rest.len() - unsigned.len() + digits }
}

fn integer(
    rest: &str,
    start: usize,
    length: usize,
    value: Result<u64, std::num::ParseIntError>,
) -> Result<(TokenKind, usize), Fault> {
    let is_unsigned = rest[length..].starts_with(['u', 'U']);
    let too_large = |length| Fault::syntax(start..start + length, "no integer is that large");
    let value = value.map_err(|_| too_large(length))?;
    if is_unsigned {
        return Ok((TokenKind::Literal(Value::uint(value)), length + 1));
    }
    match i64::try_from(value) {
        Ok(value) => Ok((TokenKind::Literal(Value::int(value)), length)),
        Err(_) if value == i64::MIN.unsigned_abs() => Ok((TokenKind::LeastInt, length)),
        Err(_) => Err(too_large(length)),
    }
}

/// A text or a run of bytes at the start of the text, and how long it is; nothing when something
/// else stands there.
pub(crate) fn text(rest: &str, start: usize) -> Result<Option<(TokenKind, usize)>, Fault> {
    let (is_bytes, after) = match rest.strip_prefix(['b', 'B']) {
        Some(after) => (true, after),
        None => (false, rest),
    };
    let (is_raw, body) = match after.strip_prefix(['r', 'R']) {
        Some(body) => (true, body),
        None => (false, after),
    };
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| body.starts_with(quote));
    let Some(quote) = quote else { return Ok(None) };
    let opening = rest.len() - body.len() + quote.len();
    let inner = &rest[opening..];
    let Some(length) = closing(inner, quote, is_raw) else {
        let message = format!("this text has no closing {quote}");
        return Err(Fault::syntax(start..start + opening, message));
    };
    let content = inner[..length].replace("\r\n", "\n").replace('\r', "\n");
    let value = if is_bytes {
        let bytes = if is_raw { content.into_bytes() } else { bytes_of(&content, start)? };
        Value::bytes(bytes)
    } else {
        Value::string(if is_raw { content } else { string_of(&content, start)? })
    };
    Ok(Some((TokenKind::Literal(value), opening + length + quote.len())))
}

/// Where the closing quote is.
fn closing(inner: &str, quote: &str, is_raw: bool) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = &inner[at..];
        if rest.starts_with(quote) {
            return Some(at);
        }
        let c = rest.chars().next()?;
        if matches!(c, '\n' | '\r') && quote.len() == 1 {
            return None;
        }
        at += c.len_utf8();
        if c == '\\' && !is_raw {
            at += inner[at..].chars().next()?.len_utf8();
        }
    }
}

/// One piece of an escaped text.
enum Piece {
    Char(char),
    /// `\x41` or `\101`: a code point in a text, a byte among bytes.
    Number(u8),
}

fn string_of(content: &str, start: usize) -> Result<String, Fault> {
    let mut out = String::with_capacity(content.len());
    pieces(content, start, false, |piece| match piece {
        Piece::Char(c) => out.push(c),
        Piece::Number(byte) => out.push(char::from(byte)),
    })?;
    Ok(out)
}

fn bytes_of(content: &str, start: usize) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::with_capacity(content.len());
    pieces(content, start, true, |piece| match piece {
        Piece::Char(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        Piece::Number(byte) => out.push(byte),
    })?;
    Ok(out)
}

fn pieces(
    content: &str,
    start: usize,
    is_bytes: bool,
    mut take: impl FnMut(Piece),
) -> Result<(), Fault> {
    let mut chars = content.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            take(Piece::Char(c));
            continue;
        }
        let Some(letter) = chars.next() else { return Ok(()) };
        let piece = escaped(letter, &mut chars, is_bytes).ok_or_else(|| {
            let message = format!("`\\{letter}` is no escape");
            Fault::syntax(start..start + 1, message).with_hint("`\\\\` stands for one backslash")
        })?;
        take(piece);
    }
    Ok(())
}

fn escaped(letter: char, chars: &mut std::str::Chars<'_>, is_bytes: bool) -> Option<Piece> {
    let mut number = |count: usize, radix: u32| {
        let digits: String = chars.by_ref().take(count).collect();
        let is_whole = digits.len() == count && digits.chars().all(|c| c.is_digit(radix));
        is_whole.then(|| u32::from_str_radix(&digits, radix).ok())?
    };
    Some(match letter {
        'a' => Piece::Char('\x07'),
        'b' => Piece::Char('\x08'),
        'f' => Piece::Char('\x0c'),
        'n' => Piece::Char('\n'),
        'r' => Piece::Char('\r'),
        't' => Piece::Char('\t'),
        'v' => Piece::Char('\x0b'),
        '\\' | '?' | '"' | '\'' | '`' => Piece::Char(letter),
        'x' | 'X' => Piece::Number(u8::try_from(number(2, 16)?).ok()?),
        'u' if !is_bytes => Piece::Char(char::from_u32(number(4, 16)?)?),
        'U' if !is_bytes => Piece::Char(char::from_u32(number(8, 16)?)?),
        '0'..='3' => {
            let rest = number(2, 8)?;
            Piece::Number(u8::try_from(letter.to_digit(8)? * 64 + rest).ok()?)
        }
        _ => return None,
    })
}
