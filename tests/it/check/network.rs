//! Hosts, certificates and proxies of a check without configured endpoints.

use std::path::PathBuf;

use emulator::Options;
use serde_json::Value;

use super::{CHECK, codes};
use crate::fixture::{ACCOUNT, CLOSED_URL, ROLE, Run, START_URL, Sandbox};

/// Creates a sandbox whose emulator is a proxy that serves these AWS hosts over TLS; also
/// returns the path of its CA certificate.
fn company_proxy(expired: bool, names: &[&str]) -> (Sandbox, PathBuf) {
    let sandbox = Sandbox::with(Options {
        tls: true,
        tls_expired: expired,
        tls_names: names.iter().map(|name| (*name).to_owned()).collect(),
        ..Options::default()
    });
    let path = sandbox.home().join("ca.pem");
    sandbox.write_file(&path, sandbox.emulator().ca_pem().as_bytes());
    sandbox.store_token(7200);
    (sandbox, path)
}

/// Prepares a check without configured endpoints, through the emulator as a proxy.
fn check_through_proxy(sandbox: &Sandbox) -> Run<'_> {
    let run = sandbox.sso(CHECK).env_remove("AWS_ENDPOINT_URL_SSO");
    run.env_remove("AWS_ENDPOINT_URL_SSO_OIDC")
        .env_remove("AWS_ENDPOINT_URL_STS")
        .env("HTTPS_PROXY", sandbox.emulator().url())
        .env("SSO_TIMEOUT", "10")
}

#[test]
fn the_regional_sts_is_called_in_every_partition_with_fips_and_dual_stack() {
    for (region, fips, dual_stack, portal, oidc, sts) in [
        (
            "eu-west-1",
            false,
            false,
            "portal.sso.eu-west-1.amazonaws.com",
            "oidc.eu-west-1.amazonaws.com",
            "sts.eu-west-1.amazonaws.com",
        ),
        (
            "eu-west-1",
            false,
            true,
            "portal.sso.eu-west-1.api.aws",
            "oidc.eu-west-1.api.aws",
            "sts.eu-west-1.api.aws",
        ),
        (
            "us-east-1",
            true,
            false,
            "portal.sso-fips.us-east-1.amazonaws.com",
            "oidc-fips.us-east-1.amazonaws.com",
            "sts-fips.us-east-1.amazonaws.com",
        ),
        (
            "us-east-1",
            true,
            true,
            "portal.sso-fips.us-east-1.api.aws",
            "oidc-fips.us-east-1.api.aws",
            "sts-fips.us-east-1.api.aws",
        ),
        (
            "us-gov-west-1",
            true,
            false,
            "portal.sso.us-gov-west-1.amazonaws.com",
            "oidc.us-gov-west-1.amazonaws.com",
            "sts.us-gov-west-1.amazonaws.com",
        ),
        (
            "cn-north-1",
            false,
            false,
            "portal.sso.cn-north-1.amazonaws.com.cn",
            "oidc.cn-north-1.amazonaws.com.cn",
            "sts.cn-north-1.amazonaws.com.cn",
        ),
        (
            "eusc-de-east-1",
            false,
            false,
            "portal.sso.eusc-de-east-1.amazonaws.eu",
            "oidc.eusc-de-east-1.amazonaws.eu",
            "sts.eusc-de-east-1.amazonaws.eu",
        ),
    ] {
        let (sandbox, ca) = company_proxy(false, &[portal, oidc, sts]);
        sandbox.write_config(&format!(
            "[sso-session corp]\nsso_start_url = {START_URL}\nsso_region = {region}\n\
             [profile dev]\nsso_session = corp\nsso_account_id = {ACCOUNT}\n\
             sso_role_name = {ROLE}\nregion = {region}\n"
        ));
        let path = sandbox.token_path("corp");
        let mut token = sandbox.read_json(&path);
        token["region"] = Value::from(region);
        sandbox.write_file(&path, token.to_string().as_bytes());
        let run = check_through_proxy(&sandbox)
            .env("AWS_CA_BUNDLE", &ca)
            .env("AWS_USE_FIPS_ENDPOINT", fips.to_string())
            .env("AWS_USE_DUALSTACK_ENDPOINT", dual_stack.to_string());
        let outcome = run.run();
        assert_eq!(outcome.code, 0, "{region}: {outcome:#?}");
        let [asked] = sandbox
            .server()
            .requests("GetCallerIdentity")
            .try_into()
            .unwrap();
        assert_eq!(asked.header("host"), Some(sts), "{region}");
        let scope = format!("/{region}/sts/aws4_request,");
        let signed = asked.header("authorization").unwrap();
        assert!(signed.contains(&scope), "{signed}");
    }
}

#[test]
fn certificate_and_proxy_failures_have_distinct_codes() {
    let names = [
        "portal.sso.eu-west-1.amazonaws.com",
        "oidc.eu-west-1.amazonaws.com",
    ];
    let (sandbox, _) = company_proxy(false, &names);
    let run = check_through_proxy(&sandbox).env("SSL_CERT_FILE", "/etc/hostname");
    assert_eq!(
        codes(&run.run().expect(113), "endpoint")[0],
        "network_settings"
    );
    let (other, ca) = company_proxy(false, &names);
    let run = check_through_proxy(&sandbox).env("AWS_CA_BUNDLE", &ca);
    assert_eq!(codes(&run.run().expect(111), "endpoint")[0], "certificate");
    drop(other);
    let (expired, ca) = company_proxy(true, &names);
    let run = check_through_proxy(&expired).env("AWS_CA_BUNDLE", &ca);
    assert_eq!(codes(&run.run().expect(111), "endpoint")[0], "certificate");
    let run = check_through_proxy(&sandbox).env("HTTPS_PROXY", CLOSED_URL);
    assert_eq!(codes(&run.run().expect(110), "endpoint")[0], "proxy");
    let run = check_through_proxy(&sandbox).env("HTTPS_PROXY", "socks5://user:hunter2@x:1");
    let outcome = run.run().expect(113);
    assert_eq!(codes(&outcome, "endpoint")[0], "network_settings");
    assert!(!outcome.stdout.contains("hunter2"), "{outcome:#?}");
}
