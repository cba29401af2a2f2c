//! Proxies that refuse connections, hang, require a login or respond themselves, and invalid
//! proxy variables.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use emulator::{Action, Fault, Options};

use super::{
    FETCH_DEV, OIDC, PORTAL, assert_session_unchanged, ca_path, proxied_sandbox,
    proxied_sandbox_with, through_proxy, tunnel_targets, without_endpoints,
};
use crate::fixture::parallel::timed;
use crate::fixture::{CLOSED_URL, Outcome, Sandbox};

/// Creates a sandbox with a token that expires in this many seconds.
fn signed_in(expires_in: i64) -> Sandbox {
    let sandbox = proxied_sandbox(&[OIDC, PORTAL]);
    sandbox.store_token(expires_in);
    sandbox
}

/// Runs a fetch, a refresh and sign-ins with this proxy and passes each outcome to `check`.
fn for_each_operation(variable: &str, proxy: &str, check: impl Fn(Outcome, &Sandbox)) {
    for (expires_in, arguments) in [
        (3600, FETCH_DEV.as_slice()),
        (-60, &FETCH_DEV),
        (-60, &["login"]),
        (-60, &["login", "--device-code"]),
        (3600, &["login", "--force"]),
    ] {
        let sandbox = signed_in(expires_in);
        assert_session_unchanged(&sandbox, || {
            let run =
                without_endpoints(&sandbox, arguments).env("AWS_CA_BUNDLE", ca_path(&sandbox));
            check(
                run.env(variable, proxy).env("BROWSER", "true").run(),
                &sandbox,
            );
        });
    }
}

#[test]
fn errors_name_an_unreachable_proxy() {
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        for_each_operation(variable, CLOSED_URL, |outcome, _| {
            let outcome = outcome.expect(1).stderr_contains(&format!(
                "error: the proxy does not reach the service: 127.0.0.1:1, set by {variable}: Connection refused"
            ));
            outcome.stderr_contains("\nhint: correct or unset the variable; NO_PROXY");
        });
    }
    for_each_operation("HTTPS_PROXY", "http://proxy.invalid:3128", |outcome, _| {
        outcome.expect(1).stderr_contains(
            "the proxy does not reach the service: proxy.invalid:3128, set by HTTPS_PROXY: ",
        );
    });
}

#[test]
fn logout_names_an_unreachable_proxy() {
    let sandbox = signed_in(3600);
    let run = without_endpoints(&sandbox, &["logout"]).env("HTTPS_PROXY", CLOSED_URL);
    run.run().stderr_contains("127.0.0.1:1, set by HTTPS_PROXY");
    assert!(!sandbox.token_path("corp").exists());
}

#[test]
fn errors_name_a_proxy_that_closes_or_refuses() {
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
        assert_session_unchanged(&sandbox, || {
            let outcome = through_proxy(&sandbox, &FETCH_DEV).run().expect(1);
            outcome
                .stderr_contains("error: the proxy does not reach the service: 127.0.0.1:")
                .stderr_contains("set by HTTPS_PROXY")
                .stderr_contains(words);
        });
        assert_eq!(sandbox.server().count("GetRoleCredentials"), 0);
    }
}

#[test]
fn captive_portal_in_the_tunnel_is_an_error() {
    let sandbox = signed_in(-60);
    sandbox
        .server()
        .fault(Fault::on_operation("Connect", Action::CaptivePortal));
    assert_session_unchanged(&sandbox, || {
        for arguments in [FETCH_DEV.as_slice(), &["login", "--force"]] {
            let run = through_proxy(&sandbox, arguments).env("BROWSER", "true");
            let outcome = run.run().expect(1);
            outcome
                .stderr_contains(OIDC)
                .stderr_contains("through the proxy 127.0.0.1:");
        }
    });
}

#[test]
fn failed_tunnels_are_retried() {
    let sandbox = signed_in(3600);
    let fault = Fault::on_operation("Connect", Action::Close { reset: false });
    sandbox.server().fault(fault.times(2));
    through_proxy(&sandbox, &FETCH_DEV).run().expect(0);
    assert_eq!(sandbox.server().count("Connect"), 3);
}

