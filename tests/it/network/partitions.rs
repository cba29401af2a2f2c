//! Hosts of every partition, plain, with FIPS and with dual stack: one sign-in, one refresh and
//! one fetch each, without a connection to any other host.

use super::{config, proxied_sandbox, through_proxy, tunnel_targets};
use crate::fixture::{ACCOUNT, ROLE, Sandbox, stamp};

/// A combination of FIPS and dual stack, and its two hosts.
struct EndpointVariant {
    fips: bool,
    dual_stack: bool,
    oidc: &'static str,
    portal: &'static str,
}

const fn variant(
    fips: bool,
    dual_stack: bool,
    oidc: &'static str,
    portal: &'static str,
) -> EndpointVariant {
    EndpointVariant {
        fips,
        dual_stack,
        oidc,
        portal,
    }
}

/// Source of the FIPS and dual-stack settings.
#[derive(Clone, Copy, Debug)]
enum SettingSource {
    Variables,
    Profile,
    Session,
    Default,
}

const SOURCES: [SettingSource; 4] = [
    SettingSource::Variables,
    SettingSource::Profile,
    SettingSource::Session,
    SettingSource::Default,
];

/// Signs in, refreshes and fetches in each variant.
///
/// `first_source` is the index of the first variant's setting source; together the four
/// partitions test every variant with every source.
fn assert_hosts_of_variants(region: &str, variants: &[EndpointVariant], first_source: usize) {
    for (number, variant) in variants.iter().enumerate() {
        let source = SOURCES[(first_source + number) % SOURCES.len()];
        let sandbox = proxied_sandbox(&[variant.oidc, variant.portal]);
        let settings = [
            ("use_fips_endpoint", variant.fips),
            ("use_dualstack_endpoint", variant.dual_stack),
        ];
        let enabled = settings.into_iter().filter(|(_, enabled)| *enabled);
        let keys: String = enabled.map(|(key, _)| format!("{key} = true\n")).collect();
        let keys = keys.as_str();
        sandbox.write_config(&match source {
            SettingSource::Variables => config(region, "", "", ""),
            SettingSource::Profile => config(region, "", keys, ""),
            SettingSource::Session => config(region, keys, "", ""),
            SettingSource::Default => config(region, "", "", &format!("[default]\n{keys}")),
        });
        assert_variant(&sandbox, variant, source, region);
    }
}

fn assert_variant(
    sandbox: &Sandbox,
    variant: &EndpointVariant,
    source: SettingSource,
    region: &str,
) {
    let what = format!(
        "{region}, {source:?}, {} {}",
        variant.fips, variant.dual_stack
    );
    // The keys of the session and of `[default]` apply only without a profile.
    let (sign_in, fetch): (&[&str], &[&str]) = match source {
        SettingSource::Variables | SettingSource::Profile => (
            &["login", "-p", "dev"],
            &["credential-process", "-p", "dev"],
        ),
        SettingSource::Session | SettingSource::Default => (
            &["login", "-s", "corp"],
            &[
                "credential-process",
                "-s",
                "corp",
                "-a",
                ACCOUNT,
                "-r",
                ROLE,
            ],
        ),
    };
    let run = |arguments: &[&str]| {
        let run = through_proxy(sandbox, arguments);
        match source {
            SettingSource::Variables => run
                .env("AWS_USE_FIPS_ENDPOINT", variant.fips.to_string())
                .env("AWS_USE_DUALSTACK_ENDPOINT", variant.dual_stack.to_string()),
            _ => run,
        }
    };
    let oidc = format!("{}:443", variant.oidc);
    let portal = format!("{}:443", variant.portal);

    let outcome = run(sign_in).approving_browser().run();
    assert_eq!(outcome.code, 0, "{what}: {outcome:#?}");
    assert_eq!(sandbox.server().count("CreateToken:authorization_code"), 1);
    // Includes the browser's connections.
    assert!(
        tunnel_targets(sandbox).iter().all(|host| *host == oidc),
        "{what}: {:?}",
        tunnel_targets(sandbox)
    );
    let path = sandbox.token_path("corp");
    let mut token = sandbox.read_json(&path);
    assert_eq!(token["region"], region);

    token["expiresAt"] = stamp(-60).into();
    sandbox.write_file(&path, token.to_string().as_bytes());
    sandbox.server().clear_log();
    let outcome = run(fetch).run();
    assert_eq!(outcome.code, 0, "{what}: {outcome:#?}");
    assert_eq!(tunnel_targets(sandbox), [oidc.as_str(), &portal], "{what}");
    let asked: Vec<_> = sandbox
        .server()
        .log()
        .into_iter()
        .filter(|entry| entry.operation != "Connect")
        .map(|entry| {
            let host = entry.header("host").unwrap_or_default().to_owned();
            (entry.operation, host)
        })
        .collect();
    assert_eq!(
        asked,
        [
            (
                "CreateToken:refresh_token".to_owned(),
                variant.oidc.to_owned()
            ),
            ("GetRoleCredentials".to_owned(), variant.portal.to_owned()),
        ],
        "{what}"
    );
}

