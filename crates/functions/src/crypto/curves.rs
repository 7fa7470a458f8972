//! ECDSA on NIST's curves: keys and signatures. The curves themselves are in the crate `curves`.

use curves::{Curve, P256, fixed};
use gotmpl::function::Failure;
use num_bigint::BigUint;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::der::{INTEGER, OCTET_STRING};
use super::der::{OID, Reader, SEQUENCE, bit_string, context, element, integer, sequence};
use super::primes::random_below;
use crate::effects::Effects;

const SHA256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];
const SHA384: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03];
const SHA512: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x04];

/// `ecPublicKey`.
pub(super) const EC_PUBLIC_KEY: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01];

/// The digest that Go takes for a curve, and the encoded identifier of ECDSA with it.
fn signature(curve: &Curve) -> (fn(&[u8]) -> Vec<u8>, &'static [u8]) {
    match curve.bytes {
        32 => (|message| Sha256::digest(message).to_vec(), SHA256),
        48 => (|message| Sha384::digest(message).to_vec(), SHA384),
        _ => (|message| Sha512::digest(message).to_vec(), SHA512),
    }
}

/// A private key on one of the curves.
pub(super) struct EcKey {
    curve: &'static Curve,
    secret: BigUint,
    public: Vec<u8>,
}

impl EcKey {
    /// The key of that secret number.
    pub(super) fn new(curve: &'static Curve, secret: BigUint) -> Self {
        let public = curve.encode(&curve.multiply(&secret, &curve.base_point()));
        Self { curve, secret, public }
    }

    /// A new key on P-256.
    pub(super) fn generate(effects: &mut Effects) -> Result<Self, Failure> {
        let secret = random_below(effects, &P256.order())?;
        Ok(Self::new(&P256, secret))
    }

    /// Reads SEC 1; the curve is that of `oid` when the key itself names none.
    pub(super) fn from_sec1(der: &[u8], oid: Option<&[u8]>) -> Option<Self> {
        let mut parts = Reader::new(der).enter(SEQUENCE)?;
        parts.take(INTEGER).filter(|version| version.content == [1])?;
        let secret = BigUint::from_bytes_be(parts.take(OCTET_STRING)?.content);
        let named = match parts.peek() {
            Some(0xA0) => Some(parts.enter(context(0))?.take(OID)?.content),
            _ => None,
        };
        let curve = Curve::by_oid(oid.or(named)?)?;
        let is_valid = secret.bits() > 0 && secret < curve.order();
        is_valid.then(|| Self::new(curve, secret))
    }

    /// SEC 1, with the curve's name and the public key, as Go writes it.
    pub(super) fn to_sec1(&self) -> Vec<u8> {
        sequence(&[
            &[INTEGER, 1, 1],
            &element(OCTET_STRING, &fixed(&self.secret, self.curve.bytes)),
            &element(context(0), &element(OID, self.curve.oid)),
            &element(context(1), &bit_string(&self.public)),
        ])
    }

    /// The public point.
    pub(super) fn public(&self) -> &[u8] {
        &self.public
    }

    /// The curve's encoded object identifier.
    pub(super) fn curve_oid(&self) -> &'static [u8] {
        self.curve.oid
    }

    /// The encoded identifier of the signatures that [`EcKey::sign`] makes.
    pub(super) fn signature_oid(&self) -> &'static [u8] {
        signature(self.curve).1
    }

    /// An ECDSA signature on the digest of `message`, in DER.
    pub(super) fn sign(&self, effects: &mut Effects, message: &[u8]) -> Result<Vec<u8>, Failure> {
        let order = self.curve.order();
        let digest = signature(self.curve).0(message);
        let spare = (digest.len() as u64 * 8).saturating_sub(order.bits());
        let digest = BigUint::from_bytes_be(&digest) >> spare;
        loop {
            let nonce = random_below(effects, &order)?;
            let point = self.curve.multiply(&nonce, &self.curve.base_point());
            let (Some((x, _)), Some(inverse)) = (point, nonce.modinv(&order)) else { continue };
            let r = x % &order;
            let s = inverse * (&digest + &r * &self.secret) % &order;
            if r.bits() > 0 && s.bits() > 0 {
                return Ok(sequence(&[&integer(&r), &integer(&s)]));
            }
        }
    }

    /// Whether the public point is on the curve: a check of the curves' constants.
    #[cfg(test)]
    pub(super) fn is_on_curve(&self) -> bool {
        self.curve.decode(&self.public).is_some()
    }
}
