//! Where catalogues come from: the one within the program, and directories that join it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use catalog::{Catalogue, File};
use compose::Charts;
use config::Sources;
use diagnostic::words;

use crate::error::CommandError;

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// How deep directories are looked into: links may go in circles.
const DEEPEST: usize = 8;

/// The flags that name catalogues.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct CatalogueArguments {
    /// A directory of further services: its definitions join those within the program. May be given
    /// several times; `catalog` in the configuration does the same.
    #[arg(long, value_name = "DIR")]
    catalog: Vec<PathBuf>,
    /// Leave out the services that Socle brings.
    #[arg(long)]
    without_built_in: bool,
}

/// Catalogues that count together.
#[derive(Clone, Debug)]
pub struct Catalogues {
    directories: Vec<PathBuf>,
    has_built_in: bool,
}

impl CatalogueArguments {
    /// The catalogues that these flags name, and those that a configuration does.
    pub fn with(&self, of_configuration: Vec<PathBuf>) -> Catalogues {
        let mut directories: Vec<PathBuf> = Vec::new();
        for directory in of_configuration.into_iter().chain(self.catalog.iter().cloned()) {
            // Named twice it is still one.
            let same = |known: &PathBuf| known.canonicalize().ok() == directory.canonicalize().ok();
            if !directory.exists() || !directories.iter().any(same) {
                directories.push(directory);
            }
        }
        Catalogues { directories, has_built_in: !self.without_built_in }
    }
}

impl Catalogues {
    /// The definitions: all `.yaml` files outside charts.
    pub fn files(&self) -> Result<Vec<File>, CommandError> {
        let own = BUILT_IN.iter().filter(|(path, _)| self.has_built_in && is_definition(path));
        let mut all: Vec<File> = own
            .map(|(path, text)| File { path: (*path).to_owned(), text: (*text).to_owned() })
            .collect();
        for directory in &self.directories {
            let mut found = Vec::new();
            let mut take = |inside: &str, path: &Path| {
                if is_definition(inside) {
                    let text = fs::read_to_string(path).map_err(|error| wrong(path, &error))?;
                    found.push(File { path: path.display().to_string(), text });
                }
                Ok(())
            };
            walk(directory, "", 0, &mut take)?;
            found.sort_by(|one, two| one.path.cmp(&two.path));
            all.append(&mut found);
        }
        Ok(all)
    }

    /// All definitions, checked against one another.
    pub fn load(&self, sources: &mut Sources) -> Result<Catalogue, CommandError> {
        Catalogue::load(&self.files()?, sources).map_err(CommandError::Faults)
    }

    /// The charts, loaded.
    pub fn charts(&self) -> Result<Charts, CommandError> {
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        for (path, text) in BUILT_IN.iter().filter(|_| self.has_built_in) {
            if let Some(inside) = path.strip_prefix("charts/") {
                files.push((inside.to_owned(), text.as_bytes().to_vec()));
            }
        }
        for directory in &self.directories {
            let mut found = chart_files(directory)?;
            let chart = |path: &str| path.split('/').next().unwrap_or("").to_owned();
            let known: BTreeSet<String> = files.iter().map(|(path, _)| chart(path)).collect();
            if let Some((path, _)) = found.iter().find(|(path, _)| known.contains(&chart(path))) {
                let (name, directory) = (chart(path), directory.display());
                return Err(CommandError::Said(words!(
                    "the catalogue {directory} has a chart {name}, and so has another one before \
                     it: give it another name",
                    "le catalogue {directory} a un chart {name}, comme un autre avant lui : lui \
                     donner un autre nom"
                )));
            }
            files.append(&mut found);
        }
        let files = files.iter().map(|(path, data)| (path.as_str(), data.as_slice()));
        Charts::load(files).map_err(CommandError::of)
    }
}

/// The files of a directory's charts: path below `charts/`, content.
fn chart_files(directory: &Path) -> Result<Vec<(String, Vec<u8>)>, CommandError> {
    let mut found = Vec::new();
    let charts = directory.join("charts");
    if charts.is_dir() {
        let mut take = |inside: &str, path: &Path| {
            let data = fs::read(path).map_err(|error| wrong(path, &error))?;
            found.push((inside.to_owned(), data));
            Ok(())
        };
        walk(&charts, "", 0, &mut take)?;
    }
    found.sort();
    Ok(found)
}

/// Charts have files of the same ending, which define nothing.
fn is_definition(path: &str) -> bool {
    let is_of_chart = path.split('/').any(|part| matches!(part, "charts" | "chart"));
    path.ends_with(".yaml") && !is_of_chart
}

fn wrong(path: &Path, error: &std::io::Error) -> CommandError {
    let path = path.display();
    CommandError::Said(words!("the catalogue {path}: {error}", "le catalogue {path} : {error}"))
}

/// Hands every file below a directory over: its path from there on, and its path.
fn walk(
    directory: &Path,
    below: &str,
    depth: usize,
    take: &mut dyn FnMut(&str, &Path) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    for entry in fs::read_dir(directory).map_err(|error| wrong(directory, &error))? {
        let path = entry.map_err(|error| wrong(directory, &error))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let inside = if below.is_empty() { name.to_string() } else { format!("{below}/{name}") };
        if !path.is_dir() {
            take(&inside, &path)?;
        } else if depth < DEEPEST && !name.starts_with('.') {
            walk(&path, &inside, depth + 1, take)?;
        }
    }
    Ok(())
}
