//! IP addresses in URLs, as Go's `netip.ParseAddr` reads them: for its words about what is none.

/// The kinds of address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    /// Four numbers.
    V4,
    /// Groups of hexadecimal digits.
    V6,
}

/// Groups of 16 bits in an address.
const GROUPS: usize = 8;

/// Reads an address; what is wrong with it otherwise, without its text.
pub fn parse(text: &[u8]) -> Result<Address, String> {
    match text.iter().find(|byte| b".:%".contains(byte)) {
        Some(b'.') => ipv4(text).map(|()| Address::V4),
        Some(b':') => ipv6(text).map(|()| Address::V6),
        Some(_) => Err("missing IPv6 address".to_owned()),
        None => Err("unable to parse IP".to_owned()),
    }
}

fn at(message: &str, rest: &[u8]) -> String {
    format!("{message} (at {})", strconv::quote(rest))
}

fn ipv4(text: &[u8]) -> Result<(), String> {
    let (mut value, mut fields, mut digits) = (0_u32, 0, 0);
    for (index, byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                if digits == 1 && value == 0 {
                    return Err("IPv4 field has octet with leading zero".to_owned());
                }
                value = value * 10 + u32::from(byte - b'0');
                digits += 1;
                if value > 255 {
                    return Err("IPv4 field has value >255".to_owned());
                }
            }
            b'.' => {
                if index == 0 || index + 1 == text.len() || text[index - 1] == b'.' {
                    return Err(at("IPv4 field must have at least one digit", &text[index..]));
                }
                if fields == 3 {
                    return Err("IPv4 address too long".to_owned());
                }
                (fields, value, digits) = (fields + 1, 0, 0);
            }
            _ => return Err(at("unexpected character", &text[index..])),
        }
    }
    if fields < 3 { Err("IPv4 address too short".to_owned()) } else { Ok(()) }
}

fn ipv6(text: &[u8]) -> Result<(), String> {
    let mut rest = text;
    if let Some(zone) = text.iter().position(|byte| *byte == b'%') {
        if zone + 1 == text.len() {
            return Err("zone must be a non-empty string".to_owned());
        }
        rest = &text[..zone];
    }
    let (mut groups, mut ellipsis) = (0, false);
    if let Some(after) = rest.strip_prefix(b"::") {
        if after.is_empty() {
            return Ok(());
        }
        (rest, ellipsis) = (after, true);
    }
    while groups < GROUPS {
        let digits = group(rest)?;
        if rest.get(digits) == Some(&b'.') {
            embedded(rest, groups, ellipsis)?;
            (rest, groups) = (&[], groups + 2);
            break;
        }
        groups += 1;
        rest = &rest[digits..];
        match rest {
            [] => break,
            [b':'] => return Err(at("colon must be followed by more characters", rest)),
            [b':', b':', ..] if ellipsis => {
                return Err(at("multiple :: in address", &rest[1..]));
            }
            [b':', b':', after @ ..] => {
                (rest, ellipsis) = (after, true);
                if after.is_empty() {
                    break;
                }
            }
            [b':', after @ ..] => rest = after,
            _ => return Err(at("unexpected character, want colon", rest)),
        }
    }
    match (rest, groups < GROUPS, ellipsis) {
        ([_, ..], ..) => Err(at("trailing garbage after address", rest)),
        (_, true, false) => Err("address string too short".to_owned()),
        (_, false, true) => Err("the :: must expand to at least one field of zeros".to_owned()),
        _ => Ok(()),
    }
}

/// How many hexadecimal digits there are: one to four.
fn group(rest: &[u8]) -> Result<usize, String> {
    match rest.iter().take_while(|byte| byte.is_ascii_hexdigit()).count() {
        0 => Err(at("each colon-separated field must have at least one digit", rest)),
        digits @ 1..=4 => Ok(digits),
        _ => Err(at("each group must have 4 or less digits", rest)),
    }
}

/// Four numbers in place of the last two groups.
fn embedded(rest: &[u8], groups: usize, ellipsis: bool) -> Result<(), String> {
    if !ellipsis && groups != GROUPS - 2 {
        return Err(at(
            "embedded IPv4 address must replace the final 2 fields of the address",
            rest,
        ));
    }
    if groups + 2 > GROUPS {
        return Err(at(
            "too many hex fields to fit an embedded IPv4 at the end of the address",
            rest,
        ));
    }
    ipv4(rest)
}
