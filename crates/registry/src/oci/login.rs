//! Who we are at a registry: Helm's and Docker's login files and credential helpers.
//!
//! Helm's file comes first, Docker's second, as in Helm 4. Nothing is ever written.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::OciError;
use crate::environment::Environment;
use crate::files;

/// The largest login file, in bytes.
const MAX_LOGIN_FILE_BYTES: u64 = 4 << 20;
/// The longest answer of a credential helper, in bytes.
const MAX_HELPER_BYTES: u64 = 1 << 20;
/// What helpers say when they do not know a server.
const HELPER_NOT_FOUND: &str = "credentials not found in native keychain";
/// The user name that marks a secret as an identity token.
const TOKEN_USER: &str = "<token>";
/// The name under which Docker's own registry is stored.
const DOCKER_HUB: &str = "https://index.docker.io/v1/";

/// What is shown to a registry. All empty: an anonymous visitor.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credential {
    /// The user's name.
    pub username: String,
    /// The password.
    pub password: String,
    /// A token with which to get others.
    pub identity_token: String,
    /// A token for the registry itself.
    pub registry_token: String,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Secrets do not belong into logs.
        out.debug_struct("Credential").field("username", &self.username).finish_non_exhaustive()
    }
}

impl Credential {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Where logins are looked up.
#[derive(Clone, Debug)]
pub struct Logins {
    given: Credential,
    files: Vec<PathBuf>,
    environment: Environment,
}

impl Logins {
    /// Helm's login file, then Docker's.
    pub fn new(environment: &Environment, registry_config: PathBuf) -> Self {
        let docker = match environment.filled("DOCKER_CONFIG") {
            Some(folder) => PathBuf::from(folder),
            None => environment.home().join(".docker"),
        };
        let files = vec![registry_config, docker.join("config.json")];
        Self { given: Credential::default(), files, environment: environment.clone() }
    }

    /// User and password from flags outweigh all files, if both are given.
    #[must_use]
    pub fn with_password(mut self, username: &str, password: &str) -> Self {
        if !username.is_empty() && !password.is_empty() {
            username.clone_into(&mut self.given.username);
            password.clone_into(&mut self.given.password);
        }
        self
    }

