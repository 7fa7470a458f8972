//! SHA-256 digests, the names of content in indexes, registries and the cache.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::error::Error;

/// A SHA-256 digest. Printed as `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of a text or an archive.
    pub fn of(content: &[u8]) -> Self {
        Self(Sha256::digest(content).into())
    }

    /// Reads a digest with or without its `sha256:` in front; an index may hold either.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let hex = text.split_once(':').map_or(text, |(_, hex)| hex);
        let wrong = |reason| Error::Digest { text: text.to_owned(), reason };
        if hex.len() != 64 {
            return Err(wrong("invalid checksum digest length"));
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
            let (Some(high), Some(low)) = (nibble(pair[0]), nibble(pair[1])) else {
                return Err(wrong("invalid checksum digest format"));
            };
            *byte = high << 4 | low;
        }
        Ok(Self(bytes))
    }

    /// The 64 hexadecimal digits alone.
    pub fn hex(&self) -> String {
        self.0.iter().fold(String::with_capacity(64), |mut text, byte| {
            text.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
            text.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
            text
        })
    }
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

impl fmt::Display for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "sha256:{}", self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_prints() {
        let digest = Digest::of(b"");
        let text = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(digest.hex(), text);
        assert_eq!(Digest::parse(text).ok(), Some(digest));
        assert_eq!(Digest::parse(&digest.to_string()).ok(), Some(digest));
        assert!(Digest::parse("sha256:aaaa").is_err());
        assert!(Digest::parse(&"é".repeat(32)).is_err());
    }
}
