//! Keys, certificates, hashes of passwords, encryption, as Sprig makes them. Why this arithmetic is
//! our own is in `docs/decisions/0005-crypto.md`.

mod certificate;
mod curves;
mod der;
mod ed25519;
mod keys;
mod passwords;
mod pem;
mod primes;
mod rsa;
#[cfg(test)]
mod tests;

use std::any::Any;
use std::rc::Rc;

use gotmpl::function::{Call, Effect, Failure, Function, Param, Words};
use gotmpl::value::{Elem, List, Object, Str, Value};

use crate::effects;
use crate::encodings::decode64;
use certificate::{Issuer, Subject};
use keys::PrivateKey;
use rsa::RsaKey;

type Run = fn(&mut Call<'_, '_>) -> Result<Value, Failure>;

const fn random(name: &'static str, params: &'static [Param], run: Run) -> Function {
    Function { name, params, variadic: false, effect: Effect::Random, words: Words::Read, run }
}

const LIST: Param = Param::List(Elem::Any);
const CERTIFICATE: Param = Param::Named("sprig.certificate");

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[
    random("bcrypt", &[Param::Str], |call| {
        call.machine.charge(passwords::BCRYPT_STEPS)?;
        let password = call.text(0);
        Ok(passwords::bcrypt(effects::of(call)?, password)?.into())
    }),
    Function::pure("buildCustomCert", &[Param::Str, Param::Str], build_custom),
    Function::pure("decryptAES", &[Param::Str, Param::Str], passwords::decrypt),
    Function::pure(
        "derivePassword",
        &[Param::Int, Param::Str, Param::Str, Param::Str, Param::Str],
        passwords::derive,
    ),
    random("encryptAES", &[Param::Str, Param::Str], passwords::encrypt),
    random("genCA", &[Param::Str, Param::Int], |call| authority(call, None)),
    random("genCAWithKey", &[Param::Str, Param::Int, Param::Str], |call| authority(call, Some(2))),
    random("genPrivateKey", &[Param::Str], private_key),
    random("genSelfSignedCert", &[Param::Str, LIST, LIST, Param::Int], |call| {
        self_signed(call, None)
    }),
    random("genSelfSignedCertWithKey", &[Param::Str, LIST, LIST, Param::Int, Param::Str], |call| {
        self_signed(call, Some(4))
    }),
    random("genSignedCert", &[Param::Str, LIST, LIST, Param::Int, CERTIFICATE], |call| {
        signed(call, None)
    }),
    random(
        "genSignedCertWithKey",
        &[Param::Str, LIST, LIST, Param::Int, CERTIFICATE, Param::Str],
        |call| signed(call, Some(5)),
    ),
    random("htpasswd", &[Param::Str, Param::Str], passwords::htpasswd),
];

/// Sprig's `certificate`: two PEM texts.
struct Certificate {
    cert: Str,
    key: Str,
}

impl Object for Certificate {
    fn type_name(&self) -> &'static str {
        "sprig.certificate"
    }

    fn field(&self, name: &str) -> Option<Value> {
        match name {
            "Cert" => Some(Value::Str(self.cert.clone())),
            "Key" => Some(Value::Str(self.key.clone())),
            _ => None,
        }
    }

    fn fields(&self) -> Vec<(&'static str, &'static str, Value)> {
        vec![
            ("Cert", "Cert", Value::Str(self.cert.clone())),
            ("Key", "Key", Value::Str(self.key.clone())),
        ]
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn object(cert: impl Into<Str>, key: impl Into<Str>) -> Value {
    Value::Object(Rc::new(Certificate { cert: cert.into(), key: key.into() }))
}

/// What making a key of 4096 bits costs in steps of a template: a second or two, so that a loop
/// over keys ends as other loops do. A key of 2048 bits is a fifth of that.
const LARGE_KEY_STEPS: u64 = 10_000_000;
const KEY_STEPS: u64 = 2_000_000;

fn private_key(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let is_large = matches!(call.text(0), b"" | b"rsa");
    call.machine.charge(if is_large { LARGE_KEY_STEPS } else { KEY_STEPS })?;
    let kind = call.text(0);
    let key = PrivateKey::generate(effects::of(call)?, kind)?;
    Ok(match key {
        Some(key) => key.to_pem().into(),
        None => Value::Str([b"Unknown type ", kind].concat().into()),
    })
}

/// The key given as PEM at `index`, or a new one.
fn subject_key(call: &mut Call<'_, '_>, index: Option<usize>) -> Result<PrivateKey, Failure> {
    /// Bits of the keys of certificates.
    const RSA_BITS: u64 = 2_048;
    call.machine.charge(KEY_STEPS)?;
    match index {
        None => Ok(PrivateKey::Rsa(Box::new(RsaKey::generate(effects::of(call)?, RSA_BITS)?))),
        Some(index) => PrivateKey::from_pem(call.text(index))
            .map_err(|error| Failure::new(format!("parsing private key: {error}"))),
    }
}

fn authority(call: &mut Call<'_, '_>, key: Option<usize>) -> Result<Value, Failure> {
    let key = subject_key(call, key)?;
    let none = List::nil(Elem::Any);
    let mut subject = Subject::new(call.text(0), &none, &none, call.int(1))?;
    subject.is_authority = true;
    let cert = certificate::create(effects::of(call)?, &subject, &key, None, &key)?;
    Ok(object(cert, key.to_pem()))
}

fn self_signed(call: &mut Call<'_, '_>, key: Option<usize>) -> Result<Value, Failure> {
    let key = subject_key(call, key)?;
    let subject = Subject::new(call.text(0), &call.list(1), &call.list(2), call.int(3))?;
    let cert = certificate::create(effects::of(call)?, &subject, &key, None, &key)?;
    Ok(object(cert, key.to_pem()))
}

fn signed(call: &mut Call<'_, '_>, key: Option<usize>) -> Result<Value, Failure> {
    let key = subject_key(call, key)?;
    let (cert, signer) = match call.any(4) {
        Value::Object(ca) => match ca.as_any().downcast_ref::<Certificate>() {
            Some(ca) => (ca.cert.clone(), ca.key.clone()),
            None => (Str::default(), Str::default()),
        },
        _ => (Str::default(), Str::default()),
    };
    let issuer = Issuer::from_pem(&cert)
        .and_then(Result::ok)
        .ok_or_else(|| Failure::new("unable to decode certificate"))?;
    let signer = PrivateKey::from_pem(&signer)
        .map_err(|error| Failure::new(format!("error parsing private key: {error}")))?;
    let subject = Subject::new(call.text(0), &call.list(1), &call.list(2), call.int(3))?;
    let cert = certificate::create(effects::of(call)?, &subject, &key, Some(&issuer), &signer)?;
    Ok(object(cert, key.to_pem()))
}

fn build_custom(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let decoded = |index: usize, what: &str| {
        decode64(call.text(index))
            .map_err(|_| Failure::new(format!("unable to decode base64 {what}")))
    };
    let (cert, key) = (decoded(0, "certificate")?, decoded(1, "private key")?);
    Issuer::from_pem(&cert).ok_or_else(|| Failure::new("unable to decode certificate"))?.map_err(
        |error| Failure::new(format!("error parsing certificate: decodedCert.Bytes: {error}")),
    )?;
    PrivateKey::from_pem(&key)
        .map_err(|error| Failure::new(format!("error parsing private key: {error}")))?;
    Ok(object(cert, key))
}
