//! Private keys of every kind, in the forms of PEM that Sprig writes and reads.

use gotmpl::function::Failure;
use num_bigint::BigUint;

use super::curves::{EC_PUBLIC_KEY, EcKey};
use super::der::sequence;
use super::der::{
    INTEGER, NULL, OCTET_STRING, OID, Reader, SEQUENCE, bit_string, element, integer,
};
use super::ed25519::Ed25519Key;
use super::pem;
use super::primes::{has_no_small_factor, is_prime, random_below, random_prime, small_primes};
use super::rsa::RsaKey;
use crate::effects::Effects;

const RSA_ENCRYPTION: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];
const SHA256_WITH_RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B];
const ED25519: &[u8] = &[0x2B, 0x65, 0x70];

/// What Go says where a block ends before what belongs into it.
const TRUNCATED: &str = "asn1: syntax error: sequence truncated";

/// A private key.
pub(super) enum PrivateKey {
    Rsa(Box<RsaKey>),
    Ec(EcKey),
    Ed25519(Ed25519Key),
    /// Kept as it was written: certificates cannot be made with it.
    Dsa(Vec<u8>),
}

impl PrivateKey {
    /// A new key of one of Sprig's kinds; `None` for a kind that it does not know.
    pub(super) fn generate(effects: &mut Effects, kind: &[u8]) -> Result<Option<Self>, Failure> {
        /// "Good enough for government work", says Sprig.
        const RSA_BITS: u64 = 4_096;
        Ok(Some(match kind {
            b"" | b"rsa" => Self::Rsa(Box::new(RsaKey::generate(effects, RSA_BITS)?)),
            b"dsa" => Self::Dsa(generate_dsa(effects)?),
            b"ecdsa" => Self::Ec(EcKey::generate(effects)?),
            b"ed25519" => Self::Ed25519(Ed25519Key::generate(effects)?),
            _ => return Ok(None),
        }))
    }

    /// Reads the first block of a PEM text. The error is Sprig's.
    pub(super) fn from_pem(text: &[u8]) -> Result<Self, String> {
        let block = pem::decode(text).ok_or("no PEM data in input")?;
        if block.kind == "PRIVATE KEY" {
            return Self::from_pkcs8(&block.bytes)
                .ok_or_else(|| format!("decoding PEM as PKCS#8: {TRUNCATED}"));
        }
        let Some(kind) = block.kind.strip_suffix(" PRIVATE KEY") else {
            return Err(format!("no private key data in PEM block of type {}", block.kind));
        };
        let key = match kind {
            "RSA" => RsaKey::from_pkcs1(&block.bytes).map(|key| Self::Rsa(Box::new(key))),
            "EC" => EcKey::from_sec1(&block.bytes, None).map(Self::Ec),
            "DSA" => is_dsa(&block.bytes).then(|| Self::Dsa(block.bytes.clone())),
            _ => return Err(format!("invalid private key type {}", block.kind)),
        };
        let why = if kind == "EC" { "x509: failed to parse EC private key: " } else { "" };
        key.ok_or_else(|| format!("parsing {kind} private key from PEM: {why}{TRUNCATED}"))
    }

    fn from_pkcs8(der: &[u8]) -> Option<Self> {
        let mut parts = Reader::new(der).enter(SEQUENCE)?;
        parts.take(INTEGER)?;
        let mut algorithm = parts.enter(SEQUENCE)?;
        let key = parts.take(OCTET_STRING)?.content;
        match algorithm.take(OID)?.content {
            RSA_ENCRYPTION => RsaKey::from_pkcs1(key).map(|key| Self::Rsa(Box::new(key))),
            EC_PUBLIC_KEY => {
                let curve = algorithm.take(OID)?.content;
                EcKey::from_sec1(key, Some(curve)).map(Self::Ec)
            }
            ED25519 => {
                let seed = Reader::new(key).take(OCTET_STRING)?.content;
                Some(Self::Ed25519(Ed25519Key::new(seed.try_into().ok()?)))
            }
            _ => None,
        }
    }

