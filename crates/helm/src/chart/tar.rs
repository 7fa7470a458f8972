//! Reading a tar stream: names, sizes and contents, nothing more.
//!
//! Not here: what a chart may contain (see `archive`). Follows Go's `archive/tar` in what is
//! accepted: V7, USTAR, PAX and GNU long names; sparse files are refused.

use std::io::{self, Read};

/// Why a stream is not a tar archive, worded as Go words it.
#[derive(Debug, thiserror::Error)]
pub enum TarError {
    /// A header that is none.
    #[error("archive/tar: invalid tar header")]
    Header,
    /// A name or an extension header that is longer than anybody's.
    #[error("archive/tar: header field too long")]
    FieldTooLong,
    /// The stream ends within an entry.
    #[error("unexpected EOF")]
    UnexpectedEnd,
    /// The stream below cannot be read.
    #[error("{0}")]
    Read(io::Error),
}

/// One entry's header.
#[derive(Debug, Default)]
pub(super) struct Header {
    pub(super) name: Vec<u8>,
    pub(super) size: u64,
    pub(super) modified: i64,
    pub(super) is_directory: bool,
    /// A header for the whole archive, which is no file.
    pub(super) is_global: bool,
}

/// Entries one after the other.
pub(super) struct Reader<R> {
    stream: R,
    /// What is left of the current entry's content.
    content: u64,
    /// The zeros that fill its last block.
    padding: u64,
}

const BLOCK: usize = 512;
/// Go's bound on long names and extension headers.
const MAX_SPECIAL_BYTES: u64 = 1024 * 1024;

type Block = [u8; BLOCK];

/// What a preceding extension header says about the next entry.
#[derive(Default)]
struct Extension {
    name: Option<Vec<u8>>,
    size: Option<u64>,
    modified: Option<i64>,
}

impl<R: Read> Reader<R> {
    pub(super) fn new(stream: R) -> Self {
        Self { stream, content: 0, padding: 0 }
    }

    /// Skips to the next entry; `None` at the end.
    pub(super) fn next_entry(&mut self) -> Result<Option<Header>, TarError> {
        let mut extension = Extension::default();
        loop {
            self.skip_rest()?;
            let Some(block) = self.header_block()? else { return Ok(None) };
            let kind = block[156];
            let size = number(&block[124..136])?;
            match kind {
                b'L' => extension.name = Some(until_nul(&self.special(size)?).to_vec()),
                b'K' => drop(self.special(size)?),
                b'x' => extension.read(&self.special(size)?)?,
                b'S' => return Err(TarError::Header),
                _ => return self.entry(&block, kind, size, extension).map(Some),
            }
        }
    }

    fn entry(
        &mut self,
        block: &Block,
        kind: u8,
        size: u64,
        extension: Extension,
    ) -> Result<Header, TarError> {
        let name = extension.name.unwrap_or_else(|| header_name(block));
        let mode = number(&block[100..108])?;
        let modified = match extension.modified {
            Some(modified) => modified,
            None => i64::try_from(number(&block[136..148])?).unwrap_or(i64::MAX),
        };
        // Links, devices and folders have no content, whatever their size says.
        let is_empty_kind = matches!(kind, b'1'..=b'6');
        let size = if is_empty_kind { 0 } else { extension.size.unwrap_or(size) };
        let plain = matches!(kind, 0 | b'0');
        let is_directory =
            kind == b'5' || (plain && name.ends_with(b"/")) || mode & !0o7777 == 0o40000;
        self.set_content(size)?;
        Ok(Header { name, size, modified, is_directory, is_global: kind == b'g' })
    }

    fn set_content(&mut self, size: u64) -> Result<(), TarError> {
        if size > u64::MAX / 4 {
            return Err(TarError::Header);
        }
        self.content = size;
        self.padding = size.next_multiple_of(BLOCK as u64) - size;
        Ok(())
    }

    /// The content of the current entry. Memory follows what really comes, not what is announced.
    pub(super) fn content(&mut self) -> Result<Vec<u8>, TarError> {
        let mut data = Vec::with_capacity(self.content.min(64 * 1024) as usize);
        let read = (&mut self.stream).take(self.content).read_to_end(&mut data);
        let read = read.map_err(read_error)? as u64;
        if read < self.content {
            return Err(TarError::UnexpectedEnd);
        }
        self.content = 0;
        Ok(data)
    }

    fn special(&mut self, size: u64) -> Result<Vec<u8>, TarError> {
        if size > MAX_SPECIAL_BYTES {
            return Err(TarError::FieldTooLong);
        }
        self.set_content(size)?;
        self.content()
    }

