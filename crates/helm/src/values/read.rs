//! From the bytes of a YAML file to frozen values, as `sigs.k8s.io/yaml` and Helm read them.
//!
//! Not here: YAML itself. This is the one place of the crate that knows the reader below.

use std::borrow::Cow;

use super::{Plain, Table};
use crate::chart::Misfit;

/// Why a document cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// It is not YAML, or YAML that JSON has no words for.
    #[error("error converting YAML to JSON: {0}")]
    Yaml(String),
    /// It does not say what is wanted.
    #[error("error unmarshaling JSON: while decoding JSON: {0}")]
    Shape(#[from] Misfit),
    /// A line starts with `---` and goes on.
    #[error("error reading yaml document: invalid Yaml document separator: {0}")]
    Separator(String),
    /// One of several documents cannot be read.
    #[error("cannot unmarshal yaml document: {0}")]
    InStream(Box<DocumentError>),
}

/// The first document of a file, with integers kept apart from floats; null when there is none.
pub fn read_document(data: &[u8]) -> Result<Plain, DocumentError> {
    parse(data).map_err(DocumentError::Yaml)
}

/// The values of a values file: all its documents, later ones over earlier ones.
pub fn read_values(data: &[u8]) -> Result<Table, DocumentError> {
    merge_documents(data, |document| {
        let value = read_document(document)?.with_floats();
        match value {
            Plain::Null => Ok(Table::default()),
            Plain::Map(table) => Ok(table),
            other => Err(Misfit::whole(&other, "map[string]interface {}").into()),
        }
    })
}

/// Splits a file as Kubernetes' reader does and merges what `read` makes of its documents.
pub fn merge_documents(
    data: &[u8],
    read: impl Fn(&[u8]) -> Result<Table, DocumentError>,
) -> Result<Table, DocumentError> {
    let mut merged = Table::default();
    let data = with_plain_line_ends(data);
    let mut rest: &[u8] = &data;
    while !rest.is_empty() {
        let (document, after) = next_document(rest)?;
        rest = after;
        if !document.is_empty() {
            let table = read(document).map_err(|error| DocumentError::InStream(Box::new(error)))?;
            merged = merged.merged_with(&table);
        }
    }
    Ok(merged)
}

/// What stands before the next separating line, and what follows that line.
fn next_document(data: &[u8]) -> Result<(&[u8], &[u8]), DocumentError> {
    let mut start = 0;
    loop {
        let line = &data[start..];
        let end = memchr::memchr(b'\n', line).map_or(line.len(), |at| at + 1);
        if let Some(tail) = line[..end].strip_prefix(b"---") {
            let tail = String::from_utf8_lossy(tail);
            let tail = tail.trim();
            if !tail.is_empty() && !tail.starts_with('#') {
                return Err(DocumentError::Separator(tail.to_owned()));
            }
            return Ok((&data[..start], &line[end..]));
        }
        start += end;
        if start >= data.len() {
            return Ok((data, b""));
        }
    }
}

/// The reader takes `\r\n` for `\n`.
fn with_plain_line_ends(data: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memmem::find(data, b"\r\n").is_none() {
        return Cow::Borrowed(data);
    }
    let mut plain = Vec::with_capacity(data.len());
    let mut rest = data;
    while let Some(at) = memchr::memmem::find(rest, b"\r\n") {
        plain.extend_from_slice(&rest[..at]);
        plain.push(b'\n');
        rest = &rest[at + 2..];
    }
    plain.extend_from_slice(rest);
    Cow::Owned(plain)
}

fn parse(_data: &[u8]) -> Result<Plain, String> {
    Err("yaml: the reader is not connected yet".to_owned())
}
