//! Whom a client trusts and as whom it shows itself.
//!
//! The roots are the system's (or those of `SSL_CERT_FILE`), as Helm's, unless a file is named:
//! a bundled list would not know a company's own authority.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem};

use super::HttpError;
use crate::environment::Environment;

/// The largest certificate file, in bytes; system bundles have some 250 kB.
const MAX_PEM_BYTES: u64 = 16 << 20;

/// The flags `--ca-file`, `--cert-file`, `--key-file` and `--insecure-skip-tls-verify`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsOptions {
    /// Authorities to trust instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// The client's certificate chain; needs a key.
    pub cert_file: Option<PathBuf>,
    /// The client's key.
    pub key_file: Option<PathBuf>,
    /// Trust anybody.
    pub insecure: bool,
}

impl TlsOptions {
    /// Whether the files that are named can be used, in Helm's words.
    pub fn check(&self) -> Result<(), String> {
        let has_pair = self.cert_file.is_some() && self.key_file.is_some();
        if !has_pair && self.ca_file.is_none() && !self.insecure {
            return Ok(());
        }
        let mut faults = Vec::new();
        let mut open = |file: Option<&Path>, words: &str| -> Option<Vec<u8>> {
            let file = file.unwrap_or(Path::new(""));
            let name = strconv::quote(file.to_string_lossy().as_bytes());
            let content = crate::files::read(file, MAX_PEM_BYTES);
            content.map_err(|error| faults.push(format!("{words}: {name}: {error}"))).ok()
        };
        if (self.cert_file.is_some() || self.key_file.is_some())
            && open(self.cert_file.as_deref(), "unable to read cert file").is_some()
        {
            open(self.key_file.as_deref(), "unable to read key file");
        }
        let authorities =
            self.ca_file.as_deref().and_then(|file| open(Some(file), "can't read CA file"));
        if !faults.is_empty() {
            return Err(faults.join("\n"));
        }
        if let (Some(cert), Some(key)) = (&self.cert_file, &self.key_file)
            && client_certificate(cert, key).is_err()
        {
            let files = format!("{} and {}", cert.display(), key.display());
            return Err(format!("unable to load cert from key pair: {files}"));
        }
        let is_certificate = |item| matches!(item, Ok(PemItem::Certificate(_)));
        match authorities {
            Some(pem) if !parse_pem(&pem).any(is_certificate) => {
                Err("failed to append certificates from pem block".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Reads the files and settles the options.
    pub(super) fn load(&self, environment: &Environment) -> Result<TlsConfig, HttpError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(provider)
            .disable_verification(self.insecure);
        if let (Some(cert), Some(key)) = (&self.cert_file, &self.key_file) {
            config = config.client_cert(Some(client_certificate(cert, key)?));
        }
        if !self.insecure {
            let roots = match &self.ca_file {
                Some(file) => certificates(file)?,
                None => system_roots(environment)?,
            };
            config = config.root_certs(RootCerts::Specific(Arc::new(roots)));
        }
        Ok(config.build())
    }
}

fn system_roots(environment: &Environment) -> Result<Vec<Certificate<'static>>, HttpError> {
    if let Some(file) = environment.filled("SSL_CERT_FILE") {
        return certificates(Path::new(file));
    }
    let loaded = rustls_native_certs::load_native_certs();
    if loaded.certs.is_empty() {
        let reasons: Vec<String> = loaded.errors.iter().map(ToString::to_string).collect();
        return Err(HttpError::Tls(format!(
            "this machine's certificate authorities cannot be read: {}",
            reasons.join("; ")
        )));
    }
    Ok(loaded.certs.iter().map(|der| Certificate::from_der(der).to_owned()).collect())
}

fn certificates(file: &Path) -> Result<Vec<Certificate<'static>>, HttpError> {
    let mut certificates = Vec::new();
    for item in parse_pem(&read(file)?) {
        if let Ok(PemItem::Certificate(certificate)) = item {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() {
        let file = file.display();
        return Err(HttpError::Tls(format!("failed to append certificates from file: {file}")));
    }
    Ok(certificates)
}

fn client_certificate(cert: &Path, key: &Path) -> Result<ClientCert, HttpError> {
    let chain = certificates(cert)?;
    let key_text = read(key)?;
    let key = PrivateKey::from_pem(&key_text).map_err(|error| {
        HttpError::Tls(format!("unable to load key from {}: {error}", key.display()))
    })?;
    Ok(ClientCert::new_with_certs(&chain, key))
}

fn read(file: &Path) -> Result<Vec<u8>, HttpError> {
    crate::files::read(file, MAX_PEM_BYTES).map_err(HttpError::TlsFile)
}
