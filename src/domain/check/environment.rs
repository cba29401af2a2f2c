//! Warnings about the environment: stale variables, and variables that outrank a profile.

use crate::domain::directory::hook::protect;
use crate::domain::role::environment_variables::PROFILE_VARIABLES;
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
    pub region: Option<String>,
    /// Region of the selected session.
    pub session_region: Option<String>,
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

/// Returns the warning about patterns of `SSO_PROTECT` that match no known name.
pub fn protect_patterns(patterns: &str, unmatched: &[String]) -> Option<Finding> {
    let names: Vec<String> = unmatched.iter().map(|pattern| quoted(pattern)).collect();
    let what = format!(
        "no known profile, account or role matches {}",
        names.join(", ")
    );
    let finding = Finding::warning("pattern_without_match", what).at(protect::VARIABLE);
    let is_separator = |c| ",;|'\"".contains(c);
    let fix = match unmatched
        .iter()
        .any(|pattern| pattern.contains(is_separator))
    {
        true => {
            let patterns: Vec<&str> = patterns.split([',', ';', '|', '\'', '"', ' ']).collect();
            let patterns = patterns.join(" ");
            let patterns: Vec<&str> = patterns.split_whitespace().collect();
            Hint::Text(format!(
                "separate them by spaces: export SSO_PROTECT='{}'",
                sanitize(&patterns.join(" "))
            ))
        }
        false => Hint::RefreshNames,
    };
    (!names.is_empty()).then(|| finding.fix(fix))
}

fn keys(vars: Vars, shell: &Shell, now: Timestamp, findings: &mut Vec<Finding>) {
    const KEYS: &str = "AWS_ACCESS_KEY_ID";
    let unset = "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN";
    if vars(KEYS).is_some() && !shell.ours {
        let what = "keys in the environment outrank every profile that is not named with --profile";
        let finding = Finding::warning("environment_keys", what).at(KEYS);
        findings.push(finding.fix(unset));
    }
    if vars(KEYS).is_some() && shell.ours {
        let ends = vars("AWS_CREDENTIAL_EXPIRATION");
        let ended = ends.as_deref().and_then(Timestamp::parse);
        if let Some(at) = ended.filter(|at| at.is_past(now)) {
            let what = format!("the credentials in this shell ended at {at}");
            let finding =
                Finding::warning("environment_expired", what).at("AWS_CREDENTIAL_EXPIRATION");
            findings.push(finding.fix(Hint::ReloadEnvironment));
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
            let finding = Finding::warning("environment_other_account", what).at("AWS_ACCOUNT_ID");
            findings.push(finding.fix(Hint::ReplaceEnvironment));
        }
    }
    if vars("AWS_WEB_IDENTITY_TOKEN_FILE").is_some() && vars("AWS_ROLE_ARN").is_some() {
        let what = "a web identity in the environment outranks profiles in some tools";
        let finding =
            Finding::warning("environment_web_identity", what).at("AWS_WEB_IDENTITY_TOKEN_FILE");
        findings.push(finding.fix("unset AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN"));
    }
}

fn profile_variables(given: Vars, view: &ConfigView, shell: &Shell, findings: &mut Vec<Finding>) {
    let exists = |name: &String| {
        view.config.profile(name).is_some() || view.credentials.profile(name).is_some()
    };
    for name in PROFILE_VARIABLES
        .into_iter()
        .filter(|it| shell.named_by != Some(it))
    {
        if let Some(value) = given(name).filter(|value| !exists(value)) {
            let what = format!(
                "it names the profile {}, which does not exist",
                quoted(&value)
            );
            let finding = Finding::warning("stale_profile_variable", what).at(name);
            findings.push(finding.fix(format!("unset {name}")));
        }
    }
    if let [Some(ours), Some(other)] = PROFILE_VARIABLES.map(given)
        && ours != other
    {
        let what = "AWS_PROFILE and AWS_DEFAULT_PROFILE name different profiles, and tools \
                    disagree about which counts";
        let finding = Finding::warning("two_profile_variables", what).at("AWS_DEFAULT_PROFILE");
        findings.push(finding.fix("unset AWS_DEFAULT_PROFILE"));
    }
}

