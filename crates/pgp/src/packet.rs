//! Packets, one after the other.

use std::borrow::Cow;

use crate::bytes::Bytes;
use crate::error::Error;
use crate::key::PublicKey;
use crate::secret::SecretKey;
use crate::signature::Signature;

/// What a packet is, as far as it matters here.
#[derive(Clone, Debug)]
pub enum Packet {
    /// A public key.
    Public(PublicKey),
    /// A public key with its secret part.
    Secret(SecretKey),
    /// A name.
    UserId(String),
    /// A signature.
    Signature(Box<Signature>),
    /// Some other kind, which is no business of ours.
    Other,
}

/// Reads packets.
pub struct Packets<'a> {
    rest: &'a [u8],
    /// What is wrong where the data end before they should, if it is not their end.
    fault: Option<Error>,
    unread: Option<Packet>,
}

/// A packet's kind and body.
struct Raw<'a> {
    tag: u8,
    body: Cow<'a, [u8]>,
    is_cut: bool,
}

impl<'a> Packets<'a> {
    /// Reads these; `fault` says why there are no more, where that is no mere end.
    pub fn new(data: &'a [u8], fault: Option<Error>) -> Self {
        Self { rest: data, fault, unread: None }
    }

    /// Gives a packet back, to come next again.
    pub fn unread(&mut self, packet: Packet) {
        self.unread = Some(packet);
    }

    /// The next packet. What is not supported is passed over, as is what may be.
    pub fn next(&mut self) -> Result<Option<Packet>, Error> {
        if let Some(packet) = self.unread.take() {
            return Ok(Some(packet));
        }
        while let Some(raw) = self.raw()? {
            let end = self.fault.clone().unwrap_or(Error::UnexpectedEnd);
            let body = if raw.is_cut { Bytes::cut(&raw.body, &end) } else { Bytes::new(&raw.body) };
            match parse(raw.tag, body) {
                Ok(Some(packet)) => return Ok(Some(packet)),
                Ok(None) | Err(Error::Unsupported(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    fn raw(&mut self) -> Result<Option<Raw<'a>>, Error> {
        let Some((first, rest)) = self.rest.split_first() else {
            return self.fault.clone().map_or(Ok(None), Err);
        };
        self.rest = rest;
        if first & 0x80 == 0 {
            return Err(Error::invalid("tag byte does not have MSB set"));
        }
        if first & 0x40 != 0 {
            return self.new_format(first & 0x3F).map(Some);
        }
        let tag = (first & 0x3F) >> 2;
        let (body, is_cut) = match first & 3 {
            3 => self.body(u64::MAX),
            kind => {
                let length = self.number(1 << kind)?;
                self.body(length)
            }
        };
        let is_cut = is_cut && first & 3 != 3;
        Ok(Some(Raw { tag, body: Cow::Borrowed(body), is_cut }))
    }

    /// A header of the new kind: the body may come in parts, of which the last says so.
    fn new_format(&mut self, tag: u8) -> Result<Raw<'a>, Error> {
        let (length, is_part) = self.length()?;
        let (first, mut is_cut) = self.body(length);
        if !is_part {
            return Ok(Raw { tag, body: Cow::Borrowed(first), is_cut });
        }
        let mut whole = first.to_vec();
        let mut more = !is_cut;
        while more {
            let Ok((length, is_part)) = self.length() else {
                is_cut = true;
                break;
            };
            let (part, part_is_cut) = self.body(length);
            whole.extend_from_slice(part);
            is_cut = part_is_cut;
            more = is_part && !is_cut;
        }
        Ok(Raw { tag, body: Cow::Owned(whole), is_cut })
    }

    /// As much of the body as there is, and whether that is less than wanted.
    fn body(&mut self, length: u64) -> (&'a [u8], bool) {
        let there = self.rest.len();
        let wanted = usize::try_from(length).unwrap_or(usize::MAX);
        let (body, rest) = self.rest.split_at(wanted.min(there));
        self.rest = rest;
        (body, wanted > there)
    }

    fn number(&mut self, count: usize) -> Result<u64, Error> {
        let Some((taken, rest)) = self.rest.split_at_checked(count) else {
            return Err(self.fault.clone().unwrap_or(Error::UnexpectedEnd));
        };
        self.rest = rest;
        Ok(taken.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }

    /// A length of the new kind, and whether it is that of a part only.
    fn length(&mut self) -> Result<(u64, bool), Error> {
        let first = self.number(1)?;
        Ok(match first {
            0..192 => (first, false),
            192..224 => (((first - 192) << 8) + self.number(1)? + 192, false),
            224..255 => (1 << (first & 0x1F), true),
            _ => (self.number(4)?, false),
        })
    }
}

fn parse(tag: u8, mut body: Bytes<'_>) -> Result<Option<Packet>, Error> {
    Ok(Some(match tag {
        2 => Packet::Signature(Box::new(Signature::parse(&mut body)?)),
        5 | 7 => Packet::Secret(SecretKey::parse(&mut body, tag == 7)?),
        6 | 14 => Packet::Public(PublicKey::parse(&mut body, tag == 14)?),
        13 => Packet::UserId(String::from_utf8_lossy(body.all()?).into_owned()),
        1 | 3 | 4 | 8 | 9 | 11 | 17 | 18 | 20 | 21 => Packet::Other,
        // A marker and GnuPG's notes on trust.
        10 | 12 => return Ok(None),
        0..40 => return Err(Error::CriticalPacket(tag)),
        _ => return Ok(None),
    }))
}
