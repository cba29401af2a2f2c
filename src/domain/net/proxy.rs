//! Proxy for a host, from the environment variables that AWS CLI and curl read.
//!
//! The URL of a proxy may contain a password. Only the HTTP client receives it; messages show
//! the host, the port and the variable.

use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Uri;
use percent_encoding::percent_decode_str;

use crate::error::{Error, Result};

use crate::domain::secret::Secret;
use crate::domain::text::sanitize;
use crate::domain::vars::Vars;

/// Variables that set the proxy. The first one that is set counts; lower case comes first, as
/// in AWS CLI.
const PROXY_VARIABLES: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
const NO_PROXY_VARIABLES: [&str; 2] = ["no_proxy", "NO_PROXY"];

/// Values of the proxy variables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    proxy: Option<(&'static str, Secret)>,
    no_proxy: String,
}

/// Proxy for a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// URL with user and password.
    pub url: Secret,
    /// `HOST` or `HOST:PORT`, sanitized for messages.
    pub authority: String,
    /// Variable that sets it.
    pub variable: &'static str,
    /// Whether the URL has a user.
    pub has_user: bool,
}

impl Proxy {
    /// Returns the value of `Proxy-Authorization` (RFC 7617) if the URL has a user.
    pub fn authorization(&self) -> Option<Secret> {
        let (_, rest) = self.url.expose().split_once("://")?;
        let (user, _) = rest.rsplit_once('@')?;
        let (name, password) = user.split_once(':').unwrap_or((user, ""));
        let mut pair = percent_decode_str(name).collect::<Vec<u8>>();
        pair.push(b':');
        pair.extend(percent_decode_str(password));
        Some(Secret::new(format!("Basic {}", STANDARD.encode(pair))))
    }
}

impl Proxies {
    /// Reads the variables.
    pub fn from_vars(vars: Vars) -> Proxies {
        let proxy = PROXY_VARIABLES
            .iter()
            .find_map(|name| Some((*name, Secret::new(vars(name)?))));
        let no_proxy = NO_PROXY_VARIABLES.iter().find_map(|name| vars(name));
        Proxies {
            proxy,
            no_proxy: no_proxy.unwrap_or_default(),
        }
    }

    /// Returns the proxy for a host, or `None` for a direct connection. Fails if the variable does
    /// not contain a usable URL, also for hosts in `NO_PROXY`: a request must not bypass a proxy
    /// because of a typing error.
    pub fn proxy_for(&self, host: &str) -> Result<Option<Proxy>> {
        let Some((variable, value)) = &self.proxy else {
            return Ok(None);
        };
        let proxy = parse_proxy(variable, value)?;
        Ok((!self.is_direct(host)).then_some(proxy))
    }

    /// Returns `true` if `NO_PROXY` lists the host: itself, a parent domain, its network, or `*`.
    ///
    /// hyper-util's matcher does not replace this: it ignores `*` for an IP address, `*.DOMAIN`,
    /// blanks as separators and brackets around an IPv6 address.
    fn is_direct(&self, host: &str) -> bool {
        let ip: Option<IpAddr> = host.parse().ok();
        let entries = self.no_proxy.split([',', ' ', '\t']);
        entries.filter(|entry| !entry.is_empty()).any(|entry| {
            if entry == "*" {
                return true;
            }
            if let Some(ip) = ip {
                return is_in_network(ip, entry.trim_matches(['[', ']']));
            }
            let domain = entry.trim_start_matches('*').trim_start_matches('.');
            let start = host.len().checked_sub(domain.len());
            let parts = start.and_then(|start| host.split_at_checked(start));
            parts.is_some_and(|(front, back)| {
                !domain.is_empty()
                    && back.eq_ignore_ascii_case(domain)
                    && (front.is_empty() || front.ends_with('.'))
            })
        })
    }

