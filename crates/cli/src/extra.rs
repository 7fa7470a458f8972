//! Files of extra objects: where `extra` names one, its objects stand there instead.

use std::fs;
use std::path::{Path, PathBuf};

use config::{Format, Node, NodeKind, Sources, read};

use crate::error::CommandError;

/// The configuration with the objects of the files that `extra` names. Such files are looked for
/// beside the one that names them.
pub fn in_configuration(mut root: Node, sources: &mut Sources) -> Result<Node, CommandError> {
    let NodeKind::Map(entries) = &mut root.kind else { return Ok(root) };
    let Some(entry) = entries.iter_mut().find(|entry| entry.key == "extra") else {
        return Ok(root);
    };
    let NodeKind::List(items) = &mut entry.node.kind else { return Ok(root) };
    let mut all = Vec::new();
    for item in std::mem::take(items) {
        let named = match item.entries() {
            [only] if only.key == "file" => only.node.as_str(),
            _ => None,
        };
        match named {
            Some(named) => {
                let beside = PathBuf::from(sources.path(item.place.source));
                let path = beside.parent().unwrap_or(Path::new("")).join(named);
                all.extend(of_file(&path, sources)?);
            }
            None => all.push(item),
        }
    }
    *items = all;
    Ok(root)
}

/// The documents of a file, each with its place in it.
fn of_file(path: &Path, sources: &mut Sources) -> Result<Vec<Node>, CommandError> {
    let text = fs::read_to_string(path)
        .map_err(|error| CommandError::new(format!("{}: {error}", path.display())))?;
    let name = path.display().to_string();
    let mut found = Vec::new();
    // Lines before a document stay, empty, so that its own have their numbers.
    let (mut before, mut document) = (String::new(), String::new());
    for line in text.lines().chain(["---"]) {
        if line.trim_end() != "---" {
            document.push_str(line);
            document.push('\n');
            continue;
        }
        let lines = document.lines().count() + 1;
        let id = sources.add(name.as_str(), format!("{before}{document}"));
        let node = read(sources, id, Format::of_path(&name)).map_err(CommandError::Faults)?;
        if !node.is_null() {
            found.push(node);
        }
        before.extend(std::iter::repeat_n('\n', lines));
        document.clear();
    }
    Ok(found)
}