/// The proxy's password, plain and percent-encoded.
const PASSWORD: &str = "p@ss:w/rd#1%";
const ENCODED: &str = "p%40ss%3Aw%2Frd%231%25";

fn sandbox_with_proxy_login() -> Sandbox {
    let sandbox = proxied_sandbox_with(Options {
        tls_names: vec![OIDC.to_owned(), PORTAL.to_owned()],
        proxy_login: format!("jo@corp:{PASSWORD}"),
        ..Options::default()
    });
    sandbox.store_token(-60);
    sandbox
}

fn proxy_url_with_login(sandbox: &Sandbox, login: &str) -> String {
    sandbox
        .emulator()
        .url()
        .replace("://", &format!("://{login}@"))
}

/// Asserts that the text contains no part of the password.
#[track_caller]
fn assert_no_password(text: &str) {
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
fn proxy_407_is_reported_and_not_retried() {
    let sandbox = sandbox_with_proxy_login();
    assert_session_unchanged(&sandbox, || {
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
                login => proxy_url_with_login(&sandbox, login),
            };
            for arguments in [FETCH_DEV.as_slice(), &["-v", "login", "--force"]] {
                sandbox.server().clear_log();
                let run = through_proxy(&sandbox, arguments).env("HTTPS_PROXY", &proxy);
                let outcome = run.env("BROWSER", "true").run().expect(1);
                assert_no_password(&outcome.stderr);
                outcome
                    .stderr_contains(
                        "error: the proxy lets nobody through without a login (407): 127.0.0.1:",
                    )
                    .stderr_contains(words)
                    .stderr_contains("hint: set the variable to http://USER:PASSWORD@HOST:PORT");
                // Retrying a wrong password can lock the user out.
                assert_eq!(sandbox.server().count(""), 1);
            }
        }
    });
}

#[test]
fn proxy_login_works_and_is_never_shown() {
    let sandbox = sandbox_with_proxy_login();
    let proxy = proxy_url_with_login(&sandbox, &format!("jo%40corp:{ENCODED}"));
    for arguments in [
        FETCH_DEV.as_slice(),
        &["login", "-v", "--force"],
        &["status", "-v"],
        &["env", "-v", "-p", "dev", "--shell", "sh"],
        &["exec", "-v", "-p", "dev", "--", "true"],
        &["logout", "-v"],
    ] {
        let run = through_proxy(&sandbox, arguments).env("HTTPS_PROXY", &proxy);
        let outcome = run.approving_browser().run().expect(0);
        assert_no_password(&outcome.stdout);
        assert_no_password(&outcome.stderr);
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
            assert_no_password(&String::from_utf8_lossy(&bytes));
        }
    }
}

#[test]
fn invalid_proxy_variables_are_errors() {
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
            assert_session_unchanged(&sandbox, || {
                for arguments in [FETCH_DEV.as_slice(), &["-v", "login", "--force"]] {
                    let run = without_endpoints(&sandbox, arguments).env(variable, value);
                    let outcome = run.env("BROWSER", "true").run().expect(1);
                    assert_no_password(&outcome.stderr);
                    outcome
                        .stderr_contains(&format!("error: {variable} is {words}"))
                        .stderr_contains(&format!("hint: set {variable} to http://HOST:PORT"));
                }
            });
        }
    }
    // Loopback needs no proxy, so an invalid variable does not matter.
    let sandbox = Sandbox::new();
    sandbox.store_token(3600);
    let run = sandbox
        .credential_process()
        .env("HTTPS_PROXY", "not an address");
    run.run().expect(0);
}

#[test]
fn lower_case_proxy_variable_takes_precedence_as_in_aws_cli() {
    let sandbox = signed_in(3600);
    let run = through_proxy(&sandbox, &FETCH_DEV).env("https_proxy", CLOSED_URL);
    run.run().expect(1).stderr_contains("set by https_proxy");
    let run = without_endpoints(&sandbox, &FETCH_DEV)
        .env("AWS_CA_BUNDLE", ca_path(&sandbox))
        .env("https_proxy", sandbox.emulator().url())
        .env("HTTPS_PROXY", CLOSED_URL)
        .env("ALL_PROXY", CLOSED_URL);
    run.run().expect(0);
    assert_eq!(tunnel_targets(&sandbox), [format!("{PORTAL}:443")]);
}

