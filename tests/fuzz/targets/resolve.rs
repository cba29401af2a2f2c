//! From a configuration to a target: what a part of the files gives, all of them must give
//! as well; nothing unfit to be shown or to be connected to comes out.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sso::internals::domain::config::{Dialect, Document, may_contain_key, read, scan};
use sso::internals::domain::session::definition::Session;
use sso::internals::domain::target::config_view::{ConfigView, Extent};
use sso::internals::domain::target::instance::Instance;
use sso::internals::domain::target::precedence::{ProfileChoice, ProfileOrigin};
use sso::internals::domain::target::request::Request;
use sso::internals::domain::target::resolve::{self, Resolution, SessionResolution};
use sso::internals::domain::target::sso_role::SsoRole;
use sso::internals::domain::target::{Target, network, sessions};
use sso::internals::domain::text::is_hostile;
use sso::internals::error::{Error, Result};

fuzz_target!(|data: &[u8]| {
    // A line of dashes may part the two files.
    let parting = data.windows(5).position(|window| window == b"\n---\n");
    let (config_text, credentials_text) = match parting {
        Some(at) => (&data[..at + 1], &data[at + 5..]),
        None => (data, &b""[..]),
    };
    let config = read(config_text, Dialect::Config);
    let credentials = read(credentials_text, Dialect::Credentials);
    let whole = view(&config, &credentials, Extent::Whole);
    let named = config.profiles().chain(credentials.profiles());
    let names: Vec<&str> = named.map(|section| section.name.as_str()).take(1).collect();
    for name in names.iter().copied().chain(["default"]) {
        let part_config = scan(&mut &*config_text, Dialect::Config, Some(name)).unwrap();
        let part_credentials =
            scan(&mut &*credentials_text, Dialect::Credentials, Some(name)).unwrap();
        let part = view(&part_config, &part_credentials, Extent::Part);
        let choice = ProfileChoice {
            name: name.to_owned(),
            origin: ProfileOrigin::Option,
        };
        for request in requests(&config) {
            let by_whole = resolve::resolve(&request, Some(&choice), &whole, &vars);
            let by_part = resolve::resolve(&request, Some(&choice), &part, &vars);
            if by_part.is_ok() {
                assert_eq!(by_part, by_whole, "{name:?} {request:?}");
            }
            judge(by_whole);
        }
        let by_whole = resolve::session(&Request::default(), Some(&choice), &whole);
        let legacy = may_contain_key(config_text, Dialect::Config, sessions::OF_LEGACY)
            || may_contain_key(credentials_text, Dialect::Credentials, sessions::OF_LEGACY);
        let instances = (!legacy).then_some(ConfigView {
            extent: Extent::Instances,
            ..part
        });
        for less in [Some(part), instances].into_iter().flatten() {
            let by_less = resolve::session(&Request::default(), Some(&choice), &less);
            if by_less.is_ok() {
                assert_eq!(by_less, by_whole, "{name:?} {:?}", less.extent);
            }
        }
        let unchosen = (name == network::UNCHOSEN).then_some(None);
        for profile in [Some(name)].into_iter().chain(unchosen) {
            for session in sessions::all(&whole).into_iter().flatten().take(2) {
                let instance = instance(&session, profile);
                let by_part = network::gather(&instance, &part, &vars);
                if by_part.is_ok() {
                    let by_whole = network::gather(&instance, &whole, &vars);
                    assert_eq!(by_part, by_whole, "{instance:?}");
                }
            }
        }
        match by_whole {
            Ok(SessionResolution::Session(session)) => sound(&session),
            Ok(SessionResolution::Helper(_)) => {}
            Err(error) => fit(&error),
        }
    }
    let mut reached = false;
    for session in sessions::all(&whole) {
        match session {
            Ok(session) => {
                sound(&session);
                if !std::mem::replace(&mut reached, true) {
                    reachable(&session, names.first().copied(), &whole);
                }
            }
            Err(error) => fit(&error),
        }
    }
    if let Some(section) = config.sessions().last() {
        let _ = sessions::by_word(&section.name, &whole).map_err(|error| fit(&error));
    }
});

fn view<'a>(config: &'a Document, credentials: &'a Document, extent: Extent) -> ConfigView<'a> {
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

/// What users ask for: nothing more, another role, another session.
fn requests(config: &Document) -> [Request; 3] {
    let plain = Request::default();
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
    [plain, role, session]
}

fn judge(resolution: Result<Resolution>) {
    match resolution {
        Ok(Resolution::Target(Target::SsoRole(role))) => role_is_sound(&role),
        Ok(Resolution::Helper { .. }) => {}
        Err(error) => fit(&error),
    }
}

fn role_is_sound(role: &SsoRole) {
    let account = &role.id.account;
    assert!(account.bytes().all(|byte| byte.is_ascii_digit()) && !account.is_empty());
    assert!(!role.id.role.is_empty());
    if let Some(name) = role.display_name() {
        assert!(
            name.bytes()
                .all(|byte| byte.is_ascii_graphic() && !b"$`'\"\\;!(){}".contains(&byte))
        );
    }
    if let Some(session) = &role.session {
        assert_eq!(session.key(), role.id.session);
        sound(session);
    }
}

/// The session's address and region can stand in the address of a request.
fn sound(session: &Session) {
    let url = &session.start_url;
    assert!(url.to_ascii_lowercase().starts_with("http"), "{url:?}");
    // What follows a `#` is never asked of a server.
    let asked = url.split('#').next().unwrap();
    assert!(!url.contains(is_hostile) && !asked.contains(' '), "{url:?}");
    let region = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    assert!(!session.region.is_empty() && session.region.bytes().all(region));
    let words = shlex::split(&sso::internals::cli::hints::login_command(
        &session.selector(),
    ))
    .expect("a command line");
    assert_eq!(words[..2], ["sso", "login"]);
}

/// What was set for the network is safe, or an error.
fn reachable(session: &Session, profile: Option<&str>, view: &ConfigView) {
    for profile in [profile, None] {
        match network::gather(&instance(session, profile), view, &vars) {
            Ok(network) => {
                for endpoint in [&network.sso, &network.oidc] {
                    match endpoint.safe_url() {
                        Ok(Some(url)) => assert!(url.to_ascii_lowercase().starts_with("http")),
                        Ok(None) => {}
                        Err(error) => fit(&error),
                    }
                }
            }
            Err(error) => fit(&error),
        }
    }
}

/// Nothing in it that a terminal would obey.
fn fit(error: &Error) {
    let text = error.to_string();
    assert!(!text.replace('\n', " ").contains(is_hostile), "{text:?}");
}
