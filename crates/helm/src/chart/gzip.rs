//! Gzip streams as Go's `compress/gzip` reads them: what was unpacked before a fault is handed out
//! first, so that a fault behind all that is wanted goes unnoticed.
//!
//! Not here: the packing within the frame. `miniz_oxide` unpacks that, which `flate2` would do with,
//! too; but that one loses what was unpacked in the same step as a fault.

use std::io::{self, BufRead, BufReader, Read};
use std::ops::Range;

use flate2::Crc;
use miniz_oxide::inflate::TINFLStatus as Status;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};

/// What is wrong with a stream, worded as Go words it.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub enum GzipError {
    /// It does not start as gzip does.
    #[error("gzip: invalid header")]
    Header,
    /// The content is not what was packed.
    #[error("gzip: invalid checksum")]
    Checksum,
    /// The packing makes no sense.
    #[error("flate: corrupt input before offset {0}")]
    Corrupt(u64),
    /// There is nothing.
    #[error("EOF")]
    Empty,
    /// It ends too early.
    #[error("unexpected EOF")]
    UnexpectedEnd,
}

/// The content of a stream, all its members one after the other.
pub(super) struct Gunzip<R> {
    stream: BufReader<R>,
    inflate: Box<DecompressorOxide>,
    /// What was unpacked last; packing refers back so far.
    window: Box<[u8]>,
    /// What of the window was not yet handed out.
    ready: Range<usize>,
    /// Packed bytes of this member so far.
    packed: u64,
    crc: Crc,
    state: State,
}

#[derive(Clone, Copy)]
enum State {
    Member,
    End,
    Fault(GzipError),
}

/// Flags of a header: what follows its ten bytes.
const HAS_CHECKSUM: u8 = 1 << 1;
const HAS_EXTRA: u8 = 1 << 2;
const HAS_NAME: u8 = 1 << 3;
const HAS_COMMENT: u8 = 1 << 4;

const WINDOW_BYTES: usize = 32 << 10;

/// Go reads no longer names and comments.
const MOST_TEXT_BYTES: usize = 512;

impl<R: Read> Gunzip<R> {
    /// Reads the first header.
    pub(super) fn new(stream: R) -> io::Result<Self> {
        let mut gunzip = Self {
            stream: BufReader::new(stream),
            inflate: Box::default(),
            window: vec![0; WINDOW_BYTES].into(),
            ready: 0..0,
            packed: 0,
            crc: Crc::new(),
            state: State::Member,
        };
        if gunzip.stream.fill_buf()?.is_empty() {
            return Err(io::Error::other(GzipError::Empty));
        }
        gunzip.header()?;
        Ok(gunzip)
    }

    fn header(&mut self) -> io::Result<()> {
        let mut crc = Crc::new();
        let start: [u8; 10] = self.take(&mut crc)?;
        if !start.starts_with(&super::archive::GZIP_MAGIC) {
            return Err(io::Error::other(GzipError::Header));
        }
        let flags = start[3];
        if flags & HAS_EXTRA != 0 {
            let length = u16::from_le_bytes(self.take(&mut crc)?);
            for _ in 0..length {
                self.take::<1>(&mut crc)?;
            }
        }
        for text in [HAS_NAME, HAS_COMMENT] {
            if flags & text != 0 {
                self.skip_text(&mut crc)?;
            }
        }
        if flags & HAS_CHECKSUM != 0 {
            let wanted = crc.sum() & 0xffff;
            if u32::from(u16::from_le_bytes(self.take(&mut crc)?)) != wanted {
                return Err(io::Error::other(GzipError::Header));
            }
        }
        Ok(())
    }

    fn skip_text(&mut self, crc: &mut Crc) -> io::Result<()> {
        for _ in 0..MOST_TEXT_BYTES {
            if self.take::<1>(crc)? == [0] {
                return Ok(());
            }
        }
        Err(io::Error::other(GzipError::Header))
    }

    fn take<const N: usize>(&mut self, crc: &mut Crc) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.stream.read_exact(&mut bytes)?;
        crc.update(&bytes);
        Ok(bytes)
    }

    /// After a member: its checksum and size, and the next member's header, if there is one.
    fn end_member(&mut self) -> io::Result<State> {
        let sum = u32::from_le_bytes(self.take(&mut Crc::new())?);
        let size = u32::from_le_bytes(self.take(&mut Crc::new())?);
        if sum != self.crc.sum() || size != self.crc.amount() {
            return Ok(State::Fault(GzipError::Checksum));
        }
        if self.stream.fill_buf()?.is_empty() {
            return Ok(State::End);
        }
        self.header()?;
        self.inflate.init();
        self.packed = 0;
        self.crc.reset();
        Ok(State::Member)
    }
}

impl<R: Read> Gunzip<R> {
    /// Unpacks some more; nothing of the window is waiting.
    fn unpack(&mut self) -> io::Result<()> {
        let start = self.ready.end % WINDOW_BYTES;
        let input = self.stream.fill_buf()?;
        let is_end = input.is_empty();
        let flags = inflate_flags::TINFL_FLAG_HAS_MORE_INPUT;
        let (status, read, written) =
            decompress(&mut self.inflate, input, &mut self.window, start, flags);
        self.stream.consume(read);
        self.packed += read as u64;
        self.ready = start..start + written;
        self.crc.update(&self.window[self.ready.clone()]);
        self.state = match status {
            Status::Done => self.end_member().unwrap_or_else(fault),
            Status::NeedsMoreInput if is_end => State::Fault(GzipError::UnexpectedEnd),
            Status::NeedsMoreInput | Status::HasMoreOutput => State::Member,
            _ => State::Fault(GzipError::Corrupt(self.packed)),
        };
        Ok(())
    }
}

impl<R: Read> Read for Gunzip<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() {
            match self.state {
                State::Member => self.unpack()?,
                State::End => return Ok(0),
                State::Fault(fault) => return Err(fault.into()),
            }
        }
        let count = out.len().min(self.ready.len());
        let given = self.ready.start..self.ready.start + count;
        out[..count].copy_from_slice(&self.window[given]);
        self.ready.start += count;
        Ok(count)
    }
}

fn fault(error: io::Error) -> State {
    State::Fault(match error.downcast::<GzipError>() {
        Ok(fault) => fault,
        Err(_) => GzipError::UnexpectedEnd,
    })
}

impl From<GzipError> for io::Error {
    fn from(fault: GzipError) -> Self {
        match fault {
            GzipError::UnexpectedEnd => io::ErrorKind::UnexpectedEof.into(),
            other => Self::other(other),
        }
    }
}
