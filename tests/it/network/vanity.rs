//! Start URLs on a company's own host, which redirect to the portal at AWS.

use std::time::Duration;

use emulator::{Action, Fault, Options};

use super::{
    FETCHING, OIDC, PORTAL, authority, company, company_with, keeps_its_session, outside, proxied,
    tunnels,
};
use crate::world::aftermath::{CLOSED, timed};
use crate::world::{ACCOUNT, ROLE, World, sha1, stamp};

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

/// A world whose start URL is the company's own.
pub fn world() -> World {
    let world = company(&[OIDC, PORTAL, US_OIDC, HOST]);
    world.config(&config(URL, "eu-west-1"));
    world
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
pub fn answers(world: &World, action: Action) {
    world.server().clear_faults();
    world.server().fault(Fault::on_path("/welcome", action));
}

/// Method and path of what the company's host was asked.
pub fn asked(world: &World) -> Vec<String> {
    let log = world.server().log();
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
        let world = world();
        answers(&world, redirect(status, location));
        let run = proxied(&world, &["login", "-v", "corp"]).approving_browser();
        run.run()
            .expect(0)
            .says(&format!("sso: {URL} leads to {TARGET}\n"));
        assert_eq!(asked(&world), ["HEAD /welcome/"], "{location}");
        let registered = world.server().requests("RegisterClient");
        assert_eq!(registered[0].json()["issuerUrl"], TARGET, "{location}");
        // Nobody looks at the portal itself.
        let mut hosts = tunnels(&world);
        hosts.dedup();
        assert_eq!(hosts, [format!("{HOST}:443"), format!("{OIDC}:443")]);

        // The files are named by what is configured, and say that.
        let token = world.read_json(&world.token_path("corp"));
        assert_eq!(token["startUrl"], URL);
        assert_eq!(token["region"], "eu-west-1");
        let name = sha1(&format!(
            "{{\"region\": \"eu-west-1\", \"scopes\": null, \"session_name\": \"corp\", \"startUrl\": \"{URL}\", \"tool\": \"botocore\"}}"
        ));
        let registration = format!(".aws/sso/cache/{name}.json");
        assert!(world.home().join(registration).exists());
    }
}

#[test]
fn a_device_code_is_asked_for_at_the_portal_as_well() {
    let world = world();
    answers(&world, redirect(302, TARGET));
    for (arguments, name) in [
        (["login", "--device-code", "-s", "corp"].as_slice(), "corp"),
        (&["login", "-p", "old"], URL),
    ] {
        world.server().clear_log();
        let run = proxied(&world, arguments).approving_browser();
        run.run().expect(0);
        let started = world.server().requests("StartDeviceAuthorization");
        assert_eq!(started[0].json()["startUrl"], TARGET);
        let token = world.read_json(&world.token_path(name));
        assert_eq!(token["startUrl"], URL);
        assert_eq!(asked(&world), ["HEAD /welcome/"]);
    }
}

#[test]
fn a_host_that_does_not_know_head_is_asked_with_get() {
    for status in [405, 501] {
        let world = world();
        let refusal = Fault::on_path("/welcome", reply(status));
        world.server().fault(refusal.times(1));
        let leads = Fault::on_path("/welcome", redirect(302, TARGET));
        world.server().fault(leads);
        let run = proxied(&world, &["login", "corp"]).approving_browser();
        run.run().expect(0);
        assert_eq!(asked(&world), ["HEAD /welcome/", "GET /welcome/"]);
    }
}

#[test]
fn nothing_but_a_sign_in_asks_where_it_leads() {
    let world = world();
    answers(&world, redirect(302, TARGET));
    proxied(&world, &["login", "corp"])
        .approving_browser()
        .run()
        .expect(0);
    // Whoever asked now would fail.
    answers(&world, reply(500));
    world.server().clear_log();
    let path = world.token_path("corp");
    for expires_in in [7200, -60] {
        let mut token = world.read_json(&path);
        token["expiresAt"] = stamp(expires_in).into();
        world.write_file(&path, token.to_string().as_bytes());
        for arguments in [
            FETCHING.as_slice(),
            &["status", "corp"],
            &["env", "-p", "dev", "--shell", "sh"],
            &["exec", "-p", "dev", "--", "true"],
            &["login", "corp"],
        ] {
            proxied(&world, arguments).run().expect(0);
        }
        std::fs::remove_file(world.role_path("corp", ACCOUNT, ROLE)).unwrap();
    }
    proxied(&world, &["logout", "corp"]).run().expect(0);
    assert_eq!(world.server().count("CreateToken:refresh_token"), 1);
    assert_eq!(asked(&world), [""; 0]);
}

/// Fails to sign in, with a good session there, which stays, and nothing registered.
fn fails(world: &World, words: &[&str]) {
    let minted = world.stored_token(7200);
    let path = world.token_path("corp");
    let mut token = world.read_json(&path);
    token["startUrl"] = URL.into();
    world.write_file(&path, token.to_string().as_bytes());
    world.server().clear_log();
    for arguments in [
        ["login", "corp", "--force"].as_slice(),
        &["login", "corp", "--force", "--device-code"],
    ] {
        keeps_its_session(world, || {
            let run = proxied(world, arguments).env("BROWSER", "true");
            let outcome = run.run();
            assert_eq!(outcome.code, 1, "{words:?} {outcome:#?}");
            words
                .iter()
                .fold(outcome, |outcome, words| outcome.says(words));
        });
    }
    for operation in ["RegisterClient", "Logout", "CreateToken"] {
        assert_eq!(world.server().count(operation), 0, "{words:?}");
    }
    assert!(world.server().is_valid(&minted.access_token));
    let hosts = tunnels(world);
    let expected = format!("{HOST}:443");
    assert!(hosts.iter().all(|host| *host == expected), "{hosts:?}");
}

