//! Protocol rules of the two sign-in flows. The steps are in `flow::login`.
//!
//! Sources: RFC 6749 and RFC 7636 for the authorization code, RFC 8252 for the loopback redirect,
//! RFC 8628 for the device flow.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::domain::hash::{hex, sha256};
use crate::domain::net::failure::FailureKind;
use crate::domain::secret::Secret;
use crate::domain::text::sanitize;

/// Path of the redirect URI. The URI is registered without a port; the port of the listener is
/// added for each request (RFC 8252 §7.3).
pub const CALLBACK_PATH: &str = "/oauth/callback";

/// Redirect URI as it is registered.
pub const REGISTERED_REDIRECT: &str = "http://127.0.0.1/oauth/callback";

/// Random bytes of a code verifier, which become 64 characters.
pub const VERIFIER_BYTES: usize = 48;

/// Returns the code verifier (RFC 7636 §4.1).
pub fn verifier(random: &[u8; VERIFIER_BYTES]) -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(random))
}

/// Returns the code challenge by method S256 (RFC 7636 §4.2).
pub fn challenge(verifier: &Secret) -> String {
    URL_SAFE_NO_PAD.encode(sha256(&[verifier.expose().as_bytes()]))
}

/// Returns a random state formatted as a version 4 UUID, as in AWS CLI v2.
pub fn state(mut random: [u8; 16]) -> String {
    random[6] = random[6] & 0x0f | 0x40;
    random[8] = random[8] & 0x3f | 0x80;
    let groups = [0..4, 4..6, 6..8, 8..10, 10..16];
    groups.map(|group| hex(&random[group])).join("-")
}

/// Returns the redirect URI with the listener's port.
pub fn redirect_uri(port: u16) -> String {
    format!("http://127.0.0.1:{port}{CALLBACK_PATH}")
}

/// Characters to encode: all but the unreserved ones of RFC 3986.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Returns the URL of the authorization page. The scopes are in the parameter `scopes`, not `scope`
/// as in RFC 6749, because AWS CLI v2 sends them there.
pub fn authorize_url(
    oidc_endpoint: &str,
    client_id: &str,
    redirect_uri: &str,
    state: &str,
    challenge: &str,
    scopes: &[String],
) -> String {
    let enc = |text: &str| utf8_percent_encode(text, QUERY).to_string();
    format!(
        "{}/authorize?response_type=code&client_id={}&redirect_uri={}&state={}&code_challenge_method=S256&scopes={}&code_challenge={}",
        oidc_endpoint.trim_end_matches('/'),
        enc(client_id),
        enc(redirect_uri),
        enc(state),
        enc(&scopes.join(" ")),
        enc(challenge),
    )
}

/// Meaning of a request to the listener or of a pasted URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Callback {
    /// Authorization code of this sign-in.
    Code(Secret),
    /// This sign-in was denied, with the error text.
    Denied(String),
    /// Another `state`: a response to another sign-in, or an attack. The real one may follow.
    WrongState,
    /// Another path, such as the `/favicon.ico` that browsers request.
    NotOurs,
}

/// Classifies a request target (`/path?query`) or a whole URL. Codes and errors count only with the
/// `state` of this sign-in; the listener ignores anything else.
pub fn parse_callback(target: &str, state: &str) -> Callback {
    let target = target.split('#').next().unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let path = match path.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => path,
    };
    if path != CALLBACK_PATH {
        return Callback::NotOurs;
    }
    let get = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(key, _)| *key == name)?;
        let value = value.replace('+', " ");
        let text = percent_decode_str(&value).decode_utf8().ok()?;
        Some(text.into_owned())
    };
    if !get("state").is_some_and(|given| same(given.as_bytes(), state.as_bytes())) {
        return Callback::WrongState;
    }
    if let Some(code) = get("code").filter(|code| !code.is_empty()) {
        return Callback::Code(Secret::new(code));
    }
    match get("error_description").or_else(|| get("error")) {
        Some(error) => Callback::Denied(sanitize(&error)),
        None => Callback::WrongState,
    }
}

/// Compares in constant time for equal lengths.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |diff, (x, y)| diff | (x ^ y)) == 0
}

/// Polling schedule of RFC 8628 §3.5, in seconds since the flow began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DevicePoll {
    interval: u64,
    ends_at: u64,
}

/// Next step after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PollStep {
    /// Wait this many seconds, then try again.
    Wait(u64),
    /// Stop: the device code has expired.
    Expired,
    /// Stop: retrying does not help.
    Fail,
}

