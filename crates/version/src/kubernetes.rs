//! Kubernetes versions as `--kube-version` takes them.
//!
//! Restates k8s.io/apimachinery `version.ParseGeneric`: two or more numbers, then anything. Not
//! here: what Helm makes of it (`.Capabilities.KubeVersion`).

use std::fmt;

use strconv::quote;

/// Why a text is not a Kubernetes version. Quoted texts are quoted as Go quotes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GenericVersionError {
    /// No number at its beginning.
    #[error("could not parse {0} as version")]
    Form(String),
    /// One number alone.
    #[error("illegal version string {0}")]
    TooFewNumbers(String),
    /// The first number has a leading zero.
    #[error("illegal zero-prefixed version component \"{0}\" in {1}")]
    LeadingZero(String, String),
    /// A number does not fit 64 bits.
    #[error(
        "illegal non-numeric version component \"{0}\" in {1}: strconv.ParseUint: parsing \"{0}\": \
         value out of range"
    )]
    OutOfRange(String, String),
}

/// The numbers of a Kubernetes version; there are at least two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenericVersion {
    major: u64,
    minor: u64,
    rest: Vec<u64>,
}

impl GenericVersion {
    /// Reads the numbers at the beginning of `text`; what follows is ignored.
    pub fn parse(text: &str) -> Result<Self, GenericVersionError> {
        let quoted = || quote(text.as_bytes());
        let numbers = leading_numbers(text).ok_or_else(|| GenericVersionError::Form(quoted()))?;
        let mut components = numbers.split('.');
        let (Some(major), Some(minor)) = (components.next(), components.next()) else {
            return Err(GenericVersionError::TooFewNumbers(quoted()));
        };
        if major.starts_with('0') && major != "0" {
            return Err(GenericVersionError::LeadingZero(major.to_owned(), quoted()));
        }
        let number = |digits: &str| {
            digits
                .parse::<u64>()
                .map_err(|_| GenericVersionError::OutOfRange(digits.to_owned(), quoted()))
        };
        Ok(Self {
            major: number(major)?,
            minor: number(minor)?,
            rest: components.map(number).collect::<Result<_, _>>()?,
        })
    }

    /// The first number.
    pub fn major(&self) -> u64 {
        self.major
    }

    /// The second number.
    pub fn minor(&self) -> u64 {
        self.minor
    }
}

/// The numbers with dots, nothing else.
impl fmt::Display for GenericVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        self.rest.iter().try_for_each(|number| write!(f, ".{number}"))
    }
}

/// The digits and dots after optional spaces and `v`. What follows must not hold a line feed: the
/// reference's dot does not match one.
fn leading_numbers(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(['\t', '\n', '\x0c', '\r', ' ']);
    let text = text.strip_prefix('v').unwrap_or(text);
    let mut end = digits(text);
    if end == 0 || text[end..].contains('\n') {
        return None;
    }
    while text[end..].starts_with('.') {
        let length = digits(&text[end + 1..]);
        if length == 0 {
            break;
        }
        end += 1 + length;
    }
    Some(&text[..end])
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}
