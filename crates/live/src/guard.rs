//! A process that ends others when this one is gone, however it goes.

use std::fs::File;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context, Result};

/// Reads the numbers of processes until the pipe closes; then kills them and removes the directory.
/// At last it kills its group, should one have been started that it was not told of.
const SCRIPT: &str = r#"
trap '' INT TERM HUP
started=
while read -r number; do started="$started $number"; done
[ -z "$started" ] || kill -9 $started 2>/dev/null
rm -rf "$1" || rm -rf "$1"
kill -9 0
"#;

/// Processes that end with this value, and with this process.
pub struct Guard {
    shell: Child,
    told: Option<ChildStdin>,
    started: Vec<(String, Child)>,
}

impl Guard {
    /// Starts the guard of a directory, which it will remove.
    pub fn of(directory: &Path) -> Result<Self> {
        let mut shell = Command::new("sh")
            .args(["-c", SCRIPT, "guard"])
            .arg(directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C in a terminal goes to the terminal's group, and this must outlive that.
            .process_group(0)
            .spawn()
            .context("cannot start sh")?;
        let told = shell.stdin.take();
        Ok(Self { shell, told, started: Vec::new() })
    }

    /// Starts a part, with what it says in a file.
    pub fn start(&mut self, name: &str, command: &mut Command, log: &Path) -> Result<()> {
        let log = File::create(log).with_context(|| format!("cannot make {}", log.display()))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(self.shell.id().cast_signed())
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        let told = self.told.as_mut().context("the guard is gone")?;
        writeln!(told, "{}", child.id()).context("the guard is gone")?;
        self.started.push((name.to_owned(), child));
        Ok(())
    }

    /// A part that ended by itself.
    pub fn ended(&mut self) -> Option<String> {
        let mut parts = self.started.iter_mut();
        parts.find_map(|(name, child)| child.try_wait().ok().flatten().map(|_| name.clone()))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.told.take());
        let _ = self.shell.wait();
        for (_, child) in &mut self.started {
            let _ = child.wait();
        }
    }
}
