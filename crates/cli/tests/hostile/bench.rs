//! A directory to attack from, and the command with a watch on it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

use wait4::{ResUse, Wait4};

/// No command may take longer by the clock on the wall, be the machine busy or not.
const PATIENCE: Duration = Duration::from_mins(4);

/// What one command may use.
#[derive(Clone, Copy)]
pub struct Bound {
    /// Seconds of processor time. The program under test is not optimised.
    pub seconds: f64,
    /// The most memory that was resident at once, beyond what the smallest chart takes.
    pub mib: u64,
}

/// What suffices for nearly all.
pub const SMALL: Bound = Bound { seconds: 10.0, mib: 120 };

/// For what has to work through hundreds of megabytes before a limit is met.
pub const LARGE: Bound = Bound { seconds: 60.0, mib: 1200 };

/// What a command did.
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// `w/` to work in, `home/`, and what must stay as it is beside them.
pub struct Bench {
    pub root: PathBuf,
}

impl Bench {
    /// With a chart `w/c` that has no templates.
    pub fn new() -> Self {
        static COUNTER: AtomicUsize = AtomicUsize::new(0);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let name = format!("hostile-{}-{number}", std::process::id());
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("home")).unwrap();
        let bench = Self { root };
        bench.write("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n");
        bench
    }

    /// With one template, too.
    pub fn with_template(template: impl AsRef<[u8]>) -> Self {
        let bench = Self::new();
        bench.write("c/templates/a.yaml", template);
        bench
    }

    pub fn place(&self, path: &str) -> PathBuf {
        self.root.join("w").join(path)
    }

    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.place(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub fn link(&self, path: &str, target: &str) {
        let path = self.place(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(target, path).unwrap();
    }

    /// Renders the chart.
    pub fn render(&self, bound: Bound) -> Ran {
        self.run(&["template", "r", "c"], bound)
    }

    /// Runs `socle chart` with these arguments in `w/`. New files may only be in `w/out/` and in
    /// Helm's cache.
    pub fn run(&self, arguments: &[&str], bound: Bound) -> Ran {
        let before = self.files();
        let used = self.spawn(arguments);
        let text = |name: &str| {
            String::from_utf8_lossy(&fs::read(self.root.join(name)).unwrap()).into_owned()
        };
        let code = used.status.code();
        let ran = Ran { code, stdout: text("stdout"), stderr: text("stderr") };
        let seconds = (used.rusage.utime + used.rusage.stime).as_secs_f64();
        assert!(seconds <= bound.seconds, "{arguments:?}: {seconds:.1} s; {}", ran.shown());
        let mib = used.rusage.maxrss.saturating_sub(smallest()) >> 20;
        assert!(mib <= bound.mib, "{arguments:?}: {mib} MiB; {}", ran.shown());
        let stray: Vec<PathBuf> = self.files().difference(&before).cloned().collect();
        assert!(stray.is_empty(), "{arguments:?} wrote {stray:?}");
        ran
    }

    fn spawn(&self, arguments: &[&str]) -> ResUse {
        let output = |name: &str| File::create(self.root.join(name)).unwrap();
        let mut command = Command::new(std::env::var_os("CARGO_BIN_EXE_socle").unwrap());
        command.arg("chart").args(arguments).current_dir(self.root.join("w")).env_clear();
        command.env("HOME", self.root.join("home")).env("TMPDIR", self.root.join("home"));
        command.stdin(Stdio::null()).stdout(output("stdout")).stderr(output("stderr"));
        let child = command.spawn().unwrap();
        let (ended, watch) = channel::<()>();
        let id = child.id().to_string();
        let watchdog = std::thread::spawn(move || {
            if watch.recv_timeout(PATIENCE).is_err() {
                Command::new("kill").args(["-9", &id]).status().unwrap();
            }
        });
        let used = child.wait4().unwrap();
        ended.send(()).unwrap_or_default();
        watchdog.join().unwrap();
        used
    }

    /// Everything that is there, but what a command may make.
    fn files(&self) -> BTreeSet<PathBuf> {
        let mut found = BTreeSet::new();
        let mut pending = vec![self.root.clone()];
        while let Some(dir) = pending.pop() {
            for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
                let path = entry.path();
                let below = path.strip_prefix(&self.root).unwrap();
                let allowed = ["w/out", "home/.cache/helm", "stdout", "stderr"];
                if allowed.iter().any(|allowed| below == Path::new(allowed)) {
                    continue;
                }
                if entry.file_type().unwrap().is_dir() {
                    pending.push(path.clone());
                }
                if below != Path::new("home/.cache") {
                    found.insert(path);
                }
            }
        }
        found
    }
}

/// What the smallest chart takes of memory, in bytes.
fn smallest() -> u64 {
    static BYTES: OnceLock<u64> = OnceLock::new();
    *BYTES.get_or_init(|| {
        let used = Bench::with_template("a: 1").spawn(&["template", "r", "c"]);
        assert!(used.status.success());
        used.rusage.maxrss
    })
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

impl Ran {
    /// The end of what was said: enough to see what went wrong.
    fn shown(&self) -> String {
        let tail = |text: &str| {
            let from = text.char_indices().rev().nth(600).map_or(0, |(at, _)| at);
            text[from..].to_owned()
        };
        format!("exit {:?}\n{}\n{}", self.code, tail(&self.stdout), tail(&self.stderr))
    }

    /// It failed as a command fails, and said these words.
    pub fn refused(&self, words: &str) {
        assert_eq!(self.code, Some(1), "{}", self.shown());
        assert!(self.stderr.contains(words), "wanted {words:?}; {}", self.shown());
    }

    /// It succeeded, and printed these words.
    pub fn accepted(&self, words: &str) {
        assert_eq!(self.code, Some(0), "{}", self.shown());
        assert!(self.stdout.contains(words), "wanted {words:?}; {}", self.shown());
    }
}
