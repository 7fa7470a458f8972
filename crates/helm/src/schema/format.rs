//! `format`: what a text has to look like, with the library's words for what is wrong.
//!
//! Not here: formats that Helm's library knows and charts do not use; those pass.

use super::compile::compile_regex;

/// A known format.
pub(super) struct Format {
    pub(super) name: &'static str,
    check: fn(&str) -> Result<(), String>,
}

const FORMATS: [Format; 12] = [
    Format { name: "regex", check: regex },
    Format { name: "date", check: date },
    Format { name: "time", check: time },
    Format { name: "date-time", check: date_time },
    Format { name: "email", check: email },
    Format { name: "hostname", check: hostname },
    Format { name: "ipv4", check: ipv4 },
    Format { name: "ipv6", check: ipv6 },
    Format { name: "uri", check: uri },
    Format { name: "uri-reference", check: uri_reference },
    Format { name: "uuid", check: uuid },
    Format { name: "json-pointer", check: json_pointer },
];

impl Format {
    pub(super) fn named(name: &str) -> Option<Self> {
        let found = FORMATS.iter().find(|format| format.name == name)?;
        Some(Self { name: found.name, check: found.check })
    }

    pub(super) fn check(&self, text: &str) -> Result<(), String> {
        (self.check)(text)
    }
}

fn fail(text: &str) -> Result<(), String> {
    Err(text.to_owned())
}

fn invalid_character(c: char) -> Result<(), String> {
    let quoted = strconv::quote(c.to_string().as_bytes());
    Err(format!("invalid character '{}'", &quoted[1..quoted.len() - 1]))
}

fn regex(text: &str) -> Result<(), String> {
    compile_regex(text).map(drop)
}

fn date(text: &str) -> Result<(), String> {
    let misread = || {
        let text = strconv::quote(text.as_bytes());
        Err(format!("parsing time {text} as \"2006-01-02\": cannot parse {text} as \"2006\""))
    };
    let bytes = text.as_bytes();
    let is_shaped = bytes.len() == 10
        && bytes.iter().enumerate().all(|(i, b)| match i {
            4 | 7 => *b == b'-',
            _ => b.is_ascii_digit(),
        });
    if !is_shaped {
        return misread();
    }
    let number = |range: std::ops::Range<usize>| text[range].parse::<u32>().unwrap_or(0);
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    let is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => {
            let text = strconv::quote(text.as_bytes());
            return Err(format!("parsing time {text}: month out of range"));
        }
    };
    if day == 0 || day > days {
        let text = strconv::quote(text.as_bytes());
        return Err(format!("parsing time {text}: day out of range"));
    }
    Ok(())
}

fn time(text: &str) -> Result<(), String> {
    if text.len() < 9 {
        return fail("less than 9 characters long");
    }
    let bytes = text.as_bytes();
    if bytes[2] != b':' || bytes[5] != b':' {
        return fail("missing colon in correct place");
    }
    let two = |at: usize| {
        let digits = text.get(at..at + 2)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<i32>().ok())?
    };
    let (Some(hour), Some(minute), Some(second)) = (two(0), two(3), two(6)) else {
        return fail("invalid hour/min/sec");
    };
    if hour > 23 || minute > 59 || second > 60 {
        return fail("hour/min/sec out of range");
    }
    let mut rest = &text[8..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return fail("no digits in second fraction");
        }
        rest = &fraction[digits..];
    }
    let minutes = hour * 60 + minute + offset_minutes(rest)?;
    if second >= 60 && minutes.rem_euclid(24 * 60) != 23 * 60 + 59 {
        return fail("invalid leap second");
    }
    Ok(())
}

/// What to add to a time to have it in UTC.
fn offset_minutes(text: &str) -> Result<i32, String> {
    if text.eq_ignore_ascii_case("z") {
        return Ok(0);
    }
    let fail = |text: &str| Err(text.to_owned());
    let bytes = text.as_bytes();
    if bytes.len() != 6 {
        return fail("offset must be 6 characters long");
    }
    let sign = match bytes[0] {
        b'+' => -1,
        b'-' => 1,
        _ => return fail("offset must begin with plus/minus"),
    };
    if bytes[3] != b':' {
        return fail("missing colon in offset in correct place");
    }
    let two = |at: usize| text.get(at..at + 2).and_then(|digits| digits.parse::<i32>().ok());
    let (Some(hour), Some(minute)) = (two(1), two(4)) else {
        return fail("invalid hour/min in offset");
    };
    if !(0..=23).contains(&hour) || !(0..=59).contains(&minute) {
        return fail("hour/min in offset out of range");
    }
    Ok(sign * (hour * 60 + minute))
}

fn date_time(text: &str) -> Result<(), String> {
    if text.len() < 20 {
        return fail("less than 20 characters long");
    }
    if !matches!(text.as_bytes()[10], b't' | b'T') {
        return fail("11th character must be t or T");
    }
    let (Some(day), Some(moment)) = (text.get(..10), text.get(11..)) else {
        return fail("11th character must be t or T");
    };
    date(day).map_err(|reason| format!("invalid date element: {reason}"))?;
    time(moment).map_err(|reason| format!("invalid time element: {reason}"))
}

