//! A company's start URL as AWS CLI v2 resolves it, through the same proxy and into the
//! same files: what it does is what `sso` does.

use emulator::{Action, Fault};

use super::start_url::{TARGET, answers, asked, redirect, reply, sandbox};
use super::{FETCHING, OIDC, authority, proxied};
use crate::fixture::programs::{client_path, has_required_files};
use crate::fixture::{Run, Sandbox};

fn cli_is_here() -> bool {
    has_required_files("AWS CLI", &[client_path("bin/aws")])
}

fn by_the_cli<'w>(sandbox: &'w Sandbox, arguments: &[&str]) -> Run<'w> {
    Run::program(sandbox, client_path("bin/aws"))
        .args(arguments)
        .env_remove("AWS_ENDPOINT_URL_SSO")
        .env_remove("AWS_ENDPOINT_URL_SSO_OIDC")
        .env("HTTPS_PROXY", sandbox.emulator().url())
        .env("AWS_CA_BUNDLE", authority(sandbox))
}

/// What a sign-in told the token service, and what it asked before.
fn trace(sandbox: &Sandbox) -> (Vec<String>, Vec<String>) {
    let log = sandbox.server().log();
    let told = log.iter().filter_map(|entry| {
        let body = entry.json();
        let url = ["issuerUrl", "startUrl"]
            .iter()
            .find_map(|key| body[key].as_str())?;
        let host = entry.header("host").unwrap_or_default();
        Some(format!("{} {host} {url}", entry.operation))
    });
    (asked(sandbox), told.collect())
}

#[test]
fn both_resolve_alike() {
    if !cli_is_here() {
        return;
    }
    let pattern = "https://ssoins-0123456789abcdef.eu-west-1.portal.amazonaws.com/x/?y=z";
    let cases: [(Vec<Fault>, &str); 3] = [
        (
            vec![at(redirect(
                302,
                "https://CORP.awsapps.com:443/start/?a=b#/c",
            ))],
            "redirect",
        ),
        (
            vec![at(reply(405)).times(1), at(redirect(307, TARGET))],
            "GET",
        ),
        (vec![at(redirect(308, pattern))], "region in the host"),
    ];
    for (faults, what) in cases {
        let seen = |by_sso: bool, device: bool| {
            let sandbox = sandbox();
            for fault in faults.clone() {
                sandbox.server().fault(fault);
            }
            let run = match (by_sso, device) {
                (true, false) => proxied(&sandbox, &["login", "corp"]),
                (true, true) => proxied(&sandbox, &["login", "corp", "--device-code"]),
                (false, false) => by_the_cli(&sandbox, &["sso", "login", "--sso-session", "corp"]),
                (false, true) => by_the_cli(
                    &sandbox,
                    &["sso", "login", "--sso-session", "corp", "--use-device-code"],
                ),
            };
            sandbox
                .server()
                .configure(|options| options.strict_interval = false);
            run.approving_browser().run().expect(0);
            let token = sandbox.read_json(&sandbox.token_path("corp"));
            (
                trace(&sandbox),
                token["startUrl"].clone(),
                token["region"].clone(),
            )
        };
        let by_sso = seen(true, false);
        assert_eq!(by_sso, seen(false, false), "{what}");
        assert!(by_sso.0.1[0].starts_with(&format!("RegisterClient {OIDC} https://")));
        if what == "redirect" {
            assert_eq!(seen(true, true), seen(false, true), "{what}");
        }
    }
}

fn at(action: Action) -> Fault {
    Fault::on_path("/welcome", action)
}

#[test]
fn both_refuse_alike() {
    if !cli_is_here() {
        return;
    }
    for action in [
        reply(200),
        reply(404),
        redirect(302, "http://corp.awsapps.com/start"),
        redirect(302, "https://sso2.corp.example/welcome"),
        redirect(302, "https://awsapps.com.evil.example/start"),
    ] {
        let sandbox = sandbox();
        answers(&sandbox, action.clone());
        let outcome = by_the_cli(&sandbox, &["sso", "login", "--sso-session", "corp"]).run();
        assert_ne!(outcome.code, 0, "{action:?}: {outcome:?}");
        let by_the_cli = trace(&sandbox);
        sandbox.server().clear_log();
        proxied(&sandbox, &["login", "corp"]).run().expect(1);
        assert_eq!(trace(&sandbox), by_the_cli, "{action:?}");
        assert_eq!(by_the_cli.1, [""; 0]);
    }
}

#[test]
fn a_sign_in_by_the_cli_serves_sso_and_the_region_that_it_corrects_does_too() {
    if !cli_is_here() {
        return;
    }
    let sandbox = sandbox();
    answers(&sandbox, redirect(302, TARGET));
    let sign_in = ["sso", "login", "--sso-session", "corp"];
    let run = by_the_cli(&sandbox, &sign_in).approving_browser();
    run.run().expect(0);
    proxied(&sandbox, &FETCHING).run().expect(0);
    // The registration is found as well, under the name of what is configured.
    let run = proxied(&sandbox, &["login", "corp", "--force"]).approving_browser();
    run.run().expect(0);
    assert_eq!(sandbox.server().count("RegisterClient"), 1);

    // Where the portal is in another region the CLI signs in there and rewrites the
    // configuration; `sso` touches nothing and says what to change.
    answers(
        &sandbox,
        redirect(302, "https://ssoins-1.portal.us-east-1.app.aws/"),
    );
    let before = std::fs::read(sandbox.home().join(".aws/config")).unwrap();
    let run = proxied(&sandbox, &["login", "corp", "--force"]).env("BROWSER", "true");
    let hint = "hint: change ~/.aws/config:4 to `sso_region = us-east-1`, then run this again";
    run.run().expect(1).stderr_contains(hint);
    assert_eq!(
        std::fs::read(sandbox.home().join(".aws/config")).unwrap(),
        before
    );
    let run = by_the_cli(&sandbox, &sign_in).approving_browser();
    run.run().expect(0);
    let corrected = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    let line = corrected.lines().nth(3);
    assert_eq!(line, Some("sso_region = us-east-1"), "{corrected}");
    // By its words the two agree again.
    let run = proxied(&sandbox, &["login", "corp"]).approving_browser();
    run.run().expect(0).stderr_contains("already signed in");
    assert_eq!(
        asked(&sandbox).last().map(String::as_str),
        Some("HEAD /welcome/")
    );
}
