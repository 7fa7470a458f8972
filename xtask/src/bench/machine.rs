//! A description of the machine, so that figures can be compared.

use std::fs;

use crate::shell;

/// Processor, cores, memory, kernel and present load, in one line.
pub fn describe() -> String {
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".to_owned());
    let memory = field("/proc/meminfo", "MemTotal").unwrap_or_default();
    let kilobytes: f64 = memory.trim_end_matches(" kB").parse().unwrap_or(0.0);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!(
        "{processor}, {} cores, {:.0} GiB, Linux {}, load {}",
        shell::workers(),
        kilobytes / (1024.0 * 1024.0),
        kernel.trim(),
        load.split(' ').next().unwrap_or("unknown")
    )
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}
