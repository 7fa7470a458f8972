//! Which proxy a URL goes through, by Go's reading of `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`.

use std::net::IpAddr;

use ureq::http::Uri;
use ureq::{Proxy, ProxyProtocol};

use super::HttpError;
use crate::environment::Environment;
use crate::url::Url;

/// The proxy variables of an environment.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    plain: Option<String>,
    secure: Option<String>,
    exceptions: Vec<String>,
}

/// How a server is reached.
#[derive(Debug)]
pub enum Route {
    /// Without a proxy.
    Direct,
    /// Through a tunnel that a proxy opens.
    Tunnel(Proxy),
    /// A proxy is asked for the whole URL: the path on the proxy, and how it knows us.
    Forward(Uri, Option<String>),
}

impl Proxies {
    /// Reads the variables; upper case comes first, as in Go.
    pub fn from_environment(environment: &Environment) -> Self {
        let any = |upper: &str, lower: &str| {
            environment.filled(upper).or_else(|| environment.filled(lower)).map(ToOwned::to_owned)
        };
        let exceptions = any("NO_PROXY", "no_proxy").unwrap_or_default();
        Self {
            // Under CGI a visitor sets HTTP_PROXY with a header `Proxy:`.
            plain: any("HTTP_PROXY", "http_proxy")
                .filter(|_| environment.filled("REQUEST_METHOD").is_none()),
            secure: any("HTTPS_PROXY", "https_proxy"),
            exceptions: exceptions.split(',').map(|part| part.trim().to_lowercase()).collect(),
        }
    }

    /// The way to a URL.
    pub fn route(&self, url: &Url) -> Result<Route, HttpError> {
        let address = if url.scheme == "https" { &self.secure } else { &self.plain };
        let Some(address) = address.as_ref().filter(|_| !self.is_exception(url)) else {
            return Ok(Route::Direct);
        };
        let wrong = || HttpError::Proxy(address.clone());
        let proxy = Proxy::new(address).map_err(|_| wrong())?;
        // Proxies forward plain requests; many open tunnels to the port of TLS alone.
        if url.scheme == "https" || proxy.protocol() != ProxyProtocol::Http {
            return Ok(Route::Tunnel(proxy));
        }
        let path = url.to_string();
        let path = path.split('#').next().unwrap_or_default();
        let path =
            path.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
        let uri = Uri::builder()
            .scheme("http")
            .authority(format!("{}:{}", bracketed(proxy.host()), proxy.port()))
            .path_and_query(path.unwrap_or("/"))
            .build()
            .map_err(|_| wrong())?;
        let login = proxy
            .username()
            .map(|user| super::basic_authorization(user, proxy.password().unwrap_or_default()));
        Ok(Route::Forward(uri, login))
    }

    fn is_exception(&self, url: &Url) -> bool {
        let host = url.host_name().trim_end_matches('.').to_lowercase();
        let address: Option<IpAddr> = host.parse().ok();
        if host == "localhost" || address.is_some_and(|address| address.is_loopback()) {
            return true;
        }
        self.exceptions.iter().any(|exception| matches(exception, &host, url.port(), address))
    }
}

/// An address of IPv6 as authorities have it.
fn bracketed(host: &str) -> String {
    if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host.to_owned() }
}

fn matches(exception: &str, host: &str, port: &str, address: Option<IpAddr>) -> bool {
    if exception == "*" {
        return true;
    }
    if let Some((network, bits)) = exception.split_once('/') {
        return match (network.parse(), bits.parse(), address) {
            (Ok(network), Ok(bits), Some(address)) => in_network(address, network, bits),
            _ => false,
        };
    }
    let (name, wanted_port) = match exception.rsplit_once(':') {
        Some((name, port)) if !name.contains(':') => (name, Some(port)),
        _ => (exception, None),
    };
    if name.is_empty() || wanted_port.is_some_and(|wanted| wanted != port) {
        return false;
    }
    let domain = name.strip_prefix('*').unwrap_or(name);
    match domain.strip_prefix('.') {
        Some(_) => host.ends_with(domain),
        None => host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')),
    }
}

fn in_network(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) if bits <= 32 => {
            let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
            address.to_bits() & mask == network.to_bits() & mask
        }
        (IpAddr::V6(address), IpAddr::V6(network)) if bits <= 128 => {
            let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
            address.to_bits() & mask == network.to_bits() & mask
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxied(no_proxy: &str, url: &str) -> bool {
        let variables = [("HTTP_PROXY", "http://proxy:3128"), ("NO_PROXY", no_proxy)];
        let owned = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let proxies = Proxies::from_environment(&Environment::new(owned));
        !matches!(proxies.route(&Url::parse(url).unwrap()).unwrap(), Route::Direct)
    }

    #[test]
    fn exceptions() {
        assert!(proxied("", "http://charts.example.com/x"));
        assert!(!proxied("", "http://localhost:8080/x"));
        assert!(!proxied("", "http://127.0.0.1:8080/x"));
        assert!(!proxied("*", "http://charts.example.com/x"));
        assert!(!proxied("example.com", "http://charts.example.com/x"));
        assert!(!proxied("example.com", "http://example.com/x"));
        assert!(proxied(".example.com", "http://example.com/x"));
        assert!(proxied("example.com:8080", "http://example.com/x"));
        assert!(!proxied("example.com:80", "http://example.com/x"));
        assert!(proxied("ample.com", "http://example.com/x"));
        assert!(!proxied("10.0.0.0/8", "http://10.1.2.3/x"));
        assert!(proxied("10.0.0.0/8", "http://11.1.2.3/x"));
        assert!(!proxied("a, fd00::/8", "http://[fd00::1]:80/x"));
    }
}
