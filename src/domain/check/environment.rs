//! Warnings about the environment: stale variables, and variables that outrank a profile.

use crate::domain::role::variables::PROFILE_VARIABLES;
use crate::domain::target::config_view::ConfigView;
use crate::domain::text::sanitize;
use crate::domain::time::Timestamp;
use crate::domain::vars::Vars;
use crate::error::Hint;

use super::finding::{Finding, quoted};

/// Known parts of the target, and the state of the shell.
#[derive(Clone, Debug, Default)]
pub struct Shell {
    /// Whether `sso` set the keys in the environment.
    pub ours: bool,
    /// Id of the selected account.
    pub account: Option<String>,
    /// Region to pass on.
    pub region: Option<String>,
    /// Whether a role is selected.
    pub role: bool,
    /// Variable that names the profile.
    pub named_by: Option<&'static str>,
}

/// Returns the warnings. `vars` reads the environment as it is, `given` without the hook's values.
pub fn environment(
    vars: Vars,
    given: Vars,
    view: &ConfigView,
    shell: &Shell,
    now: Timestamp,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    keys(vars, shell, now, &mut findings);
    profile_variables(given, view, shell, &mut findings);
    regions(given, shell, &mut findings);
    proxies(vars, &mut findings);
    findings
}

fn keys(vars: Vars, shell: &Shell, now: Timestamp, findings: &mut Vec<Finding>) {
    const KEYS: &str = "AWS_ACCESS_KEY_ID";
    let unset = "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN";
    if vars(KEYS).is_some() && !shell.ours {
        let what = "keys in the environment outrank every profile that is not named with --profile";
        findings.push(
            Finding::warning("environment_keys", what)
                .at(KEYS)
                .fix(unset),
        );
    }
    if vars(KEYS).is_some() && shell.ours {
        let ends = vars("AWS_CREDENTIAL_EXPIRATION");
        let ended = ends.as_deref().and_then(Timestamp::parse);
        if let Some(at) = ended.filter(|at| at.is_past(now)) {
            let what = format!("the credentials in this shell ended at {at}");
            findings.push(
                Finding::warning("environment_expired", what)
                    .at("AWS_CREDENTIAL_EXPIRATION")
                    .fix(Hint::ReloadEnvironment),
            );
        }
        let loaded = vars("AWS_ACCOUNT_ID");
        if let (Some(loaded), Some(meant)) = (loaded, &shell.account)
            && loaded != *meant
        {
            let what = format!(
                "this shell has credentials of account {} loaded, and {} is meant here",
                sanitize(&loaded),
                sanitize(meant)
            );
            findings.push(
                Finding::warning("environment_other_account", what)
                    .at("AWS_ACCOUNT_ID")
                    .fix(Hint::ReplaceEnvironment),
            );
        }
    }
    if vars("AWS_WEB_IDENTITY_TOKEN_FILE").is_some() && vars("AWS_ROLE_ARN").is_some() {
        let what = "a web identity in the environment outranks profiles in some tools";
        findings.push(
            Finding::warning("environment_web_identity", what)
                .at("AWS_WEB_IDENTITY_TOKEN_FILE")
                .fix("unset AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN"),
        );
    }
}

fn profile_variables(given: Vars, view: &ConfigView, shell: &Shell, findings: &mut Vec<Finding>) {
    for name in PROFILE_VARIABLES
        .into_iter()
        .filter(|name| shell.named_by != Some(name))
    {
        let Some(value) = given(name) else { continue };
        let exists =
            view.config.profile(&value).is_some() || view.credentials.profile(&value).is_some();
        if !exists {
            let what = format!(
                "it names the profile {}, which does not exist",
                quoted(&value)
            );
            findings.push(
                Finding::warning("stale_profile_variable", what)
                    .at(name)
                    .fix(format!("unset {name}")),
            );
        }
    }
    if let [Some(ours), Some(other)] = PROFILE_VARIABLES.map(given)
        && ours != other
    {
        let what = "AWS_PROFILE and AWS_DEFAULT_PROFILE name different profiles, and tools \
                    disagree about which counts";
        findings.push(
            Finding::warning("two_profile_variables", what)
                .at("AWS_DEFAULT_PROFILE")
                .fix("unset AWS_DEFAULT_PROFILE"),
        );
    }
}

fn regions(given: Vars, shell: &Shell, findings: &mut Vec<Finding>) {
    let Some(region) = &shell.region else {
        if shell.role {
            let what = "no region is set for this role; most AWS commands need one";
            findings.push(
                Finding::warning("no_region", what)
                    .fix("add `region = …` to the profile, or set AWS_REGION"),
            );
        }
        return;
    };
    for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
        if let Some(value) = given(name).filter(|value| value != region) {
            let what = format!(
                "it is {}, and outranks the profile's region {} in AWS tools",
                sanitize(&value),
                sanitize(region)
            );
            findings.push(
                Finding::warning("region_variable", what)
                    .at(name)
                    .fix(format!("unset {name}")),
            );
        }
    }
}

