//! Answers to a registry's challenge: basic credentials or a token.
//!
//! Follows the Docker token specification as Helm's registry library does, including its checks
//! on where a registry may send credentials.

use std::net::IpAddr;

use serde_json::Value;

use super::challenge::Challenge;
use super::error::OciError;
use super::login::Credential;
use crate::http::{Client, MAX_METADATA_BYTES, Request, basic_authorization};
use crate::url::{Url, escape_query};

/// The name under which tokens are asked for.
const CLIENT_ID: &str = "socle";

/// The `Authorization` header that answers a challenge of the registry at `registry`.
pub fn authorize(
    http: &Client,
    registry: &Url,
    challenge: &Challenge,
    credential: &Credential,
) -> Result<String, OciError> {
    match challenge {
        Challenge::Basic => {
            if credential.username.is_empty() || credential.password.is_empty() {
                return Err(OciError::NoLogin(registry.to_string()));
            }
            Ok(basic_authorization(&credential.username, &credential.password))
        }
        Challenge::Bearer { .. } if !credential.registry_token.is_empty() => {
            Ok(format!("Bearer {}", credential.registry_token))
        }
        Challenge::Bearer { realm, service, scope } => {
            check_realm(realm, registry)?;
            let token = fetch_token(http, realm, service, scope, credential)?;
            Ok(format!("Bearer {token}"))
        }
    }
}

fn fetch_token(
    http: &Client,
    realm: &str,
    service: &str,
    scope: &str,
    credential: &Credential,
) -> Result<String, OciError> {
    let mut url = Url::parse(realm)
        .map_err(|_| OciError::Realm { realm: realm.to_owned(), reason: "is no URL" })?;
    let scopes = scope.split(' ').filter(|scope| !scope.is_empty());
    let response = if credential.identity_token.is_empty() {
        let mut query: Vec<String> = url.query.take().into_iter().collect();
        if !service.is_empty() {
            query.push(format!("service={}", escape_query(service)));
        }
        query.extend(scopes.map(|scope| format!("scope={}", escape_query(scope))));
        url.query = Some(query.join("&"));
        let basic = (!credential.username.is_empty() || !credential.password.is_empty())
            .then(|| basic_authorization(&credential.username, &credential.password));
        let authorization = basic.as_deref();
        let limit = MAX_METADATA_BYTES;
        http.send(&url, &Request { authorization, limit, ..Request::default() })?
    } else {
        let form = format!(
            "client_id={CLIENT_ID}&grant_type=refresh_token&refresh_token={}&scope={}&service={}",
            escape_query(&credential.identity_token),
            escape_query(scope),
            escape_query(service),
        );
        let limit = MAX_METADATA_BYTES;
        http.send(&url, &Request { form: Some(&form), limit, ..Request::default() })?
    };
    if response.status != 200 {
        let method = if credential.identity_token.is_empty() { "GET" } else { "POST" };
        return Err(super::client::status_error(method, &response));
    }
    let wrong =
        |reason: String| OciError::Answer { what: "the token", url: url.to_string(), reason };
    let answer: Value =
        serde_json::from_slice(&response.body).map_err(|error| wrong(error.to_string()))?;
    let text = |name| answer.get(name).and_then(Value::as_str).filter(|t| !t.is_empty());
    match text("access_token").or_else(|| text("token")) {
        Some(token) => Ok(token.to_owned()),
        None => Err(wrong("empty token returned".to_owned())),
    }
}

/// Refuses token servers to which no registry has reason to send credentials.
fn check_realm(realm: &str, registry: &Url) -> Result<(), OciError> {
    let refuse = |reason| Err(OciError::Realm { realm: realm.to_owned(), reason });
    let Ok(url) = Url::parse(realm) else { return refuse("is no URL") };
    match url.scheme.as_str() {
        "http" if registry.scheme == "https" => {
            return refuse("uses http but registry was contacted over https");
        }
        "https" | "http" => {}
        _ => return refuse("uses an unsupported scheme"),
    }
    let inner = match url.host_name().parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => {
            address.is_loopback()
                || address.is_link_local()
                || address.is_private()
                || address.is_unspecified()
                || address.is_multicast()
        }
        Ok(IpAddr::V6(address)) => {
            address.is_loopback()
                || address.is_unicast_link_local()
                || address.is_unique_local()
                || address.is_unspecified()
                || address.is_multicast()
        }
        Err(_) => false,
    };
    if inner && url.host_name() != registry.host_name() {
        return refuse("is a loopback, link-local, private, or unspecified address");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn realms() {
        let check = |realm: &str, registry: &str| {
            check_realm(realm, &Url::parse(registry).unwrap()).is_ok()
        };
        assert!(check("https://auth.docker.io/token", "https://registry-1.docker.io/v2/"));
        assert!(check("http://127.0.0.1:1/token", "http://127.0.0.1:2/v2/"));
        assert!(!check("http://auth.example.com/token", "https://r.example.com/v2/"));
        assert!(!check("https://169.254.169.254/token", "https://r.example.com/v2/"));
        assert!(!check("https://[::1]/token", "https://r.example.com/v2/"));
        assert!(!check("file:///etc/passwd", "https://r.example.com/v2/"));
    }
}
