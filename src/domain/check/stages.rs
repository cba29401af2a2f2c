//! Rules of the stages that ask the services, except the token.

use crate::domain::cache::key::RoleId;
use crate::domain::listing::inventory::{Account, Inventory};
use crate::domain::names::is_short_account_id;
use crate::domain::net::failure::{Failure, FailureKind, clock_skew};
use crate::domain::net::sts::CallerIdentity;
use crate::domain::session::auth_error::{AuthError, SignInReason};
use crate::domain::session::definition::Session;
use crate::domain::text::{counted, sanitize};
use crate::domain::time::{Timestamp, format_duration};
use crate::error::Hint;

use super::finding::{Finding, code_of, exit, quoted};
use super::report::{Stage, StageReport};

/// Compares the clock with that of a service.
pub fn clock(server: Option<Timestamp>, now: Timestamp, is_macos: bool) -> StageReport {
    let Some(server) = server else {
        return StageReport::skipped(Stage::Clock, "no service has said what time it is");
    };
    if let Some(skew) = clock_skew(server, now) {
        let fix = match is_macos {
            true => "sudo sntp -sS time.apple.com",
            false => "timedatectl set-ntp true",
        };
        let finding = Finding::error("clock_skew", exit::CLOCK, skew).fix(fix);
        return StageReport::failed(Stage::Clock, finding);
    }
    let detail = match server.left(now).saturating_abs() {
        0..60 => "agrees with the service's".to_owned(),
        off => format!("{} off the service's", format_duration(off)),
    };
    StageReport::ok(Stage::Clock, detail)
}

/// Returns the account with this id or exact name.
pub fn account<'i>(
    wanted: &str,
    inventory: &'i Inventory,
    session: &Session,
) -> Result<&'i Account, Finding> {
    let fits = |account: &&Account| account.id == wanted || account.name.as_deref() == Some(wanted);
    let found: Vec<&Account> = inventory.accounts.iter().filter(fits).collect();
    let by_id = found.iter().find(|account| account.id == wanted);
    match (by_id, found.as_slice()) {
        (Some(account), _) | (None, [account]) => Ok(account),
        (None, []) => {
            let what = format!(
                "no access to account {}: it is not among the {} of {}",
                sanitize(wanted),
                counted(inventory.accounts.len(), "account"),
                sanitize(session.label())
            );
            let similar = inventory.accounts.iter().find(|account| {
                let name = account.name.as_deref().unwrap_or_default();
                name.eq_ignore_ascii_case(wanted)
            });
            let session = session.selector();
            let fix = match similar {
                Some(account) => {
                    let advice = format!("did you mean {}? case matters", label(account));
                    Hint::CheckAccount {
                        advice: advice.into(),
                        account: account.id.as_str().into(),
                    }
                }
                None if is_short_account_id(wanted) => Hint::CompleteAccountId { session },
                None => Hint::ListAccounts { session },
            };
            Err(Finding::error("account_not_found", exit::ACCOUNT, what).fix(fix))
        }
        (None, several) => {
            let ids: Vec<&str> = several.iter().map(|account| account.id.as_str()).collect();
            let what = format!(
                "several accounts are called {}: {}",
                quoted(wanted),
                ids.join(", ")
            );
            Err(Finding::error("account_not_unique", exit::ACCOUNT, what).fix(Hint::GiveAccountId))
        }
    }
}

/// Checks that the account has the role, or any role without `wanted`, and returns the names.
pub fn role(wanted: Option<&str>, account: &Account, roles: &[String]) -> Result<String, Finding> {
    let label = label(account);
    if roles.is_empty() {
        let what = format!("no role in account {label} may be used");
        return Err(Finding::error("no_roles", exit::ACCOUNT, what)
            .fix("ask your administrator for an assignment"));
    }
    let Some(wanted) = wanted else {
        return Ok(named(roles));
    };
    if roles.iter().any(|role| role == wanted) {
        return Ok(sanitize(wanted));
    }
    let what = format!("no role {} in account {label}", sanitize(wanted));
    let similar = roles.iter().find(|role| role.eq_ignore_ascii_case(wanted));
    let advice = match similar {
        Some(role) => format!("did you mean {}? case matters", sanitize(role)),
        None => format!("there are: {}", named(roles)),
    };
    let role = similar.or(roles.first()).cloned().unwrap_or_default();
    let fix = Hint::CheckRole {
        advice: advice.into(),
        role: Box::new((account.id.clone(), role)),
    };
    Err(Finding::error("role_not_in_account", exit::ROLE, what).fix(fix))
}

