//! Signatures.

use num_bigint::BigUint;

use crate::bytes::Bytes;
use crate::error::Error;
use crate::hash::Hash;
use crate::key::{DSA, ECDSA, ED25519, EDDSA, RSA, RSA_SIGN_ONLY, id_of};

/// What a signature is on, by its number.
pub mod kind {
    pub const BINARY: u8 = 0;
    pub const TEXT: u8 = 1;
    /// The first of four that certify a name.
    pub const CERTIFICATION: u8 = 0x10;
    /// The last of them.
    pub const POSITIVE_CERTIFICATION: u8 = 0x13;
    pub const SUBKEY_BINDING: u8 = 0x18;
    pub const PRIMARY_BINDING: u8 = 0x19;
    pub const KEY_REVOCATION: u8 = 0x20;
    pub const SUBKEY_REVOCATION: u8 = 0x28;
    pub const CERTIFICATION_REVOCATION: u8 = 0x30;
}

/// Signatures within signatures: a binding holds one, which should hold none.
const MAX_DEPTH: u8 = 8;

/// The numbers that prove a signature.
#[derive(Clone, Debug)]
pub enum Proof {
    Rsa(BigUint),
    /// Of DSA and ECDSA: `r` and `s`.
    Pair(BigUint, BigUint),
    Ed25519([u8; 64]),
    /// Numbers that are too long for the curve.
    TooLong,
}

/// A signature of version 4.
#[derive(Clone, Debug)]
pub struct Signature {
    pub kind: u8,
    pub algorithm: u8,
    pub hash: Hash,
    /// What is hashed after the signed data.
    pub suffix: Vec<u8>,
    pub proof: Proof,
    /// When it was made, in seconds since 1970.
    pub created: i64,
    /// How long it is good, if that is said.
    pub lifetime_seconds: Option<u32>,
    /// How long the key is good on which the signature is.
    pub key_lifetime_seconds: Option<u32>,
    pub issuer: Option<u64>,
    pub issuer_fingerprint: Option<Vec<u8>>,
    pub is_primary_name: bool,
    /// What the key may do, if that is said.
    pub flags: Option<u8>,
    /// The names of notations that must be understood.
    pub critical_notations: Vec<String>,
    pub revocation_reason: Option<u8>,
    /// The subkey's signature on its primary key.
    pub embedded: Option<Box<Signature>>,
}

/// The flag of keys that sign.
const SIGN: u8 = 2;
/// The revocation reason that also counts for what was signed before.
const COMPROMISED: u8 = 2;

impl Signature {
    /// Reads a signature from the front of a packet.
    pub fn parse(body: &mut Bytes<'_>) -> Result<Self, Error> {
        Self::parse_within(body, 0)
    }

    fn parse_within(body: &mut Bytes<'_>, depth: u8) -> Result<Self, Error> {
        let version = body.byte()?;
        if version != 4 {
            return Err(Error::PassedOver);
        }
        let (kind, algorithm, hash) = (body.byte()?, body.byte()?, body.byte()?);
        let hashed_length = body.number(2)? as usize;
        if !matches!(algorithm, RSA | RSA_SIGN_ONLY | DSA | ECDSA | EDDSA | ED25519) {
            return Err(Error::PassedOver);
        }
        let hash = Hash::by_number(hash).ok_or(Error::PassedOver)?;
        let hashed = body.take(hashed_length)?;
        let covered = body.seen();
        let length = (covered.len() as u32).to_be_bytes();
        let mut signature = Self {
            kind,
            algorithm,
            hash,
            suffix: [covered, &[4, 0xFF], &length].concat(),
            proof: Proof::Rsa(BigUint::ZERO),
            created: i64::MIN,
            lifetime_seconds: None,
            key_lifetime_seconds: None,
            issuer: None,
            issuer_fingerprint: None,
            is_primary_name: false,
            flags: None,
            critical_notations: Vec::new(),
            revocation_reason: None,
            embedded: None,
        };
        signature.subpackets(&hashed, Area::Hashed, depth)?;
        let free_length = body.number(2)? as usize;
        let free = body.take(free_length)?;
        signature.subpackets(&free, Area::Free, depth)?;
        // Two bytes of the hash, for those in a hurry.
        body.take(2)?;
        signature.proof = proof(algorithm, body)?;
        Ok(signature)
    }

    fn subpackets(&mut self, area: &[u8], which: Area, depth: u8) -> Result<(), Error> {
        let cut = Error::invalid("signature subpacket truncated");
        let mut rest = Bytes::cut(area, cut);
        while !rest.rest().is_empty() {
            let length = match rest.byte()? {
                first @ 0..192 => u64::from(first),
                first @ 192..255 => ((u64::from(first) - 192) << 8) + rest.number(1)? + 192,
                255 => rest.number(4)?,
            };
            let subpacket = rest.take(length as usize)?;
            let Some((kind, content)) = subpacket.split_first() else {
                return Err(Error::invalid("zero length signature subpacket"));
            };
            let number = kind & 0x7F;
            if which == Area::Hashed || matches!(number, 16 | 32 | 33) {
                self.subpacket(number, kind & 0x80 != 0, content, depth)?;
            }
        }
        if self.created == i64::MIN {
            return Err(Error::invalid("no creation time in signature"));
        }
        Ok(())
    }

