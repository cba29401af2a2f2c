//! Endpoints of the services, certificates and proxies.

use emulator::Options;

use super::{config_text, profile_sections, requested_role, sandbox_with_config};
use crate::fixture::{ACCOUNT, CLOSED_URL, Run, Sandbox};

/// Prepares `credential-process` without endpoint variables.
fn without_endpoints<'w>(sandbox: &'w Sandbox, profile: &str) -> Run<'w> {
    sandbox
        .sso(["credential-process", "-p", profile])
        .env_remove("AWS_ENDPOINT_URL_SSO")
        .env_remove("AWS_ENDPOINT_URL_SSO_OIDC")
}

/// Formats the profile `one` with more keys.
fn profile_one_with(more: &str) -> String {
    profile_sections(&["one"]).trim_end().to_owned() + "\n" + more
}

/// Creates a sandbox with more configuration, in which `URL` is replaced by the emulator's URL.
fn sandbox_with_url(more: &str) -> Sandbox {
    let sandbox = sandbox_with_config("");
    let base = config_text("").replace(&profile_sections(&["one"]), "");
    sandbox.write_config(&format!(
        "{base}{}",
        more.replace("URL", &sandbox.emulator().url())
    ));
    sandbox
}

#[test]
fn service_endpoint_variable_precedes_the_general_one() {
    let sandbox = sandbox_with_config(&config_text(""));
    let run = without_endpoints(&sandbox, "one")
        .env("AWS_ENDPOINT_URL", CLOSED_URL)
        .env("AWS_ENDPOINT_URL_SSO", sandbox.emulator().url());
    assert_eq!(requested_role(&sandbox, run), format!("one {ACCOUNT}"));
    let run = without_endpoints(&sandbox, "two").env("AWS_ENDPOINT_URL", sandbox.emulator().url());
    assert_eq!(requested_role(&sandbox, run), format!("two {ACCOUNT}"));
}

#[test]
fn services_section_precedes_the_profile_endpoint() {
    let sandbox = sandbox_with_url(&profile_one_with(&format!(
        "services = local\nendpoint_url = {CLOSED_URL}\n\n\
         [services local]\ns3 =\n  endpoint_url = {CLOSED_URL}\nsso =\n  endpoint_url = URL\n\
         sso_oidc =\n  endpoint_url = URL\n"
    )));
    assert_eq!(
        requested_role(&sandbox, without_endpoints(&sandbox, "one")),
        format!("one {ACCOUNT}")
    );
    // A variable takes precedence over both.
    std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, "one")).unwrap();
    let run = without_endpoints(&sandbox, "one")
        .env("AWS_ENDPOINT_URL", CLOSED_URL)
        .run();
    run.expect(1).stderr_contains("127.0.0.1:1");
}

#[test]
fn profile_endpoint_applies_to_both_services() {
    let sandbox = sandbox_with_url(&profile_one_with("endpoint_url = URL\n"));
    let expired = sandbox.store_token(-60);
    assert_eq!(
        requested_role(&sandbox, without_endpoints(&sandbox, "one")),
        format!("one {ACCOUNT}")
    );
    assert!(
        !sandbox
            .server()
            .is_refreshable(&expired.refresh_token.unwrap())
    );
}

#[test]
fn without_a_profile_session_and_default_endpoints_apply() {
    let complete = |sandbox: &Sandbox| {
        let run = sandbox.sso([
            "credential-process",
            "-s",
            "corp",
            "-a",
            ACCOUNT,
            "-r",
            "two",
        ]);
        let run = run
            .env_remove("AWS_ENDPOINT_URL_SSO")
            .env_remove("AWS_ENDPOINT_URL_SSO_OIDC");
        requested_role(sandbox, run.env("AWS_PROFILE", "one"))
    };
    let sandbox = sandbox_with_url(&profile_one_with(&format!(
        "endpoint_url = {CLOSED_URL}\n\n[default]\nendpoint_url = URL\n"
    )));
    assert_eq!(complete(&sandbox), format!("two {ACCOUNT}"));
    let sandbox = sandbox_with_url(&profile_one_with(&format!(
        "\n[sso-session corp]\nendpoint_url = URL\n\n[default]\nendpoint_url = {CLOSED_URL}\n"
    )));
    assert_eq!(complete(&sandbox), format!("two {ACCOUNT}"));
}

