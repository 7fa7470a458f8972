//! `cargo xtask ci`: everything that must hold, in the order in which it fails soonest. The tests
//! come last, so that the runner's own summary ends the output.

use std::process::Command;

use anyhow::{Context, Result};

use crate::shell::{self, Stopwatch};
use crate::{bed, bench, corpus, expressions, fuzz, picture, tidy, tools};

/// How many recorded answers are asked again of the real Helm on each run: a few seconds' worth.
/// `cargo xtask corpus verify` asks all.
const CORPUS_SAMPLE: usize = 120;

/// A step: its name, and what it does.
type Step = (&'static str, fn() -> Result<()>);

const STEPS: &[Step] = &[
    ("format", || cargo(&["fmt", "--all", "--check"])),
    ("tidy", tidy::run),
    ("tools", || {
        tools::ensure(&["helm", "kubectl", "registry", "cargo-deny", "oracle", "cel"])?;
        tools::ensure(bed::TOOLS)?;
        tools::ensure(tools::SERVERS)
    }),
    ("deny", deny),
    ("lints", || {
        cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"])
    }),
    ("corpus", || corpus::verify_sample(Some(CORPUS_SAMPLE))),
    ("expressions", expressions::verify),
    ("build of the tests", || cargo(&["test", "--quiet", "--workspace", "--no-run"])),
    ("fuzz", fuzz::smoke),
    ("bench", bench::smoke),
    ("picture", picture::check),
];

/// `cargo xtask ci`.
pub fn run() -> Result<()> {
    let all = Stopwatch::start();
    let mut times = Vec::new();
    for (name, step) in STEPS {
        println!("── {name}");
        let watch = Stopwatch::start();
        step().with_context(|| format!("step `{name}`"))?;
        times.push((*name, watch.seconds()));
    }
    for (name, seconds) in times {
        println!("{seconds:7.1} s  {name}");
    }
    println!("{:7.1} s  so far; the tests follow", all.seconds());
    cargo(&["test", "--workspace", "--no-fail-fast"]).context("step `tests`")
}

fn cargo(words: &[&str]) -> Result<()> {
    shell::run(Command::new(env!("CARGO")).args(words).current_dir(shell::root()))
}

/// Licences, duplicates and sources always; advisories where their database can be reached.
fn deny() -> Result<()> {
    let program = tools::path("cargo-deny")?;
    // cargo-deny reads every crate of the lock file, those of other systems included.
    cargo(&["fetch", "--quiet", "--locked"])?;
    let deny = || {
        let mut command = Command::new(&program);
        command.args(["--workspace", "--log-level", "error"]).current_dir(shell::root());
        command
    };
    shell::run(
        deny()
            .args(["--offline", "check", "--hide-inclusion-graph"])
            .args(["bans", "licenses", "sources"]),
    )?;
    let reached = shell::output(deny().args(["fetch", "db"]).env("GIT_TERMINAL_PROMPT", "0"));
    if reached.is_err() {
        println!("advisories: their database cannot be reached from here; not checked");
        return Ok(());
    }
    shell::run(deny().args(["check", "advisories"]))
}
