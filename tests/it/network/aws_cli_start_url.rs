//! Resolution of a company's start URL: `sso` and AWS CLI v2 send the same requests through the
//! same proxy and write the same files.

use emulator::{Action, Fault};

use super::start_url::{TARGET, company_requests, redirect, reply, sandbox, set_response};
use super::{FETCH_DEV, OIDC, ca_path, through_proxy};
use crate::fixture::programs::{client_path, has_required_files};
use crate::fixture::{Run, Sandbox};

fn has_aws_cli() -> bool {
    has_required_files("AWS CLI", &[client_path("bin/aws")])
}

fn aws_cli<'w>(sandbox: &'w Sandbox, arguments: &[&str]) -> Run<'w> {
    Run::program(sandbox, client_path("bin/aws"))
        .args(arguments)
        .env_remove("AWS_ENDPOINT_URL_SSO")
        .env_remove("AWS_ENDPOINT_URL_SSO_OIDC")
        .env("HTTPS_PROXY", sandbox.emulator().url())
        .env("AWS_CA_BUNDLE", ca_path(sandbox))
}

/// Returns the requests of a sign-in to the company's host, and the start URLs that it sent to
/// the OIDC service.
fn trace(sandbox: &Sandbox) -> (Vec<String>, Vec<String>) {
    let log = sandbox.server().log();
    let sent_urls = log.iter().filter_map(|entry| {
        let body = entry.json();
        let url = ["issuerUrl", "startUrl"]
            .iter()
            .find_map(|key| body[key].as_str())?;
        let host = entry.header("host").unwrap_or_default();
        Some(format!("{} {host} {url}", entry.operation))
    });
    (company_requests(sandbox), sent_urls.collect())
}

#[test]
fn sso_and_aws_cli_resolve_start_urls_alike() {
    if !has_aws_cli() {
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
                (true, false) => through_proxy(&sandbox, &["login", "corp"]),
                (true, true) => through_proxy(&sandbox, &["login", "corp", "--device-code"]),
                (false, false) => aws_cli(&sandbox, &["sso", "login", "--sso-session", "corp"]),
                (false, true) => aws_cli(
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
fn sso_and_aws_cli_reject_the_same_start_urls() {
    if !has_aws_cli() {
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
        set_response(&sandbox, action.clone());
        let outcome = aws_cli(&sandbox, &["sso", "login", "--sso-session", "corp"]).run();
        assert_ne!(outcome.code, 0, "{action:?}: {outcome:?}");
        let by_the_cli = trace(&sandbox);
        sandbox.server().clear_log();
        through_proxy(&sandbox, &["login", "corp"]).run().expect(1);
        assert_eq!(trace(&sandbox), by_the_cli, "{action:?}");
        assert_eq!(by_the_cli.1, [""; 0]);
    }
}

#[test]
fn sso_uses_a_sign_in_and_a_region_corrected_by_aws_cli() {
    if !has_aws_cli() {
        return;
    }
    let sandbox = sandbox();
    set_response(&sandbox, redirect(302, TARGET));
    let sign_in = ["sso", "login", "--sso-session", "corp"];
    let run = aws_cli(&sandbox, &sign_in).approving_browser();
    run.run().expect(0);
    through_proxy(&sandbox, &FETCH_DEV).run().expect(0);
    // The CLI's registration is reused, since its file name derives from the configured URL.
    let run = through_proxy(&sandbox, &["login", "corp", "--force"]).approving_browser();
    run.run().expect(0);
    assert_eq!(sandbox.server().count("RegisterClient"), 1);

    // If the portal is in another region, the CLI signs in there and rewrites the configuration;
    // `sso` changes nothing and names the line to change.
    set_response(
        &sandbox,
        redirect(302, "https://ssoins-1.portal.us-east-1.app.aws/"),
    );
    let before = std::fs::read(sandbox.home().join(".aws/config")).unwrap();
    let run = through_proxy(&sandbox, &["login", "corp", "--force"]).env("BROWSER", "true");
    let hint = "hint: change ~/.aws/config:4 to `sso_region = us-east-1`, then run this again";
    run.run().expect(1).stderr_contains(hint);
    assert_eq!(
        std::fs::read(sandbox.home().join(".aws/config")).unwrap(),
        before
    );
    let run = aws_cli(&sandbox, &sign_in).approving_browser();
    run.run().expect(0);
    let corrected = std::fs::read_to_string(sandbox.home().join(".aws/config")).unwrap();
    let line = corrected.lines().nth(3);
    assert_eq!(line, Some("sso_region = us-east-1"), "{corrected}");
    // With the line written by the CLI both agree again.
    let run = through_proxy(&sandbox, &["login", "corp"]).approving_browser();
    run.run().expect(0).stderr_contains("already signed in");
    assert_eq!(
        company_requests(&sandbox).last().map(String::as_str),
        Some("HEAD /welcome/")
    );
}
