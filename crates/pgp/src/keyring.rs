//! Keyrings: whom to believe, and who signs.

use crate::armor;
use crate::clearsign::Message;
use crate::entity::Entity;
use crate::error::{Error, KeyringError};
use crate::keybox;
use crate::packet::{Packet, Packets};
use crate::signature::kind;

/// The entities of a keyring, in its order.
#[derive(Clone, Debug, Default)]
pub struct Keyring {
    entities: Vec<Entity>,
}

impl Keyring {
    /// Reads a keyring: packets, `GnuPG`'s keybox, or armored text. Keys that cannot be read are passed
    /// over, unless none is left.
    pub fn read(data: &[u8]) -> Result<Self, KeyringError> {
        if keybox::is_keybox(data) {
            let keys = keybox::keys(data).map_err(KeyringError::Keybox)?;
            return read_packets(Packets::new(&keys, None)).map_err(KeyringError::Packets);
        }
        if data.trim_ascii().starts_with(b"-----BEGIN PGP") {
            return read_armored(data).map_err(KeyringError::Armored);
        }
        read_packets(Packets::new(data, None)).map_err(KeyringError::Packets)
    }

    /// The entity with that name, or the only one whose name contains it.
    pub fn find(&self, name: &str) -> Result<Option<&Entity>, Error> {
        let mut found = None;
        let mut is_vague = false;
        for entity in &self.entities {
            for known in entity.names() {
                if known == name {
                    return Ok(Some(entity));
                }
                if known.contains(name) {
                    is_vague |= found.is_some();
                    found = Some(entity);
                }
            }
        }
        if is_vague { Err(Error::Vague(format!("{name:?}"))) } else { Ok(found) }
    }

    /// Who signed a message, if the signature counts at this moment, in seconds since 1970.
    pub fn verify(&self, message: &Message, now: i64) -> Result<&Entity, Error> {
        let mut packets = Packets::new(&message.signature, message.fault.clone());
        loop {
            let signature = match packets.next()? {
                None => return Err(Error::UnknownIssuer),
                Some(Packet::Signature(signature)) => signature,
                Some(_) => return Err(Error::invalid("non signature packet found")),
            };
            let Some(id) = signature.issuer else {
                return Err(Error::invalid("signature doesn't have an issuer"));
            };
            let candidates: Vec<_> =
                self.entities.iter().flat_map(|entity| entity.candidates(id)).collect();
            if candidates.is_empty() {
                continue;
            }
            let signed = match signature.kind {
                kind::BINARY => message.signed.clone(),
                kind::TEXT => canonical(&message.signed),
                other => {
                    let text = format!("unsupported signature type: {other}");
                    return Err(Error::Unsupported(text));
                }
            };
            let mut failure = Error::UnknownIssuer;
            for candidate in candidates {
                match candidate.key.verify(&[&signed], &signature) {
                    Ok(()) => {
                        candidate.check(&signature, now)?;
                        return Ok(candidate.entity());
                    }
                    Err(error) => failure = error,
                }
            }
            return Err(failure);
        }
    }
}

fn read_packets(mut packets: Packets<'_>) -> Result<Keyring, Error> {
    let mut entities = Vec::new();
    let mut failure = None;
    loop {
        match Entity::read(&mut packets) {
            Ok(Some(entity)) => entities.push(entity),
            Ok(None) => break,
            Err(error) if error.is_passed_over() => {
                failure = Some(error);
                if !to_next_key(&mut packets)? {
                    break;
                }
            }
            Err(error) => return Err(error),
        }
    }
    match failure {
        Some(failure) if entities.is_empty() => Err(failure),
        _ => Ok(Keyring { entities }),
    }
}

/// Passes over what belongs to a key that cannot be read. As in Go, a secret key does not end it.
fn to_next_key(packets: &mut Packets<'_>) -> Result<bool, Error> {
    loop {
        match packets.next() {
            Ok(None) => return Ok(false),
            Ok(Some(Packet::Public(key))) if !key.is_subkey => {
                packets.unread(Packet::Public(key));
                return Ok(true);
            }
            Ok(Some(_)) | Err(Error::Unsupported(_)) => {}
            Err(error) => return Err(error),
        }
    }
}

/// All blocks of a text, as from several exports one after the other.
fn read_armored(text: &[u8]) -> Result<Keyring, String> {
    let mut entities = Vec::new();
    let mut rest = text;
    while let Some((block, more)) = armor::decode(rest) {
        if !matches!(block.kind.as_str(), "PGP PUBLIC KEY BLOCK" | "PGP PRIVATE KEY BLOCK") {
            return Err(format!("expected a public or private key block, got {:?}", block.kind));
        }
        let found = read_packets(Packets::new(&block.bytes, block.fault));
        entities.extend(found.map_err(|error| error.to_string())?.entities);
        rest = more;
    }
    if entities.is_empty() { Err("no keys found".to_owned()) } else { Ok(Keyring { entities }) }
}

/// A text with its line breaks as they are signed, by the rule of Go's library.
fn canonical(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut after_return = false;
    for &byte in text {
        if byte == b'\n' && !after_return {
            out.push(b'\r');
        }
        out.push(byte);
        after_return = byte == b'\r' && !after_return;
    }
    out
}
