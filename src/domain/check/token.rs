//! Rules of the token stage.

use crate::domain::session::auth_error::{AuthError, SignInReason};
use crate::domain::session::definition::Session;
use crate::domain::session::refresh_policy::{TokenPlan, plan};
use crate::domain::session::token::{StoredToken, TokenFile};
use crate::domain::time::{Timestamp, format_duration};
use crate::error::Hint;

use super::finding::{Finding, code_of, exit};
use super::report::{Stage, StageReport};

/// Decision about the stored token.
#[derive(Debug, PartialEq, Eq)]
pub enum TokenCheck {
    /// Use the token.
    Use(StageReport),
    /// Refresh the token, which has expired.
    Refresh,
    /// Continue without a token.
    Unusable(StageReport),
}

/// Checks the content of the token file at `path`. `reached`: the portal answers.
pub fn token(
    found: &TokenFile,
    session: &Session,
    path: &str,
    reached: bool,
    now: Timestamp,
) -> TokenCheck {
    let planned = found
        .of(session)
        .and_then(|token| Ok((token, plan(token, None, now)?)));
    let reason = match planned {
        Ok((token, TokenPlan::Refresh)) if token.expires_at.is_past(now) => {
            if reached {
                return TokenCheck::Refresh;
            }
            let ended = format_duration(now.left(token.expires_at));
            let detail = format!(
                "it ended {ended} ago and can be renewed; not tried, because the portal cannot be \
                 reached"
            );
            return TokenCheck::Unusable(StageReport::ok(Stage::Token, detail));
        }
        Ok((token, _)) => return TokenCheck::Use(usable(token, session, path, now)),
        Err(SignInReason::Corrupt(_)) => SignInReason::Corrupt(path.to_owned()),
        Err(reason) => reason,
    };
    let code = match reason {
        SignInReason::RegistrationExpired => "registration_expired",
        SignInReason::Expired => "token_expired",
        SignInReason::OtherInstance => "token_of_another",
        SignInReason::NoToken => "token_absent",
        _ => "token_broken",
    };
    let error = AuthError::from(reason).into_error(session, None, now);
    let finding = Finding::of_error(code, exit::TOKEN, &error).at(path);
    TokenCheck::Unusable(StageReport::failed(Stage::Token, finding))
}

fn usable(token: &StoredToken, session: &Session, path: &str, now: Timestamp) -> StageReport {
    let left = format_duration(token.expires_at.left(now));
    if token.refreshable(now).is_some() {
        return StageReport::ok(Stage::Token, format!("{left} left, renewed by itself"));
    }
    let mut report = StageReport::ok(Stage::Token, format!("{left} left, cannot be renewed"));
    if token.expires_at.is_stale(now) {
        let what = format!("the sign-in ends in {left}, and cannot be renewed");
        let finding = Finding::warning("token_ends_soon", what).at(path);
        report.findings.push(finding.fix(Hint::SignIn {
            session: session.selector(),
            force: false,
        }));
    }
    report
}

/// Returns the finding about a token that could not be refreshed.
pub fn not_refreshed(error: AuthError, session: &Session, path: &str, now: Timestamp) -> Finding {
    let known = match &error {
        AuthError::Failed(failure) => code_of(failure.kind),
        _ => None,
    };
    let (code, exit) = known.unwrap_or(("token_not_renewed", exit::TOKEN));
    Finding::of_error(code, exit, &error.into_error(session, None, now)).at(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::Severity;
    use crate::domain::net::failure::{Failure, FailureKind};
    use crate::domain::secret::Secret;
    use crate::domain::session::token::RegisteredClient;

    const HOUR: i64 = 3600;

    fn session() -> Session {
        Session::new(Some("x"), "https://x.awsapps.com/start", "eu-west-1")
    }

    /// Token that ends at `end`; with `registration`, it can be refreshed until then.
    fn stored(end: i64, registration: Option<i64>) -> TokenFile {
        TokenFile::Token(StoredToken {
            access_token: Secret::new("at"),
            expires_at: Timestamp(end),
            start_url: None,
            region: None,
            client: registration.map(|end| RegisteredClient {
                id: "c".to_owned(),
                secret: Secret::new("cs"),
                expires_at: Timestamp(end),
            }),
            refresh_token: registration.map(|_| Secret::new("rt")),
        })
    }

    #[test]
    fn a_token_is_used_refreshed_or_reported() {
        let now = Timestamp(10 * HOUR);
        let (past, soon, later) = (9 * HOUR, 10 * HOUR + 300, 12 * HOUR);
        let mut foreign = stored(later, None);
        if let TokenFile::Token(token) = &mut foreign {
            token.start_url = Some("https://y.awsapps.com/start".to_owned());
        }
        let ended = "Unusable: it ended 1h 00m ago and can be renewed; not tried, because the portal \
                     cannot be reached []";
        for (found, reached, expected) in [
            (
                stored(later, None),
                true,
                "Use: 2h 00m left, cannot be renewed []",
            ),
            (
                stored(later, Some(later)),
                true,
                "Use: 2h 00m left, renewed by itself []",
            ),
            (
                stored(soon, Some(later)),
                false,
                "Use: 5m left, renewed by itself []",
            ),
            (
                stored(soon, None),
                true,
                "Use: 5m left, cannot be renewed [token_ends_soon]",
            ),
            (stored(past, Some(later)), true, "Refresh"),
            (stored(past, Some(later)), false, ended),
            (stored(past, None), true, "Unusable:  [token_expired]"),
            (
                stored(past, Some(past)),
                true,
                "Unusable:  [registration_expired]",
            ),
            (foreign, true, "Unusable:  [token_of_another]"),
            (TokenFile::Missing, true, "Unusable:  [token_absent]"),
            (
                TokenFile::Corrupt("/t".to_owned()),
                true,
                "Unusable:  [token_broken]",
            ),
        ] {
            let decided = token(&found, &session(), "~/t", reached, now);
            let (name, report) = match decided {
                TokenCheck::Use(report) => ("Use", report),
                TokenCheck::Unusable(report) => ("Unusable", report),
                TokenCheck::Refresh => {
                    assert_eq!("Refresh", expected);
                    continue;
                }
            };
            let codes: Vec<_> = report.findings.iter().map(|it| it.code).collect();
            let actual = format!("{name}: {} [{}]", report.detail, codes.join(" "));
            assert_eq!(actual, expected, "{found:?}, reached: {reached}");
            let places = report.findings.iter().map(|it| it.location.as_deref());
            assert!(places.into_iter().all(|it| it == Some("~/t")), "{actual}");
        }
    }

    #[test]
    fn a_failed_refresh_has_the_code_of_its_cause() {
        for (error, code, exit) in [
            (
                AuthError::Failed(Failure::new(FailureKind::Timeout, "t")),
                "timeout",
                exit::UNREACHABLE,
            ),
            (
                SignInReason::Refused.into(),
                "token_not_renewed",
                exit::TOKEN,
            ),
        ] {
            let finding = not_refreshed(error, &session(), "~/t", Timestamp(0));
            assert_eq!(
                (finding.code, finding.severity),
                (code, Severity::Error(exit))
            );
        }
    }
}