    /// The block that Sprig writes for this kind.
    pub(super) fn to_pem(&self) -> String {
        match self {
            Self::Rsa(key) => pem::encode("RSA PRIVATE KEY", &key.to_pkcs1()),
            Self::Ec(key) => pem::encode("EC PRIVATE KEY", &key.to_sec1()),
            Self::Dsa(der) => pem::encode("DSA PRIVATE KEY", der),
            Self::Ed25519(key) => {
                let seed = element(OCTET_STRING, &element(OCTET_STRING, key.seed()));
                let algorithm = sequence(&[&element(OID, ED25519)]);
                let der = sequence(&[&[INTEGER, 1, 0], &algorithm, &seed]);
                pem::encode("PRIVATE KEY", &der)
            }
        }
    }

    /// `SubjectPublicKeyInfo` and, within, the public key alone; `None` for keys of which
    /// certificates cannot be made.
    pub(super) fn public(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let (algorithm, key) = match self {
            Self::Rsa(key) => {
                (sequence(&[&element(OID, RSA_ENCRYPTION), &[NULL, 0]]), key.public())
            }
            Self::Ec(key) => (
                sequence(&[&element(OID, EC_PUBLIC_KEY), &element(OID, key.curve_oid())]),
                key.public().to_vec(),
            ),
            Self::Ed25519(key) => (sequence(&[&element(OID, ED25519)]), key.public().to_vec()),
            Self::Dsa(_) => return None,
        };
        Some((sequence(&[&algorithm, &bit_string(&key)]), key))
    }

    /// `AlgorithmIdentifier` of the signatures of this key.
    pub(super) fn signature_algorithm(&self) -> Vec<u8> {
        match self {
            Self::Rsa(_) | Self::Dsa(_) => sequence(&[&element(OID, SHA256_WITH_RSA), &[NULL, 0]]),
            Self::Ec(key) => sequence(&[&element(OID, key.signature_oid())]),
            Self::Ed25519(_) => sequence(&[&element(OID, ED25519)]),
        }
    }

    /// A signature of `message`; `None` for keys that cannot sign.
    pub(super) fn sign(
        &self,
        effects: &mut Effects,
        message: &[u8],
    ) -> Result<Option<Vec<u8>>, Failure> {
        Ok(match self {
            Self::Rsa(key) => Some(key.sign(message)),
            Self::Ec(key) => Some(key.sign(effects, message)?),
            Self::Ed25519(key) => Some(key.sign(message)),
            Self::Dsa(_) => None,
        })
    }
}

/// Six numbers: version, p, q, g, y, x.
fn is_dsa(der: &[u8]) -> bool {
    let Some(mut parts) = Reader::new(der).enter(SEQUENCE) else {
        return false;
    };
    (0..6).all(|_| parts.number().is_some())
}

/// A new DSA key of 2048 and 256 bits, in the form of OpenSSL.
fn generate_dsa(effects: &mut Effects) -> Result<Vec<u8>, Failure> {
    const P_BITS: u64 = 2_048;
    const Q_BITS: u64 = 256;
    let small = small_primes();
    let q = random_prime(effects, Q_BITS, |_| true)?;
    let p = loop {
        let mut bytes = [0; (P_BITS / 8) as usize];
        effects.fill(&mut bytes)?;
        let mut p = BigUint::from_bytes_be(&bytes);
        p.set_bit(P_BITS - 1, true);
        // The next lower number that leaves 1 when divided by 2q.
        let rest = &p % (&q * 2_u8);
        p = p - rest + 1_u8;
        if p.bits() == P_BITS && has_no_small_factor(&p, &small) && is_prime(effects, &p)? {
            break p;
        }
    };
    let base = generator(&p, &q);
    let secret = random_below(effects, &q)?;
    let public = base.modpow(&secret, &p);
    let numbers: Vec<u8> =
        [&BigUint::ZERO, &p, &q, &base, &public, &secret].into_iter().flat_map(integer).collect();
    Ok(sequence(&[&numbers]))
}

/// A number whose powers modulo `p` are as many as `q`.
fn generator(p: &BigUint, q: &BigUint) -> BigUint {
    let one = BigUint::from(1_u8);
    let exponent = (p - 1_u8) / q;
    let mut root = BigUint::from(2_u8);
    loop {
        let power = root.modpow(&exponent, p);
        if power != one {
            return power;
        }
        root += 1_u8;
    }
}
