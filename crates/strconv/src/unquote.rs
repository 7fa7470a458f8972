//! Go's string and character literals back to bytes.

use crate::Fault;

/// One unquoted character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unquoted {
    /// A byte, from plain ASCII, `\x..` or an octal escape.
    Byte(u8),
    /// A code point beyond ASCII, or one written as `\u....`; invalid UTF-8 reads as U+FFFD.
    Rune(char),
}

/// Go's `Unquote`: a literal in double quotes, back quotes or single quotes. `'x'` gives the one
/// character as text.
pub fn unquote(literal: &[u8]) -> Result<Vec<u8>, Fault> {
    let (&mark, rest) = literal.split_first().ok_or(Fault::Syntax)?;
    match mark {
        b'`' => {
            let body = rest.strip_suffix(b"`").ok_or(Fault::Syntax)?;
            if body.contains(&b'`') {
                return Err(Fault::Syntax);
            }
            Ok(body.iter().copied().filter(|b| *b != b'\r').collect())
        }
        b'"' | b'\'' => unquote_escaped(rest, mark),
        _ => Err(Fault::Syntax),
    }
}

fn unquote_escaped(mut rest: &[u8], mark: u8) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::with_capacity(rest.len());
    while rest.first().is_some_and(|b| *b != mark) {
        if rest[0] == b'\n' {
            return Err(Fault::Syntax);
        }
        let (unquoted, tail) = unquote_char(rest, mark)?;
        match unquoted {
            Unquoted::Byte(byte) => out.push(byte),
            Unquoted::Rune(rune) => {
                out.extend_from_slice(rune.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        rest = tail;
        if mark == b'\'' {
            break;
        }
    }
    // Nothing may follow the closing mark.
    if rest == [mark] { Ok(out) } else { Err(Fault::Syntax) }
}

/// Go's `UnquoteChar`: the first character of `text` and what follows it. `mark` is the quote in
/// use; it may not stand unescaped, and only it may be escaped.
pub fn unquote_char(text: &[u8], mark: u8) -> Result<(Unquoted, &[u8]), Fault> {
    let (&first, rest) = text.split_first().ok_or(Fault::Syntax)?;
    if first == mark && matches!(mark, b'\'' | b'"') {
        return Err(Fault::Syntax);
    }
    if first >= 0x80 {
        let (rune, size) = first_rune(text);
        return Ok((Unquoted::Rune(rune), &text[size..]));
    }
    if first != b'\\' {
        return Ok((Unquoted::Byte(first), rest));
    }
    let (&letter, rest) = rest.split_first().ok_or(Fault::Syntax)?;
    let byte = match letter {
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        b'\\' => b'\\',
        b'\'' | b'"' if letter == mark => letter,
        b'x' => {
            let (code, rest) = number(rest, 2, 16)?;
            return Ok((Unquoted::Byte(code as u8), rest));
        }
        b'u' | b'U' => {
            let (code, rest) = number(rest, if letter == b'u' { 4 } else { 8 }, 16)?;
            let rune = char::from_u32(code).ok_or(Fault::Syntax)?;
            return Ok((Unquoted::Rune(rune), rest));
        }
        b'0'..=b'7' => {
            let (code, rest) = number(&text[1..], 3, 8)?;
            let byte = u8::try_from(code).map_err(|_| Fault::Syntax)?;
            return Ok((Unquoted::Byte(byte), rest));
        }
        _ => return Err(Fault::Syntax),
    };
    Ok((Unquoted::Byte(byte), rest))
}

/// Exactly `count` digits, at most eight, and what follows them.
fn number(text: &[u8], count: usize, radix: u32) -> Result<(u32, &[u8]), Fault> {
    let (digits, rest) = text.split_at_checked(count).ok_or(Fault::Syntax)?;
    let mut code = 0_u32;
    for &digit in digits {
        let digit = char::from(digit).to_digit(radix).ok_or(Fault::Syntax)?;
        code = code.wrapping_mul(radix) | digit;
    }
    Ok((code, rest))
}

/// The first code point and its length; one byte of U+FFFD where the text is no UTF-8.
fn first_rune(text: &[u8]) -> (char, usize) {
    let head = &text[..text.len().min(4)];
    head.utf8_chunks()
        .next()
        .and_then(|chunk| chunk.valid().chars().next())
        .map_or((char::REPLACEMENT_CHARACTER, 1), |rune| (rune, rune.len_utf8()))
}
