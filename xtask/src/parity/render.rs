//! Runs the two programs on one job. Helm's answers are kept by the content of the chart, so that
//! a second run of the harness costs only ours.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::Job;
use crate::{corpus, shell};

/// How many seconds one rendering may take.
const SECONDS: &str = "120";

/// The two programs.
pub struct Renderer {
    /// The real Helm.
    pub helm: PathBuf,
    /// Ours.
    pub socle: PathBuf,
    /// Where Helm's answers are kept.
    pub cache: PathBuf,
}

/// What a program printed.
pub struct Printed {
    /// Whether it succeeded.
    pub success: bool,
    /// Its standard output.
    pub stdout: Vec<u8>,
    /// Its standard error.
    pub stderr: Vec<u8>,
}

impl Printed {
    /// The output, or the error.
    pub fn said(&self) -> &[u8] {
        if self.success { &self.stdout } else { &self.stderr }
    }
}

/// Helm's answer, and where ours differs a second one: what differs between the two is chance.
pub struct Twice {
    /// The first answer.
    pub first: Printed,
    /// What it said the second time, when it was asked and said something else.
    pub second: Option<Vec<u8>>,
}

impl Renderer {
    /// What the real Helm prints.
    pub fn helm(&self, job: &Job) -> Result<Twice> {
        let key = self.cache.join(key(&self.helm, job)?);
        if let Some(kept) = load(&key) {
            return Ok(kept);
        }
        let first = print(&self.helm, &["template"], job)?;
        let twice = Twice { first, second: None };
        keep(&key, &twice)?;
        Ok(twice)
    }

    /// Lets Helm render again, now: what it says otherwise this time is chance or the time. An
    /// order of two is the same every other time, so it is asked up to so many times.
    pub fn helm_now(&self, job: &Job, known: Twice, tries: usize) -> Result<Twice> {
        let mut twice = known;
        for _ in 0..tries {
            let again = print(&self.helm, &["template"], job)?;
            if again.said() != twice.first.said() {
                twice.second = Some(again.said().to_vec());
                break;
            }
        }
        keep(&self.cache.join(key(&self.helm, job)?), &twice)?;
        Ok(twice)
    }

    /// What ours prints.
    pub fn socle(&self, job: &Job) -> Result<Printed> {
        print(&self.socle, &["chart", "template"], job)
    }
}

fn print(program: &Path, verb: &[&str], job: &Job) -> Result<Printed> {
    let mut command: Command = corpus::helm_command(Path::new("timeout"), &job.home);
    command.args(["--kill-after=5", SECONDS]).arg(program).args(verb);
    command.args(["rel", &job.dir, "--namespace", "ns1"]);
    if let Some(values) = &job.values {
        command.args(["--values", &format!("{}/{values}", job.dir)]);
    }
    let made = command.output().context("cannot start `timeout`")?;
    // Where the chart lies is no part of the answer.
    let home = job.home.to_string_lossy().into_owned();
    let stderr = String::from_utf8_lossy(&made.stderr).replace(&home, "DIR");
    Ok(Printed { success: made.status.success(), stdout: made.stdout, stderr: stderr.into_bytes() })
}

/// What identifies a job: the program, and every file of the chart.
fn key(program: &Path, job: &Job) -> Result<String> {
    let mut all = format!("{}\n{:?}\n", program.display(), job.values);
    let chart = job.home.join(&job.dir);
    for path in shell::files_under(&chart)? {
        let inside = path.strip_prefix(&chart)?.display();
        let _ = writeln!(all, "{inside}\t{}", shell::sha256(&path)?);
    }
    Ok(shell::digest(all.as_bytes()))
}

fn load(key: &Path) -> Option<Twice> {
    let first = Printed {
        success: fs::read_to_string(key.join("success")).ok()? == "true",
        stdout: fs::read(key.join("stdout")).ok()?,
        stderr: fs::read(key.join("stderr")).ok()?,
    };
    Some(Twice { first, second: fs::read(key.join("second")).ok() })
}

fn keep(key: &Path, twice: &Twice) -> Result<()> {
    shell::write(&key.join("stdout"), &twice.first.stdout)?;
    shell::write(&key.join("stderr"), &twice.first.stderr)?;
    if let Some(second) = &twice.second {
        shell::write(&key.join("second"), second)?;
    }
    // Last, because it says that the rest is whole.
    shell::write(&key.join("success"), twice.first.success.to_string())
}
