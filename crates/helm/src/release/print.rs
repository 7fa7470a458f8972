//! The text that `helm template` prints, and the files that `--output-dir` writes.

use super::Release;
use super::sort::{Hook, Manifest};
use super::split::{split, trim};
use crate::chart::matches_pattern;

/// No object comes from a template that `--show-only` names.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("could not find template {0} in chart")]
pub struct NoSuchTemplate(pub String);

/// Which pieces of a release are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hooks {
    /// All hooks.
    #[default]
    All,
    /// Hooks that are not tests (`--skip-tests`).
    WithoutTests,
    /// No hooks (`--no-hooks`).
    None,
}

/// A document to be written: where it comes from and its text.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'r> {
    /// The template's path.
    pub source: &'r str,
    /// The text of the document.
    pub content: &'r [u8],
}

impl Release {
    /// The definitions and objects, in order.
    pub fn objects(&self) -> impl Iterator<Item = Piece<'_>> {
        self.crds.iter().chain(&self.manifests).map(piece)
    }

    /// The hooks that are wanted, in order.
    pub fn wanted_hooks(&self, hooks: Hooks) -> impl Iterator<Item = &Hook> {
        self.hooks.iter().filter(move |hook| match hooks {
            Hooks::All => true,
            Hooks::WithoutTests => !hook.is_test(),
            Hooks::None => false,
        })
    }

    /// Everything, as `helm template` prints it.
    pub fn text(&self, hooks: Hooks) -> Vec<u8> {
        let mut out = Vec::new();
        for piece in self.objects() {
            print(&mut out, piece);
        }
        finish(out, self, hooks)
    }

    /// What `helm template --output-dir` prints in the end: the objects are in files.
    pub fn text_beside_files(&self) -> Vec<u8> {
        b"\n".to_vec()
    }
}

fn finish(objects: Vec<u8>, release: &Release, hooks: Hooks) -> Vec<u8> {
    let mut out = trim(&objects).to_vec();
    out.push(b'\n');
    for hook in release.wanted_hooks(hooks) {
        print(&mut out, piece(&hook.manifest));
    }
    out
}

fn piece(manifest: &Manifest) -> Piece<'_> {
    Piece { source: &manifest.source, content: &manifest.content }
}

/// One document with its source, as printed and as written to files.
pub fn print(out: &mut Vec<u8>, piece: Piece<'_>) {
    out.extend_from_slice(b"---\n# Source: ");
    out.extend_from_slice(piece.source.as_bytes());
    out.push(b'\n');
    out.extend_from_slice(piece.content);
    out.push(b'\n');
}

/// Only the documents that come from the templates named (`--show-only`); `text` is what would be
/// printed without it.
pub fn show_only(text: &[u8], patterns: &[String]) -> Result<Vec<u8>, NoSuchTemplate> {
    let documents: Vec<(&[u8], String)> =
        split(text).into_iter().filter_map(|doc| Some((doc, template_path(doc)?))).collect();
    let mut out = Vec::new();
    for pattern in patterns {
        let fits =
            |path: &str| matches_pattern(pattern.as_bytes(), path.as_bytes()).unwrap_or(false);
        let mut found = false;
        for (document, _) in documents.iter().filter(|(_, path)| fits(path)) {
            found = true;
            out.extend_from_slice(b"---\n");
            out.extend_from_slice(document);
            out.push(b'\n');
        }
        if !found {
            return Err(NoSuchTemplate(pattern.clone()));
        }
    }
    Ok(out)
}

impl Release {
    /// Leaves only what comes from the templates named (`--show-only`), unless none is.
    pub fn keep_only(&mut self, patterns: &[String]) -> Result<(), NoSuchTemplate> {
        let fits = |pattern: &String, manifest: &Manifest| {
            let path = manifest.source.split_once('/').map_or("", |(_, path)| path);
            matches_pattern(pattern.as_bytes(), path.as_bytes()).unwrap_or(false)
        };
        for pattern in patterns {
            let hooks = self.hooks.iter().map(|hook| &hook.manifest);
            let mut all = self.crds.iter().chain(&self.manifests).chain(hooks);
            if !all.any(|manifest| fits(pattern, manifest)) {
                return Err(NoSuchTemplate(pattern.clone()));
            }
        }
        let is_shown = |manifest: &Manifest| {
            patterns.is_empty() || patterns.iter().any(|pattern| fits(pattern, manifest))
        };
        self.crds.retain(is_shown);
        self.manifests.retain(is_shown);
        self.hooks.retain(|hook| is_shown(&hook.manifest));
        Ok(())
    }
}

/// What stands after the chart's name on the first line `# Source: chart/path`.
fn template_path(document: &[u8]) -> Option<String> {
    let mark = b"# Source: ";
    let mut rest = document;
    while let Some(at) = memchr::memmem::find(rest, mark) {
        rest = &rest[at + mark.len()..];
        let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let line = String::from_utf8_lossy(line);
        if let Some((chart, path)) = line.split_once('/')
            && !chart.is_empty()
            && !path.is_empty()
        {
            return Some(path.to_owned());
        }
    }
    None
}
