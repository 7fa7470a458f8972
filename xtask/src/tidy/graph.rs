//! The direction of dependencies between crates, and what pure crates must not depend on. Prints
//! the graph.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::Finding;
use crate::shell;

/// The crates from the bottom up; a crate may depend only on crates of lower layers.
const LAYERS: &[&[&str]] = &[
    &["strconv", "curves", "diagnostic", "cases"],
    &["version", "yaml", "gotmpl", "pgp", "cel"],
    &["functions", "config", "object"],
    &["catalog"],
    &["graph", "helm", "import"],
    &["compose"],
    &["install", "check"],
    &["registry"],
    &["cli"],
    // For tests alone.
    &["live"],
];

/// Crates that know no clock, environment, randomness or network; such things come in as
/// arguments.
const PURE: &[&str] = &[
    "strconv",
    "curves",
    "diagnostic",
    "version",
    "yaml",
    "gotmpl",
    "pgp",
    "cel",
    "cases",
    "config",
    "catalog",
    "compose",
    "check",
    "graph",
    "install",
    "object",
    "functions",
    "helm",
    "import",
];

/// Third parties that would bring such knowledge in.
const IMPURE: &[&str] = &[
    "tokio",
    "kube",
    "reqwest",
    "ureq",
    "hyper",
    "axum",
    "rustls",
    "chrono-tz",
    "dirs",
    "home",
    "clap",
    "tempfile",
];

/// Checks the workspace's own crates.
pub fn check(root: &Path) -> Result<Vec<Finding>> {
    let text = shell::output(
        Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
            .current_dir(root),
    )?;
    let metadata: Value = serde_json::from_str(&text)?;
    let packages = metadata["packages"].as_array().context("cargo names no packages")?;
    let mut findings = Vec::new();
    println!("crates, from the bottom up:");
    let mut seen = 0;
    for (layer, crates) in LAYERS.iter().enumerate() {
        for name in *crates {
            let full = format!("socle-{name}");
            let Some(package) = packages.iter().find(|package| package["name"] == *full) else {
                bail!("the table of layers names `{name}`, which is no crate here");
            };
            seen += 1;
            let (own, others) = dependencies(package);
            println!("  {name:<10} → {}", if own.is_empty() { "–".into() } else { own.join(" ") });
            let mut complain = |what: String| {
                findings.push(Finding {
                    rule: "direction",
                    place: format!("crates/{name}"),
                    what,
                    amount: None,
                });
            };
            for dependency in own.iter().filter(|dependency| layer_of(dependency) >= Some(layer)) {
                complain(format!("depends on `{dependency}`, which is not below it"));
            }
            for dependency in &others {
                if PURE.contains(name) && IMPURE.contains(&dependency.as_str()) {
                    complain(format!("is pure, but depends on `{dependency}`"));
                }
            }
        }
    }
    // The task runner stands beside the crates and may use none of them.
    if seen + 1 != packages.len() {
        bail!("{} crates, but the table of layers names {seen}: add the new one", packages.len());
    }
    Ok(findings)
}

fn layer_of(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&name))
}

/// The normal dependencies of a package: our own (short names), and third parties.
fn dependencies(package: &Value) -> (Vec<String>, Vec<String>) {
    let mut own = Vec::new();
    let mut others = Vec::new();
    for dependency in package["dependencies"].as_array().into_iter().flatten() {
        // Development dependencies serve tests, which may point anywhere.
        if dependency["kind"] == "dev" {
            continue;
        }
        let name = dependency["name"].as_str().unwrap_or_default();
        match name.strip_prefix("socle-") {
            Some(short) => own.push(short.to_owned()),
            None => others.push(name.to_owned()),
        }
    }
    own.sort();
    (own, others)
}
