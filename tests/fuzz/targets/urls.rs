//! The addresses of a sign-in and of the services: the redirect that a browser or a person
//! hands us, and which hosts may receive a token.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sso::internals::domain::net::endpoint::{ConfiguredEndpoint, Endpoint, is_aws_endpoint};
use sso::internals::domain::net::url::HttpUrl;
use sso::internals::domain::net::proxy::Proxies;
use sso::internals::domain::role::console::{Sign, duration, in_container, portal_link};
use sso::internals::domain::session::definition::same_start_url;
use sso::internals::domain::session::oauth::{self, Callback};
use sso::internals::domain::session::start_url;
use sso::internals::domain::text::{is_hostile, sanitize};

const STATE: &str = "01234567-89ab-4cde-8f01-23456789abcd";

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    redirect(&text);
    authorize(&text);
    host(&text);
    portal(&text);
    proxy(&text);
    console(&text);
    let shown = sanitize(&text);
    assert!(!shown.contains(is_hostile) && shown.chars().count() <= 201);
    if let Some((a, b)) = text.split_once('\n') {
        assert_eq!(same_start_url(a, b), same_start_url(b, a));
    }
});

/// A code counts only with our state; whatever is encoded comes back as it was.
fn redirect(text: &str) {
    match oauth::judge(text, STATE) {
        Callback::Code(code) => {
            assert!(!code.expose().is_empty());
            assert!(
                text.contains("state=") && text.contains(oauth::CALLBACK_PATH),
                "{text:?}"
            );
        }
        Callback::Denied(why) => {
            assert!(!why.contains(is_hostile));
            assert!(text.contains("state="), "{text:?}");
        }
        Callback::WrongState | Callback::NotOurs => {}
    }
    let encoded = encoded(text);
    let right = format!("{}?code={encoded}&state={STATE}", oauth::redirect_uri(1234));
    match oauth::judge(&right, STATE) {
        Callback::Code(code) => assert_eq!(code.expose(), text),
        Callback::WrongState => assert!(text.is_empty()),
        other => panic!("{other:?}"),
    }
    if text != STATE {
        let wrong = format!("{}?code=c&state={encoded}", oauth::CALLBACK_PATH);
        assert_eq!(oauth::judge(&wrong, STATE), Callback::WrongState);
    }
}

/// Wherever somebody wants to go, it is in the console; and no name changes the rest of a link.
fn console(text: &str) {
    let Ok(sign) = Sign::of("eu-west-1") else {
        panic!("it is a region")
    };
    if let Ok(page) = sign.destination(text) {
        let by_path = page.starts_with("https://eu-west-1.console.aws.amazon.com/");
        let address = HttpUrl::parse(&page).filter(HttpUrl::is_https);
        let by_host = address.is_some_and(|address| {
            address.host().ends_with("console.aws.amazon.com")
                || !address.host().ends_with(".amazon.com")
        });
        assert!(by_path || by_host, "{text:?} {page:?}");
        assert!(!page.contains(|c: char| c.is_control() || c.is_whitespace()));
    }
    if let Ok(sign) = Sign::of(text) {
        let address = HttpUrl::parse(&sign.federation()).expect("an address");
        assert!(
            address.host().starts_with(&format!("{text}.signin.")),
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

/// Every byte by its number.
fn encoded(text: &str) -> String {
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value)]);
    let bytes = text.bytes();
    bytes
        .flat_map(|byte| ['%', digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// Nothing in a client id or a scope changes the rest of the address.
fn authorize(text: &str) {
    // Nine letters for a byte that is no text, twice; and no reader takes an address of more
    // than 65,534.
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
        HttpUrl::parse(&url).is_some_and(|address| address.is_safe()),
        "{url}"
    );
    assert_eq!(url.matches('&').count(), 6, "{url}");
    assert!(
        !url.contains([' ', '#', '"', '\'', '<', '>', '\\', '\n']),
        "{url}"
    );
}

/// A company's start URL leads to AWS or nowhere.
fn portal(text: &str) {
    let (url, location) = text.split_once('\n').unwrap_or((text, text));
    for status in [200, 302, 405] {
        let step = start_url::follow_response(url, false, status, Some(location));
        let start_url::RedirectStep::Redirected(address) = step else {
            continue;
        };
        let Some(portal) = start_url::parse_portal(&address) else {
            continue;
        };
        assert!(start_url::is_aws_portal(&portal.url), "{portal:?}");
        let rest = portal.url.strip_prefix("https://").expect("https");
        let authority = rest.split('/').next().unwrap();
        assert!(!authority.contains(['@', '?', '#', '[']), "{portal:?}");
    }
}

/// A password of a proxy is in no message, however broken its address is.
fn proxy(text: &str) {
    const PASSWORD: &str = "SECRET-OF-PROXY";
    let value = format!("http://user:{PASSWORD}@{text}");
    let proxies = Proxies::of(&|name| (name == "https_proxy").then(|| value.clone()));
    match proxies.on_the_way_to("portal.sso.eu-west-1.amazonaws.com") {
        Ok(Some(proxy)) => {
            assert!(proxy.has_user && !format!("{proxy:?}").contains(PASSWORD));
            assert!(!proxy.place.contains(is_hostile), "{proxy:?}");
        }
        Ok(None) => {}
        Err(error) => {
            let error = error.to_string();
            assert!(!error.contains(PASSWORD), "{error}");
            assert!(!error.replace('\n', " ").contains(is_hostile), "{error:?}");
        }
    }
}

/// The host of an address that may receive a token, found in the plainest way there is.
fn host(text: &str) {
    let endpoint = Endpoint::Configured(ConfiguredEndpoint {
        url: text.to_owned(),
        set_by: "X".to_owned(),
    });
    let address = HttpUrl::parse(text);
    match endpoint.safe_url() {
        Ok(url) => assert_eq!(url, Some(text)),
        Err(error) => {
            let error = error.to_string();
            assert!(!error.replace('\n', " ").contains(is_hostile), "{error:?}");
            assert!(address.is_none_or(|address| !address.is_safe()) && !is_aws_endpoint(text));
            return;
        }
    }
    let (scheme, rest) = text.split_once("://").expect("a scheme");
    let authority = rest.split(['/', '?', '#']).next().unwrap();
    assert!(!authority.contains(['@', '\\', ' ']), "{text:?}");
    let name = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap(),
        None => authority.split(':').next().unwrap(),
    };
    let address = address.expect("an address");
    assert!(address.host().eq_ignore_ascii_case(name), "{text:?}");
    if !scheme.eq_ignore_ascii_case("https") {
        let here =
            name.eq_ignore_ascii_case("localhost") || name == "::1" || name.starts_with("127.");
        assert!(
            here || name
                .parse::<std::net::IpAddr>()
                .is_ok_and(|ip| ip.is_loopback()),
            "{text:?}"
        );
    }
    if is_aws_endpoint(text) {
        let ends = [
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
            ends.iter().any(|end| name.ends_with(end)) && authority.trim_end_matches(':') == name,
            "{text:?}"
        );
    }
}
