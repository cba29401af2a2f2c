//! Accepted CAs, rejected certificates, and requests that must never reach another host.

use std::path::Path;

use emulator::{Action, Emulator, Fault, Options};

use super::{
    FETCH_DEV, OIDC, PORTAL, assert_session_unchanged, ca_path, config, proxied_sandbox,
    proxied_sandbox_with, through_proxy, tunnel_targets, without_endpoints,
};
use crate::fixture::{ACCOUNT, ROLE, Run, Sandbox};

/// Prepares a run through the proxy without any CA certificate.
fn without_cas<'w>(sandbox: &'w Sandbox, arguments: &[&str]) -> Run<'w> {
    without_endpoints(sandbox, arguments)
        .env("HTTPS_PROXY", sandbox.emulator().url())
        .env("SSL_CERT_FILE", "/dev/null")
}

#[test]
fn ca_bundle_variable_precedes_key_precedes_system_store() {
    let sandbox = proxied_sandbox(&[OIDC, PORTAL]);
    let other_ca = proxied_sandbox(&[]);
    let fresh = |left| {
        sandbox.store_token(left);
        let _ = std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, ROLE));
    };
    let by_key = |path: &Path| {
        let key = format!("ca_bundle = {}\n", path.display());
        sandbox.write_config(&config("eu-west-1", "", &key, ""));
    };
    for (left, arguments) in [
        (-60, FETCH_DEV.as_slice()),
        (3600, &["login", "--force", "-p", "dev"]),
    ] {
        let run = || without_cas(&sandbox, arguments).approving_browser();
        sandbox.write_config(&config("eu-west-1", "", "", ""));
        fresh(left);
        run()
            .env("AWS_CA_BUNDLE", ca_path(&sandbox))
            .run()
            .expect(0);
        fresh(left);
        run()
            .env("SSL_CERT_FILE", ca_path(&sandbox))
            .run()
            .expect(0);
        by_key(&ca_path(&sandbox));
        fresh(left);
        run().run().expect(0);
        // The variable takes precedence over the key, and both over the system.
        by_key(&ca_path(&other_ca));
        fresh(left);
        run()
            .env("AWS_CA_BUNDLE", ca_path(&sandbox))
            .run()
            .expect(0);
        fresh(left);
        let outcome = run().env("SSL_CERT_FILE", ca_path(&sandbox)).run();
        outcome
            .expect(1)
            .stderr_contains("the CA bundle that ca_bundle (~/.aws/config:");
    }
}

#[test]
fn ssl_cert_dir_is_a_system_store() {
    let sandbox = proxied_sandbox(&[OIDC, PORTAL]);
    sandbox.store_token(3600);
    let store = sandbox.home().join("certs");
    let pem = std::fs::read(ca_path(&sandbox)).unwrap();
    sandbox.write_file(&store.join("0123abcd.0"), &pem);
    sandbox.write_file(
        &store.join("odd.pem"),
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    );
    let run = without_cas(&sandbox, &FETCH_DEV).env_remove("SSL_CERT_FILE");
    run.env("SSL_CERT_DIR", &store).run().expect(0);
}

