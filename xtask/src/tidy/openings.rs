//! How files open: each with what it is; a crate's also with what it must not know.

use super::{Finding, Source};

/// Checks every Rust file.
pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.is_rust()) {
        let opening: String =
            source.text.lines().take_while(|line| line.starts_with("//!")).collect();
        let what = if opening.trim_start_matches("//!").trim().is_empty() {
            "opens without `//!` and what it is"
        } else if source.path.ends_with("src/lib.rs") && !says_what_it_does_not_know(&opening) {
            "opens without saying what the crate does not know (\"It knows nothing of …\")"
        } else {
            continue;
        };
        findings.push(Finding {
            rule: "opening",
            place: source.path.clone(),
            what: what.to_owned(),
            amount: None,
        });
    }
    findings
}

fn says_what_it_does_not_know(opening: &str) -> bool {
    let text = opening.replace("//!", " ").replace("  ", " ");
    ["knows nothing of", "knows no", "does not know", "must not know"]
        .iter()
        .any(|words| text.contains(words))
}
