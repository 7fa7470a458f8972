//! What is made, tried where nothing else is: each is installed into a root of its own, which becomes
//! `/`; the program builds a platform there, and asks a server by name.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, thread};

use anyhow::{Context, Result, bail};

use super::Made;
use crate::shell::{self, Scratch};

/// A server whose name only the file `/etc/hosts` of the root knows.
const SERVER: &str = "charts.example";

/// Tries all three.
pub fn check(made: &Made, configuration: &Path) -> Result<()> {
    let scratch = Scratch::new("roots")?;
    let alone = scratch.path().join("alone");
    fs::create_dir_all(&alone)?;
    fs::copy(&made.program, alone.join("socle")).context("cannot copy the program")?;
    // Of what pip installed, the program alone: its root has no Python.
    let of_pip = scratch.path().join("of-pip");
    fs::create_dir_all(&of_pip)?;
    fs::copy(by_pip(&made.wheel, scratch.path())?, of_pip.join("socle"))?;
    let of_dpkg = by_dpkg(&made.package, scratch.path())?;
    let mut sums = Vec::new();
    for (name, root, program) in [
        ("binary", alone, "/socle"),
        ("wheel", of_pip, "/socle"),
        ("package", of_dpkg, "/usr/bin/socle"),
    ] {
        let sum = build(&root, program, configuration).with_context(|| name.to_owned())?;
        resolve(&root, program).with_context(|| name.to_owned())?;
        println!("{name}: builds a platform, and finds a server, in a root without anything else");
        sums.push(sum);
    }
    if sums.windows(2).any(|two| two[0] != two[1]) {
        bail!("they do not build the same platform");
    }
    Ok(())
}

/// A program in a root, without an environment.
fn inside(root: &Path, program: &str) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--root"]).arg(root).args(["--wd", "/", program]);
    command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    command
}

/// Builds a platform, and says what its digests are.
fn build(root: &Path, program: &str, configuration: &Path) -> Result<String> {
    fs::copy(configuration, root.join("socle.yaml")).context("cannot copy the configuration")?;
    shell::output(inside(root, program).arg("build"))?;
    fs::read_to_string(root.join("install/SHA256SUMS")).context("nothing was built")
}

/// Asks a server for a repository by its name: the request must arrive, with the name.
fn resolve(root: &Path, program: &str) -> Result<()> {
    shell::write(&root.join("etc/hosts"), format!("127.0.0.1 {SERVER}\n"))?;
    let server = TcpListener::bind("127.0.0.1:0")?;
    let port = server.local_addr()?.port();
    let heard = thread::spawn(move || -> std::io::Result<String> {
        let (mut client, _) = server.accept()?;
        let mut text = vec![0; 4096];
        let size = client.read(&mut text)?;
        client.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")?;
        Ok(String::from_utf8_lossy(&text[..size]).into_owned())
    });
    let url = format!("http://{SERVER}:{port}");
    let told = inside(root, program)
        .args(["chart", "show", "chart", "web", "--repo", &url])
        .output()
        .context("cannot start unshare")?;
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    if !told.contains("404") {
        bail!("{SERVER} did not answer: {told}");
    }
    let text = heard.join().ok().context("the server ended")??;
    if !text.to_ascii_lowercase().contains(&format!("host: {SERVER}:{port}")) {
        bail!("the server was asked otherwise: {text}");
    }
    Ok(())
}

/// Installs a wheel by pip into an environment of its own, and says where the program is.
pub fn by_pip(wheel: &Path, home: &Path) -> Result<PathBuf> {
    let environment = home.join("venv");
    shell::output(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    let pip = ["install", "--quiet", "--no-index", "--disable-pip-version-check"];
    shell::output(Command::new(environment.join("bin/pip")).args(pip).arg(wheel))?;
    Ok(environment.join("bin/socle"))
}

/// Installs a package by dpkg into a root of its own, and says where that is.
pub fn by_dpkg(package: &Path, home: &Path) -> Result<PathBuf> {
    let root = home.join("of-dpkg");
    for directory in ["info", "updates"] {
        fs::create_dir_all(root.join("var/lib/dpkg").join(directory))?;
    }
    fs::write(root.join("var/lib/dpkg/status"), "")?;
    let mut dpkg = Command::new("dpkg");
    dpkg.arg("--root").arg(&root).args(["--force-not-root", "--force-bad-path", "--install"]);
    shell::output(dpkg.arg(package))?;
    Ok(root)
}
