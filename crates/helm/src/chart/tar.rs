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
    /// What the header announces; links and devices may announce what they do not have.
    pub(super) size: i64,
    pub(super) modified: i64,
    pub(super) is_directory: bool,
    /// A header for the whole archive, which is no file.
    pub(super) is_global: bool,
    mode: i64,
    kind: u8,
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

/// What a preceding extension header says about the next entry. Of a key that comes twice the last
/// counts, and an empty value leaves what the entry itself says.
#[derive(Default)]
struct Extension {
    name: Vec<u8>,
    size: Option<i64>,
    modified: Option<i64>,
    /// Some value is not what its key wants: an error only once it is applied.
    is_bad: bool,
}

impl<R: Read> Reader<R> {
    pub(super) fn new(stream: R) -> Self {
        Self { stream, content: 0, padding: 0 }
    }

    /// Skips to the next entry; `None` at the end.
    pub(super) fn next_entry(&mut self) -> Result<Option<Header>, TarError> {
        let mut extension = Extension::default();
        let mut long_name = Vec::new();
        loop {
            if !self.skip_rest()? {
                return Ok(None);
            }
            let Some(block) = self.header_block()? else { return Ok(None) };
            let mut header = header(&block)?;
            self.set_content(&header)?;
            match header.kind {
                b'L' => long_name = until_nul(&self.special()?).to_vec(),
                b'K' => drop(self.special()?),
                b'x' => extension = Extension::read(&self.special()?)?,
                b'g' => {
                    Extension::read(&self.special()?)?;
                    return Ok(Some(Header { is_global: true, ..header }));
                }
                _ => {
                    extension.apply(&mut header)?;
                    if !long_name.is_empty() {
                        header.name = long_name;
                    }
                    // Old archives mark folders by the slash alone.
                    if header.kind == 0 && header.name.ends_with(b"/") {
                        header.kind = b'5';
                    }
                    self.set_content(&header)?;
                    if header.kind == b'S' {
                        return Err(TarError::Header);
                    }
                    header.is_directory = header.kind == b'5' || header.mode & !0o7777 == 0o40000;
                    return Ok(Some(header));
                }
            }
        }
    }

    /// Links, devices and folders have no content, whatever their size says.
    fn set_content(&mut self, header: &Header) -> Result<(), TarError> {
        let is_empty_kind = matches!(header.kind, b'1'..=b'6');
        let size = if is_empty_kind { 0 } else { header.size };
        self.content = u64::try_from(size).map_err(|_| TarError::Header)?;
        self.padding = self.content.next_multiple_of(BLOCK as u64) - self.content;
        Ok(())
    }

    /// The content of the current entry. Memory follows what really comes, not what is announced.
    pub(super) fn content(&mut self) -> Result<Vec<u8>, TarError> {
        let mut data = Vec::with_capacity(self.content.min(64 * 1024) as usize);
        let read = (&mut self.stream).take(self.content).read_to_end(&mut data);
        let read = read? as u64;
        if read < self.content {
            return Err(TarError::UnexpectedEnd);
        }
        self.content = 0;
        Ok(data)
    }

    fn special(&mut self) -> Result<Vec<u8>, TarError> {
        let is_too_long = self.content > MAX_SPECIAL_BYTES;
        self.content = self.content.min(MAX_SPECIAL_BYTES + 1);
        let content = self.content()?;
        if is_too_long { Err(TarError::FieldTooLong) } else { Ok(content) }
    }

    /// Skips what is left of the entry; false at the end of the stream, which may come in place of
    /// the zeros that fill the last block.
    fn skip_rest(&mut self) -> Result<bool, TarError> {
        let sink = &mut io::sink();
        let skipped = io::copy(&mut (&mut self.stream).take(self.content), sink);
        if skipped? < self.content {
            return Err(TarError::UnexpectedEnd);
        }
        let padded = io::copy(&mut (&mut self.stream).take(self.padding), sink);
        let is_whole = padded? == self.padding;
        (self.content, self.padding) = (0, 0);
        Ok(is_whole)
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
        let given = octal(&block[148..156])?;
        let byte_sum = |signed: bool| {
            block.iter().enumerate().fold(0_i64, |sum, (i, &byte)| {
                let byte = if (148..156).contains(&i) { b' ' } else { byte };
                sum + if signed { i64::from(byte as i8) } else { i64::from(byte) }
            })
        };
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
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Some(block))
    }
}

impl Extension {
    /// PAX records: `LENGTH KEY=VALUE\n`.
    fn read(mut records: &[u8]) -> Result<Self, TarError> {
        let mut read = Self::default();
        while !records.is_empty() {
            let (key, value, rest) = pax_record(records).ok_or(TarError::Header)?;
            records = rest;
            let whole = || go_integer(value);
            let mut is_good = true;
            match key {
                b"path" => read.name = value.to_vec(),
                b"size" => {
                    read.size = whole();
                    is_good = read.size.is_some();
                }
                b"mtime" => {
                    read.modified = pax_time(value);
                    is_good = read.modified.is_some();
                }
                b"uid" | b"gid" => is_good = whole().is_some(),
                b"atime" | b"ctime" => is_good = pax_time(value).is_some(),
                _ if key.starts_with(b"GNU.sparse.") => is_good = false,
                _ => {}
            }
            read.is_bad |= !is_good && !value.is_empty();
        }
        Ok(read)
    }

