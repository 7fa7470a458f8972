//! The bytes of one packet, taken from the front.

use num_bigint::BigUint;

use crate::error::Error;

/// What is left of a packet's body.
#[derive(Clone, Debug)]
pub struct Bytes<'a> {
    rest: &'a [u8],
    /// What is wrong where the body ends before it should.
    end: &'a Error,
    /// The packet says that it is longer than the data are.
    pub is_cut: bool,
}

impl<'a> Bytes<'a> {
    /// A whole body.
    pub fn new(body: &'a [u8]) -> Self {
        Self { rest: body, end: &Error::UnexpectedEnd, is_cut: false }
    }

    /// A body that ends before it should, and why.
    pub fn cut(body: &'a [u8], end: &'a Error) -> Self {
        Self { rest: body, end, is_cut: true }
    }

    /// The next `count` bytes.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let Some((taken, rest)) = self.rest.split_at_checked(count) else {
            return Err(self.end.clone());
        };
        self.rest = rest;
        Ok(taken)
    }

    /// The next byte.
    pub fn byte(&mut self) -> Result<u8, Error> {
        self.take(1).map(|taken| taken[0])
    }

    /// The next number of `count` bytes, at most eight.
    pub fn number(&mut self, count: usize) -> Result<u64, Error> {
        Ok(self.take(count)?.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }

    /// The next so many bytes in an array.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let mut out = [0; N];
        out.copy_from_slice(self.take(N)?);
        Ok(out)
    }

    /// A multi-precision integer: its length in bits, then its bytes.
    pub fn integer(&mut self) -> Result<&'a [u8], Error> {
        let bits = self.number(2)? as usize;
        self.take(bits.div_ceil(8))
    }

    /// The same as a number.
    pub fn big(&mut self) -> Result<BigUint, Error> {
        self.integer().map(BigUint::from_bytes_be)
    }

    /// A field with its length in one byte, as object identifiers have it.
    pub fn identifier(&mut self) -> Result<&'a [u8], Error> {
        match self.byte()? {
            0 | 0xFF => Err(Error::unsupported("reserved for future extensions")),
            length => self.take(usize::from(length)),
        }
    }

    /// All that is left, of a body that is whole.
    pub fn all(&mut self) -> Result<&'a [u8], Error> {
        if self.is_cut { Err(self.end.clone()) } else { Ok(std::mem::take(&mut self.rest)) }
    }

    /// What is left.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }
}
