//! Servers that tests start: Keycloak from Maven, and programs of Debian packages.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell;

/// Every server of `crates/live/tests/servers`.
pub const SERVERS: &[&str] = &["keycloak", "postgresql", "redis", "slapd", "versitygw", "smtp"];

/// How Keycloak is built for the database and with the ways in that the catalogue's service has;
/// with this done once, it starts in half the time.
pub const KEYCLOAK_BUILD: &[&str] =
    &["build", "--db=postgres", "--health-enabled=true", "--metrics-enabled=true"];

/// Puts Keycloak into `made`, with its program beside it under the tool's name.
pub fn keycloak(scratch: &Path, made: &Path, version: &str, sha256: &str) -> Result<()> {
    shell::output(Command::new("java").arg("-version"))
        .context("Java 17 or later is missing: `apt-get install openjdk-17-jre-headless`")?;
    let artifact = format!("org.keycloak:keycloak-quarkus-dist:{version}:zip");
    shell::output(
        Command::new("mvn")
            .args(["--batch-mode", "--quiet", "dependency:copy"])
            .arg(format!("-Dartifact={artifact}"))
            .arg(format!("-DoutputDirectory={}", scratch.display()))
            .current_dir(scratch),
    )
    .context("Maven fetches it: is it there (`apt-get install maven`), with a repository?")?;
    let archive = scratch.join(format!("keycloak-quarkus-dist-{version}.zip"));
    let is = shell::sha256(&archive)?;
    if is != sha256 {
        bail!("{artifact} has the SHA-256 {is}, but {sha256} is pinned");
    }
    super::sources::unzip(&archive, scratch)?;
    let unpacked = scratch.join(format!("keycloak-{version}"));
    for entry in fs::read_dir(&unpacked)? {
        let entry = entry?;
        fs::rename(entry.path(), made.join(entry.file_name()))?;
    }
    for script in ["bin/kc.sh", "bin/kcadm.sh"] {
        fs::set_permissions(made.join(script), fs::Permissions::from_mode(0o755))?;
    }
    shell::output(Command::new(made.join("bin/kc.sh")).args(KEYCLOAK_BUILD))?;
    symlink("bin/kc.sh", made.join("keycloak"))?;
    Ok(())
}

/// Links to a program of the system; its package is installed if it is missing and we may do so.
pub fn debian(made: &Path, name: &str, package: &str, programs: &[&str]) -> Result<()> {
    if find(programs).is_none() {
        shell::run(
            Command::new("apt-get")
                .args(["install", "--yes", "--quiet", "--no-install-recommends", package])
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
        .with_context(|| format!("`apt-get install {package}`, as root, would bring it"))?;
    }
    let program = find(programs).with_context(|| format!("{package} has none of {programs:?}"))?;
    symlink(&program, made.join(name))?;
    Ok(())
}

/// The first program that is there; of several versions (`*` for a directory) the newest.
fn find(programs: &[&str]) -> Option<PathBuf> {
    programs.iter().find_map(|program| {
        let Some((above, below)) = program.split_once("/*/") else {
            return Some(PathBuf::from(program)).filter(|path| path.is_file());
        };
        let entries = fs::read_dir(above).ok()?.filter_map(Result::ok);
        let version = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            name.parse::<u32>().unwrap_or(0)
        };
        let newest = entries.map(|entry| entry.path()).max_by_key(version)?;
        Some(newest.join(below)).filter(|path| path.is_file())
    })
}
