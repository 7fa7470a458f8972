//! The files of a chart's directory, in Helm's order, without what `.helmignore` leaves out.
//!
//! Not here: what the files mean. Symbolic links are followed, as Helm does, and announced.

use std::fs::{self, Metadata};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use super::archive::MAX_CHART_BYTES;
use super::load::{LoadError, file_error, shown};
use super::{File, Rules};
use crate::log::{Level, Log};

/// More entries than this are no chart: links to folders above can unfold without end.
const MAX_ENTRIES: usize = 200_000;

/// Reads every file of the directory that belongs to the chart.
pub(super) fn read(path: &Path, log: &mut Log) -> Result<Vec<File>, LoadError> {
    let top = absolute(path);
    let ignore_file = top.join(".helmignore");
    let rules = if fs::metadata(&ignore_file).is_ok() {
        let text =
            read_alone(&ignore_file).map_err(|error| file_error("open", &ignore_file, &error))?;
        Rules::parse(&text)?
    } else {
        Rules::default()
    };
    let rules = rules.with_defaults();
    let mut walk = Walk { rules, files: Vec::new(), remaining: MAX_CHART_BYTES, entries: 0, log };
    // Helm gives the walk the directory with a slash at its end, so that a link to a chart's
    // directory is not seen as a link.
    let found = fs::metadata(&top).map_err(|error| file_error("lstat", &top, &error))?;
    walk.enter(&top, "", &found)?;
    Ok(walk.files)
}

struct Walk<'log> {
    rules: Rules,
    files: Vec<File>,
    remaining: u64,
    entries: usize,
    log: &'log mut Log,
}

impl Walk<'_> {
    /// Visits what is at `path`, called `name` within the chart ("" at the top).
    fn visit(&mut self, path: &Path, name: &str) -> Result<(), LoadError> {
        self.entries += 1;
        if self.entries > MAX_ENTRIES {
            return Err(LoadError::TooManyFiles(MAX_ENTRIES));
        }
        let found =
            fs::symlink_metadata(path).map_err(|error| file_error("lstat", path, &error))?;
        if !found.file_type().is_symlink() {
            return self.enter(path, name, &found);
        }
        let resolved = fs::canonicalize(path).map_err(|error| LoadError::Link {
            path: shown(path),
            reason: Box::new(broken_link(path, &error)),
        })?;
        self.log.add_with(
            Level::Info,
            "found symbolic link in path. Contents of linked file included and used",
            vec![("path", shown(path)), ("resolved", shown(&resolved))],
        );
        let found = fs::symlink_metadata(&resolved)
            .map_err(|error| file_error("lstat", &resolved, &error))?;
        self.enter(path, name, &found)
    }

    fn enter(&mut self, path: &Path, name: &str, found: &Metadata) -> Result<(), LoadError> {
        if !name.is_empty() && self.rules.ignores(name, found.is_dir()) {
            return Ok(());
        }
        if !found.is_dir() {
            return self.read_file(path, name, found);
        }
        let listed = fs::read_dir(path).and_then(|entries| {
            entries.map(|entry| entry.map(|entry| entry.file_name())).collect::<Result<Vec<_>, _>>()
        });
        let mut children = listed.map_err(|error| file_error("open", path, &error))?;
        children.sort();
        for child in children {
            let below = child.to_string_lossy();
            let inner =
                if name.is_empty() { below.into_owned() } else { format!("{name}/{below}") };
            self.visit(&path.join(&child), &inner)?;
        }
        Ok(())
    }

    fn read_file(&mut self, path: &Path, name: &str, found: &Metadata) -> Result<(), LoadError> {
        if !found.is_file() {
            return Err(LoadError::Irregular(shown(path)));
        }
        let data = self.read_within_budget(path, found.len()).map_err(|reason| {
            LoadError::Reading { name: name.to_owned(), reason: Box::new(reason) }
        })?;
        let data = data.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&data);
        let modified = found.modified().ok().and_then(|time| {
            // An archive counts in whole seconds; Go rounds to the nearest.
            let since = time.duration_since(UNIX_EPOCH).ok()? + Duration::from_millis(500);
            i64::try_from(since.as_secs()).ok()
        });
        self.files.push(File { name: name.into(), modified, data: data.into() });
        Ok(())
    }

    fn read_within_budget(&mut self, path: &Path, size: u64) -> Result<Vec<u8>, LoadError> {
        if size > self.remaining {
            return Err(LoadError::TooLarge(MAX_CHART_BYTES));
        }
        let file = fs::File::open(path).map_err(|error| file_error("open", path, &error))?;
        let mut data = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        // One byte more than allowed shows a file that grew while it was read.
        file.take(self.remaining + 1)
            .read_to_end(&mut data)
            .map_err(|error| file_error("read", path, &error))?;
        let read = data.len() as u64;
        if read > self.remaining {
            return Err(LoadError::TooLarge(MAX_CHART_BYTES));
        }
        self.remaining -= read;
        Ok(data)
    }
}

/// The content of one file of a chart. Reading a pipe or a device might never end, so these are
/// refused, and so is a file that is larger than a chart.
pub fn read_alone(path: &Path) -> io::Result<Vec<u8>> {
    let found = fs::metadata(path)?;
    if !found.is_file() && !found.is_dir() {
        return Err(io::Error::other("not a regular file"));
    }
    let mut data = Vec::new();
    fs::File::open(path)?.take(MAX_CHART_BYTES + 1).read_to_end(&mut data)?;
    if data.len() as u64 > MAX_CHART_BYTES {
        return Err(io::Error::other(format!("larger than {MAX_CHART_BYTES} bytes")));
    }
    Ok(data)
}

/// Go names the missing target of a broken link, not the link.
fn broken_link(path: &Path, error: &std::io::Error) -> LoadError {
    let target = fs::read_link(path).unwrap_or_else(|_| path.to_owned());
    let target = path.parent().map_or_else(|| target.clone(), |parent| parent.join(&target));
    file_error("lstat", &clean(&target), error)
}

/// Go's `filepath.Abs`: absolute, and cleaned of `.` and `..` by their letters.
pub fn absolute(path: &Path) -> PathBuf {
    clean(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()))
}

fn clean(path: &Path) -> PathBuf {
    let mut cleaned = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                cleaned.pop();
            }
            other => cleaned.push(other),
        }
    }
    cleaned
}
