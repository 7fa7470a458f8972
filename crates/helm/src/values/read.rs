//! From the bytes of a YAML file to frozen values, as `sigs.k8s.io/yaml` and Helm read them.
//!
//! Not here: YAML itself. This is the one place of the crate that knows the reader below.

use std::borrow::Cow;
use std::ops::Range;

use gotmpl::value::SharedStr;
use yaml::{Build, Pick, Strictness};

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
    parse(data, Numbers::Kept, Strictness::Lenient)
}

/// The same, for callers who look only at what is picked: the rest may be left out.
pub fn read_picked(data: &[u8], picks: &[Pick]) -> Result<Plain, DocumentError> {
    yaml::read_picked(data, picks, &mut Builder { numbers: Numbers::Kept })
        .map_err(|error| DocumentError::Yaml(error.to_string()))
}

/// The same as [`read_document`], with a key given twice an error.
pub fn read_document_strictly(data: &[u8]) -> Result<Plain, DocumentError> {
    parse(data, Numbers::Kept, Strictness::Strict)
}

/// The first document with every number a float; null when there is none.
pub fn read_value(data: &[u8]) -> Result<Plain, DocumentError> {
    parse(data, Numbers::Floats, Strictness::Lenient)
}

/// The values of a values file: all its documents, later ones over earlier ones.
pub fn read_values(data: &[u8]) -> Result<Table, DocumentError> {
    merge_documents(data, |document| match read_value(document)? {
        Plain::Null => Ok(Table::default()),
        Plain::Map(table) => Ok(table),
        other => Err(Misfit::whole(&other, "map[string]interface {}").into()),
    })
}

/// Splits a file as Kubernetes' reader does and merges what `read` makes of its documents.
pub fn merge_documents(
    data: &[u8],
    read: impl Fn(&[u8]) -> Result<Table, DocumentError>,
) -> Result<Table, DocumentError> {
    let mut merged = Table::default();
    let data = with_whole_lines(data);
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

/// The bytes of the first document of a values file that cannot be read; all of them where there is
/// none, or a separating line is at fault.
pub fn faulty_document(text: &str) -> Range<usize> {
    let mut start = 0;
    while let Ok((document, after)) = next_document(&text.as_bytes()[start..]) {
        let end = start + document.len();
        if read_values(document).is_err() {
            return start..end;
        }
        if after.is_empty() {
            break;
        }
        start = text.len() - after.len();
    }
    0..text.len()
}

/// What stands before the next separating line, and what follows that line. One that nothing
/// stands before belongs to the document: faults in it are counted from there.
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
            if start > 0 {
                return Ok((&data[..start], &line[end..]));
            }
        }
        start += end;
        if start >= data.len() {
            return Ok((data, b""));
        }
    }
}

/// The lines as the reader gives them: each ends with `\n`, also where the file has `\r\n`, or
/// nothing after its last line.
fn with_whole_lines(data: &[u8]) -> Cow<'_, [u8]> {
    let is_whole = data.is_empty() || data.ends_with(b"\n");
    if is_whole && memchr::memmem::find(data, b"\r\n").is_none() {
        return Cow::Borrowed(data);
    }
    let mut whole = Vec::with_capacity(data.len() + 1);
    let mut rest = data;
    while let Some(at) = memchr::memmem::find(rest, b"\r\n") {
        whole.extend_from_slice(&rest[..at]);
        whole.push(b'\n');
        rest = &rest[at + 2..];
    }
    whole.extend_from_slice(rest);
    if !whole.ends_with(b"\n") {
        whole.push(b'\n');
    }
    Cow::Owned(whole)
}

/// Builds frozen values; integers stay integers or become floats, as the caller wants.
struct Builder {
    numbers: Numbers,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbers {
    /// Chart.yaml needs them as written, to make texts of them.
    Kept,
    /// In values every number is a `float64`: they come through JSON.
    Floats,
}

impl Build for Builder {
    type Value = Plain;

    fn null(&mut self) -> Plain {
        Plain::Null
    }

    fn bool(&mut self, value: bool) -> Plain {
        Plain::Bool(value)
    }

    fn int(&mut self, value: i64) -> Plain {
        match self.numbers {
            Numbers::Kept => Plain::Int(value),
            Numbers::Floats => Plain::Float(value as f64),
        }
    }

    fn uint(&mut self, value: u64) -> Plain {
        match self.numbers {
            // Only a text can be wanted of such a number.
            Numbers::Kept => Plain::Str(value.to_string().into()),
            Numbers::Floats => Plain::Float(value as f64),
        }
    }

    fn float(&mut self, value: f64) -> Plain {
        Plain::Float(value)
    }

    fn text(&mut self, value: Cow<'_, str>) -> Plain {
        Plain::Str((&*value).into())
    }

    fn list(&mut self, items: Vec<Plain>) -> Plain {
        Plain::List(items.into())
    }

    fn map(&mut self, entries: Vec<(Cow<'_, str>, Plain)>) -> Plain {
        let entries = entries.into_iter().map(|(key, value)| (SharedStr::from(&*key), value));
        Plain::Map(entries.collect())
    }
}

fn parse(data: &[u8], numbers: Numbers, strictness: Strictness) -> Result<Plain, DocumentError> {
    yaml::read_with(data, strictness, &mut Builder { numbers })
        .map_err(|error| DocumentError::Yaml(error.to_string()))
}
