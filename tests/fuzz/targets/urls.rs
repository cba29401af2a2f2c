//! URLs of a sign-in, of the services, of the console and of a proxy.
//!
//! The input is the text of a URL or of a part of one; after a line break a second text follows,
//! where one is used. Each function below states its invariants. For any text, `sanitize` returns
//! no control character and at most 201 characters, and `same_start_url` is symmetric.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sso::internals::domain::net::endpoint::{ConfiguredEndpoint, Endpoint, is_aws_endpoint};
use sso::internals::domain::net::proxy::Proxies;
use sso::internals::domain::net::url::HttpUrl;
use sso::internals::domain::role::console::{
    ConsoleEndpoints, duration, in_container, portal_link,
};
use sso::internals::domain::session::definition::same_start_url;
use sso::internals::domain::session::oauth::{self, Callback};
use sso::internals::domain::session::start_url;
use sso::internals::domain::text::{is_hostile, sanitize};

const STATE: &str = "01234567-89ab-4cde-8f01-23456789abcd";

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    check_redirect(&text);
    check_authorize_url(&text);
    check_endpoint(&text);
    check_access_portal(&text);
    check_proxy(&text);
    check_console(&text);
    let sanitized = sanitize(&text);
    assert!(!sanitized.contains(is_hostile) && sanitized.chars().count() <= 201);
    if let Some((a, b)) = text.split_once('\n') {
        assert_eq!(same_start_url(a, b), same_start_url(b, a));
    }
});

/// A redirect yields a code or an error only with the state of this sign-in, and a
/// percent-encoded code is decoded to the same text.
fn check_redirect(text: &str) {
    match oauth::parse_callback(text, STATE) {
        Callback::Code(code) => {
            assert!(!code.expose().is_empty());
            assert!(
                text.contains("state=") && text.contains(oauth::CALLBACK_PATH),
                "{text:?}"
            );
        }
        Callback::Denied(reason) => {
            assert!(!reason.contains(is_hostile));
            assert!(text.contains("state="), "{text:?}");
        }
        Callback::WrongState | Callback::NotOurs => {}
    }
    let encoded = percent_encode(text);
    let right_state = format!("{}?code={encoded}&state={STATE}", oauth::redirect_uri(1234));
    match oauth::parse_callback(&right_state, STATE) {
        Callback::Code(code) => assert_eq!(code.expose(), text),
        Callback::WrongState => assert!(text.is_empty()),
        other => panic!("{other:?}"),
    }
    if text != STATE {
        let wrong_state = format!("{}?code=c&state={encoded}", oauth::CALLBACK_PATH);
        assert_eq!(
            oauth::parse_callback(&wrong_state, STATE),
            Callback::WrongState
        );
    }
}

/// Every accepted destination is a URL of the console, and no account, role or container name
/// changes the rest of a link. The sign-in host starts with the region, and an accepted duration is
/// 15 to 720 minutes.
fn check_console(text: &str) {
    let Ok(sign) = ConsoleEndpoints::of("eu-west-1") else {
        panic!("eu-west-1 is a region")
    };
    if let Ok(destination) = sign.destination(text) {
        let is_console_page = destination.starts_with("https://eu-west-1.console.aws.amazon.com/");
        let url = HttpUrl::parse(&destination).filter(HttpUrl::is_https);
        let has_console_host = url.is_some_and(|url| {
            url.host().ends_with("console.aws.amazon.com") || !url.host().ends_with(".amazon.com")
        });
        assert!(
            is_console_page || has_console_host,
            "{text:?} {destination:?}"
        );
        assert!(!destination.contains(|c: char| c.is_control() || c.is_whitespace()));
    }
    if let Ok(sign) = ConsoleEndpoints::of(text) {
        let url = HttpUrl::parse(&sign.federation()).expect("a valid URL");
        assert!(
            url.host().starts_with(&format!("{text}.signin.")),
            "{text:?}"
        );
    }
    let link = portal_link("https://corp.awsapps.com/start", text, text, Some(text));
    assert_eq!(link.matches(['#', '&', '?']).count(), 4, "{link}");
    assert!(
        in_container(text, text)
            .bytes()
            .all(|byte| byte.is_ascii_graphic())
    );
    if let Ok(minutes) = duration(text) {
        assert!((15..=720).contains(&minutes), "{text:?}");
    }
}

