//! Redirect URIs: which may be registered, and which registered one a request means.
//!
//! RFC 8252 §7.3: the port of a loopback redirect is chosen when it is used, so one that
//! was registered without a port fits every port. Nothing else is flexible.

/// `http://HOST[:PORT]/PATH` of a loopback redirect, taken apart.
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

/// Public clients may register loopback addresses only.
pub(crate) fn is_registrable(uri: &str) -> bool {
    parse_loopback(uri).is_some()
}

/// Whether `asked` is allowed by what was registered.
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
    fn a_registration_without_port_fits_every_port() {
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
    fn a_registration_with_port_is_exact() {
        let registered = ["http://[::1]:80/cb".to_owned()];
        assert!(is_allowed(&registered, "http://[::1]:80/cb"));
        assert!(!is_allowed(&registered, "http://[::1]:81/cb"));
        assert!(!is_allowed(&registered, "http://[::1]/cb"));
    }

    #[test]
    fn only_loopback_can_be_registered() {
        assert!(is_registrable("http://localhost:1/x"));
        assert!(!is_registrable("http://example.com/x"));
        assert!(!is_registrable("https://127.0.0.1/x"));
        assert!(!is_registrable("http://127.0.0.1/x#y"));
    }
}
