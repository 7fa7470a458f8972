//! `cargo xtask bench chart`: speed and memory beside the real Helm, in one run, on the same
//! bytes. Every output is compared with Helm's before a figure is printed.

mod chart;
mod machine;
mod measure;
mod umbrella;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{shell, tools};

/// What to measure, and how often.
pub struct Plan {
    /// The program to measure against Helm.
    socle: PathBuf,
    /// The real Helm.
    helm: PathBuf,
    /// Runs of each process; medians are taken.
    rounds: usize,
    /// How many of the instances Helm renders, to compare and to extrapolate from.
    sample: usize,
    /// Whether a missed target is an error.
    strict: bool,
}

/// `cargo xtask bench …`.
pub fn run(words: &[String]) -> Result<()> {
    let (what, rest) = words.split_first().context("say `bench chart` or `bench generate DIR`")?;
    match what.as_str() {
        "chart" => chart::run(&plan(rest)?),
        "generate" => {
            let dir = rest.first().context("say `bench generate DIR`")?;
            umbrella::chart(&Path::new(dir).join("workplace"))?;
            umbrella::instances(&Path::new(dir).join("instances"))?;
            Ok(())
        }
        _ => bail!("say `bench chart` or `bench generate DIR`, not `bench {what}`"),
    }
}

/// The short form that CI runs: it shows that the benchmark works and that the bytes are Helm's;
fn plan(words: &[String]) -> Result<Plan> {
    let mut plan = Plan {
        socle: PathBuf::new(),
        helm: tools::path("helm")?,
        rounds: 9,
        sample: 5,
        strict: false,
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut next = || words.next().with_context(|| format!("{word} wants a value"));
        match word.as_str() {
            "--socle" => plan.socle = next()?.into(),
            "--helm" => plan.helm = next()?.into(),
            "--rounds" => plan.rounds = next()?.parse().context("--rounds wants a number")?,
            "--sample" => plan.sample = next()?.parse().context("--sample wants a number")?,
            "--full" => plan.sample = umbrella::INSTANCES,
            "--strict" => plan.strict = true,
            _ => bail!("no option is called {word}"),
        }
    }
    plan.sample = plan.sample.clamp(1, umbrella::INSTANCES);
    if plan.socle.as_os_str().is_empty() {
        plan.socle = release_build()?;
    }
    Ok(plan)
}

/// Builds the program as it is released, and says where it is.
pub fn release_build() -> Result<PathBuf> {
    let text = shell::output(
        Command::new(env!("CARGO"))
            .args(["build", "--release", "--package", "socle-cli", "--message-format", "json"])
            .current_dir(shell::root()),
    )?;
    text.lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == "socle")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .context("cargo built no program called `socle`")
}
