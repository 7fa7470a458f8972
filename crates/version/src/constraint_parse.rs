//! Reading constraints: `>=1.2 <2 || ~3.x`, `1.2 - 2.0`, `^1`, `*`.
//!
//! Restates the grammar of Masterminds/semver v3.5.0 `constraints.go`, which is made of regular
//! expressions; each scanner here names the one that it stands for. Not here: checking.

use crate::semver::Version;
use strconv::quote;

/// The longest constraint text that is read; the reference library's own bound.
pub const MAX_CONSTRAINT_BYTES: usize = 512;

/// The most alternatives (`||`) in one constraint; the reference library's own bound.
pub const MAX_ALTERNATIVES: usize = 32;

/// Why a text is not a constraint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConstraintError {
    /// Longer than [`MAX_CONSTRAINT_BYTES`].
    #[error("constraint string is too long (max {MAX_CONSTRAINT_BYTES} bytes)")]
    TooLong,
    /// More than [`MAX_ALTERNATIVES`] alternatives.
    #[error("too many constraint groups (max {MAX_ALTERNATIVES})")]
    TooManyGroups,
    /// One alternative is not of the form of constraints; its text, quoted as Go quotes.
    #[error("improper constraint: {0}")]
    Improper(String),
    /// The form is right but the version in it is not.
    #[error("constraint parser error")]
    Version,
}

/// The comparison that one condition asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    /// None, or `=`.
    TildeOrEqual,
    /// `!=`.
    NotEqual,
    /// `>`.
    Greater,
    /// `<`.
    Less,
    /// `>=` or `=>`.
    GreaterOrEqual,
    /// `<=` or `=<`.
    LessOrEqual,
    /// `~` or `~>`.
    Tilde,
    /// `^`.
    Caret,
}

/// One condition: an operator and a version in which parts may be left open.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) operator: Operator,
    /// The operator as written.
    pub(crate) sign: String,
    /// The version as written, for messages.
    pub(crate) written: String,
    /// The version with 0 for what is open.
    pub(crate) version: Version,
    /// The minor number is open (`1`, `1.x`).
    pub(crate) minor_open: bool,
    /// The patch number is open (`1.2`, `1.2.x`), the others are not.
    pub(crate) patch_open: bool,
    /// Something is open, be it everything (`*`).
    pub(crate) open: bool,
}

/// Alternatives of conditions that must all hold.
pub(crate) fn parse(text: &str) -> Result<Vec<Vec<Condition>>, ConstraintError> {
    if text.len() > MAX_CONSTRAINT_BYTES {
        return Err(ConstraintError::TooLong);
    }
    let text = rewrite_hyphens(text);
    let alternatives: Vec<&str> = text.split("||").collect();
    if alternatives.len() > MAX_ALTERNATIVES {
        return Err(ConstraintError::TooManyGroups);
    }
    alternatives.into_iter().map(parse_alternative).collect()
}

fn parse_alternative(text: &str) -> Result<Vec<Condition>, ConstraintError> {
    let improper = || ConstraintError::Improper(quote(text.as_bytes()));
    let bytes = text.as_bytes();
    let mut at = skip_spaces(bytes, 0);
    let mut found = Vec::new();
    loop {
        let sign_end = at + bytes[at..].iter().take_while(|b| b"=!<>~^".contains(b)).count();
        let sign = &text[at..sign_end];
        let operator = operator(sign).ok_or_else(improper)?;
        let start = skip_spaces(bytes, sign_end);
        let written = scan_version(text, start).ok_or_else(improper)?;
        found.push((operator, sign, written));
        let end = start + written.text.len();
        at = skip_spaces(bytes, end);
        if at == bytes.len() {
            break;
        }
        if bytes[at] == b',' {
            at = skip_spaces(bytes, at + 1);
        } else if at == end {
            return Err(improper());
        }
    }
    found.into_iter().map(|(operator, sign, written)| condition(operator, sign, &written)).collect()
}

fn operator(sign: &str) -> Option<Operator> {
    Some(match sign {
        "" | "=" => Operator::TildeOrEqual,
        "!=" => Operator::NotEqual,
        ">" => Operator::Greater,
        "<" => Operator::Less,
        ">=" | "=>" => Operator::GreaterOrEqual,
        "<=" | "=<" => Operator::LessOrEqual,
        "~" | "~>" => Operator::Tilde,
        "^" => Operator::Caret,
        _ => return None,
    })
}

