//! Kinds of texts, and how to tell whether a text is of one.

use std::net::IpAddr;

use diagnostic::{Words, words};

/// A kind of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    /// Any text.
    Plain,
    /// A name as Kubernetes has them: small letters, digits and hyphens.
    Name,
    /// A domain or host name.
    Hostname,
    /// An address of the web.
    Url,
    /// A mail address.
    Email,
    /// A network or an address: `10.0.0.0/8`.
    Network,
    /// An amount of memory, storage or processor time: `512Mi`, `250m`.
    Quantity,
    /// A time: `30s`, `5m`.
    Duration,
}

/// All kinds with their names, as definitions write them.
const KINDS: &[(&str, TextKind)] = &[
    ("text", TextKind::Plain),
    ("name", TextKind::Name),
    ("hostname", TextKind::Hostname),
    ("url", TextKind::Url),
    ("email", TextKind::Email),
    ("network", TextKind::Network),
    ("quantity", TextKind::Quantity),
    ("duration", TextKind::Duration),
];

/// The units of quantities, as Kubernetes has them.
const UNITS: &[&str] = &["", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

impl TextKind {
    /// The kind of a name, as definitions write it.
    pub fn of_name(name: &str) -> Option<Self> {
        KINDS.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// The name, as definitions write it.
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|(_, kind)| *kind == self).map_or("text", |(name, _)| name)
    }

    /// All names.
    pub fn names() -> impl Iterator<Item = &'static str> {
        KINDS.iter().map(|(name, _)| *name)
    }

    /// What a text of the kind is, with an example.
    pub fn what(self) -> Words {
        match self {
            Self::Plain => words!("a text", "un texte"),
            Self::Name => words!(
                "a name of at most 63 small letters, digits and hyphens, such as `my-school`",
                "un nom d'au plus 63 minuscules, chiffres et tirets, comme `mon-lycee`"
            ),
            Self::Hostname => words!(
                "a host name, such as `cloud.example.org`",
                "un nom d'hôte, comme `nuage.example.org`"
            ),
            Self::Url => words!(
                "a web address, such as `https://example.org/path`",
                "une adresse web, comme `https://example.org/chemin`"
            ),
            Self::Email => words!(
                "a mail address, such as `admin@example.org`",
                "une adresse de courriel, comme `admin@example.org`"
            ),
            Self::Network => words!(
                "a network or an address, such as `10.0.0.0/8`",
                "un réseau ou une adresse, comme `10.0.0.0/8`"
            ),
            Self::Quantity => words!(
                "an amount, such as `512Mi`, `10Gi` or `250m`",
                "une quantité, comme `512Mi`, `10Gi` ou `250m`"
            ),
            Self::Duration => {
                words!(
                    "a time, such as `30s`, `5m` or `1h`",
                    "une durée, comme `30s`, `5m` ou `1h`"
                )
            }
        }
    }

    /// Whether a text is of the kind.
    pub fn accepts(self, text: &str) -> bool {
        match self {
            Self::Plain => true,
            Self::Name => is_label(text),
            Self::Hostname => is_hostname(text),
            Self::Url => is_url(text),
            Self::Email => text.split_once('@').is_some_and(|(user, host)| {
                !user.is_empty() && is_plain(user) && !user.contains('@') && is_hostname(host)
            }),
            Self::Network => is_network(text),
            Self::Quantity => {
                let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
                UNITS.contains(&&text[digits.len()..]) && is_decimal(digits)
            }
            Self::Duration => is_duration(text),
        }
    }
}

fn is_label(text: &str) -> bool {
    let is_inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=63).contains(&text.len())
        && text.chars().all(is_inside)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn is_hostname(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_label)
}

fn is_plain(text: &str) -> bool {
    text.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"\"'<>\\`".contains(c))
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let Some(rest) = rest else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let (host, port) = authority.rsplit_once(':').unwrap_or((authority, "443"));
    is_plain(rest)
        && (is_hostname(host) || host.parse::<IpAddr>().is_ok())
        && port.parse::<u16>().is_ok()
}

fn is_network(text: &str) -> bool {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text, None),
    };
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let most = if address.is_ipv4() { 32 } else { 128 };
    length.is_none_or(|length| length.parse::<u8>().is_ok_and(|length| length <= most))
}

fn is_decimal(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    !text.is_empty() && all_digits(whole) && all_digits(fraction) && whole.len() <= 18
}

fn is_duration(text: &str) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let unit = ["ms", "s", "m", "h", "d"].into_iter().find(|u| rest[digits..].starts_with(u));
        let Some(unit) = unit.filter(|_| digits > 0) else { return false };
        rest = &rest[digits + unit.len()..];
    }
    !text.is_empty()
}

#[cfg(test)]
mod tests {
    use super::TextKind;

    #[test]
    fn kinds_tell_right_from_wrong() {
        let check = |kind: TextKind, right: &[&str], wrong: &[&str]| {
            for text in right {
                assert!(kind.accepts(text), "{kind:?} {text}");
            }
            for text in wrong {
                assert!(!kind.accepts(text), "{kind:?} {text}");
            }
        };
        check(TextKind::Name, &["a", "my-school-1"], &["", "A", "-a", "a-", "a.b", "é"]);
        check(TextKind::Hostname, &["a.example", "localhost"], &["a..b", "a_b.c", "A.b", "", "a."]);
        check(
            TextKind::Url,
            &["https://a.example", "http://10.0.0.1:8080/x?y=z#w", "https://a.b/"],
            &[
                "a.example",
                "ftp://a.b",
                "https://",
                "https://a b",
                "https://a.b:x",
                "https://a.b/\"x",
            ],
        );
        check(TextKind::Email, &["a@b.example"], &["a", "@b.c", "a@", "a b@c.d", "a@b@c"]);
        check(
            TextKind::Network,
            &["10.0.0.0/8", "::/0", "192.168.1.4"],
            &["10.0.0.0/33", "10.0.0/8", "any", "10.0.0.0/"],
        );
        check(
            TextKind::Quantity,
            &["1", "250m", "512Mi", "1.5Gi"],
            &["", "Mi", "1 Gi", "1gb", "-1"],
        );
        check(TextKind::Duration, &["30s", "1h30m", "250ms"], &["", "30", "s", "1 h", "1y"]);
    }
}
