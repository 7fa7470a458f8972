//! `socle import`: an `eole3.yaml` as a `socle.yaml`, with a report and a script for its passwords.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::config::Sources;
use ::import::{CONFIGURATION, Request, SCRIPT, import};
use diagnostic::words;

use super::catalog::Form;
use crate::catalogue::CatalogueArguments;
use crate::context::Context;
use crate::error::CommandError;

/// No file is read further than this; one that is longer is refused by its size.
const MOST_BYTES: u64 = (4 << 20) + 1;

/// The flags of `socle import`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The `eole3.yaml` that the platform was deployed with.
    file: PathBuf,
    /// The directory into which `socle.yaml` and `secrets.sh` are written.
    #[arg(short = 'o', long, value_name = "DIR", default_value = ".")]
    directory: PathBuf,
    /// The platform runs: its databases and buckets stay where they are, and what it runs with is
    /// taken over.
    #[arg(long)]
    running: bool,
    /// Write over files that are there.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    catalogue: CatalogueArguments,
    /// The form of the report.
    #[arg(long, value_name = "FORM", default_value = "text")]
    output: Form,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> Result<(), CommandError> {
    let language = context.language();
    let path = arguments.file.display().to_string();
    let bytes =
        bytes_of(&arguments.file).map_err(|error| CommandError::new(format!("{path}: {error}")))?;
    let mut sources = Sources::default();
    let catalogue = arguments.catalogue.with(Vec::new()).load(&mut sources)?;
    let request = Request {
        path: &path,
        bytes: &bytes,
        catalogue: &Arc::new(catalogue),
        sources: &sources,
        running: arguments.running,
        language,
    };
    let imported = match import(&request) {
        Ok(imported) => imported,
        Err(refusal) => {
            context.warn(refusal.text(&path, language).trim_end());
            return Err(CommandError::Reported(1));
        }
    };
    let written = [(CONFIGURATION, imported.configuration), (SCRIPT, imported.script)];
    write(&arguments.directory, &written, arguments.force)?;
    let report = match arguments.output {
        Form::Text => imported.report.text(language),
        Form::Json => format!("{:#}\n", imported.report.json()),
    };
    context.print(report.as_bytes());
    let [configuration, script] =
        [CONFIGURATION, SCRIPT].map(|name| arguments.directory.join(name).display().to_string());
    let told = words!(
        "{configuration} and {script} are written; look at both, then: sh {script} {path}",
        "{configuration} et {script} sont écrits ; regardez-les, puis : sh {script} {path}"
    );
    context.flush();
    context.warn(told.of(language));
    Ok(())
}

fn bytes_of(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes all of the files, or none.
fn write(directory: &Path, files: &[(&str, String)], force: bool) -> Result<(), CommandError> {
    let wrong = |error: io::Error| CommandError::new(format!("{}: {error}", directory.display()));
    if !force && let Some((name, _)) = files.iter().find(|(name, _)| is_there(directory, name)) {
        let path = directory.join(name).display().to_string();
        return Err(CommandError::Said(words!(
            "{path} is there already: write elsewhere by -o, or over it by --force",
            "{path} existe déjà : écrivez ailleurs par -o, ou par-dessus par --force"
        )));
    }
    fs::create_dir_all(directory).map_err(wrong)?;
    let stage = directory.join(STAGE);
    fs::create_dir(&stage).map_err(wrong)?;
    let outcome = staged(directory, &stage, files);
    let cleaned = fs::remove_dir_all(&stage);
    outcome.and(cleaned).map_err(wrong)
}

/// Where files wait until all of them are written.
const STAGE: &str = ".socle-import";

fn is_there(directory: &Path, name: &str) -> bool {
    fs::symlink_metadata(directory.join(name)).is_ok()
}

/// Writes what is new beside what is old, then puts each in its place; where that fails, what was
/// there comes back.
fn staged(directory: &Path, stage: &Path, files: &[(&str, String)]) -> io::Result<()> {
    for (name, text) in files {
        fs::write(stage.join(name), text)?;
    }
    let old = |name: &str| stage.join(format!("{name}.old"));
    let mut done: Vec<(&str, bool)> = Vec::new();
    for (name, _) in files {
        let place = directory.join(name);
        let was_there = is_there(directory, name);
        let moved = if was_there { fs::rename(&place, old(name)) } else { Ok(()) };
        done.push((name, was_there && moved.is_ok()));
        if let Err(error) = moved.and_then(|()| fs::rename(stage.join(name), &place)) {
            for (name, has_old) in done.into_iter().rev() {
                if has_old {
                    // The first fault is the one to tell.
                    let _ = fs::rename(old(name), directory.join(name));
                } else if !is_there(stage, name) {
                    let _ = fs::remove_file(directory.join(name));
                }
            }
            return Err(error);
        }
    }
    Ok(())
}