#[test]
fn errors_name_a_missing_or_empty_certificate_store() {
    let sandbox = proxied_sandbox(&[OIDC, PORTAL]);
    sandbox.store_token(3600);
    sandbox.write_file(
        &sandbox.home().join("odd.pem"),
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    );
    assert_session_unchanged(&sandbox, || {
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
            let run = without_cas(&sandbox, &FETCH_DEV).env("SSL_CERT_FILE", store);
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
    // Plain HTTP to loopback needs no CA certificates.
    let run = sandbox
        .credential_process()
        .env("SSL_CERT_FILE", "/dev/null");
    run.run().expect(0);
}

#[test]
fn errors_name_the_fault_of_a_rejected_certificate() {
    let other_ca = proxied_sandbox(&[]);
    let names = [OIDC, PORTAL].map(str::to_owned).to_vec();
    let with = |tls_names: Vec<String>, tls_expired: bool| {
        proxied_sandbox_with(Options {
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
        (with(names.clone(), true), true, "it has ended"),
        (
            proxied_sandbox_with(Options {
                tls_names: names,
                tls_self_signed: true,
                ..Options::default()
            }),
            true,
            "it is the certificate of a CA, not of a server",
        ),
    ] {
        let bundle = ca_path(if trusts_itself { &sandbox } else { &other_ca });
        for (left, arguments, host) in [
            (3600, FETCH_DEV.as_slice(), PORTAL),
            (-60, &FETCH_DEV, OIDC),
            (-60, &["login"], OIDC),
            (-60, &["login", "--device-code"], OIDC),
        ] {
            sandbox.store_token(left);
            sandbox.server().clear_log();
            assert_session_unchanged(&sandbox, || {
                let run = through_proxy(&sandbox, arguments).env("AWS_CA_BUNDLE", &bundle);
                let outcome = run.env("BROWSER", "true").run().expect(1);
                outcome
                    .stderr_contains(&format!("error: the certificate is not accepted: {host} (through the proxy"))
                    .stderr_contains(words)
                    .stderr_contains("hint: look at this computer's clock; where the network inspects TLS, set AWS_CA_BUNDLE or ca_bundle");
            });
            // At most one retry in a sign-in, and no request was sent over the connection.
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
fn errors_name_the_store_without_a_matching_ca() {
    let sandbox = proxied_sandbox(&[OIDC, PORTAL]);
    sandbox.store_token(3600);
    let other_ca = proxied_sandbox(&[]);
    let run = without_cas(&sandbox, &FETCH_DEV).env("SSL_CERT_FILE", ca_path(&other_ca));
    let outcome = run.run().expect(1);
    outcome.stderr_contains("nobody in the CA certificates that SSL_CERT_FILE sets has signed it");
}

/// Returns `true` if this computer has an IPv6 loopback, and reports a skip otherwise.
fn has_ipv6() -> bool {
    let has = std::net::TcpListener::bind("[::1]:0").is_ok();
    if !has {
        crate::fixture::programs::report_skip("an IPv6 loopback");
    }
    has
}

/// Creates a sandbox whose emulator listens on `[::1]`, with a token to refresh.
fn ipv6_sandbox() -> Sandbox {
    let sandbox = proxied_sandbox_with(Options {
        ipv6: true,
        tls_names: vec![OIDC.to_owned(), PORTAL.to_owned()],
        ..Options::default()
    });
    sandbox.store_token(-60);
    sandbox
}

#[test]
fn proxy_on_ipv6_loopback_works() {
    if !has_ipv6() {
        return;
    }
    let sandbox = ipv6_sandbox();
    assert!(sandbox.emulator().url().starts_with("http://[::1]:"));
    through_proxy(&sandbox, &FETCH_DEV).run().expect(0);
    assert_eq!(
        tunnel_targets(&sandbox),
        [format!("{OIDC}:443"), format!("{PORTAL}:443")]
    );
    let run = through_proxy(&sandbox, &FETCH_DEV).env("HTTPS_PROXY", "http://[::1]:1");
    std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, ROLE)).unwrap();
    run.run()
        .expect(1)
        .stderr_contains("[::1]:1, set by HTTPS_PROXY");
    through_proxy(&sandbox, &["login", "--force"])
        .approving_browser()
        .run()
        .expect(0);
}

#[test]
fn endpoint_on_ipv6_loopback_works() {
    if !has_ipv6() {
        return;
    }
    let sandbox = ipv6_sandbox();
    let other_ca = proxied_sandbox(&[]);
    for url in [sandbox.emulator().url(), sandbox.emulator().tls_url()] {
        sandbox.store_token(-60);
        sandbox.server().clear_log();
        let _ = std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, ROLE));
        let run = |arguments: &[&str]| {
            sandbox
                .sso(arguments)
                .env("AWS_ENDPOINT_URL_SSO", &url)
                .env("AWS_ENDPOINT_URL_SSO_OIDC", &url)
                // Must not be used for loopback.
                .env("HTTPS_PROXY", other_ca.emulator().url())
                .env("AWS_CA_BUNDLE", ca_path(&sandbox))
        };
        run(&FETCH_DEV).run().expect(0);
        assert_eq!(sandbox.server().count(""), 2, "{url}");
        let run = run(&["login", "--force"]).approving_browser();
        run.run().expect(0);
    }
    assert_eq!(other_ca.server().count(""), 0);
}

#[test]
fn redirects_send_no_secret_to_another_host() {
    let other = Emulator::start(Options {
        tls: true,
        ..Options::default()
    })
    .unwrap();
    for (operation, left, arguments, statuses) in [
        (
            "GetRoleCredentials",
            3600,
            FETCH_DEV.as_slice(),
            [301, 302, 303, 307, 308].as_slice(),
        ),
        ("CreateToken", -60, &FETCH_DEV, &[302, 307]),
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
            let sandbox = proxied_sandbox(&[OIDC, PORTAL, "evil.example"]);
            sandbox.store_token(left);
            if arguments[0] == "login" {
                sandbox.server().revoke_refresh_tokens();
            }
            let action = Action::Redirect { status, location };
            sandbox
                .server()
                .fault(Fault::on_operation(operation, action));
            let outcome = through_proxy(&sandbox, arguments).approving_browser().run();
            let signs_out = arguments[0] == "logout";
            assert_eq!(outcome.code == 0, signs_out, "{outcome:#?}");
            outcome.stderr_contains(&format!("answered with a redirect ({status})"));
            assert_eq!(other.handle().count(""), 0, "{operation} {status}");
            let at_aws = |host: &String| host.ends_with(".amazonaws.com:443");
            let hosts = tunnel_targets(&sandbox);
            assert!(hosts.iter().all(at_aws), "{operation} {status}: {hosts:?}");
        }
    }
}

#[test]
fn invalid_regions_reach_no_host() {
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
        let sandbox = proxied_sandbox(&hosts);
        sandbox.write_config(&config(region, "", "", ""));
        // As if the sign-in had been made in that region.
        let minted = sandbox.store_token(3600);
        let path = sandbox.token_path("corp");
        let mut token = sandbox.read_json(&path);
        token["region"] = region.into();
        sandbox.write_file(&path, token.to_string().as_bytes());
        for arguments in [
            FETCH_DEV.as_slice(),
            &["login", "--force"],
            &["login", "--force", "--device-code"],
        ] {
            let run = through_proxy(&sandbox, arguments).env("BROWSER", "true");
            let outcome = run.run();
            assert_ne!(outcome.code, 0, "{region}: {outcome:#?}");
            assert_eq!(sandbox.server().count(""), 0, "{region}: {outcome:#?}");
        }
        assert!(sandbox.server().is_valid(&minted.access_token));
    }
}
