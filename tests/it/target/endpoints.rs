//! Where the services are: endpoints, certificates, proxies.

use emulator::Options;

use super::{asked, config, profiles, sandbox};
use crate::fixture::{ACCOUNT, CLOSED_URL, Run, Sandbox};

/// A run without the endpoints that every other run has.
fn bare<'w>(sandbox: &'w Sandbox, profile: &str) -> Run<'w> {
    sandbox
        .sso(["credential-process", "-p", profile])
        .env_remove("AWS_ENDPOINT_URL_SSO")
        .env_remove("AWS_ENDPOINT_URL_SSO_OIDC")
}

/// The profile `one` with more keys.
fn one(more: &str) -> String {
    profiles(&["one"]).trim_end().to_owned() + "\n" + more
}

/// A sandbox whose configuration comes with the emulator's address in place of `URL`.
fn world_at(more: &str) -> Sandbox {
    let sandbox = sandbox("");
    let base = config("").replace(&profiles(&["one"]), "");
    sandbox.write_config(&format!(
        "{base}{}",
        more.replace("URL", &sandbox.emulator().url())
    ));
    sandbox
}

#[test]
fn the_variable_of_the_service_outranks_the_one_for_all() {
    let sandbox = sandbox(&config(""));
    let run = bare(&sandbox, "one")
        .env("AWS_ENDPOINT_URL", CLOSED_URL)
        .env("AWS_ENDPOINT_URL_SSO", sandbox.emulator().url());
    assert_eq!(asked(&sandbox, run), format!("one {ACCOUNT}"));
    let run = bare(&sandbox, "two").env("AWS_ENDPOINT_URL", sandbox.emulator().url());
    assert_eq!(asked(&sandbox, run), format!("two {ACCOUNT}"));
}

#[test]
fn the_services_section_outranks_the_profiles_own_endpoint() {
    let sandbox = world_at(&one(&format!(
        "services = local\nendpoint_url = {CLOSED_URL}\n\n\
         [services local]\ns3 =\n  endpoint_url = {CLOSED_URL}\nsso =\n  endpoint_url = URL\n\
         sso_oidc =\n  endpoint_url = URL\n"
    )));
    assert_eq!(
        asked(&sandbox, bare(&sandbox, "one")),
        format!("one {ACCOUNT}")
    );
    // A variable outranks both.
    std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, "one")).unwrap();
    let run = bare(&sandbox, "one")
        .env("AWS_ENDPOINT_URL", CLOSED_URL)
        .run();
    run.expect(1).stderr_contains("127.0.0.1:1");
}

#[test]
fn the_profiles_own_endpoint_serves_both_services() {
    let sandbox = world_at(&one("endpoint_url = URL\n"));
    let expired = sandbox.store_token(-60);
    assert_eq!(
        asked(&sandbox, bare(&sandbox, "one")),
        format!("one {ACCOUNT}")
    );
    assert!(
        !sandbox
            .server()
            .is_refreshable(&expired.refresh_token.unwrap())
    );
}

#[test]
fn without_a_profile_the_keys_of_the_session_and_of_default_count() {
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
        asked(sandbox, run.env("AWS_PROFILE", "one"))
    };
    let sandbox = world_at(&one(&format!(
        "endpoint_url = {CLOSED_URL}\n\n[default]\nendpoint_url = URL\n"
    )));
    assert_eq!(complete(&sandbox), format!("two {ACCOUNT}"));
    let sandbox = world_at(&one(&format!(
        "\n[sso-session corp]\nendpoint_url = URL\n\n[default]\nendpoint_url = {CLOSED_URL}\n"
    )));
    assert_eq!(complete(&sandbox), format!("two {ACCOUNT}"));
}