/// Lists the accounts that have a role.
pub fn role_anywhere(
    wanted: &str,
    inventory: &Inventory,
    session: &Session,
) -> Result<String, Finding> {
    let has = |account: &&Account| account.roles.iter().any(|role| role == wanted);
    let found: Vec<String> = inventory.accounts.iter().filter(has).map(label).collect();
    match found.len() {
        0 => {
            let what = format!(
                "no role {} in any of the {} of {}",
                sanitize(wanted),
                counted(inventory.accounts.len(), "account"),
                sanitize(session.label())
            );
            let fix = Hint::ListRoles {
                session: session.selector(),
            };
            Err(Finding::error("role_nowhere", exit::ROLE_NOWHERE, what).fix(fix))
        }
        _ => Ok(format!("{} in {}", sanitize(wanted), some_of(&found))),
    }
}

/// Returns an error for an incomplete listing, which cannot prove that something is absent.
pub fn incomplete_listing(inventory: &Inventory) -> Option<Finding> {
    let missing = inventory.missing.first()?;
    let what = match &missing.account {
        Some(account) => format!(
            "the roles of account {account} could not be read: {}",
            missing.detail
        ),
        None => format!("the accounts could not all be read: {}", missing.detail),
    };
    let (code, exit) = code_of(missing.kind).unwrap_or(("service_failed", exit::SERVICE));
    Some(Finding::error(code, exit, what).fix("wait a moment, then run this again"))
}

/// Converts a failed call of the portal.
pub fn refused(
    failure: Failure,
    session: &Session,
    role: Option<&RoleId>,
    now: Timestamp,
) -> Finding {
    let otherwise = match failure.kind {
        FailureKind::Unauthorized => {
            let reason = AuthError::from(SignInReason::RefusedAfterRefresh).at(failure.server_time);
            let error = reason.into_error(session, None, now);
            return Finding::of_error("token_refused", exit::TOKEN, &error);
        }
        FailureKind::Forbidden | FailureKind::NotFound => ("no_credentials", exit::CREDENTIALS),
        _ => ("service_refused", exit::SERVICE),
    };
    Finding::of_failure(failure, (session, role), otherwise, now)
}

/// Reports how long role credentials are valid.
pub fn credentials(expiration: Timestamp, now: Timestamp) -> StageReport {
    let left = expiration.left(now);
    let detail = format!("{} left; not stored", format_duration(left));
    let ended = (left <= 0).then(|| {
        let what = "the credentials have ended already by this computer's clock";
        Finding::warning("credentials_ended", what).fix("look at the clock with `date -u`")
    });
    StageReport::new(Stage::Credentials, detail, ended.into_iter().collect())
}

/// Returns the identity that the STS reports, if it is of this account.
pub fn identity(
    response: Result<CallerIdentity, Failure>,
    account: &str,
    session: &Session,
    now: Timestamp,
) -> Result<String, Finding> {
    match response {
        Ok(caller) if caller.account == account => Ok(sanitize(&caller.arn)),
        Ok(caller) => {
            let what = format!(
                "the STS says that these are credentials of account {}, not of {account}",
                sanitize(&caller.account)
            );
            Err(Finding::error("other_identity", exit::IDENTITY, what).fix(
                "something else may have answered, such as a proxy or an endpoint: `unset AWS_ENDPOINT_URL_STS`",
            ))
        }
        Err(failure) if failure.kind == FailureKind::Forbidden => {
            let what = format!(
                "the STS does not accept the credentials: {}",
                failure.detail
            );
            Err(Finding::error("identity_refused", exit::IDENTITY, what).fix(
                "look at this computer's clock with `date -u`, and whether the region is enabled in the account",
            ))
        }
        Err(failure) => {
            let otherwise = ("identity_refused", exit::IDENTITY);
            Err(Finding::of_failure(
                failure,
                (session, None),
                otherwise,
                now,
            ))
        }
    }
}

