//! ECDSA on NIST's curves: keys and signatures.
//!
//! Plain affine arithmetic on large numbers: rare enough in charts (a key or two) that speed does
//! not matter, and generic over the curves that keys are made on.

use gotmpl::function::Failure;
use num_bigint::BigUint;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::der::{INTEGER, OCTET_STRING};
use super::der::{OID, Reader, SEQUENCE, bit_string, context, element, integer, sequence};
use super::primes::random_below;
use crate::effects::Effects;

/// One curve `y² = x³ - 3x + b` over a prime field.
pub(super) struct Curve {
    /// The encoded object identifier.
    oid: &'static [u8],
    /// The identifier of ECDSA with the digest that Go takes for this curve.
    signature_oid: &'static [u8],
    digest: fn(&[u8]) -> Vec<u8>,
    /// Bytes of a coordinate.
    bytes: usize,
    field: &'static str,
    order: &'static str,
    #[cfg(test)]
    b: &'static str,
    base: [&'static str; 2],
}

const SHA256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];
const SHA384: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03];
const SHA512: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x04];

/// `ecPublicKey`.
pub(super) const EC_PUBLIC_KEY: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01];

/// NIST P-256, the curve of new keys.
pub(super) const P256: Curve = Curve {
    oid: &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07],
    signature_oid: SHA256,
    digest: |message| Sha256::digest(message).to_vec(),
    bytes: 32,
    field: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
    order: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    #[cfg(test)]
    b: "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
    base: [
        "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
    ],
};

const P384: Curve = Curve {
    oid: &[0x2B, 0x81, 0x04, 0x00, 0x22],
    signature_oid: SHA384,
    digest: |message| Sha384::digest(message).to_vec(),
    bytes: 48,
    field: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe\
            ffffffff0000000000000000ffffffff",
    order: "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf\
            581a0db248b0a77aecec196accc52973",
    #[cfg(test)]
    b: "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875a\
        c656398d8a2ed19d2a85c8edd3ec2aef",
    base: [
        "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a38\
         5502f25dbf55296c3a545e3872760ab7",
        "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c0\
         0a60b1ce1d7e819d7a431d7c90ea0e5f",
    ],
};

const P521: Curve = Curve {
    oid: &[0x2B, 0x81, 0x04, 0x00, 0x23],
    signature_oid: SHA512,
    digest: |message| Sha512::digest(message).to_vec(),
    bytes: 66,
    field: "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
            ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    order: "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
            a51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
    #[cfg(test)]
    b: "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e\
        156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
    base: [
        "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3d\
         baa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
        "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e66\
         2c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
    ],
};

/// The curves whose keys can be read.
pub(super) const ALL: [&Curve; 3] = [&P256, &P384, &P521];

/// A point; `None` is the one at infinity.
type Point = Option<(BigUint, BigUint)>;

impl Curve {
    fn by_oid(oid: &[u8]) -> Option<&'static Self> {
        ALL.into_iter().find(|curve| curve.oid == oid)
    }

    fn number(digits: &str) -> BigUint {
        BigUint::parse_bytes(digits.as_bytes(), 16).unwrap_or_default()
    }

    fn base_point(&self) -> Point {
        Some((Self::number(self.base[0]), Self::number(self.base[1])))
    }

    /// The sum of two points.
    fn add(field: &BigUint, left: &Point, right: &Point) -> Point {
        let (Some((x1, y1)), Some((x2, y2))) = (left, right) else {
            return left.clone().or_else(|| right.clone());
        };
        let (rise, run) = if x1 == x2 {
            if (y1 + y2) % field == BigUint::ZERO {
                return None;
            }
            (x1 * x1 * 3_u8 + field - 3_u8, y1 * 2_u8)
        } else {
            (y2 + field - y1, x2 + field - x1)
        };
        let slope = rise * (run % field).modinv(field)? % field;
        let x = (&slope * &slope + field + field - x1 - x2) % field;
        let y = (slope * (x1 + field - &x) + field - y1) % field;
        Some((x, y))
    }

    fn multiply(&self, factor: &BigUint, point: &Point) -> Point {
        let field = Self::number(self.field);
        let mut sum = None;
        for bit in (0..factor.bits()).rev() {
            sum = Self::add(&field, &sum, &sum);
            if factor.bit(bit) {
                sum = Self::add(&field, &sum, point);
            }
        }
        sum
    }

    /// The uncompressed encoding.
    fn encode(&self, point: &Point) -> Vec<u8> {
        let mut out = vec![4];
        if let Some((x, y)) = point {
            out.extend(fixed(x, self.bytes));
            out.extend(fixed(y, self.bytes));
        }
        out
    }
}

fn fixed(number: &BigUint, length: usize) -> Vec<u8> {
    let bytes = number.to_bytes_be();
    let mut out = vec![0; length.saturating_sub(bytes.len())];
    out.extend(bytes);
    out
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
        let secret = random_below(effects, &Curve::number(P256.order))?;
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
        let is_valid = secret.bits() > 0 && secret < Curve::number(curve.order);
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
        self.curve.signature_oid
    }

    /// An ECDSA signature on the digest of `message`, in DER.
    pub(super) fn sign(&self, effects: &mut Effects, message: &[u8]) -> Result<Vec<u8>, Failure> {
        let order = Curve::number(self.curve.order);
        let digest = (self.curve.digest)(message);
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

    /// Whether the public point is on the curve: a check of the constants above.
    #[cfg(test)]
    pub(super) fn is_on_curve(&self) -> bool {
        let field = Curve::number(self.curve.field);
        let (x, y) = self.public[1..].split_at(self.curve.bytes);
        let (x, y) = (BigUint::from_bytes_be(x), BigUint::from_bytes_be(y));
        let right = &x * &x * &x + &field * 3_u8 - &x * 3_u8 + Curve::number(self.curve.b);
        y.pow(2) % &field == right % &field
    }
}
