//! URLs as Go's `net/url` splits, resolves and prints them, as far as charts need it.
//!
//! It is not a URL of the browsers' standard: `repo/chart` is a URL with a path only, and a
//! relative reference stays relative. The path is kept in its escaped form.

use std::fmt;

/// A URL in its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    /// In lower case; empty for a relative reference.
    pub scheme: String,
    /// What follows the scheme when no slash does (`mailto:x`).
    pub opaque: String,
    /// User and password as written, escaped.
    pub user: Option<String>,
    /// Host and port.
    pub host: String,
    /// The path, escaped.
    pub path: String,
    /// What follows `?`, as written.
    pub query: Option<String>,
    /// What follows `#`, as written.
    pub fragment: Option<String>,
}

/// Why a text is no URL; the words are Go's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("parse {text:?}: {reason}")]
pub struct UrlError {
    text: String,
    reason: String,
}

impl Url {
    /// Splits a URL or a relative reference.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let fail = |reason: &str| UrlError { text: text.to_owned(), reason: reason.to_owned() };
        if text.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
            return Err(fail("net/url: invalid control character in URL"));
        }
        let mut url = Self::default();
        let (rest, fragment) = cut(text, '#');
        url.fragment = fragment;
        let (scheme, rest) = split_scheme(rest).map_err(&fail)?;
        url.scheme = scheme.to_ascii_lowercase();
        let (rest, query) = cut(rest, '?');
        url.query = query;
        if !rest.starts_with('/') {
            if !url.scheme.is_empty() {
                rest.clone_into(&mut url.opaque);
                return Ok(url);
            }
            let first = rest.split('/').next().unwrap_or_default();
            if first.contains(':') {
                return Err(fail("first path segment in URL cannot contain colon"));
            }
        }
        let mut path = rest;
        if let Some(after) = rest.strip_prefix("//")
            && (!url.scheme.is_empty() || !rest.starts_with("///"))
        {
            let end = after.find('/').unwrap_or(after.len());
            let (authority, remainder) = after.split_at(end);
            path = remainder;
            let (user, host) = match authority.rsplit_once('@') {
                Some((user, host)) => (Some(user.to_owned()), host),
                None => (None, authority),
            };
            check_host(host).map_err(|reason| UrlError { text: text.to_owned(), reason })?;
            url.user = user;
            host.clone_into(&mut url.host);
        }
        check_escapes(path).map_err(|reason| UrlError { text: text.to_owned(), reason })?;
        path.clone_into(&mut url.path);
        Ok(url)
    }

    /// Whether the URL names its scheme.
    pub fn is_absolute(&self) -> bool {
        !self.scheme.is_empty()
    }

    /// The host without its port and without the brackets of an IPv6 address.
    pub fn host_name(&self) -> &str {
        if let Some(inner) = self.host.strip_prefix('[') {
            return inner.split(']').next().unwrap_or_default();
        }
        self.host.split(':').next().unwrap_or_default()
    }

    /// The port as written, or the scheme's usual one; empty when neither is known.
    pub fn port(&self) -> &str {
        let after = self.host.rsplit(']').next().unwrap_or_default();
        match after.rsplit_once(':') {
            Some((_, port)) if !port.is_empty() => port,
            _ if self.scheme == "http" => "80",
            _ if self.scheme == "https" => "443",
            _ => "",
        }
    }

    /// Whether two URLs lead to the same scheme, host and port: credentials may pass between them.
    pub fn same_origin(&self, other: &Self) -> bool {
        self.scheme == other.scheme
            && self.host_name().eq_ignore_ascii_case(other.host_name())
            && self.port() == other.port()
    }

    /// The last part of the path, unescaped.
    pub fn base_name(&self) -> String {
        let trimmed = self.path.trim_end_matches('/');
        unescape(trimmed.rsplit('/').next().unwrap_or_default())
    }

    /// Resolves a reference against this URL, as RFC 3986 and Go's `ResolveReference` do.
    #[must_use]
    pub fn resolve(&self, reference: &Self) -> Self {
        let mut url = reference.clone();
        if reference.scheme.is_empty() {
            url.scheme.clone_from(&self.scheme);
        }
        if !reference.scheme.is_empty() || !reference.host.is_empty() || reference.user.is_some() {
            url.path = resolve_path(&reference.path, "");
            return url;
        }
        if !reference.opaque.is_empty() {
            url.user = None;
            url.host = String::new();
            url.path = String::new();
            return url;
        }
        if reference.path.is_empty() && reference.query.is_none() {
            url.query.clone_from(&self.query);
            if reference.fragment.is_none() {
                url.fragment.clone_from(&self.fragment);
            }
        }
        url.host.clone_from(&self.host);
        url.user.clone_from(&self.user);
        url.path = resolve_path(&self.path, &reference.path);
        url
    }
}

