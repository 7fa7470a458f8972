//! `repositories.yaml`: the repositories that a user has added.

use std::path::{Path, PathBuf};

use helm::values::{Plain, Table, read_document};

use crate::error::Error;
use crate::files;
use crate::http::TlsOptions;
use crate::network::Access;

/// The largest list of repositories, in bytes.
const MAX_FILE_BYTES: u64 = 4 << 20;

/// A known repository.
#[derive(Clone, Debug, Default)]
pub struct Repository {
    /// Its name.
    pub name: String,
    /// Its address.
    pub url: String,
    /// How it is asked.
    pub access: Access,
}

/// Reads the list; a missing file is an empty list, as in Helm.
pub fn load_repositories(path: &Path) -> Result<Vec<Repository>, Error> {
    let shown = path.display().to_string();
    let text = match files::read(path, MAX_FILE_BYTES) {
        Ok(text) => text,
        Err(error) if error.is_missing() => return Ok(Vec::new()),
        Err(error) => {
            return Err(Error::Repositories { path: shown, source: Box::new(error.into()) });
        }
    };
    let document = read_document(&text)
        .map_err(|error| Error::Document { path: shown, reason: error.to_string() })?;
    let Plain::Map(file) = document else { return Ok(Vec::new()) };
    let Some(Plain::List(entries)) = file.get(b"repositories") else { return Ok(Vec::new()) };
    let tables = entries.iter().filter_map(|entry| match entry {
        Plain::Map(table) => Some(table),
        _ => None,
    });
    Ok(tables.map(repository).collect())
}

fn repository(table: &Table) -> Repository {
    let text = |key: &str| match table.get(key.as_bytes()) {
        Some(Plain::Str(text)) => text.to_text().into_owned(),
        _ => String::new(),
    };
    let path = |key: &str| Some(text(key)).filter(|path| !path.is_empty()).map(PathBuf::from);
    let flag = |key: &str| matches!(table.get(key.as_bytes()), Some(Plain::Bool(true)));
    Repository {
        name: text("name"),
        url: text("url"),
        access: Access {
            username: text("username"),
            password: text("password"),
            pass_to_all: flag("pass_credentials_all"),
            tls: TlsOptions {
                ca_file: path("caFile"),
                cert_file: path("certFile"),
                key_file: path("keyFile"),
                insecure: flag("insecure_skip_tls_verify"),
            },
        },
    }
}
