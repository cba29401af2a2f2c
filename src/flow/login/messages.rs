//! Errors and notices that the steps of a sign-in share.

use crate::domain::net::failure::{Failure, FailureKind};
use crate::domain::session::auth_error::AuthError;
use crate::domain::text::sanitize;
use crate::error::{Error, Hint};
use crate::flow::session_client::SessionClient;
use crate::notice::{Info, Warning};
use crate::os::browser::{Browser, BrowserProfile, names_program};

/// Opens a URL in the default browser, if `open` is set.
pub fn open_browser(client: &SessionClient, url: &str, open: bool) -> Option<Browser> {
    let variable = client.ctx.var("BROWSER");
    if let Some(value) = variable.as_deref().filter(|_| open)
        && !names_program(value)
    {
        client.ctx.notices().warn(Warning::BrowserNotFound {
            value: value.to_owned(),
        });
    }
    open.then(|| Browser::open(BrowserProfile::Default, url, variable.as_deref()))?
}

/// Reports that the sign-in waits for the user, and for how long.
pub fn report_waiting(client: &SessionClient) {
    client.ctx.notices().info(Info::WaitingForUser {
        limit: client.deadline.left(),
    });
}

/// Returns the error for a failed call of the token service.
pub fn call_failed(client: &SessionClient, failure: Failure) -> Error {
    let keys = match failure.kind {
        FailureKind::InvalidRequest => Some("sso_start_url and sso_region"),
        FailureKind::InvalidScope => Some("sso_registration_scopes"),
        _ => None,
    };
    let error = AuthError::Failed(failure).into_error(&client.session, None, client.ctx.now());
    match keys {
        Some(keys) => error.hint(Hint::CorrectSession {
            keys,
            session: client.session.selector(),
        }),
        None => error,
    }
}

/// Returns the hint to sign in to the session.
pub fn sign_in_again(client: &SessionClient) -> Hint {
    Hint::SignIn {
        session: client.session.selector(),
        force: false,
    }
}

/// Returns the error for a sign-in that the user or the service denied.
pub fn denied(client: &SessionClient, reason: &str) -> Error {
    let label = sanitize(client.session.label());
    Error::sign_in(format!("the sign-in to {label} was denied: {reason}"))
        .hint(sign_in_again(client))
}

/// Returns the error for a sign-in that needs a browser on a computer without one.
pub fn no_browser(client: &SessionClient) -> Error {
    let label = sanitize(client.session.label());
    Error::sign_in(format!(
        "not signed in to {label}, and there is no browser to sign in with"
    ))
    .hint(sign_in_again(client))
}

/// Returns the error for a sign-in that the user did not finish in time.
pub fn unfinished(client: &SessionClient) -> Error {
    let label = sanitize(client.session.label());
    Error::sign_in(format!("the sign-in to {label} was not finished in time"))
        .hint(sign_in_again(client))
}
