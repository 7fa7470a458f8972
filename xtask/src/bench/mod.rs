//! `cargo xtask bench chart`, `bench platform` and `bench index`: speed and memory beside the real Helm, in one run, on
//! the same bytes. Every output is compared with Helm's before a figure is printed.

mod chart;
mod index;
mod machine;
mod measure;
mod platform;
mod umbrella;

use std::path::{Path, PathBuf};

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
    /// How many instances of the umbrella there are.
    instances: usize,
    /// How many of the instances Helm renders, to compare and to extrapolate from.
    sample: usize,
    /// Whether a missed target is an error.
    strict: bool,
}

/// `cargo xtask bench …`.
pub fn run(words: &[String]) -> Result<()> {
    let (what, rest) =
        words.split_first().context("say `bench chart`, `platform`, `index` or `generate DIR`")?;
    match what.as_str() {
        "chart" => chart::run(&plan(rest)?),
        "index" => index::run(&plan(rest)?),
        "platform" => platform::run(&plan(rest)?),
        "generate" => {
            let dir = rest.first().context("say `bench generate DIR`")?;
            umbrella::chart(&Path::new(dir).join("workplace"))?;
            umbrella::instances(&Path::new(dir).join("instances"), umbrella::INSTANCES)?;
            Ok(())
        }
        _ => bail!("say `bench chart`, `platform`, `index` or `generate DIR`, not `bench {what}`"),
    }
}

/// The short form that CI runs, on the program that its tests built: it shows that the benchmark
/// works and that the bytes are Helm's. A shared machine is no place to judge figures.
pub fn smoke() -> Result<()> {
    let socle = shell::built_for_tests("socle")?;
    let helm = tools::path("helm")?;
    chart::run(&Plan { socle, helm, rounds: 1, instances: 4, sample: 1, strict: false })
}

fn plan(words: &[String]) -> Result<Plan> {
    let mut plan = Plan {
        socle: PathBuf::new(),
        helm: tools::path("helm")?,
        rounds: 9,
        instances: umbrella::INSTANCES,
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
            "--instances" => {
                plan.instances = next()?.parse().context("--instances wants a number")?;
            }
            "--full" => plan.sample = usize::MAX,
            "--strict" => plan.strict = true,
            _ => bail!("no option is called {word}"),
        }
    }
    plan.sample = plan.sample.clamp(1, plan.instances.max(1));
    if plan.socle.as_os_str().is_empty() {
        plan.socle = release_build()?;
    }
    Ok(plan)
}

/// Builds the program as it is released, and says where it is.
pub fn release_build() -> Result<PathBuf> {
    shell::built(&["--release", "--package", "socle-cli"], "socle")
}
