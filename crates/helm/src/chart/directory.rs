//! The files of a chart's directory, in Helm's order, without what `.helmignore` leaves out.
//!
//! Not here: what the files mean. Symbolic links are followed, as Helm does, and announced.

use std::fs::{self, DirEntry, FileType, Metadata};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
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
    let mut walk = Walk { rules, found: Vec::new(), entries: 0, log };
    // Helm gives the walk the directory with a slash at its end, so that a link to a chart's
    // directory is not seen as a link.
    let kind = fs::metadata(&top).map_err(|error| file_error("lstat", &top, &error))?.file_type();
    let end = walk.enter(&top, "", kind);
    // What stands before the place where the walk ended is read first, as Helm does.
    let files = read_all(&walk.found)?;
    end.map(|()| files)
}

/// A file that belongs to the chart.
struct Found {
    path: PathBuf,
    /// Its path in the chart.
    name: String,
}

struct Walk<'log> {
    rules: Rules,
    found: Vec<Found>,
    entries: usize,
    log: &'log mut Log,
}

impl Walk<'_> {
    /// Visits what is at `path`, called `name` within the chart.
    fn visit(&mut self, path: PathBuf, name: &str, kind: FileType) -> Result<(), LoadError> {
        self.entries += 1;
        if self.entries > MAX_ENTRIES {
            return Err(LoadError::TooManyFiles(MAX_ENTRIES));
        }
        if !kind.is_symlink() {
            return self.enter(&path, name, kind);
        }
        let resolved = fs::canonicalize(&path).map_err(|error| LoadError::Link {
            path: shown(&path),
            reason: Box::new(broken_link(&path, &error)),
        })?;
        self.log.add_with(
            Level::Info,
            "found symbolic link in path. Contents of linked file included and used",
            vec![("path", shown(&path)), ("resolved", shown(&resolved))],
        );
        let found = fs::symlink_metadata(&resolved)
            .map_err(|error| file_error("lstat", &resolved, &error))?;
        self.enter(&path, name, found.file_type())
    }

    fn enter(&mut self, path: &Path, name: &str, kind: FileType) -> Result<(), LoadError> {
        if !name.is_empty() && self.rules.ignores(name, kind.is_dir()) {
            return Ok(());
        }
        if kind.is_file() {
            self.found.push(Found { path: path.to_owned(), name: name.to_owned() });
            return Ok(());
        }
        if !kind.is_dir() {
            return Err(LoadError::Irregular(shown(path)));
        }
        let listed = fs::read_dir(path).and_then(|entries| {
            let child = |entry: DirEntry| Ok((entry.file_name(), entry.file_type()?));
            entries.map(|entry| entry.and_then(child)).collect::<io::Result<Vec<_>>>()
        });
        let mut children = listed.map_err(|error| file_error("open", path, &error))?;
        children.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (child, kind) in children {
            let below = child.to_string_lossy();
            let inner =
                if name.is_empty() { below.into_owned() } else { format!("{name}/{below}") };
            self.visit(path.join(&child), &inner, kind)?;
        }
        Ok(())
    }
}

/// Fewer files are read before a second thread has started.
const WORTH_A_THREAD: usize = 64;
/// A thread takes so many files at a time.
const BATCH: usize = 16;

fn read_all(found: &[Found]) -> Result<Vec<File>, LoadError> {
    if found.len() >= WORTH_A_THREAD
        && let Some(files) = read_by_two(found)
    {
        return Ok(files);
    }
    let mut remaining = MAX_CHART_BYTES;
    found.iter().map(|found| found.read(&mut remaining)).collect()
}

/// The same on two threads, unless anything is wrong: which fault is the first, only reading one file
/// after the other can tell.
fn read_by_two(found: &[Found]) -> Option<Vec<File>> {
    let next = AtomicUsize::new(0);
    let read_some = || {
        let mut read = Vec::new();
        // Together the two may read no more than the chart may hold.
        let mut remaining = MAX_CHART_BYTES / 2;
        loop {
            let batch = next.fetch_add(1, Ordering::Relaxed);
            let Some(found) = found.chunks(BATCH).nth(batch) else { return Some(read) };
            let files = found.iter().map(|found| found.read(&mut remaining).ok());
            read.push((batch, files.collect::<Option<Vec<_>>>()?));
        }
    };
    let (mut batches, others) = thread::scope(|scope| {
        let other = thread::Builder::new().spawn_scoped(scope, read_some).ok()?;
        let own = read_some();
        Some((own?, other.join().ok().flatten()?))
    })?;
    batches.extend(others);
    batches.sort_unstable_by_key(|(batch, _)| *batch);
    Some(batches.into_iter().flat_map(|(_, files)| files).collect())
}