    /// Returns all values as one text, for a fingerprint. It may contain a password.
    pub fn to_secret(&self) -> Secret {
        let proxy = self.proxy.as_ref();
        let (variable, value) = proxy.map_or(("", ""), |(name, value)| (*name, value.expose()));
        Secret::new(format!("{variable} {value} {}", self.no_proxy))
    }
}

/// Returns `true` if an IP address is `entry`, or within it if it is `ADDRESS/BITS`.
fn is_in_network(ip: IpAddr, entry: &str) -> bool {
    let to_number = |ip: IpAddr| match ip {
        IpAddr::V4(ip) => (32, u128::from(u32::from(ip))),
        IpAddr::V6(ip) => (128, u128::from(ip)),
    };
    let (network, bits) = match entry.split_once('/') {
        Some((network, bits)) => (network, bits.parse::<u32>().ok()),
        None => (entry, Some(128)),
    };
    let (Ok(network), Some(bits)) = (network.parse::<IpAddr>(), bits) else {
        return false;
    };
    let ((size, ip), (network_size, network)) = (to_number(ip), to_number(network));
    let shift = u32::saturating_sub(size, bits);
    size == network_size && ip.checked_shr(shift) == network.checked_shr(shift)
}

/// Parses the value of a proxy variable. The scheme may be missing, as in AWS CLI and curl.
fn parse_proxy(variable: &'static str, value: &Secret) -> Result<Proxy> {
    let text = value.expose().trim();
    let refused = |why: &str| {
        let text = sanitize(&hide_user(text));
        Error::configuration(format!("{variable} is \"{text}\", {why}")).hint(format!(
            "set {variable} to http://HOST:PORT, or unset it; a user and a password go before the host, as in http://USER:PASSWORD@HOST:PORT, with special characters percent-encoded"
        ))
    };
    let text = match text.contains("://") {
        true => text.to_owned(),
        false => format!("http://{}", text.trim_start_matches('/')),
    };
    let not_a_url = || refused("which is not the address of a proxy");
    let uri: Uri = text.parse().map_err(|_| not_a_url())?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(not_a_url());
    };
    let authority = authority.as_str();
    let (has_user, host_and_port) = match authority.rsplit_once('@') {
        Some((_, rest)) => (true, rest),
        None => (false, authority),
    };
    // A password with an unescaped `/`, `?`, `#` or `@` makes a URL whose host is a part of the
    // password.
    let at_signs = text.matches('@').count();
    let is_whole = at_signs == usize::from(has_user);
    let host = uri.host().unwrap_or_default();
    let has_port = match host_and_port.strip_prefix(host).unwrap_or(host_and_port) {
        "" => true,
        port => port
            .strip_prefix(':')
            .is_some_and(|port| port.parse::<u16>().is_ok()),
    };
    if host.is_empty() || !is_whole || !has_port {
        return Err(not_a_url());
    }
    match scheme {
        "http" | "https" => Ok(Proxy {
            authority: sanitize(host_and_port),
            variable,
            has_user,
            url: Secret::new(text),
        }),
        _ => Err(refused("and only http and https proxies can be used")),
    }
}

