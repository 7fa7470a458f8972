//! Every message has its snapshot: the fixed parts of each string that reads like one must occur, in
//! their order and near each other, in what some test expects: a corpus or snapshot file, or test
//! code.
//!
//! Not here: messages of fewer words, which cannot be told from data.

use super::scan::Code;
use super::{Finding, Source};

/// How far apart the parts of one message may stand: what stands between them is user's text.
const NEAR: usize = 600;

/// How many words make a message.
const WORDS: usize = 3;

/// Checks all strings outside the task runner.
pub fn check(sources: &[Source]) -> Vec<Finding> {
    let snapshots: Vec<String> = sources
        .iter()
        .filter_map(expectations)
        .map(|text| joined(&text).replace("\\\"", "\"").replace("\\n", "\n"))
        .collect();
    let mut findings = Vec::new();
    let mut total = 0;
    for source in sources.iter().filter(|s| is_told(s)) {
        for message in messages(&source.text) {
            let parts = fixed_parts(&message);
            if parts.is_empty() {
                continue;
            }
            total += 1;
            if !snapshots.iter().any(|text| occurs(&parts, text) || text.contains(&message)) {
                findings.push(Finding {
                    rule: "message",
                    place: format!("{}:{}", source.path, message.replace('\n', "\\n")),
                    what: "no test shows this message".to_owned(),
                    amount: None,
                });
            }
        }
    }
    println!("messages:  {total}, {} without a snapshot", findings.len());
    findings
}

/// Whether users meet what a file says.
pub(super) fn is_told(source: &Source) -> bool {
    let is_source = source.path.starts_with("crates/") && source.path.contains("/src/");
    let of_tests = ["crates/cases/", "crates/live/"];
    let is_for_tests =
        of_tests.iter().any(|path| source.path.starts_with(path)) || source.is_test();
    source.is_rust() && is_source && !is_for_tests
}

/// What a file says that tests expect.
fn expectations(source: &Source) -> Option<String> {
    if !source.path.starts_with("crates/") {
        return None;
    }
    let is_data = ["/corpus/", "/snapshots/"].iter().any(|part| source.path.contains(part));
    if is_data || source.is_test() {
        return Some(source.text.clone());
    }
    source.is_rust().then(|| Code::scan(&source.text).tests_of(&source.text))
}

/// The text with literals that go on in the next line put together.
fn joined(text: &str) -> String {
    let mut lines = text.split("\\\n");
    let first = lines.next().unwrap_or("").to_owned();
    lines.fold(first, |all, line| all + line.trim_start())
}

/// What may be said to a user: the strings of the program that are made of words.
fn messages(text: &str) -> Vec<String> {
    let strings = Code::scan(text).strings_of(text).into_iter().filter_map(content);
    strings.filter(|literal| reads_like_a_message(literal)).collect()
}

/// What a literal stands for.
pub(super) fn content(literal: &str) -> Option<String> {
    let literal = literal.trim_start_matches(['b', 'c']);
    match literal.strip_prefix('r') {
        None => unescaped(literal.strip_prefix('"')?),
        Some(raw) => {
            let inner = raw.trim_matches('#');
            Some(inner.strip_prefix('"')?.strip_suffix('"')?.to_owned())
        }
    }
}

/// Whether enough words follow one another, as they do in a sentence and not in data.
pub(super) fn reads_like_a_message(message: &str) -> bool {
    let is_word = |word: &&str| {
        let word = word.trim_end_matches([',', ';', ':', '.']);
        word.len() > 1 && word.chars().all(|c| c.is_ascii_alphabetic() || c == '\'')
    };
    fixed_parts(message).iter().any(|part| {
        let words: Vec<&str> = part.split(' ').collect();
        words.windows(WORDS).any(|some| some.iter().all(&is_word))
    })
}

/// A string literal's content, up to its closing quote.
fn unescaped(rest: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = rest.chars();
    loop {
        match chars.next()? {
            '"' => return Some(out),
            '\\' => match chars.next()? {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                '\n' => {
                    let trimmed = chars.as_str().trim_start();
                    chars = trimmed.chars();
                }
                other => out.push(other),
            },
            other => out.push(other),
        }
    }
}

/// What stands between the `{…}` of a format string, without parts of no substance.
fn fixed_parts(message: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut chars = message.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' if chars.peek() == Some(&'{') => {
                chars.next();
                push(&mut parts, '{');
            }
            '}' if chars.peek() == Some(&'}') => {
                chars.next();
                push(&mut parts, '}');
            }
            '{' => {
                for inner in chars.by_ref() {
                    if inner == '}' {
                        break;
                    }
                }
                parts.push(String::new());
            }
            other => push(&mut parts, other),
        }
    }
    parts.retain(|part| part.chars().any(char::is_alphanumeric));
    parts
}

fn push(parts: &mut [String], c: char) {
    if let Some(last) = parts.last_mut() {
        last.push(c);
    }
}

fn occurs(parts: &[String], text: &str) -> bool {
    let Some((first, rest)) = parts.split_first() else { return true };
    text.match_indices(first.as_str()).any(|(at, _)| {
        let mut from = at + first.len();
        rest.iter().all(|part| {
            let mut end = (from + NEAR + part.len()).min(text.len());
            while !text.is_char_boundary(end) {
                end += 1;
            }
            match text[from..end].find(part.as_str()) {
                Some(found) => {
                    from += found + part.len();
                    true
                }
                None => false,
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{fixed_parts, joined, messages, occurs};

    #[test]
    fn a_literal_goes_on_in_the_next_line() {
        assert_eq!(joined("a(\"one \\\n     two\")\n  b"), "a(\"one two\")\n  b");
    }

    #[test]
    fn a_message_is_found_around_its_arguments() {
        let text = "#[error(\"{file}: no such field {0:?} in \\\"{{}}\\\"\")]\nA(String),\n\
                    const DATA: &str = \"two words {more} words\";";
        let found = messages(text);
        assert_eq!(found, ["{file}: no such field {0:?} in \"{{}}\""]);
        let parts = fixed_parts(&found[0]);
        assert_eq!(
            parts,
            [": no such field ", " in \"{}\""]
                .into_iter()
                .filter(|p| p.chars().any(char::is_alphanumeric))
                .collect::<Vec<_>>()
        );
        assert!(occurs(&parts, "a.yaml: no such field \"x\" in \"{}\""));
        assert!(!occurs(&parts, "a.yaml: no such field \"x\""));
    }
}
