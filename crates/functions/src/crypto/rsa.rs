//! RSA keys: making, writing, reading, signing.

use gotmpl::function::Failure;
use num_bigint::BigUint;
use sha2::{Digest, Sha256};

use super::der::{Reader, SEQUENCE, integer, sequence};
use super::primes::random_prime;
use crate::effects::Effects;

/// The public exponent of keys made here, as Go's.
const EXPONENT: u32 = 65_537;

/// The smallest modulus that Go takes, in bits.
const MIN_BITS: u64 = 1_024;

/// The largest modulus that is taken, in bits: what signing costs grows with its cube.
const MAX_BITS: u64 = 16_384;

/// A private key.
pub(super) struct RsaKey {
    modulus: BigUint,
    exponent: BigUint,
    secret: BigUint,
    primes: [BigUint; 2],
}

impl RsaKey {
    /// A new key.
    pub(super) fn generate(effects: &mut Effects, bits: u64) -> Result<Self, Failure> {
        let exponent = BigUint::from(EXPONENT);
        // The exponent is prime: it has an inverse unless it divides p - 1.
        let is_wanted = |p: &BigUint| (p - 1_u8) % &exponent != BigUint::ZERO;
        loop {
            let p = random_prime(effects, bits / 2, is_wanted)?;
            let q = random_prime(effects, bits / 2, is_wanted)?;
            let order = (&p - 1_u8) * (&q - 1_u8);
            if p != q
                && let Some(secret) = exponent.modinv(&order)
            {
                return Ok(Self { modulus: &p * &q, exponent, secret, primes: [p, q] });
            }
        }
    }

    /// Reads PKCS #1; `None` where it is none or its numbers do not fit together.
    pub(super) fn from_pkcs1(der: &[u8]) -> Option<Self> {
        let mut parts = Reader::new(der).enter(SEQUENCE)?;
        parts.number().filter(|version| version.bits() == 0)?;
        let (modulus, exponent, secret) = (parts.number()?, parts.number()?, parts.number()?);
        let primes = [parts.number()?, parts.number()?];
        let fits = (MIN_BITS..=MAX_BITS).contains(&modulus.bits())
            && primes.iter().all(|p| p.bits() > 1)
            && &primes[0] * &primes[1] == modulus
            && exponent.bits() > 1
            && exponent.bits() <= 32;
        fits.then_some(Self { modulus, exponent, secret, primes })
    }

    /// PKCS #1.
    pub(super) fn to_pkcs1(&self) -> Vec<u8> {
        let [p, q] = &self.primes;
        let inverse = q.modinv(p).unwrap_or_default();
        let numbers = [
            &BigUint::ZERO,
            &self.modulus,
            &self.exponent,
            &self.secret,
            p,
            q,
            &(&self.secret % (p - 1_u8)),
            &(&self.secret % (q - 1_u8)),
            &inverse,
        ];
        let numbers: Vec<u8> = numbers.into_iter().flat_map(integer).collect();
        sequence(&[&numbers])
    }

    /// The public half of PKCS #1.
    pub(super) fn public(&self) -> Vec<u8> {
        sequence(&[&integer(&self.modulus), &integer(&self.exponent)])
    }

    /// A signature by PKCS #1 v1.5 on the SHA-256 of `message`.
    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        /// `DigestInfo` of SHA-256, without the digest.
        const DIGEST_INFO: [u8; 19] = [
            0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x01, 0x05, 0x00, 0x04, 0x20,
        ];
        let length = self.modulus.bits().div_ceil(8) as usize;
        let digest = Sha256::digest(message);
        let mut padded = vec![0xFF; length];
        let tail = length - digest.len();
        padded[tail..].copy_from_slice(&digest);
        padded[tail - DIGEST_INFO.len()..tail].copy_from_slice(&DIGEST_INFO);
        padded[..2].copy_from_slice(&[0, 1]);
        padded[tail - DIGEST_INFO.len() - 1] = 0;
        let signature = self.power(&BigUint::from_bytes_be(&padded)).to_bytes_be();
        let mut out = vec![0; length.saturating_sub(signature.len())];
        out.extend_from_slice(&signature);
        out
    }

    /// The secret power, by way of the two primes, which is four times as fast.
    fn power(&self, number: &BigUint) -> BigUint {
        let [p, q] = &self.primes;
        let Some(inverse) = q.modinv(p) else {
            return number.modpow(&self.secret, &self.modulus);
        };
        let of_p = number.modpow(&(&self.secret % (p - 1_u8)), p);
        let of_q = number.modpow(&(&self.secret % (q - 1_u8)), q);
        let difference = (&of_p + p - &of_q % p) % p;
        difference * inverse % p * q + of_q
    }
}
