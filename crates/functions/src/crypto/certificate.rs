//! X.509 certificates with the fields that Sprig gives them, encoded as Go encodes them.

use std::net::IpAddr;

use gotmpl::function::Failure;
use gotmpl::value::{List, Value};
use num_bigint::BigUint;
use sha2::{Digest, Sha256};

use super::der::{
    BOOLEAN, GENERALIZED_TIME, INTEGER, OCTET_STRING, OID, PRINTABLE_STRING, Reader, SEQUENCE, SET,
    UTC_TIME, UTF8_STRING, bit_string, context, element, integer, sequence,
};
use super::keys::PrivateKey;
use super::pem;
use crate::effects::Effects;
use crate::time::{Time, Zone};

const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1D, 0x0E];
const KEY_USAGE: &[u8] = &[0x55, 0x1D, 0x0F];
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1D, 0x11];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 0x13];
const AUTHORITY_KEY_ID: &[u8] = &[0x55, 0x1D, 0x23];
const EXT_KEY_USAGE: &[u8] = &[0x55, 0x1D, 0x25];
const SERVER_AUTH: &[u8] = &[0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01];
const CLIENT_AUTH: &[u8] = &[0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02];

/// Digital signature and key encipherment; of an authority, certificate signing too.
const USAGE: [u8; 2] = [5, 0xA0];
const AUTHORITY_USAGE: [u8; 2] = [2, 0xA4];

/// What a certificate is about.
pub(super) struct Subject<'call> {
    pub(super) common_name: &'call [u8],
    pub(super) addresses: Vec<IpAddr>,
    pub(super) names: Vec<Vec<u8>>,
    pub(super) days: i64,
    pub(super) is_authority: bool,
}

/// What signs certificates: of a certificate that has been read.
pub(super) struct Issuer {
    /// The encoded name.
    name: Vec<u8>,
    public: Vec<u8>,
    key_id: Option<Vec<u8>>,
}

impl<'call> Subject<'call> {
    /// The subject as templates describe it; the errors are Sprig's.
    pub(super) fn new(
        common_name: &'call [u8],
        addresses: &List,
        names: &List,
        days: i64,
    ) -> Result<Self, Failure> {
        let shown = |value: &Value| gotmpl::fmt::sprint(std::slice::from_ref(value));
        let mut subject = Self {
            common_name,
            addresses: Vec::new(),
            names: Vec::new(),
            days,
            is_authority: false,
        };
        for address in addresses.iter() {
            let Value::Str(text) = address else {
                let shown = String::from_utf8_lossy(&shown(address)).into_owned();
                return Err(Failure::new(format!("error parsing ip: {shown} is not a string")));
            };
            let parsed = text.as_utf8().and_then(|text| text.parse().ok());
            subject
                .addresses
                .push(parsed.ok_or_else(|| {
                    Failure::new(format!("error parsing ip: {}", text.to_text()))
                })?);
        }
        for name in names.iter() {
            let Value::Str(text) = name else {
                let shown = String::from_utf8_lossy(&shown(name)).into_owned();
                return Err(Failure::new(format!(
                    "error processing alternate dns name: {shown} is not a string"
                )));
            };
            subject.names.push(text.to_vec());
        }
        Ok(subject)
    }

    fn name(&self) -> Result<Vec<u8>, Failure> {
        if self.common_name.is_empty() {
            return Ok(sequence(&[]));
        }
        let is_printable = |b: &u8| b.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(b);
        let tag = if self.common_name.iter().all(is_printable) {
            PRINTABLE_STRING
        } else if std::str::from_utf8(self.common_name).is_ok() {
            UTF8_STRING
        } else {
            return Err(refuse("asn1: string not valid UTF-8"));
        };
        let attribute = sequence(&[&element(OID, COMMON_NAME), &element(tag, self.common_name)]);
        Ok(sequence(&[&element(SET, &attribute)]))
    }

    fn alternative_names(&self) -> Result<Option<Vec<u8>>, Failure> {
        let mut names = Vec::new();
        for name in &self.names {
            if !name.is_ascii() {
                let shown = strconv::quote(name);
                return Err(refuse(&format!("x509: {shown} cannot be encoded as an IA5String")));
            }
            names.extend(element(0x82, name));
        }
        for address in &self.addresses {
            names.extend(match address.to_canonical() {
                IpAddr::V4(address) => element(0x87, &address.octets()),
                IpAddr::V6(address) => element(0x87, &address.octets()),
            });
        }
        Ok((!names.is_empty()).then(|| sequence(&[&names])))
    }
}

fn refuse(why: &str) -> Failure {
    Failure::new(format!("error creating certificate: {why}"))
}

impl Issuer {
    /// The first certificate of a PEM text. `None` where there is no PEM, an error where there is
    /// no certificate in it.
    pub(super) fn from_pem(text: &[u8]) -> Option<Result<Self, &'static str>> {
        let block = pem::decode(text)?;
        let Some(mut whole) = Reader::new(&block.bytes).enter(SEQUENCE) else {
            return Some(Err("x509: malformed certificate"));
        };
        Some(Self::from_body(&mut whole).ok_or("x509: malformed tbs certificate"))
    }

    fn from_body(whole: &mut Reader<'_>) -> Option<Self> {
        let mut body = whole.enter(SEQUENCE)?;
        if body.peek() == Some(context(0)) {
            body.next()?;
        }
        body.take(INTEGER)?;
        // Signature algorithm, issuer, validity.
        for _ in 0..3 {
            body.take(SEQUENCE)?;
        }
        let name = body.take(SEQUENCE)?.whole.to_vec();
        let public = body.take(SEQUENCE)?.whole.to_vec();
        let mut key_id = None;
        while let Some(part) = body.next() {
            if part.tag == context(3) {
                key_id = subject_key_id(Reader::new(part.content).enter(SEQUENCE)?);
            }
        }
        Some(Self { name, public, key_id })
    }
}

