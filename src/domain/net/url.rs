//! Parsed http and https URLs, and which of them may receive secrets.

use std::net::{IpAddr, Ipv6Addr};

use http::Uri;

/// An http or https URL without a user, parsed by the parser that the HTTP client uses, so
/// that a check here and a connection there cannot mean different hosts.
#[derive(Clone, Debug)]
pub struct HttpUrl(Uri);

impl HttpUrl {
    /// Parses a URL. Returns `None` if it has another scheme or a malformed authority.
    pub fn parse(text: &str) -> Option<HttpUrl> {
        let uri: Uri = text.parse().ok()?;
        let is_http = matches!(uri.scheme_str(), Some("https" | "http"));
        // The parser accepts more than it interprets: allow nothing before the host, only a
        // port behind it, and only an IPv6 address in brackets.
        let is_well_formed = uri.authority().is_some_and(|authority| {
            let host = authority.host();
            match authority.as_str().strip_prefix(host) {
                Some(port) if is_host(host) => port.is_empty() || is_port(port),
                _ => false,
            }
        });
        (is_http && is_well_formed).then_some(HttpUrl(uri))
    }

    /// Returns the host, an IPv6 address without brackets.
    pub fn host(&self) -> &str {
        let host = self.0.host().unwrap_or_default();
        let address = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'));
        address.unwrap_or(host)
    }

    /// Returns `HOST` or `HOST:PORT` as written.
    pub fn authority(&self) -> &str {
        self.0
            .authority()
            .map_or("", |authority| authority.as_str())
    }

    /// Returns the port, if the URL names one.
    pub fn port(&self) -> Option<u16> {
        self.0.port_u16()
    }

    /// Returns the path.
    pub fn path(&self) -> &str {
        self.0.path()
    }

    /// Returns `true` for https.
    pub fn is_https(&self) -> bool {
        self.0.scheme_str() == Some("https")
    }

    /// Returns `true` for `localhost` and loopback addresses.
    pub fn is_loopback(&self) -> bool {
        let host = self.host();
        host.eq_ignore_ascii_case("localhost")
            || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// Returns `true` if secrets may be sent there: over https, or to this computer.
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
