//! Entities: a primary key with its names and subkeys, as far as they have proven that they belong
//! together. Nothing unproven is kept.

use crate::error::Error;
use crate::key::PublicKey;
use crate::packet::{Packet, Packets};
use crate::secret::SecretKey;
use crate::signature::{Signature, is_over, kind};

/// Somebody who signs.
#[derive(Clone, Debug)]
pub struct Entity {
    pub(crate) primary: PublicKey,
    pub(crate) secret: Option<SecretKey>,
    pub(crate) names: Vec<Name>,
    revocations: Vec<Signature>,
    subkeys: Vec<Subkey>,
}

/// A name, by convention `FULL NAME (COMMENT) <EMAIL>`.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub text: String,
    signature: Option<Signature>,
    revocations: Vec<Signature>,
}

#[derive(Clone, Debug)]
struct Subkey {
    key: PublicKey,
    binding: Signature,
    revocations: Vec<Signature>,
}

/// One of an entity's keys that may have made a signature.
pub(crate) struct Candidate<'a> {
    entity: &'a Entity,
    pub key: &'a PublicKey,
    /// What says what the key may do.
    own: &'a Signature,
    subkey: Option<&'a Subkey>,
}

impl Entity {
    /// The fingerprint of the primary key.
    pub fn fingerprint(&self) -> &[u8; 20] {
        &self.primary.fingerprint
    }

    /// The names, in the order of the keyring.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| name.text.as_str())
    }

    /// Reads an entity; nothing at the end of the data.
    pub(crate) fn read(packets: &mut Packets<'_>) -> Result<Option<Self>, Error> {
        let (primary, secret) = match packets.next()? {
            None => return Ok(None),
            Some(Packet::Public(key)) => (key, None),
            Some(Packet::Secret(key)) => (key.public.clone(), Some(key)),
            Some(other) => {
                packets.unread(other);
                return Err(Error::invalid("first packet was not a public/private key"));
            }
        };
        if !primary.can_sign() {
            return Err(Error::invalid("primary key cannot be used for signatures"));
        }
        let (names, revocations, subkeys) = (Vec::new(), Vec::new(), Vec::new());
        let mut entity = Self { primary, secret, names, revocations, subkeys };
        while let Some(packet) = packets.next()? {
            match packet {
                Packet::UserId(text) => entity.add_name(text, packets)?,
                Packet::Signature(signature) if signature.kind == kind::KEY_REVOCATION => {
                    entity.revocations.push(*signature);
                }
                // A signature that follows nothing to which it could belong.
                Packet::Signature(_) | Packet::Other => {}
                Packet::Public(key) if key.is_subkey => entity.add_subkey(key, packets)?,
                Packet::Secret(key) if key.public.is_subkey => {
                    entity.add_subkey(key.public, packets)?;
                }
                next @ (Packet::Public(_) | Packet::Secret(_)) => {
                    packets.unread(next);
                    break;
                }
            }
        }
        if entity.names.is_empty() {
            return Err(Error::invalid("v4 entity without any identities"));
        }
        for revocation in &entity.revocations {
            let by_another = |_| Error::invalid("revocation signature signed by alternate key");
            entity.primary.verify_itself(revocation).map_err(by_another)?;
        }
        Ok(Some(entity))
    }

    /// A name counts if the primary key has signed it; what others say of it does not matter.
    fn add_name(&mut self, text: String, packets: &mut Packets<'_>) -> Result<(), Error> {
        let mut name = Name { text, signature: None, revocations: Vec::new() };
        let mut is_own = false;
        while let Some(signature) = next_signature(packets)? {
            let is_certification =
                (kind::CERTIFICATION..=kind::POSITIVE_CERTIFICATION).contains(&signature.kind);
            if !is_certification && signature.kind != kind::CERTIFICATION_REVOCATION {
                return Err(Error::invalid("user ID signature with wrong type"));
            }
            if !self.is_by_primary(&signature) {
                continue;
            }
            self.primary.verify_name(&name.text, &signature).map_err(|error| {
                Error::Invalid(format!("user ID self-signature invalid: {error}"))
            })?;
            is_own = true;
            if !is_certification {
                name.revocations.push(signature);
            } else if name.signature.as_ref().is_none_or(|old| signature.created > old.created) {
                name.signature = Some(signature);
            }
        }
        if is_own {
            self.names.retain(|known| known.text != name.text);
            self.names.push(name);
        }
        Ok(())
    }

    fn is_by_primary(&self, signature: &Signature) -> bool {
        match &signature.issuer_fingerprint {
            Some(fingerprint) => *fingerprint == self.primary.fingerprint,
            None => signature.issuer == Some(self.primary.id),
        }
    }

    fn add_subkey(&mut self, key: PublicKey, packets: &mut Packets<'_>) -> Result<(), Error> {
        let wrong = |error: Error| Error::Invalid(format!("subkey signature invalid: {error}"));
        let mut binding: Option<Signature> = None;
        let mut revocations = Vec::new();
        while let Some(signature) = next_signature(packets).map_err(wrong)? {
            if !matches!(signature.kind, kind::SUBKEY_BINDING | kind::SUBKEY_REVOCATION) {
                return Err(Error::invalid("subkey signature with wrong type"));
            }
            self.primary.verify_subkey(&key, &signature).map_err(wrong)?;
            if signature.kind == kind::SUBKEY_REVOCATION {
                revocations.push(signature);
            } else if binding.as_ref().is_none_or(|old| signature.created > old.created) {
                binding = Some(signature);
            }
        }
        let Some(binding) = binding else {
            return Err(Error::invalid("subkey packet not followed by signature"));
        };
        self.subkeys.push(Subkey { key, binding, revocations });
        Ok(())
    }

    /// The name that speaks for the entity: one that is not revoked, is marked, or is the newest.
    fn primary_name(&self) -> Option<&Name> {
        self.names.iter().reduce(|best, next| if next.is_before(best) { next } else { best })
    }

    /// The keys with this number that may sign.
    pub(crate) fn candidates(&self, id: u64) -> impl Iterator<Item = Candidate<'_>> {
        let primary = self.primary_name().and_then(|name| name.signature.as_ref());
        let primary = primary.filter(|_| self.primary.id == id).map(|own| Candidate {
            entity: self,
            key: &self.primary,
            own,
            subkey: None,
        });
        let subkeys = self.subkeys.iter().filter(move |subkey| subkey.key.id == id);
        let subkeys = subkeys.map(|subkey| Candidate {
            entity: self,
            key: &subkey.key,
            own: &subkey.binding,
            subkey: Some(subkey),
        });
        primary.into_iter().chain(subkeys).filter(|candidate| candidate.own.lets_sign())
    }
}

