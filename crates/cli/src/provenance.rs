//! `--verify` and `--sign`: whose keys count, where passphrases come from. What provenance files are,
//! is in `registry::provenance`.

use std::fs;
use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use helm::chart;
use registry::FileError;
use registry::provenance::{ProvenanceError, Signatory, Strategy, Verification};

use crate::context::Context;
use crate::error::CommandError;

/// A passphrase may be this long; Go's reader takes no more of a line at once.
const MAX_PASSPHRASE_BYTES: u64 = 4096;

/// How charts are verified by these flags; `strategy` counts where `--verify` is given.
pub fn verification(
    verify: Option<bool>,
    keyring: Option<&Path>,
    strategy: Strategy,
    context: &Context,
) -> Verification {
    if verify != Some(true) {
        return Verification::default();
    }
    let keyring = keyring.map_or_else(|| default_keyring(context), Path::to_owned);
    Verification { strategy, keyring, now: now() }
}

/// `GnuPG`'s keyring of public keys: the old one unless only the new one is there.
fn default_keyring(context: &Context) -> PathBuf {
    let given = context.environment.all().get("GNUPGHOME");
    let home = given.map_or_else(|| context.environment.home().join(".gnupg"), PathBuf::from);
    let is_missing = |path: &Path| {
        fs::metadata(path).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
    };
    let (old, new) = (home.join("pubring.gpg"), home.join("pubring.kbx"));
    if is_missing(&old) && !is_missing(&new) { new } else { old }
}

/// The clock, in seconds since 1970.
#[expect(clippy::disallowed_methods, reason = "the edge brings the time")]
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// The flags that say who signs.
#[derive(Debug, clap::Args)]
pub struct SignArguments {
    /// Sign the package with a private key of PGP.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = crate::arguments::go_bool)]
    sign: Option<bool>,
    /// The name of the key to sign with, or a part of it.
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    key: Option<String>,
    /// The keyring in which the key is.
    #[arg(long, value_name = "FILE", value_parser = crate::arguments::path())]
    keyring: Option<PathBuf>,
    /// A file with the key's passphrase; `-` is standard input.
    #[arg(long, value_name = "FILE", value_parser = crate::arguments::path())]
    passphrase_file: Option<PathBuf>,
}

/// Who signs, and with which passphrase.
pub struct Signing {
    key: String,
    keyring: PathBuf,
    passphrase_file: Option<PathBuf>,
    /// The passphrase, once it was read: standard input can be read only once.
    passphrase: Option<Vec<u8>>,
}

impl Signing {
    /// What the flags ask for, if signing at all.
    pub fn new(arguments: &SignArguments, context: &Context) -> Result<Option<Self>, CommandError> {
        if arguments.sign != Some(true) {
            return Ok(None);
        }
        let key = arguments.key.clone().unwrap_or_default();
        if key.is_empty() {
            return Err(CommandError::new("--key is required for signing a package"));
        }
        let given = arguments.keyring.clone();
        let keyring = given.unwrap_or_else(|| default_keyring(context));
        if keyring.as_os_str().is_empty() {
            return Err(CommandError::new("--keyring is required for signing a package"));
        }
        let file = arguments.passphrase_file.clone();
        let passphrase_file = file.filter(|path| !path.as_os_str().is_empty());
        Ok(Some(Self { key, keyring, passphrase_file, passphrase: None }))
    }

    /// Writes the provenance file of an archive beside it.
    pub fn sign(
        &mut self,
        file: &Path,
        archive: &[u8],
        metadata: &str,
        context: &mut Context,
    ) -> Result<(), CommandError> {
        let failed = |error: ProvenanceError| CommandError::new(error.to_string());
        let signatory = Signatory::read(&self.keyring, &self.key).map_err(failed)?;
        if let Some(path) = &self.passphrase_file
            && self.passphrase.is_none()
        {
            self.passphrase = Some(read_passphrase(path).map_err(CommandError::new)?);
        }
        let wanted = signatory.wants_passphrase().map_err(failed)?;
        if let (Some(name), None) = (wanted, &self.passphrase) {
            return Err(no_passphrase(name, context));
        }
        let passphrase = self.passphrase.as_deref().unwrap_or_default();
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let text = signatory.sign(archive, &name, metadata, passphrase, now()).map_err(failed)?;
        let beside = PathBuf::from(format!("{}.prov", file.display()));
        fs::write(&beside, text).map_err(|error| {
            let reason = chart::go_reason(&error);
            CommandError::new(format!("open {}: {reason}", beside.display()))
        })
    }
}

/// Helm asks on the terminal, where what is typed must not be seen; we do not.
fn no_passphrase(name: &str, context: &mut Context) -> CommandError {
    if std::io::stdin().is_terminal() {
        return CommandError::new(format!(
            "the key {name:?} needs a passphrase: give it in a file by --passphrase-file FILE, \
             or through a pipe by --passphrase-file -"
        ));
    }
    context.print(format!("Password for key {name:?} >  \n").as_bytes());
    CommandError::new("inappropriate ioctl for device")
}

/// The first line of the file, or of what comes through a pipe.
fn read_passphrase(path: &Path) -> Result<Vec<u8>, String> {
    let mut start = Vec::new();
    if path == Path::new("-") {
        if !is_pipe() {
            let text = "specified reading passphrase from stdin, without input on stdin";
            return Err(text.to_owned());
        }
        let read = std::io::stdin().lock().take(MAX_PASSPHRASE_BYTES).read_to_end(&mut start);
        read.map_err(|error| FileError::new("read", Path::new("/dev/stdin"), error).to_string())?;
    } else {
        let failed = |operation: &'static str| {
            move |error| FileError::new(operation, path, error).to_string()
        };
        let file = fs::File::open(path).map_err(failed("open"))?;
        file.take(MAX_PASSPHRASE_BYTES).read_to_end(&mut start).map_err(failed("read"))?;
    }
    if start.is_empty() {
        return Err("EOF".to_owned());
    }
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    Ok(line.strip_suffix(b"\r").unwrap_or(line).to_vec())
}

/// Whether standard input is a pipe with a name or without.
fn is_pipe() -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    fs::metadata("/dev/stdin").is_ok_and(|found| found.file_type().is_fifo())
}
