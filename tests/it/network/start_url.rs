//! Start URLs on a company's own host, which redirect to the portal at AWS.

use std::time::Duration;

use emulator::{Action, Fault, Options};

use super::{
    FETCH_DEV, OIDC, PORTAL, assert_session_unchanged, ca_path, proxied_sandbox,
    proxied_sandbox_with, through_proxy, tunnel_targets, without_endpoints,
};
use crate::fixture::parallel::timed;
use crate::fixture::{ACCOUNT, CLOSED_URL, ROLE, Sandbox, sha1, stamp};

const HOST: &str = "sso.corp.example";
/// Configured start URL, with a fragment, which is never sent to a server.
const URL: &str = "https://sso.corp.example/welcome/#/";
pub const TARGET: &str = "https://corp.awsapps.com/start";
const US_OIDC: &str = "oidc.us-east-1.amazonaws.com";

fn config(url: &str, region: &str) -> String {
    format!(
        "# session of the company\n\
         [sso-session corp]\n\
         sso_start_url = {url}\n\
         sso_region = {region}\n\
         \n\
         [profile dev]\n\
         sso_session = corp\n\
         sso_account_id = {ACCOUNT}\n\
         sso_role_name = {ROLE}\n\
         \n\
         [profile old]\n\
         sso_start_url = {url}\n\
         sso_region = {region}\n\
         sso_account_id = {ACCOUNT}\n\
         sso_role_name = {ROLE}\n"
    )
}

/// Creates a sandbox with the start URL on the company's host.
pub fn sandbox() -> Sandbox {
    let sandbox = proxied_sandbox(&[OIDC, PORTAL, US_OIDC, HOST]);
    sandbox.write_config(&config(URL, "eu-west-1"));
    sandbox
}

pub fn redirect(status: u16, location: &str) -> Action {
    Action::Redirect {
        status,
        location: location.to_owned(),
    }
}

pub fn reply(status: u16) -> Action {
    Action::Reply {
        status,
        headers: Vec::new(),
        body: "<html></html>".to_owned(),
    }
}

/// Sets the response of the company's host.
pub fn set_response(sandbox: &Sandbox, action: Action) {
    sandbox.server().clear_faults();
    sandbox.server().fault(Fault::on_path("/welcome", action));
}

/// Returns method and path of the requests to the company's host.
pub fn company_requests(sandbox: &Sandbox) -> Vec<String> {
    let log = sandbox.server().log();
    let at_host = log
        .iter()
        .filter(|entry| entry.header("host") == Some(HOST));
    at_host
        .filter(|entry| entry.method != "CONNECT")
        .map(|entry| format!("{} {}", entry.method, entry.path))
        .collect()
}

#[test]
fn sign_in_uses_the_redirect_target_of_the_start_url() {
    for (status, location) in [
        (301, TARGET),
        (302, "https://CORP.awsapps.com:443/start/"),
        (303, "https://corp.awsapps.com/start?from=corp"),
        (307, "https://corp.awsapps.com/start/#/"),
        (308, "//corp.awsapps.com/start"),
    ] {
        let sandbox = sandbox();
        set_response(&sandbox, redirect(status, location));
        let run = through_proxy(&sandbox, &["login", "corp"]).approving_browser();
        run.run()
            .expect(0)
            .stderr_contains(&format!("sso: {URL} leads to {TARGET}\n"));
        assert_eq!(company_requests(&sandbox), ["HEAD /welcome/"], "{location}");
        let registered = sandbox.server().requests("RegisterClient");
        assert_eq!(registered[0].json()["issuerUrl"], TARGET, "{location}");
        // The portal itself is not requested.
        let mut hosts = tunnel_targets(&sandbox);
        hosts.dedup();
        assert_eq!(hosts, [format!("{HOST}:443"), format!("{OIDC}:443")]);

        // File names and contents use the configured URL.
        let token = sandbox.read_json(&sandbox.token_path("corp"));
        assert_eq!(token["startUrl"], URL);
        assert_eq!(token["region"], "eu-west-1");
        let name = sha1(&format!(
            "{{\"region\": \"eu-west-1\", \"scopes\": null, \"session_name\": \"corp\", \"startUrl\": \"{URL}\", \"tool\": \"botocore\"}}"
        ));
        let registration = format!(".aws/sso/cache/{name}.json");
        assert!(sandbox.home().join(registration).exists());
    }
}