fn email(text: &str) -> Result<(), String> {
    if text.len() > 254 {
        return fail("more than 255 characters long");
    }
    let Some((local, domain)) = text.rsplit_once('@') else { return fail("missing @") };
    if local.len() > 64 {
        return fail("local part more than 64 characters long");
    }
    if local.len() > 1 && local.starts_with('"') && local.ends_with('"') {
        if local[1..local.len() - 1].contains(['\\', '"']) {
            return fail("backslash and quote are not allowed within quoted local part");
        }
    } else {
        email_local_part(local)?;
    }
    if let Some(address) = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return match address.strip_prefix("IPv6:") {
            Some(v6) => ipv6(v6).map_err(|reason| format!("invalid ipv6 address: {reason}")),
            None => ipv4(address).map_err(|reason| format!("invalid ipv4 address: {reason}")),
        };
    }
    hostname(domain).map_err(|reason| format!("invalid domain: {reason}"))
}

fn email_local_part(local: &str) -> Result<(), String> {
    if local.starts_with('.') {
        return fail("starts with dot");
    }
    if local.ends_with('.') {
        return fail("ends with dot");
    }
    if local.contains("..") {
        return fail("consecutive dots");
    }
    let legal = |c: &char| c.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(*c);
    local.chars().find(|c| !legal(c)).map_or(Ok(()), invalid_character)
}

fn hostname(text: &str) -> Result<(), String> {
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.len() > 253 {
        return fail("more than 253 characters long");
    }
    for label in text.split('.') {
        if label.is_empty() || label.len() > 63 {
            return fail("label must be 1 to 63 characters long");
        }
        if label.starts_with('-') {
            return fail("label starts with hyphen");
        }
        if label.ends_with('-') {
            return fail("label ends with hyphen");
        }
        if let Some(c) = label.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-') {
            return invalid_character(c);
        }
    }
    Ok(())
}

fn ipv4(text: &str) -> Result<(), String> {
    let groups: Vec<&str> = text.split('.').collect();
    if groups.len() != 4 {
        return fail("expected four decimals");
    }
    for group in groups {
        if group.len() > 1 && group.starts_with('0') {
            return fail("leading zeros");
        }
        let Ok(number) = group.parse::<i64>() else {
            let shown = strconv::quote(group.as_bytes());
            return Err(format!("strconv.Atoi: parsing {shown}: invalid syntax"));
        };
        if !(0..=255).contains(&number) {
            return fail("decimal must be between 0 and 255");
        }
    }
    Ok(())
}

fn ipv6(text: &str) -> Result<(), String> {
    if !text.contains(':') {
        return fail("missing colon");
    }
    if text.contains('%') {
        return fail("zone id is not a part of ipv6 address");
    }
    let parsed = text.parse::<std::net::Ipv6Addr>();
    parsed
        .map(drop)
        .map_err(|_| format!("ParseAddr({}): unable to parse IP", strconv::quote(text.as_bytes())))
}

fn uri(text: &str) -> Result<(), String> {
    parse_url(text)?;
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
    let is_absolute = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    if is_absolute { Ok(()) } else { fail("relative url") }
}

fn uri_reference(text: &str) -> Result<(), String> {
    if text.contains('\\') { fail("contains \\") } else { parse_url(text) }
}

/// The refusals of Go's URL parser that a plain text can meet.
fn parse_url(text: &str) -> Result<(), String> {
    let quoted = strconv::quote(text.as_bytes());
    if text.bytes().any(|b| b < 0x20 || b == 0x7F) {
        return Err(format!("parse {quoted}: net/url: invalid control character in URL"));
    }
    if text.starts_with(':') {
        return Err(format!("parse {quoted}: missing protocol scheme"));
    }
    for (at, _) in text.match_indices('%') {
        let escape = text.as_bytes().get(at + 1..at + 3).unwrap_or(&text.as_bytes()[at + 1..]);
        if escape.len() < 2 || !escape.iter().all(u8::is_ascii_hexdigit) {
            let shown = format!("%{}", String::from_utf8_lossy(escape));
            let shown = strconv::quote(shown.as_bytes());
            return Err(format!("parse {quoted}: invalid URL escape {shown}"));
        }
    }
    Ok(())
}

fn uuid(text: &str) -> Result<(), String> {
    let groups: Vec<&str> = text.split('-').collect();
    if groups.len() != 5 {
        return fail("must have 5 elements");
    }
    for (index, (group, length)) in groups.iter().zip([8, 4, 4, 4, 12]).enumerate() {
        if group.len() != length {
            return Err(format!("element {} must be {length} characters long", index + 1));
        }
        if let Some(c) = group.chars().find(|c| !c.is_ascii_hexdigit()) {
            return invalid_character(c).map_err(|text| text.replace("invalid", "non-hex"));
        }
    }
    Ok(())
}

fn json_pointer(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Ok(());
    }
    if !text.starts_with('/') {
        return fail("not starting with /");
    }
    let mut rest = text;
    while let Some(at) = rest.find('~') {
        rest = &rest[at + 1..];
        if !rest.starts_with(['0', '1']) {
            return fail("~ must be followed by 0 or 1");
        }
    }
    Ok(())
}
