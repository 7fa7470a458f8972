//! Public keys.

use curves::{Curve, Point};
use num_bigint::BigUint;

use crate::bytes::Bytes;
use crate::error::Error;
use crate::hash::Hash;
use crate::other::{SHA1, is_cipher};

/// Algorithms by their numbers.
pub const RSA: u8 = 1;
/// An RSA key that only signs.
pub const RSA_SIGN_ONLY: u8 = 3;
pub const DSA: u8 = 17;
pub const ECDSA: u8 = 19;
/// `EdDSA` as it was before RFC 9580.
pub const EDDSA: u8 = 22;
pub const ED25519: u8 = 27;

const ED25519_OID: [&[u8]; 2] = [
    &[0x2B, 0x06, 0x01, 0x04, 0x01, 0xDA, 0x47, 0x0F, 0x01],
    &[0x2B, 0x06, 0x01, 0x04, 0x01, 0x97, 0x55, 0x01, 0x05, 0x01],
];

/// What a key verifies with.
#[derive(Clone, Debug)]
pub enum Numbers {
    /// Modulus and exponent.
    Rsa(BigUint, BigUint),
    /// `p`, `q`, `g` and `y`.
    Dsa([BigUint; 4]),
    /// A point on a curve.
    Ecdsa(&'static Curve, Point),
    /// An encoded point.
    Ed25519([u8; 32]),
    /// The key encrypts, which is no business of ours.
    Encryption,
}

/// A public key of version 4.
#[derive(Clone, Debug)]
pub struct PublicKey {
    /// When it was made, in seconds since 1970.
    pub created: i64,
    pub algorithm: u8,
    pub numbers: Numbers,
    pub fingerprint: [u8; 20],
    /// The end of the fingerprint.
    pub id: u64,
    pub is_subkey: bool,
    /// What is hashed for the key, without the header.
    body: Vec<u8>,
}

impl PublicKey {
    /// Reads a key from the front of a packet.
    pub fn parse(body: &mut Bytes<'_>, is_subkey: bool) -> Result<Self, Error> {
        let (version, created, algorithm) = (body.byte()?, body.number(4)?, body.byte()?);
        if version != 4 {
            return Err(Error::PassedOver);
        }
        let numbers = numbers(algorithm, body)?;
        let hashed = body.seen().to_vec();
        let mut key = Self {
            created: created.cast_signed(),
            algorithm,
            numbers,
            fingerprint: [0; 20],
            id: 0,
            is_subkey,
            body: hashed,
        };
        let digest = Hash::Sha1.digest(&[&key.prefix(), &key.body]);
        key.fingerprint.copy_from_slice(&digest);
        key.id = id_of(&key.fingerprint);
        Ok(key)
    }

    /// What comes before [`PublicKey::body`] where a key is hashed.
    pub fn prefix(&self) -> [u8; 3] {
        let [.., high, low] = self.body.len().to_be_bytes();
        [0x99, high, low]
    }

    /// What is hashed for the key.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Whether keys of this algorithm sign.
    pub fn can_sign(&self) -> bool {
        !matches!(self.numbers, Numbers::Encryption)
    }
}

/// A key's number, by which signatures name it.
pub fn id_of(fingerprint: &[u8; 20]) -> u64 {
    fingerprint[12..].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

fn numbers(algorithm: u8, body: &mut Bytes<'_>) -> Result<Numbers, Error> {
    Ok(match algorithm {
        RSA | RSA_SIGN_ONLY => {
            let (modulus, exponent) = rsa(body)?;
            Numbers::Rsa(modulus, exponent)
        }
        2 => rsa(body).map(|_| Numbers::Encryption)?,
        DSA => Numbers::Dsa([body.big()?, body.big()?, body.big()?, body.big()?]),
        16 => {
            for _ in 0..3 {
                body.integer()?;
            }
            Numbers::Encryption
        }
        18 => {
            body.identifier()?;
            body.integer()?;
            derivation(&body.identifier()?)?;
            Numbers::Encryption
        }
        ECDSA => {
            let curve = Curve::by_oid(&body.identifier()?).ok_or(Error::PassedOver)?;
            let point = curve.decode(&body.integer()?).ok_or(Error::Point)?;
            Numbers::Ecdsa(curve, Some(point))
        }
        EDDSA => Numbers::Ed25519(eddsa(body)?),
        ED25519 => Numbers::Ed25519(body.array_or_end()?),
        25 => body.take_or_end(32).map(|_| Numbers::Encryption)?,
        26 => body.take_or_end(56).map(|_| Numbers::Encryption)?,
        _ => return Err(Error::PassedOver),
    })
}

fn rsa(body: &mut Bytes<'_>) -> Result<(BigUint, BigUint), Error> {
    let (modulus, exponent) = (body.big()?, body.integer()?);
    if exponent.len() > 3 {
        return Err(Error::PassedOver);
    }
    Ok((modulus, BigUint::from_bytes_be(&exponent)))
}

/// How a key is made of a shared secret: with a hash and a cipher that are known.
fn derivation(fields: &[u8]) -> Result<(), Error> {
    match fields {
        [1, hash, cipher, ..]
            if *hash != SHA1 && Hash::by_number(*hash).is_some() && is_cipher(*cipher) =>
        {
            Ok(())
        }
        _ => Err(Error::PassedOver),
    }
}

fn eddsa(body: &mut Bytes<'_>) -> Result<[u8; 32], Error> {
    let curve = body.identifier()?;
    if !ED25519_OID.contains(&curve.as_slice()) {
        return Err(Error::PassedOver);
    }
    let point = body.integer()?;
    match point.split_first() {
        None => Err(Error::invalid("empty EdDSA public key")),
        Some((0x40, point)) => point.try_into().map_err(|_| Error::EdwardsPoint),
        Some(_) => Err(Error::PassedOver),
    }
}
