//! The environment of an interactive shell as the hook changes it, and changes it back.
//!
//! The shell carries one variable from prompt to prompt, [`state::VARIABLE`], which holds no
//! secret: what was set, for keys only a digest of it, and what was there before. Nothing is
//! undone blindly: a variable that no longer has the value we gave it is the user's.

pub mod decide;
pub mod protect;
pub mod state;

/// Signing keys. Others than ours are never touched.
pub const KEYS: [&str; 3] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
];

/// A key under its older name: where it is set, somebody has set keys.
pub const OLD_TOKEN: &str = "AWS_SECURITY_TOKEN";

/// The variables by which users choose a profile.
pub const PROFILES: [&str; 2] = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"];

/// All that a hook may set, in either mode.
pub const SETTABLE: [&str; 9] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_ACCOUNT_ID",
    "AWS_SSO_PROFILE",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_PROFILE",
];

/// What is out of the way while credentials are loaded. It is of `variables::REMOVED` what
/// holds no secret: whatever is hidden has to be kept for bringing it back.
pub const HIDDEN: [&str; 8] = [
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_CREDENTIAL_SCOPE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
];

/// The same in the mode that exports a profile's name.
pub const HIDDEN_BESIDE_PROFILE: [&str; 1] = ["AWS_DEFAULT_PROFILE"];

/// Every variable that a hook may touch, each once, beside its own.
pub fn touched() -> impl Iterator<Item = &'static str> {
    let more = HIDDEN.into_iter().filter(|name| !SETTABLE.contains(name));
    SETTABLE.into_iter().chain(more)
}

/// The name as one of those that a hook may touch.
pub fn known(name: &str) -> Option<&'static str> {
    touched().find(|known| *known == name)
}