impl fmt::Display for Url {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.scheme.is_empty() {
            write!(out, "{}:", self.scheme)?;
        }
        if self.opaque.is_empty() {
            if !self.scheme.is_empty() || !self.host.is_empty() || self.user.is_some() {
                if !self.host.is_empty() || !self.path.is_empty() || self.user.is_some() {
                    out.write_str("//")?;
                }
                if let Some(user) = &self.user {
                    write!(out, "{user}@")?;
                }
                out.write_str(&self.host)?;
            }
            if !self.path.is_empty() && !self.path.starts_with('/') && !self.host.is_empty() {
                out.write_str("/")?;
            }
            out.write_str(&self.path)?;
        } else {
            out.write_str(&self.opaque)?;
        }
        if let Some(query) = &self.query {
            write!(out, "?{query}")?;
        }
        if let Some(fragment) = &self.fragment {
            write!(out, "#{fragment}")?;
        }
        Ok(())
    }
}

/// Resolves a reference of an index against the repository's URL; absolute ones stay as written.
///
/// As in Helm, the repository's query is carried over: tokens are often put there.
pub fn resolve_reference(base: &str, reference: &str) -> Result<String, UrlError> {
    let parsed = Url::parse(reference)?;
    if parsed.is_absolute() {
        return Ok(reference.to_owned());
    }
    let mut base = Url::parse(base)?;
    base.path = format!("{}/", base.path.strip_suffix('/').unwrap_or(&base.path));
    let mut resolved = base.resolve(&parsed);
    resolved.query = base.query;
    Ok(resolved.to_string())
}

/// Whether two repository URLs mean the same place, by Helm's reckoning: slashes at the end and
/// `.` or `..` in the path do not matter.
pub fn equal(left: &str, right: &str) -> bool {
    let Ok(mut left_url) = Url::parse(left) else {
        return clean(left) == clean(right);
    };
    let Ok(mut right_url) = Url::parse(right) else {
        return false;
    };
    for url in [&mut left_url, &mut right_url] {
        url.path = if url.path.is_empty() { "/".to_owned() } else { clean(&url.path) };
    }
    left_url.to_string() == right_url.to_string()
}

/// Go's `path.Clean`: the shortest path that means the same by its letters alone.
pub fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            other => parts.push(other),
        }
    }
    match (rooted, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// The text with its `%XX` replaced; what is no valid UTF-8 then becomes the replacement character.
pub fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let pair = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(value) if byte == b'%' => {
                out.push(value);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Escapes a text for a query: everything but letters, digits and `-_.~`; a space becomes `+`.
pub fn escape_query(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            other => {
                let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
                out.push('%');
                out.push(digit(other >> 4).to_ascii_uppercase());
                out.push(digit(other & 15).to_ascii_uppercase());
            }
        }
    }
    out
}

fn cut(text: &str, mark: char) -> (&str, Option<String>) {
    match text.split_once(mark) {
        Some((before, after)) => (before, Some(after.to_owned())),
        None => (text, None),
    }
}

fn split_scheme(text: &str) -> Result<(&str, &str), &'static str> {
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme"),
            b':' => return Ok((&text[..at], &text[at + 1..])),
            _ => break,
        }
    }
    Ok(("", text))
}