    fn apply(&mut self, header: &mut Header) -> Result<(), TarError> {
        if self.is_bad {
            return Err(TarError::Header);
        }
        if !self.name.is_empty() {
            header.name = std::mem::take(&mut self.name);
        }
        header.size = self.size.unwrap_or(header.size);
        header.modified = self.modified.unwrap_or(header.modified);
        Ok(())
    }
}

/// Key and value of the first record, and what follows it.
fn pax_record(records: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    /// `5 a=\n`: no record is shorter.
    const SHORTEST: usize = 5;
    let space = memchr::memchr(b' ', records)?;
    let length = usize::try_from(go_integer(&records[..space])?).ok()?;
    if length < SHORTEST {
        return None;
    }
    let record = records.get(space + 1..length)?.strip_suffix(b"\n")?;
    let equals = memchr::memchr(b'=', record)?;
    let (key, value) = (&record[..equals], &record[equals + 1..]);
    let is_text = [&b"path"[..], b"linkpath", b"uname", b"gname"].contains(&key);
    let may_hold_no_nul = if is_text { value } else { key };
    if key.is_empty() || may_hold_no_nul.contains(&0) {
        return None;
    }
    Some((key, value, &records[length..]))
}

/// A decimal number with a sign or none, as Go's `ParseInt` reads it.
fn go_integer(text: &[u8]) -> Option<i64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// `SECONDS.FRACTION`; the fraction is checked and dropped.
fn pax_time(text: &[u8]) -> Option<i64> {
    let point = memchr::memchr(b'.', text).unwrap_or(text.len());
    let fraction = text.get(point + 1..).unwrap_or_default();
    if fraction.iter().all(u8::is_ascii_digit) { go_integer(&text[..point]) } else { None }
}

/// Which fields lie behind the first ones, by the magic that the block holds.
#[derive(PartialEq)]
enum Format {
    V7,
    Ustar,
    Star,
    Gnu,
}

/// Reads every field that Go reads: a broken one makes the header invalid even where nobody needs
/// its value.
fn header(block: &Block) -> Result<Header, TarError> {
    let format = match (&block[257..263], &block[263..265]) {
        (b"ustar\0", _) if &block[508..512] == b"tar\0" => Format::Star,
        (b"ustar\0", _) => Format::Ustar,
        (b"ustar ", b" \0") => Format::Gnu,
        _ => Format::V7,
    };
    let mut read = Header {
        name: until_nul(&block[..100]).to_vec(),
        size: number(&block[124..136])?,
        modified: number(&block[136..148])?,
        mode: number(&block[100..108])?,
        kind: block[156],
        ..Header::default()
    };
    for owner in [&block[108..116], &block[116..124]] {
        number(owner)?;
    }
    if format != Format::V7 {
        for device in [&block[329..337], &block[337..345]] {
            number(device)?;
        }
    }
    let prefix = match format {
        Format::V7 => &[],
        Format::Ustar => until_nul(&block[345..500]),
        Format::Star => {
            for time in [&block[476..488], &block[488..500]] {
                number(time)?;
            }
            until_nul(&block[345..476])
        }
        Format::Gnu => gnu_prefix(block),
    };
    if !prefix.is_empty() {
        read.name = [prefix, b"/", &read.name].concat();
    }
    Ok(read)
}

/// GNU headers have times where others have a prefix; writers that put a prefix there all the same
/// are understood if it cannot be times.
fn gnu_prefix(block: &Block) -> &[u8] {
    let is_time = |field: &[u8]| field[0] == 0 || number(field).is_ok();
    let prefix = until_nul(&block[345..500]);
    let has_times = is_time(&block[345..357]) && is_time(&block[357..369]);
    if has_times || !prefix.is_ascii() { &[] } else { prefix }
}

fn until_nul(field: &[u8]) -> &[u8] {
    &field[..memchr::memchr(0, field).unwrap_or(field.len())]
}

/// A number in octal digits, or in base 256 and two's complement where the first bit says so.
fn number(field: &[u8]) -> Result<i64, TarError> {
    if field[0] & 0x80 == 0 {
        return octal(field);
    }
    let inverted = if field[0] & 0x40 == 0 { 0 } else { 0xff };
    let mut value = 0_u64;
    for (at, &byte) in field.iter().enumerate() {
        let byte = (byte ^ inverted) & if at == 0 { 0x7f } else { 0xff };
        if value >> 56 > 0 {
            return Err(TarError::Header);
        }
        value = value << 8 | u64::from(byte);
    }
    let value = i64::try_from(value).map_err(|_| TarError::Header)?;
    Ok(if inverted == 0 { value } else { !value })
}

fn octal(field: &[u8]) -> Result<i64, TarError> {
    let is_filling = |byte: &u8| matches!(byte, b' ' | 0);
    let Some(start) = field.iter().position(|byte| !is_filling(byte)) else { return Ok(0) };
    let end = field.iter().rposition(|byte| !is_filling(byte)).map_or(start, |last| last + 1);
    let digits = until_nul(&field[start..end]);
    if !digits.iter().all(u8::is_ascii_digit) {
        return Err(TarError::Header);
    }
    let digits = std::str::from_utf8(digits).map_err(|_| TarError::Header)?;
    let value = u64::from_str_radix(digits, 8).map_err(|_| TarError::Header)?;
    // Go's conversion: what does not fit becomes negative.
    Ok(value as i64)
}

impl From<io::Error> for TarError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            Self::UnexpectedEnd
        } else {
            Self::Read(error)
        }
    }
}
