//! What the tests stand on: folders, the real Helm, a real registry.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use std::{fs, net, thread};

use helm::log::Log;
use registry::http::Timeouts;
use registry::locate::{Locator, Source};
use registry::{Environment, Error, Network, Settings};

/// A folder that goes with the test, with Helm's homes in it.
pub struct Bench {
    pub root: PathBuf,
    pub settings: Settings,
    pub network: Network,
}

impl Bench {
    pub fn new() -> Self {
        Self::with_patience(Duration::from_mins(1))
    }

    pub fn with_patience(request: Duration) -> Self {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let root = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("sources-{}-{number}", std::process::id()));
        let home = root.join("home");
        fs::create_dir_all(home.join(".config/helm/registry")).unwrap();
        fs::create_dir_all(home.join(".cache/helm/repository")).unwrap();
        let variables = [("HOME".to_owned(), home.display().to_string())];
        let environment = Environment::new(variables);
        let settings = Settings::from_environment(&environment);
        let connect = Duration::from_secs(10);
        let network = Network::new(&environment, Timeouts { request, connect });
        Self { root, settings, network }
    }

    /// Looks a chart up; the content of what was found, and what was said.
    pub fn locate(&self, reference: &str, source: &Source) -> Result<(Vec<u8>, String), Error> {
        let (mut said, mut log) = (Vec::new(), Log::default());
        let mut locator = Locator::new(&self.network, &self.settings, &mut said, &mut log);
        let path = locator.locate(reference, source)?;
        Ok((fs::read(path).unwrap(), String::from_utf8(said).unwrap()))
    }

    pub fn failure(&self, reference: &str, source: &Source) -> String {
        match self.locate(reference, source) {
            Ok(_) => panic!("{reference} should not be found"),
            Err(error) => error.words(),
        }
    }

    pub fn write(&self, path: &str, content: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// A small chart at `NAME/`.
    pub fn chart(&self, name: &str, version: &str) {
        let text = format!("apiVersion: v2\nname: {name}\nversion: {version}\n");
        self.write(&format!("{name}/Chart.yaml"), &text);
        self.write(&format!("{name}/templates/a.yaml"), "a: {{ .Chart.Version }}\n");
    }

    /// Runs the real Helm in this folder; standard output, and standard error if it failed.
    pub fn helm(&self, arguments: &[&str]) -> Result<String, String> {
        let output = Command::new(tool("helm"))
            .args(arguments)
            .current_dir(&self.root)
            .env_clear()
            .env("HOME", self.root.join("home"))
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// A registry of the OCI distribution specification, in memory.
pub struct OciRegistry {
    pub host: String,
    child: Child,
}

impl OciRegistry {
    pub fn start() -> Self {
        let free = net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let host = format!("127.0.0.1:{port}");
        let child = Command::new(tool("registry"))
            .args(["-port", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let started = Self { host, child };
        for _ in 0..500 {
            if net::TcpStream::connect(&started.host).is_ok() {
                return started;
            }
            thread::park_timeout(Duration::from_millis(10));
        }
        panic!("the registry does not start");
    }
}

impl Drop for OciRegistry {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A tool that `cargo xtask tools` has installed.
#[expect(clippy::disallowed_methods, reason = "tests look for the tools where xtask puts them")]
fn tool(name: &str) -> PathBuf {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let cache = variable("SOCLE_CACHE").map_or_else(
        || {
            let xdg = variable("XDG_CACHE_HOME").map(PathBuf::from);
            xdg.unwrap_or_else(|| Path::new(&variable("HOME").unwrap()).join(".cache"))
                .join("socle")
        },
        PathBuf::from,
    );
    let found = fs::read_dir(cache.join("tools")).into_iter().flatten().flatten();
    let prefix = format!("{name}-");
    found
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix))
        .map(|entry| entry.path().join(name))
        .find(|path| path.is_file())
        .unwrap_or_else(|| panic!("{name} is missing: run `cargo xtask tools {name}`"))
}
