//! The files of a packaged chart (`.tgz`), with every check on names and sizes that Helm makes.
//!
//! Not here: writing one (see `package`). Nothing is ever written to disk. Follows Helm 4's
//! `pkg/chart/loader/archive`.

use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use super::File;
use super::gzip::{Gunzip, GzipError};
use super::load::{LoadError, file_error, shown};
use super::tar::{Header, Reader, TarError};

/// A chart may unpack to this much: Helm's own bound.
pub const MAX_CHART_BYTES: u64 = 100 * 1024 * 1024;
/// Archives within an archive are bounded one by one in Helm; together they are bounded here, so
/// that a small archive of archives cannot fill the memory.
const MAX_TOTAL_BYTES: u64 = 4 * MAX_CHART_BYTES;
/// Empty files cost no bytes of content, so their number is bounded too.
const MAX_ENTRIES: u64 = 200_000;

/// Why an archive is not a chart's.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The stream does not start as gzip does.
    #[error("gzip: invalid header")]
    GzipHeader,
    /// The tar stream is broken.
    #[error(transparent)]
    Tar(TarError),
    /// A path starts at the root.
    #[error("chart illegally contains absolute paths")]
    AbsolutePath,
    /// A file stands beside the chart's folder.
    #[error("chart illegally contains content outside the base directory: {0}")]
    OutsideBase(String),
    /// A path leads out of the chart.
    #[error("chart illegally references parent directory")]
    ParentDirectory,
    /// A path names a drive.
    #[error("chart contains illegally named files")]
    DrivePath,
    /// The chart's files lie at the top instead of in a folder.
    #[error("chart yaml not in base directory")]
    NoBaseDirectory,
    /// It unpacks to more than a chart may.
    #[error("decompressed chart is larger than the maximum size {0}")]
    TooLarge(u64),
    /// It and the archives in it unpack to more than a chart may.
    #[error("decompressed chart and its packaged sub-charts are larger than the maximum size {0}")]
    TooLargeTogether(u64),
    /// It has more entries than any chart.
    #[error("chart archive has more than {0} entries")]
    TooManyEntries(u64),
    /// Nothing is in it.
    #[error("no files in chart archive")]
    Empty,
}

impl From<TarError> for ArchiveError {
    fn from(error: TarError) -> Self {
        let is_header = |fault: &GzipError| matches!(fault, GzipError::Header);
        match &error {
            TarError::Read(below)
                if below
                    .get_ref()
                    .and_then(|fault| fault.downcast_ref())
                    .is_some_and(is_header) =>
            {
                Self::GzipHeader
            }
            _ => Self::Tar(error),
        }
    }
}

/// What unpacking may still cost, over a chart and all archives in it.
pub(super) struct Budget {
    bytes: u64,
    entries: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { bytes: MAX_TOTAL_BYTES, entries: MAX_ENTRIES }
    }
}

/// The files of the archive at `path`; says what the file is when it is no archive.
pub(super) fn read_file(path: &Path, budget: &mut Budget) -> Result<Vec<File>, LoadError> {
    let mut file = fs::File::open(path).map_err(|error| file_error("open", path, &error))?;
    // The window is always full: where the file ends early, zeros count as its content.
    let mut start = [0; 512];
    let read = file.read(&mut start).map_err(|error| file_error("read", path, &error))?;
    if !start.starts_with(&GZIP_MAGIC) {
        let name = shown(path);
        if has_yaml_suffix(&name) {
            return Err(LoadError::YamlFile(name));
        }
        return Err(LoadError::NotAnArchive { file: name, content: content_type(&start) });
    }
    let stream = Cursor::new(&start[..read]).chain(file);
    unpack(stream, budget).map_err(|error| match error {
        ArchiveError::GzipHeader => LoadError::NotAChartFile { file: shown(path), reason: error },
        other => other.into(),
    })
}

pub(super) const GZIP_MAGIC: [u8; 3] = [0x1F, 0x8B, 0x08];

fn has_yaml_suffix(name: &str) -> bool {
    [".yml", ".yaml"].iter().any(|suffix| name.ends_with(suffix))
}

/// The files of an archive in memory.
pub fn read_archive(data: &[u8]) -> Result<Vec<File>, ArchiveError> {
    read_archive_within(data, &mut Budget::default())
}

pub(super) fn read_archive_within(
    data: &[u8],
    budget: &mut Budget,
) -> Result<Vec<File>, ArchiveError> {
    unpack(data, budget)
}