#[test]
fn sign_in_uses_the_endpoint_of_the_selected_profile() {
    let sandbox = sandbox_with_url(&profile_one_with("endpoint_url = URL\n"));
    std::fs::remove_file(sandbox.token_path("corp")).unwrap();
    for arguments in [vec!["login"], vec!["login", "--force", "-p", "one"]] {
        sandbox
            .sso(arguments)
            .env_remove("AWS_ENDPOINT_URL_SSO")
            .env_remove("AWS_ENDPOINT_URL_SSO_OIDC")
            .env("AWS_PROFILE", "one")
            .approving_browser()
            .run()
            .expect(0);
    }
    assert_eq!(sandbox.server().count("Logout"), 1);
}

#[test]
fn unsafe_endpoint_is_rejected_and_its_source_named() {
    let text = config_text("").replace(
        &profile_sections(&["one"]),
        &profile_one_with(
            "services = far\n\n[services far]\nsso =\n  endpoint_url = http://sso.example\n\n",
        ),
    ) + "[profile far]\nendpoint_url = http://far.example\nsso_session = corp\n\
         sso_account_id = 111122223333\nsso_role_name = one\n";
    let sandbox = sandbox_with_config(&text);
    let line = |of: &str| text.lines().position(|line| line.contains(of)).unwrap() + 1;
    let says = |run: Run, what: &str| {
        let outcome = run.run().expect(1).stderr_contains(what);
        outcome.stderr_contains("hint: tokens are sent only over https, or to this computer");
    };
    let nested = format!("endpoint_url (~/.aws/config:{})", line("sso.example"));
    says(
        without_endpoints(&sandbox, "one"),
        &format!("{nested} sets the endpoint http://sso.example, which is not https"),
    );
    let own = format!("endpoint_url (~/.aws/config:{})", line("far.example"));
    says(
        without_endpoints(&sandbox, "far"),
        &format!("{own} sets the endpoint http://far.example"),
    );
    for variable in [
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_SSO",
        "AWS_ENDPOINT_URL_SSO_OIDC",
    ] {
        let run = without_endpoints(&sandbox, "two").env(variable, "http://127.0.0.1.example");
        says(run, &format!("{variable} sets the endpoint"));
    }
    sandbox.write_file(
        &sandbox.home().join(".aws/credentials"),
        b"[two]\n\nendpoint_url = http://near.example\n",
    );
    says(
        without_endpoints(&sandbox, "two"),
        "endpoint_url (~/.aws/credentials:3) sets the endpoint",
    );
    assert_eq!(sandbox.server().count(""), 0);
}

#[test]
fn fips_and_dual_stack_conflict_with_a_configured_endpoint() {
    let sandbox = sandbox_with_config(&config_text("").replace(
        &profile_sections(&["one"]),
        &profile_one_with("use_fips_endpoint = true\n\n"),
    ));
    let url = sandbox.emulator().url();
    without_endpoints(&sandbox, "one")
        .env("AWS_ENDPOINT_URL_SSO", &url)
        .run()
        .expect(1)
        .stderr_contains(
            "error: FIPS endpoints are asked for, and AWS_ENDPOINT_URL_SSO sets an endpoint",
        )
        .stderr_contains("hint: remove one of the two");
    without_endpoints(&sandbox, "two")
        .env("AWS_USE_DUALSTACK_ENDPOINT", "true")
        .env("AWS_ENDPOINT_URL", &url)
        .run()
        .expect(1)
        .stderr_contains(
            "error: dual stack endpoints are asked for, and AWS_ENDPOINT_URL sets an endpoint",
        );
    // The variable takes precedence over the key.
    let run = without_endpoints(&sandbox, "one")
        .env("AWS_USE_FIPS_ENDPOINT", "false")
        .env("AWS_ENDPOINT_URL", &url);
    assert_eq!(requested_role(&sandbox, run), format!("one {ACCOUNT}"));
}

/// Creates a signed-in sandbox whose emulator has TLS with a certificate for these names.
fn sandbox_with_tls(names: &[&str]) -> Sandbox {
    let sandbox = Sandbox::with(Options {
        tls: true,
        tls_names: names.iter().map(|name| (*name).to_owned()).collect(),
        ..Options::default()
    });
    sandbox.write_config(&config_text(""));
    sandbox.store_token(7200);
    sandbox.server().assign(ACCOUNT, "one");
    sandbox.write_file(
        &sandbox.home().join("ca.pem"),
        sandbox.emulator().ca_pem().as_bytes(),
    );
    sandbox
}

