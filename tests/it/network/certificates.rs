//! Whose certificates are accepted, and what never leaves for another host.

use std::path::Path;

use emulator::{Action, Emulator, Fault, Options};

use super::{
    FETCHING, OIDC, PORTAL, authority, company, company_with, config, keeps_its_session, outside,
    proxied, tunnels,
};
use crate::fixture::{ACCOUNT, ROLE, Run, Sandbox};

/// A run through the proxy that knows no authority.
fn trusting_nobody<'w>(sandbox: &'w Sandbox, arguments: &[&str]) -> Run<'w> {
    outside(sandbox, arguments)
        .env("HTTPS_PROXY", sandbox.emulator().url())
        .env("SSL_CERT_FILE", "/dev/null")
}

#[test]
fn the_variable_the_key_and_the_system_store_each_open_the_way() {
    let sandbox = company(&[OIDC, PORTAL]);
    let strange = company(&[]);
    let fresh = |left| {
        sandbox.store_token(left);
        let _ = std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, ROLE));
    };
    let by_key = |path: &Path| {
        let key = format!("ca_bundle = {}\n", path.display());
        sandbox.write_config(&config("eu-west-1", "", &key, ""));
    };
    for (left, arguments) in [
        (-60, FETCHING.as_slice()),
        (3600, &["login", "--force", "-p", "dev"]),
    ] {
        let run = || trusting_nobody(&sandbox, arguments).approving_browser();
        sandbox.write_config(&config("eu-west-1", "", "", ""));
        fresh(left);
        run()
            .env("AWS_CA_BUNDLE", authority(&sandbox))
            .run()
            .expect(0);
        fresh(left);
        run()
            .env("SSL_CERT_FILE", authority(&sandbox))
            .run()
            .expect(0);
        by_key(&authority(&sandbox));
        fresh(left);
        run().run().expect(0);
        // The variable outranks the key, and both the system.
        by_key(&authority(&strange));
        fresh(left);
        run()
            .env("AWS_CA_BUNDLE", authority(&sandbox))
            .run()
            .expect(0);
        fresh(left);
        let outcome = run().env("SSL_CERT_FILE", authority(&sandbox)).run();
        outcome
            .expect(1)
            .stderr_contains("the CA bundle that ca_bundle (~/.aws/config:");
    }
}

#[test]
fn a_directory_of_certificates_is_a_system_store() {
    let sandbox = company(&[OIDC, PORTAL]);
    sandbox.store_token(3600);
    let store = sandbox.home().join("certs");
    let pem = std::fs::read(authority(&sandbox)).unwrap();
    sandbox.write_file(&store.join("0123abcd.0"), &pem);
    sandbox.write_file(
        &store.join("odd.pem"),
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    );
    let run = trusting_nobody(&sandbox, &FETCHING).env_remove("SSL_CERT_FILE");
    run.env("SSL_CERT_DIR", &store).run().expect(0);
}

#[test]
fn a_computer_without_certificates_is_told_what_it_lacks() {
    let sandbox = company(&[OIDC, PORTAL]);
    sandbox.store_token(3600);
    sandbox.write_file(
        &sandbox.home().join("odd.pem"),
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    );
    keeps_its_session(&sandbox, || {
        for (store, words) in [
            (
                "/dev/null",
                "there is no usable one among the CA certificates that SSL_CERT_FILE sets",
            ),
            (
                "odd.pem",
                "there is no usable one among the CA certificates that SSL_CERT_FILE sets",
            ),
            (
                "/no/such/file",
                "the CA certificates that SSL_CERT_FILE sets cannot be read",
            ),
        ] {
            let run = trusting_nobody(&sandbox, &FETCHING).env("SSL_CERT_FILE", store);
            let outcome = run.run().expect(1);
            assert!(!outcome.stderr.contains("panicked"), "{outcome:#?}");
            outcome
                .stderr_contains("error: the network settings cannot be used: ")
                .stderr_contains(words)
                .stderr_contains(
                    "hint: install the CA certificates of the system, or set AWS_CA_BUNDLE",
                );
        }
    });
    // What goes to this computer without TLS needs none.
    let run = sandbox
        .credential_process()
        .env("SSL_CERT_FILE", "/dev/null");
    run.run().expect(0);
}