/// Percent-encodes every byte.
fn percent_encode(text: &str) -> String {
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value)]);
    let bytes = text.bytes();
    bytes
        .flat_map(|byte| ['%', digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// No client id and no scope changes the rest of the authorization URL.
fn check_authorize_url(text: &str) {
    // A byte that is not UTF-8 becomes nine characters, and the text occurs twice; a URL of more
    // than 65,534 characters cannot be parsed.
    if text.len() > 3000 {
        return;
    }
    let scopes = [text.to_owned()];
    let url = oauth::authorize_url(
        "https://oidc.x",
        text,
        "http://127.0.0.1",
        STATE,
        "c",
        &scopes,
    );
    assert!(
        HttpUrl::parse(&url).is_some_and(|url| url.is_safe()),
        "{url}"
    );
    assert_eq!(url.matches('&').count(), 6, "{url}");
    assert!(
        !url.contains([' ', '#', '"', '\'', '<', '>', '\\', '\n']),
        "{url}"
    );
}

/// The redirects of a company's own start URL lead to an AWS access portal or are rejected.
fn check_access_portal(text: &str) {
    let (url, location) = text.split_once('\n').unwrap_or((text, text));
    for status in [200, 302, 405] {
        let step = start_url::follow_response(url, false, status, Some(location));
        let start_url::RedirectStep::Redirected(target) = step else {
            continue;
        };
        let Some(portal) = start_url::parse_portal(&target) else {
            continue;
        };
        assert!(start_url::is_aws_portal(&portal.url), "{portal:?}");
        let rest = portal.url.strip_prefix("https://").expect("https");
        let authority = rest.split('/').next().unwrap();
        assert!(!authority.contains(['@', '?', '#', '[']), "{portal:?}");
    }
}

/// No message contains the password of a proxy, however malformed its URL is.
fn check_proxy(text: &str) {
    const PASSWORD: &str = "SECRET-OF-PROXY";
    let value = format!("http://user:{PASSWORD}@{text}");
    let proxies = Proxies::from_vars(&|name| (name == "https_proxy").then(|| value.clone()));
    match proxies.proxy_for("portal.sso.eu-west-1.amazonaws.com") {
        Ok(Some(proxy)) => {
            assert!(proxy.has_user && !format!("{proxy:?}").contains(PASSWORD));
            assert!(!proxy.authority.contains(is_hostile), "{proxy:?}");
        }
        Ok(None) => {}
        Err(error) => {
            let error = error.to_string();
            assert!(!error.contains(PASSWORD), "{error}");
            assert!(!error.replace('\n', " ").contains(is_hostile), "{error:?}");
        }
    }
}

/// An endpoint that may receive a token has the host that a simple parser finds, and uses HTTPS or
/// is on this computer.
fn check_endpoint(text: &str) {
    let endpoint = Endpoint::Configured(ConfiguredEndpoint {
        url: text.to_owned(),
        set_by: "X".to_owned(),
    });
    let parsed = HttpUrl::parse(text);
    match endpoint.safe_url() {
        Ok(url) => assert_eq!(url, Some(text)),
        Err(error) => {
            let error = error.to_string();
            assert!(!error.replace('\n', " ").contains(is_hostile), "{error:?}");
            assert!(parsed.is_none_or(|url| !url.is_safe()) && !is_aws_endpoint(text));
            return;
        }
    }
    let (scheme, rest) = text.split_once("://").expect("a scheme");
    let authority = rest.split(['/', '?', '#']).next().unwrap();
    assert!(!authority.contains(['@', '\\', ' ']), "{text:?}");
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap(),
        None => authority.split(':').next().unwrap(),
    };
    let parsed = parsed.expect("a valid URL");
    assert!(parsed.host().eq_ignore_ascii_case(host), "{text:?}");
    if !scheme.eq_ignore_ascii_case("https") {
        let is_local =
            host.eq_ignore_ascii_case("localhost") || host == "::1" || host.starts_with("127.");
        assert!(
            is_local
                || host
                    .parse::<std::net::IpAddr>()
                    .is_ok_and(|ip| ip.is_loopback()),
            "{text:?}"
        );
    }
    if is_aws_endpoint(text) {
        let suffixes = [
            ".amazonaws.com",
            ".amazonaws.com.cn",
            ".amazonaws.eu",
            ".aws",
            ".eu",
            ".gov",
            ".cn",
            ".uk",
            ".scloud",
        ];
        assert!(
            suffixes.iter().any(|suffix| host.ends_with(suffix))
                && authority.trim_end_matches(':') == host,
            "{text:?}"
        );
    }
}
