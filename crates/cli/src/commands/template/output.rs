//! What `socle chart template` prints and writes for one release.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use helm::release::{self, Failed, Hooks, Options, Piece, Release};
use registry::FileError;

use super::flags::{Arguments, HelmFlags};
use super::setup::{Made, Report};
use crate::context::Context;
use crate::error::CommandError;
use crate::source;

/// Prints a release, or writes its files.
pub fn one(
    arguments: &Arguments,
    options: &Options,
    mut made: Made,
    report: Report,
    context: &mut Context,
) -> Result<(), CommandError> {
    source::print_log(&mut made.log, context);
    let flags = &arguments.helm;
    let (text, error) = match made.result {
        Ok(release) => (text(flags, options, &release, context)?, None),
        Err(failed) => failure(failed, context.globals.debug()),
    };
    if let Some(text) = text {
        let shown = if flags.show_only.is_empty() {
            Ok(text)
        } else {
            release::show_only(&text, &flags.show_only).map_err(CommandError::of)
        };
        match (shown, &error) {
            (Ok(shown), _) => context.print(&shown),
            (Err(_), Some(_)) => {}
            (Err(missing), None) => return Err(missing),
        }
    }
    for doubt in &report.doubts {
        context.tell(doubt);
    }
    match (error, report.fault) {
        (None, _) => Ok(()),
        (Some(error), None) => Err(error),
        (Some(error), Some(diagnostic)) => {
            Err(CommandError::Told { words: error.to_string(), diagnostic })
        }
    }
}

/// What Helm advises when anything fails once the templates are rendered.
const ADVICE: &str = "\n\nUse --debug flag to render out invalid YAML";

/// What Helm prints of a release that failed, and its last words.
fn failure(failed: Failed, debug: bool) -> (Option<Vec<u8>>, Option<CommandError>) {
    let words = failed.reason.to_string();
    match failed.partial {
        None => (None, Some(CommandError::Failed(words))),
        Some(_) if !debug => (None, Some(CommandError::Failed(words + ADVICE))),
        Some(partial) => {
            let mut text = release::trim(&partial).to_vec();
            text.push(b'\n');
            (Some(text), Some(CommandError::Failed(words)))
        }
    }
}

/// Which hooks the flags want.
pub fn hooks(flags: &HelmFlags) -> Hooks {
    match (flags.no_hooks, flags.skip_tests) {
        (true, _) => Hooks::None,
        (false, true) => Hooks::WithoutTests,
        (false, false) => Hooks::All,
    }
}

/// Where files go, if anywhere.
pub fn dir(flags: &HelmFlags) -> Option<&Path> {
    flags.output_dir.as_deref().filter(|dir| !dir.as_os_str().is_empty())
}

fn text(
    flags: &HelmFlags,
    options: &Options,
    release: &Release,
    context: &mut Context,
) -> Result<Option<Vec<u8>>, CommandError> {
    let Some(dir) = dir(flags) else { return Ok(Some(release.text(hooks(flags)))) };
    let own = if flags.release_name { dir.join(&options.name) } else { dir.to_owned() };
    let written = write_files(release, hooks(flags), dir, &own).map_err(|error| match error {
        CommandError::Failed(words) if !context.globals.debug() => {
            CommandError::Failed(words + ADVICE)
        }
        error => error,
    })?;
    for written in written {
        context.print(format!("wrote {}\n", written.display()).as_bytes());
    }
    Ok(Some(release.text_beside_files()))
}

/// Writes a release to files: definitions below `dir`, objects and hooks below `own`. Gives the
/// paths in the order of writing, one for each document.
pub fn write_files(
    release: &Release,
    hooks: Hooks,
    dir: &Path,
    own: &Path,
) -> Result<Vec<PathBuf>, CommandError> {
    let mut written = Vec::new();
    let mut begun = BTreeSet::new();
    for (manifests, dir) in [(&release.crds, dir), (&release.manifests, own)] {
        for manifest in manifests {
            let path = joined(dir, &manifest.source);
            let again = !begun.insert(path.clone());
            let piece = Piece { source: &manifest.source, content: &manifest.content };
            write_piece(&path, piece, again).map_err(CommandError::of)?;
            written.push(path);
        }
    }
    for hook in release.wanted_hooks(hooks) {
        let manifest = &hook.manifest;
        let path = joined(own, &manifest.source);
        // Helm adds hooks to whatever file is there, be it from an earlier run.
        let again = path.exists();
        let piece = Piece { source: &manifest.source, content: &manifest.content };
        write_piece(&path, piece, again).map_err(CommandError::of)?;
        written.push(path);
    }
    Ok(written)
}

/// Sources come from the chart's own file names, which loading has checked to stay inside.
fn joined(dir: &Path, source: &str) -> PathBuf {
    let mut path = dir.as_os_str().to_owned();
    path.push("/");
    path.push(source);
    PathBuf::from(path)
}

fn write_piece(path: &Path, piece: Piece<'_>, again: bool) -> Result<(), FileError> {
    let fault = |operation| move |error| FileError::new(operation, path, error);
    if let Some(parent) = path.parent() {
        // As Helm does: what is in the way is named by the whole directory.
        match std::fs::metadata(parent) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(FileError::new("stat", parent, error));
            }
            _ => {}
        }
        std::fs::create_dir_all(parent).map_err(|e| FileError::new("mkdir", parent, e))?;
    }
    let mut text = Vec::new();
    release::print_piece(&mut text, piece);
    let mut file = if again {
        OpenOptions::new().append(true).open(path).map_err(fault("open"))?
    } else {
        File::create(path).map_err(fault("open"))?
    };
    file.write_all(&text).map_err(fault("write"))
}
