//! Proxies that are dead, that hang, that want a password or say something of their own, and
//! variables that name none.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use emulator::{Action, Fault, Options};

use super::{
    FETCHING, OIDC, PORTAL, authority, company, company_with, keeps_its_session, outside, proxied,
    tunnels,
};
use crate::fixture::parallel::timed;
use crate::fixture::{CLOSED_URL, Outcome, Sandbox};

/// A sandbox that is signed in, with a token that must be refreshed or need not.
fn signed_in(expires_in: i64) -> Sandbox {
    let sandbox = company(&[OIDC, PORTAL]);
    sandbox.store_token(expires_in);
    sandbox
}

/// Runs what needs the network in every way that there is: a fetch, a refresh and a sign-in.
fn every_way(variable: &str, proxy: &str, judge: impl Fn(Outcome, &Sandbox)) {
    for (expires_in, arguments) in [
        (3600, FETCHING.as_slice()),
        (-60, &FETCHING),
        (-60, &["login"]),
        (-60, &["login", "--device-code"]),
        (3600, &["login", "--force"]),
    ] {
        let sandbox = signed_in(expires_in);
        keeps_its_session(&sandbox, || {
            let run = outside(&sandbox, arguments).env("AWS_CA_BUNDLE", authority(&sandbox));
            judge(
                run.env(variable, proxy).env("BROWSER", "true").run(),
                &sandbox,
            );
        });
    }
}

#[test]
fn a_dead_proxy_is_named_and_not_the_service() {
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        every_way(variable, CLOSED_URL, |outcome, _| {
            let outcome = outcome.expect(1).stderr_contains(&format!(
                "error: the proxy does not reach the service: 127.0.0.1:1, set by {variable}: Connection refused"
            ));
            outcome.stderr_contains("\nhint: correct or unset the variable; NO_PROXY");
        });
    }
    every_way("HTTPS_PROXY", "http://proxy.invalid:3128", |outcome, _| {
        outcome.expect(1).stderr_contains(
            "the proxy does not reach the service: proxy.invalid:3128, set by HTTPS_PROXY: ",
        );
    });
}

#[test]
fn a_sign_out_behind_a_dead_proxy_says_what_stands_in_the_way() {
    let sandbox = signed_in(3600);
    let run = outside(&sandbox, &["logout"]).env("HTTPS_PROXY", CLOSED_URL);
    run.run().stderr_contains("127.0.0.1:1, set by HTTPS_PROXY");
    assert!(!sandbox.token_path("corp").exists());
}

#[test]
fn a_proxy_that_closes_or_refuses_is_named() {
    let page = |status| Action::Reply {
        status,
        headers: vec![("Content-Type".to_owned(), "text/html".to_owned())],
        body: "<html><body>Blocked by policy</body></html>".to_owned(),
    };
    for (action, words) in [
        (Action::Close { reset: false }, "closes the connection"),
        (Action::Close { reset: true }, "reset"),
        (page(403), "makes no connection to portal.sso.eu-west-1"),
        (page(502), "makes no connection to portal.sso.eu-west-1"),
        (
            Action::Redirect {
                status: 302,
                location: "https://portal.example/".to_owned(),
            },
            "makes no connection to portal.sso.eu-west-1",
        ),
    ] {
        let sandbox = signed_in(3600);
        sandbox
            .server()
            .fault(Fault::on_operation("Connect", action));
        keeps_its_session(&sandbox, || {
            let outcome = proxied(&sandbox, &FETCHING).run().expect(1);
            outcome
                .stderr_contains("error: the proxy does not reach the service: 127.0.0.1:")
                .stderr_contains("set by HTTPS_PROXY")
                .stderr_contains(words);
        });
        assert_eq!(sandbox.server().count("GetRoleCredentials"), 0);
    }
}

#[test]
fn a_page_in_place_of_a_tunnel_is_no_service() {
    let sandbox = signed_in(-60);
    sandbox
        .server()
        .fault(Fault::on_operation("Connect", Action::CaptivePortal));
    keeps_its_session(&sandbox, || {
        for arguments in [FETCHING.as_slice(), &["login", "--force"]] {
            let run = proxied(&sandbox, arguments).env("BROWSER", "true");
            let outcome = run.run().expect(1);
            outcome
                .stderr_contains(OIDC)
                .stderr_contains("through the proxy 127.0.0.1:");
        }
    });
}

#[test]
fn a_failing_tunnel_is_tried_again() {
    let sandbox = signed_in(3600);
    let fault = Fault::on_operation("Connect", Action::Close { reset: false });
    sandbox.server().fault(fault.times(2));
    proxied(&sandbox, &FETCHING).run().expect(0);
    assert_eq!(sandbox.server().count("Connect"), 3);
}

/// The proxy's password, as it is and as it stands in an address.
const PASSWORD: &str = "p@ss:w/rd#1%";
const ENCODED: &str = "p%40ss%3Aw%2Frd%231%25";

