//! Provenance files: who has packed a chart, and that it is the one they packed.
//!
//! A provenance file is a text signed by PGP: the chart's metadata, then the SHA-256 of its archive.
//! Follows Helm 4's `pkg/provenance/sign.go` and `VerifyChart`. Not here: PGP itself (see `pgp`).

use std::fs;
use std::path::{Path, PathBuf};

use helm::values::{Plain, read_document};
use pgp::{Entity, Keyring, Message};

use crate::digest::Digest;
use crate::error::{Error, reason};
use crate::files;
use crate::http::MAX_CHART_BYTES;

/// A provenance file may be this long. It repeats the chart's metadata, which are a few KiB.
pub const MAX_PROVENANCE_BYTES: u64 = 4 << 20;
/// A keyring may be this large: that of a whole distribution's makers has some 50 MiB.
const MAX_KEYRING_BYTES: u64 = 256 << 20;
/// What stands between metadata and sums; `---` would not be allowed in a signed text.
const BETWEEN: &str = "\n...\n";

/// Whether charts must be signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strategy {
    /// Nobody looks.
    #[default]
    Never,
    /// A chart without a provenance file is taken with a warning; one with a bad file is not.
    IfPossible,
    /// Every chart must have a good provenance file.
    Always,
}

/// How charts are verified.
#[derive(Clone, Debug, Default)]
pub struct Verification {
    /// Whether they must be signed.
    pub strategy: Strategy,
    /// Whose signatures count.
    pub keyring: PathBuf,
    /// The moment at which signatures must be good, in seconds since 1970.
    pub now: i64,
}

