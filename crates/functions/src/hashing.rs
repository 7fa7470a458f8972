//! Checksums: `sha1sum`, `sha256sum`, `sha512sum`, `adler32sum`.

use std::fmt::Write as _;

use gotmpl::function::{Call, Failure, Function, Param};
use gotmpl::value::Value;
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};

use crate::strings::text;

const ONE: &[Param] = &[Param::Str];

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[
    Function::pure("adler32sum", ONE, |call| Ok(text(adler32(call.text(0)).to_string()))),
    Function::pure("sha1sum", ONE, hex::<Sha1>),
    Function::pure("sha256sum", ONE, hex::<Sha256>),
    Function::pure("sha512sum", ONE, hex::<Sha512>),
];

fn hex<D: Digest>(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let digest = D::digest(call.text(0));
    let mut out = String::with_capacity(digest.len() * 2);
    for byte in &digest {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    Ok(text(out))
}

/// RFC 1950's checksum.
fn adler32(bytes: &[u8]) -> u32 {
    const MODULUS: u32 = 65521;
    let (mut a, mut b) = (1_u32, 0_u32);
    for &byte in bytes {
        a = (a + u32::from(byte)) % MODULUS;
        b = (b + a) % MODULUS;
    }
    b << 16 | a
}
