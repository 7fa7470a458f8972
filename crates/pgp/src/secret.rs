//! Secret keys, and the passphrases that protect them.

use aes::cipher::{Block, BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use num_bigint::BigUint;
use ring::signature::Ed25519KeyPair;
use sha1::{Digest, Sha1};

use crate::bytes::Bytes;
use crate::error::Error;
use crate::hash::Hash;
use crate::key::{EDDSA, Numbers, PublicKey};
use crate::other::{argon, is_cipher, nonce_length};
use crate::rsa;

/// A public key with its secret part, as the packet has it.
#[derive(Clone, Debug)]
pub struct SecretKey {
    pub public: PublicKey,
    protection: Protection,
    /// The secret numbers, encrypted unless there is no protection.
    data: Vec<u8>,
}

/// How the secret numbers are kept.
#[derive(Clone, Debug)]
enum Protection {
    None,
    /// By a passphrase, with AES in CFB mode.
    Passphrase {
        cipher: Cipher,
        to_key: ToKey,
        start: [u8; BLOCK],
        check: Check,
    },
    /// They are not there.
    Dummy,
    /// In a way that we do not know.
    Unknown(String),
}

#[derive(Clone, Copy, Debug)]
enum Cipher {
    Aes128,
    Aes192,
    Aes256,
}

/// The smallest order of a DSA key.
const MIN_ORDER_BITS: u64 = 150;
/// Bytes of a block of AES.
const BLOCK: usize = 16;

/// How the end of the decrypted numbers shows that the passphrase was right.
#[derive(Clone, Copy, Debug)]
enum Check {
    Sha1,
    Sum,
    /// By the cipher's mode, which we do not know.
    Authenticated,
}

/// How a passphrase becomes a key.
#[derive(Clone, Debug)]
struct ToKey {
    hash: Hash,
    salt: Vec<u8>,
    /// How many bytes are hashed; each round hashes salt and passphrase at least once.
    count: usize,
}

/// What signs.
pub enum Signer {
    /// By RSA.
    Rsa(Box<rsa::Secret>),
    /// By Ed25519.
    Ed25519(Box<Ed25519KeyPair>),
}

impl SecretKey {
    /// Reads a packet.
    pub fn parse(body: &mut Bytes<'_>, is_subkey: bool) -> Result<Self, Error> {
        let public = PublicKey::parse(body, is_subkey)?;
        let (protection, data) = match body.byte()? {
            0 => {
                let data = body.all()?;
                let numbers = without_sum(&data)?;
                check(&public, numbers)?;
                (Protection::None, numbers.to_vec())
            }
            usage @ 253..=255 => {
                let check = match usage {
                    253 => Check::Authenticated,
                    254 => Check::Sha1,
                    _ => Check::Sum,
                };
                let protection = protection(check, body)?;
                let is_whole = !matches!(protection, Protection::Dummy);
                (protection, if is_whole { body.all()? } else { Vec::new() })
            }
            _ => return Err(Error::PassedOver),
        };
        Ok(Self { public, protection, data })
    }

    /// Whether a passphrase is needed.
    pub fn is_encrypted(&self) -> bool {
        matches!(self.protection, Protection::Passphrase { .. } | Protection::Unknown(_))
    }

    /// What signs with the key; the passphrase counts only where one is needed.
    pub fn signer(&self, passphrase: &[u8]) -> Result<Signer, Error> {
        let decrypted;
        let data = match &self.protection {
            Protection::None => &self.data,
            Protection::Dummy => return Err(Error::Dummy),
            Protection::Unknown(what) => return Err(Error::Unsupported(what.clone())),
            Protection::Passphrase { cipher, to_key, start, check } => {
                decrypted = decrypt(*cipher, to_key, start, &self.data, passphrase);
                match check {
                    Check::Sum | Check::Authenticated => without_sum(&decrypted)?,
                    Check::Sha1 => without_sha1(&decrypted)?,
                }
            }
        };
        match &self.public.numbers {
            Numbers::Rsa(modulus, exponent) => {
                let secret = rsa::Secret::parse(&mut Bytes::new(data), modulus, exponent)?;
                Ok(Signer::Rsa(Box::new(secret)))
            }
            Numbers::Ed25519(point) => {
                let pair = edwards(self.public.algorithm, point, data)?;
                Ok(Signer::Ed25519(Box::new(pair)))
            }
            _ => Err(Error::unsupported("signing with keys other than RSA and Ed25519")),
        }
    }
}

/// Whether secret numbers that lie open belong to the public ones.
fn check(public: &PublicKey, data: &[u8]) -> Result<(), Error> {
    let mut numbers = Bytes::new(data);
    match &public.numbers {
        Numbers::Rsa(modulus, exponent) => {
            rsa::secret_numbers(&mut numbers, modulus, exponent).map(drop)
        }
        Numbers::Ed25519(point) => edwards(public.algorithm, point, data).map(drop),
        Numbers::Ecdsa(curve, point) => {
            let factor = numbers.big()?;
            let is_number = factor.bits() > 0 && factor < curve.order();
            if is_number && curve.multiply(&factor, &curve.base_point()) == *point {
                Ok(())
            } else {
                Err(Error::Key(match curve.bytes {
                    32 => "ecc (P-256): invalid point",
                    48 => "ecc (P-384): invalid point",
                    _ => "ecc (P-521): invalid point",
                }))
            }
        }
        Numbers::Dsa(public) => check_dsa(public, &numbers.big()?),
        Numbers::Encryption => Ok(()),
    }
}

/// By the rules of Go's library, but that the order is believed to be prime.
fn check_dsa([modulus, order, base, key]: &[BigUint; 4], exponent: &BigUint) -> Result<(), Error> {
    let one = BigUint::from(1_u8);
    Err(Error::Key(if *base <= one || *key <= one || base > modulus {
        "dsa: invalid group"
    } else if modulus <= order {
        "dsa: invalid group prime"
    } else if order.bits() < MIN_ORDER_BITS
        || (modulus - &one) % order != BigUint::ZERO
        || base.modpow(order, modulus) != one
    {
        "dsa: invalid order"
    } else if base.modpow(exponent, modulus) != *key {
        "dsa: mismatching values"
    } else {
        return Ok(());
    }))
}

fn edwards(algorithm: u8, point: &[u8; 32], data: &[u8]) -> Result<Ed25519KeyPair, Error> {
    let (seed, words) = if algorithm == EDDSA {
        let seed = Bytes::new(data).integer()?;
        // Zeroes in front are left out of integers.
        let zeroes = 32_usize.checked_sub(seed.len()).ok_or(Error::Scalar)?;
        ([vec![0; zeroes], seed].concat(), "ecc: invalid ed25519 secret")
    } else if data.len() == 32 {
        (data.to_vec(), "ed25519: invalid ed25519 public key")
    } else {
        return Err(Error::invalid("wrong ed25519 key size"));
    };
    Ed25519KeyPair::from_seed_and_public_key(&seed, point).map_err(|_| Error::Key(words))
}

fn unknown(what: &str) -> Protection {
    Protection::Unknown(format!(
        "private keys protected by {what}; AES-128, -192 and -256 are read"
    ))
}

fn protection(check: Check, body: &mut Bytes<'_>) -> Result<Protection, Error> {
    let cipher = body.byte()?;
    if cipher != 0 && !is_cipher(cipher) {
        return Err(Error::PassedOver);
    }
    let is_authenticated = matches!(check, Check::Authenticated);
    if is_authenticated && nonce_length(body.byte()?) == 0 {
        return Err(Error::PassedOver);
    }
    let mode = body.take_or_end(1)?[0];
    let fields = match mode {
        0 => body.take_or_end(1)?,
        1 => body.take_or_end(9)?,
        3 => body.take_or_end(10)?,
        4 => {
            argon(body)?;
            if is_authenticated {
                return Ok(unknown("AEAD"));
            }
            return Err(Error::invalid("using Argon2 S2K without AEAD is not allowed"));
        }
        101 => {
            return match &body.take_or_end(5)?[1..] {
                b"GNU\x01" => Ok(Protection::Dummy),
                _ => Err(Error::PassedOver),
            };
        }
        _ => return Err(Error::PassedOver),
    };
    let hash = fields[0];
    let count = fields.get(9).map_or(0, |count| (16 + usize::from(count & 15)) << (count / 16 + 6));
    let salt = fields.get(1..9).unwrap_or_default().to_vec();
    if is_authenticated && cipher != 0 && Hash::by_number(hash).is_some() {
        return Ok(unknown("AEAD"));
    }
    let cipher = match cipher {
        2 => return Ok(unknown("3DES")),
        3 => return Ok(unknown("CAST5")),
        7 => Cipher::Aes128,
        8 => Cipher::Aes192,
        9 => Cipher::Aes256,
        _ => return Err(Error::PassedOver),
    };
    let hash = Hash::by_number(hash).ok_or(Error::PassedOver)?;
    let to_key = ToKey { hash, salt, count };
    Ok(Protection::Passphrase { cipher, to_key, start: body.array()?, check })
}

impl ToKey {
    fn key(&self, passphrase: &[u8], length: usize) -> Vec<u8> {
        let once = [self.salt.as_slice(), passphrase].concat();
        let count = self.count.max(once.len());
        let repeated: Vec<u8> = once.iter().copied().cycle().take(count).collect();
        let mut out = Vec::new();
        let mut zeroes = Vec::new();
        while out.len() < length {
            out.extend(self.hash.digest(&[&zeroes, &repeated]));
            zeroes.push(0);
        }
        out.truncate(length);
        out
    }
}

fn decrypt(
    cipher: Cipher,
    to_key: &ToKey,
    start: &[u8; BLOCK],
    data: &[u8],
    passphrase: &[u8],
) -> Vec<u8> {
    fn run<C: KeyInit + BlockCipherEncrypt>(key: &[u8], start: &[u8], data: &[u8]) -> Vec<u8> {
        let Ok(cipher) = C::new_from_slice(key) else { return Vec::new() };
        let mut mask = Block::<C>::default();
        mask.copy_from_slice(start);
        let mut out = Vec::with_capacity(data.len());
        for part in data.chunks(BLOCK) {
            cipher.encrypt_block(&mut mask);
            out.extend(part.iter().zip(mask.iter()).map(|(byte, mask)| byte ^ mask));
            mask[..part.len()].copy_from_slice(part);
        }
        out
    }
    match cipher {
        Cipher::Aes128 => run::<Aes128>(&to_key.key(passphrase, 16), start, data),
        Cipher::Aes192 => run::<Aes192>(&to_key.key(passphrase, 24), start, data),
        Cipher::Aes256 => run::<Aes256>(&to_key.key(passphrase, 32), start, data),
    }
}

/// The numbers without their last two bytes, which are the sum of the others.
fn without_sum(data: &[u8]) -> Result<&[u8], Error> {
    let Some((numbers, sum)) = data.split_last_chunk::<2>() else {
        return Err(Error::invalid("truncated private key data"));
    };
    let found = numbers.iter().fold(0_u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
    if found.to_be_bytes() == *sum { Ok(numbers) } else { Err(wrong_sum()) }
}

/// The numbers without their last twenty bytes, which are the hash of the others.
fn without_sha1(data: &[u8]) -> Result<&[u8], Error> {
    let Some((numbers, sum)) = data.split_last_chunk::<20>() else {
        return Err(Error::invalid("truncated private key data"));
    };
    if Sha1::digest(numbers).as_slice() == sum { Ok(numbers) } else { Err(wrong_sum()) }
}

fn wrong_sum() -> Error {
    Error::invalid("private key checksum failure")
}