fn regions(given: Vars, shell: &Shell, findings: &mut Vec<Finding>) {
    let Some(region) = &shell.region else {
        if shell.role {
            let what = "no region is set for this role; most AWS commands need one";
            findings.push(Finding::warning("no_region", what).fix(format!(
                "add `region = …` to the profile, or set it here: `export AWS_REGION={}`",
                shell.session_region.as_deref().unwrap_or("eu-west-1")
            )));
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
            let finding = Finding::warning("region_variable", what).at(name);
            findings.push(finding.fix(format!("unset {name}")));
        }
    }
}

/// Never shows values, which may hold a password.
fn proxies(vars: Vars, findings: &mut Vec<Finding>) {
    let [https, lower] = ["HTTPS_PROXY", "https_proxy"].map(vars);
    let first_set = |names: [&'static str; 2]| names.into_iter().find(|name| vars(name).is_some());
    let any = first_set(["http_proxy", "HTTP_PROXY"]);
    let all = first_set(["all_proxy", "ALL_PROXY"]).is_some();
    match (any, https.is_some() || lower.is_some() || all) {
        (Some(name), false) => {
            let what = "it is set and HTTPS_PROXY is not: everything at AWS is https and goes past \
                        the proxy";
            let finding = Finding::warning("http_proxy_only", what).at(name);
            findings.push(finding.fix(format!(
                "where the proxy is needed: `export HTTPS_PROXY=\"${name}\"`"
            )));
        }
        (_, _) if https.is_some() && lower.is_some() && https != lower => {
            let what = "https_proxy and HTTPS_PROXY differ; the one in lower case counts";
            let finding = Finding::warning("two_proxies", what).at("https_proxy");
            findings.push(finding.fix("unset HTTPS_PROXY"));
        }
        _ => {}
    }
    for name in ["no_proxy", "NO_PROXY"] {
        let value = vars(name).unwrap_or_default();
        if value.contains("://") {
            let what = "it holds an address with a scheme, which matches no host";
            let finding = Finding::warning("no_proxy_entry", what).at(name);
            findings.push(finding.fix(format!(
                "write hosts and domains alone: `export {name}=.example.com,10.0.0.0/8`"
            )));
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
    fn variables_that_outrank_or_do_nothing() {
        let shell = Shell::default();
        let ours = Shell {
            ours: true,
            account: Some("2".to_owned()),
            ..Shell::default()
        };
        let named = Shell {
            region: Some("a".to_owned()),
            named_by: Some("AWS_PROFILE"),
            ..Shell::default()
        };
        let role = Shell {
            role: true,
            ..Shell::default()
        };
        let key = ("AWS_ACCESS_KEY_ID", "A");
        let ended = ("AWS_CREDENTIAL_EXPIRATION", "1970-01-01T00:00:01Z");
        let other = ("AWS_ACCOUNT_ID", "1");
        let web = [("AWS_WEB_IDENTITY_TOKEN_FILE", "f"), ("AWS_ROLE_ARN", "a")];
        let profiles = [("AWS_PROFILE", "x"), ("AWS_DEFAULT_PROFILE", "y")];
        let both = [("HTTPS_PROXY", "a"), ("https_proxy", "b")];
        let http = ("http_proxy", "a");
        for (set, shell, expected) in [
            (&[][..], &shell, ""),
            (&[key], &shell, "environment_keys"),
            (&[key], &ours, ""),
            (
                &[key, ended, other],
                &ours,
                "environment_expired environment_other_account",
            ),
            (&web, &shell, "environment_web_identity"),
            (
                &profiles,
                &named,
                "stale_profile_variable two_profile_variables",
            ),
            (&[("AWS_REGION", "b")], &named, "region_variable"),
            (&[("AWS_REGION", "a")], &named, ""),
            (&[], &role, "no_region"),
            (&[http], &shell, "http_proxy_only"),
            (&[http, ("ALL_PROXY", "b")], &shell, ""),
            (&both, &shell, "two_proxies"),
            (&[("NO_PROXY", "https://a")], &shell, "no_proxy_entry"),
        ] {
            assert_eq!(codes(set, shell), expected, "{set:?}");
        }
    }
}
