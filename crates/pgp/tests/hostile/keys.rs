//! Keyrings and signed texts that were tampered with, bit by bit: nothing panics, and nothing but
//! what was signed is believed.

use std::fs;
use std::path::Path;

use pgp::{Keyring, Message, clear_sign};

/// A moment at which all keys and signatures are good.
const NOW: i64 = 4_000_000_000;

fn file(name: &str) -> Vec<u8> {
    fs::read(Path::new("../cli/tests/keys").join(name)).unwrap()
}

fn signed_by(keyring: &Keyring, text: &[u8]) -> Result<Vec<u8>, String> {
    let message = Message::decode(text).ok_or("no signed text")?;
    match keyring.verify(&message, NOW) {
        Ok(_) => Ok(message.text),
        Err(error) => Err(error.to_string()),
    }
}

/// The data with one byte changed, one after the other, and cut after each byte.
fn changed(data: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    (0..data.len()).flat_map(move |at| {
        let flip = move |mask: u8| {
            let mut copy = data.to_vec();
            copy[at] ^= mask;
            copy
        };
        [1, 2, 4, 8, 16, 32, 64, 128, 0xFF].into_iter().map(flip).chain([data[..at].to_vec()])
    })
}

#[test]
fn nothing_but_what_was_signed_is_believed() {
    let keyring = Keyring::read(&file("pubring.gpg")).unwrap();
    let whole = file("edda.prov");
    let text = signed_by(&keyring, &whole).unwrap();
    let mut believed = 0;
    for copy in changed(&whole) {
        if let Ok(found) = signed_by(&keyring, &copy) {
            assert_eq!(found, text, "{}", String::from_utf8_lossy(&copy));
            believed += 1;
        }
    }
    // Only what is not signed may change: white space, the end of the armor.
    assert!(believed < 500, "{believed}");
}

#[test]
fn keyrings_bit_by_bit() {
    let text = file("stranger.prov");
    let whole = file("stranger.gpg");
    let good = Keyring::read(&whole).unwrap();
    assert!(signed_by(&good, &text).is_ok());
    for copy in changed(&whole) {
        if let Ok(keyring) = Keyring::read(&copy) {
            // A key that still believes itself is the one it was.
            let entity = keyring.find("Stranger").unwrap();
            let same = good.find("Stranger").unwrap().unwrap().fingerprint();
            assert!(entity.is_none_or(|entity| entity.fingerprint() == same));
        }
    }
    for name in ["pubring.kbx", "norma-sec.gpg", "rosa.asc"] {
        let data = file(name);
        for at in (0..data.len()).step_by(7) {
            let mut copy = data.clone();
            copy[at] ^= 0x55;
            let _ = Keyring::read(&copy);
            let _ = Keyring::read(&data[..at]);
        }
    }
}

#[test]
fn lengths_that_lie() {
    let words = |data: &[u8]| Keyring::read(data).unwrap_err().words("ring");
    // Four gibibytes, of which there are three bytes; in parts that never come; in a subpacket.
    assert_eq!(words(&[0xC6, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 4, 0, 0]), "unexpected EOF");
    assert_eq!(words(&[0xCD, 0xFE, b'a']), "unexpected EOF");
    let signature = [0xC2, 12, 4, 1, 1, 8, 0, 6, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2];
    let truncated = "openpgp: invalid data: signature subpacket truncated";
    assert_eq!(words(&signature), truncated);
    // Packets without end.
    let endless = [0xCD, 0].repeat(1 << 20);
    let first = "openpgp: invalid data: first packet was not a public/private key";
    assert_eq!(words(&endless), first);
    let blob = [0, 0, 0, 12, 1, 1, 0, 0, b'K', b'B', b'X', b'f', 0, 0, 0, 4, 2];
    assert_eq!(words(&blob), "reading keybox ring: invalid blob length 4 at offset 12");
}

#[test]
fn what_is_signed_is_believed() {
    let public = Keyring::read(&file("pubring.gpg")).unwrap();
    let secret = Keyring::read(&file("secring.gpg")).unwrap();
    let text = "- a\n--- \n\t\nb  \r\nFrom: é\n\n";
    for (name, passphrase) in [("rosa", ""), ("edda", ""), ("petra", "open sesame")] {
        let entity = secret.find(name).unwrap().unwrap();
        assert_eq!(entity.needs_passphrase(), Ok(!passphrase.is_empty()));
        let signed = clear_sign(text, entity, passphrase.as_bytes(), NOW).unwrap();
        let found = signed_by(&public, signed.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(found).unwrap(), "- a\n---\n\nb\nFrom: é\n\n");
        // Before it was made it does not count.
        let message = Message::decode(signed.as_bytes()).unwrap();
        let early = public.verify(&message, NOW - 1).unwrap_err();
        assert_eq!(early.to_string(), "openpgp: signature expired");
        let earlier = public.verify(&message, 0).unwrap_err();
        assert_eq!(earlier.to_string(), "openpgp: key expired");
    }
    let entity = secret.find("petra").unwrap().unwrap();
    let wrong = clear_sign(text, entity, b"open barley", NOW).unwrap_err();
    assert_eq!(wrong.to_string(), "openpgp: invalid data: private key checksum failure");
}

/// Where a part of the data begins.
fn find(data: &[u8], part: &[u8]) -> usize {
    data.windows(part.len()).position(|window| window == part).unwrap()
}

#[test]
fn secret_numbers_of_another_key() {
    let mut secret = file("secring.gpg");
    // Before the name's header: the seed, then the sum of its bytes.
    let end = find(&secret, b"Edda") - 2;
    secret[end - 3] ^= 1;
    let step = if secret[end - 3] & 1 == 1 { 1 } else { u16::MAX };
    let sum = u16::from_be_bytes([secret[end - 2], secret[end - 1]]).wrapping_add(step);
    secret[end - 2..end].copy_from_slice(&sum.to_be_bytes());
    let wrong = Keyring::read(&secret).unwrap_err();
    assert_eq!(wrong.words("ring"), "openpgp: invalid key: ecc: invalid ed25519 secret");
}

#[test]
fn a_point_beside_its_curve() {
    let mut ring = file("pubring.gpg");
    let oid = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7];
    let at = find(&ring, &oid) + oid.len() + 3;
    ring[at] ^= 1;
    let wrong = Keyring::read(&ring).unwrap_err();
    assert_eq!(wrong.words("ring"), "ecdsa: failed to parse EC point");
}

#[test]
fn kinds_of_keys_that_do_not_sign() {
    let keyring = Keyring::read(&file("norma-sec.gpg")).unwrap();
    let entity = keyring.find("Norma").unwrap().unwrap();
    let refused = clear_sign("a\n", entity, b"", NOW).unwrap_err();
    let words = "openpgp: unsupported feature: signing with keys other than RSA and Ed25519";
    assert_eq!(refused.to_string(), words);
    // The cipher of Petra's key: the byte after the one that says that there is one.
    let mut secret = file("secring.gpg");
    let at = find(&secret, &[254, 7, 3, 2]) + 1;
    secret[at] = 3;
    let keyring = Keyring::read(&secret).unwrap();
    let entity = keyring.find("petra").unwrap().unwrap();
    let refused = clear_sign("a\n", entity, b"open sesame", NOW).unwrap_err();
    let words = "openpgp: unsupported feature: private keys protected by CAST5; \
                 AES-128, -192 and -256 are read";
    assert_eq!(refused.to_string(), words);
}
