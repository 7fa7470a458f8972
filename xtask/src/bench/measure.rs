//! Measures one cold process: wall time, processor time, peak memory; and medians of them.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use wait4::Wait4;

use crate::shell::Stopwatch;

/// What one process, or the median of several, took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// From start to end.
    pub wall: Duration,
    /// User and system time of all its threads.
    pub processor: Duration,
    /// Peak resident memory in bytes. Never less than the task runner's own, because a child
    /// starts out in its parent's memory: keep that small while measuring.
    pub memory: u64,
}

/// Runs a command with its output in a file; an error when it fails.
pub fn run(command: &mut Command, output: &Path) -> Result<Cost> {
    let file = File::create(output).with_context(|| output.display().to_string())?;
    let errors = output.with_extension("stderr");
    command.stdin(Stdio::null()).stdout(file).stderr(File::create(&errors)?);
    let watch = Stopwatch::start();
    let child = command.spawn().context("cannot start the process to measure")?;
    let used = child.wait4().context("cannot wait for the process to measure")?;
    let wall = watch.elapsed();
    if !used.status.success() {
        let said = std::fs::read_to_string(&errors).unwrap_or_default();
        bail!("{} failed: {}", command.get_program().to_string_lossy(), said.trim_end());
    }
    let processor = used.rusage.utime + used.rusage.stime;
    Ok(Cost { wall, processor, memory: used.rusage.maxrss })
}

/// The median of each figure.
pub fn median(costs: &[Cost]) -> Cost {
    Cost {
        wall: middle(costs.iter().map(|cost| cost.wall)),
        processor: middle(costs.iter().map(|cost| cost.processor)),
        memory: middle(costs.iter().map(|cost| cost.memory)),
    }
}

fn middle<T: Ord + Default>(values: impl Iterator<Item = T>) -> T {
    let mut values: Vec<T> = values.collect();
    values.sort();
    let at = values.len() / 2;
    values.into_iter().nth(at).unwrap_or_default()
}

impl Cost {
    /// As a row of a table.
    pub fn row(&self, name: &str) -> String {
        format!(
            "  {name:<22} {:>10.1} ms  {:>10.1} ms  {:>8.1} MiB",
            self.wall.as_secs_f64() * 1e3,
            self.processor.as_secs_f64() * 1e3,
            mebibytes(self.memory)
        )
    }
}

/// The head of a table of rows.
pub fn head(title: &str) -> String {
    format!("{title}\n  {:<22} {:>13}  {:>13}  {:>12}", "", "wall", "user+system", "peak memory")
}

/// Bytes as MiB.
pub fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / (1024.0 * 1024.0)
}
