//! The one thing that rendering takes from a kubeconfig: the namespace of the current context.

use std::path::{Path, PathBuf};

use helm::values::{Plain, Table, read_document};

/// The namespace that the context names, in the files that count.
pub fn namespace(files: &[PathBuf], context: Option<&str>) -> Option<String> {
    let tables: Vec<Table> = files.iter().filter_map(|file| table(file)).collect();
    let current = match context.filter(|name| !name.is_empty()) {
        Some(name) => name.to_owned(),
        None => tables.iter().find_map(|table| text(table, "current-context"))?,
    };
    tables.iter().find_map(|table| {
        let Some(Plain::List(contexts)) = table.get(b"contexts") else { return None };
        contexts.iter().find_map(|entry| {
            let Plain::Map(entry) = entry else { return None };
            let Some(Plain::Map(own)) = entry.get(b"context") else { return None };
            (text(entry, "name")? == current).then(|| text(own, "namespace"))?
        })
    })
}

/// The files of `--kubeconfig` or `KUBECONFIG`; `~/.kube/config` when neither names one.
pub fn files(named: Option<&Path>, home: &Path) -> Vec<PathBuf> {
    match named {
        Some(paths) => std::env::split_paths(paths).filter(|p| !p.as_os_str().is_empty()).collect(),
        None => vec![home.join(".kube/config")],
    }
}

fn table(file: &Path) -> Option<Table> {
    match read_document(&std::fs::read(file).ok()?) {
        Ok(Plain::Map(table)) => Some(table),
        _ => None,
    }
}

fn text(table: &Table, key: &str) -> Option<String> {
    match table.get(key.as_bytes()) {
        Some(Plain::Str(text)) if !text.is_empty() => Some(text.to_text().into_owned()),
        _ => None,
    }
}
