//! What Helm's linter takes for a mail or web address.
//!
//! Restates the checks of `govalidator` by hand; its patterns allow more than the standards in
//! some places and less in others, and so does this.

/// A mail address: a local part and a domain of at least two labels.
pub(super) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let is_quoted = local.len() >= 2 && local.starts_with('"') && local.ends_with('"');
    let atom = |c: char| is_letter_or_digit(c) || "!#$%&'*+-/=?^_`{|}~".contains(c);
    let is_dotted = local.split('.').all(|part| !part.is_empty() && part.chars().all(atom));
    if !is_quoted && !is_dotted {
        return false;
    }
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let Some((labels, last)) = domain.rsplit_once('.') else { return false };
    let inner = |c: char| is_letter_or_digit(c) || "-._~".contains(c);
    let is_bounded =
        |text: &str, edge: fn(char) -> bool| text.starts_with(edge) && text.ends_with(edge);
    is_bounded(labels, is_letter_or_digit)
        && labels.chars().all(inner)
        && is_bounded(last, is_letter)
        && last.chars().all(inner)
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || is_foreign(c)
}

fn is_letter_or_digit(c: char) -> bool {
    c.is_ascii_alphanumeric() || is_foreign(c)
}

fn is_foreign(c: char) -> bool {
    matches!(c, '\u{A0}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFEF}')
}

/// A web address, with or without its scheme.
pub(super) fn is_url(text: &str) -> bool {
    if text.len() <= 3 || text.chars().count() >= 2083 || text.starts_with('.') {
        return false;
    }
    let rest = match text.split_once("://") {
        Some(("ftp" | "tcp" | "udp" | "ws" | "wss" | "http" | "https", rest)) => rest,
        Some(_) => return false,
        None => text,
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    if path.contains(char::is_whitespace) || authority.contains(char::is_whitespace) {
        return false;
    }
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if let Some(inner) = host.strip_prefix('[') {
        return inner.split_once(']').is_some_and(|(address, port)| {
            address.parse::<std::net::Ipv6Addr>().is_ok() && is_port(port)
        });
    }
    let port_at = host.find(':').unwrap_or(host.len());
    let (host, port) = host.split_at(port_at);
    let host = host.strip_suffix('.').unwrap_or(host);
    let has_dot = text.contains("://") || host.contains('.') || !port.is_empty();
    let label = |label: &str| {
        !label.is_empty()
            && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    has_dot && is_port(port) && host.split('.').all(label)
}

fn is_port(text: &str) -> bool {
    text.is_empty()
        || text.strip_prefix(':').is_some_and(|digits| {
            (1..=5).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
        })
}

/// An address with a scheme, as Go's `url.ParseRequestURI` reads it.
pub(super) fn is_request_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    if !is_scheme || text.bytes().any(|b| b < b' ' || b == 0x7F) {
        return false;
    }
    let Some(rest) = rest.strip_prefix("//") else { return true };
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let path = &rest[host.len()..];
    let escapes_well = path.split('?').next().unwrap_or_default().split('%').skip(1).all(|after| {
        after.as_bytes().get(..2).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    });
    let port = host.rsplit_once('@').map_or(host, |(_, host)| host).rsplit_once(':');
    let is_port = port.is_none_or(|(before, port)| {
        before.contains('[') && !before.contains(']') || port.bytes().all(|b| b.is_ascii_digit())
    });
    escapes_well && is_port && !host.contains([' ', '<', '>', '"', '\\', '^', '`', '{', '|', '}'])
}