fn subject_key_id(mut extensions: Reader<'_>) -> Option<Vec<u8>> {
    while let Some(mut extension) = extensions.enter(SEQUENCE) {
        if extension.take(OID)?.content != SUBJECT_KEY_ID {
            continue;
        }
        let value = extension.take(OCTET_STRING)?.content;
        return Some(Reader::new(value).take(OCTET_STRING)?.content.to_vec());
    }
    None
}

/// Makes a certificate about `subject` and `key`, signed by `signer`; without an issuer, the
/// subject signs for itself. The result is PEM.
pub(super) fn create(
    effects: &mut Effects,
    subject: &Subject<'_>,
    key: &PrivateKey,
    issuer: Option<&Issuer>,
    signer: &PrivateKey,
) -> Result<String, Failure> {
    let mut serial = [0; 16];
    effects.fill(&mut serial)?;
    let (public, public_key) = key
        .public()
        .ok_or_else(|| refuse("x509: certificate private key does not implement crypto.Signer"))?;
    let signer_public = signer
        .public()
        .ok_or_else(|| refuse("x509: certificate private key does not implement crypto.Signer"))?;
    if issuer.is_some_and(|issuer| issuer.public != signer_public.0) {
        return Err(refuse("x509: provided PrivateKey doesn't match parent's PublicKey"));
    }
    let name = subject.name()?;
    let issuer_name = issuer.map_or(&name, |issuer| &issuer.name);
    let mut extensions = vec![
        usage(subject.is_authority),
        extension(EXT_KEY_USAGE, false, &ext_key_usage()),
        extension(BASIC_CONSTRAINTS, true, &constraints(subject.is_authority)),
    ];
    if subject.is_authority {
        // RFC 7093, method 1, as Go since 1.25.
        let id = Sha256::digest(&public_key);
        extensions.push(extension(SUBJECT_KEY_ID, false, &element(OCTET_STRING, &id[..20])));
    }
    if let Some(id) = issuer.and_then(|issuer| issuer.key_id.as_ref())
        && *issuer_name != name
    {
        let id = sequence(&[&element(0x80, id)]);
        extensions.push(extension(AUTHORITY_KEY_ID, false, &id));
    }
    if let Some(names) = subject.alternative_names()? {
        extensions.push(extension(SUBJECT_ALT_NAME, subject.common_name.is_empty(), &names));
    }
    let algorithm = signer.signature_algorithm();
    let body = sequence(&[
        &element(context(0), &[INTEGER, 1, 2]),
        &integer(&BigUint::from_bytes_be(&serial)),
        &algorithm,
        issuer_name,
        &validity(effects, subject.days)?,
        &name,
        &public,
        &element(context(3), &sequence(&[&extensions.concat()])),
    ]);
    let signature = signer.sign(effects, &body)?.unwrap_or_default();
    Ok(pem::encode("CERTIFICATE", &sequence(&[&body, &algorithm, &bit_string(&signature)])))
}

fn extension(id: &[u8], is_critical: bool, value: &[u8]) -> Vec<u8> {
    let critical: &[u8] = if is_critical { &[BOOLEAN, 1, 0xFF] } else { &[] };
    sequence(&[&element(OID, id), critical, &element(OCTET_STRING, value)])
}

fn usage(is_authority: bool) -> Vec<u8> {
    let bits = if is_authority { AUTHORITY_USAGE } else { USAGE };
    extension(KEY_USAGE, true, &element(super::der::BIT_STRING, &bits))
}

fn ext_key_usage() -> Vec<u8> {
    sequence(&[&element(OID, SERVER_AUTH), &element(OID, CLIENT_AUTH)])
}

fn constraints(is_authority: bool) -> Vec<u8> {
    if is_authority { sequence(&[&[BOOLEAN, 1, 0xFF]]) } else { sequence(&[]) }
}

/// From now for that many days, which wrap as Go's durations do.
fn validity(effects: &mut Effects, days: i64) -> Result<Vec<u8>, Failure> {
    const DAY: i64 = 24 * crate::durations::HOUR;
    let from = Time::from_clock(effects.now()?, Zone::utc());
    let to = from.plus(days.wrapping_mul(DAY));
    let mut both = Vec::new();
    for time in [from, to] {
        // A duration has no more than 292 years, so that a year has four digits.
        let year = time.format(b"2006");
        let (tag, layout): (u8, &[u8]) =
            if (b"1950".as_slice()..b"2050".as_slice()).contains(&year.as_slice()) {
                (UTC_TIME, b"060102150405Z")
            } else {
                (GENERALIZED_TIME, b"20060102150405Z")
            };
        both.extend(element(tag, &time.format(layout)));
    }
    Ok(sequence(&[&both]))
}
