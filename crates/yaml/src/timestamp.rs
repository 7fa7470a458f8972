//! Whether a text is a timestamp in one of the four forms that Go's YAML package knows.
//!
//! Such texts stay texts when read; but when written, they are quoted.

/// `2006-1-2`, and with a time: `T15:4:5.9Z`, `t15:4:5.9+07:00`, ` 15:4:5.9`.
pub(crate) fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 5 || !bytes[..4].iter().all(u8::is_ascii_digit) || bytes[4] != b'-' {
        return false;
    }
    let year = bytes[..4].iter().fold(0, |year, digit| year * 10 + u32::from(digit - b'0'));
    parse_after_year(year, &bytes[5..]).is_some()
}

fn parse_after_year(year: u32, rest: &[u8]) -> Option<()> {
    let (month, rest) = number(rest, 12)?;
    let (day, rest) = number(rest.strip_prefix(b"-")?, 31)?;
    if month == 0 || day == 0 || day > days_in(month, year) {
        return None;
    }
    let zoned = match rest.first() {
        None => return Some(()),
        Some(b'T' | b't') => true,
        Some(b' ') => false,
        Some(_) => return None,
    };
    let (_, rest) = number(&rest[1..], 23)?;
    let (_, rest) = number(rest.strip_prefix(b":")?, 59)?;
    let (_, rest) = number(rest.strip_prefix(b":")?, 59)?;
    let rest = skip_fraction(rest);
    let ended = if zoned { is_zone(rest) } else { rest.is_empty() };
    ended.then_some(())
}

/// One or two digits, at most `most`.
fn number(text: &[u8], most: u32) -> Option<(u32, &[u8])> {
    let count = text.iter().take(2).take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(count);
    let value = digits.iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0'));
    (count > 0 && value <= most).then_some((value, rest))
}

fn skip_fraction(text: &[u8]) -> &[u8] {
    match text {
        [b'.' | b',', rest @ ..] if rest.first().is_some_and(u8::is_ascii_digit) => {
            let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            &rest[count..]
        }
        _ => text,
    }
}

/// `Z` or `+07:00`, with Go's generous bounds.
fn is_zone(text: &[u8]) -> bool {
    let two = |a: u8, b: u8| u32::from(a - b'0') * 10 + u32::from(b - b'0');
    match *text {
        [b'Z'] => true,
        [b'+' | b'-', a, b, b':', c, d] if [a, b, c, d].iter().all(u8::is_ascii_digit) => {
            two(a, b) <= 24 && two(c, d) <= 60
        }
        _ => false,
    }
}

fn days_in(month: u32, year: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}
