//! NIST's elliptic curves: points on them, and ECDSA signatures verified.
//!
//! Plain arithmetic on large numbers, in projective coordinates so that a large keyring is read in
//! reasonable time; its time tells of the numbers. The crate knows nothing of keys, certificates, encodings
//! other than a point's, or randomness.

use num_bigint::BigUint;

/// A curve `y² = x³ - 3x + b` over a prime field.
#[derive(Debug)]
pub struct Curve {
    /// The encoded object identifier.
    pub oid: &'static [u8],
    /// Bytes of a coordinate.
    pub bytes: usize,
    field: &'static str,
    order: &'static str,
    b: &'static str,
    base: [&'static str; 2],
}

/// NIST P-256.
pub static P256: Curve = Curve {
    oid: &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07],
    bytes: 32,
    field: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
    order: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    b: "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
    base: [
        "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
    ],
};

/// NIST P-384.
pub static P384: Curve = Curve {
    oid: &[0x2B, 0x81, 0x04, 0x00, 0x22],
    bytes: 48,
    field: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe\
            ffffffff0000000000000000ffffffff",
    order: "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf\
            581a0db248b0a77aecec196accc52973",
    b: "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875a\
        c656398d8a2ed19d2a85c8edd3ec2aef",
    base: [
        "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a38\
         5502f25dbf55296c3a545e3872760ab7",
        "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c0\
         0a60b1ce1d7e819d7a431d7c90ea0e5f",
    ],
};

/// NIST P-521.
pub static P521: Curve = Curve {
    oid: &[0x2B, 0x81, 0x04, 0x00, 0x23],
    bytes: 66,
    field: "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
            ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    order: "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
            a51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
    b: "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e\
        156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
    base: [
        "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3d\
         baa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
        "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e66\
         2c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
    ],
};

/// All of them.
pub static ALL: [&Curve; 3] = [&P256, &P384, &P521];

/// Affine coordinates; `None` is the point at infinity.
pub type Point = Option<(BigUint, BigUint)>;

/// Coordinates of which the third divides the others, by its square and cube; zero is infinity.
type Jacobian = [BigUint; 3];

/// A number in so many bytes, the most significant first.
pub fn fixed(number: &BigUint, length: usize) -> Vec<u8> {
    let bytes = number.to_bytes_be();
    let mut out = vec![0; length.saturating_sub(bytes.len())];
    out.extend(bytes);
    out
}

fn number(digits: &str) -> BigUint {
    BigUint::parse_bytes(digits.as_bytes(), 16).unwrap_or_default()
}