    fn skip_rest(&mut self) -> Result<(), TarError> {
        let rest = self.content + self.padding;
        let skipped = io::copy(&mut (&mut self.stream).take(rest), &mut io::sink());
        let skipped = skipped.map_err(read_error)?;
        if skipped < rest {
            return Err(TarError::UnexpectedEnd);
        }
        (self.content, self.padding) = (0, 0);
        Ok(())
    }

    /// The next header; `None` at two empty blocks or at the end of the stream.
    fn header_block(&mut self) -> Result<Option<Block>, TarError> {
        let Some(block) = self.block()? else { return Ok(None) };
        if block.iter().all(|&b| b == 0) {
            return match self.block()? {
                Some(second) if second.iter().any(|&b| b != 0) => Err(TarError::Header),
                _ => Ok(None),
            };
        }
        let given = number(&block[148..156])?;
        let byte_sum = |signed: bool| {
            block.iter().enumerate().fold(0_i64, |sum, (i, &byte)| {
                let byte = if (148..156).contains(&i) { b' ' } else { byte };
                sum + if signed { i64::from(byte as i8) } else { i64::from(byte) }
            })
        };
        let given = i64::try_from(given).map_err(|_| TarError::Header)?;
        if given != byte_sum(false) && given != byte_sum(true) {
            return Err(TarError::Header);
        }
        Ok(Some(block))
    }

    fn block(&mut self) -> Result<Option<Block>, TarError> {
        let mut block = [0; BLOCK];
        let mut filled = 0;
        while filled < BLOCK {
            match self.stream.read(&mut block[filled..]) {
                Ok(0) if filled == 0 => return Ok(None),
                Ok(0) => return Err(TarError::UnexpectedEnd),
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(read_error(error)),
            }
        }
        Ok(Some(block))
    }
}

impl Extension {
    /// PAX records: `LENGTH KEY=VALUE\n`.
    fn read(&mut self, mut records: &[u8]) -> Result<(), TarError> {
        while !records.is_empty() {
            let (record, rest) = pax_record(records).ok_or(TarError::Header)?;
            records = rest;
            let equals = memchr::memchr(b'=', record).ok_or(TarError::Header)?;
            let (key, value) = (&record[..equals], &record[equals + 1..]);
            let as_text = || std::str::from_utf8(value).map_err(|_| TarError::Header);
            match key {
                b"path" if !value.is_empty() => self.name = Some(value.to_vec()),
                b"size" if !value.is_empty() => {
                    self.size = Some(as_text()?.parse().map_err(|_| TarError::Header)?);
                }
                b"mtime" if !value.is_empty() => {
                    let seconds = as_text()?.split('.').next().unwrap_or_default();
                    self.modified = Some(seconds.parse().map_err(|_| TarError::Header)?);
                }
                _ if key.starts_with(b"GNU.sparse.") => return Err(TarError::Header),
                _ => {}
            }
        }
        Ok(())
    }
}

/// The first record without its length and line end, and what follows it.
fn pax_record(records: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = memchr::memchr(b' ', records)?;
    let length: usize = std::str::from_utf8(&records[..space]).ok()?.parse().ok()?;
    let record = records.get(space + 1..length)?;
    Some((record.strip_suffix(b"\n")?, &records[length..]))
}

fn header_name(block: &Block) -> Vec<u8> {
    let name = until_nul(&block[..100]);
    let is_ustar = &block[257..263] == b"ustar\0";
    let prefix = if is_ustar { until_nul(&block[345..500]) } else { b"" };
    if prefix.is_empty() { name.to_vec() } else { [prefix, b"/", name].concat() }
}

fn until_nul(field: &[u8]) -> &[u8] {
    &field[..memchr::memchr(0, field).unwrap_or(field.len())]
}

/// A number in octal digits, or in base 256 where the first bit says so.
fn number(field: &[u8]) -> Result<u64, TarError> {
    if field[0] & 0x80 != 0 {
        let mut value: u64 = u64::from(field[0] & 0x7f);
        for &byte in &field[1..] {
            value = value.checked_mul(256).ok_or(TarError::Header)? | u64::from(byte);
        }
        return Ok(value);
    }
    let digits = field.split(|&b| b == 0).find(|part| !part.trim_ascii().is_empty());
    let Some(digits) = digits else { return Ok(0) };
    let digits = std::str::from_utf8(digits.trim_ascii()).map_err(|_| TarError::Header)?;
    u64::from_str_radix(digits, 8).map_err(|_| TarError::Header)
}

fn read_error(error: io::Error) -> TarError {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        TarError::UnexpectedEnd
    } else {
        TarError::Read(error)
    }
}