#[test]
fn a_sign_in_goes_where_the_profile_that_names_the_session_says() {
    let sandbox = world_at(&one("endpoint_url = URL\n"));
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
fn an_unsafe_endpoint_is_refused_and_its_setter_named() {
    let text = config("").replace(
        &profiles(&["one"]),
        &one("services = far\n\n[services far]\nsso =\n  endpoint_url = http://sso.example\n\n"),
    ) + "[profile far]\nendpoint_url = http://far.example\nsso_session = corp\n\
         sso_account_id = 111122223333\nsso_role_name = one\n";
    let sandbox = sandbox(&text);
    let line = |of: &str| text.lines().position(|line| line.contains(of)).unwrap() + 1;
    let says = |run: Run, what: &str| {
        let outcome = run.run().expect(1).stderr_contains(what);
        outcome.stderr_contains("hint: tokens are sent only over https, or to this computer");
    };
    let nested = format!("endpoint_url (~/.aws/config:{})", line("sso.example"));
    says(
        bare(&sandbox, "one"),
        &format!("{nested} sets the endpoint http://sso.example, which is not https"),
    );
    let own = format!("endpoint_url (~/.aws/config:{})", line("far.example"));
    says(
        bare(&sandbox, "far"),
        &format!("{own} sets the endpoint http://far.example"),
    );
    for variable in [
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_SSO",
        "AWS_ENDPOINT_URL_SSO_OIDC",
    ] {
        let run = bare(&sandbox, "two").env(variable, "http://127.0.0.1.example");
        says(run, &format!("{variable} sets the endpoint"));
    }
    sandbox.write_file(
        &sandbox.home().join(".aws/credentials"),
        b"[two]\n\nendpoint_url = http://near.example\n",
    );
    says(
        bare(&sandbox, "two"),
        "endpoint_url (~/.aws/credentials:3) sets the endpoint",
    );
    assert_eq!(sandbox.server().count(""), 0);
}

#[test]
fn fips_and_dual_stack_do_not_go_with_a_chosen_endpoint() {
    let sandbox =
        sandbox(&config("").replace(&profiles(&["one"]), &one("use_fips_endpoint = true\n\n")));
    let url = sandbox.emulator().url();
    bare(&sandbox, "one")
        .env("AWS_ENDPOINT_URL_SSO", &url)
        .run()
        .expect(1)
        .stderr_contains(
            "error: FIPS endpoints are asked for, and AWS_ENDPOINT_URL_SSO sets an endpoint",
        )
        .stderr_contains("hint: remove one of the two");
    bare(&sandbox, "two")
        .env("AWS_USE_DUALSTACK_ENDPOINT", "true")
        .env("AWS_ENDPOINT_URL", &url)
        .run()
        .expect(1)
        .stderr_contains(
            "error: dual stack endpoints are asked for, and AWS_ENDPOINT_URL sets an endpoint",
        );
    // The variable outranks the key.
    let run = bare(&sandbox, "one")
        .env("AWS_USE_FIPS_ENDPOINT", "false")
        .env("AWS_ENDPOINT_URL", &url);
    assert_eq!(asked(&sandbox, run), format!("one {ACCOUNT}"));
}

fn encrypted(names: &[&str]) -> Sandbox {
    let sandbox = Sandbox::with(Options {
        tls: true,
        tls_names: names.iter().map(|name| (*name).to_owned()).collect(),
        ..Options::default()
    });
    sandbox.write_config(&config(""));
    sandbox.store_token(7200);
    sandbox.server().assign(ACCOUNT, "one");
    sandbox.write_file(
        &sandbox.home().join("ca.pem"),
        sandbox.emulator().ca_pem().as_bytes(),
    );
    sandbox
}

#[test]
fn a_certificate_of_the_given_authority_is_accepted_and_no_other() {
    let sandbox = encrypted(&[]);
    let url = sandbox.emulator().tls_url();
    let tls = || bare(&sandbox, "one").env("AWS_ENDPOINT_URL", &url);
    tls()
        .run()
        .expect(1)
        .stderr_contains("certificate")
        .stderr_contains("AWS_CA_BUNDLE");
    let another = encrypted(&[]);
    tls()
        .env("AWS_CA_BUNDLE", another.home().join("ca.pem"))
        .run()
        .expect(1)
        .stderr_contains("certificate");
    assert_eq!(sandbox.server().count(""), 0);
    let run = tls().env("AWS_CA_BUNDLE", sandbox.home().join("ca.pem"));
    assert_eq!(asked(&sandbox, run), format!("one {ACCOUNT}"));
}

#[test]
fn the_authority_can_stand_in_the_profile() {
    let sandbox = encrypted(&[]);
    let url = sandbox.emulator().tls_url();
    sandbox
        .write_config(&config("").replace(&profiles(&["one"]), &one("ca_bundle = ~/ca.pem\n\n")));
    let run = bare(&sandbox, "one").env("AWS_ENDPOINT_URL", &url);
    assert_eq!(asked(&sandbox, run), format!("one {ACCOUNT}"));
    sandbox.write_file(&sandbox.home().join("ca.pem"), b"no certificate\n");
    std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, "one")).unwrap();
    let tls = || bare(&sandbox, "one").env("AWS_ENDPOINT_URL", &url);
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
fn ignored_endpoints_are_not_used_and_derived_ones_are() {
    let sandbox = encrypted(&["portal.sso.eu-west-1.amazonaws.com"]);
    let run = bare(&sandbox, "one")
        .env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
        .env("AWS_ENDPOINT_URL", CLOSED_URL)
        .env("AWS_CA_BUNDLE", sandbox.home().join("ca.pem"))
        .env("https_proxy", sandbox.emulator().url());
    assert_eq!(asked(&sandbox, run), format!("one {ACCOUNT}"));
    assert_eq!(sandbox.server().count("Connect"), 1);
}

#[test]
fn no_proxy_and_this_computer_go_past_the_proxy() {
    // A name that exists nowhere (RFC 6761) is reached through the proxy or not at all.
    let sandbox = encrypted(&["sso.invalid"]);
    let proxied = |no_proxy: &str| {
        bare(&sandbox, "one")
            .env("AWS_ENDPOINT_URL", "https://sso.invalid")
            .env("AWS_CA_BUNDLE", sandbox.home().join("ca.pem"))
            .env("HTTPS_PROXY", sandbox.emulator().url())
            .env("NO_PROXY", no_proxy)
            .env("SSO_TIMEOUT", "5")
    };
    for past in ["sso.invalid", ".invalid", "example.com,sso.invalid", "*"] {
        assert_eq!(proxied(past).run().expect(1).stdout, "", "{past}");
        assert_eq!(sandbox.server().count(""), 0, "{past}");
    }
    let run = proxied("example.com,o.invalid");
    assert_eq!(asked(&sandbox, run), format!("one {ACCOUNT}"));
    assert_eq!(sandbox.server().count("Connect"), 1);
    std::fs::remove_file(sandbox.role_path("corp", ACCOUNT, "one")).unwrap();
    let here = bare(&sandbox, "one")
        .env("AWS_ENDPOINT_URL", sandbox.emulator().tls_url())
        .env("AWS_CA_BUNDLE", sandbox.home().join("ca.pem"))
        .env("HTTPS_PROXY", CLOSED_URL);
    assert_eq!(asked(&sandbox, here), format!("one {ACCOUNT}"));
}
