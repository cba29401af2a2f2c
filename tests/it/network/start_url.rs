//! Start URLs on a company's own host, which redirect to the portal at AWS.

use std::time::Duration;

use emulator::{Action, Fault, Options};

use super::{
    FETCHING, OIDC, PORTAL, authority, company, company_with, keeps_its_session, outside, proxied,
    tunnels,
};
use crate::fixture::parallel::timed;
use crate::fixture::{ACCOUNT, CLOSED_URL, ROLE, Sandbox, sha1, stamp};

const HOST: &str = "sso.corp.example";
/// As it is configured: with what no server ever sees.
const URL: &str = "https://sso.corp.example/welcome/#/";
pub const TARGET: &str = "https://corp.awsapps.com/start";
const US_OIDC: &str = "oidc.us-east-1.amazonaws.com";

fn config(url: &str, region: &str) -> String {
    format!(
        "# the session of the whole company\n\
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

/// A sandbox whose start URL is the company's own.
pub fn sandbox() -> Sandbox {
    let sandbox = company(&[OIDC, PORTAL, US_OIDC, HOST]);
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

/// What the company's host answers from now on.
pub fn answers(sandbox: &Sandbox, action: Action) {
    sandbox.server().clear_faults();
    sandbox.server().fault(Fault::on_path("/welcome", action));
}

/// Method and path of what the company's host was asked.
pub fn asked(sandbox: &Sandbox) -> Vec<String> {
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
fn a_sign_in_uses_the_portal_that_the_start_url_leads_to() {
    for (status, location) in [
        (301, TARGET),
        (302, "https://CORP.awsapps.com:443/start/"),
        (303, "https://corp.awsapps.com/start?from=corp"),
        (307, "https://corp.awsapps.com/start/#/"),
        (308, "//corp.awsapps.com/start"),
    ] {
        let sandbox = sandbox();
        answers(&sandbox, redirect(status, location));
        let run = proxied(&sandbox, &["login", "-v", "corp"]).approving_browser();
        run.run()
            .expect(0)
            .stderr_contains(&format!("sso: {URL} leads to {TARGET}\n"));
        assert_eq!(asked(&sandbox), ["HEAD /welcome/"], "{location}");
        let registered = sandbox.server().requests("RegisterClient");
        assert_eq!(registered[0].json()["issuerUrl"], TARGET, "{location}");
        // Nobody looks at the portal itself.
        let mut hosts = tunnels(&sandbox);
        hosts.dedup();
        assert_eq!(hosts, [format!("{HOST}:443"), format!("{OIDC}:443")]);

        // The files are named by what is configured, and say that.
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
fn a_device_code_is_asked_for_at_the_portal_as_well() {
    let sandbox = sandbox();
    answers(&sandbox, redirect(302, TARGET));
    for (arguments, name) in [
        (["login", "--device-code", "-s", "corp"].as_slice(), "corp"),
        (&["login", "-p", "old"], URL),
    ] {
        sandbox.server().clear_log();
        let run = proxied(&sandbox, arguments).approving_browser();
        run.run().expect(0);
        let started = sandbox.server().requests("StartDeviceAuthorization");
        assert_eq!(started[0].json()["startUrl"], TARGET);
        let token = sandbox.read_json(&sandbox.token_path(name));
        assert_eq!(token["startUrl"], URL);
        assert_eq!(asked(&sandbox), ["HEAD /welcome/"]);
    }
}

#[test]
fn a_host_that_does_not_know_head_is_asked_with_get() {
    for status in [405, 501] {
        let sandbox = sandbox();
        let refusal = Fault::on_path("/welcome", reply(status));
        sandbox.server().fault(refusal.times(1));
        let leads = Fault::on_path("/welcome", redirect(302, TARGET));
        sandbox.server().fault(leads);
        let run = proxied(&sandbox, &["login", "corp"]).approving_browser();
        run.run().expect(0);
        assert_eq!(asked(&sandbox), ["HEAD /welcome/", "GET /welcome/"]);
    }
}

#[test]
fn nothing_but_a_sign_in_asks_where_it_leads() {
    let sandbox = sandbox();
    answers(&sandbox, redirect(302, TARGET));
    proxied(&sandbox, &["login", "corp"])
        .approving_browser()
        .run()
        .expect(0);
    // Whoever asked now would fail.
    answers(&sandbox, reply(500));
    sandbox.server().clear_log();
    let path = sandbox.token_path("corp");
    for expires_in in [7200, -60] {
        let mut token = sandbox.read_json(&path);
        token["expiresAt"] = stamp(expires_in).into();
        sandbox.write_file(&path, token.to_string().as_bytes());
        for arguments in [
            FETCHING.as_slice(),
            &["status", "corp"],
            &["env", "-p", "dev", "--shell", "sh"],
            &["exec", "-p", "dev", "--", "true"],
            &["login", "corp"],
        ] {
            proxied(&sandbox, arguments).run().expect(0);
        }
        std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, ROLE)).unwrap();
    }
    proxied(&sandbox, &["logout", "corp"]).run().expect(0);
    assert_eq!(sandbox.server().count("CreateToken:refresh_token"), 1);
    assert_eq!(asked(&sandbox), [""; 0]);
}

/// Fails to sign in, with a good session there, which stays, and nothing registered.
fn fails(sandbox: &Sandbox, words: &[&str]) {
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
        keeps_its_session(sandbox, || {
            let run = proxied(sandbox, arguments).env("BROWSER", "true");
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
    let hosts = tunnels(sandbox);
    let expected = format!("{HOST}:443");
    assert!(hosts.iter().all(|host| *host == expected), "{hosts:?}");
}

#[test]
fn what_does_not_lead_to_aws_is_an_error_and_no_sign_in() {
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
        // Exactly one redirect is followed, and this one leads to the same host.
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
        answers(&sandbox, action);
        fails(
            &sandbox,
            &[
                &format!("{nowhere}{words}"),
                "hint: sso_start_url must be a portal at AWS",
            ],
        );
    }
    // Once, for it is no accident.
    answers(&sandbox, reply(404));
    let run = proxied(&sandbox, &["login", "corp", "--force"]).env("BROWSER", "true");
    sandbox.server().clear_log();
    run.run().expect(1);
    assert_eq!(asked(&sandbox), ["HEAD /welcome/"]);
}

#[test]
fn a_company_host_that_cannot_be_reached_is_named() {
    let sandbox = sandbox();
    let before = format!("error: cannot find out where {URL} leads: ");
    answers(&sandbox, Action::Close { reset: false });
    fails(
        &sandbox,
        &[
            &before,
            "the service could not be reached: sso.corp.example (through the proxy 127.0.0.1:",
        ],
    );
    let run = outside(&sandbox, &["login", "corp", "--force"]).env("HTTPS_PROXY", CLOSED_URL);
    let outcome = run.env("BROWSER", "true").run().expect(1);
    outcome
        .stderr_contains(&before)
        .stderr_contains("127.0.0.1:1, set by HTTPS_PROXY")
        .stderr_contains("NO_PROXY");
    answers(&sandbox, Action::Hang(Duration::from_secs(60)));
    let run = proxied(&sandbox, &["login", "corp", "--force"]).env("SSO_TIMEOUT", "0.8");
    let (outcome, wall) = timed(|| run.env("BROWSER", "true").run());
    let outcome = outcome.expect(1).stderr_contains(&before);
    outcome.stderr_contains("no answer within 0.8 s");
    assert!(wall < Duration::from_secs(5), "{wall:?}");
    // A certificate that does not count, though the services' own would.
    let another = company_with(Options {
        tls_names: vec![OIDC.to_owned()],
        ..Options::default()
    });
    another.write_config(&config(URL, "eu-west-1"));
    fails(
        &another,
        &[
            &before,
            "the certificate is not accepted: sso.corp.example",
            "it is for another host",
        ],
    );
}

#[test]
fn the_region_in_the_portals_host_must_be_the_configured_one() {
    let target = "https://ssoins-0123456789abcdef.portal.us-east-1.app.aws/";
    let sandbox = sandbox();
    answers(&sandbox, redirect(302, target));
    fails(
        &sandbox,
        &[
            &format!(
                "error: the start URL {URL} leads to {}, in us-east-1, and sso_region is eu-west-1\n",
                target.trim_end_matches('/')
            ),
            "hint: change ~/.aws/config:4 to `sso_region = us-east-1`, then run this again",
        ],
    );
    let run = proxied(&sandbox, &["login", "-p", "old"]).env("BROWSER", "true");
    run.run()
        .expect(1)
        .stderr_contains("hint: change ~/.aws/config:13 to `sso_region = us-east-1`");
    let run = proxied(
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

    // With the line changed as the hint says it works, by the host of that region.
    sandbox.write_config(&config(URL, "us-east-1"));
    sandbox.server().clear_log();
    let run = proxied(&sandbox, &["login", "corp"]).approving_browser();
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
fn a_start_url_at_aws_is_used_as_it_is_and_nobody_asked() {
    // The CLI leaves the region alone here, whatever the host says.
    for url in [
        "https://corp.awsapps.com/start/#/",
        "https://ssoins-0123456789abcdef.portal.us-east-1.app.aws",
        "https://identitycenter.amazonaws.com/ssoins-0123456789abcdef",
    ] {
        let sandbox = sandbox();
        sandbox.write_config(&config(url, "eu-west-1"));
        let run = proxied(&sandbox, &["login", "-s", "corp"]).approving_browser();
        run.run().expect(0);
        let registered = sandbox.server().requests("RegisterClient");
        assert_eq!(registered[0].json()["issuerUrl"], url);
        let hosts = tunnels(&sandbox);
        let expected = format!("{OIDC}:443");
        assert!(hosts.iter().all(|host| *host == expected), "{hosts:?}");
    }
}

#[test]
fn exec_that_signs_in_asks_as_well_and_a_proxy_can_be_left_out() {
    let sandbox = sandbox();
    answers(&sandbox, redirect(302, TARGET));
    let run = proxied(&sandbox, &["credential-process", "--login", "-p", "dev"])
        .env("AWS_CA_BUNDLE", authority(&sandbox))
        .approving_browser();
    run.run().expect(0);
    assert_eq!(asked(&sandbox), ["HEAD /welcome/"]);
}

#[test]
fn a_start_url_without_tls_is_refused_wherever_it_leads() {
    let sandbox = sandbox();
    for url in [
        "http://sso.corp.example/welcome",
        "http://127.0.0.1/welcome",
    ] {
        sandbox.write_config(&config(url, "eu-west-1"));
        let run = proxied(&sandbox, &["login", "corp"]).env("BROWSER", "true");
        let outcome = run.run().expect(1);
        outcome.stderr_contains(&format!("sso_start_url \"{url}\" is not an https address"));
        assert_eq!(sandbox.server().count(""), 0);
    }
}

#[test]
fn a_new_session_gets_the_region_that_its_start_url_leads_to() {
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
        answers(&sandbox, redirect(302, target));
        let outcome = proxied(&sandbox, &words).run();
        let held = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
        match region {
            Some(region) => {
                outcome
                    .expect(0)
                    .stderr_contains(&format!("is in {region}\n"));
                let session = format!("sso_start_url = {URL}\nsso_region = {region}\n");
                assert!(held.contains(&session), "{held}");
            }
            // Its host does not say it, and nobody is to be asked.
            None => {
                outcome.expect(2).stderr_contains("--sso-region REGION");
                assert_eq!(held, "");
            }
        }
        assert_eq!(asked(&sandbox).len(), 1 + usize::from(region.is_none()));
    }
}