/// Never shows values, which may hold a password.
fn proxies(vars: Vars, findings: &mut Vec<Finding>) {
    let [https, lower] = ["HTTPS_PROXY", "https_proxy"].map(vars);
    let any = ["http_proxy", "HTTP_PROXY"]
        .into_iter()
        .find(|name| vars(name).is_some());
    let all = ["all_proxy", "ALL_PROXY"]
        .into_iter()
        .any(|name| vars(name).is_some());
    match (any, https.is_some() || lower.is_some() || all) {
        (Some(name), false) => {
            let what = "it is set and HTTPS_PROXY is not: everything at AWS is https and goes past \
                        the proxy";
            findings.push(
                Finding::warning("http_proxy_only", what)
                    .at(name)
                    .fix("set HTTPS_PROXY as well, where the proxy is needed"),
            );
        }
        (_, _) if https.is_some() && lower.is_some() && https != lower => {
            let what = "https_proxy and HTTPS_PROXY differ; the one in lower case counts";
            findings.push(
                Finding::warning("two_proxies", what)
                    .at("https_proxy")
                    .fix("set both to the same, or unset one"),
            );
        }
        _ => {}
    }
    for name in ["no_proxy", "NO_PROXY"] {
        let value = vars(name).unwrap_or_default();
        if value.contains("://") {
            let what = "it holds an address with a scheme, which matches no host";
            findings.push(
                Finding::warning("no_proxy_entry", what)
                    .at(name)
                    .fix("write hosts and domains alone: `.example.com,10.0.0.0/8`"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::config::Document;
    use crate::domain::target::config_view::ConfigExtent;

    fn codes(set: &[(&str, &str)], shell: &Shell) -> String {
        let vars = |name: &str| {
            let found = set.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let nothing = Document::default();
        let view = ConfigView {
            config: &nothing,
            credentials: &nothing,
            config_path: "c",
            credentials_path: "s",
            extent: ConfigExtent::Whole,
        };
        let found = environment(&vars, &vars, &view, shell, Timestamp(1000));
        let codes: Vec<_> = found.iter().map(|finding| finding.code).collect();
        codes.join(" ")
    }

    #[test]
    fn what_outranks_a_profile() {
        let shell = Shell::default();
        let ours = Shell {
            ours: true,
            account: Some("2".to_owned()),
            ..Shell::default()
        };
        assert_eq!(codes(&[], &shell), "");
        assert_eq!(
            codes(&[("AWS_ACCESS_KEY_ID", "A")], &shell),
            "environment_keys"
        );
        assert_eq!(codes(&[("AWS_ACCESS_KEY_ID", "A")], &ours), "");
        let loaded = [
            ("AWS_ACCESS_KEY_ID", "A"),
            ("AWS_CREDENTIAL_EXPIRATION", "1970-01-01T00:00:01Z"),
            ("AWS_ACCOUNT_ID", "1"),
        ];
        assert_eq!(
            codes(&loaded, &ours),
            "environment_expired environment_other_account"
        );
        let web = [("AWS_WEB_IDENTITY_TOKEN_FILE", "f"), ("AWS_ROLE_ARN", "a")];
        assert_eq!(codes(&web, &shell), "environment_web_identity");
    }

    #[test]
    fn profiles_and_regions() {
        let shell = Shell {
            region: Some("a".to_owned()),
            named_by: Some("AWS_PROFILE"),
            ..Shell::default()
        };
        let set = [("AWS_PROFILE", "x"), ("AWS_DEFAULT_PROFILE", "y")];
        assert_eq!(
            codes(&set, &shell),
            "stale_profile_variable two_profile_variables"
        );
        assert_eq!(codes(&[("AWS_REGION", "b")], &shell), "region_variable");
        assert_eq!(codes(&[("AWS_REGION", "a")], &shell), "");
        let role = Shell {
            role: true,
            ..Shell::default()
        };
        assert_eq!(codes(&[], &role), "no_region");
    }

    #[test]
    fn proxies_that_do_nothing() {
        let shell = Shell::default();
        assert_eq!(codes(&[("http_proxy", "a")], &shell), "http_proxy_only");
        assert_eq!(
            codes(&[("http_proxy", "a"), ("ALL_PROXY", "b")], &shell),
            ""
        );
        let both = [("HTTPS_PROXY", "a"), ("https_proxy", "b")];
        assert_eq!(codes(&both, &shell), "two_proxies");
        assert_eq!(
            codes(&[("NO_PROXY", "https://a")], &shell),
            "no_proxy_entry"
        );
    }
}