fn condition(
    operator: Operator,
    sign: &str,
    written: &Written<'_>,
) -> Result<Condition, ConstraintError> {
    let is_open = |part: &str| matches!(part, "" | "x" | "X" | "*");
    let (mut minor_open, mut patch_open, mut open) = (false, false, true);
    let version = if is_open(written.major) {
        format!("0.0.0{}", written.pre)
    } else if is_open(written.minor) {
        minor_open = true;
        format!("{}.0.0{}", written.major, written.pre)
    } else if is_open(written.patch) {
        patch_open = true;
        format!("{}.{}.0{}", written.major, written.minor, written.pre)
    } else {
        open = false;
        written.text.to_owned()
    };
    let version = Version::parse(&version).map_err(|_| ConstraintError::Version)?;
    let (sign, written) = (sign.to_owned(), written.text.to_owned());
    Ok(Condition { operator, sign, written, version, minor_open, patch_open, open })
}

/// A version in which numbers may be wildcards, as text (`cvRegex`).
#[derive(Clone, Copy)]
struct Written<'text> {
    text: &'text str,
    major: &'text str,
    minor: &'text str,
    patch: &'text str,
    /// With its hyphen.
    pre: &'text str,
}

/// The longest such version at `start`.
fn scan_version(text: &str, start: usize) -> Option<Written<'_>> {
    let bytes = text.as_bytes();
    let mut at = start + usize::from(bytes.get(start) == Some(&b'v'));
    let major = scan_number(text, at)?;
    at += major.len();
    let mut dotted = || {
        let part = (bytes.get(at) == Some(&b'.')).then(|| scan_number(text, at + 1)).flatten();
        at += part.map_or(0, |p| p.len() + 1);
        part.unwrap_or_default()
    };
    let (minor, patch) = (dotted(), dotted());
    let pre_end = scan_tail(bytes, at, b'-');
    let pre = &text[at..pre_end];
    let end = scan_tail(bytes, pre_end, b'+');
    Some(Written { text: &text[start..end], major, minor, patch, pre })
}

/// One or more of digits, wildcards and `|` (the reference's character class holds a bar, so
/// `1|2` has the form of a number and fails later).
fn scan_number(text: &str, start: usize) -> Option<&str> {
    let is_part = |b: &u8| b.is_ascii_digit() || b"|xX*".contains(b);
    let length = text.as_bytes()[start..].iter().take_while(|b| is_part(b)).count();
    (length > 0).then(|| &text[start..start + length])
}

/// Where the prerelease or metadata that may begin at `start` ends.
fn scan_tail(bytes: &[u8], start: usize, sign: u8) -> usize {
    let identifier = |from: usize| {
        let is_part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'-';
        bytes[from..].iter().take_while(|b| is_part(b)).count()
    };
    if bytes.get(start) != Some(&sign) {
        return start;
    }
    let first = identifier(start + 1);
    if first == 0 {
        return start;
    }
    let mut at = start + 1 + first;
    while bytes.get(at) == Some(&b'.') {
        let length = identifier(at + 1);
        if length == 0 {
            break;
        }
        at += 1 + length;
    }
    at
}

/// Go's `\s`.
fn skip_spaces(bytes: &[u8], start: usize) -> usize {
    start + bytes[start..].iter().take_while(|b| b"\t\n\x0c\r ".contains(b)).count()
}

/// Turns `A - B` into `>= A, <= B `, wherever it stands (`rewriteRange`).
fn rewrite_hyphens(text: &str) -> String {
    let mut rewritten = text.to_owned();
    let mut at = 0;
    while at < text.len() {
        match scan_hyphen_range(text, at) {
            Some((low, high, end)) => {
                // The reference replaces the first occurrence of the same text, wherever it is.
                rewritten = rewritten.replacen(&text[at..end], &format!(">= {low}, <= {high} "), 1);
                at = end;
            }
            None => at += text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    rewritten
}

fn scan_hyphen_range(text: &str, start: usize) -> Option<(&str, &str, usize)> {
    let bytes = text.as_bytes();
    let low_start = skip_spaces(bytes, start);
    let low = scan_version(text, low_start)?.text;
    let hyphen = skip_spaces(bytes, low_start + low.len());
    if hyphen == low_start + low.len() || bytes.get(hyphen) != Some(&b'-') {
        return None;
    }
    let high_start = skip_spaces(bytes, hyphen + 1);
    if high_start == hyphen + 1 {
        return None;
    }
    let high = scan_version(text, high_start)?.text;
    Some((low, high, skip_spaces(bytes, high_start + high.len())))
}