impl Curve {
    /// The curve with that encoded identifier.
    pub fn by_oid(oid: &[u8]) -> Option<&'static Self> {
        ALL.into_iter().find(|curve| curve.oid == oid)
    }

    /// How many points the base point makes.
    pub fn order(&self) -> BigUint {
        number(self.order)
    }

    /// The point that all others are multiples of.
    pub fn base_point(&self) -> Point {
        Some((number(self.base[0]), number(self.base[1])))
    }

    /// A point, so often added to itself.
    pub fn multiply(&self, factor: &BigUint, point: &Point) -> Point {
        let field = number(self.field);
        let [x, y, z] = multiply(&field, factor, point);
        let one = z.modinv(&field)?;
        let square = &one * &one % &field;
        Some((x * &square % &field, y * square % &field * one % &field))
    }

    /// The uncompressed encoding of a point.
    pub fn encode(&self, point: &Point) -> Vec<u8> {
        let mut out = vec![4];
        if let Some((x, y)) = point {
            out.extend(fixed(x, self.bytes));
            out.extend(fixed(y, self.bytes));
        }
        out
    }

    /// Reads a point in its uncompressed encoding; it must be on the curve.
    pub fn decode(&self, encoded: &[u8]) -> Option<(BigUint, BigUint)> {
        let (4, coordinates) = encoded.split_first().map(|(first, rest)| (*first, rest))? else {
            return None;
        };
        if coordinates.len() != 2 * self.bytes {
            return None;
        }
        let (x, y) = coordinates.split_at(self.bytes);
        let (x, y) = (BigUint::from_bytes_be(x), BigUint::from_bytes_be(y));
        let field = number(self.field);
        let right = &x * &x * &x + &field * 3_u8 - &x * 3_u8 + number(self.b);
        let is_on_curve = x < field && y < field && &y * &y % &field == right % &field;
        is_on_curve.then_some((x, y))
    }

    /// Whether `r` and `s` sign the digest with the secret of the public point.
    pub fn verify(&self, point: &Point, digest: &[u8], r: &BigUint, s: &BigUint) -> bool {
        let (field, order) = (number(self.field), self.order());
        let is_number = |number: &BigUint| number.bits() > 0 && *number < order;
        let Some(inverse) = s.modinv(&order) else { return false };
        if !is_number(r) || !is_number(s) {
            return false;
        }
        let spare = (digest.len() as u64 * 8).saturating_sub(order.bits());
        let digest = BigUint::from_bytes_be(digest) >> spare;
        let left = multiply(&field, &(digest * &inverse % &order), &self.base_point());
        let right = multiply(&field, &(r * &inverse % &order), point);
        let [x, _, z] = add(&field, &left, &right);
        // Divided by the square of z.
        z.modinv(&field).is_some_and(|one| x * &one % &field * one % &field % &order == *r)
    }
}

fn multiply(field: &BigUint, factor: &BigUint, point: &Point) -> Jacobian {
    let infinity = [BigUint::from(1_u8), BigUint::from(1_u8), BigUint::ZERO];
    let Some((x, y)) = point else { return infinity };
    let point = [x.clone(), y.clone(), BigUint::from(1_u8)];
    let mut sum = infinity;
    for bit in (0..factor.bits()).rev() {
        sum = double(field, &sum);
        if factor.bit(bit) {
            sum = add(field, &sum, &point);
        }
    }
    sum
}

fn minus(field: &BigUint, left: BigUint, right: &BigUint) -> BigUint {
    (left + field - right % field) % field
}

fn double(field: &BigUint, [x, y, z]: &Jacobian) -> Jacobian {
    let (yy, zz) = (y * y % field, z * z % field);
    let middle = x * &yy * 4_u8 % field;
    let slope = minus(field, x.clone(), &zz) * (x + zz) * 3_u8 % field;
    let x3 = minus(field, &slope * &slope, &(&middle * 2_u8));
    let y3 = minus(field, slope * minus(field, middle, &x3), &(&yy * &yy * 8_u8));
    [x3, y3, y * z * 2_u8 % field]
}

fn add(p: &BigUint, left: &Jacobian, right: &Jacobian) -> Jacobian {
    let ([x1, y1, z1], [x2, y2, z2]) = (left, right);
    if z1.bits() == 0 {
        return right.clone();
    }
    if z2.bits() == 0 {
        return left.clone();
    }
    let (z1z1, z2z2) = (z1 * z1 % p, z2 * z2 % p);
    let (u1, u2) = (x1 * &z2z2 % p, x2 * &z1z1 % p);
    let (s1, s2) = (y1 * z2z2 % p * z2 % p, y2 * z1z1 % p * z1 % p);
    let (h, r) = (minus(p, u2, &u1), minus(p, s2, &s1));
    if h.bits() == 0 {
        let infinity = [BigUint::from(1_u8), BigUint::from(1_u8), BigUint::ZERO];
        return if r.bits() == 0 { double(p, left) } else { infinity };
    }
    let hh = &h * &h % p;
    let v = u1 * &hh % p;
    let hhh = &hh * &h % p;
    let x3 = minus(p, minus(p, &r * &r, &hhh), &(&v * 2_u8));
    let y3 = minus(p, r * minus(p, v, &x3), &(s1 * hhh));
    [x3, y3, z1 * z2 % p * h % p]
}
