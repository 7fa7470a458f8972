//! Secret keys, and the passphrases that protect them.

use aes::cipher::{Block, BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use ring::signature::Ed25519KeyPair;
use sha1::{Digest, Sha1};

use crate::bytes::Bytes;
use crate::error::Error;
use crate::hash::Hash;
use crate::key::{EDDSA, Numbers, PublicKey};
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

/// Bytes of a block of AES.
const BLOCK: usize = 16;

/// How the end of the decrypted numbers shows that the passphrase was right.
#[derive(Clone, Copy, Debug)]
enum Check {
    Sha1,
    Sum,
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
                (Protection::None, without_sum(data)?.to_vec())
            }
            253 => (unknown("AEAD"), Vec::new()),
            usage @ (254 | 255) => {
                let check = if usage == 254 { Check::Sha1 } else { Check::Sum };
                let protection = protection(check, body)?;
                let is_whole = !matches!(protection, Protection::Dummy);
                (protection, if is_whole { body.all()?.to_vec() } else { Vec::new() })
            }
            _ => return Err(Error::unsupported("deprecated s2k function in private key")),
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
                    Check::Sum => without_sum(&decrypted)?,
                    Check::Sha1 => without_sha1(&decrypted)?,
                }
            }
        };
        let mut numbers = Bytes::new(data);
        match &self.public.numbers {
            Numbers::Rsa(modulus, exponent) => {
                let secret = rsa::Secret::parse(&mut numbers, modulus, exponent)?;
                Ok(Signer::Rsa(Box::new(secret)))
            }
            Numbers::Ed25519(point) => {
                let seed = if self.public.algorithm == EDDSA { numbers.integer()? } else { data };
                // Zeroes in front are left out of integers.
                let seed = [&vec![0; 32_usize.saturating_sub(seed.len())], seed].concat();
                let pair = Ed25519KeyPair::from_seed_and_public_key(&seed, point);
                let wrong = |_| Error::Key("invalid key parameters");
                Ok(Signer::Ed25519(Box::new(pair.map_err(wrong)?)))
            }
            _ => Err(Error::unsupported("signing with keys other than RSA and Ed25519")),
        }
    }
}

fn unknown(what: &str) -> Protection {
    Protection::Unknown(format!(
        "private keys protected by {what}; AES-128, -192 and -256 are read"
    ))
}

fn protection(check: Check, body: &mut Bytes<'_>) -> Result<Protection, Error> {
    let cipher = body.byte()?;
    let mode = body.byte()?;
    let hash = body.byte()?;
    let (salt, count) = match mode {
        0 => (Vec::new(), 0),
        1 => (body.take(8)?.to_vec(), 0),
        3 => {
            let salt = body.take(8)?.to_vec();
            let count = body.byte()?;
            (salt, (16 + usize::from(count & 15)) << (count / 16 + 6))
        }
        4 => return Err(Error::invalid("using Argon2 S2K without AEAD is not allowed")),
        101 => {
            return match body.take(4)? {
                b"GNU\x01" => Ok(Protection::Dummy),
                _ => Err(Error::unsupported("GNU S2K extension")),
            };
        }
        _ => return Err(Error::unsupported("S2K function")),
    };
    let cipher = match cipher {
        2 => return Ok(unknown("3DES")),
        3 => return Ok(unknown("CAST5")),
        7 => Cipher::Aes128,
        8 => Cipher::Aes192,
        9 => Cipher::Aes256,
        _ => return Err(Error::unsupported("unsupported cipher function in private key")),
    };
    let hash = Hash::by_number(hash)
        .ok_or_else(|| Error::Unsupported(format!("hash for S2K function: {hash}")))?;
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
