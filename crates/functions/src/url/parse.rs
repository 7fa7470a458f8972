//! Taking a URL apart: Go's `url.Parse`, errors included.

use super::address::{self, Address};
use super::escape::{Part, escape, unescape};

/// The parts of a URL, decoded.
#[derive(Default)]
pub(super) struct Url {
    pub(super) scheme: Vec<u8>,
    pub(super) opaque: Vec<u8>,
    pub(super) user: Option<User>,
    /// With the port.
    pub(super) host: Vec<u8>,
    pub(super) path: Vec<u8>,
    /// As it was written.
    pub(super) query: Vec<u8>,
    pub(super) fragment: Vec<u8>,
}

/// Name and password before the host.
pub(super) struct User {
    name: Vec<u8>,
    password: Option<Vec<u8>>,
}

impl User {
    /// As it stands in a URL.
    pub(super) fn encoded(&self) -> Vec<u8> {
        let mut out = escape(&self.name, Part::User);
        if let Some(password) = &self.password {
            out.push(b':');
            out.extend(escape(password, Part::User));
        }
        out
    }
}

impl Url {
    /// The host without port and brackets.
    pub(super) fn hostname(&self) -> &[u8] {
        let mut host = self.host.as_slice();
        if let Some(colon) = host.iter().rposition(|b| *b == b':')
            && is_optional_port(&host[colon..])
        {
            host = &host[..colon];
        }
        host.strip_prefix(b"[").and_then(|inner| inner.strip_suffix(b"]")).unwrap_or(host)
    }
}

/// Parses a URL. The error is Go's message.
pub(super) fn parse(text: &[u8]) -> Result<Url, String> {
    let (before, fragment) = cut(text, b'#');
    let wrapped = |text: &[u8], error: String| format!("parse {}: {error}", strconv::quote(text));
    let mut url = parse_before_fragment(before).map_err(|error| wrapped(before, error))?;
    url.fragment = unescape(fragment.unwrap_or_default(), Part::Fragment)
        .map_err(|error| wrapped(text, error))?;
    Ok(url)
}

fn parse_before_fragment(text: &[u8]) -> Result<Url, String> {
    let mut url = Url::default();
    if text.iter().any(u8::is_ascii_control) {
        return Err("net/url: invalid control character in URL".to_owned());
    }
    if text == b"*" {
        url.path = text.to_vec();
        return Ok(url);
    }
    let (scheme, rest) = split_scheme(text)?;
    url.scheme = scheme.to_ascii_lowercase();
    let (mut rest, query) = cut(rest, b'?');
    url.query = query.unwrap_or_default().to_vec();
    if !rest.starts_with(b"/") {
        if !url.scheme.is_empty() {
            url.opaque = rest.to_vec();
            return Ok(url);
        }
        if cut(rest, b'/').0.contains(&b':') {
            return Err("first path segment in URL cannot contain colon".to_owned());
        }
    }
    let may_have_host = !url.scheme.is_empty() || !rest.starts_with(b"///");
    if let Some(authority) = rest.strip_prefix(b"//")
        && may_have_host
    {
        let end = authority.iter().position(|b| *b == b'/').unwrap_or(authority.len());
        let (authority, path) = authority.split_at(end);
        rest = path;
        (url.user, url.host) = parse_authority(&url.scheme, authority)?;
    }
    url.path = unescape(rest, Part::Path)?;
    Ok(url)
}

/// What comes before the first `mark` and, where there is one, after it.
fn cut(text: &[u8], mark: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|b| *b == mark) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

/// The scheme (empty where there is none) and what follows its colon.
fn split_scheme(text: &[u8]) -> Result<(&[u8], &[u8]), String> {
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => return Ok((&text[..at], &text[at + 1..])),
            _ => break,
        }
    }
    Ok((b"", text))
}

fn parse_authority(scheme: &[u8], authority: &[u8]) -> Result<(Option<User>, Vec<u8>), String> {
    let Some(at) = authority.iter().rposition(|b| *b == b'@') else {
        return Ok((None, parse_host(scheme, authority)?));
    };
    let host = parse_host(scheme, &authority[at + 1..])?;
    let user = &authority[..at];
    let is_allowed = |b: &u8| b.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(b);
    if !user.iter().all(is_allowed) {
        return Err("net/url: invalid userinfo".to_owned());
    }
    let (name, password) = cut(user, b':');
    let name = unescape(name, Part::User)?;
    let password = password.map(|password| unescape(password, Part::User)).transpose()?;
    Ok((Some(User { name, password }), host))
}

fn parse_host(scheme: &[u8], host: &[u8]) -> Result<Vec<u8>, String> {
    match host.iter().rposition(|b| *b == b'[') {
        Some(0) => return parse_ip_literal(host),
        Some(_) => return Err("invalid IP-literal".to_owned()),
        None => {}
    }
    // Only web addresses are held to one colon: databases write lists of hosts.
    let is_web = scheme == b"http" || scheme == b"https";
    let colon = |b: &u8| *b == b':';
    let port = if is_web { host.iter().position(colon) } else { host.iter().rposition(colon) };
    if let Some(at) = port {
        check_port(&host[at..])?;
    }
    unescape(host, Part::Host)
}

fn parse_ip_literal(host: &[u8]) -> Result<Vec<u8>, String> {
    let Some(end) = host.iter().rposition(|b| *b == b']') else {
        return Err("missing ']' in host".to_owned());
    };
    let port = &host[end + 1..];
    check_port(port)?;
    let literal = &host[1..end];
    let zone = literal.windows(3).position(|window| window == b"%25");
    let (address, zone) = literal.split_at(zone.unwrap_or(literal.len()));
    let (address, zone) = (unescape(address, Part::Host)?, unescape(zone, Part::Zone)?);
    let whole = [address.as_slice(), &zone].concat();
    match address::parse(&whole) {
        Ok(Address::V6) => {}
        Ok(Address::V4) => return Err("invalid IP-literal".to_owned()),
        Err(reason) => {
            let shown = strconv::quote(&whole);
            return Err(format!("invalid host: ParseAddr({shown}): {reason}"));
        }
    }
    Ok([b"[", address.as_slice(), &zone, b"]", port].concat())
}

fn check_port(text: &[u8]) -> Result<(), String> {
    if is_optional_port(text) {
        return Ok(());
    }
    Err(format!("invalid port {} after host", strconv::quote(text)))
}

/// Nothing, or a colon and digits, be there none.
fn is_optional_port(text: &[u8]) -> bool {
    match text.split_first() {
        None => true,
        Some((b':', digits)) => digits.iter().all(u8::is_ascii_digit),
        Some(_) => false,
    }
}