impl DevicePoll {
    /// Starts with the server's values. The interval defaults to 5 seconds, the lifetime to its
    /// maximum `most`.
    pub fn new(interval: i64, expires_in: i64, most: u64) -> DevicePoll {
        let positive = |seconds: i64| u64::try_from(seconds).ok().filter(|seconds| *seconds > 0);
        DevicePoll {
            interval: positive(interval).unwrap_or(5),
            ends_at: positive(expires_in).unwrap_or(most).min(most),
        }
    }

    /// Decides on the next step after a failed attempt.
    pub fn after(&mut self, failure: FailureKind, elapsed: u64) -> PollStep {
        match failure {
            FailureKind::AuthorizationPending => {}
            FailureKind::SlowDown => self.interval = self.interval.saturating_add(5),
            // RFC 8628 §3.5: "On encountering a connection timeout, clients MUST unilaterally
            // reduce their polling frequency". Doubles the interval up to 60 seconds.
            FailureKind::Timeout
            | FailureKind::Network
            | FailureKind::Server
            | FailureKind::Throttled => {
                self.interval = (self.interval * 2).min(60).max(self.interval);
            }
            FailureKind::ExpiredToken => return PollStep::Expired,
            _ => return PollStep::Fail,
        }
        if elapsed.saturating_add(self.interval) >= self.ends_at {
            return PollStep::Expired;
        }
        PollStep::Wait(self.interval)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_rfc_7636_appendix_b() {
        let example = Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(
            challenge(&example),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
        assert_eq!(verifier(&[0xff; VERIFIER_BYTES]).expose().len(), 64);
    }

    #[test]
    fn the_state_is_a_version_4_uuid() {
        assert_eq!(state([0xff; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    #[test]
    fn the_authorize_address_is_the_clis() {
        let endpoint = "https://oidc.eu-west-1.amazonaws.com/";
        let scopes = ["sso:account:access".to_owned(), "b".to_owned()];
        assert_eq!(
            authorize_url(endpoint, "id&x", &redirect_uri(8080), "s", "c", &scopes),
            "https://oidc.eu-west-1.amazonaws.com/authorize?response_type=code&client_id=id%26x&redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Foauth%2Fcallback&state=s&code_challenge_method=S256&scopes=sso%3Aaccount%3Aaccess%20b&code_challenge=c"
        );
    }

    #[test]
    fn only_our_state_counts() {
        let code = |text: &str| Callback::Code(Secret::new(text));
        let url = "http://127.0.0.1:5/oauth/callback?state=s&code=c#x";
        let other_error = "/oauth/callback?error=access_denied&state=t";
        let error = "/oauth/callback?error=access_denied&error_description=no+%1b&state=s";
        for (target, expected) in [
            ("/oauth/callback?code=a%2Fb&state=s", code("a/b")),
            (url, code("c")),
            ("/oauth/callback?code=a&state=t", Callback::WrongState),
            (other_error, Callback::WrongState),
            ("/oauth/callback?code=a", Callback::WrongState),
            ("/oauth/callback?state=s", Callback::WrongState),
            ("/favicon.ico", Callback::NotOurs),
            ("/oauth/callback/x?code=a&state=s", Callback::NotOurs),
            (error, Callback::Denied("no \u{fffd}".into())),
        ] {
            assert_eq!(parse_callback(target, "s"), expected, "{target}");
        }
    }

    #[test]
    fn slow_down_lengthens_the_interval_for_good() {
        let mut poll = DevicePoll::new(0, 600, 600);
        for (failure, elapsed, expected) in [
            (FailureKind::AuthorizationPending, 0, PollStep::Wait(5)),
            (FailureKind::SlowDown, 5, PollStep::Wait(10)),
            (FailureKind::AuthorizationPending, 20, PollStep::Wait(10)),
            (FailureKind::SlowDown, 30, PollStep::Wait(15)),
            (FailureKind::Timeout, 40, PollStep::Wait(30)),
            (FailureKind::AccessDenied, 40, PollStep::Fail),
            (FailureKind::ExpiredToken, 40, PollStep::Expired),
            (FailureKind::AuthorizationPending, 570, PollStep::Expired),
        ] {
            assert_eq!(
                poll.after(failure, elapsed),
                expected,
                "{failure:?} at {elapsed}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn no_answer_panics(target in ".*", interval: i64, expires: i64) {
            let _ = parse_callback(&target, "s");
            let _ = DevicePoll::new(interval, expires, 600).after(FailureKind::SlowDown, 1);
        }
    }
}
