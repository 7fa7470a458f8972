//! Percent-encoding, by the part of a URL.

/// A part of a URL: each has characters of its own that stand for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Path,
    Host,
    Zone,
    User,
    Fragment,
}

/// Whether a byte must be encoded in that part, by Go's reading of RFC 3986.
fn must_escape(byte: u8, part: Part) -> bool {
    if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
        return false;
    }
    let stays: &[u8] = match part {
        Part::Host | Part::Zone => b"!$&'()*+,;=:[]<>\"",
        Part::Path => b"$&+,/:;=@",
        Part::User => b"$&+,;=",
        Part::Fragment => b"$&+,/:;=?@!()*",
    };
    !stays.contains(&byte)
}

/// Encodes what must be.
pub(super) fn escape(text: &[u8], part: Part) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &byte in text {
        if must_escape(byte, part) {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        } else {
            out.push(byte);
        }
    }
    out
}

/// Decodes, and refuses what may not stand in that part. The error is Go's.
pub(super) fn unescape(text: &[u8], part: Part) -> Result<Vec<u8>, String> {
    let in_host = matches!(part, Part::Host | Part::Zone);
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        if byte != b'%' {
            if in_host && byte.is_ascii() && must_escape(byte, part) {
                let shown = strconv::quote(&[byte]);
                return Err(format!("invalid character {shown} in host name"));
            }
            out.push(byte);
            at += 1;
            continue;
        }
        let written = &text[at..text.len().min(at + 3)];
        let refused = || format!("invalid URL escape {}", strconv::quote(written));
        let decoded = decode(written).ok_or_else(refused)?;
        let is_percent = written == b"%25";
        let is_refused = match part {
            Part::Host => decoded < 0x80 && !is_percent,
            Part::Zone => !is_percent && decoded != b' ' && must_escape(decoded, Part::Host),
            _ => false,
        };
        if is_refused {
            return Err(refused());
        }
        out.push(decoded);
        at += 3;
    }
    Ok(out)
}

fn decode(written: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*written.get(at)?).to_digit(16);
    Some((digit(1)? * 16 + digit(2)?) as u8)
}
