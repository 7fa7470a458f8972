//! Whether a key has made a signature.

use num_bigint::BigUint;
use ring::signature::{ED25519, UnparsedPublicKey};

use crate::error::Error;
use crate::key::{self, Numbers, PublicKey};
use crate::rsa;
use crate::signature::{Proof, Signature};

/// The largest modulus of DSA that is tried, in bits: the standard ends at 3072.
const MAX_DSA_BITS: u64 = 16_384;

const OTHER_ALGORITHM: &str = "public key and signature use different algorithms";

impl PublicKey {
    /// Whether this key has made `signature` on these parts, one after the other.
    pub fn verify(&self, parts: &[&[u8]], signature: &Signature) -> Result<(), Error> {
        if !self.can_sign() {
            return Err(Error::Argument("public key cannot generate signatures"));
        }
        if self.algorithm != signature.algorithm {
            return Err(Error::Argument(OTHER_ALGORITHM));
        }
        let mut all = parts.to_vec();
        all.push(&signature.suffix);
        let digest = signature.hash.digest(&all);
        let (name, is_good) = match (&self.numbers, &signature.proof) {
            (Numbers::Rsa(modulus, exponent), Proof::Rsa(proof)) => {
                let is_good = rsa::verify(modulus, exponent, signature.hash, &digest, proof);
                ("RSA", is_good)
            }
            (Numbers::Dsa(numbers), Proof::Pair(r, s)) => {
                ("DSA", verify_dsa(numbers, &digest, r, s))
            }
            (Numbers::Ecdsa(curve, point), Proof::Pair(r, s)) => {
                ("ECDSA", curve.verify(point, &digest, r, s))
            }
            (Numbers::Ed25519(point), Proof::Ed25519(proof)) => {
                let name = if self.algorithm == key::EDDSA { "EdDSA" } else { "Ed25519" };
                (name, UnparsedPublicKey::new(&ED25519, point).verify(&digest, proof).is_ok())
            }
            (Numbers::Ed25519(_), Proof::TooLong) => ("EdDSA", false),
            _ => return Err(Error::Argument(OTHER_ALGORITHM)),
        };
        if is_good { Ok(()) } else { Err(Error::Signature(format!("{name} verification failure"))) }
    }

    /// Whether this key has signed a name of its own.
    pub fn verify_name(&self, name: &str, signature: &Signature) -> Result<(), Error> {
        let length = (name.len() as u32).to_be_bytes();
        let parts: [&[u8]; 5] = [&self.prefix(), self.body(), &[0xB4], &length, name.as_bytes()];
        self.verify(&parts, signature)
    }

    /// Whether this key has signed another as its subkey, and the other agrees if it is to sign.
    pub fn verify_subkey(&self, subkey: &Self, signature: &Signature) -> Result<(), Error> {
        let (own, other) = (self.prefix(), subkey.prefix());
        let parts: [&[u8]; 4] = [&own, self.body(), &other, subkey.body()];
        self.verify(&parts, signature)?;
        if !signature.lets_sign() {
            return Ok(());
        }
        let Some(back) = &signature.embedded else {
            return Err(Error::invalid("signing subkey is missing cross-signature"));
        };
        subkey.verify(&parts, back).map_err(|error| {
            Error::Invalid(format!("error while verifying cross-signature: {error}"))
        })
    }

    /// Whether this key has signed itself, as revocations do.
    pub fn verify_itself(&self, signature: &Signature) -> Result<(), Error> {
        self.verify(&[&self.prefix(), self.body()], signature)
    }
}

fn verify_dsa(numbers: &[BigUint; 4], digest: &[u8], r: &BigUint, s: &BigUint) -> bool {
    let [modulus, order, base, key] = numbers;
    let is_number = |number: &BigUint| number.bits() > 0 && number < order;
    let is_key = (1..=MAX_DSA_BITS).contains(&modulus.bits());
    if !is_key || !is_number(r) || !is_number(s) {
        return false;
    }
    let Some(inverse) = s.modinv(order) else { return false };
    let kept = digest.len().min(order.bits().div_ceil(8) as usize);
    let digest = BigUint::from_bytes_be(&digest[..kept]);
    let left = base.modpow(&(digest * &inverse % order), modulus);
    let right = key.modpow(&(r * inverse % order), modulus);
    left * right % modulus % order == *r
}