impl Name {
    /// Whether this name rather than `best` speaks for the entity.
    fn is_before(&self, best: &Self) -> bool {
        let marked = |name: &Self| name.signature.as_ref().is_some_and(|own| own.is_primary_name);
        let created = |name: &Self| name.signature.as_ref().map_or(i64::MIN, |own| own.created);
        match best.revocations.len().cmp(&self.revocations.len()) {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => {
                best.signature.is_none()
                    || (marked(self), created(self)) > (marked(best), created(best))
            }
        }
    }
}

impl<'a> Candidate<'a> {
    /// Who this is.
    pub fn entity(&self) -> &'a Entity {
        self.entity
    }

    /// Whether a signature that this key has made counts at this moment, in seconds since 1970.
    pub fn check(&self, signature: &Signature, now: i64) -> Result<(), Error> {
        let entity = self.entity;
        let name = entity.primary_name();
        let Some(own) = name.and_then(|name| name.signature.as_ref()) else {
            // All names are revoked and none was ever signed.
            return Err(Error::KeyRevoked);
        };
        let mut involved = vec![signature, own];
        if let Some(subkey) = self.subkey {
            involved.push(&subkey.binding);
            involved.extend(subkey.binding.embedded.as_deref());
        }
        let mut notations = involved.iter().flat_map(|signature| &signature.critical_notations);
        if let Some(notation) = notations.next() {
            return Err(Error::Signature(format!("unknown critical notation: {notation}")));
        }
        let is_revoked = |revocations: &[Signature]| {
            revocations.iter().any(|revocation| revocation.revokes(now))
        };
        let is_name_revoked = name.is_some_and(|name| is_revoked(&name.revocations));
        let is_subkey_revoked = self.subkey.is_some_and(|subkey| is_revoked(&subkey.revocations));
        if is_revoked(&entity.revocations) || is_subkey_revoked || is_name_revoked {
            return Err(Error::KeyRevoked);
        }
        let is_expired = |key: &PublicKey, own: &Signature| {
            key.created > now || is_over(key.created, own.key_lifetime_seconds, now)
        };
        let is_subkey_expired =
            self.subkey.is_some_and(|subkey| is_expired(&subkey.key, &subkey.binding));
        if is_expired(&entity.primary, own) || is_subkey_expired {
            return Err(Error::KeyExpired);
        }
        if involved.iter().any(|signature| signature.is_expired(now)) {
            return Err(Error::SignatureExpired);
        }
        Ok(())
    }
}

/// The next packet if it is a signature; another stays where it is.
fn next_signature(packets: &mut Packets<'_>) -> Result<Option<Signature>, Error> {
    match packets.next()? {
        Some(Packet::Signature(signature)) => Ok(Some(*signature)),
        Some(other) => {
            packets.unread(other);
            Ok(None)
        }
        None => Ok(None),
    }
}
