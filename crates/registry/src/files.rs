//! Files of the user, read whole and bounded.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::error::FileError;

/// Reads a file of at most `limit` bytes.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let failed = |source| FileError::new("open", path, source);
    let file = File::open(path).map_err(failed)?;
    let mut content = Vec::new();
    let unread = |source| FileError::new("read", path, source);
    file.take(limit + 1).read_to_end(&mut content).map_err(unread)?;
    if content.len() as u64 > limit {
        let text = format!("the file is larger than {limit} bytes");
        return Err(failed(io::Error::new(io::ErrorKind::FileTooLarge, text)));
    }
    Ok(content)
}
