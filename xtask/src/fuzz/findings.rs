//! Judges two replies, tells kinds of disagreement apart, makes the input small, and keeps it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;

use crate::oracle::Reply;
use crate::shell;

/// Shrinking stops after so many attempts: it serves the reader, who can go on by hand.
const ATTEMPTS: usize = 400;

/// A disagreement.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Our process died or did not answer in time.
    Died,
    /// Helm answers, ours refuses.
    OnlyOursRefuses(String),
    /// Helm refuses, ours answers.
    OnlyHelmRefuses(String),
    /// Both refuse, with other words: Helm's and ours.
    OtherWords(String, String),
    /// Both answer, with other content: Helm's and ours.
    OtherAnswer(String, String),
}

/// What two replies to one question amount to.
pub fn judge(helm: Reply, ours: Reply) -> Option<Kind> {
    match (helm, ours) {
        (_, Reply::Lost) => Some(Kind::Died),
        // What is too much for Helm itself is no measure.
        (Reply::Lost, _) => None,
        (_, Reply::Refusal(ours)) if LIMITS.iter().any(|limit| ours.contains(limit)) => None,
        (Reply::Answer(helm), Reply::Answer(ours)) => {
            let (helm, ours) = (comparable(&helm.to_string()), comparable(&ours.to_string()));
            (helm != ours).then_some(Kind::OtherAnswer(helm, ours))
        }
        (Reply::Refusal(helm), Reply::Refusal(ours)) => {
            let (helm, ours) = (comparable(&helm), comparable(&ours));
            (helm != ours).then_some(Kind::OtherWords(helm, ours))
        }
        (Reply::Answer(_), Reply::Refusal(ours)) => Some(Kind::OnlyOursRefuses(ours)),
        (Reply::Refusal(helm), Reply::Answer(_)) => Some(Kind::OnlyHelmRefuses(helm)),
    }
}

/// What our limits say, where Helm would go on.
const LIMITS: &[&str] = &[
    "takes too many steps",
    "nested too deeply",
    "would be longer than",
    "would have more than",
    "contains itself",
    "bytes of output",
];

/// Differences that stay: a part of their signature, and why (docs/fuzzing.md says more).
const KNOWN: &[(&str, &str)] = &[
    ("other-words corrupt input before offset", PACKING),
    ("only-helm-refuses corrupt input before offset", PACKING),
    ("other-words unexpected EOF / invalid tar header", PACKING),
    ("/ invalid UTF-", "a regular expression of broken UTF-8, with another fault before that"),
    (
        "other-words     can't evaluate field",
        "a field of a function's result without parentheses is named by the declared type",
    ),
];

const PACKING: &str = "packing that makes no sense, where another library notices it later";

/// Why a disagreement stays, if it is known.
pub fn known(kind: &Kind, input: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(input);
    if text.contains("durationRound") && text.contains("fromToml") {
        return Some("the age of a time");
    }
    if text.contains("Glob") && ["{}", "{,", "{\"", "{`"].iter().any(|open| text.contains(open)) {
        return Some("braces around nothing in a pattern of files: Go's library fails on them");
    }
    if matches!(kind, Kind::OtherAnswer(helm, _) if helm.contains(&"[".repeat(1000))) {
        return Some("a value nested a thousand deep, which functions of text cut");
    }
    let signature = kind.signature();
    KNOWN.iter().find(|(part, _)| signature.contains(part)).map(|(_, reason)| *reason)
}

/// The text without what is chance: addresses of pointers; and with one replacement character for
/// several, because messages hold text and show broken bytes by such characters.
fn comparable(text: &str) -> String {
    /// An address has at least so many digits.
    const DIGITS: usize = 9;
    let mut text: Vec<char> = without_broken(text).chars().collect();
    text.dedup_by(|a, b| *a == *b && *a == char::REPLACEMENT_CHARACTER);
    let text: String = text.into_iter().collect();
    let mut parts = text.split("0x");
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_hexdigit());
        if part.len() - rest.len() >= DIGITS {
            out += "(address)";
            out += rest;
        } else {
            out += "0x";
            out += part;
        }
    }
    out
}

/// The text with a replacement character for each escape of a byte that no UTF-8 has: names of
/// templates are text in our messages, and bytes in Go's.
fn without_broken(text: &str) -> String {
    let mut parts = text.split("\\x");
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let byte = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte.filter(|byte| !byte.is_ascii()) {
            Some(_) => {
                out.push(char::REPLACEMENT_CHARACTER);
                out += part.get(2..).unwrap_or("");
            }
            None => {
                out += "\\x";
                out += part;
            }
        }
    }
    out
}

impl Kind {
    /// What disagreements of one cause have in common: the words without what is quoted, numbers
    /// and places.
    pub fn signature(&self) -> String {
        match self {
            Self::Died => "died".to_owned(),
            Self::OnlyOursRefuses(ours) => format!("only-ours-refuses {}", essence(ours)),
            Self::OnlyHelmRefuses(helm) => format!("only-helm-refuses {}", essence(helm)),
            Self::OtherWords(helm, ours) => {
                format!("other-words {} / {}", essence(helm), essence(ours))
            }
            Self::OtherAnswer(helm, ours) => {
                let (helm, ours) = differing(helm, ours);
                format!("other-answer {} / {}", essence(helm), essence(ours))
            }
        }
    }