    fn subpacket(
        &mut self,
        number: u8,
        is_critical: bool,
        content: &[u8],
        depth: u8,
    ) -> Result<(), Error> {
        let seconds = |words: &str| {
            let bytes = content.try_into().map_err(|_| Error::invalid(words))?;
            Ok(u32::from_be_bytes(bytes))
        };
        match number {
            2 => self.created = seconds("signature creation time not four bytes")?.into(),
            3 => self.lifetime_seconds = Some(seconds("expiration subpacket with bad length")?),
            4 if content.first() == Some(&0) => {
                return Err(Error::PassedOver);
            }
            9 => {
                let words = "key expiration subpacket with bad length";
                self.key_lifetime_seconds = Some(seconds(words)?);
            }
            16 => {
                let wrong = |_| Error::invalid("issuer subpacket with bad length");
                self.issuer = Some(u64::from_be_bytes(content.try_into().map_err(wrong)?));
            }
            20 => self.notation(is_critical, content)?,
            25 => match content {
                [flag] => self.is_primary_name = *flag > 0,
                _ => return Err(Error::invalid("primary user id subpacket with bad length")),
            },
            27 => self.flags = Some(self.flags.unwrap_or(0) | content.first().unwrap_or(&0)),
            29 => match content.first() {
                Some(reason) => self.revocation_reason = Some(*reason),
                None => return Err(Error::invalid("empty revocation reason subpacket")),
            },
            32 => self.embed(content, depth)?,
            33 => self.fingerprint(content)?,
            4..=7 | 11 | 21..=24 | 26 | 28 | 30 | 35 | 39 => {}
            _ if is_critical => return Err(Error::PassedOver),
            _ => {}
        }
        Ok(())
    }

    fn notation(&mut self, is_critical: bool, content: &[u8]) -> Result<(), Error> {
        let wrong = Error::invalid("notation data subpacket with bad length");
        let mut parts = Bytes::cut(content, wrong.clone());
        parts.take(4)?;
        let (name, value) = (parts.number(2)? as usize, parts.number(2)? as usize);
        let name = parts.take(name)?;
        parts.take(value)?;
        if !parts.rest().is_empty() {
            return Err(wrong);
        }
        if is_critical {
            self.critical_notations.push(String::from_utf8_lossy(&name).into_owned());
        }
        Ok(())
    }

    fn embed(&mut self, content: &[u8], depth: u8) -> Result<(), Error> {
        if self.embedded.is_some() {
            return Err(Error::invalid("Cannot have multiple embedded signatures"));
        }
        if depth >= MAX_DEPTH {
            return Err(Error::invalid("signatures within signatures"));
        }
        let inner = Self::parse_within(&mut Bytes::new(content), depth + 1)?;
        if inner.kind != kind::PRIMARY_BINDING {
            let text = format!("cross-signature has unexpected type {}", inner.kind);
            return Err(Error::Invalid(text));
        }
        self.embedded = Some(Box::new(inner));
        Ok(())
    }

    fn fingerprint(&mut self, content: &[u8]) -> Result<(), Error> {
        let Some((version, fingerprint)) = content.split_first() else {
            return Err(Error::invalid("empty issuer fingerprint subpacket"));
        };
        let wanted = if *version >= 5 { 32 } else { 20 };
        if fingerprint.len() != wanted {
            return Err(Error::invalid("bad fingerprint length"));
        }
        // The number of a newer key is the beginning of its fingerprint.
        self.issuer = match <&[u8; 20]>::try_from(fingerprint) {
            Ok(fingerprint) => Some(id_of(fingerprint)),
            Err(_) => Some(fingerprint[..8].iter().fold(0, |sum, b| sum << 8 | u64::from(*b))),
        };
        self.issuer_fingerprint = Some(fingerprint.to_vec());
        Ok(())
    }

    /// Whether the signature says that it lets a key sign.
    pub fn lets_sign(&self) -> bool {
        self.flags.is_some_and(|flags| flags & SIGN != 0)
    }

    /// Whether it is not good any more, or not yet.
    pub fn is_expired(&self, now: i64) -> bool {
        self.created > now || is_over(self.created, self.lifetime_seconds, now)
    }

    /// Whether a revocation counts: one for a stolen key always does.
    pub fn revokes(&self, now: i64) -> bool {
        self.revocation_reason == Some(COMPROMISED) || !self.is_expired(now)
    }
}

/// Whether a lifetime has passed; none, or one of zero, never does.
pub fn is_over(since: i64, lifetime_seconds: Option<u32>, now: i64) -> bool {
    lifetime_seconds.is_some_and(|seconds| seconds > 0 && now > since + i64::from(seconds))
}

/// Where in a signature a subpacket is: what is not hashed is mostly not believed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Area {
    Hashed,
    Free,
}

fn proof(algorithm: u8, body: &mut Bytes<'_>) -> Result<Proof, Error> {
    Ok(match algorithm {
        RSA | RSA_SIGN_ONLY => Proof::Rsa(body.big()?),
        EDDSA => {
            let numbers = [body.integer()?, body.integer()?];
            let mut both = [0; 64];
            for (half, bytes) in both.chunks_mut(32).zip(&numbers) {
                // Zeroes in front are left out of integers.
                let Some(start) = half.len().checked_sub(bytes.len()) else {
                    return Ok(Proof::TooLong);
                };
                half[start..].copy_from_slice(bytes);
            }
            Proof::Ed25519(both)
        }
        ED25519 => Proof::Ed25519(body.array_or_end()?),
        _ => Proof::Pair(body.big()?, body.big()?),
    })
}