#[test]
fn device_code_uses_the_redirect_target_of_the_start_url() {
    let sandbox = sandbox();
    set_response(&sandbox, redirect(302, TARGET));
    for (arguments, name) in [
        (["login", "--device-code", "-s", "corp"].as_slice(), "corp"),
        (&["login", "-p", "old"], URL),
    ] {
        sandbox.server().clear_log();
        let run = through_proxy(&sandbox, arguments).approving_browser();
        run.run().expect(0);
        let started = sandbox.server().requests("StartDeviceAuthorization");
        assert_eq!(started[0].json()["startUrl"], TARGET);
        let token = sandbox.read_json(&sandbox.token_path(name));
        assert_eq!(token["startUrl"], URL);
        assert_eq!(company_requests(&sandbox), ["HEAD /welcome/"]);
    }
}

#[test]
fn get_is_sent_when_head_is_not_supported() {
    for status in [405, 501] {
        let sandbox = sandbox();
        let refusal = Fault::on_path("/welcome", reply(status));
        sandbox.server().fault(refusal.times(1));
        let target = Fault::on_path("/welcome", redirect(302, TARGET));
        sandbox.server().fault(target);
        let run = through_proxy(&sandbox, &["login", "corp"]).approving_browser();
        run.run().expect(0);
        assert_eq!(
            company_requests(&sandbox),
            ["HEAD /welcome/", "GET /welcome/"]
        );
    }
}

#[test]
fn only_a_sign_in_requests_the_start_url() {
    let sandbox = sandbox();
    set_response(&sandbox, redirect(302, TARGET));
    through_proxy(&sandbox, &["login", "corp"])
        .approving_browser()
        .run()
        .expect(0);
    // A request to the host would fail from now on.
    set_response(&sandbox, reply(500));
    sandbox.server().clear_log();
    let path = sandbox.token_path("corp");
    for expires_in in [7200, -60] {
        let mut token = sandbox.read_json(&path);
        token["expiresAt"] = stamp(expires_in).into();
        sandbox.write_file(&path, token.to_string().as_bytes());
        for arguments in [
            FETCH_DEV.as_slice(),
            &["status", "corp"],
            &["env", "-p", "dev", "--shell", "sh"],
            &["exec", "-p", "dev", "--", "true"],
            &["login", "corp"],
        ] {
            through_proxy(&sandbox, arguments).run().expect(0);
        }
        std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, ROLE)).unwrap();
    }
    through_proxy(&sandbox, &["logout", "corp"]).run().expect(0);
    assert_eq!(sandbox.server().count("CreateToken:refresh_token"), 1);
    assert_eq!(company_requests(&sandbox), [""; 0]);
}

/// Asserts that a sign-in fails with these messages, registers nothing and keeps the existing
/// session.
fn assert_sign_in_fails(sandbox: &Sandbox, words: &[&str]) {
    let minted = sandbox.store_token(7200);
    let path = sandbox.token_path("corp");
    let mut token = sandbox.read_json(&path);
    token["startUrl"] = URL.into();
    sandbox.write_file(&path, token.to_string().as_bytes());
    sandbox.server().clear_log();
    for arguments in [
        ["login", "corp", "--force"].as_slice(),
        &["login", "corp", "--force", "--device-code"],
    ] {
        assert_session_unchanged(sandbox, || {
            let run = through_proxy(sandbox, arguments).env("BROWSER", "true");
            let outcome = run.run();
            assert_eq!(outcome.code, 1, "{words:?} {outcome:#?}");
            words
                .iter()
                .fold(outcome, |outcome, words| outcome.stderr_contains(words));
        });
    }
    for operation in ["RegisterClient", "Logout", "CreateToken"] {
        assert_eq!(sandbox.server().count(operation), 0, "{words:?}");
    }
    assert!(sandbox.server().is_valid(&minted.access_token));
    let hosts = tunnel_targets(sandbox);
    let expected = format!("{HOST}:443");
    assert!(hosts.iter().all(|host| *host == expected), "{hosts:?}");
}