fn unpack(stream: impl Read, budget: &mut Budget) -> Result<Vec<File>, ArchiveError> {
    let mut entries = Reader::new(Gunzip::new(stream).map_err(TarError::from)?);
    let mut remaining = MAX_CHART_BYTES;
    let mut files = Vec::new();
    while let Some(header) = entries.next_entry()? {
        budget.entries =
            budget.entries.checked_sub(1).ok_or(ArchiveError::TooManyEntries(MAX_ENTRIES))?;
        if header.is_directory || header.is_global {
            continue;
        }
        let name = path_in_chart(&header)?;
        // A negative size is a link's, which has no content.
        let announced = u64::try_from(header.size).unwrap_or(0);
        if announced > remaining {
            return Err(ArchiveError::TooLarge(MAX_CHART_BYTES));
        }
        budget.bytes = budget
            .bytes
            .checked_sub(announced)
            .ok_or(ArchiveError::TooLargeTogether(MAX_TOTAL_BYTES))?;
        let data = entries.content()?;
        remaining -= data.len() as u64;
        if (data.len() as u64) < announced || remaining == 0 {
            return Err(ArchiveError::TooLarge(MAX_CHART_BYTES));
        }
        let data = data.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&data);
        files.push(File { name: name.into(), modified: Some(header.modified), data: data.into() });
    }
    if files.is_empty() { Err(ArchiveError::Empty) } else { Ok(files) }
}

/// The path below the archive's top folder, checked.
fn path_in_chart(header: &Header) -> Result<String, ArchiveError> {
    let full = String::from_utf8_lossy(&header.name);
    let delimiter = if full.contains('\\') { '\\' } else { '/' };
    let (base, below) = full.split_once(delimiter).unwrap_or((&full, ""));
    let below = below.replace(delimiter, "/");
    if below.starts_with('/') {
        return Err(ArchiveError::AbsolutePath);
    }
    let path = clean(&below);
    if path == "." {
        return Err(ArchiveError::OutsideBase(strconv::quote(&header.name)));
    }
    if path.starts_with("..") {
        return Err(ArchiveError::ParentDirectory);
    }
    let mut start = path.chars();
    if start.next().is_some_and(|c| c.is_ascii_alphabetic()) && start.as_str().starts_with(":/") {
        return Err(ArchiveError::DrivePath);
    }
    if base == "Chart.yaml" {
        return Err(ArchiveError::NoBaseDirectory);
    }
    Ok(path)
}

/// Go's `path.Clean` of a relative path.
fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

/// The content types that are likely given for a chart by mistake; the table of Go's
/// `http.DetectContentType` has more.
fn content_type(start: &[u8]) -> &'static str {
    const MAGIC: [(&[u8], &str); 9] = [
        (b"PK\x03\x04", "application/zip"),
        (b"%PDF-", "application/pdf"),
        (b"\x89PNG\x0D\x0A\x1A\x0A", "image/png"),
        (b"\xFF\xD8\xFF", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"Rar!\x1A\x07", "application/x-rar-compressed"),
        (b"<?xml", "text/xml; charset=utf-8"),
        (b"\xFE\xFF", "text/plain; charset=utf-16be"),
        (b"\xFF\xFE", "text/plain; charset=utf-16le"),
    ];
    let text = start.trim_ascii_start();
    for (magic, name) in MAGIC {
        let looked_at = if name.starts_with("text/xml") { text } else { start };
        if looked_at.starts_with(magic) {
            return name;
        }
    }
    if is_html(text) {
        return "text/html; charset=utf-8";
    }
    let is_binary = |b: &u8| matches!(b, 0..=8 | 0x0B | 0x0E..=0x1A | 0x1C..=0x1F);
    if start.iter().any(is_binary) {
        "application/octet-stream"
    } else {
        "text/plain; charset=utf-8"
    }
}

fn is_html(text: &[u8]) -> bool {
    const TAGS: [&str; 17] = [
        "<!DOCTYPE HTML",
        "<HTML",
        "<HEAD",
        "<SCRIPT",
        "<IFRAME",
        "<H1",
        "<DIV",
        "<FONT",
        "<TABLE",
        "<A",
        "<STYLE",
        "<TITLE",
        "<B",
        "<BODY",
        "<BR",
        "<P",
        "<!--",
    ];
    TAGS.iter().any(|tag| {
        text.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()))
            && matches!(text.get(tag.len()), Some(b' ' | b'>'))
    })
}
