//! Files of facts: where a configuration or the command line names one, what it holds stands there
//! instead. What facts mean is the catalogue's business.

use std::fs;
use std::path::{Path, PathBuf};

use config::{Entry, Format, Node, NodeKind, Place, Sources, read};

use diagnostic::words;

use crate::error::CommandError;

/// The configuration with the file that `facts` names in its place, at the top and in the
/// environment that counts. Such files are looked for beside the one that names them.
pub fn in_configuration(
    mut root: Node,
    environment: Option<&str>,
    sources: &mut Sources,
) -> Result<Node, CommandError> {
    for_section(&mut root, sources)?;
    if let Some(section) = of_environment(&mut root, environment) {
        for_section(section, sources)?;
    }
    Ok(root)
}

fn for_section(section: &mut Node, sources: &mut Sources) -> Result<(), CommandError> {
    let NodeKind::Map(entries) = &mut section.kind else { return Ok(()) };
    let Some(entry) = entries.iter_mut().find(|entry| entry.key == "facts") else { return Ok(()) };
    let Some(named) = entry.node.as_str().filter(|name| is_file(name)) else { return Ok(()) };
    let beside = PathBuf::from(sources.path(entry.node.place.source));
    let path = beside.parent().unwrap_or(Path::new("")).join(named);
    entry.node = of_file(&path, sources)?;
    Ok(())
}

/// The configuration with the facts of `--facts` instead of its own.
pub fn of_command_line(
    mut root: Node,
    environment: Option<&str>,
    given: &str,
    sources: &mut Sources,
) -> Result<Node, CommandError> {
    let place = Place::new(sources.add("--facts", given), 0..given.len());
    let node = if is_file(given) {
        of_file(Path::new(given), sources)?
    } else {
        Node::new(NodeKind::Text(given.to_owned()), place.clone())
    };
    if let Some(section) = of_environment(&mut root, environment) {
        take_away(section);
    }
    take_away(&mut root);
    if let NodeKind::Map(entries) = &mut root.kind {
        entries.push(Entry { key: "facts".to_owned(), key_place: place, node });
    }
    Ok(root)
}

fn take_away(section: &mut Node) {
    if let NodeKind::Map(entries) = &mut section.kind {
        entries.retain(|entry| entry.key != "facts");
    }
}

/// What the configuration says for the environment that counts.
fn of_environment<'r>(root: &'r mut Node, environment: Option<&str>) -> Option<&'r mut Node> {
    let inner = |node: &'r mut Node, name: &str| match &mut node.kind {
        NodeKind::Map(entries) => {
            entries.iter_mut().find(|entry| entry.key == name).map(|entry| &mut entry.node)
        }
        _ => None,
    };
    inner(inner(root, "environments")?, environment?)
}

/// Names of presets have neither dots nor slashes.
fn is_file(name: &str) -> bool {
    name.contains(['.', '/', '\\'])
}

fn of_file(path: &Path, sources: &mut Sources) -> Result<Node, CommandError> {
    let text = fs::read_to_string(path).map_err(|error| {
        let path = path.display();
        CommandError::Said(words!("the facts {path}: {error}", "les faits {path} : {error}"))
    })?;
    let name = path.display().to_string();
    let id = sources.add(name.as_str(), text);
    read(sources, id, Format::of_path(&name)).map_err(CommandError::Faults)
}
