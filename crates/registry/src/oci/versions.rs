//! Tags as versions: which tags are versions, and which of them is wanted.

use version::{Constraints, Version};

use super::OciError;

/// The tags that are versions, the newest first, with `+` for the registries' `_`.
pub fn versions_of(tags: &[String]) -> Vec<String> {
    let parse = |tag: &String| Version::parse_strict(&tag.replace('_', "+")).ok();
    let mut versions: Vec<Version> = tags.iter().filter_map(parse).collect();
    versions.sort_by(|left, right| right.compare(left));
    versions.iter().map(ToString::to_string).collect()
}

/// The first version that is what is wanted, or satisfies it; nothing wanted means any stable one.
pub fn pick_version(versions: &[String], wanted: &str) -> Result<String, OciError> {
    if let Some(exact) = versions.iter().find(|version| *version == wanted) {
        return Ok(exact.clone());
    }
    let constraint = Constraints::parse(if wanted.is_empty() { "*" } else { wanted })
        .map_err(|error| OciError::Constraint(error.to_string()))?;
    let satisfies =
        |text: &&String| Version::parse(text).is_ok_and(|version| constraint.check(&version));
    let found = versions.iter().find(satisfies).cloned();
    found.ok_or_else(|| OciError::NoVersion(wanted.to_owned()))
}