fn check_host(host: &str) -> Result<(), String> {
    let after = match host.strip_prefix('[') {
        Some(inner) => match inner.split_once(']') {
            Some((_, after)) => after,
            None => return Err("missing ']' in host".to_owned()),
        },
        None => host.find(':').map_or("", |at| &host[at..]),
    };
    let port = after.strip_prefix(':').unwrap_or(after);
    let numeric = port.bytes().all(|byte| byte.is_ascii_digit());
    if !numeric || (!after.is_empty() && !after.starts_with(':')) {
        return Err(format!("invalid port {after:?} after host"));
    }
    match host.chars().find(|c| matches!(c, ' ' | '<' | '>' | '"' | '\\' | '^' | '`' | '{' | '}')) {
        Some(wrong) => Err(format!("invalid character {:?} in host name", wrong.to_string())),
        None => Ok(()),
    }
}

fn check_escapes(path: &str) -> Result<(), String> {
    let bytes = path.as_bytes();
    for (at, _) in path.match_indices('%') {
        let valid = bytes.get(at + 1..at + 3).is_some_and(|p| p.iter().all(u8::is_ascii_hexdigit));
        if !valid {
            let shown: String = path[at..].chars().take(3).collect();
            return Err(format!("invalid URL escape {shown:?}"));
        }
    }
    Ok(())
}

fn resolve_path(base: &str, reference: &str) -> String {
    let full = if reference.is_empty() {
        base.to_owned()
    } else if reference.starts_with('/') {
        reference.to_owned()
    } else {
        let folder = base.rfind('/').map_or("", |at| &base[..=at]);
        format!("{folder}{reference}")
    };
    if full.is_empty() {
        return full;
    }
    let mut parts: Vec<&str> = Vec::new();
    let mut last = "";
    for part in full.split('/') {
        last = part;
        match part {
            "." => {}
            ".." => {
                // The first part is the empty text before the leading slash.
                if parts.len() > 1 {
                    parts.pop();
                }
            }
            other => parts.push(other),
        }
    }
    let mut path = parts.join("/");
    if last == "." || last == ".." {
        path.push('/');
    }
    if path.starts_with('/') { path } else { format!("/{path}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_index_entries_as_helm_does() {
        let cases = [
            ("http://h/charts", "a-1.tgz", "http://h/charts/a-1.tgz"),
            ("http://h/charts/", "a-1.tgz", "http://h/charts/a-1.tgz"),
            ("http://h/charts", "../x/a-1.tgz", "http://h/x/a-1.tgz"),
            ("http://h/charts?k=v", "a-1.tgz", "http://h/charts/a-1.tgz?k=v"),
            ("http://h/charts?k=v", "a-1.tgz?z=1", "http://h/charts/a-1.tgz?k=v"),
            ("http://h", "/r/a-1.tgz", "http://h/r/a-1.tgz"),
            ("http://h/a%20b", "c.tgz", "http://h/a%20b/c.tgz"),
            ("http://h/x", "https://o/c.tgz", "https://o/c.tgz"),
            ("http://h/x", "//o/c.tgz", "http://o/c.tgz"),
        ];
        for (base, reference, expected) in cases {
            assert_eq!(resolve_reference(base, reference).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn equal_urls() {
        assert!(equal("https://h/x", "https://h/x/"));
        assert!(equal("https://h", "https://h/"));
        assert!(equal("https://h/a/../b", "https://h/b"));
        assert!(!equal("https://h/x", "http://h/x"));
        assert!(equal("%zz/a", "%zz/./a"));
    }

    #[test]
    fn refuses_what_go_refuses() {
        for text in ["http://h/%zz", "http://h:port/", ":x", "a:b/c\n", "1:2", "http://[::1/x"] {
            assert!(Url::parse(text).is_err(), "{text}");
        }
        assert_eq!(Url::parse("repo/chart").map(|url| url.path), Ok("repo/chart".to_owned()));
    }
}
