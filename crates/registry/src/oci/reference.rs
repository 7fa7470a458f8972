//! Names of charts in OCI registries: `oci://HOST[:PORT]/REPOSITORY[:TAG][@DIGEST]`.

use std::fmt;

use super::OciError;
use crate::digest::Digest;
use crate::url::Url;

/// What references of registries begin with.
pub const SCHEME: &str = "oci://";
/// The longest tag that the specification allows.
const MAX_TAG_BYTES: usize = 128;

/// Whether a text is a reference to an OCI registry.
pub fn is_oci(text: &str) -> bool {
    text.starts_with(SCHEME)
}

/// A repository in a registry, and what is wanted from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Host and port as written.
    pub registry: String,
    /// The repository's path.
    pub repository: String,
    /// A tag as registries spell it: `_` for `+`. Empty when none is given.
    pub tag: String,
    /// A digest; it outweighs the tag.
    pub digest: Option<Digest>,
}

impl Reference {
    /// Reads a reference, with or without `oci://`.
    pub fn parse(text: &str) -> Result<Self, OciError> {
        let text = text.strip_prefix(SCHEME).unwrap_or(text);
        let (name, digest) = match text.rsplit_once('@') {
            Some((name, digest)) => (name, Some(parse_digest(digest)?)),
            None => (text, None),
        };
        let Some((registry, path)) = name.split_once('/') else {
            return Err(OciError::Reference("missing registry or repository".to_owned()));
        };
        let (repository, tag) = path.split_once(':').unwrap_or((path, ""));
        // Tags know no plus sign: Helm writes an underscore when it pushes.
        let tag = tag.replace('+', "_");
        check_registry(registry)?;
        if !repository.split('/').all(is_repository_part) {
            return Err(OciError::Reference(format!("invalid repository {repository:?}")));
        }
        if !tag.is_empty() && !is_tag(&tag) {
            return Err(OciError::Reference(format!("invalid tag {tag:?}")));
        }
        Ok(Self { registry: registry.to_owned(), repository: repository.to_owned(), tag, digest })
    }

    /// The same repository with another tag, given as a version.
    pub fn with_version(&self, version: &str) -> Result<Self, OciError> {
        let tag = version.replace('+', "_");
        if !is_tag(&tag) {
            return Err(OciError::Reference(format!("invalid tag {tag:?}")));
        }
        Ok(Self { tag, digest: None, ..self.clone() })
    }

    /// What is asked of the registry: the digest, else the tag, else `latest`.
    pub fn wanted(&self) -> String {
        match &self.digest {
            Some(digest) => digest.to_string(),
            None if self.tag.is_empty() => "latest".to_owned(),
            None => self.tag.clone(),
        }
    }

    /// What the archive would be called as a file.
    pub fn archive_name(&self) -> String {
        let base = self.repository.rsplit('/').next().unwrap_or_default();
        match &self.digest {
            Some(digest) => format!("{base}@sha256-{}.tgz", digest.hex()),
            None => format!("{base}-{}.tgz", self.tag.replace('_', "+")),
        }
    }

    /// The machine that serves the registry; Docker's lives under another name.
    pub fn host(&self) -> &str {
        if self.registry == "docker.io" { "registry-1.docker.io" } else { &self.registry }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.registry, self.repository)?;
        match &self.digest {
            Some(digest) => write!(out, "@{digest}"),
            None if self.tag.is_empty() => Ok(()),
            None => write!(out, ":{}", self.tag),
        }
    }
}

fn parse_digest(text: &str) -> Result<Digest, OciError> {
    let wrong = |reason: &str| OciError::Reference(format!("invalid digest {text:?}: {reason}"));
    match text.split_once(':') {
        Some(("sha256", hex)) if hex.len() != 64 => Err(wrong("invalid checksum digest length")),
        Some(("sha256", _)) => {
            Digest::parse(text).map_err(|_| wrong("invalid checksum digest format"))
        }
        Some((algorithm, hex)) if !algorithm.is_empty() && !hex.is_empty() => {
            Err(wrong("unsupported digest algorithm"))
        }
        _ => Err(wrong("invalid checksum digest format")),
    }
}

fn check_registry(registry: &str) -> Result<(), OciError> {
    match Url::parse(&format!("dummy://{registry}")) {
        Ok(url) if !url.host.is_empty() && url.host == registry => Ok(()),
        _ => Err(OciError::Reference(format!("invalid registry {registry:?}"))),
    }
}

/// One part of a repository's path: letters and digits, with `.`, `_`, `__` or dashes between.
fn is_repository_part(part: &str) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let ends_well = |byte: Option<&u8>| byte.is_some_and(is_word);
    if !ends_well(part.as_bytes().first()) || !ends_well(part.as_bytes().last()) {
        return false;
    }
    part.as_bytes().split(is_word).all(|between| {
        matches!(between, b"" | b"." | b"_" | b"__") || between.iter().all(|byte| *byte == b'-')
    })
}

fn is_tag(tag: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    tag.len() <= MAX_TAG_BYTES
        && tag.bytes().next().is_some_and(is_word)
        && tag.bytes().all(|byte| is_word(byte) || byte == b'.' || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_references() {
        let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let good = [
            ("oci://h:5000/a/b:1.2.3+x".to_owned(), "h:5000/a/b:1.2.3_x".to_owned()),
            ("h/a-b__c.d".to_owned(), "h/a-b__c.d".to_owned()),
            (format!("h/a:1.0@sha256:{hex}"), format!("h/a@sha256:{hex}")),
        ];
        for (text, shown) in good {
            assert_eq!(Reference::parse(&text).unwrap().to_string(), shown);
        }
        let bad = [
            ("oci://h", "invalid reference: missing registry or repository"),
            ("h/A", "invalid reference: invalid repository \"A\""),
            ("h/a//b", "invalid reference: invalid repository \"a//b\""),
            ("h/a:.x", "invalid reference: invalid tag \".x\""),
            ("a b/c", "invalid reference: invalid registry \"a b\""),
            (
                "h/a@sha256:aaaa",
                "invalid reference: invalid digest \"sha256:aaaa\": invalid checksum digest length",
            ),
        ];
        for (text, error) in bad {
            assert_eq!(Reference::parse(text).unwrap_err().to_string(), error);
        }
    }
}
