//! Reason why there are no credentials, and its conversion to an [`Error`].

use super::definition::Session;
use crate::domain::cache::key::RoleId;
use crate::domain::cache::lock_note::{RecordedFailure, Scope};
use crate::domain::names::is_short_account_id;
use crate::domain::net::failure::{Failure, FailureKind, clock_skew};
use crate::domain::text::sanitize;
use crate::domain::time::Timestamp;
use crate::error::{Error, ErrorKind, Hint};

/// Failure to obtain a token or credentials.
#[derive(Debug)]
pub enum AuthError {
    SignIn {
        why: SignInReason,
        /// Server time from the response, if it has one.
        server_time: Option<Timestamp>,
    },
    Failed(Failure),
    /// A local failure.
    Other(Error),
}

/// Reason why a sign-in is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignInReason {
    NoToken,
    /// The token file at this path cannot be parsed; a sign-in replaces it.
    Corrupt(String),
    /// The token belongs to another start URL or region, and is never sent anywhere.
    OtherInstance,
    /// The token has expired and cannot be refreshed.
    Expired,
    /// The token and the registration of its client have expired.
    RegistrationExpired,
    /// The server refused to refresh the token.
    NotRefreshed(FailureKind),
    /// The portal refused the token.
    Refused,
    /// The portal refuses even a refreshed token.
    RefusedAfterRefresh,
}

impl From<SignInReason> for AuthError {
    fn from(why: SignInReason) -> Self {
        AuthError::SignIn {
            why,
            server_time: None,
        }
    }
}

impl From<Error> for AuthError {
    fn from(error: Error) -> Self {
        AuthError::Other(error)
    }
}

impl From<Failure> for AuthError {
    fn from(failure: Failure) -> Self {
        AuthError::Failed(failure)
    }
}

impl AuthError {
    /// Returns the error for a process that waited for another one, which failed with `kind`.
    pub fn shared(kind: FailureKind) -> AuthError {
        match kind {
            FailureKind::Unauthorized => SignInReason::RefusedAfterRefresh.into(),
            kind if kind.ends_refresh() => SignInReason::NotRefreshed(kind).into(),
            kind => AuthError::Failed(Failure::new(
                kind,
                "as another sso process found a moment ago",
            )),
        }
    }

    /// Adds the server time to a needed sign-in that has none.
    #[must_use]
    pub fn at(mut self, time: Option<Timestamp>) -> AuthError {
        if let AuthError::SignIn { server_time, .. } = &mut self {
            *server_time = server_time.or(time);
        }
        self
    }

    /// Returns the record of the failure for other processes, if it concerns them.
    pub fn to_record(&self, at: Timestamp, scope: &Scope) -> Option<RecordedFailure> {
        let kind = match self {
            AuthError::SignIn { why, .. } => match why {
                SignInReason::NotRefreshed(kind) => *kind,
                SignInReason::Refused | SignInReason::RefusedAfterRefresh => {
                    FailureKind::Unauthorized
                }
                _ => return None,
            },
            AuthError::Failed(failure) => failure.kind,
            AuthError::Other(_) => return None,
        };
        Some(RecordedFailure {
            kind,
            at,
            scope: scope.clone(),
            refused: None,
        })
    }

    /// Converts to the error that the user sees. `role` is the role that credentials were for.
    pub fn into_error(self, session: &Session, role: Option<&RoleId>, now: Timestamp) -> Error {
        let label = sanitize(session.label());
        let failure = match self {
            AuthError::Other(error) => return error,
            AuthError::SignIn { why, server_time } => {
                let skew = server_time.and_then(|time| clock_skew(time, now));
                let skew = skew.map_or_else(String::new, |skew| format!("; {skew}"));
                // A sign-in without `--force` would do nothing, because the token looks valid.
                let hint = Hint::SignIn {
                    session: session.selector(),
                    force: why == SignInReason::RefusedAfterRefresh,
                };
                return Error::sign_in(sign_in_words(&why, &label) + &skew).hint(hint);
            }
            AuthError::Failed(failure) => failure,
        };
        let skew = failure.server_time.and_then(|time| clock_skew(time, now));
        let error = match (failure.kind, role) {
            (FailureKind::Forbidden | FailureKind::NotFound, Some(id)) => {
                let (role, account) = (sanitize(&id.role), &id.account);
                let error = match failure.kind {
                    FailureKind::Forbidden => Error::new(
                        ErrorKind::Denied,
                        format!("no access to role {role} in account {account}"),
                    ),
                    _ => Error::new(
                        ErrorKind::NoSuchRole,
                        format!("there is no role {role} in account {account}"),
                    ),
                };
                if is_short_account_id(account) {
                    let session = session.selector();
                    return error.hint(Hint::CompleteAccountId { session });
                }
                // A stored listing may still have the role, so it must be listed again.
                error.hint(Hint::ListRolesOfAccount {
                    session: session.selector(),
                    account: account.clone(),
                })
            }
            (kind, _) => Error::new(
                error_kind(kind),
                format!("{}: {}", kind.description(), failure.detail),
            ),
        };
        match skew {
            Some(skew) => error.hint(format!("{skew}; set the clock")),
            None => error.or_hint(|| {
                let set_by = failure.endpoint_set_by.as_deref();
                let by_endpoint = set_by.and_then(|set_by| endpoint_advice(failure.kind, set_by));
                by_endpoint.unwrap_or_else(|| advice(failure.kind))
            }),
        }
    }
}

