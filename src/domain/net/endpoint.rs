//! Endpoints of the Identity Center services: derived from the region or configured.
//!
//! Source of the precedence: AWS SDKs and Tools Reference Guide, "Service-specific endpoints".
//! Regional host names come from the SDK's endpoint rules; here they are only checked.

use crate::error::{Error, Result};

use super::partition::is_service_host;
use super::url::HttpUrl;
use crate::domain::text::sanitize;

/// Identity Center service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// SSO, the portal API: role credentials, accounts, roles, logout.
    Sso,
    /// SSO OIDC: client registration and tokens.
    SsoOidc,
}

impl Service {
    /// Returns the environment variable and the `[services]` key that set its endpoint.
    pub fn settings(self) -> (&'static str, &'static str) {
        match self {
            Service::Sso => ("AWS_ENDPOINT_URL_SSO", "sso"),
            Service::SsoOidc => ("AWS_ENDPOINT_URL_SSO_OIDC", "sso_oidc"),
        }
    }
}

/// Environment variable and `[services]` key of the endpoint of STS.
pub const STS: (&str, &str) = ("AWS_ENDPOINT_URL_STS", "sts");

/// Endpoint of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// The one that the SDK's rules derive from the region.
    Derived,
    /// The one that the user configured.
    Configured(ConfiguredEndpoint),
}

/// Configured endpoint and the setting it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfiguredEndpoint {
    pub url: String,
    /// Environment variable, or key with file and line.
    pub set_by: String,
}

impl Endpoint {
    /// Returns the setting of a configured endpoint.
    pub fn set_by(&self) -> Option<&str> {
        match self {
            Endpoint::Derived => None,
            Endpoint::Configured(configured) => Some(&configured.set_by),
        }
    }

    /// Returns the URL of a configured endpoint, which must be https or on this computer.
    pub fn safe_url(&self) -> Result<Option<&str>> {
        let Endpoint::Configured(configured) = self else {
            return Ok(None);
        };
        let url = sanitize(&configured.url);
        let refused = |why: &str| {
            let message = format!("{} sets the endpoint {url}, which {why}", configured.set_by);
            let hint = "tokens are sent only over https, or to this computer";
            Err(Error::configuration(message).hint(hint))
        };
        match HttpUrl::parse(&configured.url) {
            Some(url) if url.is_safe() => Ok(Some(&configured.url)),
            Some(_) => refused("is not https"),
            None => refused("is not an address"),
        }
    }
}

/// Returns `true` if a derived endpoint is https and its host belongs to AWS. Part of the host
/// is the configured region, so it is checked before a token is sent there.
pub fn is_aws_endpoint(url: &str) -> bool {
    HttpUrl::parse(url)
        .is_some_and(|url| url.is_https() && url.port().is_none() && is_service_host(url.host()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_endpoints_must_be_hosts_of_aws() {
        assert!(is_aws_endpoint(
            "https://portal.sso.eu-west-1.amazonaws.com"
        ));
        assert!(is_aws_endpoint("https://oidc.cn-north-1.amazonaws.com.cn/"));
        for other in [
            "http://portal.sso.eu-west-1.amazonaws.com",
            "https://portal.sso.evil.com/.amazonaws.com",
            "https://evilamazonaws.com",
            "https://a@x.amazonaws.com",
            "https://x.amazonaws.com:444",
            "https://x.amazonaws.com[::1]",
            "https://x.amazonaws.com:4-3",
            "https://[x.amazonaws.com]",
            "https://127.0.0.1",
        ] {
            assert!(!is_aws_endpoint(other), "{other}");
        }
    }

    #[test]
    fn configured_endpoints_must_be_https_or_loopback() {
        let endpoint = |url: &str| {
            Endpoint::Configured(ConfiguredEndpoint {
                url: url.into(),
                set_by: "X".into(),
            })
        };
        for good in [
            "https://a.example",
            "http://127.0.0.1:80",
            "http://localhost:1",
            "http://[::1]:1",
        ] {
            assert!(endpoint(good).safe_url().is_ok(), "{good}");
        }
        for bad in [
            "http://a.example",
            "ftp://127.0.0.1",
            "a.example",
            "",
            "http://localhost.evil.com",
        ] {
            let error = endpoint(bad).safe_url().expect_err(bad);
            assert!(error.message().contains("X sets the endpoint"), "{error}");
        }
    }
}
