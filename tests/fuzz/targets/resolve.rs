//! Resolution of a target, a session and network settings from the config files.
//!
//! If a result can be resolved from a part of the files, the whole files give the same result. A
//! resolved session, role or endpoint has safe names and URLs, and no error contains control
//! characters.
//!
//! The input is the text of `~/.aws/config`; after a line `---` that of `~/.aws/credentials`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sso::internals::domain::config::{Dialect, Document, may_contain_key, read, scan};
use sso::internals::domain::session::definition::Session;
use sso::internals::domain::target::config_view::{ConfigExtent, ConfigView};
use sso::internals::domain::target::precedence::{ProfileChoice, ProfileOrigin};
use sso::internals::domain::target::request::Request;
use sso::internals::domain::target::resolve::{self, Resolution, SessionResolution};
use sso::internals::domain::target::{Instance, Target, network, sessions};
use sso::internals::domain::text::is_hostile;
use sso::internals::error::{Error, Result};

fuzz_target!(|data: &[u8]| {
    let separator = data.windows(5).position(|window| window == b"\n---\n");
    let (config_text, credentials_text) = match separator {
        Some(at) => (&data[..at + 1], &data[at + 5..]),
        None => (data, &b""[..]),
    };
    let config = read(config_text, Dialect::Config);
    let credentials = read(credentials_text, Dialect::Credentials);
    let whole = view(&config, &credentials, ConfigExtent::Whole);
    let profiles = config.profiles().chain(credentials.profiles());
    let profile_name = profiles.map(|section| section.name.as_str()).next();
    for name in profile_name.into_iter().chain(["default"]) {
        let part_config = scan(&mut &*config_text, Dialect::Config, Some(name)).unwrap();
        let part_credentials =
            scan(&mut &*credentials_text, Dialect::Credentials, Some(name)).unwrap();
        let part = view(&part_config, &part_credentials, ConfigExtent::Profile);
        let choice = ProfileChoice {
            name: name.to_owned(),
            origin: ProfileOrigin::Option,
        };
        for request in requests(&config) {
            let from_whole = resolve::resolve(&request, Some(&choice), &whole, &vars);
            let from_part = resolve::resolve(&request, Some(&choice), &part, &vars);
            if from_part.is_ok() {
                assert_eq!(from_part, from_whole, "{name:?} {request:?}");
            }
            check_resolution(from_whole);
        }
        let from_whole = resolve::resolve_session(&Request::default(), Some(&choice), &whole);
        let has_legacy = may_contain_key(config_text, Dialect::Config, sessions::START_URL_KEY)
            || may_contain_key(
                credentials_text,
                Dialect::Credentials,
                sessions::START_URL_KEY,
            );
        let instances = (!has_legacy).then_some(ConfigView {
            extent: ConfigExtent::Sessions,
            ..part
        });
        for partial in [Some(part), instances].into_iter().flatten() {
            let from_partial =
                resolve::resolve_session(&Request::default(), Some(&choice), &partial);
            if from_partial.is_ok() {
                assert_eq!(from_partial, from_whole, "{name:?} {:?}", partial.extent);
            }
        }
        let no_profile = (name == network::DEFAULT_PROFILE).then_some(None);
        for profile in [Some(name)].into_iter().chain(no_profile) {
            for session in sessions::all(&whole).into_iter().flatten().take(2) {
                let instance = instance(&session, profile);
                let from_part = network::gather(&instance, &part, &vars);
                if from_part.is_ok() {
                    let from_whole = network::gather(&instance, &whole, &vars);
                    assert_eq!(from_part, from_whole, "{instance:?}");
                }
            }
        }
        match from_whole {
            Ok(SessionResolution::Session(session)) => check_session(&session),
            Ok(SessionResolution::Helper(_)) => {}
            Err(error) => check_error(&error),
        }
    }
    let mut is_first = true;
    for session in sessions::all(&whole) {
        match session {
            Ok(session) => {
                check_session(&session);
                if std::mem::take(&mut is_first) {
                    check_endpoints(&session, profile_name, &whole);
                }
            }
            Err(error) => check_error(&error),
        }
    }
    if let Some(section) = config.sessions().last() {
        let _ = sessions::by_term(&section.name, &whole).map_err(|error| check_error(&error));
    }
});

fn view<'a>(
    config: &'a Document,
    credentials: &'a Document,
    extent: ConfigExtent,
) -> ConfigView<'a> {
    ConfigView {
        config,
        credentials,
        config_path: "config",
        credentials_path: "credentials",
        extent,
    }
}

fn instance(session: &Session, profile: Option<&str>) -> Instance {
    Instance {
        session: session.clone(),
        settings: profile.map(str::to_owned),
    }
}

fn vars(name: &str) -> Option<String> {
    (name == "AWS_REGION").then(|| "us-east-1".to_owned())
}

/// Returns requests that override nothing, the role, and the role and the session.
fn requests(config: &Document) -> [Request; 3] {
    let empty = Request::default();
    let role = Request {
        account: Some("111122223333".to_owned()),
        role: Some("Admin".to_owned()),
        ..Request::default()
    };
    let session = Request {
        session: config.sessions().next().map(|section| section.name.clone()),
        start_url: None,
        ..role.clone()
    };
    [empty, role, session]
}

fn check_resolution(resolution: Result<Resolution>) {
    match resolution {
        Ok(Resolution::Target(target)) => check_target(&target),
        Ok(Resolution::Helper { .. }) => {}
        Err(error) => check_error(&error),
    }
}

/// Checks that the account is a number, and that no prompt or shell would evaluate the display name.
fn check_target(target: &Target) {
    let account = &target.id.account;
    assert!(account.bytes().all(|byte| byte.is_ascii_digit()) && !account.is_empty());
    assert!(!target.id.role.is_empty());
    if let Some(name) = target.display_name() {
        assert!(
            name.bytes()
                .all(|byte| byte.is_ascii_graphic() && !b"$`'\"\\;!(){}".contains(&byte))
        );
    }
    if let Some(session) = &target.session {
        assert_eq!(session.key(), target.id.session);
        check_session(session);
    }
}

/// Checks that the start URL and the region are safe in the URL of a request, and that the sign-in
/// command of a hint can be pasted into a shell.
fn check_session(session: &Session) {
    let url = &session.start_url;
    assert!(url.to_ascii_lowercase().starts_with("http"), "{url:?}");
    // The fragment is never sent to a server.
    let sent = url.split('#').next().unwrap();
    assert!(!url.contains(is_hostile) && !sent.contains(' '), "{url:?}");
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    assert!(!session.region.is_empty() && session.region.bytes().all(is_allowed));
    let command = sso::internals::cli::hints::login_command(&session.selector());
    let words = shlex::split(&command).expect("a valid command line");
    assert_eq!(words[..2], ["sso", "login"]);
}

/// Checks that a configured endpoint is an HTTP URL or an error.
fn check_endpoints(session: &Session, profile: Option<&str>, view: &ConfigView) {
    for profile in [profile, None] {
        match network::gather(&instance(session, profile), view, &vars) {
            Ok(network) => {
                for endpoint in [&network.sso, &network.oidc] {
                    match endpoint.safe_url() {
                        Ok(Some(url)) => assert!(url.to_ascii_lowercase().starts_with("http")),
                        Ok(None) => {}
                        Err(error) => check_error(&error),
                    }
                }
            }
            Err(error) => check_error(&error),
        }
    }
}

/// Checks that the message has no control characters, which a terminal would obey.
fn check_error(error: &Error) {
    let text = error.to_string();
    assert!(!text.replace('\n', " ").contains(is_hostile), "{text:?}");
}
