//! Runs the two programs on one job. Helm's answers are kept by the content of the chart, so that
//! a second run of the harness costs only ours.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use anyhow::{Context, Result};

use super::{Job, question};
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
    /// Whether it was stopped from without: what it printed is no answer.
    pub cut_short: bool,
    /// Its standard output.
    pub stdout: Vec<u8>,
    /// Its standard error.
    pub stderr: Vec<u8>,
}

/// What both programs say of a schema that they cannot fetch, before the operating system's words.
pub const NO_NETWORK: &str = "HTTP request failed for ";

impl Printed {
    /// Whether the program failed for want of a network.
    pub fn lacks_network(&self) -> bool {
        !self.success && String::from_utf8_lossy(&self.stderr).contains(NO_NETWORK)
    }

    /// The output, and the error if there was one.
    pub fn said(&self) -> Vec<u8> {
        let error = if self.success { &[][..] } else { &self.stderr };
        [&self.stdout, error].concat()
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
        let first = print(&self.helm, &[], job)?;
        let twice = Twice { first, second: None };
        keep(&key, &twice)?;
        Ok(twice)
    }

    /// Lets Helm render again, now: what it says otherwise this time is chance or the time. An
    /// order of two is the same every other time, so it is asked up to so many times.
    pub fn helm_now(&self, job: &Job, known: Twice, tries: usize) -> Result<Twice> {
        let mut twice = known;
        for _ in 0..tries {
            let again = print(&self.helm, &[], job)?;
            if !again.cut_short && again.said() != twice.first.said() {
                twice.second = Some(again.said());
                break;
            }
        }
        keep(&self.cache.join(key(&self.helm, job)?), &twice)?;
        Ok(twice)
    }

    /// What ours prints.
    pub fn socle(&self, job: &Job) -> Result<Printed> {
        print(&self.socle, &["chart"], job)
    }
}

fn print(program: &Path, before: &[&str], job: &Job) -> Result<Printed> {
    job.question.clear(&job.home);
    let mut command: Command = corpus::helm_command(Path::new("timeout"), &job.home);
    command.args(["--kill-after=5", SECONDS]).arg(program).args(before);
    command.args(job.question.arguments(&job.dir));
    if let Some(values) = &job.values {
        command.args(["--values", &format!("{}/{values}", job.dir)]);
    }
    if let Some(values) = job.toggled_file() {
        command.arg("--values").arg(values);
    }
    if job.skips_schemas {
        command.arg("--skip-schema-validation");
    }
    let made = command.output().context("cannot start `timeout`")?;
    let mut stdout = made.stdout;
    if job.question != question::RENDER {
        stdout = without_network(&without_home(&stdout, job)).into_bytes();
        stdout.extend(job.question.made(&job.home)?);
        job.question.clear(&job.home);
    }
    let stderr = without_home(&made.stderr, job).into_bytes();
    let cut_short = is_cut_short(made.status, &stderr);
    Ok(Printed { success: made.status.success(), cut_short, stdout, stderr })
}

/// Where the chart lies is no part of the answer.
fn without_home(printed: &[u8], job: &Job) -> String {
    let text = String::from_utf8_lossy(printed).replace(&*job.home.to_string_lossy(), "DIR");
    ["/helm-lint", "/socle-lint-"].into_iter().fold(text, |text, mark| without_folder(&text, mark))
}

/// Nor is where a program unpacked an archive to look at it.
fn without_folder(text: &str, mark: &str) -> String {
    let mut parts = text.split(mark);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.truncate(out.rfind([' ', '"', '\n']).map_or(0, |at| at + 1));
        out.push_str("UNPACKED");
        out.push_str(part.find('/').map_or(part, |at| &part[at..]));
    }
    out
}

/// Nor is what the operating system says of a network, and which of several schemas there is asked
/// for first: Helm asks for another one each time.
fn without_network(text: &str) -> String {
    let told = |line| match str::split_once(line, "failing loading ") {
        Some((before, after)) if after.contains(NO_NETWORK) => before,
        _ => line,
    };
    let lines: Vec<&str> = text.split('\n').map(told).collect();
    lines.join("\n")
}

/// Whether the program did not come to its end by itself: it took too long, or was killed, or
/// was told to stop. `timeout` has statuses of its own for what happened to its program.
fn is_cut_short(status: ExitStatus, stderr: &[u8]) -> bool {
    const TIMED_OUT: i32 = 124;
    const SIGNALLED: i32 = 128;
    let said = String::from_utf8_lossy(stderr);
    let cancelled = ["has been cancelled", "context canceled"];
    status.code().is_none_or(|code| code == TIMED_OUT || code > SIGNALLED)
        || !status.success() && cancelled.iter().any(|words| said.contains(words))
}

/// What identifies a job: the program, and every file of the chart.
fn key(program: &Path, job: &Job) -> Result<String> {
    let mut all = format!("{}\n{:?}\n", program.display(), job.values);
    let chart = job.home.join(&job.dir);
    for path in shell::files_under(&chart)? {
        let inside = path.strip_prefix(&chart)?.display();
        let _ = writeln!(all, "{inside}\t{}", shell::sha256(&path)?);
    }
    if let Some(values) = job.toggled_file() {
        let name = values.file_name().unwrap_or_default().display();
        let _ = writeln!(all, "values\t{name}\t{}", shell::sha256(&values)?);
    }
    if job.skips_schemas {
        all.push_str("without schemas\n");
    }
    if job.question != question::RENDER {
        let _ = writeln!(all, "question\t{:?}", job.question);
    }
    Ok(shell::digest(all.as_bytes()))
}

fn load(key: &Path) -> Option<Twice> {
    let first = Printed {
        success: fs::read_to_string(key.join("success")).ok()? == "true",
        cut_short: false,
        stdout: fs::read(key.join("stdout")).ok()?,
        stderr: fs::read(key.join("stderr")).ok()?,
    };
    Some(Twice { first, second: fs::read(key.join("second")).ok() })
}

fn keep(key: &Path, twice: &Twice) -> Result<()> {
    if twice.first.cut_short {
        return Ok(());
    }
    shell::write(&key.join("stdout"), &twice.first.stdout)?;
    shell::write(&key.join("stderr"), &twice.first.stderr)?;
    if let Some(second) = &twice.second {
        shell::write(&key.join("second"), second)?;
    }
    // Last, because it says that the rest is whole.
    shell::write(&key.join("success"), twice.first.success.to_string())
}
