//! `cargo xtask dist`: what people install who have no Rust: one static binary, a wheel for `pip`, a
//! package for Debian, and their digests. The same bytes whoever makes them, and when.

mod archives;
mod package;
mod roots;
mod wheel;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell::{self, Stopwatch};

/// The version of everything here.
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The seconds of 1980-01-01, the first moment that every kind of archive knows.
const MOMENT: u64 = 315_532_800;
/// What the program is, in a line.
const SUMMARY: &str =
    "Digital services on Kubernetes, from one file; and Helm charts, rendered as Helm does";
/// The configuration that is built where things are tried.
const DEMONSTRATION: &str = "examples/demo/socle.yaml";

/// Runs the command.
pub fn run(words: &[String]) -> Result<()> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (is_tried, is_again) = match words[..] {
        [] => (false, false),
        ["--try"] => (true, false),
        ["--again"] => (false, true),
        _ => bail!("`dist` takes `--try` or `--again`"),
    };
    let watch = Stopwatch::start();
    let cargo = Cargo::ask()?;
    let program = build(&cargo.builds)?;
    let home = cargo.target.join("dist");
    let made = write(&program, &home)?;
    if is_tried {
        roots::check(&made, &shell::root().join(DEMONSTRATION))?;
    }
    if is_again {
        let other = shell::Scratch::under(&cargo.target, "again")?;
        let again = build(other.path())?;
        if shell::sha256(&again)? != shell::sha256(&program)? {
            bail!("a second build in another directory gave another binary");
        }
        println!("a second build in another directory gave the same bytes");
    }
    println!("in {} after {:.0} s:", home.display(), watch.seconds());
    print!("{}", fs::read_to_string(home.join("SHA256SUMS"))?);
    Ok(())
}

/// The files that are made.
#[derive(Debug)]
struct Made {
    program: PathBuf,
    wheel: PathBuf,
    package: PathBuf,
}

/// Writes everything that is made of the program.
fn write(program: &Path, home: &Path) -> Result<Made> {
    let bytes = fs::read(program).with_context(|| format!("cannot read {}", program.display()))?;
    let licence = fs::read(shell::root().join("LICENSE")).context("cannot read LICENSE")?;
    let machine = std::env::consts::ARCH;
    let made = Made {
        program: home.join(format!("socle-{VERSION}-{machine}-linux")),
        wheel: home.join(wheel::name(machine)),
        package: home.join(package::name(machine)?),
    };
    shell::write(&made.program, &bytes)?;
    executable(&made.program)?;
    shell::write(&made.wheel, wheel::bytes(&bytes, &licence, machine)?)?;
    shell::write(&made.package, package::bytes(&bytes, &licence, machine)?)?;
    let mut sums = String::new();
    for path in [&made.program, &made.wheel, &made.package] {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        sums.push_str(&format!("{}  {name}\n", shell::sha256(path)?));
    }
    shell::write(&home.join("SHA256SUMS"), sums)?;
    Ok(made)
}

/// Lets a file be run.
fn executable(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
        .with_context(|| format!("cannot make {} a program", path.display()))
}

/// Where Cargo has its things.
struct Cargo {
    /// Where it puts programs.
    target: PathBuf,
    /// Where it puts what it needs on the way.
    builds: PathBuf,
}

impl Cargo {
    fn ask() -> Result<Self> {
        let mut command = Command::new(env!("CARGO"));
        command.args(["metadata", "--no-deps", "--format-version", "1"]);
        let told = shell::output(command.current_dir(shell::root()))?;
        let told: serde_json::Value = serde_json::from_str(&told)?;
        let path = |name: &str| told[name].as_str().map(PathBuf::from);
        let target = path("target_directory").context("cargo names no target directory")?;
        Ok(Self { builds: path("build_directory").unwrap_or_else(|| target.clone()), target })
    }
}

/// The static program, built in a directory. No path of this machine gets into it.
fn build(builds: &Path) -> Result<PathBuf> {
    let triple = format!("{}-unknown-linux-musl", std::env::consts::ARCH);
    // Programs of glibc look for names by modules that they load: musl's are whole.
    let sysroot = shell::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    if !Path::new(sysroot.trim()).join("lib/rustlib").join(&triple).is_dir() {
        bail!("Rust has no {triple} here: run `rustup target add {triple}`");
    }
    if shell::output(Command::new("musl-gcc").arg("--version")).is_err() {
        bail!("musl-gcc is missing: run `apt-get install musl-tools`");
    }
    let home = shell::env("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| shell::env("HOME").map(|home| Path::new(&home).join(".cargo")));
    let home = home.context("neither CARGO_HOME nor HOME is set")?;
    let names = [
        (home.display().to_string(), "/cargo"),
        (builds.display().to_string(), "/build"),
        (shell::root().display().to_string(), "/socle"),
    ];
    let of_rust = names.iter().map(|(from, to)| format!("--remap-path-prefix={from}={to}"));
    let of_c = names.iter().map(|(from, to)| format!("-ffile-prefix-map={from}={to}"));
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["build", "--release", "--locked", "--package", "socle-cli"])
        .args(["--target", &triple])
        .env("CARGO_BUILD_BUILD_DIR", builds)
        .env("CARGO_ENCODED_RUSTFLAGS", of_rust.collect::<Vec<_>>().join("\u{1f}"))
        .env(format!("CFLAGS_{}", triple.replace('-', "_")), of_c.collect::<Vec<_>>().join(" "));
    println!("building for {triple}; this takes some minutes");
    shell::program(&mut command, "socle")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In the program's place: what it prints is seen to be printed.
    const SCRIPT: &str = "#!/bin/sh\necho it runs\n";

    fn made(purpose: &str) -> (shell::Scratch, Made) {
        let scratch = shell::Scratch::new(purpose).unwrap();
        let program = scratch.path().join("script");
        fs::write(&program, SCRIPT).unwrap();
        let made = write(&program, &scratch.path().join("dist")).unwrap();
        (scratch, made)
    }

    #[test]
    fn pip_takes_the_wheel() {
        let (scratch, made) = made("wheel");
        let program = roots::by_pip(&made.wheel, scratch.path()).unwrap();
        assert_eq!(shell::output(&mut Command::new(program)).unwrap(), "it runs\n");
    }

    #[test]
    fn dpkg_takes_the_package() {
        let (scratch, made) = made("package");
        let root = roots::by_dpkg(&made.package, scratch.path()).unwrap();
        let program = root.join("usr/bin/socle");
        assert_eq!(shell::output(&mut Command::new(program)).unwrap(), "it runs\n");
        assert!(root.join("usr/share/doc/socle/copyright").is_file());
    }

    #[test]
    fn the_same_bytes_are_made_twice() {
        let ((one, _one), (two, _two)) = (made("once"), made("twice"));
        let sums = |scratch: &shell::Scratch| {
            fs::read_to_string(scratch.path().join("dist/SHA256SUMS")).unwrap()
        };
        assert_eq!(sums(&one), sums(&two));
        assert_eq!(sums(&one).lines().count(), 3);
    }
}
