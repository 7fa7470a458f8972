//! Why a request brought nothing, in the words of Go's HTTP client.

use crate::error::{FileError, reason};
use crate::url::UrlError;

/// A request that brought no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// No connection, no answer, no trust.
    #[error("{method} \"{url}\": {}", cause(fault))]
    Transport {
        /// `Get` or `Post`.
        method: &'static str,
        /// What was asked for.
        url: String,
        /// What the HTTP library says.
        fault: Box<ureq::Error>,
    },
    /// The body does not end within the limit.
    #[error(
        "Get \"{url}\": the answer is larger than {limit} bytes, which is the most that is read"
    )]
    TooLarge {
        /// What was asked for.
        url: String,
        /// The most that is read.
        limit: u64,
    },
    /// Another status than 200.
    #[error("failed to fetch {url} : {status}")]
    Status {
        /// What was asked for.
        url: String,
        /// Code and reason.
        status: String,
    },
    /// A redirect to something that is no URL.
    #[error("Get \"{url}\": failed to parse Location header")]
    Redirect {
        /// What redirected.
        url: String,
        /// Why its target is no URL.
        source: UrlError,
    },
    /// Redirects in a circle.
    #[error("Get \"{url}\": stopped after {limit} redirects")]
    TooManyRedirects {
        /// What was asked for.
        url: String,
        /// How many were followed.
        limit: usize,
    },
    /// Neither `http` nor `https`.
    #[error("scheme {scheme:?} not supported")]
    Scheme {
        /// As written.
        scheme: String,
    },
    /// A certificate, key or authority that cannot be used.
    #[error("can't create TLS config for client: {0}")]
    Tls(String),
    /// A certificate, key or authority that cannot be read.
    #[error("can't create TLS config for client")]
    TlsFile(#[source] FileError),
    /// A proxy variable that holds no proxy.
    #[error("invalid proxy address {0:?} in the environment")]
    Proxy(String),
}

impl HttpError {
    pub(super) fn new(method: &'static str, url: &str, source: ureq::Error) -> Self {
        Self::Transport { method, url: url.to_owned(), fault: Box::new(source) }
    }

    /// What the user can do about it.
    pub fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Transport { fault, .. } => match &**fault {
                ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => OFFLINE,
                ureq::Error::Io(error) if error.raw_os_error().is_some() => OFFLINE,
                // What the resolver says has no number.
                ureq::Error::Io(error) if error.to_string().contains("lookup address") => OFFLINE,
                ureq::Error::Io(_) | ureq::Error::Rustls(_) => TRUST,
                ureq::Error::Timeout(_) => "the server did not answer in time; try again later",
                _ => return Vec::new(),
            },
            Self::Status { status, .. } if status.starts_with("401") => {
                "give --username and --password, or log in to the repository"
            }
            _ => return Vec::new(),
        };
        vec![hint.to_owned()]
    }
}

const OFFLINE: &str = "the server cannot be reached: check the name and the network, or use a \
                       chart that is on this machine (a directory, a .tgz, or its charts/ folder)";
const TRUST: &str = "if the server is known to you, name its authority with --ca-file";

fn cause(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Io(error) => reason(error),
        ureq::Error::HostNotFound => "no such host".to_owned(),
        ureq::Error::Timeout(what) => format!("timeout awaiting the answer ({what})"),
        other => other.to_string(),
    }
}