#[test]
fn a_wrong_certificate_is_said_to_be_wrong_in_which_way() {
    let strange = company(&[]);
    let names = [OIDC, PORTAL].map(str::to_owned).to_vec();
    let with = |tls_names: Vec<String>, tls_expired: bool| {
        company_with(Options {
            tls_names,
            tls_expired,
            ..Options::default()
        })
    };
    for (sandbox, trusts_itself, words) in [
        (
            with(names.clone(), false),
            false,
            "nobody in the CA bundle that AWS_CA_BUNDLE sets has signed it",
        ),
        (with(Vec::new(), false), true, "it is for another host"),
        (with(names, true), true, "it has ended"),
    ] {
        let bundle = authority(if trusts_itself { &sandbox } else { &strange });
        for (left, arguments, host) in [
            (3600, FETCHING.as_slice(), PORTAL),
            (-60, &FETCHING, OIDC),
            (-60, &["login"], OIDC),
            (-60, &["login", "--device-code"], OIDC),
        ] {
            sandbox.store_token(left);
            sandbox.server().clear_log();
            keeps_its_session(&sandbox, || {
                let run = proxied(&sandbox, arguments).env("AWS_CA_BUNDLE", &bundle);
                let outcome = run.env("BROWSER", "true").run().expect(1);
                outcome
                    .stderr_contains(&format!("error: the certificate is not accepted: {host} (through the proxy"))
                    .stderr_contains(words)
                    .stderr_contains("hint: look at this computer's clock; where the network inspects TLS, set AWS_CA_BUNDLE or ca_bundle");
            });
            // Once more or less is no other certificate, and none of them saw a secret.
            let tries = if arguments[0] == "login" { 2 } else { 1 };
            assert!(sandbox.server().count("Connect") <= tries);
            assert_eq!(
                sandbox.server().count(""),
                sandbox.server().count("Connect")
            );
        }
    }
}

#[test]
fn the_store_is_named_where_it_knows_nobody() {
    let sandbox = company(&[OIDC, PORTAL]);
    sandbox.store_token(3600);
    let strange = company(&[]);
    let run = trusting_nobody(&sandbox, &FETCHING).env("SSL_CERT_FILE", authority(&strange));
    let outcome = run.run().expect(1);
    outcome.stderr_contains("nobody in the CA certificates that SSL_CERT_FILE sets has signed it");
}

/// Whether this computer has an IPv6 loopback; otherwise says so.
fn has_ipv6() -> bool {
    let has = std::net::TcpListener::bind("[::1]:0").is_ok();
    if !has {
        crate::fixture::programs::report_skip("an IPv6 loopback");
    }
    has
}

fn ipv6() -> Sandbox {
    let sandbox = company_with(Options {
        ipv6: true,
        tls_names: vec![OIDC.to_owned(), PORTAL.to_owned()],
        ..Options::default()
    });
    sandbox.store_token(-60);
    sandbox
}

#[test]
fn a_proxy_can_be_on_the_ipv6_loopback() {
    if !has_ipv6() {
        return;
    }
    let sandbox = ipv6();
    assert!(sandbox.emulator().url().starts_with("http://[::1]:"));
    proxied(&sandbox, &FETCHING).run().expect(0);
    assert_eq!(
        tunnels(&sandbox),
        [format!("{OIDC}:443"), format!("{PORTAL}:443")]
    );
    let run = proxied(&sandbox, &FETCHING).env("HTTPS_PROXY", "http://[::1]:1");
    std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, ROLE)).unwrap();
    run.run()
        .expect(1)
        .stderr_contains("[::1]:1, set by HTTPS_PROXY");
    proxied(&sandbox, &["login", "--force"])
        .approving_browser()
        .run()
        .expect(0);
}

