//! `cargo xtask tidy`: what a program can check of the house style. Each check is a file here and
//! returns findings; this file prints them and takes out what the allow-list names.

mod graph;
mod languages;
mod messages;
mod openings;
mod scan;
mod sizes;
mod words;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell;

/// One thing that the house style does not want.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule's short name, as in the allow-list.
    pub rule: &'static str,
    /// Where: a path from the root, and what is meant in it.
    pub place: String,
    /// What is wrong, in words.
    pub what: String,
    /// For rules with a limit: how much it is now.
    pub amount: Option<usize>,
}

/// A file of the repository, read once for all checks.
pub struct Source {
    /// The path from the root.
    pub path: String,
    /// The content.
    pub text: String,
}

impl Source {
    /// Whether this is Rust.
    pub fn is_rust(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|extension| extension == "rs")
    }

    /// Whether the whole file serves tests.
    pub fn is_test(&self) -> bool {
        self.path.split('/').any(|part| part == "tests" || part == "tests.rs")
    }
}

/// `cargo xtask tidy`.
pub fn run() -> Result<()> {
    let root = shell::root();
    let sources = sources(&root)?;
    let mut findings = sizes::check(&sources);
    findings.extend(openings::check(&sources));
    findings.extend(words::check(&sources));
    findings.extend(messages::check(&sources));
    findings.extend(languages::check(&sources));
    findings.extend(graph::check(&root)?);
    let left = subtract_allowed(findings, &root.join("xtask/tidy-allow.txt"))?;
    for finding in &left {
        println!("{}: {}: {}", finding.rule, finding.place, finding.what);
    }
    if !left.is_empty() {
        bail!("{} findings; the house style is in CONTRIBUTING.md", left.len());
    }
    println!("tidy: nothing to say about {} files", sources.len());
    Ok(())
}

/// Every text file that git knows or would add.
fn sources(root: &Path) -> Result<Vec<Source>> {
    let listed = shell::output(
        Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
            .current_dir(root),
    )?;
    let mut paths: Vec<&str> = listed.split('\0').filter(|path| !path.is_empty()).collect();
    paths.sort_unstable();
    paths.dedup();
    let read = |path: &&str| {
        let text = fs::read_to_string(root.join(PathBuf::from(path))).ok()?;
        Some(Source { path: (*path).to_owned(), text })
    };
    Ok(paths.iter().filter_map(read).collect())
}

/// Takes out the findings that the allow-list names. The list can only shrink: an entry that
/// names nothing, or allows more than there is, is a finding itself.
fn subtract_allowed(findings: Vec<Finding>, list: &Path) -> Result<Vec<Finding>> {
    let text = fs::read_to_string(list).with_context(|| list.display().to_string())?;
    let mut left = findings;
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (rule, rest) = line.split_once(' ').with_context(|| format!("no place in: {line}"))?;
        let (place, limit) = match rest.rsplit_once(" <= ") {
            Some((place, limit)) => (place, Some(limit.parse::<usize>()?)),
            None => (rest, None),
        };
        let at = left.iter().position(|one| {
            one.rule == rule && one.place == place && limit.is_none_or(|l| one.amount <= Some(l))
        });
        let complaint = match at.map(|at| left.remove(at)) {
            None => "names nothing (any more): take the entry out".to_owned(),
            Some(found) if found.amount < limit => {
                format!("allows more than there is: write {}", found.amount.unwrap_or(0))
            }
            Some(_) => continue,
        };
        let place = format!("xtask/tidy-allow.txt ({line})");
        left.push(Finding { rule: "allow-list", place, what: complaint, amount: None });
    }
    Ok(left)
}
