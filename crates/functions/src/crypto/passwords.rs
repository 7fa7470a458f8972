//! Hashes of passwords, derived passwords, and encryption by a password.

use aes::Aes256;
use cbc::cipher::block_padding::{NoPadding, Pkcs7};
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use gotmpl::function::{Call, Failure};
use gotmpl::value::Value;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::effects::{self, Effects};
use crate::encodings::{base64, decode64};

/// The work factor of Go's `bcrypt.DefaultCost`.
const BCRYPT_COST: u32 = 10;

/// The longest password that Go's bcrypt takes.
const MAX_BCRYPT_BYTES: usize = 72;

/// What a hash costs in steps of a template: both are slow on purpose, a twentieth and a fifth of a
/// second, and a loop over them must end as other loops do.
pub(super) const BCRYPT_STEPS: u64 = 1_500_000;
const CIPHER_STEPS: u64 = 30;
const SCRYPT_STEPS: u64 = 6_000_000;

/// `bcrypt`: a failure is the result's text, as in Sprig.
pub(super) fn bcrypt(effects: &mut Effects, password: &[u8]) -> Result<String, Failure> {
    if password.len() > MAX_BCRYPT_BYTES {
        return Ok(format!(
            "failed to encrypt string with bcrypt: bcrypt: password length exceeds \
             {MAX_BCRYPT_BYTES} bytes"
        ));
    }
    let mut salt = [0; 16];
    effects.fill(&mut salt)?;
    match bcrypt::hash_with_salt(password, BCRYPT_COST, salt) {
        Ok(parts) => Ok(parts.format_for_version(bcrypt::Version::TwoA)),
        Err(error) => Ok(format!("failed to encrypt string with bcrypt: {error}")),
    }
}

/// `htpasswd`.
pub(super) fn htpasswd(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    call.machine.charge(BCRYPT_STEPS)?;
    let (user, password) = (call.text(0), call.text(1));
    if user.contains(&b':') {
        return Ok(Value::Str([b"invalid username: ", user].concat().into()));
    }
    let hash = bcrypt(effects::of(call)?, password)?;
    Ok(Value::Str([user, b":", hash.as_bytes()].concat().into()))
}

/// The Master Password algorithm's templates, by kind of password.
const TEMPLATES: &[(&[u8], &[&str])] = &[
    (b"maximum", &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"]),
    (
        b"long",
        &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
    ),
    (b"medium", &["CvcnoCvc", "CvcCvcno"]),
    (b"short", &["Cvcn"]),
    (b"basic", &["aaanaaan", "aannaaan", "aaannaaa"]),
    (b"pin", &["nnnn"]),
];

/// The characters that a letter of a template stands for.
fn characters(letter: u8) -> &'static [u8] {
    match letter {
        b'V' => b"AEIOU",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => b"aeiou",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

/// `derivePassword counter kind password user site`: the Master Password algorithm.
pub(super) fn derive(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    call.machine.charge(SCRYPT_STEPS)?;
    const SEED: &[u8] = b"com.lyndir.masterpassword";
    let counter = call.int(0) as u32;
    let [kind, password, user, site] = [1, 2, 3, 4].map(|index| call.text(index));
    let Some((_, templates)) = TEMPLATES.iter().find(|(name, _)| *name == kind) else {
        return Ok(Value::Str([b"cannot find password template ", kind].concat().into()));
    };
    let salt = [SEED, &(user.len() as u32).to_be_bytes(), user].concat();
    let parameters = scrypt::Params::new(15, 8, 2).map_err(|e| Failure::new(e.to_string()))?;
    let mut key = [0; 64];
    scrypt::scrypt(password, &salt, &parameters, &mut key)
        .map_err(|e| Failure::new(e.to_string()))?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|e| Failure::new(e.to_string()))?;
    for part in [SEED, &(site.len() as u32).to_be_bytes(), site, &counter.to_be_bytes()] {
        mac.update(part);
    }
    let seed = mac.finalize().into_bytes();
    let template = templates[usize::from(seed[0]) % templates.len()];
    let draw = |(letter, number): (u8, &u8)| {
        let characters = characters(letter);
        characters[usize::from(*number) % characters.len()]
    };
    let password: Vec<u8> = template.bytes().zip(&seed[1..]).map(draw).collect();
    Ok(Value::Str(password.into()))
}

/// The key is the password's first 32 bytes, filled up with zeros.
fn aes_key(password: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    for (to, from) in key.iter_mut().zip(password) {
        *to = *from;
    }
    key
}

/// `encryptAES password text`: AES-256-CBC, the initial vector first, in base64.
pub(super) fn encrypt(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let (password, text) = (call.text(0), call.text(1));
    if text.is_empty() {
        return Ok(Value::from(""));
    }
    call.machine.charge(CIPHER_STEPS)?;
    let mut vector = [0; 16];
    effects::of(call)?.fill(&mut vector)?;
    let cipher = cbc::Encryptor::<Aes256>::new(&aes_key(password).into(), &vector.into());
    let encrypted = cipher.encrypt_padded_vec::<Pkcs7>(text);
    Ok(Value::Str(base64(&[vector.as_slice(), &encrypted].concat()).into()))
}

/// `decryptAES password text`. Go panics where the text is too short; the messages are those.
pub(super) fn decrypt(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let (password, text) = (call.text(0), call.text(1));
    if text.is_empty() {
        return Ok(Value::from(""));
    }
    let bytes = decode64(text)
        .map_err(|at| Failure::new(format!("illegal base64 data at input byte {at}")))?;
    let Some((vector, encrypted)) = bytes.split_first_chunk::<16>() else {
        // Go decodes into what the text could hold at most, line breaks included.
        let length = text.len() / 4 * 3;
        return Err(Failure::new(format!(
            "runtime error: slice bounds out of range [:16] with capacity {length}"
        )));
    };
    if encrypted.len() % 16 != 0 {
        return Err(Failure::new("crypto/cipher: input not full blocks"));
    }
    let cipher = cbc::Decryptor::<Aes256>::new(&aes_key(password).into(), &(*vector).into());
    let decrypted = cipher
        .decrypt_padded_vec::<NoPadding>(encrypted)
        .map_err(|error| Failure::new(error.to_string()))?;
    let Some(&padding) = decrypted.last() else {
        return Err(Failure::new("runtime error: index out of range [-1]"));
    };
    let Some(length) = decrypted.len().checked_sub(usize::from(padding)) else {
        let over = decrypted.len() as i64 - i64::from(padding);
        return Err(Failure::new(format!("runtime error: slice bounds out of range [:{over}]")));
    };
    Ok(Value::Str(decrypted[..length].into()))
}