fn guarded() -> Sandbox {
    let sandbox = company_with(Options {
        tls_names: vec![OIDC.to_owned(), PORTAL.to_owned()],
        proxy_login: format!("jo@corp:{PASSWORD}"),
        ..Options::default()
    });
    sandbox.store_token(-60);
    sandbox
}

fn with_login(sandbox: &Sandbox, login: &str) -> String {
    sandbox
        .emulator()
        .url()
        .replace("://", &format!("://{login}@"))
}

/// Fails when any piece of the password is in the text.
#[track_caller]
fn shows_no_password(text: &str) {
    for piece in [
        PASSWORD,
        ENCODED,
        "w/rd",
        "w%2Frd",
        "rd#1",
        "wrong-one",
        "cDpwQHNz",
    ] {
        assert!(!text.contains(piece), "{piece} in {text}");
    }
}

#[test]
fn a_proxy_that_wants_a_login_is_asked_once_and_the_answer_is_said() {
    let sandbox = guarded();
    keeps_its_session(&sandbox, || {
        for (login, words) in [
            ("", "asks for a user and a password"),
            (
                "jo%40corp:wrong-one",
                "does not accept the user and the password in HTTPS_PROXY",
            ),
            ("jo%40corp", "does not accept"),
        ] {
            let proxy = match login {
                "" => sandbox.emulator().url(),
                login => with_login(&sandbox, login),
            };
            for arguments in [FETCHING.as_slice(), &["-v", "login", "--force"]] {
                sandbox.server().clear_log();
                let run = proxied(&sandbox, arguments).env("HTTPS_PROXY", &proxy);
                let outcome = run.env("BROWSER", "true").run().expect(1);
                shows_no_password(&outcome.stderr);
                outcome
                    .stderr_contains(
                        "error: the proxy lets nobody through without a login (407): 127.0.0.1:",
                    )
                    .stderr_contains(words)
                    .stderr_contains("hint: set the variable to http://USER:PASSWORD@HOST:PORT");
                // Guessing again and again locks people out.
                assert_eq!(sandbox.server().count(""), 1);
            }
        }
    });
}

#[test]
fn a_login_in_the_proxys_address_opens_the_way_and_is_shown_nowhere() {
    let sandbox = guarded();
    let proxy = with_login(&sandbox, &format!("jo%40corp:{ENCODED}"));
    for arguments in [
        FETCHING.as_slice(),
        &["login", "-v", "--force"],
        &["status", "-v"],
        &["env", "-v", "-p", "dev", "--shell", "sh"],
        &["exec", "-v", "-p", "dev", "--", "true"],
        &["logout", "-v"],
    ] {
        let run = proxied(&sandbox, arguments).env("HTTPS_PROXY", &proxy);
        let outcome = run.approving_browser().run().expect(0);
        shows_no_password(&outcome.stdout);
        shows_no_password(&outcome.stderr);
    }
    assert_eq!(sandbox.server().count("CreateToken:refresh_token"), 1);
    assert_eq!(sandbox.server().count("Logout"), 2);
    for directory in [
        ".aws/sso/cache",
        ".aws/cli/cache",
        ".local/state/sso",
        ".local/state/sso/lock",
    ] {
        for (_, bytes) in sandbox.files(directory) {
            shows_no_password(&String::from_utf8_lossy(&bytes));
        }
    }
}

#[test]
fn a_variable_that_names_no_proxy_is_an_error_and_no_way_past_it() {
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        for (value, words) in [
            (
                "not an address",
                "\"not an address\", which is not the address of a proxy",
            ),
            (
                "http://",
                "\"http://\", which is not the address of a proxy",
            ),
            (
                "http://jo:w/rd#1@proxy:3128",
                "\"***@proxy:3128\", which is not the address of a proxy",
            ),
            (
                "socks5://jo:wrong-one@127.0.0.1:1080",
                "\"***@127.0.0.1:1080\", and only http and https proxies can be used",
            ),
        ] {
            let sandbox = signed_in(-60);
            keeps_its_session(&sandbox, || {
                for arguments in [FETCHING.as_slice(), &["-v", "login", "--force"]] {
                    let run = outside(&sandbox, arguments).env(variable, value);
                    let outcome = run.env("BROWSER", "true").run().expect(1);
                    shows_no_password(&outcome.stderr);
                    outcome
                        .stderr_contains(&format!("error: {variable} is {words}"))
                        .stderr_contains(&format!("hint: set {variable} to http://HOST:PORT"));
                }
            });
        }
    }
    // What stays on this computer needs no proxy, whatever the variable says.
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let run = sandbox
        .credential_process()
        .env("HTTPS_PROXY", "not an address");
    run.run().expect(0);
}