#[test]
fn what_does_not_lead_to_aws_is_an_error_and_no_sign_in() {
    let world = world();
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
        answers(&world, action);
        fails(
            &world,
            &[
                &format!("{nowhere}{words}"),
                "hint: sso_start_url must be a portal at AWS",
            ],
        );
    }
    // Once, for it is no accident.
    answers(&world, reply(404));
    let run = proxied(&world, &["login", "corp", "--force"]).env("BROWSER", "true");
    world.server().clear_log();
    run.run().expect(1);
    assert_eq!(asked(&world), ["HEAD /welcome/"]);
}

#[test]
fn a_company_host_that_cannot_be_reached_is_named() {
    let world = world();
    let before = format!("error: cannot find out where {URL} leads: ");
    answers(&world, Action::Close { reset: false });
    fails(
        &world,
        &[
            &before,
            "the service could not be reached: sso.corp.example (through the proxy 127.0.0.1:",
        ],
    );
    let run = outside(&world, &["login", "corp", "--force"]).env("HTTPS_PROXY", CLOSED);
    let outcome = run.env("BROWSER", "true").run().expect(1);
    outcome
        .says(&before)
        .says("127.0.0.1:1, set by HTTPS_PROXY")
        .says("NO_PROXY");
    answers(&world, Action::Hang(Duration::from_secs(60)));
    let run = proxied(&world, &["login", "corp", "--force"]).env("SSO_TIMEOUT", "0.8");
    let (outcome, wall) = timed(|| run.env("BROWSER", "true").run());
    let outcome = outcome.expect(1).says(&before);
    outcome.says("no answer within 0.8 s");
    assert!(wall < Duration::from_secs(5), "{wall:?}");
    // A certificate that does not count, though the services' own would.
    let another = company_with(Options {
        tls_names: vec![OIDC.to_owned()],
        ..Options::default()
    });
    another.config(&config(URL, "eu-west-1"));
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
    let world = world();
    answers(&world, redirect(302, target));
    fails(
        &world,
        &[
            &format!(
                "error: the start URL {URL} leads to {}, in us-east-1, and sso_region is eu-west-1\n",
                target.trim_end_matches('/')
            ),
            "hint: change ~/.aws/config:4 to `sso_region = us-east-1`, then run this again",
        ],
    );
    let run = proxied(&world, &["login", "-p", "old"]).env("BROWSER", "true");
    run.run()
        .expect(1)
        .says("hint: change ~/.aws/config:13 to `sso_region = us-east-1`");
    let run = proxied(
        &world,
        &[
            "login",
            "--start-url",
            "https://sso.corp.example/welcome/too",
            "--sso-region",
            "eu-west-1",
        ],
    );
    let outcome = run.env("BROWSER", "true").run();
    outcome.expect(1).says("hint: give --sso-region us-east-1");

    // With the line changed as the hint says it works, by the host of that region.
    world.config(&config(URL, "us-east-1"));
    world.server().clear_log();
    let run = proxied(&world, &["login", "corp"]).approving_browser();
    run.run().expect(0);
    let registered = world.server().requests("RegisterClient");
    assert_eq!(registered[0].header("host"), Some(US_OIDC));
    assert_eq!(
        registered[0].json()["issuerUrl"],
        target.trim_end_matches('/')
    );
    assert_eq!(
        world.read_json(&world.token_path("corp"))["region"],
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
        let world = world();
        world.config(&config(url, "eu-west-1"));
        let run = proxied(&world, &["login", "-s", "corp"]).approving_browser();
        run.run().expect(0);
        let registered = world.server().requests("RegisterClient");
        assert_eq!(registered[0].json()["issuerUrl"], url);
        let hosts = tunnels(&world);
        let expected = format!("{OIDC}:443");
        assert!(hosts.iter().all(|host| *host == expected), "{hosts:?}");
    }
}

#[test]
fn exec_that_signs_in_asks_as_well_and_a_proxy_can_be_left_out() {
    let world = world();
    answers(&world, redirect(302, TARGET));
    let run = proxied(&world, &["credential-process", "--login", "-p", "dev"])
        .env("AWS_CA_BUNDLE", authority(&world))
        .approving_browser();
    run.run().expect(0);
    assert_eq!(asked(&world), ["HEAD /welcome/"]);
}

#[test]
fn a_start_url_without_tls_is_refused_wherever_it_leads() {
    let world = world();
    for url in [
        "http://sso.corp.example/welcome",
        "http://127.0.0.1/welcome",
    ] {
        world.config(&config(url, "eu-west-1"));
        let run = proxied(&world, &["login", "corp"]).env("BROWSER", "true");
        let outcome = run.run().expect(1);
        outcome.says(&format!("sso_start_url \"{url}\" is not an https address"));
        assert_eq!(world.server().count(""), 0);
    }
}

#[test]
fn a_new_session_gets_the_region_that_its_start_url_leads_to() {
    let world = world();
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
        world.config("");
        answers(&world, redirect(302, target));
        let outcome = proxied(&world, &words).run();
        let held = std::fs::read_to_string(world.home().join(".aws/config")).unwrap();
        match region {
            Some(region) => {
                outcome.expect(0).says(&format!("is in {region}\n"));
                let session = format!("sso_start_url = {URL}\nsso_region = {region}\n");
                assert!(held.contains(&session), "{held}");
            }
            // Its host does not say it, and nobody is to be asked.
            None => {
                outcome.expect(2).says("--sso-region REGION");
                assert_eq!(held, "");
            }
        }
        assert_eq!(asked(&world).len(), 1 + usize::from(region.is_none()));
    }
}