#[test]
fn redirect_targets_outside_aws_are_rejected() {
    let sandbox = sandbox();
    let nowhere = format!("error: the start URL {URL} does not lead to AWS: ");
    for (action, words) in [
        (reply(200), "it does not redirect"),
        (reply(404), "it answers 404"),
        (reply(304), "it answers 304"),
        (reply(302), "it redirects without saying where to"),
        (
            redirect(302, "http://corp.awsapps.com/start"),
            "it leads to http://corp.awsapps.com/start",
        ),
        (
            redirect(302, "https://evil.example/start"),
            "it leads to https://evil.example/start",
        ),
        (
            redirect(302, "https://awsapps.com.evil.example/"),
            "it leads to https://awsapps.com.evil.example/",
        ),
        (
            redirect(302, "https://corp.awsapps.com@evil.example/"),
            "it leads to https://corp.awsapps.com@evil.example/",
        ),
        // Only one redirect is followed, so the target must not be on the same host.
        (
            redirect(302, "/start"),
            "it leads to https://sso.corp.example/start",
        ),
        (
            redirect(302, "https://sso2.corp.example/start"),
            "it leads to https://sso2.corp.example/start",
        ),
        (
            redirect(302, "https://evil.example/\u{202e}x"),
            "it leads to https://evil.example/\u{fffd}x",
        ),
    ] {
        set_response(&sandbox, action);
        assert_sign_in_fails(
            &sandbox,
            &[
                &format!("{nowhere}{words}"),
                "hint: sso_start_url must be a portal at AWS",
            ],
        );
    }
    // Not retried, since the response is permanent.
    set_response(&sandbox, reply(404));
    let run = through_proxy(&sandbox, &["login", "corp", "--force"]).env("BROWSER", "true");
    sandbox.server().clear_log();
    run.run().expect(1);
    assert_eq!(company_requests(&sandbox), ["HEAD /welcome/"]);
}

#[test]
fn errors_name_an_unreachable_start_url_host() {
    let sandbox = sandbox();
    let before = format!("error: cannot find out where {URL} leads: ");
    set_response(&sandbox, Action::Close { reset: false });
    assert_sign_in_fails(
        &sandbox,
        &[
            &before,
            "the service could not be reached: sso.corp.example (through the proxy 127.0.0.1:",
        ],
    );
    let run =
        without_endpoints(&sandbox, &["login", "corp", "--force"]).env("HTTPS_PROXY", CLOSED_URL);
    let outcome = run.env("BROWSER", "true").run().expect(1);
    outcome
        .stderr_contains(&before)
        .stderr_contains("127.0.0.1:1, set by HTTPS_PROXY")
        .stderr_contains("NO_PROXY");
    set_response(&sandbox, Action::Hang(Duration::from_secs(60)));
    let run = through_proxy(&sandbox, &["login", "corp", "--force"]).env("SSO_TIMEOUT", "0.8");
    let (outcome, wall) = timed(|| run.env("BROWSER", "true").run());
    let outcome = outcome.expect(1).stderr_contains(&before);
    outcome.stderr_contains("no answer within 0.8 s");
    assert!(wall < Duration::from_secs(5), "{wall:?}");
    // The certificate is valid for the services but not for the company's host.
    let another = proxied_sandbox_with(Options {
        tls_names: vec![OIDC.to_owned()],
        ..Options::default()
    });
    another.write_config(&config(URL, "eu-west-1"));
    assert_sign_in_fails(
        &another,
        &[
            &before,
            "the certificate is not accepted: sso.corp.example",
            "it is for another host",
        ],
    );
}

