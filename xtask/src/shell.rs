//! Where things are on this machine, running other programs, and telling the time. The only
//! module of the task runner that reads the environment or the clock.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

/// The root of the repository.
pub fn root() -> PathBuf {
    // Cargo says it when it runs a program, too. Clones share their build output, so what was
    // compiled in may be another clone's.
    let manifest = env("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").to_owned());
    let manifest = Path::new(&manifest);
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

/// One environment variable, if it is set and not empty.
#[expect(clippy::disallowed_methods, reason = "the edge of the task runner")]
pub fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The directory that every clone shares: `SOCLE_CACHE`, else `socle` in the user's cache
/// directory.
pub fn cache() -> Result<PathBuf> {
    if let Some(dir) = env("SOCLE_CACHE") {
        return Ok(PathBuf::from(dir));
    }
    if let Some(dir) = env("XDG_CACHE_HOME") {
        return Ok(Path::new(&dir).join("socle"));
    }
    let home = env("HOME").context("neither SOCLE_CACHE, XDG_CACHE_HOME nor HOME is set")?;
    Ok(Path::new(&home).join(".cache").join("socle"))
}

/// A stopwatch that prints seconds.
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts.
    #[expect(clippy::disallowed_methods, reason = "the edge of the task runner")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// Seconds since the start.
    pub fn seconds(&self) -> f64 {
        self.elapsed().as_secs_f64()
    }
}

/// Runs a command with its output on ours; an error when it fails.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", shown(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", shown(command));
    }
    Ok(())
}

/// Runs a command quietly and returns its standard output; an error holds what it said.
pub fn output(command: &mut Command) -> Result<String> {
    let made = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    if !made.status.success() {
        let said = String::from_utf8_lossy(&made.stderr);
        bail!("{} failed ({}):\n{}", shown(command), made.status, said.trim_end());
    }
    Ok(String::from_utf8_lossy(&made.stdout).into_owned())
}

/// A command as a person would type it.
fn shown(command: &Command) -> String {
    let mut text = format!("`{}", command.get_program().to_string_lossy());
    for argument in command.get_args().take(6) {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text.push('`');
    text
}

/// Has cargo build what `words` say, and says where the program called `name` is.
pub fn built(words: &[&str], name: &str) -> Result<PathBuf> {
    program(Command::new(env!("CARGO")).arg("build").args(words), name)
}

/// The program called `name` that the tests use. `cargo build` would compile much of it again,
/// because tests ask for more features of what both depend on.
pub fn built_for_tests(name: &str) -> Result<PathBuf> {
    program(Command::new(env!("CARGO")).args(["test", "--workspace", "--no-run"]), name)
}

/// The program called `name` that a command of cargo builds.
pub fn program(cargo: &mut Command, name: &str) -> Result<PathBuf> {
    let text = output(cargo.args(["--message-format", "json"]).current_dir(root()))?;
    text.lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == name && message["profile"]["test"] == false)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .with_context(|| format!("cargo built no program called `{name}`"))
}

/// The SHA-256 of a file, in hexadecimal.
pub fn sha256(path: &Path) -> Result<String> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(digest(&bytes))
}

/// The SHA-256 of bytes, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A directory of our own that disappears with the value.
pub struct Scratch(PathBuf);

impl Scratch {
    /// A fresh directory under `parent`; `purpose` becomes part of its name.
    pub fn under(parent: &Path, purpose: &str) -> Result<Self> {
        let dir = parent.join(format!("{purpose}.{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        Ok(Self(dir))
    }

    /// A fresh directory among the system's temporary files.
    pub fn new(purpose: &str) -> Result<Self> {
        Self::under(&std::env::temp_dir(), &format!("socle-{purpose}"))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Writes a file and the directories that lead to it.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    }
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

/// All files under a directory, sorted by path; a directory that is not there has none.
pub fn files_under(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut pending = vec![dir.to_path_buf()];
    while let Some(dir) = pending.pop() {
        if !dir.is_dir() {
            continue;
        }
        let entries =
            fs::read_dir(&dir).with_context(|| format!("cannot list {}", dir.display()))?;
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                pending.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// How many workers to use: the machine's, or fewer.
pub fn workers() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}

/// Applies `work` to each item on a few threads; the results keep the items' order.
pub fn in_parallel<I: Sync, O: Send>(items: &[I], work: impl Fn(&I) -> O + Sync) -> Vec<O> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let mut done: Vec<(usize, O)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers())
            .map(|_| {
                scope.spawn(|| {
                    let mut mine = Vec::new();
                    loop {
                        let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        let Some(item) = items.get(at) else { return mine };
                        mine.push((at, work(item)));
                    }
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}
