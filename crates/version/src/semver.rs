//! One version: reading (loose and strict), writing, comparing, incrementing.
//!
//! Restates Masterminds/semver v3.5.0 `version.go`. Not here: ranges of versions.

use std::cmp::Ordering;
use std::fmt;

/// The longest version text that is read; the reference library's own bound.
pub const MAX_VERSION_BYTES: usize = 256;

/// Why a text is not a version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    /// Not of the form of a version at all.
    #[error("invalid semantic version")]
    Invalid,
    /// Nothing there (strict reading only).
    #[error("version string empty")]
    Empty,
    /// A number segment holds something else than digits (strict reading only).
    #[error("invalid characters in version")]
    Characters,
    /// A number has a leading zero where none may be.
    #[error("version segment starts with 0")]
    LeadingZero,
    /// What follows `+` is not dot-separated identifiers.
    #[error("invalid metadata string")]
    Metadata,
    /// What follows `-` is not dot-separated identifiers.
    #[error("invalid prerelease string")]
    Prerelease,
    /// Longer than [`MAX_VERSION_BYTES`].
    #[error("version string is too long (max {MAX_VERSION_BYTES} bytes)")]
    TooLong,
    /// A number does not fit 64 bits (loose reading).
    #[error(
        "error parsing version segment: strconv.ParseUint: parsing \"{0}\": value out of range"
    )]
    SegmentOutOfRange(String),
    /// A number does not fit 64 bits (strict reading).
    #[error("strconv.ParseUint: parsing \"{0}\": value out of range")]
    OutOfRange(String),
    /// A number is missing (strict reading).
    #[error("strconv.ParseUint: parsing \"\": invalid syntax")]
    MissingNumber,
    /// An increment would pass the largest number.
    #[error("{0} version increment would overflow uint64")]
    Overflow(&'static str),
}

/// A semantic version. Equality, order and hash of Rust are left out on purpose: semver's order
/// ignores metadata, so two versions may be equal in rank and yet differ; see [`Version::compare`].
#[derive(Clone, Debug, Default)]
pub struct Version {
    pub(crate) major: u64,
    pub(crate) minor: u64,
    pub(crate) patch: u64,
    pub(crate) pre: String,
    metadata: String,
    original: String,
}

impl Version {
    /// Reads a version leniently (`NewVersion`): a leading `v`, missing minor and patch numbers
    /// and leading zeros in the three numbers are accepted.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        if text.len() > MAX_VERSION_BYTES {
            return Err(VersionError::TooLong);
        }
        let shape = loose_shape(text).ok_or(VersionError::Invalid)?;
        let number = |digits: &str| {
            digits.parse::<u64>().map_err(|_| VersionError::SegmentOutOfRange(digits.to_owned()))
        };
        let optional = |digits: Option<&str>| digits.map_or(Ok(0), number);
        let version = Self {
            major: number(shape.major)?,
            minor: optional(shape.minor)?,
            patch: optional(shape.patch)?,
            pre: shape.pre.unwrap_or_default().to_owned(),
            metadata: shape.metadata.unwrap_or_default().to_owned(),
            original: text.to_owned(),
        };
        if !version.pre.is_empty() {
            check_prerelease(&version.pre)?;
        }
        if !version.metadata.is_empty() {
            check_metadata(&version.metadata)?;
        }
        Ok(version)
    }

    /// Reads a version strictly (`StrictNewVersion`): exactly what the specification allows.
    pub fn parse_strict(text: &str) -> Result<Self, VersionError> {
        if text.is_empty() {
            return Err(VersionError::Empty);
        }
        if text.len() > MAX_VERSION_BYTES {
            return Err(VersionError::TooLong);
        }
        let mut parts = text.splitn(3, '.');
        let (Some(major), Some(minor), Some(rest)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(VersionError::Invalid);
        };
        let (rest, metadata) = match rest.split_once('+') {
            Some((rest, metadata)) => {
                check_metadata(metadata)?;
                (rest, metadata)
            }
            None => (rest, ""),
        };
        let (patch, pre) = match rest.split_once('-') {
            Some((patch, pre)) => {
                check_prerelease(pre)?;
                (patch, pre)
            }
            None => (rest, ""),
        };
        for segment in [major, minor, patch] {
            if !segment.bytes().all(|b| b.is_ascii_digit()) {
                return Err(VersionError::Characters);
            }
            if segment.len() > 1 && segment.starts_with('0') {
                return Err(VersionError::LeadingZero);
            }
        }
        Ok(Self {
            major: strict_number(major)?,
            minor: strict_number(minor)?,
            patch: strict_number(patch)?,
            pre: pre.to_owned(),
            metadata: metadata.to_owned(),
            original: text.to_owned(),
        })
    }

    /// A version from its parts; prerelease and metadata are taken as they are.
    pub fn new(major: u64, minor: u64, patch: u64, pre: &str, metadata: &str) -> Self {
        let mut version = Self {
            major,
            minor,
            patch,
            pre: pre.to_owned(),
            metadata: metadata.to_owned(),
            original: String::new(),
        };
        version.original = version.to_string();
        version
    }

    /// The first number.
    pub fn major(&self) -> u64 {
        self.major
    }

    /// The second number; 0 when it was not given.
    pub fn minor(&self) -> u64 {
        self.minor
    }

    /// The third number; 0 when it was not given.
    pub fn patch(&self) -> u64 {
        self.patch
    }

    /// What follows `-`, without it.
    pub fn prerelease(&self) -> &str {
        &self.pre
    }

    /// What follows `+`, without it.
    pub fn metadata(&self) -> &str {
        &self.metadata
    }

    /// The text that was read.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// Semver's order: numbers, then prerelease (before the release); metadata does not count.
    pub fn compare(&self, other: &Self) -> Ordering {
        let numbers = |v: &Self| (v.major, v.minor, v.patch);
        numbers(self).cmp(&numbers(other)).then_with(|| {
            match (self.pre.is_empty(), other.pre.is_empty()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => compare_prerelease(&self.pre, &other.pre),
            }
        })
    }

    /// The next patch version; of a prerelease, its release.
    pub fn next_patch(&self) -> Result<Self, VersionError> {
        let mut next = self.bare();
        if self.pre.is_empty() {
            next.patch = increment(self.patch, "patch")?;
        }
        Ok(next.renamed(self))
    }

    /// The next minor version.
    pub fn next_minor(&self) -> Result<Self, VersionError> {
        let mut next = self.bare();
        next.patch = 0;
        next.minor = increment(self.minor, "minor")?;
        Ok(next.renamed(self))
    }

    /// The next major version.
    pub fn next_major(&self) -> Result<Self, VersionError> {
        let mut next = self.bare();
        next.patch = 0;
        next.minor = 0;
        next.major = increment(self.major, "major")?;
        Ok(next.renamed(self))
    }

    /// The same version with another prerelease, given without its hyphen.
    pub fn with_prerelease(&self, pre: &str) -> Result<Self, VersionError> {
        if !pre.is_empty() {
            check_prerelease(pre)?;
        }
        Ok(Self { pre: pre.to_owned(), ..self.clone() }.renamed(self))
    }

    /// The same version with other metadata, given without its plus sign.
    pub fn with_metadata(&self, metadata: &str) -> Result<Self, VersionError> {
        if !metadata.is_empty() {
            check_metadata(metadata)?;
        }
        Ok(Self { metadata: metadata.to_owned(), ..self.clone() }.renamed(self))
    }

    fn bare(&self) -> Self {
        Self { pre: String::new(), metadata: String::new(), ..self.clone() }
    }

    /// Derived versions keep the `v` of the text they come from in their original text.
    fn renamed(mut self, from: &Self) -> Self {
        let prefix = if from.original.starts_with('v') { "v" } else { "" };
        self.original = format!("{prefix}{self}");
        self
    }
}

