//! Documents to trees: YAML, TOML and INI say the same.

mod ini;
mod toml;
mod yaml;

use crate::fault::Faults;
use crate::source::{SourceId, Sources};
use crate::tree::Node;

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `.yaml`, `.yml`, `.json`.
    Yaml,
    /// `.toml`.
    Toml,
    /// `.ini`, `.cfg`, `.conf`.
    Ini,
}

impl Format {
    /// The format that a file's name says; YAML where it says nothing.
    pub fn of_path(path: &str) -> Self {
        let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        match ending.as_deref() {
            Some("toml") => Self::Toml,
            Some("ini" | "cfg" | "conf") => Self::Ini,
            _ => Self::Yaml,
        }
    }
}

/// Reads a document. An empty one is an empty section.
pub fn read(sources: &Sources, id: SourceId, format: Format) -> Result<Node, Faults> {
    let text = sources.text(id);
    match format {
        Format::Yaml => yaml::read(sources, id, &text),
        Format::Toml => toml::read(sources, id, &text),
        Format::Ini => ini::read(sources, id, &text),
    }
}
