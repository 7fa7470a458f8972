//! What is wrong with keys and signatures, in the words of Go's library.

/// What is wrong with a key, a signature or a passphrase.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The data do not follow the format.
    #[error("openpgp: invalid data: {0}")]
    Invalid(String),
    /// The data may be good, but this library does not read them.
    #[error("openpgp: unsupported feature: {0}")]
    Unsupported(String),
    /// A packet of a kind or version that this library passes over, in keyrings as in signatures:
    /// nobody is told.
    #[error("openpgp: unsupported feature")]
    PassedOver,
    /// Two things do not belong together.
    #[error("openpgp: invalid argument: {0}")]
    Argument(&'static str),
    /// A signature that is not good.
    #[error("openpgp: invalid signature: {0}")]
    Signature(String),
    /// The secret numbers of a key do not belong to the public ones.
    #[error("openpgp: invalid key: {0}")]
    Key(&'static str),
    /// Nobody in the keyring made the signature.
    #[error("openpgp: signature made by unknown entity")]
    UnknownIssuer,
    /// The key was good until some time ago.
    #[error("openpgp: key expired")]
    KeyExpired,
    /// The signature was good until some time ago.
    #[error("openpgp: signature expired")]
    SignatureExpired,
    /// The key's owner has withdrawn it.
    #[error("openpgp: signature made by revoked key")]
    KeyRevoked,
    /// The secret key is elsewhere, such as on a card.
    #[error("openpgp: s2k GNU dummy key: dummy key found")]
    Dummy,
    /// A kind of packet that must not be passed over.
    #[error("openpgp: unknown critical packet type: {0}")]
    CriticalPacket(u8),
    /// What is encrypted is so in a way that is not known.
    #[error("openpgp: aead error: {0}")]
    Aead(String),
    /// What is compressed does not start as it should.
    #[error("zlib: invalid header")]
    Zlib,
    /// The data end where nothing more is needed.
    #[error("EOF")]
    End,
    /// The data end too early.
    #[error("unexpected EOF")]
    UnexpectedEnd,
    /// What is within armor is not base64, from this column on.
    #[error("illegal base64 data at input byte {0}")]
    Base64(usize),
    /// A point that is not on its curve.
    #[error("ecdsa: failed to parse EC point")]
    Point,
    /// A point of another length than the curve's.
    #[error("eddsa: failed to parse EC point")]
    EdwardsPoint,
    /// A secret number of another length than the curve's.
    #[error("eddsa: failed to parse scalar")]
    Scalar,
    /// No key was chosen to sign with.
    #[error("private key not found")]
    NoKey,
    /// The chosen key has no secret part.
    #[error("provided key is not a private key. Try providing a keyring with secret keys")]
    NotSecret,
    /// Several keys have a name that contains the wanted one.
    #[error("more than one key contain the id {0}")]
    Vague(String),
}

impl Error {
    pub(crate) fn invalid(text: &str) -> Self {
        Self::Invalid(text.to_owned())
    }

    pub(crate) fn unsupported(text: &str) -> Self {
        Self::Unsupported(text.to_owned())
    }

    /// Whether a keyring passes over the key at fault and reads on.
    pub(crate) fn is_passed_over(&self) -> bool {
        matches!(self, Self::Invalid(_) | Self::Unsupported(_))
    }
}

/// Why a keyring cannot be read. The two formats that name themselves are told with the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyringError {
    /// Packets.
    Packets(Error),
    /// `GnuPG`'s keybox.
    Keybox(String),
    /// Armored text.
    Armored(String),
}

impl KeyringError {
    /// The words for a keyring at `path`.
    pub fn words(&self, path: &str) -> String {
        match self {
            Self::Packets(error) => error.to_string(),
            Self::Keybox(reason) => format!("reading keybox {path}: {reason}"),
            Self::Armored(reason) => format!("reading armored keyring {path}: {reason}"),
        }
    }
}
