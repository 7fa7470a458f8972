//! A package for Debian and its like (deb(5), format 2.0): the program and its licence. It depends on
//! nothing, because the program is static.

use anyhow::{Result, bail};

use super::archives::{Entry, ar, tar_gz};
use super::{SUMMARY, VERSION};

/// The name of the file.
pub fn name(machine: &str) -> Result<String> {
    Ok(format!("socle_{VERSION}_{}.deb", architecture(machine)?))
}

/// What Debian calls a machine.
fn architecture(machine: &str) -> Result<&'static str> {
    match machine {
        "x86_64" => Ok("amd64"),
        "aarch64" => Ok("arm64"),
        _ => bail!("no package is made for {machine}"),
    }
}

/// The file.
pub fn bytes(program: &[u8], licence: &[u8], machine: &str) -> Result<Vec<u8>> {
    let files = [
        Entry::program("usr/bin/socle", program),
        Entry::plain("usr/share/doc/socle/copyright", licence),
    ];
    let size: usize = files.iter().map(|file| file.bytes.len().div_ceil(1024)).sum();
    let control = format!(
        "Package: socle\nVersion: {VERSION}\nArchitecture: {}\nMaintainer: the people of Socle\n\
         Installed-Size: {size}\nSection: admin\nPriority: optional\nDescription: {SUMMARY}\n",
        architecture(machine)?
    );
    Ok(ar(&[
        Entry::plain("debian-binary", "2.0\n"),
        Entry::plain("control.tar.gz", tar_gz(&[Entry::plain("control", control)])?),
        Entry::plain("data.tar.gz", tar_gz(&files)?),
    ]))
}