impl Found {
    /// Reads the file, if it is no larger than what `remaining` allows, and takes that off.
    fn read(&self, remaining: &mut u64) -> Result<File, LoadError> {
        let Self { path, name } = self;
        let (data, found) = read_within(path, remaining).map_err(|reason| LoadError::Reading {
            name: name.clone(),
            reason: Box::new(reason),
        })?;
        let data = data.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&data);
        let modified = found.modified().ok().and_then(|time| {
            // An archive counts in whole seconds; Go rounds to the nearest.
            let since = time.duration_since(UNIX_EPOCH).ok()? + Duration::from_millis(500);
            i64::try_from(since.as_secs()).ok()
        });
        Ok(File { name: name.as_str().into(), modified, data: data.into() })
    }
}

fn read_within(path: &Path, remaining: &mut u64) -> Result<(Vec<u8>, Metadata), LoadError> {
    let mut file = fs::File::open(path).map_err(|error| file_error("open", path, &error))?;
    let wrong = |error: io::Error| file_error("read", path, &error);
    let found = file.metadata().map_err(wrong)?;
    if found.len() > *remaining {
        return Err(LoadError::TooLarge(MAX_CHART_BYTES));
    }
    // One byte more shows a file that grew meanwhile, or one of a system that does not tell sizes.
    let size = usize::try_from(found.len()).unwrap_or(0);
    let mut data = vec![0; size + 1];
    let read = file.read(&mut data).map_err(wrong)?;
    data.truncate(read);
    if read == 0 || read != size {
        let rest = (*remaining + 1).saturating_sub(read as u64);
        file.take(rest).read_to_end(&mut data).map_err(wrong)?;
    }
    let read = data.len() as u64;
    if read > *remaining {
        return Err(LoadError::TooLarge(MAX_CHART_BYTES));
    }
    *remaining -= read;
    Ok((data, found))
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

/// The path without what does not lead anywhere, as Go joins paths.
pub(crate) fn clean(path: &Path) -> PathBuf {
    let mut cleaned = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => match cleaned.components().next_back() {
                Some(Component::Normal(_)) => {
                    cleaned.pop();
                }
                Some(Component::RootDir | Component::Prefix(_)) => {}
                _ => cleaned.push(".."),
            },
            other => cleaned.push(other),
        }
    }
    cleaned
}

#[cfg(test)]
mod tests {
    use super::*;

    /// More files than one thread reads alone, in two folders.
    fn chart(name: &str) -> io::Result<PathBuf> {
        let top = std::env::temp_dir().join(format!("socle-{name}-{}", std::process::id()));
        for folder in ["templates", "charts/below/templates"] {
            fs::create_dir_all(top.join(folder))?;
            for file in 0..WORTH_A_THREAD {
                fs::write(top.join(folder).join(format!("{file:03}")), vec![b'x'; file * 40])?;
            }
        }
        Ok(top)
    }

    #[test]
    fn two_threads_read_what_one_reads() -> Result<(), Box<dyn std::error::Error>> {
        let top = chart("two-threads")?;
        let files = read(&top, &mut Log::default())?;
        let names: Vec<_> = files.iter().map(|file| &*file.name).collect();
        assert!(names.is_sorted() && names.len() == 2 * WORTH_A_THREAD);
        assert!(
            files.iter().all(|file| file.name.ends_with(&format!("{:03}", file.data.len() / 40)))
        );
        fs::remove_dir_all(top)?;
        Ok(())
    }

    #[test]
    fn the_first_fault_is_told() -> Result<(), Box<dyn std::error::Error>> {
        let top = chart("first-fault")?;
        // Together too large for a chart, and the third is where that shows.
        for name in ["templates/010", "templates/050", "templates/060"] {
            fs::File::create(top.join(name))?.set_len(MAX_CHART_BYTES * 2 / 5)?;
        }
        let told = read(&top, &mut Log::default()).map_err(|error| error.to_string());
        let size = MAX_CHART_BYTES;
        let expected = format!("chart exceeds maximum decompressed size of {size} bytes");
        assert_eq!(told, Err(format!("error reading templates/060: {expected}")));
        fs::remove_dir_all(top)?;
        Ok(())
    }
}
