//! Rules for redirect URIs: registration, and matching of requests against registered ones.
//!
//! A client chooses the port of a loopback redirect when it uses it, so a URI registered without
//! a port matches every port (RFC 8252 §7.3). Every other part must be equal.

/// Parts of a loopback redirect URI `http://HOST[:PORT]/PATH`.
struct LoopbackUri<'a> {
    host: &'a str,
    port: Option<u16>,
    path: &'a str,
}

fn parse_loopback(uri: &str) -> Option<LoopbackUri<'_>> {
    let rest = uri.strip_prefix("http://")?;
    let (authority, path) = match rest.find(['/', '?', '#']) {
        Some(at) => rest.split_at_checked(at)?,
        None => (rest, ""),
    };
    let host = ["127.0.0.1", "[::1]", "localhost"]
        .into_iter()
        .find(|host| {
            let tail = authority.strip_prefix(host);
            tail.is_some_and(|tail| tail.is_empty() || tail.starts_with(':'))
        })?;
    let tail = authority.strip_prefix(host)?;
    let port = match tail.strip_prefix(':') {
        Some(digits) => Some(digits.parse().ok()?),
        None => None,
    };
    let plain = !path.contains('#');
    plain.then_some(LoopbackUri { host, port, path })
}

/// Returns `true` if a public client may register this URI: only loopback URIs are accepted.
pub(crate) fn is_registrable(uri: &str) -> bool {
    parse_loopback(uri).is_some()
}

/// Returns `true` if `asked` matches a registered URI.
pub(crate) fn is_allowed(registered: &[String], asked: &str) -> bool {
    registered.iter().any(|known| {
        if known == asked {
            return true;
        }
        let (Some(known), Some(asked)) = (parse_loopback(known), parse_loopback(asked)) else {
            return false;
        };
        known.port.is_none() && known.host == asked.host && known.path == asked.path
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_registered_without_port_matches_every_port() {
        let registered = ["http://127.0.0.1/oauth/callback".to_owned()];
        assert!(is_allowed(
            &registered,
            "http://127.0.0.1:4711/oauth/callback"
        ));
        for bad in [
            "http://127.0.0.1:4711/oauth/callback/",
            "http://127.0.0.1:4711/other",
            "http://localhost:4711/oauth/callback",
            "http://127.0.0.1.example.com/oauth/callback",
            "http://127.0.0.1:99999/oauth/callback",
            "https://127.0.0.1/oauth/callback",
            "http://user@127.0.0.1/oauth/callback",
        ] {
            assert!(!is_allowed(&registered, bad), "{bad}");
        }
    }

    #[test]
    fn a_uri_registered_with_port_matches_exactly() {
        let registered = ["http://[::1]:80/cb".to_owned()];
        assert!(is_allowed(&registered, "http://[::1]:80/cb"));
        assert!(!is_allowed(&registered, "http://[::1]:81/cb"));
        assert!(!is_allowed(&registered, "http://[::1]/cb"));
    }

    #[test]
    fn only_loopback_uris_can_be_registered() {
        assert!(is_registrable("http://localhost:1/x"));
        assert!(!is_registrable("http://example.com/x"));
        assert!(!is_registrable("https://127.0.0.1/x"));
        assert!(!is_registrable("http://127.0.0.1/x#y"));
    }
}
