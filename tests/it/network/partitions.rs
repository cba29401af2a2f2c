//! Every partition's hosts, plain, with FIPS and with dual stack: one sign-in, one refresh
//! and one fetch at each, and no other host is asked for.

use super::{company, config, proxied, tunnels};
use crate::fixture::{ACCOUNT, ROLE, Sandbox, stamp};

/// What can be asked for, and the two hosts that it leads to.
struct Variant {
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
) -> Variant {
    Variant {
        fips,
        dual_stack,
        oidc,
        portal,
    }
}

/// Where the wish for FIPS or dual stack stands.
#[derive(Clone, Copy, Debug)]
enum Place {
    Variables,
    Profile,
    Session,
    Default,
}

const PLACES: [Place; 4] = [
    Place::Variables,
    Place::Profile,
    Place::Session,
    Place::Default,
];

/// Signs in, refreshes and fetches in each variant. `turn` is where the wish of the first
/// one stands; the four partitions together have every variant in every place.
fn each(region: &str, variants: &[Variant], turn: usize) {
    for (number, variant) in variants.iter().enumerate() {
        let place = PLACES[(turn + number) % PLACES.len()];
        let sandbox = company(&[variant.oidc, variant.portal]);
        let wishes = [
            ("use_fips_endpoint", variant.fips),
            ("use_dualstack_endpoint", variant.dual_stack),
        ];
        let wishes = wishes.into_iter().filter(|(_, wanted)| *wanted);
        let keys: String = wishes.map(|(key, _)| format!("{key} = true\n")).collect();
        let keys = keys.as_str();
        sandbox.write_config(&match place {
            Place::Variables => config(region, "", "", ""),
            Place::Profile => config(region, "", keys, ""),
            Place::Session => config(region, keys, "", ""),
            Place::Default => config(region, "", "", &format!("[default]\n{keys}")),
        });
        one(&sandbox, variant, place, region);
    }
}

fn one(sandbox: &Sandbox, variant: &Variant, place: Place, region: &str) {
    let what = format!(
        "{region}, {place:?}, {} {}",
        variant.fips, variant.dual_stack
    );
    // Only without a profile do the keys of the session and of `[default]` count.
    let (sign_in, fetch): (&[&str], &[&str]) = match place {
        Place::Variables | Place::Profile => (
            &["login", "-p", "dev"],
            &["credential-process", "-p", "dev"],
        ),
        Place::Session | Place::Default => (
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
        let run = proxied(sandbox, arguments);
        match place {
            Place::Variables => run
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
    // By `sso` and by the browser.
    assert!(
        tunnels(sandbox).iter().all(|host| *host == oidc),
        "{what}: {:?}",
        tunnels(sandbox)
    );
    let path = sandbox.token_path("corp");
    let mut token = sandbox.read_json(&path);
    assert_eq!(token["region"], region);

    token["expiresAt"] = stamp(-60).into();
    sandbox.write_file(&path, token.to_string().as_bytes());
    sandbox.server().clear_log();
    let outcome = run(fetch).run();
    assert_eq!(outcome.code, 0, "{what}: {outcome:#?}");
    assert_eq!(tunnels(sandbox), [oidc.as_str(), &portal], "{what}");
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
fn aws() {
    const VARIANTS: [Variant; 4] = [
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
    each("eu-west-1", &VARIANTS, 0);
}

#[test]
fn aws_cn() {
    const VARIANTS: [Variant; 4] = [
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
    each("cn-north-1", &VARIANTS, 1);
}

#[test]
fn aws_us_gov() {
    const VARIANTS: [Variant; 4] = [
        variant(
            false,
            false,
            "oidc.us-gov-west-1.amazonaws.com",
            "portal.sso.us-gov-west-1.amazonaws.com",
        ),
        // All of GovCloud is FIPS, and has no other host for it.
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
    each("us-gov-west-1", &VARIANTS, 2);
}

#[test]
fn aws_eusc() {
    const VARIANTS: [Variant; 4] = [
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
    each("eusc-de-east-1", &VARIANTS, 3);
}
