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

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::oracle::{Reply, Resident};
use crate::shell::{self, Stopwatch};
use chance::Chance;
use findings::{Findings, Kind};
use targets::Target;

/// Address space of our side, its big stacks included; more is a finding.
const MEMORY_KIB: u64 = 4 << 20;

/// All targets, in the order in which CI tries them.
const TARGETS: &[&str] = &["yaml", "toml", "parse", "exec", "archive"];

/// What CI tries of each target: about five seconds' worth.
const SMOKE_INPUTS: u64 = 1500;

/// A machine on which they take longer than this is too slow to judge by.
const SMOKE_SECONDS: u64 = 60;

/// How often Helm must give its answer again before a disagreement counts.
const ASKED_AGAIN: usize = 5;

struct Options {
    target: String,
    seconds: u64,
    /// At most so many, whatever the time.
    inputs: u64,
    seed: u64,
    out: PathBuf,
    /// Our side, when it is built already.
    ours: Option<PathBuf>,
}

/// Both sides of the comparison.
pub struct Pair {
    helm: Resident,
    ours: Resident,
    /// How often Helm's library died or took too long.
    unanswered: u64,
}

impl Pair {
    /// How the two disagree on an input, if they do.
    pub fn disagreement(&mut self, target: &Target, input: &[u8]) -> Result<Option<Kind>> {
        let question = target.question(input);
        let ours = self.ours.ask(&question)?;
        let helm = self.helm.ask(&question)?;
        self.unanswered += u64::from(helm == Reply::Lost);
        let found = findings::judge(helm.clone(), ours);
        if found.is_none() || matches!(found, Some(Kind::Died)) {
            return Ok(found);
        }
        // An answer that Helm does not give again is chance: an address, an order of keys.
        for _ in 0..ASKED_AGAIN {
            if self.helm.ask(&question)? != helm {
                return Ok(None);
            }
        }
        Ok(found)
    }
}

/// `cargo xtask fuzz yaml|toml|parse|exec|archive [--seconds N] [--seed N] [--out DIR] [--ours ANSWER]`.
pub fn run(words: &[String]) -> Result<()> {
    session(&parse(words)?)
}

/// The short form that CI runs on what its tests built: the same inputs on every machine.
pub fn smoke() -> Result<()> {
    let ours = shell::built_for_tests("answer")?;
    for target in TARGETS {
        session(&Options {
            target: (*target).to_owned(),
            seconds: SMOKE_SECONDS,
            inputs: SMOKE_INPUTS,
            seed: 1,
            out: shell::cache()?.join("fuzz-smoke"),
            ours: Some(ours.clone()),
        })?;
    }
    Ok(())
}

fn session(options: &Options) -> Result<()> {
    let ours = match &options.ours {
        Some(built) => built.clone(),
        None => build()?,
    };
    let mut pair = Pair {
        helm: Resident::oracle()?,
        ours: Resident::bounded(ours, MEMORY_KIB),
        unanswered: 0,
    };
    let target = Target::new(&options.target)?;
    let mut chance = Chance::seeded(options.seed);
    let mut findings = Findings::new(options.out.join(&options.target));
    println!("fuzz {}: {} seeds, --seed {}", options.target, target.seeds(), options.seed);
    let watch = Stopwatch::start();
    let mut tried = 0;
    let mut known = BTreeMap::<&str, u64>::new();
    while watch.elapsed() < Duration::from_secs(options.seconds) && tried < options.inputs {
        let input = target.input(&mut chance);
        tried += 1;
        let Some(kind) = pair.disagreement(&target, &input)? else { continue };
        if let Some(reason) = findings::known(&kind, &input) {
            *known.entry(reason).or_default() += 1;
            continue;
        }
        findings.add(&kind, &input, |smaller| {
            let again = pair.disagreement(&target, smaller);
            matches!(again, Ok(Some(other)) if other.signature() == kind.signature())
        })?;
    }
    let (seconds, kinds) = (watch.seconds(), findings.len());
    println!("{tried} inputs in {seconds:.0} s, {kinds} kinds of disagreement");
    if pair.unanswered > 0 {
        println!("{} times Helm's library died or took too long: no measure", pair.unanswered);
    }
    for (reason, times) in known {
        println!("{times} times, as known: {reason}");
    }
    if findings.len() > 0 {
        bail!("look into {}", options.out.join(&options.target).display());
    }
    Ok(())
}

fn parse(words: &[String]) -> Result<Options> {
    let (target, rest) = words
        .split_first()
        .context("say `fuzz yaml`, `fuzz toml`, `fuzz parse`, `fuzz exec`, `fuzz archive`")?;
    let mut options = Options {
        target: target.clone(),
        seconds: 60,
        inputs: u64::MAX,
        seed: 1,
        out: shell::cache()?.join("fuzz"),
        ours: None,
    };
    let mut words = rest.iter();
    while let Some(word) = words.next() {
        let value = words.next().with_context(|| format!("{word} wants a value"))?;
        match word.as_str() {
            "--seconds" => options.seconds = value.parse().context("--seconds wants a number")?,
            "--seed" => options.seed = value.parse().context("--seed wants a number")?,
            "--out" => options.out = value.into(),
            "--ours" => options.ours = Some(value.into()),
            _ => bail!("no option is called {word}"),
        }
    }
    Ok(options)
}

/// Builds our side, with every check on.
fn build() -> Result<PathBuf> {
    shell::built(&["--profile", "fuzz", "--package", "socle-helm", "--example", "answer"], "answer")
}
