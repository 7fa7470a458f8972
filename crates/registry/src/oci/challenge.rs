//! What a registry answers to a request without credentials: the `WWW-Authenticate` header.

/// How a registry wants to be convinced.
#[derive(Debug, PartialEq, Eq)]
pub enum Challenge {
    /// User and password with every request.
    Basic,
    /// A token from another server.
    Bearer {
        /// The token server's URL.
        realm: String,
        /// The registry's name there.
        service: String,
        /// What the token must allow; parts separated by spaces.
        scope: String,
    },
}

impl Challenge {
    /// Reads the header; nothing for schemes that are not known.
    pub fn parse(header: &str) -> Option<Self> {
        let (scheme, mut rest) = token(header);
        if scheme.eq_ignore_ascii_case("basic") {
            return Some(Self::Basic);
        }
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let (mut realm, mut service, mut scope) = (String::new(), String::new(), String::new());
        while let Some((key, value, after)) = parameter(rest) {
            match key {
                "realm" => realm = value,
                "service" => service = value,
                "scope" => scope = value,
                _ => {}
            }
            match skip_blanks(after).strip_prefix(',') {
                Some(next) => rest = next,
                None => break,
            }
        }
        Some(Self::Bearer { realm, service, scope })
    }
}

/// `KEY = VALUE` at the start of a text, and what follows.
fn parameter(text: &str) -> Option<(&str, String, &str)> {
    let (key, rest) = token(skip_blanks(text));
    let rest = skip_blanks(skip_blanks(rest).strip_prefix('=')?);
    if key.is_empty() {
        return None;
    }
    let Some(quoted) = rest.strip_prefix('"') else {
        let (value, rest) = token(rest);
        return (!value.is_empty()).then(|| (key, value.to_owned(), rest));
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((key, value, &quoted[at + 1..])),
            '\\' => value.push(letters.next()?.1),
            other => value.push(other),
        }
    }
    None
}

fn token(text: &str) -> (&str, &str) {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    text.split_at(text.find(|c| !is_token(c)).unwrap_or(text.len()))
}

fn skip_blanks(text: &str) -> &str {
    text.trim_start_matches([' ', '\t'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_challenges() {
        assert_eq!(Challenge::parse("basic realm=\"x\""), Some(Challenge::Basic));
        assert_eq!(Challenge::parse("Negotiate"), None);
        let header = "Bearer realm=\"https://auth/token\", service=r , scope=\"repository:a:pull\"";
        let expected = Challenge::Bearer {
            realm: "https://auth/token".to_owned(),
            service: "r".to_owned(),
            scope: "repository:a:pull".to_owned(),
        };
        assert_eq!(Challenge::parse(header), Some(expected));
        assert!(
            matches!(Challenge::parse("Bearer realm=\"unfinished"), Some(Challenge::Bearer { realm, .. }) if realm.is_empty())
        );
    }
}