/// Always three numbers and never a leading `v`.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.pre.is_empty() {
            write!(f, "-{}", self.pre)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

/// The parts of a loosely written version, as text.
struct Shape<'text> {
    major: &'text str,
    minor: Option<&'text str>,
    patch: Option<&'text str>,
    pre: Option<&'text str>,
    metadata: Option<&'text str>,
}

fn loose_shape(text: &str) -> Option<Shape<'_>> {
    let rest = text.strip_prefix('v').unwrap_or(text);
    let (rest, metadata) = match rest.split_once('+') {
        Some((rest, metadata)) => (rest, Some(metadata)),
        None => (rest, None),
    };
    let (numbers, pre) = match rest.split_once('-') {
        Some((numbers, pre)) => (numbers, Some(pre)),
        None => (rest, None),
    };
    let mut numbers = numbers.split('.');
    let (major, minor, patch) = (numbers.next()?, numbers.next(), numbers.next());
    let digits = |s: &&str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let fits = numbers.next().is_none()
        && digits(&major)
        && minor.as_ref().is_none_or(digits)
        && patch.as_ref().is_none_or(digits)
        && pre.is_none_or(is_dotted_identifiers)
        && metadata.is_none_or(is_dotted_identifiers);
    fits.then_some(Shape { major, minor, patch, pre, metadata })
}

/// Dot-separated, non-empty runs of ASCII letters, digits and hyphens.
pub(crate) fn is_dotted_identifiers(text: &str) -> bool {
    text.split('.').all(is_identifier)
}

fn is_identifier(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn check_prerelease(pre: &str) -> Result<(), VersionError> {
    for part in pre.split('.') {
        if !is_identifier(part) {
            return Err(VersionError::Prerelease);
        }
        if part.len() > 1 && part.starts_with('0') && part.bytes().all(|b| b.is_ascii_digit()) {
            return Err(VersionError::LeadingZero);
        }
    }
    Ok(())
}

fn check_metadata(metadata: &str) -> Result<(), VersionError> {
    if is_dotted_identifiers(metadata) { Ok(()) } else { Err(VersionError::Metadata) }
}

fn strict_number(digits: &str) -> Result<u64, VersionError> {
    if digits.is_empty() {
        return Err(VersionError::MissingNumber);
    }
    digits.parse().map_err(|_| VersionError::OutOfRange(digits.to_owned()))
}

fn increment(number: u64, which: &'static str) -> Result<u64, VersionError> {
    number.checked_add(1).ok_or(VersionError::Overflow(which))
}

/// Compares prereleases part by part; a missing part comes first.
pub(crate) fn compare_prerelease(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let (a, b) = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (a, b) => (a.unwrap_or_default(), b.unwrap_or_default()),
        };
        let order = compare_part(a, b);
        if order.is_ne() {
            return order;
        }
    }
}

/// Numbers come before words. A number too large for 64 bits counts as a word, as in Go; two
/// spellings of one number are never equal, the left one is then the smaller.
fn compare_part(left: &str, right: &str) -> Ordering {
    if left == right {
        return Ordering::Equal;
    }
    if left.is_empty() {
        return Ordering::Less;
    }
    if right.is_empty() {
        return Ordering::Greater;
    }
    let number =
        |s: &str| s.bytes().all(|b| b.is_ascii_digit()).then(|| s.parse::<u64>().ok()).flatten();
    match (number(left), number(right)) {
        (None, None) => left.cmp(right),
        (None, Some(_)) => Ordering::Greater,
        (Some(a), Some(b)) if a > b => Ordering::Greater,
        (Some(_), _) => Ordering::Less,
    }
}