    fn report(&self) -> String {
        match self {
            Self::Died => "our process died, or did not answer in time\n".to_owned(),
            Self::OnlyOursRefuses(ours) => format!("Helm answers; ours refuses:\n{ours}\n"),
            Self::OnlyHelmRefuses(helm) => format!("ours answers; Helm refuses:\n{helm}\n"),
            Self::OtherWords(helm, ours) | Self::OtherAnswer(helm, ours) => {
                format!("Helm:\n{helm}\n\nours:\n{ours}\n")
            }
        }
    }
}

/// Of two answers, the words that begin to differ, up to where they are the same again or their
/// line ends.
fn differing<'a>(helm: &'a str, ours: &'a str) -> (&'a str, &'a str) {
    let same = |(a, b): &((usize, char), char)| a.1 == *b;
    let shared = helm.char_indices().zip(ours.chars()).take_while(same);
    let at = shared.last().map_or(0, |((at, c), _)| at + c.len_utf8());
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let start = helm[..at].trim_end_matches(is_word).len();
    let (helm, ours) = (line(&helm[start..]), line(&ours[start..]));
    let shared = helm.chars().rev().zip(ours.chars().rev()).take_while(|(a, b)| a == b);
    let length: usize = shared.map(|(c, _)| c.len_utf8()).sum();
    let tail = helm[helm.len() - length..].trim_start_matches(is_word).len();
    (&helm[..helm.len() - tail], &ours[..ours.len() - tail])
}

/// The text up to the end of its line, which JSON may spell.
fn line(text: &str) -> &str {
    text.split("\\n").next().unwrap_or("")
}

/// The last part of an error's words that says something, without what varies.
fn essence(text: &str) -> String {
    let last = text.lines().last().unwrap_or("");
    let parts = last.rsplit(": ").map(unquoted);
    parts.into_iter().find(|part| !part.trim().is_empty()).unwrap_or_default()
}

/// The words without numbers and what is quoted.
fn unquoted(text: &str) -> String {
    let mut out = String::new();
    let mut quoted = false;
    for c in text.chars().take(120) {
        match c {
            '"' | '`' => quoted = !quoted,
            _ if quoted || c.is_ascii_digit() => {}
            _ => out.push(c),
        }
    }
    out
}

/// The disagreements of one run; of each kind some are kept.
pub struct Findings {
    dir: PathBuf,
    seen: BTreeMap<String, usize>,
}

/// Of one kind so many inputs are kept.
const KEPT: usize = 5;

impl Findings {
    /// Findings go into this directory.
    pub fn new(dir: PathBuf) -> Self {
        Self { dir, seen: BTreeMap::new() }
    }

    /// How many kinds there are.
    pub fn len(&self) -> usize {
        self.seen.len()
    }

    /// Keeps an input, made as small as possible while `still` holds.
    pub fn add(
        &mut self,
        kind: &Kind,
        input: &[u8],
        still: impl FnMut(&[u8]) -> bool,
    ) -> Result<()> {
        let signature = kind.signature();
        let count = self.seen.entry(signature.clone()).or_default();
        *count += 1;
        if *count > KEPT {
            return Ok(());
        }
        let small = shrink(input, still);
        let dir = self.dir.join(&shell::digest(&small)[..12]);
        // What was made smaller may show another fault of the same kind.
        shell::write(&dir.join("whole"), input)?;
        shell::write(&dir.join("input"), &small)?;
        shell::write(&dir.join("report"), kind.report())?;
        println!("{signature}\n    {}", dir.display());
        Ok(())
    }
}

/// Takes out ever smaller pieces.
fn shrink(input: &[u8], mut still: impl FnMut(&[u8]) -> bool) -> Vec<u8> {
    let mut best = input.to_vec();
    let mut size = best.len() / 2;
    let mut attempts = 0;
    while size > 0 {
        let mut at = 0;
        while at < best.len() && attempts < ATTEMPTS {
            let mut smaller = best[..at].to_vec();
            smaller.extend(best.iter().skip(at + size));
            attempts += 1;
            if still(&smaller) {
                best = smaller;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn a_kind_is_told_by_the_words_that_differ() {
        let told = [
            (
                "a: {E: line 3: bad `x`}\\nb: 1",
                "a: {E: line 7: no `y` here}\\nb: 2",
                "bad  / no  here",
            ),
            ("v: [1 int64=2 x]", "v: [1 time.Month=2 x]", "int / time.Month"),
            ("same", "same and more", "same / same and more"),
        ];
        for (helm, ours, wanted) in told {
            let kind = Kind::OtherAnswer(helm.to_owned(), ours.to_owned());
            assert_eq!(kind.signature(), format!("other-answer {wanted}"));
        }
        let kind = Kind::OnlyOursRefuses("a: b 12: `quoted`".to_owned());
        assert_eq!(kind.signature(), "only-ours-refuses b ");
    }
}
