//! The hash functions of signatures and passphrases.

use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

/// A hash function by its number in `OpenPGP`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// For the signatures of old and for passphrases.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512, with which we sign.
    Sha512,
}

impl Hash {
    /// The function of that number; neither MD5 and RIPEMD160 nor SHA-3 are known.
    pub fn by_number(number: u8) -> Option<Self> {
        match number {
            2 => Some(Self::Sha1),
            8 => Some(Self::Sha256),
            9 => Some(Self::Sha384),
            10 => Some(Self::Sha512),
            11 => Some(Self::Sha224),
            _ => None,
        }
    }

    /// The hash of the parts, one after the other.
    pub fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        fn of<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let mut state = D::new();
            for part in parts {
                state.update(part);
            }
            state.finalize().to_vec()
        }
        match self {
            Self::Sha1 => of::<Sha1>(parts),
            Self::Sha224 => of::<Sha224>(parts),
            Self::Sha256 => of::<Sha256>(parts),
            Self::Sha384 => of::<Sha384>(parts),
            Self::Sha512 => of::<Sha512>(parts),
        }
    }

    /// What PKCS #1 puts before a hash: `DigestInfo` without it.
    pub fn digest_info(self) -> Vec<u8> {
        let (last, length) = match self {
            Self::Sha1 => {
                return vec![0x30, 0x21, 0x30, 9, 6, 5, 0x2B, 14, 3, 2, 0x1A, 5, 0, 4, 0x14];
            }
            Self::Sha224 => (4, 28),
            Self::Sha256 => (1, 32),
            Self::Sha384 => (2, 48),
            Self::Sha512 => (3, 64),
        };
        let mut out = vec![0x30, 17 + length, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2];
        out.extend([last, 5, 0, 4, length]);
        out
    }
}