#[test]
fn region_in_the_portal_host_must_match_sso_region() {
    let target = "https://ssoins-0123456789abcdef.portal.us-east-1.app.aws/";
    let sandbox = sandbox();
    set_response(&sandbox, redirect(302, target));
    assert_sign_in_fails(
        &sandbox,
        &[
            &format!(
                "error: the start URL {URL} leads to {}, in us-east-1, and sso_region is eu-west-1\n",
                target.trim_end_matches('/')
            ),
            "hint: change ~/.aws/config:4 to `sso_region = us-east-1`, then run this again",
        ],
    );
    let run = through_proxy(&sandbox, &["login", "-p", "old"]).env("BROWSER", "true");
    run.run()
        .expect(1)
        .stderr_contains("hint: change ~/.aws/config:13 to `sso_region = us-east-1`");
    let run = through_proxy(
        &sandbox,
        &[
            "login",
            "--start-url",
            "https://sso.corp.example/welcome/too",
            "--sso-region",
            "eu-west-1",
        ],
    );
    let outcome = run.env("BROWSER", "true").run();
    outcome
        .expect(1)
        .stderr_contains("hint: give --sso-region us-east-1");

    // The change in the hint works, with the hosts of that region.
    sandbox.write_config(&config(URL, "us-east-1"));
    sandbox.server().clear_log();
    let run = through_proxy(&sandbox, &["login", "corp"]).approving_browser();
    run.run().expect(0);
    let registered = sandbox.server().requests("RegisterClient");
    assert_eq!(registered[0].header("host"), Some(US_OIDC));
    assert_eq!(
        registered[0].json()["issuerUrl"],
        target.trim_end_matches('/')
    );
    assert_eq!(
        sandbox.read_json(&sandbox.token_path("corp"))["region"],
        "us-east-1"
    );
}

#[test]
fn start_urls_at_aws_are_used_without_a_request() {
    // As in the CLI, a region in the host does not change the configured one.
    for url in [
        "https://corp.awsapps.com/start/#/",
        "https://ssoins-0123456789abcdef.portal.us-east-1.app.aws",
        "https://identitycenter.amazonaws.com/ssoins-0123456789abcdef",
    ] {
        let sandbox = sandbox();
        sandbox.write_config(&config(url, "eu-west-1"));
        let run = through_proxy(&sandbox, &["login", "-s", "corp"]).approving_browser();
        run.run().expect(0);
        let registered = sandbox.server().requests("RegisterClient");
        assert_eq!(registered[0].json()["issuerUrl"], url);
        let hosts = tunnel_targets(&sandbox);
        let expected = format!("{OIDC}:443");
        assert!(hosts.iter().all(|host| *host == expected), "{hosts:?}");
    }
}

#[test]
fn credential_process_login_requests_the_start_url() {
    let sandbox = sandbox();
    set_response(&sandbox, redirect(302, TARGET));
    let run = through_proxy(&sandbox, &["credential-process", "--login", "-p", "dev"])
        .env("AWS_CA_BUNDLE", ca_path(&sandbox))
        .approving_browser();
    run.run().expect(0);
    assert_eq!(company_requests(&sandbox), ["HEAD /welcome/"]);
}

#[test]
fn http_start_urls_are_rejected() {
    let sandbox = sandbox();
    for url in [
        "http://sso.corp.example/welcome",
        "http://127.0.0.1/welcome",
    ] {
        sandbox.write_config(&config(url, "eu-west-1"));
        let run = through_proxy(&sandbox, &["login", "corp"]).env("BROWSER", "true");
        let outcome = run.run().expect(1);
        outcome.stderr_contains(&format!("sso_start_url \"{url}\" is not an https address"));
        assert_eq!(sandbox.server().count(""), 0);
    }
}

#[test]
fn configure_takes_the_region_from_the_redirect_target() {
    let sandbox = sandbox();
    let words = [
        "configure",
        "dev",
        "--start-url",
        URL,
        "-a",
        ACCOUNT,
        "-r",
        ROLE,
        "--yes",
    ];
    for (target, region) in [
        (
            "https://ssoins-0123456789abcdef.portal.eu-west-1.app.aws",
            Some("eu-west-1"),
        ),
        (TARGET, None),
    ] {
        sandbox.write_config("");
        set_response(&sandbox, redirect(302, target));
        let outcome = through_proxy(&sandbox, &words).run();
        let held = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
        match region {
            Some(region) => {
                outcome
                    .expect(0)
                    .stderr_contains(&format!("is in {region}\n"));
                let session = format!("sso_start_url = {URL}\nsso_region = {region}\n");
                assert!(held.contains(&session), "{held}");
            }
            // The host contains no region, and without a terminal nothing can be asked.
            None => {
                outcome.expect(2).stderr_contains("--sso-region REGION");
                assert_eq!(held, "");
            }
        }
        assert_eq!(
            company_requests(&sandbox).len(),
            1 + usize::from(region.is_none())
        );
    }
}