#[test]
fn an_endpoint_can_be_on_the_ipv6_loopback() {
    if !has_ipv6() {
        return;
    }
    let sandbox = ipv6();
    let strange = company(&[]);
    for url in [sandbox.emulator().url(), sandbox.emulator().tls_url()] {
        sandbox.store_token(-60);
        sandbox.server().clear_log();
        let _ = std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, ROLE));
        let run = |arguments: &[&str]| {
            sandbox
                .sso(arguments)
                .env("AWS_ENDPOINT_URL_SSO", &url)
                .env("AWS_ENDPOINT_URL_SSO_OIDC", &url)
                // No proxy stands between us and this computer.
                .env("HTTPS_PROXY", strange.emulator().url())
                .env("AWS_CA_BUNDLE", authority(&sandbox))
        };
        run(&FETCHING).run().expect(0);
        assert_eq!(sandbox.server().count(""), 2, "{url}");
        let run = run(&["login", "--force"]).approving_browser();
        run.run().expect(0);
    }
    assert_eq!(strange.server().count(""), 0);
}

#[test]
fn a_redirect_takes_no_secret_to_another_host() {
    let other = Emulator::start(Options {
        tls: true,
        ..Options::default()
    })
    .unwrap();
    for (operation, left, arguments, statuses) in [
        (
            "GetRoleCredentials",
            3600,
            FETCHING.as_slice(),
            [301, 302, 303, 307, 308].as_slice(),
        ),
        ("CreateToken", -60, &FETCHING, &[302, 307]),
        ("RegisterClient", -60, &["login"], &[302, 307]),
        (
            "StartDeviceAuthorization",
            -60,
            &["login", "--device-code"],
            &[302, 307],
        ),
        (
            "CreateToken:authorization_code",
            -60,
            &["login"],
            &[302, 307],
        ),
        ("Logout", 3600, &["logout"], &[302, 307]),
    ] {
        for status in statuses.iter().copied() {
            let location = match status % 2 {
                0 => format!("{}/token?x=y", other.url()),
                _ => "https://evil.example/token?x=y".to_owned(),
            };
            let sandbox = company(&[OIDC, PORTAL, "evil.example"]);
            sandbox.store_token(left);
            if arguments[0] == "login" {
                sandbox.server().revoke_refresh_tokens();
            }
            let action = Action::Redirect { status, location };
            sandbox
                .server()
                .fault(Fault::on_operation(operation, action));
            let outcome = proxied(&sandbox, arguments).approving_browser().run();
            let signs_out = arguments[0] == "logout";
            assert_eq!(outcome.code == 0, signs_out, "{outcome:#?}");
            outcome.stderr_contains(&format!("answered with a redirect ({status})"));
            assert_eq!(other.handle().count(""), 0, "{operation} {status}");
            let at_aws = |host: &String| host.ends_with(".amazonaws.com:443");
            let hosts = tunnels(&sandbox);
            assert!(hosts.iter().all(at_aws), "{operation} {status}: {hosts:?}");
        }
    }
}

#[test]
fn a_region_leads_to_no_host_outside_aws() {
    let hosts = ["*.example", "evil.example", "localhost"];
    for region in [
        "evil.example",
        "evil.example/",
        "evil.example#",
        "evil.example?",
        "x@evil.example",
        "evil.example:443/",
        "x.evil.example%2f",
        "../../evil.example",
        "eu-west-1\\@evil.example",
        "",
        "-",
        "eu west 1",
        "eu_west_1",
    ] {
        let sandbox = company(&hosts);
        sandbox.write_config(&config(region, "", "", ""));
        // As if the sign-in had been made there.
        let minted = sandbox.store_token(3600);
        let path = sandbox.token_path("corp");
        let mut token = sandbox.read_json(&path);
        token["region"] = region.into();
        sandbox.write_file(&path, token.to_string().as_bytes());
        for arguments in [
            FETCHING.as_slice(),
            &["login", "--force"],
            &["login", "--force", "--device-code"],
        ] {
            let run = proxied(&sandbox, arguments).env("BROWSER", "true");
            let outcome = run.run();
            assert_ne!(outcome.code, 0, "{region}: {outcome:#?}");
            assert_eq!(sandbox.server().count(""), 0, "{region}: {outcome:#?}");
        }
        assert!(sandbox.server().is_valid(&minted.access_token));
    }
}
