//! Which proxy a URL goes through, by Go's reading of `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`.

use std::net::IpAddr;

use ureq::Proxy;

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

    /// The proxy for a URL, if any.
    pub fn for_url(&self, url: &Url) -> Result<Option<Proxy>, HttpError> {
        let address = if url.scheme == "https" { &self.secure } else { &self.plain };
        match address {
            Some(address) if !self.is_exception(url) => {
                Proxy::new(address).map(Some).map_err(|_| HttpError::Proxy(address.clone()))
            }
            _ => Ok(None),
        }
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
        proxies.for_url(&Url::parse(url).unwrap()).unwrap().is_some()
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
