//! `cargo xtask fuzz TARGET`: feeds mutated inputs to Helm's library and to our engine, each in a
//! process of its own, and keeps every input on which they disagree or ours dies.
//!
//! Not here: coverage. The mutations know the languages instead, and the oracle finds wrong
//! answers, which a crash-only fuzzer cannot.

mod archive;
mod chance;
mod findings;
mod invent;
mod mutate;
mod targets;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::oracle::Resident;
use crate::shell::{self, Stopwatch};
use crate::tools;
use chance::Chance;
use findings::{Findings, Kind};
use targets::Target;

/// Address space of our side, its big stacks included; more is a finding.
const MEMORY_KIB: u64 = 4 << 20;

struct Options {
    target: String,
    seconds: u64,
    seed: u64,
    out: PathBuf,
}

/// Both sides of the comparison.
pub struct Pair {
    helm: Resident,
    ours: Resident,
}

impl Pair {
    /// How the two disagree on an input, if they do.
    pub fn disagreement(&mut self, target: &Target, input: &[u8]) -> Result<Option<Kind>> {
        let question = target.question(input);
        let ours = self.ours.ask(&question)?;
        let helm = self.helm.ask(&question)?;
        Ok(findings::judge(helm, ours))
    }
}

/// `cargo xtask fuzz yaml|parse|exec|archive [--seconds N] [--seed N] [--out DIR]`.
pub fn run(words: &[String]) -> Result<()> {
    let options = parse(words)?;
    let mut pair = Pair {
        helm: Resident::at(tools::path("oracle")?),
        ours: Resident::bounded(build()?, MEMORY_KIB),
    };
    let target = Target::new(&options.target)?;
    let mut chance = Chance::seeded(options.seed);
    let mut findings = Findings::new(options.out.join(&options.target));
    println!(
        "fuzz {}: {} seeds, {} seconds, --seed {}",
        options.target,
        target.seeds(),
        options.seconds,
        options.seed
    );
    let watch = Stopwatch::start();
    let mut tried = 0_u64;
    while watch.elapsed() < Duration::from_secs(options.seconds) {
        let input = target.input(&mut chance);
        tried += 1;
        if let Some(kind) = pair.disagreement(&target, &input)? {
            findings.add(&kind, &input, |smaller| {
                let again = pair.disagreement(&target, smaller);
                matches!(again, Ok(Some(other)) if other.signature() == kind.signature())
            })?;
        }
    }
    println!(
        "{tried} inputs in {:.0} s, {} kinds of disagreement",
        watch.seconds(),
        findings.len()
    );
    if findings.len() > 0 {
        bail!("look into {}", options.out.join(&options.target).display());
    }
    Ok(())
}

fn parse(words: &[String]) -> Result<Options> {
    let (target, rest) = words
        .split_first()
        .context("say `fuzz yaml`, `fuzz parse`, `fuzz exec`, `fuzz archive`")?;
    let mut options =
        Options { target: target.clone(), seconds: 60, seed: 1, out: shell::cache()?.join("fuzz") };
    let mut words = rest.iter();
    while let Some(word) = words.next() {
        let value = words.next().with_context(|| format!("{word} wants a value"))?;
        match word.as_str() {
            "--seconds" => options.seconds = value.parse().context("--seconds wants a number")?,
            "--seed" => options.seed = value.parse().context("--seed wants a number")?,
            "--out" => options.out = value.into(),
            _ => bail!("no option is called {word}"),
        }
    }
    Ok(options)
}

/// Builds our side, with every check on.
fn build() -> Result<PathBuf> {
    shell::built(&["--profile", "fuzz", "--package", "socle-helm", "--example", "answer"], "answer")
}