fn error_kind(kind: FailureKind) -> ErrorKind {
    match kind {
        FailureKind::Network
        | FailureKind::Certificate
        | FailureKind::Proxy
        | FailureKind::ProxyLogin
        | FailureKind::NotTheService => ErrorKind::Network,
        FailureKind::Misconfigured => ErrorKind::Configuration,
        FailureKind::Timeout => ErrorKind::Timeout,
        FailureKind::Forbidden | FailureKind::AccessDenied | FailureKind::KmsKey => {
            ErrorKind::Denied
        }
        _ => ErrorKind::Service,
    }
}

/// Returns the hint for a configured endpoint that is probably not that of the service.
/// `set_by` is a variable, or a key with file and line.
fn endpoint_advice(kind: FailureKind, set_by: &str) -> Option<Hint> {
    let is_cause = matches!(
        kind,
        FailureKind::Network | FailureKind::NotTheService | FailureKind::Server
    );
    let other = match kind {
        FailureKind::NotTheService => "sign in to the network (captive portal?), or ",
        _ => "",
    };
    is_cause.then(|| match set_by.contains(' ') {
        true => format!("{other}correct or remove {set_by}").into(),
        false => format!("{other}use the endpoint of AWS: `unset {set_by}`").into(),
    })
}

fn advice(kind: FailureKind) -> Hint {
    Hint::from(match kind {
        FailureKind::Network => "check the connection and HTTPS_PROXY, then run this again",
        FailureKind::Certificate => {
            "look at this computer's clock; where the network inspects TLS, set AWS_CA_BUNDLE or ca_bundle to a PEM file with its CA certificate"
        }
        FailureKind::Proxy => {
            "correct or unset the variable; NO_PROXY names the hosts that are reached without a proxy"
        }
        FailureKind::ProxyLogin => {
            "set the variable to http://USER:PASSWORD@HOST:PORT, with special characters percent-encoded"
        }
        FailureKind::Timeout => {
            "try again; SSO_TIMEOUT and SSO_CONNECT_TIMEOUT set the limits in seconds"
        }
        FailureKind::NotTheService => {
            "sign in to the network (captive portal?) or look at HTTPS_PROXY, then run this again"
        }
        FailureKind::KmsKey => {
            "ask your administrator for access to the KMS key of IAM Identity Center"
        }
        FailureKind::Throttled | FailureKind::Server => "wait a moment, then run this again",
        FailureKind::Misconfigured => {
            "install the CA certificates of the system, or set AWS_CA_BUNDLE or ca_bundle to a PEM file"
        }
        _ => return Hint::RunVerbose,
    })
}

/// Describes the reason in one sentence.
pub fn sign_in_words(why: &SignInReason, label: &str) -> String {
    match why {
        SignInReason::NoToken => format!("not signed in to {label}"),
        SignInReason::Corrupt(path) => {
            let path = sanitize(path);
            format!("not signed in to {label}: {path} is not a token")
        }
        SignInReason::OtherInstance => format!(
            "not signed in to {label}: the cached token belongs to another start URL or region"
        ),
        SignInReason::Expired => format!("the sign-in to {label} has expired"),
        SignInReason::RegistrationExpired => {
            format!("the sign-in to {label} has expired, and so has its client registration")
        }
        SignInReason::NotRefreshed(kind) => {
            let reason = kind.description();
            format!("the sign-in to {label} cannot be renewed: {reason}")
        }
        SignInReason::Refused | SignInReason::RefusedAfterRefresh => {
            format!("the sign-in to {label} is no longer accepted")
        }
    }
}
