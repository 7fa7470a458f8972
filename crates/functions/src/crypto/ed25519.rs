//! Ed25519 keys and signatures (RFC 8032), in plain arithmetic on large numbers: charts make a key
//! or two of it, if any.

use gotmpl::function::Failure;
use num_bigint::BigUint;
use sha2::{Digest, Sha512};

use crate::effects::Effects;

/// A private key: its seed and what follows from it.
pub(super) struct Ed25519Key {
    seed: [u8; 32],
    public: [u8; 32],
}

/// A point in affine coordinates.
type Point = (BigUint, BigUint);

/// The curve's numbers.
struct Numbers {
    /// 2²⁵⁵ - 19.
    field: BigUint,
    /// The order of the base point.
    order: BigUint,
    d: BigUint,
    base: Point,
}

impl Numbers {
    fn new() -> Self {
        let number = |digits: &str| BigUint::parse_bytes(digits.as_bytes(), 16).unwrap_or_default();
        Self {
            field: (BigUint::from(1_u8) << 255) - 19_u8,
            order: number("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed"),
            d: number("52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3"),
            base: (
                number("216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51a"),
                number("6666666666666666666666666666666666666666666666666666666666666658"),
            ),
        }
    }

    fn add(&self, left: &Point, right: &Point) -> Point {
        let p = &self.field;
        let ((x1, y1), (x2, y2)) = (left, right);
        let (x1y2, y1x2, xx, yy) = (x1 * y2, y1 * x2, x1 * x2, y1 * y2);
        let twist = &self.d * (&xx % p) % p * (&yy % p) % p;
        // The curve is complete: these have inverses for all points on it.
        let over = |number: BigUint| number.modinv(p).unwrap_or_default();
        let x = (x1y2 + y1x2) * over(&twist + 1_u8) % p;
        let y = (yy + xx) * over(p + 1_u8 - &twist) % p;
        (x, y)
    }

    fn multiply_base(&self, factor: &BigUint) -> Point {
        let mut sum = (BigUint::ZERO, BigUint::from(1_u8));
        for bit in (0..factor.bits()).rev() {
            sum = self.add(&sum, &sum);
            if factor.bit(bit) {
                sum = self.add(&sum, &self.base);
            }
        }
        sum
    }
}

fn encode((x, y): &Point) -> [u8; 32] {
    let mut out = little_endian(y);
    out[31] |= u8::from(x.bit(0)) << 7;
    out
}

fn little_endian(number: &BigUint) -> [u8; 32] {
    let mut out = [0; 32];
    for (to, from) in out.iter_mut().zip(number.to_bytes_le()) {
        *to = from;
    }
    out
}

fn expand(seed: &[u8; 32]) -> (BigUint, [u8; 32]) {
    let digest: [u8; 64] = Sha512::digest(seed).into();
    let (mut scalar, mut prefix) = ([0; 32], [0; 32]);
    scalar.copy_from_slice(&digest[..32]);
    prefix.copy_from_slice(&digest[32..]);
    scalar[0] &= 0xF8;
    scalar[31] = scalar[31] & 0x7F | 0x40;
    (BigUint::from_bytes_le(&scalar), prefix)
}

impl Ed25519Key {
    /// The key of that seed.
    pub(super) fn new(seed: [u8; 32]) -> Self {
        let public = encode(&Numbers::new().multiply_base(&expand(&seed).0));
        Self { seed, public }
    }

    /// A new key.
    pub(super) fn generate(effects: &mut Effects) -> Result<Self, Failure> {
        let mut seed = [0; 32];
        effects.fill(&mut seed)?;
        Ok(Self::new(seed))
    }

    /// The seed, which is the private key as it is written.
    pub(super) fn seed(&self) -> &[u8] {
        &self.seed
    }

    /// The encoded public point.
    pub(super) fn public(&self) -> &[u8] {
        &self.public
    }

    /// A signature.
    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let numbers = Numbers::new();
        let (scalar, prefix) = expand(&self.seed);
        let nonce = Sha512::new().chain_update(prefix).chain_update(message).finalize();
        let nonce = BigUint::from_bytes_le(&nonce) % &numbers.order;
        let r = encode(&numbers.multiply_base(&nonce));
        let challenge =
            Sha512::new().chain_update(r).chain_update(self.public).chain_update(message);
        let challenge = BigUint::from_bytes_le(&challenge.finalize()) % &numbers.order;
        let s = (nonce + challenge * scalar) % &numbers.order;
        [r, little_endian(&s)].concat()
    }
}