#[test]
fn proxy_address_without_scheme_is_accepted() {
    let sandbox = signed_in(3600);
    let url = sandbox.emulator().url();
    let run =
        through_proxy(&sandbox, &FETCH_DEV).env("HTTPS_PROXY", url.trim_start_matches("http://"));
    run.run().expect(0);
    assert_eq!(sandbox.server().count("Connect"), 1);
}

#[test]
fn cgi_variables_do_not_disable_the_proxy() {
    // Under CGI, HTTP_PROXY is attacker-controlled (the `Proxy` header) and ignored by clients;
    // HTTPS_PROXY cannot be set that way.
    let sandbox = signed_in(3600);
    let run = through_proxy(&sandbox, &FETCH_DEV).env("REQUEST_METHOD", "GET");
    run.run().expect(0);
    assert_eq!(sandbox.server().count("Connect"), 1);
}

#[test]
fn proxy_over_tls_is_verified_and_used() {
    let sandbox = signed_in(-60);
    let run = through_proxy(&sandbox, &FETCH_DEV).env("HTTPS_PROXY", sandbox.emulator().tls_url());
    run.run().expect(0);
    assert_eq!(
        tunnel_targets(&sandbox),
        [format!("{OIDC}:443"), format!("{PORTAL}:443")]
    );
    // The proxy's certificate is verified, too.
    let another = signed_in(3600);
    let run = through_proxy(&another, &FETCH_DEV).env("HTTPS_PROXY", sandbox.emulator().tls_url());
    let outcome = run.run().expect(1);
    outcome
        .stderr_contains("error: the certificate is not accepted: the proxy localhost:")
        .stderr_contains(
            "set by HTTPS_PROXY: nobody in the CA bundle that AWS_CA_BUNDLE sets has signed it",
        );
}

/// Starts a proxy that accepts connections, sends these bytes and then nothing more; returns its
/// URL.
fn hanging_proxy(sends: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(sends);
            open.push(stream);
        }
    });
    address
}

#[test]
fn hanging_proxy_is_limited_by_the_connect_timeout() {
    // Never accepted, so connections stay in the listen queue.
    let queue = TcpListener::bind("127.0.0.1:0").unwrap();
    let never_accepting = format!("http://{}", queue.local_addr().unwrap());
    for proxy in [
        never_accepting,
        hanging_proxy(b""),
        hanging_proxy(b"HTTP/1.1 200"),
        hanging_proxy(b"HTTP/1.1 200 Connection established\r\n\r\n"),
    ] {
        for expires_in in [3600, -60] {
            let sandbox = signed_in(expires_in);
            let host = if expires_in > 0 { PORTAL } else { OIDC };
            assert_session_unchanged(&sandbox, || {
                let run = through_proxy(&sandbox, &FETCH_DEV)
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
fn hanging_proxy_is_limited_by_the_command_timeout() {
    let proxy = hanging_proxy(b"");
    for expires_in in [3600, -60] {
        let sandbox = signed_in(expires_in);
        let run = through_proxy(&sandbox, &FETCH_DEV)
            .env("HTTPS_PROXY", &proxy)
            .env("SSO_TIMEOUT", "0.8");
        let (outcome, wall) = timed(|| run.run());
        outcome.expect(1).stderr_contains("no answer within 0.8 s");
        assert!(wall < Duration::from_secs(5), "{wall:?}");
    }
}

#[test]
fn retries_together_stay_within_the_command_timeout() {
    // Single attempts end early enough for a retry; together they must not exceed the limit.
    let sandbox = signed_in(3600);
    sandbox.server().fault(Fault::on_operation(
        "GetRoleCredentials",
        Action::Hang(Duration::from_secs(60)),
    ));
    let run = through_proxy(&sandbox, &FETCH_DEV).env("SSO_TIMEOUT", "1");
    let (outcome, wall) = timed(|| run.run());
    outcome.expect(1).stderr_contains("no answer within 1 s");
    assert!(wall < Duration::from_secs(5), "{wall:?}");
}