/// Returns id and name of an account, for messages.
pub fn label(account: &Account) -> String {
    match &account.name {
        Some(name) => format!("{} ({})", account.id, sanitize(name)),
        None => account.id.clone(),
    }
}

fn named(roles: &[String]) -> String {
    some_of(&roles.iter().map(|role| sanitize(role)).collect::<Vec<_>>())
}

fn some_of(names: &[String]) -> String {
    const MAX_NAMES: usize = 8;
    match names.get(..MAX_NAMES) {
        Some(first) if first.len() < names.len() => {
            format!("{} and {} more", first.join(", "), names.len() - MAX_NAMES)
        }
        _ => names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> Session {
        Session::new(Some("x"), "https://x.awsapps.com/start", "eu-west-1")
    }

    /// Detail and codes of a report.
    fn summary(report: &StageReport) -> String {
        let codes: Vec<_> = report.findings.iter().map(|it| it.code).collect();
        format!("{} [{}]", report.detail, codes.join(" "))
    }

    #[test]
    fn a_clock_may_be_off_by_five_minutes() {
        let now = Timestamp(1000);
        for (server, expected) in [
            (
                None,
                "skipped because no service has said what time it is []",
            ),
            (Some(1059), "agrees with the service's []"),
            (Some(940), "1m off the service's []"),
            (Some(1300), "5m off the service's []"),
            (Some(1301), " [clock_skew]"),
        ] {
            let report = clock(server.map(Timestamp), now, false);
            assert_eq!(summary(&report), expected, "{server:?}");
        }
        for (is_macos, fix) in [(true, "sudo sntp"), (false, "timedatectl")] {
            let report = clock(Some(Timestamp(0)), now, is_macos);
            let found = format!("{:?}", report.findings[0].fix);
            assert!(found.contains(fix), "{found}");
        }
    }

    #[test]
    fn expired_credentials_are_a_warning() {
        let now = Timestamp(1000);
        let report = |end| summary(&credentials(Timestamp(end), now));
        assert_eq!(report(4600), "1h 00m left; not stored []");
        assert_eq!(report(1000), "0s left; not stored [credentials_ended]");
    }

    #[test]
    fn calls_fail_with_the_code_of_their_cause() {
        for (kind, of_portal, of_sts) in [
            (
                FailureKind::Unauthorized,
                "token_refused",
                "identity_refused",
            ),
            (FailureKind::Forbidden, "no_credentials", "identity_refused"),
            (FailureKind::NotFound, "no_credentials", "identity_refused"),
            (FailureKind::Throttled, "throttled", "throttled"),
            (
                FailureKind::InvalidRequest,
                "service_refused",
                "identity_refused",
            ),
        ] {
            let failure = Failure::new(kind, "detail");
            let now = Timestamp(0);
            let finding = refused(failure.clone(), &session(), None, now);
            assert_eq!(finding.code, of_portal, "{kind:?} from the portal");
            let found = identity(Err(failure), "1", &session(), now);
            assert_eq!(found.unwrap_err().code, of_sts, "{kind:?} from the STS");
        }
    }

    #[test]
    fn an_identity_belongs_to_the_account() {
        let found = |account: &str| {
            let caller = CallerIdentity {
                account: account.to_owned(),
                arn: "arn".to_owned(),
            };
            identity(Ok(caller), "1", &session(), Timestamp(0)).map_err(|finding| finding.code)
        };
        assert_eq!(found("1"), Ok("arn".to_owned()));
        assert_eq!(found("2"), Err("other_identity"));
    }
}
