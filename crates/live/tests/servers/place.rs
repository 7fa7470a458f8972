//! A directory with servers that end with the test.

use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use live::{Guard, fresh_directory};

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_mins(5);

/// How often a server is asked whether it is there.
const PAUSE: Duration = Duration::from_millis(100);

/// The user that servers run as which refuse to run as root.
const NOBODY: u32 = 65534;

/// A temporary directory, and what runs in it.
pub struct Place {
    // Dropped first: nothing writes into the directory any more.
    guard: Guard,
    directory: PathBuf,
}

impl Place {
    /// A new one, into which everybody may look.
    pub fn new() -> Self {
        let directory = fresh_directory().unwrap();
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o777)).unwrap();
        Self { guard: Guard::of(&directory).unwrap(), directory }
    }

    /// A path in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// A file in it.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// Starts a server and waits until it listens.
    pub fn serve(&mut self, name: &str, command: &mut Command, port: u16) {
        self.start(name, command);
        self.wait_for(name, || TcpStream::connect(("127.0.0.1", port)).is_ok());
    }

    /// Starts a server; what it says is in `NAME.log`.
    pub fn start(&mut self, name: &str, command: &mut Command) {
        let log = self.path(&format!("{name}.log"));
        self.guard.start(name, command.current_dir(&self.directory), &log).unwrap();
    }

    /// Waits until a server does what is wanted of it.
    #[expect(clippy::disallowed_methods, reason = "waiting for other processes has an end")]
    pub fn wait_for(&mut self, name: &str, is_there: impl Fn() -> bool) {
        let end = Instant::now() + PATIENCE;
        while !is_there() {
            let ended = self.guard.ended();
            assert!(ended.is_none() && Instant::now() < end, "{name}:\n{}", self.log(name));
            std::thread::sleep(PAUSE);
        }
    }

    /// What a server said so far.
    pub fn log(&self, name: &str) -> String {
        fs::read_to_string(self.path(&format!("{name}.log"))).unwrap_or_default()
    }
}

/// A command that does not run as root, even if we do.
pub fn unprivileged(program: &Path) -> Command {
    let mut command = Command::new(program);
    let is_root = fs::metadata("/proc/self").is_ok_and(|own| {
        use std::os::unix::fs::MetadataExt;
        own.uid() == 0
    });
    if is_root {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

/// What a command said; it must succeed.
pub fn said(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", told(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Everything that a command said.
pub fn told(output: &Output) -> String {
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    format!("{}\n{out}{err}", output.status)
}