#[test]
fn aws_partition_hosts() {
    const VARIANTS: [EndpointVariant; 4] = [
        variant(
            false,
            false,
            "oidc.eu-west-1.amazonaws.com",
            "portal.sso.eu-west-1.amazonaws.com",
        ),
        variant(
            true,
            false,
            "oidc-fips.eu-west-1.amazonaws.com",
            "portal.sso-fips.eu-west-1.amazonaws.com",
        ),
        variant(
            false,
            true,
            "oidc.eu-west-1.api.aws",
            "portal.sso.eu-west-1.api.aws",
        ),
        variant(
            true,
            true,
            "oidc-fips.eu-west-1.api.aws",
            "portal.sso-fips.eu-west-1.api.aws",
        ),
    ];
    assert_hosts_of_variants("eu-west-1", &VARIANTS, 0);
}

#[test]
fn aws_cn_partition_hosts() {
    const VARIANTS: [EndpointVariant; 4] = [
        variant(
            false,
            false,
            "oidc.cn-north-1.amazonaws.com.cn",
            "portal.sso.cn-north-1.amazonaws.com.cn",
        ),
        variant(
            true,
            false,
            "oidc-fips.cn-north-1.amazonaws.com.cn",
            "portal.sso-fips.cn-north-1.amazonaws.com.cn",
        ),
        variant(
            false,
            true,
            "oidc.cn-north-1.api.amazonwebservices.com.cn",
            "portal.sso.cn-north-1.api.amazonwebservices.com.cn",
        ),
        variant(
            true,
            true,
            "oidc-fips.cn-north-1.api.amazonwebservices.com.cn",
            "portal.sso-fips.cn-north-1.api.amazonwebservices.com.cn",
        ),
    ];
    assert_hosts_of_variants("cn-north-1", &VARIANTS, 1);
}

#[test]
fn aws_us_gov_partition_hosts() {
    const VARIANTS: [EndpointVariant; 4] = [
        variant(
            false,
            false,
            "oidc.us-gov-west-1.amazonaws.com",
            "portal.sso.us-gov-west-1.amazonaws.com",
        ),
        // All GovCloud endpoints are FIPS endpoints; there is no separate FIPS host.
        variant(
            true,
            false,
            "oidc.us-gov-west-1.amazonaws.com",
            "portal.sso.us-gov-west-1.amazonaws.com",
        ),
        variant(
            false,
            true,
            "oidc.us-gov-west-1.api.aws",
            "portal.sso.us-gov-west-1.api.aws",
        ),
        variant(
            true,
            true,
            "oidc-fips.us-gov-west-1.api.aws",
            "portal.sso-fips.us-gov-west-1.api.aws",
        ),
    ];
    assert_hosts_of_variants("us-gov-west-1", &VARIANTS, 2);
}

#[test]
fn aws_eusc_partition_hosts() {
    const VARIANTS: [EndpointVariant; 4] = [
        variant(
            false,
            false,
            "oidc.eusc-de-east-1.amazonaws.eu",
            "portal.sso.eusc-de-east-1.amazonaws.eu",
        ),
        variant(
            true,
            false,
            "oidc-fips.eusc-de-east-1.amazonaws.eu",
            "portal.sso-fips.eusc-de-east-1.amazonaws.eu",
        ),
        variant(
            false,
            true,
            "oidc.eusc-de-east-1.api.amazonwebservices.eu",
            "portal.sso.eusc-de-east-1.api.amazonwebservices.eu",
        ),
        variant(
            true,
            true,
            "oidc-fips.eusc-de-east-1.api.amazonwebservices.eu",
            "portal.sso-fips.eusc-de-east-1.api.amazonwebservices.eu",
        ),
    ];
    assert_hosts_of_variants("eusc-de-east-1", &VARIANTS, 3);
}
