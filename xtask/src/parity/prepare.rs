//! Makes a copy of a chart that can be rendered: with its dependencies, as far as they lie in the
//! checkouts.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::charts::{Chart, Dependency};
use crate::shell;

/// Charts by name, those of no other chart first.
pub type Index<'a> = BTreeMap<&'a str, Vec<&'a Chart>>;

/// Dependencies of dependencies, and so on, so deep: real charts have three levels.
const DEPTH: usize = 6;

/// All charts by name.
pub fn index(found: &[Chart]) -> Index<'_> {
    let mut by_name: Index<'_> = BTreeMap::new();
    for chart in found {
        by_name.entry(&chart.name).or_default().push(chart);
    }
    for charts in by_name.values_mut() {
        charts.sort_by_key(|chart| chart.nested);
    }
    by_name
}

/// Whether a copy has the lock files, which tell of the versions that the chart asks for, not of
/// those that are here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Locks {
    /// They are read, and packed.
    Kept,
    /// Rendering does not need them.
    LeftOut,
}

/// Copies a chart and fills in what it depends on; an error names what is missing.
pub fn prepare(chart: &Chart, to: &Path, all: &Index<'_>, locks: Locks) -> Result<()> {
    prepare_at(chart, to, all, locks, 0)
}

fn prepare_at(chart: &Chart, to: &Path, all: &Index<'_>, locks: Locks, depth: usize) -> Result<()> {
    if depth > DEPTH {
        bail!("dependencies {DEPTH} levels deep");
    }
    copy(&chart.dir, to, locks)?;
    let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
    for dependency in &chart.dependencies {
        if is_there(to, &dependency.name) || taken.contains_key(dependency.name.as_str()) {
            continue;
        }
        let found = choose(chart, dependency, all).with_context(|| {
            format!("its dependency {} {} is not here", dependency.name, dependency.version)
        })?;
        prepare_at(found, &to.join("charts").join(&found.name), all, locks, depth + 1)?;
        taken.insert(&dependency.name, &found.version);
    }
    if taken.is_empty() { Ok(()) } else { accept(chart, to, &taken) }
}

/// Whether the chart brings the dependency itself.
fn is_there(chart: &Path, name: &str) -> bool {
    let charts = chart.join("charts");
    if charts.join(name).join("Chart.yaml").is_file() {
        return true;
    }
    let archive = format!("{name}-");
    fs::read_dir(charts).into_iter().flatten().flatten().any(|entry| {
        let file = entry.file_name().to_string_lossy().into_owned();
        let version = file.strip_suffix(".tgz").and_then(|file| file.strip_prefix(&archive));
        version.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == 'v'))
    })
}

/// The chart for a dependency: what `file://` names, else one of that name from the checkout that the
/// repository's address names, or from the chart's own; if it can be, of the same major version. A
/// library must be, for others bring other templates.
fn choose<'a>(chart: &Chart, dependency: &Dependency, all: &Index<'a>) -> Option<&'a Chart> {
    let candidates = all.get(dependency.name.as_str())?;
    if let Some(path) = dependency.repository.strip_prefix("file://") {
        let wanted = fs::canonicalize(chart.dir.join(path)).ok();
        let named = candidates.iter().find(|one| Some(&one.dir) == wanted.as_ref());
        if let Some(named) = named {
            return Some(named);
        }
    }
    let is_near =
        |one: &Chart| [String::new(), major(&one.version)].contains(&major(&dependency.version));
    let usable = candidates.iter().copied().filter(|one| {
        one.dir != chart.dir
            && (one.repository == chart.repository
                || is_of(&dependency.repository, &one.repository))
            && (one.metadata["type"] != "library" || is_near(one))
    });
    usable.min_by_key(|one| (!is_near(one), one.repository != chart.repository, one.nested))
}

/// Whether a repository's address is one of the owner's, of whom the checkout is: many libraries
/// are called `common`.
fn is_of(address: &str, checkout: &str) -> bool {
    let owner = checkout.split('+').next().unwrap_or_default().to_lowercase();
    let address = address.to_lowercase();
    let mut parts = address.split(['/', '.', ':', '@']);
    !owner.is_empty()
        && parts.any(|part| {
            let rest = part.strip_prefix(owner.as_str());
            rest.is_some_and(|rest| matches!(rest, "" | "charts" | "-labs"))
        })
}

/// The first number in a version or a constraint.
fn major(text: &str) -> String {
    let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    digits.chars().take_while(char::is_ascii_digit).collect()
}

/// Writes the copy's list of dependencies anew, so that it accepts the versions that were taken.
fn accept(chart: &Chart, to: &Path, taken: &BTreeMap<&str, &str>) -> Result<()> {
    // A chart of the first version lists them in a file of their own.
    let (file, whole) = match &chart.requirements {
        Some(requirements) => ("requirements.yaml", requirements),
        None => ("Chart.yaml", &chart.metadata),
    };
    let mut whole = whole.clone();
    for entry in whole["dependencies"].as_array_mut().into_iter().flatten() {
        let version = entry["name"].as_str().and_then(|name| taken.get(name));
        if let Some(version) = version {
            entry["version"] = Value::String((*version).to_owned());
        }
    }
    shell::write(&to.join(file), whole.to_string())
}

/// Copies a tree, through symbolic links, without what is hidden (but for `.helmignore`).
fn copy(from: &Path, to: &Path, locks: Locks) -> Result<()> {
    fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name();
        let is_lock = name == "Chart.lock" || name == "requirements.lock";
        if name == ".git" || is_lock && locks == Locks::LeftOut {
            continue;
        }
        // A link that leads nowhere is left out: neither program would read it.
        let Ok(kind) = fs::metadata(entry.path()) else { continue };
        if kind.is_dir() {
            copy(&entry.path(), &to.join(name), locks)?;
        } else {
            fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_owners() {
        for (address, checkout) in [
            ("https://bjw-s.github.io/helm-charts", "bjw-s+helm-charts"),
            ("https://bjw-s-labs.github.io/helm-charts", "bjw-s+helm-charts"),
            ("oci://registry-1.docker.io/bitnamicharts", "bitnami+charts"),
            ("https://library-charts.k8s-at-home.com", "k8s-at-home+library-charts"),
        ] {
            assert!(is_of(address, checkout), "{address} {checkout}");
        }
        for (address, checkout) in [
            ("https://bjw-s.github.io/helm-charts", "helm+charts"),
            ("https://bjw-s.github.io/helm-charts", "dnd-it+helm-charts"),
            ("https://charts.bitnami.com/bitnami", "bit+charts"),
            ("", ""),
        ] {
            assert!(!is_of(address, checkout), "{address} {checkout}");
        }
    }
}