#[test]
fn only_certificates_of_the_configured_ca_are_accepted() {
    let sandbox = sandbox_with_tls(&[]);
    let url = sandbox.emulator().tls_url();
    let tls = || without_endpoints(&sandbox, "one").env("AWS_ENDPOINT_URL", &url);
    tls()
        .run()
        .expect(1)
        .stderr_contains("certificate")
        .stderr_contains("AWS_CA_BUNDLE");
    let another = sandbox_with_tls(&[]);
    tls()
        .env("AWS_CA_BUNDLE", another.home().join("ca.pem"))
        .run()
        .expect(1)
        .stderr_contains("certificate");
    assert_eq!(sandbox.server().count(""), 0);
    let run = tls().env("AWS_CA_BUNDLE", sandbox.home().join("ca.pem"));
    assert_eq!(requested_role(&sandbox, run), format!("one {ACCOUNT}"));
}

#[test]
fn ca_bundle_can_be_set_in_the_profile() {
    let sandbox = sandbox_with_tls(&[]);
    let url = sandbox.emulator().tls_url();
    sandbox.write_config(&config_text("").replace(
        &profile_sections(&["one"]),
        &profile_one_with("ca_bundle = ~/ca.pem\n\n"),
    ));
    let run = without_endpoints(&sandbox, "one").env("AWS_ENDPOINT_URL", &url);
    assert_eq!(requested_role(&sandbox, run), format!("one {ACCOUNT}"));
    sandbox.write_file(&sandbox.home().join("ca.pem"), b"no certificate\n");
    std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, "one")).unwrap();
    let tls = || without_endpoints(&sandbox, "one").env("AWS_ENDPOINT_URL", &url);
    tls()
        .run()
        .expect(1)
        .stderr_contains("sets cannot be used: it holds no PEM certificate")
        .stderr_contains("ca_bundle");
    std::fs::remove_file(sandbox.home().join("ca.pem")).unwrap();
    tls()
        .run()
        .expect(1)
        .stderr_contains("cannot read the CA bundle")
        .stderr_contains("hint: it is set by ca_bundle (~/.aws/config:");
}

#[test]
fn ignored_endpoints_are_replaced_by_derived_ones() {
    let sandbox = sandbox_with_tls(&["portal.sso.eu-west-1.amazonaws.com"]);
    let run = without_endpoints(&sandbox, "one")
        .env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
        .env("AWS_ENDPOINT_URL", CLOSED_URL)
        .env("AWS_CA_BUNDLE", sandbox.home().join("ca.pem"))
        .env("https_proxy", sandbox.emulator().url());
    assert_eq!(requested_role(&sandbox, run), format!("one {ACCOUNT}"));
    assert_eq!(sandbox.server().count("Connect"), 1);
}

#[test]
fn no_proxy_and_loopback_bypass_the_proxy() {
    // `.invalid` never resolves (RFC 6761), so the host is only reached through the proxy.
    let sandbox = sandbox_with_tls(&["sso.invalid"]);
    let through_proxy = |no_proxy: &str| {
        without_endpoints(&sandbox, "one")
            .env("AWS_ENDPOINT_URL", "https://sso.invalid")
            .env("AWS_CA_BUNDLE", sandbox.home().join("ca.pem"))
            .env("HTTPS_PROXY", sandbox.emulator().url())
            .env("NO_PROXY", no_proxy)
            .env("SSO_TIMEOUT", "5")
    };
    for past in ["sso.invalid", ".invalid", "example.com,sso.invalid", "*"] {
        assert_eq!(through_proxy(past).run().expect(1).stdout, "", "{past}");
        assert_eq!(sandbox.server().count(""), 0, "{past}");
    }
    let run = through_proxy("example.com,o.invalid");
    assert_eq!(requested_role(&sandbox, run), format!("one {ACCOUNT}"));
    assert_eq!(sandbox.server().count("Connect"), 1);
    std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, "one")).unwrap();
    let here = without_endpoints(&sandbox, "one")
        .env("AWS_ENDPOINT_URL", sandbox.emulator().tls_url())
        .env("AWS_CA_BUNDLE", sandbox.home().join("ca.pem"))
        .env("HTTPS_PROXY", CLOSED_URL);
    assert_eq!(requested_role(&sandbox, here), format!("one {ACCOUNT}"));
}
