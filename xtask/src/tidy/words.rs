//! Words that have no place in sources and documents: paths of one machine, and placeholders.

use super::{Finding, Source};

/// Files that speak of such words because they check for them.
const SPEAKS_OF_THEM: &str = "xtask/src/tidy/words.rs";

/// Directories whose content is data: answers of other programs, and charts as others write them.
fn is_data(path: &str) -> bool {
    path.contains("/corpus/") && !path.ends_with("/README.md")
        || path.ends_with("Cargo.lock")
        || path.ends_with("go.sum")
}

/// Checks all text files.
pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let of_interest = |path: &str| !is_data(path) && path != SPEAKS_OF_THEM;
    for source in sources.iter().filter(|source| of_interest(&source.path)) {
        for (number, line) in source.text.lines().enumerate() {
            let found = if machine_path(line) {
                ("machine-path", "names a path of one machine")
            } else if placeholder(line) {
                ("placeholder", "postpones or fills in")
            } else {
                continue;
            };
            findings.push(Finding {
                rule: found.0,
                place: format!("{}:{}", source.path, number + 1),
                what: format!("{}: {}", found.1, line.trim()),
                amount: None,
            });
        }
    }
    findings
}

/// Whether a line names a home directory or a directory that only some machine has.
fn machine_path(line: &str) -> bool {
    ["/home/", "/root/", "/work/", "/Users/"].iter().any(|path| {
        line.match_indices(path).any(|(at, _)| {
            // `a/work/b` is a path inside something; `"/work/…` or ` /work/…` is not.
            let before = line[..at].chars().next_back();
            let inside = before.is_some_and(|c| c.is_alphanumeric() || "-_.}$)".contains(c));
            !inside
        })
    })
}

fn placeholder(line: &str) -> bool {
    let lower = line.to_lowercase();
    let phrases = ["lorem ipsum", "coming soon", "unimplemented!", "todo!("];
    phrases.iter().any(|phrase| lower.contains(phrase))
        || ["TODO", "FIXME", "XXX"].iter().any(|mark| {
            line.match_indices(mark).any(|(at, _)| {
                let around = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
                around(line[..at].chars().next_back())
                    && around(line[at + mark.len()..].chars().next())
            })
        })
}

#[cfg(test)]
mod tests {
    use super::{machine_path, placeholder};

    #[test]
    fn paths_inside_something_are_fine() {
        assert!(machine_path("see /work/x"));
        assert!(machine_path("\"/home/me/x\""));
        assert!(!machine_path("charts/work/x and github.com/home/x"));
        assert!(!machine_path("${dir}/root/x"));
    }

    #[test]
    fn placeholders_are_words_of_their_own() {
        assert!(placeholder("// TODO: later"));
        assert!(!placeholder("mastodon, XXXL, TODOS_TABLE"));
    }
}