    /// The credential for a registry's host; empty when there is none.
    pub fn find(&self, host: &str) -> Result<Credential, OciError> {
        if !self.given.is_empty() {
            return Ok(self.given.clone());
        }
        let server = if host == "registry-1.docker.io" { DOCKER_HUB } else { host };
        for path in &self.files {
            let found = LoginFile::load(path)?.find(server, &self.environment)?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Credential::default())
    }
}

/// A `config.json` of Docker's form.
struct LoginFile {
    path: String,
    content: Map<String, Value>,
}

impl LoginFile {
    fn load(path: &std::path::Path) -> Result<Self, OciError> {
        let shown = path.display().to_string();
        let text = match files::read(path, MAX_LOGIN_FILE_BYTES) {
            Ok(text) => text,
            Err(error) if error.is_missing() => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        if text.trim_ascii().is_empty() {
            return Ok(Self { path: shown, content: Map::new() });
        }
        match serde_json::from_slice(&text) {
            Ok(content) => Ok(Self { path: shown, content }),
            Err(error) => Err(OciError::LoginFormat { path: shown, reason: error.to_string() }),
        }
    }

    fn find(&self, server: &str, environment: &Environment) -> Result<Credential, OciError> {
        match self.helper(server, environment) {
            Some(helper) => ask_helper(&helper, server),
            None => self.stored(server),
        }
    }

    /// The helper for a server: its own, else the general one, else what the system has if the
    /// file says nothing at all.
    fn helper(&self, server: &str, environment: &Environment) -> Option<String> {
        let text = |value: Option<&Value>| {
            value.and_then(Value::as_str).filter(|t| !t.is_empty()).map(ToOwned::to_owned)
        };
        let helpers = self.content.get("credHelpers");
        let own = text(helpers.and_then(|helpers| helpers.get(server)));
        own.or_else(|| text(self.content.get("credsStore"))).or_else(|| {
            let filled = |name| {
                let table = self.content.get(name).and_then(Value::as_object);
                table.is_some_and(|table| !table.is_empty())
            };
            (!filled("auths") && !filled("credHelpers")).then(|| system_helper(environment))?
        })
    }

    fn stored(&self, server: &str) -> Result<Credential, OciError> {
        let Some(auths) = self.content.get("auths").and_then(Value::as_object) else {
            return Ok(Credential::default());
        };
        // Old files name servers as `https://HOST/v1/`.
        let entry = auths.get(server).or_else(|| {
            auths.iter().find(|(name, _)| host_of(name) == server).map(|(_, entry)| entry)
        });
        let Some(entry) = entry else { return Ok(Credential::default()) };
        let text = |name| entry.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut credential = Credential {
            username: text("username"),
            password: text("password"),
            identity_token: text("identitytoken"),
            registry_token: text("registrytoken"),
        };
        let auth = text("auth");
        if !auth.is_empty() {
            let wrong = |reason: &str| OciError::LoginFormat {
                path: self.path.clone(),
                reason: format!("failed to decode auth field of {server}: {reason}"),
            };
            let plain = STANDARD.decode(&auth).map_err(|error| wrong(&error.to_string()))?;
            let plain = String::from_utf8(plain).map_err(|_| wrong("not a text"))?;
            let (user, password) = plain.split_once(':').ok_or_else(|| wrong("no colon"))?;
            user.clone_into(&mut credential.username);
            // Docker pads some passwords with zeros.
            password.trim_matches('\0').clone_into(&mut credential.password);
        }
        Ok(credential)
    }
}

fn host_of(address: &str) -> &str {
    let plain = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    plain.unwrap_or(address).split('/').next().unwrap_or_default()
}

/// The credential helper of a desktop, if its program is there.
fn system_helper(environment: &Environment) -> Option<String> {
    let on_path = |program: &str| {
        let folders = environment.get("PATH").unwrap_or_default();
        std::env::split_paths(folders).any(|folder| folder.join(program).is_file())
    };
    let name = if cfg!(target_os = "macos") {
        "osxkeychain"
    } else if on_path("pass") {
        "pass"
    } else {
        "secretservice"
    };
    on_path(&format!("docker-credential-{name}")).then(|| name.to_owned())
}

fn ask_helper(name: &str, server: &str) -> Result<Credential, OciError> {
    let helper = format!("docker-credential-{name}");
    let failed = |reason: String| OciError::Helper { helper: helper.clone(), reason };
    let mut child = Command::new(&helper)
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(crate::error::reason(&error)))?;
    if let Some(mut input) = child.stdin.take() {
        // A helper that does not read its input will say so itself.
        let _ = input.write_all(server.as_bytes());
    }
    let mut answer = String::new();
    let output = child.stdout.take();
    let read = output.map(|out| out.take(MAX_HELPER_BYTES).read_to_string(&mut answer));
    let status = child.wait().map_err(|error| failed(crate::error::reason(&error)))?;
    if let Some(Err(error)) = read {
        return Err(failed(error.to_string()));
    }
    let answer = answer.trim();
    if !status.success() {
        return match answer {
            HELPER_NOT_FOUND => Ok(Credential::default()),
            "" => Err(failed(status.to_string())),
            said => Err(failed(said.to_owned())),
        };
    }
    let parsed: Value = serde_json::from_str(answer).map_err(|error| failed(error.to_string()))?;
    let text = |name| parsed.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (username, secret) = (text("Username"), text("Secret"));
    Ok(if username == TOKEN_USER {
        Credential { identity_token: secret, ..Credential::default() }
    } else {
        Credential { username, password: secret, ..Credential::default() }
    })
}
