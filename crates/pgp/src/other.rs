//! Packets that are no business of keyrings and signatures, read as far as Go's library reads them:
//! what it leaves, it takes for the next packet.

use crate::bytes::Bytes;
use crate::error::Error;
use crate::hash::Hash;

/// The longest session key behind a passphrase, and one byte.
const SESSION_KEY: usize = 64;
/// What zlib reads at once to find its header.
const ZLIB_BUFFER: usize = 4096;
/// The largest chunk that is written as a power of two.
const MAX_CHUNK: u8 = 16;
/// A hash that is known, by its number.
pub const SHA1: u8 = 2;
/// Bytes of the salt of Argon2, its passes, its lanes and its memory.
const ARGON: usize = 19;

/// Reads a packet of a kind that does not matter here. What is not supported of a message ends a key;
/// the rest is passed over.
pub fn read(tag: u8, body: &mut Bytes<'_>) -> Result<(), Error> {
    match tag {
        1 => session_key(body),
        3 => passphrase(body),
        4 => one_pass_signature(body),
        8 => compressed(body),
        11 => {
            let name = body.take(2)?[1];
            body.take(usize::from(name))?;
            body.take(4).map(drop)
        }
        17 => attributes(&body.all()?),
        18 => protected(body),
        20 => authenticated(body),
        21 => padding(body),
        // Of what is encrypted without protection, nothing is read.
        _ => Ok(()),
    }
}

/// Reads a packet that marks the data as PGP's.
pub fn marker(body: &mut Bytes<'_>) -> Result<(), Error> {
    match body.take_or_end(3)?.as_slice() {
        b"PGP" => Ok(()),
        _ => Err(Error::invalid("invalid marker packet")),
    }
}

/// A session key for somebody's key.
fn session_key(body: &mut Bytes<'_>) -> Result<(), Error> {
    let version = body.byte()?;
    match version {
        3 => body.take(8).map(drop)?,
        6 if body.byte()? == 0 => {}
        6 => match body.byte()? {
            4 => body.take(20).map(drop)?,
            6 => body.take(32).map(drop)?,
            _ => return Err(Error::PassedOver),
        },
        _ => return Err(Error::PassedOver),
    }
    match body.byte()? {
        1 | 2 => body.integer().map(drop)?,
        16 => {
            body.integer()?;
            body.integer()?;
        }
        18 => {
            body.integer()?;
            body.identifier()?;
        }
        algorithm @ (25 | 26) => {
            body.take_or_end(if algorithm == 25 { 32 } else { 56 })?;
            let mut length = body.take_or_end(1)?[0];
            if version != 6 {
                body.take_or_end(1)?;
                length = length.wrapping_sub(1);
            }
            body.take_or_end(usize::from(length))?;
        }
        _ => {}
    }
    body.all().map(drop)
}

/// A session key for a passphrase.
fn passphrase(body: &mut Bytes<'_>) -> Result<(), Error> {
    let version = body.byte()?;
    if !matches!(version, 4 | 6) {
        return Err(Error::PassedOver);
    }
    if version == 6 {
        body.byte()?;
    }
    let cipher = body.byte()?;
    if !is_cipher(cipher) {
        return Err(Error::PassedOver);
    }
    let mut nonce = 0;
    if version == 6 {
        let mode = body.byte().map_err(|_| Error::invalid("cannot read AEAD octet from packet"))?;
        nonce = nonce_length(mode);
        body.byte()?;
    }
    let hash = match body.take_or_end(1)?[0] {
        0 => body.take_or_end(1)?[0],
        1 => body.take_or_end(9)?[0],
        3 => body.take_or_end(10)?[0],
        4 => {
            argon(body)?;
            // No hash is named.
            SHA1
        }
        101 => {
            body.take_or_end(5)?;
            return Err(Error::PassedOver);
        }
        _ => return Err(Error::PassedOver),
    };
    if Hash::by_number(hash).is_none() {
        return Err(Error::PassedOver);
    }
    body.take(nonce).map_err(|_| Error::invalid("cannot read AEAD IV"))?;
    match body.up_to(SESSION_KEY)? {
        SESSION_KEY => Err(Error::PassedOver),
        _ => Ok(()),
    }
}

/// How Argon2 makes a key of a passphrase, within the bounds of RFC 9580.
pub fn argon(body: &mut Bytes<'_>) -> Result<(), Error> {
    let fields = body.take_or_end(ARGON)?;
    let fault = match fields[ARGON - 3..] {
        [_, 0, _] => "parallelism is 0",
        [0, _, _] => "iterations is 0",
        [_, lanes, memory] if memory > 31 || 1_u32 << memory < 8 * u32::from(lanes) => {
            "memory is out of bounds"
        }
        _ => return Ok(()),
    };
    Err(Error::Invalid(format!("invalid argon2 params: {fault}")))
}

