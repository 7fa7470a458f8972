//! Where the real tools are. It installs none: `cargo xtask tools` does.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Where the named tools are, in that order; the error says how to install one that is missing.
pub fn tools(names: &[&str]) -> Result<Vec<PathBuf>> {
    // The task runner has the table of tools and their pins.
    let asked = Command::new(env!("CARGO"))
        .args(["xtask", "tools", "--where"])
        .args(names)
        .stdin(Stdio::null())
        .output()
        .context("cannot start cargo")?;
    let said = String::from_utf8_lossy(&asked.stdout);
    if !asked.status.success() {
        bail!("{}{}", said.trim_end(), String::from_utf8_lossy(&asked.stderr).trim_end());
    }
    let paths: Vec<PathBuf> = said.lines().map(PathBuf::from).collect();
    if paths.len() != names.len() {
        bail!("asked for {} tools, told of {}:\n{said}", names.len(), paths.len());
    }
    Ok(paths)
}
