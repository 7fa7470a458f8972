//! Packets, one after the other.

use crate::bytes::{Bytes, Length, number};
use crate::error::Error;
use crate::key::PublicKey;
use crate::other;
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

impl<'a> Packets<'a> {
    /// Reads these; `fault` says why there are no more, where that is no mere end.
    pub fn new(data: &'a [u8], fault: Option<Error>) -> Self {
        Self { rest: data, fault, unread: None }
    }

    /// Gives a packet back, to come next again.
    pub fn unread(&mut self, packet: Packet) {
        self.unread = Some(packet);
    }

    /// The next packet. What is not supported is passed over, as is what may be. What a packet has
    /// more than its kind is read as the next one.
    pub fn next(&mut self) -> Result<Option<Packet>, Error> {
        if let Some(packet) = self.unread.take() {
            return Ok(Some(packet));
        }
        while let Some((tag, length)) = self.header()? {
            let mut body = Bytes::within(self.rest, length, self.fault.clone());
            let parsed = parse(tag, &mut body);
            if parsed.is_err() {
                body.skip();
            }
            self.rest = body.rest();
            match parsed {
                Ok(Some(packet)) => return Ok(Some(packet)),
                Ok(None) | Err(Error::PassedOver) => {}
                Err(Error::End) => (self.rest, self.fault) = (&[], None),
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// The kind of the next packet, and how long it says it is.
    fn header(&mut self) -> Result<Option<(u8, Length)>, Error> {
        let end = || self.fault.clone().unwrap_or(Error::UnexpectedEnd);
        let Some((first, rest)) = self.rest.split_first() else {
            return self.fault.clone().map_or(Ok(None), Err);
        };
        self.rest = rest;
        if first & 0x80 == 0 {
            return Err(Error::invalid("tag byte does not have MSB set"));
        }
        if first & 0x40 != 0 {
            let length = Length::parse(&mut self.rest).ok_or_else(end)?;
            return Ok(Some((first & 0x3F, length)));
        }
        let length = match first & 3 {
            3 => Length::Open,
            kind => Length::Whole(number(&mut self.rest, 1 << kind).ok_or_else(end)?),
        };
        Ok(Some(((first & 0x3F) >> 2, length)))
    }
}

fn parse(tag: u8, body: &mut Bytes<'_>) -> Result<Option<Packet>, Error> {
    Ok(Some(match tag {
        2 => Packet::Signature(Box::new(Signature::parse(body)?)),
        5 | 7 => Packet::Secret(SecretKey::parse(body, tag == 7)?),
        6 | 14 => Packet::Public(PublicKey::parse(body, tag == 14)?),
        13 => Packet::UserId(String::from_utf8_lossy(&body.all()?).into_owned()),
        1 | 3 | 4 | 8 | 9 | 11 | 17 | 18 | 20 | 21 => {
            other::read(tag, body)?;
            Packet::Other
        }
        10 => return other::marker(body).map(|()| None),
        // GnuPG's notes on trust.
        12 | 40.. => {
            body.skip();
            return Ok(None);
        }
        _ => return Err(Error::CriticalPacket(tag)),
    }))
}