#[test]
fn the_lower_case_variable_comes_first_as_in_the_cli() {
    let sandbox = signed_in(3600);
    let run = proxied(&sandbox, &FETCHING).env("https_proxy", CLOSED_URL);
    run.run().expect(1).stderr_contains("set by https_proxy");
    let run = outside(&sandbox, &FETCHING)
        .env("AWS_CA_BUNDLE", authority(&sandbox))
        .env("https_proxy", sandbox.emulator().url())
        .env("HTTPS_PROXY", CLOSED_URL)
        .env("ALL_PROXY", CLOSED_URL);
    run.run().expect(0);
    assert_eq!(tunnels(&sandbox), [format!("{PORTAL}:443")]);
}

#[test]
fn an_address_without_a_scheme_is_a_proxy() {
    let sandbox = signed_in(3600);
    let url = sandbox.emulator().url();
    let run = proxied(&sandbox, &FETCHING).env("HTTPS_PROXY", url.trim_start_matches("http://"));
    run.run().expect(0);
    assert_eq!(sandbox.server().count("Connect"), 1);
}

#[test]
fn a_web_servers_variables_do_not_switch_the_proxy_off() {
    // CGI sets it, and hands HTTP_PROXY to whoever calls; HTTPS_PROXY nobody can hand.
    let sandbox = signed_in(3600);
    let run = proxied(&sandbox, &FETCHING).env("REQUEST_METHOD", "GET");
    run.run().expect(0);
    assert_eq!(sandbox.server().count("Connect"), 1);
}

#[test]
fn a_proxy_can_be_reached_over_tls() {
    let sandbox = signed_in(-60);
    let run = proxied(&sandbox, &FETCHING).env("HTTPS_PROXY", sandbox.emulator().tls_url());
    run.run().expect(0);
    assert_eq!(
        tunnels(&sandbox),
        [format!("{OIDC}:443"), format!("{PORTAL}:443")]
    );
    // Its certificate is looked at, too.
    let another = signed_in(3600);
    let run = proxied(&another, &FETCHING).env("HTTPS_PROXY", sandbox.emulator().tls_url());
    let outcome = run.run().expect(1);
    outcome
        .stderr_contains("error: the certificate is not accepted: the proxy localhost:")
        .stderr_contains(
            "set by HTTPS_PROXY: nobody in the CA bundle that AWS_CA_BUNDLE sets has signed it",
        );
}

/// A proxy that takes connections and, after so many bytes of its own, says nothing more.
fn silent(says: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(says);
            open.push(stream);
        }
    });
    address
}

#[test]
fn a_proxy_that_hangs_costs_the_time_to_connect_and_no_more() {
    // Nobody accepts: whoever connects stays in the queue.
    let queue = TcpListener::bind("127.0.0.1:0").unwrap();
    let unheard = format!("http://{}", queue.local_addr().unwrap());
    for proxy in [
        unheard,
        silent(b""),
        silent(b"HTTP/1.1 200"),
        silent(b"HTTP/1.1 200 Connection established\r\n\r\n"),
    ] {
        for expires_in in [3600, -60] {
            let sandbox = signed_in(expires_in);
            let host = if expires_in > 0 { PORTAL } else { OIDC };
            keeps_its_session(&sandbox, || {
                let run = proxied(&sandbox, &FETCHING)
                    .env("HTTPS_PROXY", &proxy)
                    .env("SSO_CONNECT_TIMEOUT", "0.7");
                let (outcome, wall) = timed(|| run.run());
                outcome
                    .expect(1)
                    .stderr_contains(&format!(
                        "no connection to {host} (through the proxy 127.0.0.1:"
                    ))
                    .stderr_contains(") within 0.7 s")
                    .stderr_contains("SSO_CONNECT_TIMEOUT");
                assert!(wall < Duration::from_secs(5), "{wall:?}");
            });
        }
    }
}

#[test]
fn the_time_of_the_whole_command_ends_a_hanging_proxy_as_well() {
    let proxy = silent(b"");
    for expires_in in [3600, -60] {
        let sandbox = signed_in(expires_in);
        let run = proxied(&sandbox, &FETCHING)
            .env("HTTPS_PROXY", &proxy)
            .env("SSO_TIMEOUT", "0.8");
        let (outcome, wall) = timed(|| run.run());
        outcome.expect(1).stderr_contains("no answer within 0.8 s");
        assert!(wall < Duration::from_secs(5), "{wall:?}");
    }
}

#[test]
fn the_time_of_the_whole_command_holds_where_every_attempt_may_connect() {
    // Each attempt ends soon enough for another; together they must not exceed the limit.
    let sandbox = signed_in(3600);
    sandbox.server().fault(Fault::on_operation(
        "GetRoleCredentials",
        Action::Hang(Duration::from_secs(60)),
    ));
    let run = proxied(&sandbox, &FETCHING).env("SSO_TIMEOUT", "1");
    let (outcome, wall) = timed(|| run.run());
    outcome.expect(1).stderr_contains("no answer within 1 s");
    assert!(wall < Duration::from_secs(5), "{wall:?}");
}