/// Replaces user and password in a value that may be malformed.
fn hide_user(text: &str) -> String {
    let rest = text.rsplit_once('@').map(|(_, rest)| format!("***@{rest}"));
    rest.unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Proxies {
        Proxies::from_vars(&|name| {
            let found = pairs.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    fn direct(direct: &str, host: &str) -> bool {
        let proxies = with(&[("HTTPS_PROXY", "http://p:1"), ("NO_PROXY", direct)]);
        proxies.proxy_for(host).expect("a proxy").is_none()
    }

    #[test]
    fn specific_and_lower_case_variables_come_first() {
        let all = [
            ("ALL_PROXY", "http://d:1"),
            ("all_proxy", "http://c:1"),
            ("HTTPS_PROXY", "http://b:1"),
            ("https_proxy", "http://a:1"),
        ];
        for (rest, authority) in [(4, "a:1"), (3, "b:1"), (2, "c:1"), (1, "d:1")] {
            let proxies = with(&all[..rest]);
            let proxy = proxies.proxy_for("h").expect("fine").expect("a proxy");
            assert_eq!(proxy.authority, authority);
        }
        let http = with(&[("HTTP_PROXY", "http://x:1")]);
        assert_eq!(http.proxy_for("h"), Ok(None));
    }

    #[test]
    fn scheme_user_and_port_are_optional() {
        for (value, authority, has_user) in [
            ("http://proxy.corp:3128", "proxy.corp:3128", false),
            ("http://proxy.corp:3128/", "proxy.corp:3128", false),
            ("https://proxy.corp", "proxy.corp", false),
            ("proxy.corp:3128", "proxy.corp:3128", false),
            ("//proxy.corp:3128", "proxy.corp:3128", false),
            ("proxy", "proxy", false),
            ("http://u:p%40%3A%2F@proxy:1", "proxy:1", true),
            ("u:p@proxy:1", "proxy:1", true),
            ("http://[::1]:3128", "[::1]:3128", false),
        ] {
            let proxies = with(&[("HTTPS_PROXY", value)]);
            let proxy = proxies.proxy_for("h").expect(value).expect(value);
            let found = (proxy.authority.as_str(), proxy.has_user);
            assert_eq!(found, (authority, has_user), "{value}");
        }
    }

    #[test]
    fn errors_about_malformed_urls_hide_the_password() {
        for value in [
            "http://",
            "http://:3128",
            "a b",
            "http://u:hunter2@proxy:port",
            "http://u:hunter2@proxy:99999",
            "http://u:hun@ter2@proxy:1",
            "http://u:1/hunter2@proxy:1",
            "http://u:1?hunter2@proxy:1",
            "http://u:1#hunter2@proxy:1",
            "u:hunter2 @proxy:1",
            "ftp://u:hunter2@proxy:1",
            "socks5h://u:hunter2@proxy:1",
        ] {
            let proxies = with(&[("ALL_PROXY", value), ("NO_PROXY", "*")]);
            let error = proxies.proxy_for("h").expect_err(value);
            let text = format!("{error} {error:?} {proxies:?}");
            assert!(error.message().starts_with("ALL_PROXY is \""), "{text}");
            assert!(!text.contains("hun") && !text.contains("ter2"), "{text}");
        }
    }

    #[test]
    fn no_proxy_lists_hosts_domains_or_everything() {
        let host = "portal.sso.eu-west-1.amazonaws.com";
        for entries in [
            "*",
            host,
            "amazonaws.com",
            ".amazonaws.com",
            "*.amazonaws.com",
            "AMAZONAWS.COM",
            "x, eu-west-1.amazonaws.com ,y",
            "x y .com",
        ] {
            assert!(direct(entries, host), "{entries}");
        }
        for entries in [
            "",
            ",",
            ".",
            "*.",
            "x.amazonaws.com",
            "mazonaws.com",
            "amazonaws.co",
            "more.portal.sso.eu-west-1.amazonaws.com",
            "10.0.0.0/8",
        ] {
            assert!(!direct(entries, host), "{entries}");
        }
    }

    #[test]
    fn no_proxy_lists_addresses_and_networks() {
        for (entries, host, expected) in [
            ("10.1.2.3", "10.1.2.3", true),
            ("10.0.0.0/8", "10.1.2.3", true),
            ("0.0.0.0/0", "10.1.2.3", true),
            ("11.0.0.0/8", "10.1.2.3", false),
            ("10.0.0.0/x", "10.1.2.3", false),
            ("fd00::/8", "fd12::1", true),
            ("[fd12::1]", "fd12::1", true),
            ("fd12::2", "fd12::1", false),
            ("10.1.2.3", "fd12::1", false),
            ("2.3", "10.1.2.3", false),
        ] {
            assert_eq!(direct(entries, host), expected, "{entries} {host}");
        }
    }
}
