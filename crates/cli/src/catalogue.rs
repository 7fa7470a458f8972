//! Where catalogues come from: a directory, or the one within the program.

use std::fs;
use std::path::Path;

use catalog::File;

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
    walk(directory, "", 0, &mut found)?;
    found.sort_by(|one, two| one.path.cmp(&two.path));
    Ok(found)
}

/// Charts have files of the same ending, which define nothing.
fn is_definition(path: &str) -> bool {
    let is_of_chart = path.split('/').any(|part| matches!(part, "charts" | "chart"));
    path.ends_with(".yaml") && !is_of_chart
}

fn walk(
    directory: &Path,
    below: &str,
    depth: usize,
    found: &mut Vec<File>,
) -> Result<(), CommandError> {
    let wrong = |path: &Path, error: std::io::Error| {
        CommandError::new(format!("the catalogue {}: {error}", path.display()))
    };
    for entry in fs::read_dir(directory).map_err(|error| wrong(directory, error))? {
        let path = entry.map_err(|error| wrong(directory, error))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let inside = if below.is_empty() { name.to_string() } else { format!("{below}/{name}") };
        if path.is_dir() {
            if depth < DEEPEST && !name.starts_with('.') {
                walk(&path, &inside, depth + 1, found)?;
            }
        } else if is_definition(&inside) {
            let text = fs::read_to_string(&path).map_err(|error| wrong(&path, error))?;
            found.push(File { path: path.display().to_string(), text });
        }
    }
    Ok(())
}
