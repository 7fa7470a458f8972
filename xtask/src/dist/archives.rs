//! Archives as bytes: tar, ar, zip. Of everything that they can hold only files, in the order in which
//! they are given; times, owners and modes are always the same.

use std::io::Write;

use anyhow::{Context, Result, bail};
use flate2::{Compression, Crc, GzBuilder};

use super::MOMENT;

/// A file of an archive.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its path, without a slash before it.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// Whether it can be run.
    pub is_program: bool,
}

impl Entry {
    /// A file that is read.
    pub fn plain(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), bytes: bytes.into(), is_program: false }
    }

    /// A file that is run.
    pub fn program(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), bytes: bytes.into(), is_program: true }
    }

    fn mode(&self) -> u32 {
        if self.is_program { 0o755 } else { 0o644 }
    }
}

/// A tar archive (ustar) under gzip, with the directories that lead to its files.
pub fn tar_gz(entries: &[Entry]) -> Result<Vec<u8>> {
    let mut out = GzBuilder::new().write(Vec::new(), Compression::best());
    let mut directories: Vec<String> = Vec::new();
    for entry in entries {
        let ends = entry.path.match_indices('/').map(|(at, _)| &entry.path[..=at]);
        for directory in ends {
            if !directories.iter().any(|known| known == directory) {
                directories.push(directory.to_owned());
                out.write_all(&tar_header(directory, 0, 0o755, b'5')?)?;
            }
        }
        out.write_all(&tar_header(&entry.path, entry.bytes.len(), entry.mode(), b'0')?)?;
        out.write_all(&entry.bytes)?;
        out.write_all(&vec![0; entry.bytes.len().next_multiple_of(512) - entry.bytes.len()])?;
    }
    out.write_all(&[0; 1024])?;
    Ok(out.finish()?)
}

fn tar_header(path: &str, size: usize, mode: u32, kind: u8) -> Result<[u8; 512]> {
    let mut header = [0; 512];
    let path = format!("./{path}");
    if path.len() > 100 {
        bail!("{path} is too long for a tar archive");
    }
    let mut put = |at: usize, text: &str| {
        header[at..at + text.len()].copy_from_slice(text.as_bytes());
    };
    put(0, &path);
    put(100, &format!("{mode:07o}"));
    put(108, "0000000");
    put(116, "0000000");
    put(124, &format!("{size:011o}"));
    put(136, &format!("{MOMENT:011o}"));
    put(148, "        ");
    put(156, &char::from(kind).to_string());
    put(257, "ustar\u{0}00root");
    put(297, "root");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\u{0} ").as_bytes());
    Ok(header)
}

/// An ar archive.
pub fn ar(entries: &[Entry]) -> Vec<u8> {
    let mut out = b"!<arch>\n".to_vec();
    for Entry { path, bytes, .. } in entries {
        let size = bytes.len();
        out.extend(format!("{path:<16}{MOMENT:<12}0     0     100644  {size:<10}`\n").bytes());
        out.extend(bytes);
        out.resize(out.len().next_multiple_of(2), b'\n');
    }
    out
}

/// A zip archive.
pub fn zip(entries: &[Entry]) -> Result<Vec<u8>> {
    /// 1980-01-01 as DOS has it, after 0:00.
    const DATE: u32 = 0x0021_0000;
    let mut out: Vec<u8> = Vec::new();
    let mut directory: Vec<u8> = Vec::new();
    let number = |length: usize| u32::try_from(length).context("too large for a zip archive");
    for entry in entries {
        let start = number(out.len())?;
        let mut sum = Crc::new();
        sum.update(&entry.bytes);
        let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&entry.bytes)?;
        let packed = packed.finish()?;
        // Version 2.0, no flags, deflated; then what both headers say.
        let mut common = vec![20, 0, 0, 0, 8, 0];
        let sizes = [DATE, sum.sum(), number(packed.len())?, number(entry.bytes.len())?];
        common.extend(sizes.iter().flat_map(|one| one.to_le_bytes()));
        common.extend(number(entry.path.len())?.to_le_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(entry.path.bytes());
        out.extend(packed);
        // Made by Unix, whose modes stand in the attributes.
        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(&common);
        directory.extend([0; 6]);
        directory.extend(((0o100_000 | entry.mode()) << 16).to_le_bytes());
        directory.extend(start.to_le_bytes());
        directory.extend(entry.path.bytes());
    }
    let count = u16::try_from(entries.len()).context("too many files for a zip archive")?;
    let (start, size) = (number(out.len())?, number(directory.len())?);
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    out.extend([size.to_le_bytes(), start.to_le_bytes()].concat());
    out.extend([0, 0]);
    Ok(out)
}
