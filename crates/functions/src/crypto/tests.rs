//! What can be checked of random results: forms, round trips, signatures, known answers.

use std::io::Write as _;
use std::process::{Command, Stdio};

use gotmpl::value::{Elem, List, Value};

use super::certificate::{Issuer, Subject, create};
use super::ed25519::Ed25519Key;
use super::keys::PrivateKey;
use super::rsa::RsaKey;
use super::{curves, passwords, pem};
use crate::effects::Effects;

fn rsa(effects: &mut Effects) -> PrivateKey {
    PrivateKey::Rsa(Box::new(RsaKey::generate(effects, 1_024).unwrap()))
}

/// What openssl says of a text on its standard input; `None` where there is no openssl.
fn openssl(arguments: &[&str], input: &str) -> Option<String> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let (out, errors) = (output.stdout, output.stderr);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&errors));
    Some(String::from_utf8(out).unwrap())
}

fn subject(name: &[u8], is_authority: bool) -> Subject<'_> {
    let addresses = List::any(vec![Value::from("10.0.0.1"), Value::from("::1")]);
    let names = List::any(vec![Value::from("a.b"), Value::from("*.c")]);
    let none = List::nil(Elem::Any);
    let (addresses, names) = if is_authority { (&none, &none) } else { (&addresses, &names) };
    let mut subject = Subject::new(name, addresses, names, 365).unwrap();
    subject.is_authority = is_authority;
    subject
}

#[test]
fn keys_survive_pem() {
    let mut effects = Effects::seeded(1);
    for kind in ["ecdsa", "ed25519"] {
        let key = PrivateKey::generate(&mut effects, kind.as_bytes()).unwrap().unwrap();
        let text = key.to_pem();
        assert_eq!(PrivateKey::from_pem(text.as_bytes()).ok().unwrap().to_pem(), text);
        let _ = openssl(&["pkey", "-noout", "-check"], &text);
    }
    let text = rsa(&mut effects).to_pem();
    assert_eq!(PrivateKey::from_pem(text.as_bytes()).ok().unwrap().to_pem(), text);
    let _ = openssl(&["pkey", "-noout", "-check"], &text);
    assert!(PrivateKey::generate(&mut effects, b"x").unwrap().is_none());
}

#[test]
fn certificates_verify() {
    let mut effects = Effects::seeded(2);
    let signers = [
        rsa(&mut effects),
        PrivateKey::generate(&mut effects, b"ecdsa").unwrap().unwrap(),
        PrivateKey::generate(&mut effects, b"ed25519").unwrap().unwrap(),
    ];
    let key = rsa(&mut effects);
    for signer in &signers {
        let ca = create(&mut effects, &subject(b"my-ca", true), signer, None, signer).unwrap();
        let issuer = Issuer::from_pem(ca.as_bytes()).unwrap().unwrap();
        let about = subject("svc.ns é".as_bytes(), false);
        let cert = create(&mut effects, &about, &key, Some(&issuer), signer).unwrap();
        let directory = std::env::temp_dir().join(format!("socle-ca-{}", std::process::id()));
        std::fs::write(&directory, &ca).unwrap();
        let path = directory.to_str().unwrap();
        // The frozen clock stands in the year 2000.
        let verify = ["verify", "-auth_level", "0", "-attime", "946700000", "-CAfile", path];
        let said = openssl(&verify, &cert);
        std::fs::remove_file(&directory).unwrap();
        assert!(said.is_none_or(|said| said.contains("OK")));
        let other = create(&mut effects, &about, &key, Some(&issuer), &key);
        assert!(other.is_err(), "a key that is not the issuer's must not sign");
    }
}

#[test]
fn fields_are_those_of_sprig() {
    let mut effects = Effects::seeded(3);
    let key = rsa(&mut effects);
    let cert = create(&mut effects, &subject(b"", false), &key, None, &key).unwrap();
    let Some(text) = openssl(&["x509", "-noout", "-text"], &cert) else { return };
    for expected in [
        "Not Before: Jan  1 00:00:00 2000 GMT",
        "Not After : Dec 31 00:00:00 2000 GMT",
        "X509v3 Key Usage: critical",
        "Digital Signature, Key Encipherment",
        "TLS Web Server Authentication, TLS Web Client Authentication",
        "CA:FALSE",
        "X509v3 Subject Alternative Name: critical",
        "DNS:a.b, DNS:*.c, IP Address:10.0.0.1, IP Address:0:0:0:0:0:0:0:1",
    ] {
        assert!(text.contains(expected), "{expected} is missing in {text}");
    }
}

#[test]
fn curves_are_right() {
    let mut effects = Effects::seeded(4);
    assert!(curves::EcKey::generate(&mut effects).unwrap().is_on_curve());
    for curve in ::curves::ALL {
        assert!(curves::EcKey::new(curve, 3_u8.into()).is_on_curve());
    }
}

/// RFC 8032, section 7.1, test 2.
#[test]
fn ed25519_known_answer() {
    let bytes = |hex: &str| -> Vec<u8> {
        (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
            .collect()
    };
    let seed = bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    let key = Ed25519Key::new(seed.try_into().unwrap());
    assert_eq!(
        key.public(),
        bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    );
    assert_eq!(
        key.sign(&[0x72]),
        bytes(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        )
    );
}

#[test]
fn bcrypt_has_its_form() {
    let mut effects = Effects::seeded(5);
    let hash = passwords::bcrypt(&mut effects, b"secret").unwrap();
    assert!(hash.starts_with("$2a$10$") && hash.len() == 60, "{hash}");
    assert!(bcrypt::verify("secret", &hash).unwrap());
    let long = passwords::bcrypt(&mut effects, &[b'x'; 73]).unwrap();
    assert!(long.ends_with("bcrypt: password length exceeds 72 bytes"), "{long}");
}

#[test]
fn hostile_pem_and_der() {
    let texts: [&[u8]; 6] = [
        b"",
        b"-----BEGIN ",
        b"-----BEGIN X-----\n",
        b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        b"-----BEGIN EC PRIVATE KEY-----\nMIGEAgEB\n-----END EC PRIVATE KEY-----",
        b"-----BEGIN RSA PRIVATE KEY-----\n////\n-----END RSA PRIVATE KEY-----",
    ];
    for text in texts {
        assert!(PrivateKey::from_pem(text).is_err());
        assert!(Issuer::from_pem(text).is_none_or(|issuer| issuer.is_err()));
    }
    assert!(pem::decode(b"x\n-----BEGIN A-----\nAAAA\n-----END A-----").is_some());
}
