//! Sign-in policies of the commands that need credentials.

use std::time::Duration;

use crate::flow::credentials::SignIn;
use crate::flow::login::LoginOptions;

/// Allows a sign-in with the defaults of `sso login`, or none.
pub fn sign_in_if(allowed: bool) -> SignIn {
    if allowed {
        SignIn::Allowed(LoginOptions::default())
    } else {
        SignIn::No
    }
}

/// Allows a sign-in that ends within `limit`; with `browser_only`, none that shows a code.
pub fn sign_in_within(limit: Duration, browser_only: bool) -> SignIn {
    SignIn::Allowed(LoginOptions {
        browser_only,
        limit,
        ..LoginOptions::default()
    })
}
