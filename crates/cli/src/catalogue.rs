//! Where catalogues come from: a directory, or the one within the program.

use std::fs;
use std::path::Path;

use catalog::File;
use diagnostic::words;

use crate::error::CommandError;

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// How deep directories are looked into: links may go in circles.
const DEEPEST: usize = 8;

/// The definitions of a catalogue: all `.yaml` files outside charts.
pub fn files(directory: Option<&Path>) -> Result<Vec<File>, CommandError> {
    let Some(directory) = directory else {
        let own = BUILT_IN.iter().filter(|(path, _)| is_definition(path));
        return Ok(own
            .map(|(path, text)| File { path: (*path).to_owned(), text: (*text).to_owned() })
            .collect());
    };
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
    Ok(found)
}

/// The files of a catalogue's charts: path below `charts/`, content.
pub fn chart_files(directory: Option<&Path>) -> Result<Vec<(String, Vec<u8>)>, CommandError> {
    let mut found = Vec::new();
    let Some(directory) = directory else {
        for (path, text) in BUILT_IN {
            if let Some(inside) = path.strip_prefix("charts/") {
                found.push((inside.to_owned(), text.as_bytes().to_vec()));
            }
        }
        return Ok(found);
    };
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
