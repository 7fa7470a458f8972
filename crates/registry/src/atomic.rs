//! Files that appear whole or not at all.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::FileError;

/// How many names are tried for the unfinished file. Only left-overs of a process with the same
/// id can be in the way, and those are few.
const NAME_TRIES: u32 = 64;

/// Writes a file by way of an unfinished one beside it, and makes its folder when missing.
pub fn write(path: &Path, content: &[u8]) -> Result<(), FileError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|source| FileError::new("mkdir", folder, source))?;
    let (unfinished, mut file) = create_beside(path)?;
    let written = file.write_all(content).and_then(|()| file.flush());
    drop(file);
    let done = written.and_then(|()| fs::rename(&unfinished, path));
    done.map_err(|source| {
        // The first error matters; a left-over that cannot be removed harms nobody.
        let _ = fs::remove_file(&unfinished);
        FileError::new("write", path, source)
    })
}

fn create_beside(path: &Path) -> Result<(PathBuf, fs::File), FileError> {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
    for _ in 0..NAME_TRIES {
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let unfinished = path.with_file_name(format!(".{name}.{}-{number}", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&unfinished) {
            Ok(file) => return Ok((unfinished, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(FileError::new("create", &unfinished, error)),
        }
    }
    Err(FileError::new("create", path, last))
}