fn one_pass_signature(body: &mut Bytes<'_>) -> Result<(), Error> {
    let start = body.take(4)?;
    if !matches!(start[0], 3 | 6) {
        return Err(Error::PassedOver);
    }
    if Hash::by_number(start[2]).is_none() {
        return Err(Error::PassedOver);
    }
    if start[0] == 6 {
        let salt = body.byte()?;
        body.take(usize::from(salt) + 32)?;
    } else {
        body.take(8)?;
    }
    body.byte().map(drop)
}

fn compressed(body: &mut Bytes<'_>) -> Result<(), Error> {
    match body.byte()? {
        0 | 1 | 3 => Ok(()),
        2 => {
            let header = body.clone().take_or_end(2)?;
            body.up_to(ZLIB_BUFFER)?;
            let is_deflate = header[0] & 0x0F == 8 && header[0] >> 4 <= 7;
            let sum = u16::from_be_bytes([header[0], header[1]]);
            if is_deflate && sum.is_multiple_of(31) { Ok(()) } else { Err(Error::Zlib) }
        }
        other => Err(Error::Unsupported(format!("unknown compression algorithm: {other}"))),
    }
}

/// A picture, say, of a key's owner.
fn attributes(mut rest: &[u8]) -> Result<(), Error> {
    let cut = || Error::invalid("subpacket truncated");
    while let Some((first, behind)) = rest.split_first() {
        let (length, behind) = match (first, behind) {
            (0..192, _) => (u64::from(*first), behind),
            (192..255, [second, behind @ ..]) => {
                (((u64::from(*first) - 192) << 8) + u64::from(*second) + 192, behind)
            }
            (255, [a, b, c, d, behind @ ..]) => {
                (u64::from(u32::from_be_bytes([*a, *b, *c, *d])), behind)
            }
            _ => return Err(cut()),
        };
        rest = match behind.split_at_checked(usize::try_from(length).unwrap_or(usize::MAX)) {
            Some((content, rest)) if !content.is_empty() => rest,
            _ => return Err(cut()),
        };
    }
    Ok(())
}

/// Encrypted, with a sum or with authentication.
fn protected(body: &mut Bytes<'_>) -> Result<(), Error> {
    match body.byte()? {
        1 => Ok(()),
        2 => {
            let cut = |what: &str, error: Error| {
                let reason = if error == Error::End { "EOF".to_owned() } else { error.to_string() };
                Error::Invalid(format!("could not read aead {what}: {reason}"))
            };
            let header = body.take_or_end(3).map_err(|error| cut("header", error))?;
            if !matches!(header[0], 7..=9) {
                return Err(Error::Unsupported(format!("invalid aead cipher: {}", header[0])));
            }
            if nonce_length(header[1]) == 0 {
                return Err(Error::Unsupported(format!("unknown aead mode: {}", header[1])));
            }
            if header[2] > MAX_CHUNK {
                let text = format!("invalid aead chunk size byte: {}", header[2]);
                return Err(Error::Unsupported(text));
            }
            body.take_or_end(32).map(drop).map_err(|error| cut("salt", error))
        }
        _ => Err(Error::unsupported("unknown SymmetricallyEncrypted version")),
    }
}

/// Encrypted and authenticated, by a draft.
fn authenticated(body: &mut Bytes<'_>) -> Result<(), Error> {
    let cut = |what: &str, error: Error| {
        let reason = if error == Error::End { "EOF".to_owned() } else { error.to_string() };
        Error::Aead(format!("could not read aead {what}:{reason}"))
    };
    let header = body.take_or_end(4).map_err(|error| cut("header", error))?;
    let nonce = nonce_length(header[2]);
    if nonce == 0 || header[2] > 2 {
        return Err(Error::Aead("unknown mode".to_owned()));
    }
    body.take_or_end(nonce).map_err(|error| cut("nonce", error))?;
    if is_cipher(header[1]) {
        Ok(())
    } else {
        Err(Error::Unsupported(format!("unknown cipher: {}", char::from(header[1]))))
    }
}

/// Passed over only where it says at once how long it is.
fn padding(body: &mut Bytes<'_>) -> Result<(), Error> {
    if body.announced().is_some() { body.all().map(drop) } else { Ok(()) }
}

/// Whether Go's library knows the cipher.
pub fn is_cipher(number: u8) -> bool {
    matches!(number, 2 | 3 | 7..=9)
}

/// Bytes that start a mode of authenticated encryption; none if it is not known.
pub fn nonce_length(mode: u8) -> usize {
    match mode {
        1 => 16,
        2 => 15,
        3 => 12,
        _ => 0,
    }
}
