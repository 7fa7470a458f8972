//! Signing a text so that it still can be read.

use crate::armor;
use crate::entity::Entity;
use crate::error::Error;
use crate::hash::Hash;
use crate::key::{EDDSA, PublicKey};
use crate::secret::{SecretKey, Signer};
use crate::signature::kind;

/// SHA-512 in `OpenPGP`'s numbers.
const SHA512: u8 = 10;

impl Entity {
    /// Whether the secret key needs a passphrase.
    pub fn needs_passphrase(&self) -> Result<bool, Error> {
        self.secret.as_ref().map(SecretKey::is_encrypted).ok_or(Error::NotSecret)
    }
}

/// The text with a signature by the primary key, made at this moment, in seconds since 1970.
pub fn clear_sign(
    text: &str,
    entity: &Entity,
    passphrase: &[u8],
    now: i64,
) -> Result<String, Error> {
    let secret = entity.secret.as_ref().ok_or(Error::NotSecret)?;
    let signer = secret.signer(passphrase)?;
    let mut out = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n".to_owned();
    let mut signed = String::new();
    for (at, line) in text.split('\n').enumerate() {
        let line = line.trim_end_matches([' ', '\t', '\r']);
        if at > 0 {
            signed.push_str("\r\n");
        }
        signed.push_str(line);
        if line.starts_with('-') {
            out.push_str("- ");
        }
        out.push_str(line);
        out.push('\n');
    }
    let packet = signature(signed.as_bytes(), &entity.primary, &signer, now)?;
    out.push_str(&armor::encode("PGP SIGNATURE", &packet));
    Ok(out)
}

/// A signature's packet.
fn signature(signed: &[u8], key: &PublicKey, signer: &Signer, now: i64) -> Result<Vec<u8>, Error> {
    let created = u32::try_from(now).unwrap_or(u32::MAX).to_be_bytes();
    // When it was made, which must be understood, and by whom.
    let hashed = [&[5, 0x82], created.as_slice(), &[9, 16], &key.id.to_be_bytes()].concat();
    let mut covered = vec![4, kind::TEXT, key.algorithm, SHA512];
    covered.extend(length(hashed.len()));
    covered.extend(hashed);
    let count = (covered.len() as u32).to_be_bytes();
    let whole = [signed, &covered, &[4, 0xFF], &count].concat();
    let digest = Hash::Sha512.digest(&[&whole]);
    let free = [&[22, 33, 4], key.fingerprint.as_slice()].concat();
    let mut body = covered;
    body.extend(length(free.len()));
    body.extend(free);
    body.extend_from_slice(&digest[..2]);
    match signer {
        Signer::Rsa(secret) => body.extend(integer(&secret.sign(&whole)?)),
        Signer::Ed25519(pair) => {
            let proof = pair.sign(&digest);
            let (r, s) = proof.as_ref().split_at(32);
            if key.algorithm == EDDSA {
                body.extend(integer(r));
                body.extend(integer(s));
            } else {
                body.extend_from_slice(proof.as_ref());
            }
        }
    }
    let mut packet = vec![0xC2];
    match body.len() {
        short @ 0..192 => packet.push(short as u8),
        long => packet.extend([192 + ((long - 192) / 256) as u8, ((long - 192) % 256) as u8]),
    }
    packet.extend(body);
    Ok(packet)
}

fn length(count: usize) -> [u8; 2] {
    (count as u16).to_be_bytes()
}

/// A multi-precision integer: its length in bits, then its bytes without zeroes in front.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let zeroes = bytes.iter().take_while(|byte| **byte == 0).count();
    let bytes = &bytes[zeroes..];
    let bits = bytes.first().map_or(0, |first| bytes.len() * 8 - first.leading_zeros() as usize);
    [&length(bits), bytes].concat()
}
