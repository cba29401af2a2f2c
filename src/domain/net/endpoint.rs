//! Which address a service has, and which addresses may receive a token.
//!
//! Source of the order: AWS SDK reference, "Service-specific endpoints". Regional host
//! names are made by the SDK's endpoint rules; here they are only checked.

use std::net::{IpAddr, Ipv6Addr};

use http::Uri;

use crate::error::{Error, Result};

/// The two services of Identity Center that we call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// The portal: role credentials, accounts, roles, logout.
    Sso,
    /// Registration and tokens.
    SsoOidc,
}

impl Service {
    /// The suffix of its environment variable.
    pub fn variable(self) -> &'static str {
        match self {
            Service::Sso => "AWS_ENDPOINT_URL_SSO",
            Service::SsoOidc => "AWS_ENDPOINT_URL_SSO_OIDC",
        }
    }

    /// Its key in a `[services]` section.
    pub fn config_key(self) -> &'static str {
        match self {
            Service::Sso => "sso",
            Service::SsoOidc => "sso_oidc",
        }
    }
}

/// The same names of the service that says whose credentials are whose.
pub const STS: (&str, &str) = ("AWS_ENDPOINT_URL_STS", "sts");

/// Where a service is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// Where the SDK's rules put it for the region.
    Derived,
    /// Where the user put it.
    Configured(Configured),
}

/// An address somebody set, and who.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configured {
    /// The address.
    pub url: String,
    /// The variable, or the file, line and key.
    pub set_by: String,
}

impl Endpoint {
    /// The configured address, once it is known to be safe for tokens.
    pub fn checked(&self) -> Result<Option<&str>> {
        let Endpoint::Configured(configured) = self else {
            return Ok(None);
        };
        let shown = crate::domain::text::sanitize(&configured.url);
        let refused = |why: &str| {
            let message = format!(
                "{} sets the endpoint {shown}, which {why}",
                configured.set_by
            );
            Err(Error::configuration(message)
                .hint("tokens are sent only over https, or to this computer"))
        };
        match Address::parse(&configured.url) {
            Some(address) if address.is_safe() => Ok(Some(&configured.url)),
            Some(_) => refused("is not https"),
            None => refused("is not an address"),
        }
    }
}

/// An http or https address, taken apart by the same parser that the HTTP client uses, so
/// that a check here and a connection there can never mean two hosts.
#[derive(Clone, Debug)]
pub struct Address(Uri);

impl Address {
    /// The address in a text; `None` when it is none, or has another scheme.
    pub fn parse(text: &str) -> Option<Address> {
        let uri: Uri = text.parse().ok()?;
        let web = matches!(uri.scheme_str(), Some("https" | "http"));
        // The parser takes more than it understands: only a port may follow the host,
        // nothing may stand before it, and brackets hold an address.
        let plain = uri.authority().is_some_and(|authority| {
            let host = authority.host();
            match authority.as_str().strip_prefix(host) {
                Some(port) if is_host(host) => port.is_empty() || is_port(port),
                _ => false,
            }
        });
        (web && plain).then_some(Address(uri))
    }

    /// The host, without brackets.
    pub fn host(&self) -> &str {
        let host = self.0.host().unwrap_or_default();
        let address = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'));
        address.unwrap_or(host)
    }

    /// The host as it is written, and the port where one is.
    pub fn authority(&self) -> &str {
        self.0
            .authority()
            .map_or("", |authority| authority.as_str())
    }

    /// The port, where one is written.
    pub fn port(&self) -> Option<u16> {
        self.0.port_u16()
    }

    /// The path.
    pub fn path(&self) -> &str {
        self.0.path()
    }

    /// Whether it is reached over TLS.
    pub fn is_https(&self) -> bool {
        self.0.scheme_str() == Some("https")
    }

    /// Whether it is on this computer.
    pub fn is_loopback(&self) -> bool {
        let host = self.host();
        host.eq_ignore_ascii_case("localhost")
            || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// Whether secrets may go there: over https, or to this computer.
    pub fn is_safe(&self) -> bool {
        self.is_https() || self.is_loopback()
    }
}

fn is_host(text: &str) -> bool {
    match text.strip_prefix('[') {
        Some(rest) => rest
            .strip_suffix(']')
            .is_some_and(|address| address.parse::<Ipv6Addr>().is_ok()),
        None => !text.is_empty() && !text.contains(['[', ']']),
    }
}

fn is_port(text: &str) -> bool {
    let digits = text.strip_prefix(':').unwrap_or_default();
    digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u16>().is_ok()
}

/// The suffixes of every partition's hosts, dual stack included.
const AWS_SUFFIXES: [&str; 14] = [
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".api.aws",
    ".api.amazonwebservices.com.cn",
    ".api.amazonwebservices.eu",
    ".c2s.ic.gov",
    ".sc2s.sgov.gov",
    ".cloud.adc-e.uk",
    ".csp.hci.ic.gov",
    ".api.aws.ic.gov",
    ".api.aws.scloud",
    ".api.cloud-aws.adc-e.uk",
    ".api.aws.hci.ic.gov",
];

/// The STS beside the portal of a region, plain, with FIPS or dual stack: the names of both
/// are made alike in every partition.
pub fn sts_host(portal: &str) -> Option<String> {
    let host = portal.strip_prefix("https://portal.sso")?;
    Some(format!("https://sts{host}"))
}

/// Whether a derived address belongs to AWS. The region in it comes from a file, so the
/// host is looked at once more before a token goes there.
pub fn is_aws(address: &str) -> bool {
    let Some(address) = Address::parse(address) else {
        return false;
    };
    let host = address.host();
    address.is_https()
        && address.0.port().is_none()
        && AWS_SUFFIXES.iter().any(|suffix| host.ends_with(suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_aws_hosts_count_as_aws() {
        assert!(is_aws("https://portal.sso.eu-west-1.amazonaws.com"));
        assert!(is_aws("https://oidc.cn-north-1.amazonaws.com.cn/"));
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
            assert!(!is_aws(other), "{other}");
        }
    }

    #[test]
    fn a_configured_endpoint_is_https_or_here() {
        let endpoint = |url: &str| {
            Endpoint::Configured(Configured {
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
            assert!(endpoint(good).checked().is_ok(), "{good}");
        }
        for bad in [
            "http://a.example",
            "ftp://127.0.0.1",
            "a.example",
            "",
            "http://localhost.evil.com",
        ] {
            let error = endpoint(bad).checked().expect_err(bad);
            assert!(error.message().contains("X sets the endpoint"), "{error}");
        }
    }
}
