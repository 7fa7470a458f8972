//! Secrets that stand where they should not: what is shown of a text shows stars for them.
//!
//! Nobody can know every secret by its look; this goes by the names under which people keep them.

/// Parts of names under which secrets are kept, in the languages of those who write configurations.
const NAMES: &[&str] = &[
    "pass",
    "pasw",
    "pwd",
    "motdepass",
    "mdp",
    "secret",
    "token",
    "credential",
    "apikey",
    "accesskey",
    "privatekey",
    "clesecrete",
];

/// What hides the rest of a value that goes on over several lines.
#[derive(Clone, Copy)]
enum Open {
    No,
    /// Lines that are indented further than this.
    Below(usize),
    /// Everything up to this quote.
    Quote(char),
}

/// The text with stars for what is kept under the name of a secret; as long as it was, and with the
/// same lines. References (`{secret: …, key: …}`, `${…}`) stay.
pub(crate) fn without_secrets(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open = Open::No;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        match open {
            Open::Below(above) if indent > above || line.trim().is_empty() => {
                stars(line, &mut out);
                continue;
            }
            Open::Quote(quote) => {
                let end = line.find(quote).map(|at| at + quote.len_utf8());
                stars(&line[..end.unwrap_or(line.len())], &mut out);
                open = if let Some(end) = end {
                    out.push_str(&line[end..]);
                    Open::No
                } else {
                    open
                };
                continue;
            }
            _ => {}
        }
        open = of_line(line, indent, &mut out);
    }
    out
}

/// Whether people keep secrets under such a name.
pub(crate) fn is_secret_name(name: &str) -> bool {
    let letters: String =
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    // `secret: NAME` says where one is.
    letters != "secret" && letters != "secrets" && NAMES.iter().any(|part| letters.contains(part))
}

/// A line with its secrets hidden; says what of the next ones belongs to the last of them.
fn of_line(line: &str, indent: usize, out: &mut String) -> Open {
    let mut at = 0;
    while let Some(found) = line[at..].find([':', '=']) {
        let sign = at + found;
        out.push_str(&line[at..=sign]);
        at = sign + 1;
        let before = &line[..sign];
        let start = before.trim_end().rfind(['{', ',', ' ', '\t', '?', '&', '[']);
        let name = &before[start.map_or(0, |start| start + 1)..];
        if !is_secret_name(name) {
            continue;
        }
        let rest = &line[at..];
        let value = rest.trim_start_matches([' ', '\t', '\u{a0}']);
        out.push_str(&rest[..rest.len() - value.len()]);
        at = line.len() - value.len();
        let plain = value.trim_start_matches(['"', '\'']);
        if value.trim().is_empty() || value.starts_with(['{', '[', '#']) || plain.starts_with("${")
        {
            continue;
        }
        let in_flow = before.contains(['{', '[']);
        let (end, open) = end_of(value, in_flow, indent);
        stars(&value[..end], out);
        at += end;
        if !matches!(open, Open::No) {
            return open;
        }
    }
    out.push_str(&line[at..]);
    Open::No
}

/// Where a value ends in its line, and what of the next lines belongs to it.
fn end_of(value: &str, in_flow: bool, indent: usize) -> (usize, Open) {
    if let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        return match value[1..].find(quote) {
            Some(at) => (at + 2, Open::No),
            None => (value.len(), Open::Quote(quote)),
        };
    }
    if in_flow {
        return (value.find([',', '}', ']']).unwrap_or(value.len()), Open::No);
    }
    (value.len(), Open::Below(indent))
}

/// A star for each byte that is no blank.
fn stars(text: &str, out: &mut String) {
    for c in text.chars() {
        if c.is_ascii_whitespace() {
            out.push(c);
        } else {
            out.extend(std::iter::repeat_n('*', c.len_utf8()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without_secrets;

    #[test]
    fn what_is_kept_under_the_name_of_a_secret_is_not_shown() {
        for (text, shown) in [
            ("a: b\npassword: hunter2\nc: d\n", "a: b\npassword: *******\nc: d\n"),
            ("{host: x, pasword: hunter2, to: y}", "{host: x, pasword: *******, to: y}"),
            ("adminPassword: \"hun ter\" # b", "adminPassword: **** **** # b"),
            ("api-key = 'é'\n[b]\n", "api-key = ****\n[b]\n"),
            (
                "  token: |\n    one\n\n    two\n  b: c\n",
                "  token: *\n    ***\n\n    ***\n  b: c\n",
            ),
            ("mot_de_passe: \"one\ntwo\" x\nb: c", "mot_de_passe: ****\n**** x\nb: c"),
            ("pass: hunter2: x\n", "pass: ******** *\n"),
            ("url: http://x?token=abc", "url: http://x?token=***"),
        ] {
            assert_eq!(without_secrets(text), shown);
        }
    }

    #[test]
    fn references_stay() {
        for text in [
            "password: {secret: mail, key: password}\n",
            "password:\n  secret: mail\n  key: password\n",
            "key: ${secrets.owner.password}\npassword: \"${a.b}\"\n",
            "a: b\n",
            "",
        ] {
            assert_eq!(without_secrets(text), text);
        }
    }
}