/// Why a chart is not believed, or cannot be signed.
#[derive(Debug, thiserror::Error)]
pub enum ProvenanceError {
    /// A directory has no sum.
    #[error("unpacked charts cannot be verified")]
    Unpacked,
    /// No archive by its name.
    #[error("chart must be a tgz file")]
    NoArchive,
    /// There is no chart.
    #[error("stat {path}: {reason}")]
    NoChart {
        /// Where it should be.
        path: String,
        /// Why it is not.
        reason: String,
    },
    /// There is no provenance file beside the archive.
    #[error("could not load provenance file {path}: stat {path}: {reason}")]
    NoFile {
        /// Where it should be.
        path: String,
        /// Why it is not.
        reason: String,
    },
    /// The server has no provenance file, or does not give it.
    #[error("failed to fetch provenance {0:?}")]
    NotFetched(String),
    /// The keyring cannot be read.
    #[error("failed to load keyring: {0}")]
    Keyring(String),
    /// The keyring to sign with cannot be read.
    #[error("{0}")]
    SigningKeyring(String),
    /// The provenance file is no signed text.
    #[error("signature block not found")]
    NoSignature,
    /// The signature is not good, or a key does not sign.
    #[error(transparent)]
    Pgp(#[from] pgp::Error),
    /// The secret key is not there after all.
    #[error("failed to either sign or armor message block: {0}")]
    Unsigned(pgp::Error),
    /// There are no sums behind the metadata.
    #[error("message block must have at least two parts")]
    NoSums,
    /// The sums cannot be read.
    #[error("{0}")]
    Sums(String),
    /// The sums are those of other charts.
    #[error("provenance does not contain a SHA for a file named {0:?}")]
    NoSum(String),
    /// The archive is not the one that was signed.
    #[error("sha256 sum does not match for {name}: {claimed:?} != {found:?}")]
    WrongSum {
        /// The archive's name.
        name: String,
        /// The sum in the provenance file.
        claimed: String,
        /// The sum of the archive.
        found: String,
    },
}

impl Verification {
    /// Verifies an archive of this machine by the provenance file beside it.
    pub fn check_file(&self, path: &Path) -> Result<(), Error> {
        let shown = path.display().to_string();
        match fs::metadata(path) {
            Err(error) => {
                let reason = reason(&error);
                return Err(ProvenanceError::NoChart { path: shown, reason }.into());
            }
            Ok(found) if found.is_dir() => return Err(ProvenanceError::Unpacked.into()),
            Ok(_) => {}
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        check_name(&name)?;
        let beside = format!("{shown}.prov");
        if let Err(error) = fs::metadata(&beside) {
            let reason = reason(&error);
            return Err(ProvenanceError::NoFile { path: beside, reason }.into());
        }
        let keyring = self.keyring()?;
        let because = |what: &str, error: crate::FileError| Error::Because {
            what: what.to_owned(),
            source: Box::new(error.into()),
        };
        let archive = files::read(path, MAX_CHART_BYTES)
            .map_err(|error| because("failed to read chart archive", error))?;
        let provenance = files::read(Path::new(&beside), MAX_PROVENANCE_BYTES)
            .map_err(|error| because("failed to read provenance file", error))?;
        Ok(verify(&keyring, &archive, &provenance, &name, self.now)?)
    }

    /// Verifies an archive with that name by its provenance file.
    pub fn check(&self, archive: &[u8], provenance: &[u8], name: &str) -> Result<(), Error> {
        check_name(name)?;
        Ok(verify(&self.keyring()?, archive, provenance, name, self.now)?)
    }

    fn keyring(&self) -> Result<Keyring, ProvenanceError> {
        read_keyring(&self.keyring).map_err(ProvenanceError::Keyring)
    }
}

/// Helm looks at the name alone; what is within shows when it is unpacked.
fn check_name(name: &str) -> Result<(), ProvenanceError> {
    let extension = name.rfind('.').map_or("", |at| &name[at..]);
    if extension.eq_ignore_ascii_case(".tgz") { Ok(()) } else { Err(ProvenanceError::NoArchive) }
}

fn read_keyring(path: &Path) -> Result<Keyring, String> {
    let data = files::read(path, MAX_KEYRING_BYTES).map_err(|error| error.to_string())?;
    Keyring::read(&data).map_err(|error| error.words(&path.display().to_string()))
}

fn verify(
    keyring: &Keyring,
    archive: &[u8],
    provenance: &[u8],
    name: &str,
    now: i64,
) -> Result<(), ProvenanceError> {
    let message = Message::decode(provenance).ok_or(ProvenanceError::NoSignature)?;
    keyring.verify(&message, now)?;
    let text = String::from_utf8_lossy(&message.text);
    let sums = text.split(BETWEEN).nth(1).ok_or(ProvenanceError::NoSums)?;
    let claimed = claimed(sums, name)?;
    let found = Digest::of(archive).to_string();
    if claimed == found {
        return Ok(());
    }
    Err(ProvenanceError::WrongSum { name: name.to_owned(), claimed, found })
}

/// What the signed text says of the archive with that name.
fn claimed(sums: &str, name: &str) -> Result<String, ProvenanceError> {
    let document =
        read_document(sums.as_bytes()).map_err(|error| ProvenanceError::Sums(error.to_string()))?;
    let missing = || ProvenanceError::NoSum(name.to_owned());
    let Plain::Map(table) = document else { return Err(missing()) };
    let Some(Plain::Map(files)) = table.get(b"files") else { return Err(missing()) };
    match files.get(name.as_bytes()) {
        Some(Plain::Str(sum)) => Ok(String::from_utf8_lossy(sum.as_bytes()).into_owned()),
        _ => Err(missing()),
    }
}

/// Who signs charts.
pub struct Signatory {
    keyring: Keyring,
    name: String,
}

impl Signatory {
    /// Reads the keyring in which the key with that name is.
    pub fn read(keyring: &Path, name: &str) -> Result<Self, ProvenanceError> {
        let keyring = read_keyring(keyring).map_err(ProvenanceError::SigningKeyring)?;
        keyring.find(name)?;
        Ok(Self { keyring, name: name.to_owned() })
    }

    fn entity(&self) -> Result<&Entity, ProvenanceError> {
        Ok(self.keyring.find(&self.name)?.ok_or(pgp::Error::NoKey)?)
    }

    /// The name of the key, if it wants a passphrase.
    pub fn wants_passphrase(&self) -> Result<Option<&str>, ProvenanceError> {
        let entity = self.entity()?;
        let is_wanted = entity.needs_passphrase()?;
        Ok(is_wanted.then(|| entity.names().next().unwrap_or("Unknown")))
    }

    /// The provenance file of an archive with that name and these metadata in YAML.
    pub fn sign(
        &self,
        archive: &[u8],
        name: &str,
        metadata: &str,
        passphrase: &[u8],
        now: i64,
    ) -> Result<String, ProvenanceError> {
        let sum = Digest::of(archive);
        // A name of a chart and a version need no quotes.
        let text = format!("{metadata}{BETWEEN}files:\n  {name}: {sum}\n");
        pgp::clear_sign(&text, self.entity()?, passphrase, now).map_err(|error| match error {
            pgp::Error::Dummy => ProvenanceError::Unsigned(error),
            other => other.into(),
        })
    }
}
