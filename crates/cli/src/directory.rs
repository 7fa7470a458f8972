//! A directory of generated files, written so that a fault leaves what was there before.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use install::File;

use crate::error::CommandError;

/// Where new files stand until all of them are written.
const STAGE: &str = ".socle-new";

/// Writes the files and takes away those of the build before that are no more. What a person put
/// into the directory stays. Gives the number of files that have changed.
pub fn write(directory: &Path, files: &[File]) -> Result<usize, CommandError> {
    let wrong = |error: io::Error| CommandError::new(format!("{}: {error}", directory.display()));
    let before = files_before(directory).map_err(wrong)?;
    let is_taken = before.is_none()
        && fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_some());
    if is_taken {
        return Err(CommandError::new(format!(
            "{} holds other files than those of a build: choose another directory by --output",
            directory.display()
        )));
    }
    let stage = directory.join(STAGE);
    fs::create_dir_all(&stage).map_err(wrong)?;
    let outcome = staged(directory, &stage, files);
    // Whether all went well or not, nothing half-done stays; the next build begins anew, too.
    let cleaned = fs::remove_dir_all(&stage);
    let changed = outcome.map_err(wrong)?;
    cleaned.map_err(wrong)?;
    let own: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    for path in before.unwrap_or_default() {
        let may_go = !own.contains(path.as_str()) && !install::KEPT.contains(&path.as_str());
        if may_go && is_inside(&path) {
            match fs::remove_file(directory.join(&path)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(wrong(error)),
                _ => {}
            }
        }
    }
    Ok(changed)
}

/// The files that the build before has written; nothing where there was none.
fn files_before(directory: &Path) -> io::Result<Option<Vec<String>>> {
    let text = match fs::read_to_string(directory.join(install::SUMS)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(Some(text.lines().filter_map(|line| Some(line.split_once("  ")?.1.to_owned())).collect()))
}

/// Whether a path stays within the directory: the list could have been written by somebody else.
fn is_inside(path: &str) -> bool {
    Path::new(path).components().all(|part| matches!(part, std::path::Component::Normal(_)))
}

/// Writes all that is new beside the old, then puts each in its place.
fn staged(directory: &Path, stage: &Path, files: &[File]) -> io::Result<usize> {
    let mut changed = Vec::new();
    for file in files {
        let place = directory.join(&file.path);
        if fs::read(&place).is_ok_and(|bytes| bytes == file.text.as_bytes()) {
            continue;
        }
        let new = stage.join(&file.path);
        if let Some(parent) = new.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&new, &file.text)?;
        if file.is_program {
            make_program(&new)?;
        }
        changed.push((new, place));
    }
    for (new, place) in &changed {
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::rename(new, place)?;
    }
    Ok(changed.len())
}

#[cfg(unix)]
fn make_program(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_program(_path: &Path) -> io::Result<()> {
    Ok(())
}
