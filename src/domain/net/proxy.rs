//! Which proxy a request takes, by the variables that the AWS CLI and curl read.
//!
//! The address of a proxy may hold a password. It goes to the HTTP client and nowhere else:
//! what is shown of a proxy is its host, its port and the variable that names it.

use std::net::IpAddr;

use http::Uri;

use crate::error::{Error, Result};

use crate::domain::secret::Secret;
use crate::domain::text::sanitize;
use crate::domain::vars::Vars;

/// The variables, the first that is set counts. In lower case they come first, as in the
/// AWS CLI.
const NAMES: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
const DIRECT: [&str; 2] = ["no_proxy", "NO_PROXY"];

/// What the variables say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    named: Option<(&'static str, Secret)>,
    direct: String,
}

/// A proxy that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// Its address, with the password.
    pub address: Secret,
    /// Its host and port.
    pub place: String,
    /// The variable that names it.
    pub variable: &'static str,
    /// Whether its address has a user.
    pub has_user: bool,
}

impl Proxies {
    /// Takes the variables.
    pub fn of(vars: Vars) -> Proxies {
        let named = NAMES
            .iter()
            .find_map(|name| Some((*name, Secret::new(vars(name)?))));
        Proxies {
            named,
            direct: DIRECT
                .iter()
                .find_map(|name| vars(name))
                .unwrap_or_default(),
        }
    }

    /// The proxy on the way to this host, where there is one. A variable that cannot be
    /// understood must not lead past the proxy that it means.
    pub fn on_the_way_to(&self, host: &str) -> Result<Option<Proxy>> {
        let Some((variable, value)) = &self.named else {
            return Ok(None);
        };
        let proxy = understood(variable, value)?;
        Ok((!self.is_direct(host)).then_some(proxy))
    }

    /// Whether `NO_PROXY` names the host: itself, a domain above it, its network, or `*`.
    fn is_direct(&self, host: &str) -> bool {
        let ip: Option<IpAddr> = host.parse().ok();
        let entries = self.direct.split([',', ' ', '\t']);
        entries.filter(|entry| !entry.is_empty()).any(|entry| {
            if entry == "*" {
                return true;
            }
            if let Some(ip) = ip {
                return is_in(ip, entry.trim_matches(['[', ']']));
            }
            let domain = entry.trim_start_matches('*').trim_start_matches('.');
            let Some(at) = host.len().checked_sub(domain.len()) else {
                return false;
            };
            let (front, back) = host.split_at_checked(at).unwrap_or((host, ""));
            !domain.is_empty()
                && back.eq_ignore_ascii_case(domain)
                && (front.is_empty() || front.ends_with('.'))
        })
    }

    /// Everything in it as one text, to be hashed and never shown.
    pub fn text(&self) -> Secret {
        let (variable, value) = match &self.named {
            Some((variable, value)) => (*variable, value.expose()),
            None => ("", ""),
        };
        Secret::new(format!("{variable} {value} {}", self.direct))
    }
}

/// Whether an address is `entry`, or in the network `ADDRESS/BITS` that it is.
fn is_in(ip: IpAddr, entry: &str) -> bool {
    let number = |ip: IpAddr| match ip {
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
    let ((size, ip), (other, network)) = (number(ip), number(network));
    let rest = u32::saturating_sub(size, bits);
    size == other && ip.checked_shr(rest) == network.checked_shr(rest)
}

fn understood(variable: &'static str, value: &Secret) -> Result<Proxy> {
    let text = value.expose().trim();
    let refused = |why: &str| {
        let text = sanitize(&without_user(text));
        Error::configuration(format!("{variable} is \"{text}\", {why}")).hint(format!(
            "set {variable} to http://HOST:PORT, or unset it; a user and a password go before the host, as in http://USER:PASSWORD@HOST:PORT, with special characters percent-encoded"
        ))
    };
    let text = match text.contains("://") {
        true => text.to_owned(),
        false => format!("http://{}", text.trim_start_matches('/')),
    };
    let no_address = || refused("which is not the address of a proxy");
    let uri: Uri = text.parse().map_err(|_| no_address())?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(no_address());
    };
    let (user, place) = match authority.as_str().rsplit_once('@') {
        Some((user, place)) => (Some(user), place),
        None => (None, authority.as_str()),
    };
    // A password with a character that ends the host's part makes an address of another
    // kind, whose host is a piece of the password.
    let at_signs = text.matches('@').count();
    let is_whole = at_signs == usize::from(user.is_some());
    let host = uri.host().unwrap_or_default();
    let has_port = match place.strip_prefix(host).unwrap_or(place) {
        "" => true,
        port => port
            .strip_prefix(':')
            .is_some_and(|port| port.parse::<u16>().is_ok()),
    };
    if host.is_empty() || !is_whole || !has_port {
        return Err(no_address());
    }
    match scheme {
        "http" | "https" => Ok(Proxy {
            place: sanitize(place),
            variable,
            has_user: user.is_some(),
            address: Secret::new(text),
        }),
        _ => Err(refused("and only http and https proxies can be used")),
    }
}

/// An address without the user and the password, as far as one can tell in a broken one.
fn without_user(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((_, place)) => format!("***@{place}"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Proxies {
        Proxies::of(&|name| {
            let found = pairs.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    fn direct(direct: &str, host: &str) -> bool {
        let proxies = with(&[("HTTPS_PROXY", "http://p:1"), ("NO_PROXY", direct)]);
        proxies.on_the_way_to(host).expect("a proxy").is_none()
    }

    #[test]
    fn the_more_specific_variable_and_the_lower_case_come_first() {
        let all = [
            ("ALL_PROXY", "http://d:1"),
            ("all_proxy", "http://c:1"),
            ("HTTPS_PROXY", "http://b:1"),
            ("https_proxy", "http://a:1"),
        ];
        for (rest, place) in [(4, "a:1"), (3, "b:1"), (2, "c:1"), (1, "d:1")] {
            let proxies = with(&all[..rest]);
            let proxy = proxies.on_the_way_to("h").expect("fine").expect("a proxy");
            assert_eq!(proxy.place, place);
        }
        assert_eq!(
            with(&[("HTTP_PROXY", "http://x:1")]).on_the_way_to("h"),
            Ok(None)
        );
    }

    #[test]
    fn addresses_with_and_without_a_scheme_a_user_and_a_port() {
        for (value, place, has_user) in [
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
            let proxy = proxies.on_the_way_to("h").expect(value).expect(value);
            assert_eq!((proxy.place.as_str(), proxy.has_user), (place, has_user));
        }
    }

    #[test]
    fn what_is_no_address_is_an_error_without_the_password() {
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
            let error = proxies.on_the_way_to("h").expect_err(value);
            let text = format!("{error} {error:?} {proxies:?}");
            assert!(error.message().starts_with("ALL_PROXY is \""), "{text}");
            assert!(!text.contains("hun") && !text.contains("ter2"), "{text}");
        }
    }

    #[test]
    fn no_proxy_names_hosts_domains_networks_or_everything() {
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
    fn no_proxy_knows_networks() {
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
