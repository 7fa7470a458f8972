//! RSA by PKCS #1 v1.5: the public half in plain arithmetic, because keys of all sizes are about; the
//! secret half by `ring`, whose time tells nothing.

use num_bigint::BigUint;
use ring::rand::SystemRandom;
use ring::rsa::{KeyPair, KeyPairComponents, PublicKeyComponents};
use ring::signature::RSA_PKCS1_SHA512;

use crate::bytes::Bytes;
use crate::error::Error;
use crate::hash::Hash;

/// The smallest modulus that Go takes, in bits.
const MIN_BITS: u64 = 1024;
/// The largest that is tried: what verifying costs grows with its square.
const MAX_BITS: u64 = 16_384;

/// What Go's library says where the exponent does not fit the primes, or they are none.
const NOT_PRIMES: &str = "crypto/rsa: invalid CRT exponent";

/// Whether `proof` is a signature on the digest.
pub fn verify(
    modulus: &BigUint,
    exponent: &BigUint,
    hash: Hash,
    digest: &[u8],
    proof: &BigUint,
) -> bool {
    let is_key = (MIN_BITS..=MAX_BITS).contains(&modulus.bits())
        && modulus.bit(0)
        && exponent.bit(0)
        && exponent.bits() > 1;
    if !is_key || proof >= modulus {
        return false;
    }
    let length = modulus.bits().div_ceil(8) as usize;
    let wanted = padded(hash, digest, length);
    BigUint::from_bytes_be(&wanted) == proof.modpow(exponent, modulus)
}

fn padded(hash: Hash, digest: &[u8], length: usize) -> Vec<u8> {
    let tail = [&[0], hash.digest_info().as_slice(), digest].concat();
    let filler = vec![0xFF; length.saturating_sub(tail.len() + 2)];
    [&[0, 1], filler.as_slice(), &tail].concat()
}

/// The secret exponent and the primes, which must belong to the public numbers by the rules of Go's
/// library.
pub fn secret_numbers(
    body: &mut Bytes<'_>,
    modulus: &BigUint,
    exponent: &BigUint,
) -> Result<[BigUint; 3], Error> {
    let (secret, p, q) = (body.big()?, body.big()?, body.big()?);
    let one = BigUint::from(1_u8);
    if p <= one || q <= one || &p * &q != *modulus {
        return Err(Error::Key("crypto/rsa: p * q != n"));
    }
    if !p.bit(0) || !q.bit(0) {
        return Err(Error::Key("crypto/rsa: p is even"));
    }
    if [&p, &q].iter().any(|prime| &secret * exponent % (*prime - &one) != one) {
        return Err(Error::Key(NOT_PRIMES));
    }
    let half = modulus.bits() / 2;
    let apart = if p > q { &p - &q } else { &q - &p };
    if apart.bits() <= half.saturating_sub(100) {
        return Err(Error::Key("crypto/rsa: |p - q| too small"));
    }
    if secret.bits() <= half || secret >= *modulus {
        return Err(Error::Key("crypto/rsa: d too small"));
    }
    Ok([secret, p, q])
}

/// The secret numbers of a key: exponent and primes, in the packet's order.
pub struct Secret {
    pair: KeyPair,
}

impl Secret {
    /// Reads them; they must belong to the public ones.
    pub fn parse(
        body: &mut Bytes<'_>,
        modulus: &BigUint,
        exponent: &BigUint,
    ) -> Result<Self, Error> {
        let [secret, small, large] = secret_numbers(body, modulus, exponent)?;
        let one = BigUint::from(1_u8);
        // PGP has the smaller prime first, ring the larger.
        let (p, q) = if small < large { (large, small) } else { (small, large) };
        let inverse = q.modinv(&p).ok_or(Error::Key(NOT_PRIMES))?;
        let bytes = |number: &BigUint| number.to_bytes_be();
        let components = KeyPairComponents {
            public_key: PublicKeyComponents { n: bytes(modulus), e: bytes(exponent) },
            d: bytes(&secret),
            dP: bytes(&(&secret % (&p - &one))),
            dQ: bytes(&(&secret % (&q - &one))),
            qInv: bytes(&inverse),
            p: bytes(&p),
            q: bytes(&q),
        };
        let pair = KeyPair::from_components(&components).map_err(|rejected| {
            Error::Unsupported(format!("signing with this RSA key ({rejected})"))
        })?;
        Ok(Self { pair })
    }

    /// A signature on the SHA-512 of the message.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let mut out = vec![0; self.pair.public().modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA512, &SystemRandom::new(), message, &mut out)
            .map_err(|_| Error::unsupported("signing with this RSA key"))?;
        Ok(out)
    }
}
