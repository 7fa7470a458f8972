//! `cargo xtask bed`: a control plane for a person to play with. What it is made of, and how it
//! starts and ends, is `crates/live`.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{shell, tools};

/// The tools that a control plane consists of, and those that its tests ask.
pub const TOOLS: &[&str] = &[
    "kubectl",
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kwok",
    "crds",
    "kube-score",
];

/// Runs the command.
pub fn run(words: &[String]) -> Result<()> {
    if !words.is_empty() {
        bail!("`bed` takes no arguments");
    }
    tools::ensure(TOOLS)?;
    shell::run(
        Command::new(env!("CARGO"))
            .args(["run", "--quiet", "--package", "socle-live", "--example", "bed"])
            .current_dir(shell::root()),
    )
}
