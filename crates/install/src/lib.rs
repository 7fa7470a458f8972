//! The install directory: everything that deploys a platform, without Socle.
//!
//! [`files`] makes it of a desired state: `manifests/`, one file a part in the order of waves, each
//! beginning with what it is for; `deploy`, a script for any POSIX shell that needs only `kubectl`
//! (`script`, over the fixed text of `deploy.sh`); `configuration.yaml`, the merged configuration
//! with the origin of each value; `README`; `SHA256SUMS`.
//!
//! No secret value is in any of them: the script draws them, in the cluster's place.
//!
//! The crate writes no file and knows no cluster; the same input gives the same bytes.

mod manifests;
mod merged;
mod readme;
mod script;
mod shell;

pub use merged::Merged;

use std::fmt::Write as _;

use catalog::Platform;
use compose::Desired;
use diagnostic::Language;
use sha2::{Digest, Sha256};

/// What lists the digests of all other files.
pub const SUMS: &str = "SHA256SUMS";

/// Files that a person puts beside the others, and that outlive a further build.
pub const KEPT: &[&str] = &["tls.crt", "tls.key"];

/// A file of the install directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path from the directory on.
    pub path: String,
    /// What it holds.
    pub text: String,
    /// Whether it can be run.
    pub is_program: bool,
}

/// All files, sorted by path. `configuration` is the text of [`Merged`].
pub fn files(platform: &Platform, desired: &Desired, configuration: String) -> Vec<File> {
    let plain = |path: String, text: String| File { path, text, is_program: false };
    let mut files: Vec<File> = desired
        .parts
        .iter()
        .filter(|part| !part.objects.is_empty())
        .map(|part| {
            let path = format!("manifests/{}.yaml", manifests::stem(part));
            plain(path, manifests::text(platform, part))
        })
        .collect();
    files.push(plain("configuration.yaml".to_owned(), configuration));
    files.push(plain("README".to_owned(), readme::text(platform, desired)));
    let script = script::text(platform, desired);
    files.push(File { path: "deploy".to_owned(), text: script, is_program: true });
    files.sort_by(|one, two| one.path.cmp(&two.path));
    let mut sums = String::new();
    for file in &files {
        for byte in Sha256::digest(file.text.as_bytes()) {
            let _ = write!(sums, "{byte:02x}");
        }
        let _ = writeln!(sums, "  {}", file.path);
    }
    files.push(plain(SUMS.to_owned(), sums));
    files
}

/// The language of the people of the platform: what is written for them does not depend on who
/// builds.
pub fn language(platform: &Platform) -> Language {
    if is_french(platform) { Language::French } else { Language::English }
}

pub(crate) fn is_french(platform: &Platform) -> bool {
    platform.settings.get("language").and_then(|one| one.value.as_str()) == Some("fr")
}
