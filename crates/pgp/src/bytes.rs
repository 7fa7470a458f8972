//! The bytes of one packet, taken from the front of the data in which it stands.

use num_bigint::BigUint;

use crate::error::Error;

/// How long a packet's body is.
#[derive(Clone, Copy, Debug)]
pub enum Length {
    /// So many bytes.
    Whole(u64),
    /// So many bytes, then another length.
    Part(u64),
    /// As long as there are data.
    Open,
}

impl Length {
    /// Reads a length of the new kind; nothing where the data end before it does.
    pub fn parse(data: &mut &[u8]) -> Option<Self> {
        let first = number(data, 1)?;
        Some(match first {
            0..192 => Self::Whole(first),
            192..224 => Self::Whole(((first - 192) << 8) + number(data, 1)? + 192),
            224..255 => Self::Part(1 << (first & 0x1F)),
            _ => Self::Whole(number(data, 4)?),
        })
    }
}

/// A number of `count` bytes from the front of the data, if there are as many.
pub fn number(data: &mut &[u8], count: usize) -> Option<u64> {
    let (taken, rest) = data.split_at_checked(count)?;
    *data = rest;
    Some(value(taken))
}

fn value(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// What is left of a packet's body. It is read no further than it is asked for: as in Go's library,
/// what nobody asks for is the next packet.
#[derive(Clone, Debug)]
pub struct Bytes<'a> {
    /// The data from here on.
    data: &'a [u8],
    length: Length,
    /// What is wrong where the data end before the body does.
    end: Option<Error>,
    seen: Vec<u8>,
}

impl<'a> Bytes<'a> {
    /// A whole body.
    pub fn new(body: &'a [u8]) -> Self {
        Self::within(body, Length::Open, None)
    }

    /// A body that ends before it should, and why.
    pub fn cut(body: &'a [u8], end: Error) -> Self {
        Self::within(body, Length::Open, Some(end))
    }

    /// The body at the front of the data; `fault` says what is wrong at their end.
    pub fn within(data: &'a [u8], length: Length, fault: Option<Error>) -> Self {
        let end = match length {
            Length::Open => fault,
            _ => Some(fault.unwrap_or(Error::UnexpectedEnd)),
        };
        Self { data, length, end, seen: Vec::new() }
    }

    /// How many bytes are left of this part of the body, at least one; nothing at the body's end.
    fn part(&mut self) -> Result<Option<usize>, Error> {
        loop {
            let left = match self.length {
                Length::Whole(0) => return Ok(None),
                Length::Part(0) => {
                    let next = Length::parse(&mut self.data);
                    self.length = next.ok_or_else(|| self.fault())?;
                    continue;
                }
                Length::Whole(left) | Length::Part(left) => left,
                Length::Open => u64::MAX,
            };
            if self.data.is_empty() {
                return self.end.clone().map_or(Ok(None), Err);
            }
            return Ok(Some(usize::try_from(left).unwrap_or(usize::MAX).min(self.data.len())));
        }
    }

    fn fault(&self) -> Error {
        self.end.clone().unwrap_or(Error::UnexpectedEnd)
    }

    /// The next bytes of the body, so many at most as are left of its part.
    fn pass(&mut self, count: usize) -> &'a [u8] {
        let (passed, data) = self.data.split_at(count);
        self.data = data;
        if let Length::Whole(left) | Length::Part(left) = &mut self.length {
            *left -= count as u64;
        }
        passed
    }

    /// The next `count` bytes.
    pub fn take(&mut self, count: usize) -> Result<Vec<u8>, Error> {
        let mut taken = Vec::new();
        while taken.len() < count {
            let part = self.part()?.ok_or(Error::UnexpectedEnd)?;
            taken.extend_from_slice(self.pass(part.min(count - taken.len())));
        }
        self.seen.extend_from_slice(&taken);
        Ok(taken)
    }

    /// The next `count` bytes, where Go's library takes a body that ends right here for the end of
    /// the data.
    pub fn take_or_end(&mut self, count: usize) -> Result<Vec<u8>, Error> {
        if count > 0 && self.part()?.is_none() { Err(Error::End) } else { self.take(count) }
    }

    /// At most `count` bytes, without a word if they are fewer.
    pub fn up_to(&mut self, count: usize) -> Result<usize, Error> {
        let mut taken = 0;
        while taken < count {
            match self.part() {
                Ok(Some(part)) => taken += self.pass(part.min(count - taken)).len(),
                Ok(None) | Err(Error::UnexpectedEnd) => break,
                Err(error) => return Err(error),
            }
        }
        Ok(taken)
    }

    /// The next byte.
    pub fn byte(&mut self) -> Result<u8, Error> {
        self.take(1).map(|taken| taken[0])
    }

    /// The next number of `count` bytes, at most eight.
    pub fn number(&mut self, count: usize) -> Result<u64, Error> {
        self.take(count).map(|taken| value(&taken))
    }

    /// The next so many bytes in an array.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let mut out = [0; N];
        out.copy_from_slice(&self.take(N)?);
        Ok(out)
    }

    /// The same as [`Bytes::take_or_end`] has it.
    pub fn array_or_end<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let mut out = [0; N];
        out.copy_from_slice(&self.take_or_end(N)?);
        Ok(out)
    }

    /// A multi-precision integer: its length in bits, then its bytes.
    pub fn integer(&mut self) -> Result<Vec<u8>, Error> {
        let bits = self.number(2)? as usize;
        self.take(bits.div_ceil(8))
    }

    /// The same as a number.
    pub fn big(&mut self) -> Result<BigUint, Error> {
        self.integer().map(|bytes| BigUint::from_bytes_be(&bytes))
    }

    /// A field with its length in one byte, as object identifiers have it.
    pub fn identifier(&mut self) -> Result<Vec<u8>, Error> {
        match self.byte()? {
            0 | 0xFF => Err(Error::PassedOver),
            length => self.take(usize::from(length)),
        }
    }

    /// All that is left, of a body that is whole.
    pub fn all(&mut self) -> Result<Vec<u8>, Error> {
        let mut out = Vec::new();
        while let Some(part) = self.part()? {
            out.extend_from_slice(self.pass(part));
        }
        Ok(out)
    }

    /// Passes over what is left.
    pub fn skip(&mut self) {
        while let Ok(Some(part)) = self.part() {
            self.pass(part);
        }
    }

    /// How long the body says that it still is, if it is in one part.
    pub fn announced(&self) -> Option<u64> {
        match self.length {
            Length::Whole(left) => Some(left),
            _ => None,
        }
    }

    /// What was taken so far.
    pub fn seen(&self) -> &[u8] {
        &self.seen
    }

    /// The data behind what was taken.
    pub fn rest(&self) -> &'a [u8] {
        self.data
    }
}
